"""What the facts of every noun are made of.

Ids stand in `subject`, codes and dates in `payload`; never a name or e-mail. `caisse` is the tenant where the
change was made: of an assignment, the caisse that it opens. The facts themselves stand with their noun.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from partners_service.codes import SuspensionReason

BodyCode = Annotated[str, Field(pattern=r"^[0-9A-Z_]{3,40}$")]
DepartmentCode = Annotated[str, Field(pattern=r"^(?:\d{2}|2[AB]|9[78]\d)$")]
UnitCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{2,20}$")]


class Part(BaseModel):
    """A subject or a payload: nothing but what it says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Part):
    """The type says it all."""


class Suspended(Part):
    """Why."""

    reason: SuspensionReason
