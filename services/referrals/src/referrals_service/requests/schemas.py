"""What is sent and answered about requests, for both sides. Outputs have no default."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from referrals_service.documents.codes import DocumentItem
from referrals_service.persons.views import PersonCard
from referrals_service.requests.abilities import PartnerRequestAbilities
from referrals_service.requests.codes import (
    AnswerOutcome,
    CareType,
    CoarseState,
    Orientation,
    PublicReason,
    RedirectTarget,
    RenunciationReason,
    RequestKind,
    Side,
    Turn,
    Verb,
    WithdrawalReason,
)
from referrals_service.requests.forms.every import FormIn
from referrals_service.requests.forms.parts import OptionalProse
from referrals_service.requests.free_text import InDanger
from referrals_service.texts import Prose
from servicekit.writes import Receipt


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftIn(_In):
    """A request to begin for a person of the structure."""

    kind: RequestKind
    person_id: UUID


class FilingIn(_In):
    """A complete request, sent at once; what the form lacks is refused as when a draft is sent."""

    person_id: UUID
    form: FormIn


class WithdrawIn(_In, InDanger):
    """Why the sender takes a request back; the message is for the caisse."""

    reason: WithdrawalReason
    message: OptionalProse = None


class CompleteIn(_In, InDanger):
    """What the sender says with the pieces that were missing, if anything."""

    message: OptionalProse = None


class ReopenIn(_In, InDanger):
    """Why a request that was answered is not settled."""

    message: Prose


class VoidIn(_In, InDanger):
    """Why a request should never have been sent."""

    message: Prose


class MessageIn(_In, InDanger):
    """Something to tell the other side."""

    text: Prose


class Notice(BaseModel):
    """Something to know about a field, that keeps from nothing."""

    field: str
    message: str
    rule: str | None


class MessageReceipt(Receipt):
    """A message that was posted; its id, and what its writer should know about the text."""

    warnings: list[Notice]


class DraftReceipt(Receipt):
    """A draft as it now stands; it disappears after `expires_on` if nobody touches it again."""

    expires_on: date
    warnings: list[Notice]


class FiledReceipt(Receipt):
    """A request that was sent: its number, and by when the caisse owes an answer."""

    number: str
    due_on: date
    warnings: list[Notice]


class CareOut(BaseModel):
    """A type of care given up."""

    care_type: CareType | None
    detail: str | None
    reasons: list[RenunciationReason]


class Message(BaseModel):
    """A message; `author` is an account, null where the caisse does not show its agents' names."""

    id: UUID
    at: datetime
    side: Side
    author: UUID | None
    text: str
    expects_answer: bool
    read_at: datetime | None


class PartnerEvent(BaseModel):
    """A step of the request as the partner sees it: what changed for it, not who did it inside the caisse."""

    id: UUID
    at: datetime
    event: Verb
    side: Side
    actor: UUID | None
    state: CoarseState
    state_label: str
    reason: PublicReason | None
    outcome: AnswerOutcome | None
    reason_label: str | None
    orientation: Orientation | None
    orientation_label: str | None
    target: RedirectTarget | None
    target_body: str | None
    items: list[DocumentItem]
    until_on: date | None
    message: str | None


class PartnerRequestRow(BaseModel):
    """A request in a list of the structure; `due_on` is when a draft expires or an answer is owed.

    `topic` is what is asked within the kind; `lapses_on` the last day to complete it, or to read its answer.
    """

    id: UUID
    version: int
    number: str | None
    kind: RequestKind
    topic: str | None
    urgent: bool
    state: CoarseState
    state_label: str
    turn: Turn
    person: PersonCard | None
    created_at: datetime
    submitted_at: datetime | None
    due_on: date
    lapses_on: date | None
    working_days_left: int | None
    last_event: str
    last_event_at: datetime
    unread: int
    abilities: PartnerRequestAbilities


class PartnerRequest(PartnerRequestRow):
    """A request of the structure. The form is shown until the caisse has answered, then it is the caisse's."""

    author: UUID | None
    form: FormIn | None
    warnings: list[Notice]
    timeline: list[PartnerEvent]
    messages: list[Message]


class CappedCount(BaseModel):
    """How many there are; `more` says the counting stopped there."""

    count: int
    more: bool


class QueueDelay(BaseModel):
    """How long an answer takes: what the caisse aims at, and the median of late, null when too few to tell."""

    kind: RequestKind
    target_days: int
    observed_days: float | None


class Home(BaseModel):
    """What awaits a partner when signing in."""

    waiting_for_me: list[PartnerRequestRow]
    counts: dict[CoarseState, CappedCount]
    delays: list[QueueDelay]
    recent: list[PartnerRequestRow]


class Statement(BaseModel):
    """What must be told to the person before a referral, word for word."""

    version: str
    title: str
    paragraphs: list[str]


Ids = Annotated[list[UUID], Field(min_length=1, max_length=50)]
