"""What is sent and answered about letters. Outputs have no default."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from referrals_service.texts import Line

RecipientLine = Annotated[Line, StringConstraints(max_length=60)]
KindToMake = Literal["misas_receipt", "misas_call_back"]
AT_MOST = 200


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LetterIn(_In):
    """Which letter. `recipient`: name and address of the structure, line by line; null for a letter to the person,
    whose address the register has.
    """

    kind: KindToMake
    recipient: Annotated[list[RecipientLine], Field(min_length=1, max_length=6)] | None = None

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        if (self.kind == "misas_receipt") != (self.recipient is not None):
            raise ValueError("Indiquez à qui la lettre est adressée : une structure, ou la personne elle-même.")
        return self


class ToStructure(_In):
    """One receipt of a batch."""

    request_id: UUID
    recipient: Annotated[list[RecipientLine], Field(min_length=1, max_length=6)]


class BatchIn(_In):
    """Receipts to produce together, one a request."""

    items: Annotated[list[ToStructure], Field(min_length=1, max_length=AT_MOST)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({item.request_id for item in self.items}) < len(self.items):
            raise ValueError("Une demande ne figure qu’une fois dans un lot.")
        return self


class LetterOut(BaseModel):
    """A letter that was produced; `batch_id` is the work that made it among others."""

    id: UUID
    request_id: UUID
    kind: str
    label: str
    addressee: Literal["person", "partner"]
    language: str
    template_number: int
    made_at: datetime
    made_by: UUID
    batch_id: UUID | None


class PartnerLetterOut(BaseModel):
    """A letter addressed to the structure."""

    id: UUID
    kind: str
    label: str
    made_at: datetime
