"""A request: what it is, where it stands, and the acts that move it.

`structure_id` never changes and is null when the caisse itself detected the situation; row-level security
compares it, and composite foreign keys keep a request from being hung on somebody else's person.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base
from referrals_service.requests import codes, facts
from referrals_service.requests.abilities import Standing
from referrals_service.requests.codes import (
    CoarseState,
    Queue,
    RequestKind,
    Side,
    Turn,
    Verb,
)
from referrals_service.requests.companions import RequestTransition
from referrals_service.requests.lifecycle import COARSE, LIFECYCLES, OPEN, RUNNING, Lifecycle, turn_in
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.facts import Fact
from servicekit.models import code_list, one_of


@dataclass(frozen=True, slots=True)
class By:
    """Who does something to a request."""

    side: Side
    actor: str
    role: str

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Return `actor` as the author of an act."""
        side = Side.PARTNER if actor.audience is Audience.PARTNER else Side.CAISSE
        return cls(side, actor.sub, actor.role)

    @classmethod
    def system(cls) -> Self:
        """Return the service itself: expiries, reminders, effects of facts."""
        return cls(Side.SYSTEM, "svc-referrals", "system")


@dataclass(frozen=True, slots=True)
class Step:
    """What an act leaves: its row in the request's history, and what others are told."""

    transition: RequestTransition
    announced: tuple[Fact[object, object], ...] = ()


def _states_of_kinds() -> str:
    """The states that each kind knows, as the database checks them."""
    kinds_by_states: dict[frozenset[str], list[str]] = {}
    for kind, lifecycle in LIFECYCLES.items():
        kinds_by_states.setdefault(frozenset(lifecycle.transitions), []).append(kind)
    return " OR ".join(
        f"(kind IN ({code_list(kinds)}) AND state IN ({code_list(states)}))"
        for states, kinds in sorted(kinds_by_states.items(), key=lambda found: sorted(found[1]))
    )


def _coarse_of_states() -> str:
    """What each state means to the partner, as the database checks it."""
    return " OR ".join(
        f"(coarse = '{coarse}' AND state IN ({code_list(s for s, c in COARSE.items() if c == coarse)}))"
        for coarse in sorted(set(COARSE.values()))
    )


SILENCE_REGION: Final = 3
"""Silence told to the region: nobody is left to tell."""

OPEN_ONES = f"coarse IN ({code_list(OPEN)})"
"""Requests to which the caisse still owes an answer, as the indexes write it."""


class Request(Base):
    """One request of any kind: who sent it, about whom, where it stands, who acts next and by when.

    `due_on` is when the present state must be left: a draft expires then, a sent request is owed an answer.
    It stays after the answer. `topic` is what is asked within the kind. While the caisse waits for the sender
    (`paused_on`), its clock stands still; `lapses_on` is the last day before the request closes by itself.
    `silence` is how far the delay's passing was told: nobody, the service, its manager, the region.
    `version` counts changes of the request, not messages, which only add.
    """

    __tablename__ = "requests"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "person_id"], ["persons.caisse", "persons.id"]),
        # Not checked when structure_id is null, which no partner may write.
        ForeignKeyConstraint(
            ["caisse", "person_id", "structure_id"],
            ["persons.caisse", "persons.id", "persons.structure_id"],
        ),
        UniqueConstraint("caisse", "id", "structure_id"),
        UniqueConstraint("caisse", "number"),
        # ESP-13: one open request a person, kind and topic.
        Index(
            "uq_requests_open",
            "caisse",
            "person_id",
            "kind",
            "topic",
            unique=True,
            postgresql_where=text(OPEN_ONES),
        ),
        # Handed over once, whatever is retried.
        Index(
            "uq_requests_origin",
            "caisse",
            "origin_caisse",
            "origin_id",
            unique=True,
            postgresql_where=text("origin_id IS NOT NULL"),
        ),
        Index("ix_requests_sent", "caisse", "structure_id", text("created_at DESC"), text("id DESC")),
        Index(
            "ix_requests_sent_by_state", "caisse", "structure_id", "coarse", text("created_at DESC"), text("id DESC")
        ),
        Index("ix_requests_sent_by_event", "caisse", "structure_id", text("last_event_at DESC"), text("id DESC")),
        Index("ix_requests_sent_by_number", "caisse", "structure_id", "number"),
        # A handover is asked for by id alone.
        Index("ix_requests_accepted", "id", postgresql_where=text("coarse = 'taken_on'")),
        Index("ix_requests_person", "caisse", "person_id"),
        Index("ix_requests_state", "caisse", "coarse", "due_on", "id"),
        Index(
            "ix_requests_waiting",
            "caisse",
            "queue",
            "due_on",
            "id",
            postgresql_where=text(f"assigned_to IS NULL AND coarse IN ({code_list({*OPEN, 'redirected'})})"),
        ),
        Index(
            "ix_requests_assigned",
            "caisse",
            "assigned_to",
            "due_on",
            "id",
            postgresql_where=text("assigned_to IS NOT NULL"),
        ),
        Index("ix_requests_expiring", "due_on", "id", postgresql_where=text("coarse = 'draft'")),
        Index("ix_requests_lapsing", "lapses_on", "id", postgresql_where=text("lapses_on IS NOT NULL")),
        Index(
            "ix_requests_silent",
            "due_on",
            "id",
            postgresql_where=text(f"coarse IN ({code_list(RUNNING)}) AND silence < {SILENCE_REGION}"),
        ),
        Index(
            "ix_requests_answered",
            "caisse",
            "kind",
            "decided_at",
            postgresql_where=text("decision_days IS NOT NULL"),
        ),
        one_of("turn", codes.Turn),
        one_of("queue", codes.Queue),
        one_of("detector_kind", codes.DetectorKind),
        one_of("detection_mode", codes.DetectionMode),
        CheckConstraint(_states_of_kinds(), name="state_of_kind"),
        CheckConstraint(_coarse_of_states(), name="coarse_of_state"),
        CheckConstraint("(number IS NULL) = (submitted_at IS NULL)", name="numbered_once_sent"),
        CheckConstraint("(coarse = 'draft') = (draft_form IS NOT NULL)", name="form_while_draft"),
        CheckConstraint("state NOT IN ('submitted', 'draft') OR assigned_to IS NULL", name="assigned_once_taken"),
        CheckConstraint("coarse <> 'under_review' OR taken_at IS NOT NULL", name="reviewed_once_taken"),
        CheckConstraint(
            "CASE WHEN coarse IN ('taken_on', 'not_taken_on', 'redirected', 'answered') THEN decided_at IS NOT NULL "
            "WHEN coarse IN ('closed', 'entered_in_error') THEN true ELSE decided_at IS NULL END",
            name="decided_at_once_answered",
        ),
        CheckConstraint("(coarse = 'waiting_partner') = (paused_on IS NOT NULL)", name="paused_while_waiting"),
        CheckConstraint(
            "(coarse IN ('waiting_partner', 'answered')) = (lapses_on IS NOT NULL)", name="lapses_while_waited_for"
        ),
        CheckConstraint("paused_days >= 0", name="paused_counted"),
        CheckConstraint(f"silence BETWEEN 0 AND {SILENCE_REGION}", name="silence_level"),
        CheckConstraint("(origin_caisse IS NULL) = (origin_id IS NULL)", name="origin_whole"),
        CheckConstraint("unread_by_partner >= 0 AND unread_by_caisse >= 0", name="unread_counted"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    coarse: Mapped[str]
    turn: Mapped[str]
    queue: Mapped[str]
    topic: Mapped[str]
    urgent: Mapped[bool]
    number: Mapped[str | None] = mapped_column(Text(collation="C"))
    version: Mapped[int]

    structure_id: Mapped[UUID | None]
    author: Mapped[str]
    person_id: Mapped[UUID]
    detector_kind: Mapped[str]
    detection_mode: Mapped[str]
    detector_trained: Mapped[bool | None]

    assigned_to: Mapped[UUID | None]
    unit: Mapped[str | None]

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    due_on: Mapped[date]
    first_contact_due_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    paused_on: Mapped[date | None]
    paused_days: Mapped[int]
    lapses_on: Mapped[date | None]
    silence: Mapped[int]
    decision_days: Mapped[int | None]
    last_event: Mapped[str]
    last_event_at: Mapped[datetime]
    unread_by_partner: Mapped[int]
    unread_by_caisse: Mapped[int]

    origin_caisse: Mapped[str | None]
    origin_id: Mapped[UUID | None]
    draft_form: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    @property
    def lifecycle(self) -> Lifecycle:
        """Return the lifecycle of the request's kind."""
        return LIFECYCLES[RequestKind(self.kind)]

    @property
    def standing(self) -> Standing:
        """Return what decides who may act on it."""
        return Standing(
            RequestKind(self.kind), self.state, Queue(self.queue), self.assigned_to, self.structure_id is not None
        )

    @property
    def subject(self) -> facts.RequestSubject:
        """Return what every fact about it is about."""
        return facts.RequestSubject(request=self.id, person=self.person_id, structure=self.structure_id)

    @property
    def is_open(self) -> bool:
        """Tell whether the caisse still owes an answer."""
        return self.coarse in OPEN

    def step(self, verb: Verb, by: By, at: datetime, **why: Any) -> RequestTransition:
        """Go where `verb` leads, and return the row that says so. Raises `TransitionRefused`.

        A step that changes no state is the caisse's own affair: it hands no turn over and the partner's list
        does not move; a reminder does not even make what an agent is writing stale.
        """
        before, self.state = self.state, self.lifecycle.after(self.state, verb)
        self.coarse = COARSE[self.state]
        self.updated_at = at
        if verb is not Verb.REMIND:
            self.version += 1
        if self.coarse != CoarseState.WAITING_PARTNER:
            self.paused_on = None
        if self.coarse not in {CoarseState.WAITING_PARTNER, CoarseState.ANSWERED}:
            self.lapses_on = None
        if self.state != before:
            self.turn = turn_in(self.state)
            self.touch(Verb.TAKE if verb is Verb.ASSIGN else verb, at)
        return RequestTransition(
            caisse=self.caisse,
            request_id=self.id,
            id=new_id(),
            structure_id=self.structure_id,
            at=at,
            side=by.side,
            actor=by.actor,
            role=by.role,
            verb=verb,
            from_state=before,
            to_state=self.state,
            **why,
        )

    def touch(self, event: str, at: datetime) -> None:
        """Note that something happened to it that both sides see."""
        self.updated_at = self.last_event_at = at
        self.last_event = event

    def hand_turn(self, side: Side, *, expects_answer: bool) -> None:
        """Give the other side its turn after a message; an answer gives the caisse its turn back."""
        if not self.is_open:
            return
        if side is Side.PARTNER:
            self.turn = Turn.CAISSE
        elif expects_answer:
            self.turn = Turn.PARTNER

    def decide(self, at: datetime, working_days: int) -> None:
        """Stop the clock of the answer; the days it stood still do not count."""
        self.decided_at = at
        self.decision_days = max(0, working_days - self.paused_days)

    def close_form(self) -> None:
        """Forget what was typed: it was sent, or will never be."""
        self.draft_form = None


R: Final = Request.__table__.c
"""Columns of requests for statements that build no object: Core rows cost half of what the mapper's cost."""
