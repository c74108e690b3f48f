"""Facts about agreements: that one ended, how, and what that does. What the person said stays here."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from referrals_service.consents.codes import ConsentScope, WithdrawalEffect
from referrals_service.requests.codes import AgreementChannel
from servicekit.facts import Fact

KindCode = Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,40}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConsentSubject(_Part):
    """The agreement, the request that rests on it, whose it is, and the structure that recorded it if one did."""

    consent: UUID
    request: UUID
    person: UUID
    structure: UUID | None


class Withdrawn(_Part):
    """What for, who wrote the person's word down, how it was said, and what it does. `purpose`: kind of request."""

    scope: ConsentScope
    purpose: KindCode
    side: Literal["partner", "caisse", "system"]
    channel: AgreementChannel
    effect: WithdrawalEffect


class ConsentWithdrawn(Fact[ConsentSubject, Withdrawn]):
    """A person took an agreement back: whoever received something on it stops."""

    type: Literal["consent.withdrawn"] = "consent.withdrawn"


class Expired(_Part):
    """What for, and whether the request that rests on it is still open."""

    scope: ConsentScope
    purpose: KindCode
    open: bool


class ConsentExpired(Fact[ConsentSubject, Expired]):
    """An agreement came to its end: it is asked for again, or nothing more is shared on it."""

    type: Literal["consent.expired"] = "consent.expired"
