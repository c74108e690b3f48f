"""What is sent and answered about documents, for both sides. Outputs have no default."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from referrals_service.documents.codes import DocumentItem, DocumentNeed
from referrals_service.passages import MASK, masked
from servicekit.documents.lifecycle import DocumentScan, DocumentState


def _without_number(name: str) -> str:
    # A file is often called after the number it shows; refusing it would teach nobody anything.
    return masked(name).replace(MASK, "numero-masque")


Shown = Literal[DocumentState.QUARANTINE, DocumentState.AVAILABLE, DocumentState.REFUSED]


class AnnouncedIn(BaseModel):
    """A file about to be sent: name and announced type must agree, and the content with both."""

    model_config = ConfigDict(extra="forbid")

    item: DocumentItem
    name: Annotated[str, Field(max_length=300), AfterValidator(_without_number)]
    media_type: Annotated[str, Field(max_length=100)]
    size_bytes: Annotated[int, Field(ge=0, le=2_147_483_647)]


class AnnouncedOut(BaseModel):
    """Where to send the content; the place is kept for an hour."""

    id: UUID
    content_url: str


class DocumentReceipt(BaseModel):
    """A document that was taken, or removed."""

    id: UUID
    state: DocumentState


class DocumentOut(BaseModel):
    """A document of a request. `state` says whether it can be opened, `scan` what an antivirus said of it.

    `open` and `remove` are what this reader may do now.
    """

    id: UUID
    item: DocumentItem
    name: str | None
    media_type: str
    size_bytes: int
    side: Literal["partner", "caisse"]
    state: Shown
    scan: DocumentScan
    kept_at: datetime | None
    open: bool
    remove: bool


class ChecklistLine(BaseModel):
    """A document that helps the request; `given` says whether one of the kind is there."""

    item: DocumentItem
    need: DocumentNeed
    given: bool


class DocumentLimitsOut(BaseModel):
    """What may still be sent by this side."""

    file_bytes: int
    files_left: int


class RequestDocuments(BaseModel):
    """The documents of a request, what would help it, and what may be added. `withheld`: not for this reader."""

    withheld: bool
    items: list[DocumentOut]
    checklist: list[ChecklistLine]
    limits: DocumentLimitsOut
    add: bool


class TicketOut(BaseModel):
    """Where to get a document, once, before `expires_at`, from the same session."""

    url: str
    expires_at: datetime
