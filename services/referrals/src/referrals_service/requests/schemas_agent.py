"""What is sent and answered about requests on the caisse's side. Outputs have no default."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from referrals_service.documents.codes import DocumentItem
from referrals_service.persons.schemas import PersonIn
from referrals_service.persons.views import PersonCard
from referrals_service.requests.abilities import AgentRequestAbilities
from referrals_service.requests.codes import (
    EXTERNAL_DETECTORS,
    AnswerOutcome,
    CoarseState,
    DetectionMode,
    DetectorKind,
    Orientation,
    Queue,
    RedirectTarget,
    RefusalReason,
    RejectionReason,
    RequestKind,
    Side,
    Turn,
    Verb,
)
from referrals_service.requests.forms.every import FormIn
from referrals_service.requests.forms.parts import OptionalProse, Several
from referrals_service.requests.schemas import CappedCount, Ids, Message, MessageIn, QueueDelay
from referrals_service.texts import Prose
from servicekit.writes import Receipt


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InternalFilingIn(_In):
    """A request typed by a service of the caisse: for a person it enters now, or one entrusted to the agent."""

    person: PersonIn | None = None
    person_id: UUID | None = None
    detector_kind: DetectorKind
    detection_mode: DetectionMode
    form: FormIn

    @field_validator("detector_kind")
    @classmethod
    def _of_the_caisse(cls, kind: DetectorKind) -> DetectorKind:
        if kind in EXTERNAL_DETECTORS:
            raise ValueError("Choisissez un service de la caisse.")
        return kind

    @field_validator("detection_mode")
    @classmethod
    def _from_inside(cls, mode: DetectionMode) -> DetectionMode:
        if mode is DetectionMode.EXTERNAL:
            raise ValueError("Une détection externe vient d'un partenaire.")
        return mode

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        if (self.person is None) == (self.person_id is None):
            raise ValueError("Indiquez la personne à enregistrer, ou une personne déjà connue.")
        return self


class TakeSeveralIn(_In):
    """Requests to take together."""

    ids: Ids


class AssignIn(_In):
    """Who gets the request."""

    account_id: UUID


class AcceptIn(_In):
    """What the partner is told with the good news, if anything."""

    message: OptionalProse = None


class RefuseIn(_In):
    """Why, where the partner is told to go, and in which words.

    The reason stays inside the caisse; the partner is told a general one. Words say nothing of the person's
    file. An orientation is needed when the situation belongs elsewhere.
    """

    reason: RefusalReason
    orientation: Orientation | None = None
    message: OptionalProse = None


class AskIn(_In):
    """What is missing, by name or in words, and until when; the caisse's usual delay when no day is given."""

    items: Annotated[list[DocumentItem], Field(max_length=20), Several] = []
    until_on: date | None = None
    message: OptionalProse = None


class AnswerIn(_In):
    """What the answer comes to, and in which words."""

    outcome: AnswerOutcome
    message: Prose


class RejectIn(_In):
    """Why, where the partner is told to go, and in which words; the partner is told all three."""

    reason: RejectionReason
    orientation: Orientation | None = None
    message: OptionalProse = None


class MakeOrdinaryIn(_In):
    """What the sender is told of why it is not urgent."""

    message: OptionalProse = None


class RedirectIn(_In):
    """To whom. `body`: a caisse for `other_caisse`, a queue for `queue`, nothing otherwise."""

    target: RedirectTarget
    body: Annotated[str | None, Field(pattern=r"^[0-9A-Za-z_]{2,40}$")] = None
    message: OptionalProse = None


class AgentMessageIn(MessageIn):
    """A message to the partner; it hands the turn over unless it asks for nothing."""

    expects_answer: bool = True


class NotTaken(BaseModel):
    """A request that was not taken, and why."""

    id: UUID
    reason: str
    detail: str


class TakenSeveral(BaseModel):
    """What became of each request."""

    taken: list[Receipt]
    refused: list[NotTaken]


class AgentEvent(BaseModel):
    """A step of the request, whole."""

    id: UUID
    at: datetime
    event: Verb
    side: Side
    actor: UUID | None
    role: str
    from_state: str | None
    to_state: str
    state_label: str
    reason: str | None
    orientation: Orientation | None
    target: RedirectTarget | None
    target_body: str | None
    assignee: UUID | None
    items: list[DocumentItem]
    until_on: date | None
    message: str | None


class AgentRequestRow(BaseModel):
    """A request in an agent's list. `person` is null for whom nobody entrusted to the agent."""

    id: UUID
    version: int
    number: str
    kind: RequestKind
    topic: str | None
    urgent: bool
    state: str
    state_label: str
    coarse: CoarseState
    turn: Turn
    queue: Queue
    person_id: UUID
    person: PersonCard | None
    structure_id: UUID | None
    detector_trained: bool | None
    assigned_to: UUID | None
    submitted_at: datetime
    due_on: date
    lapses_on: date | None
    working_days_left: int | None
    overdue: bool
    first_contact_due_on: date | None
    last_event: str
    last_event_at: datetime
    unread: int
    abilities: AgentRequestAbilities


class AgentRequest(AgentRequestRow):
    """A request as those in charge see it.

    The form and the messages are withheld (`withheld`) from those who only share the work out, and from those to
    whom the person is not, or no longer, entrusted.
    """

    author: UUID | None
    detector_kind: DetectorKind
    detection_mode: DetectionMode
    unit: str | None
    taken_at: datetime | None
    decided_at: datetime | None
    decision_days: int | None
    origin_caisse: str | None
    withheld: bool
    form: FormIn | None
    timeline: list[AgentEvent]
    messages: list[Message]


class Section(BaseModel):
    """A part of the day: how many, and the first ones."""

    count: CappedCount
    items: list[AgentRequestRow]


class MyDay(BaseModel):
    """What an agent has to see to today."""

    today: date
    overdue: Section
    due_today: Section
    to_read: Section
    waiting_partner: Section
    new_in_queues: Section


class QueueState(BaseModel):
    """A queue of the caisse: what waits there, since when it is late, and how long answers take."""

    queue: Queue
    waiting: CappedCount
    overdue: CappedCount
    oldest_due_on: date | None
    delays: list[QueueDelay]


class Queues(BaseModel):
    """The queues that the agent works on."""

    items: list[QueueState]
