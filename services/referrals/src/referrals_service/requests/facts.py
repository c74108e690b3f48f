"""Facts about requests. Who, what and why are ids and codes; what people wrote stays here.

Drafts announce nothing: nobody but their structure knows of them until they are sent.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from referrals_service.documents.codes import DocumentItem
from referrals_service.requests.codes import (
    AnswerOutcome,
    CareType,
    ClosingReason,
    DetectionMode,
    DetectorKind,
    Orientation,
    Queue,
    RedirectTarget,
    ReferralMotive,
    ReferralScope,
    RefusalReason,
    RejectionReason,
    RenunciationReason,
    RequestKind,
    WithdrawalReason,
)
from servicekit.facts import Fact

BodyCode = Annotated[str, Field(pattern=r"^[0-9A-Z_]{3,40}$")]
LetterKind = Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,40}$")]
TopicCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
UnitCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{2,20}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RequestSubject(_Part):
    """The request, whom it is about, and the structure that sent it; null when the caisse detected it itself."""

    request: UUID
    person: UUID
    structure: UUID | None


class Care(_Part):
    """A type of care given up, and why."""

    care_type: CareType
    reasons: Sequence[RenunciationReason]


class Submitted(_Part):
    """What was asked for; `topic` within the kind, `origin` is the request that another caisse handed over.

    Scopes, motives and care are those of a MisAS referral.
    """

    kind: RequestKind
    topic: TopicCode | None
    urgent: bool
    queue: Queue
    detector_kind: DetectorKind
    detection_mode: DetectionMode
    detector_trained: bool | None
    scopes: Sequence[ReferralScope]
    motives: Sequence[ReferralMotive]
    renounced_care: Sequence[Care]
    due_on: date
    origin_caisse: BodyCode | None
    origin: UUID | None


class RequestSubmitted(Fact[RequestSubject, Submitted]):
    """A request entered the queue of a caisse."""

    type: Literal["request.submitted"] = "request.submitted"


class Taken(_Part):
    """Who has it in charge now."""

    kind: RequestKind
    account: UUID
    unit: UnitCode | None


class RequestTaken(Fact[RequestSubject, Taken]):
    """An agent took a request, or was given it, for the first time or after another."""

    type: Literal["request.taken"] = "request.taken"


class Released(_Part):
    """Who no longer has it in charge."""

    kind: RequestKind
    account: UUID


class RequestReleased(Fact[RequestSubject, Released]):
    """The agent in charge left: the request waits for another."""

    type: Literal["request.released"] = "request.released"


class Accepted(_Part):
    """Who accepted it, in how many working days, and by when the person must be called.

    The rest comes by handover under the id of the request.
    """

    kind: RequestKind
    account: UUID
    unit: UnitCode | None
    decision_days: int
    first_contact_due_on: date


class ReferralAccepted(Fact[RequestSubject, Accepted]):
    """The mission takes the person on: a case opens."""

    type: Literal["referral.accepted"] = "referral.accepted"


class Refused(_Part):
    """Why, and where the partner was told to go."""

    kind: RequestKind
    reason: RefusalReason
    orientation: Orientation | None
    decision_days: int


class RequestRefused(Fact[RequestSubject, Refused]):
    """The caisse does not take the request on."""

    type: Literal["request.refused"] = "request.refused"


class Redirected(_Part):
    """To whom: a queue of `body`, the same caisse or another body; no days while the answer is still owed."""

    kind: RequestKind
    target: RedirectTarget
    body: BodyCode
    queue: Queue
    decision_days: int | None


class RequestRedirected(Fact[RequestSubject, Redirected]):
    """The caisse handed a request to another service."""

    type: Literal["request.redirected"] = "request.redirected"


class Withdrawn(_Part):
    """Why."""

    kind: RequestKind
    reason: WithdrawalReason


class RequestWithdrawn(Fact[RequestSubject, Withdrawn]):
    """The sender took a request back."""

    type: Literal["request.withdrawn"] = "request.withdrawn"


class CompletionAsked(_Part):
    """Which pieces, until when; the caisse's clock stands still."""

    kind: RequestKind
    items: Sequence[DocumentItem]
    until_on: date


class RequestCompletionAsked(Fact[RequestSubject, CompletionAsked]):
    """The caisse asked the sender for what is missing."""

    type: Literal["request.completion_asked"] = "request.completion_asked"


class Completed(_Part):
    """By when the answer is owed now."""

    kind: RequestKind
    account: UUID | None
    due_on: date


class RequestCompleted(Fact[RequestSubject, Completed]):
    """The sender gave what was missing."""

    type: Literal["request.completed"] = "request.completed"


class Answered(_Part):
    """What the answer comes to, in how many working days."""

    kind: RequestKind
    outcome: AnswerOutcome
    decision_days: int


class RequestAnswered(Fact[RequestSubject, Answered]):
    """The caisse answered a request of the portal."""

    type: Literal["request.answered"] = "request.answered"


class Rejected(_Part):
    """Why, and where the partner was told to go."""

    kind: RequestKind
    reason: RejectionReason
    orientation: Orientation | None
    decision_days: int


class RequestRejected(Fact[RequestSubject, Rejected]):
    """The caisse does not treat a request of the portal."""

    type: Literal["request.rejected"] = "request.rejected"


class Closed(_Part):
    """Why."""

    kind: RequestKind
    reason: ClosingReason


class RequestClosed(Fact[RequestSubject, Closed]):
    """A request is over."""

    type: Literal["request.closed"] = "request.closed"


class Reopened(_Part):
    """By which side, and by when the answer is owed now."""

    kind: RequestKind
    side: Literal["partner", "caisse"]
    due_on: date


class RequestReopened(Fact[RequestSubject, Reopened]):
    """A request that was answered waits again."""

    type: Literal["request.reopened"] = "request.reopened"


class Voided(_Part):
    """By which side."""

    kind: RequestKind
    side: Literal["partner", "caisse"]


class RequestVoided(Fact[RequestSubject, Voided]):
    """A request was entered in error: it counts nowhere."""

    type: Literal["request.voided"] = "request.voided"


class MadeOrdinary(_Part):
    """Which kind it is now, in which queue."""

    kind: RequestKind
    topic: TopicCode | None
    queue: Queue
    due_on: date


class RequestMadeOrdinary(Fact[RequestSubject, MadeOrdinary]):
    """An urgent request was not urgent: it goes on as an ordinary one."""

    type: Literal["request.made_ordinary"] = "request.made_ordinary"


class SocialMoved(_Part):
    """Nothing but the kind (SS-11)."""

    kind: RequestKind


class RequestTakenOn(Fact[RequestSubject, SocialMoved]):
    """The social service takes a person on."""

    type: Literal["request.taken_on"] = "request.taken_on"


class RequestEnded(Fact[RequestSubject, SocialMoved]):
    """The social service ended a report."""

    type: Literal["request.ended"] = "request.ended"


class Silent(_Part):
    """How far it is told: the service, its manager, the region; and since when it is late."""

    kind: RequestKind
    queue: Queue
    level: Literal["service", "manager", "region"]
    account: UUID | None
    due_on: date


class RequestSilent(Fact[RequestSubject, Silent]):
    """The delay of an answer passed."""

    type: Literal["request.silent"] = "request.silent"


class MessagePosted(_Part):
    """From which side, and whether it asks for something."""

    kind: RequestKind
    side: Literal["partner", "caisse"]
    expects_answer: bool


class RequestMessagePosted(Fact[RequestSubject, MessagePosted]):
    """One side wrote to the other."""

    type: Literal["request.message_posted"] = "request.message_posted"


class DocumentAdded(_Part):
    """Which document, from which side, and what it is; never its name."""

    kind: RequestKind
    document: UUID
    side: Literal["partner", "caisse"]
    item: DocumentItem
    media_type: Literal["application/pdf", "image/jpeg", "image/png"]


class RequestDocumentAdded(Fact[RequestSubject, DocumentAdded]):
    """A document came with a request, or was addressed to its sender."""

    type: Literal["request.document_added"] = "request.document_added"


class FirstContactLate(_Part):
    """Whose it is, and since when it is late."""

    kind: RequestKind
    account: UUID | None
    due_on: date


class RequestFirstContactLate(Fact[RequestSubject, FirstContactLate]):
    """The delay of first contact passed while the request was still under review."""

    type: Literal["request.first_contact_late"] = "request.first_contact_late"


class LetterMade(_Part):
    """Which letter, and whether the structure is the one it is addressed to."""

    kind: RequestKind
    letter: LetterKind
    for_structure: bool


class RequestLetterMade(Fact[RequestSubject, LetterMade]):
    """The caisse produced a letter about a request."""

    type: Literal["request.letter_made"] = "request.letter_made"
