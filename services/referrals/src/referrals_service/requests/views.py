"""How rows become answers: one shape an audience, in the words of its side, with what may be done next."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from referrals_service.persons.views import PersonCard
from referrals_service.requests import labels
from referrals_service.requests.abilities import (
    MANAGERS,
    PartnerRequestAbilities,
    Standing,
    agent_abilities,
    partner_abilities,
)
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import (
    PUBLIC_REASONS,
    AnswerOutcome,
    CoarseState,
    Orientation,
    Queue,
    RefusalReason,
    RequestKind,
    RequestState,
    Side,
    Verb,
)
from referrals_service.requests.filing import notices
from referrals_service.requests.forms import misas
from referrals_service.requests.forms.every import AnyForm, read
from referrals_service.requests.forms.parts import warnings_of
from referrals_service.requests.lifecycle import COARSE, LIFECYCLES, OPEN, RUNNING
from referrals_service.requests.schemas import (
    Message,
    PartnerEvent,
    PartnerRequest,
    PartnerRequestRow,
)
from referrals_service.requests.schemas_agent import AgentEvent, AgentRequest, AgentRequestRow
from servicekit.access import Actor

Cards = Mapping[UUID, PersonCard]
AnyRow = Row[*tuple[Any, ...]]

_INTERNAL = frozenset({Verb.ASSIGN, Verb.RELEASE, Verb.REMIND})
"""Steps that say who does what inside the caisse: nothing changes for the partner."""
_TOLD = frozenset({Verb.REDIRECT, Verb.MAKE_ORDINARY, Verb.QUALIFY, Verb.CLOSE, Verb.REOPEN})
"""Steps that the partner is told of, even where the state that it sees stays the same."""


def standing_of(row: AnyRow) -> Standing:
    """Return what of a row decides who may act on it."""
    return Standing(
        RequestKind(row.kind), row.state, Queue(row.queue), row.assigned_to, has_sender=row.structure_id is not None
    )


def days_left(row: AnyRow, caisse: str, today: date) -> int | None:
    """Return the working days left before `due_on`, negative when it is past; None once it no longer runs."""
    return due_in(caisse, row.coarse, today, row.due_on.isoformat())


@lru_cache(maxsize=4096)
def due_in(caisse: str, coarse: str, today: date, due_on: str) -> int | None:
    """Return the same from a date as JSON has it; a list has the same few dates again and again."""
    if coarse not in RUNNING and coarse != CoarseState.DRAFT:
        return None
    return calendar_of(caisse).working_days(today, date.fromisoformat(due_on))


@lru_cache(maxsize=256)
def sender_abilities(role: str, kind: str, state: str) -> PartnerRequestAbilities:
    """Return what the sender's side may do: it depends on nothing else of the request."""
    return partner_abilities(role, LIFECYCLES[RequestKind(kind)], state)


def _partner_fields(actor: Actor, row: AnyRow, cards: Cards, today: date) -> dict[str, Any]:
    state = CoarseState(row.coarse)
    return {
        "id": row.id,
        "version": row.version,
        "number": row.number,
        "kind": row.kind,
        "topic": row.topic or None,
        "urgent": row.urgent,
        "state": state,
        "state_label": labels.PARTNER[state],
        "turn": row.turn,
        "person": cards.get(row.person_id),
        "created_at": row.created_at,
        "submitted_at": row.submitted_at,
        "due_on": row.due_on,
        "lapses_on": row.lapses_on,
        "working_days_left": days_left(row, actor.caisse, today),
        "last_event": row.last_event,
        "last_event_at": row.last_event_at,
        "unread": row.unread_by_partner,
        "abilities": sender_abilities(actor.role, row.kind, row.state),
    }


def partner_rows(actor: Actor, rows: Iterable[AnyRow], cards: Cards, today: date) -> list[PartnerRequestRow]:
    """Return requests as the structure's home shows them."""
    return [PartnerRequestRow(**_partner_fields(actor, row, cards, today)) for row in rows]


def partner_detail(actor: Actor, row: AnyRow, cards: Cards, today: date, *, shows_agents: bool) -> PartnerRequest:
    """Return one request as its sender sees it."""
    draft = row.draft_form
    readable = draft is not None or row.coarse in OPEN
    return PartnerRequest(
        **_partner_fields(actor, row, cards, today),
        author=_account(row.author),
        form=form_of(row) if readable else None,
        warnings=[] if draft is None else notices(warnings_of(read(RequestKind(row.kind), draft))),
        timeline=[
            _partner_event(step, shows_agents=shows_agents) for step in row.history if _is_shown_to_partner(step)
        ],
        messages=[_message(m, names=shows_agents or m["side"] == Side.PARTNER) for m in row.messages],
    )


def _is_shown_to_partner(step: Mapping[str, Any]) -> bool:
    moved = step["from_state"] is None or COARSE[step["from_state"]] != COARSE[step["to_state"]]
    if step["verb"] in _INTERNAL:
        # Given to an adviser straight away, the request still went from received to under review.
        return moved and step["verb"] == Verb.ASSIGN
    return moved or step["verb"] in _TOLD


def _partner_event(step: Mapping[str, Any], *, shows_agents: bool) -> PartnerEvent:
    verb = Verb.TAKE if step["verb"] == Verb.ASSIGN else Verb(step["verb"])
    state = COARSE[step["to_state"]]
    reason = PUBLIC_REASONS[RefusalReason(step["reason"])] if verb is Verb.REFUSE else None
    outcome = AnswerOutcome(step["reason"]) if verb is Verb.ANSWER else None
    orientation = Orientation(step["orientation"]) if step["orientation"] else None
    ours = step["side"] == Side.PARTNER
    return PartnerEvent(
        id=step["id"],
        at=step["at"],
        event=verb,
        side=step["side"],
        actor=_account(step["actor"]) if ours or shows_agents else None,
        state=state,
        state_label=labels.PARTNER[state],
        reason=reason,
        outcome=outcome,
        reason_label=labels.told_reason(verb, step["reason"]),
        items=step["items"] or [],
        until_on=step["until_on"],
        orientation=orientation,
        orientation_label=labels.ORIENTATION[orientation] if orientation else None,
        target=step["target"],
        target_body=step["target_body"],
        message=step["message"],
    )


def _agent_fields(actor: Actor, row: AnyRow, cards: Cards, today: date) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "number": row.number,
        "kind": row.kind,
        "topic": row.topic or None,
        "urgent": row.urgent,
        "state": row.state,
        "state_label": labels.AGENT[RequestState(row.state)],
        "coarse": row.coarse,
        "turn": row.turn,
        "queue": row.queue,
        "person_id": row.person_id,
        "person": cards.get(row.person_id),
        "structure_id": row.structure_id,
        "detector_trained": row.detector_trained,
        "assigned_to": row.assigned_to,
        "submitted_at": row.submitted_at,
        "due_on": row.due_on,
        "lapses_on": row.lapses_on,
        "working_days_left": days_left(row, actor.caisse, today),
        "overdue": is_late(row, today),
        "first_contact_due_on": row.first_contact_due_on,
        "last_event": row.last_event,
        "last_event_at": row.last_event_at,
        "unread": row.unread_by_caisse,
        "abilities": agent_abilities(actor, standing_of(row)),
    }


def is_late(row: AnyRow, today: date) -> bool:
    """Tell whether an answer, or the first contact, should have come before today."""
    contact = row.first_contact_due_on
    return row.coarse in RUNNING and (row.due_on < today or (contact is not None and contact < today))


def agent_rows(actor: Actor, rows: Iterable[AnyRow], cards: Cards, today: date) -> list[AgentRequestRow]:
    """Return requests as an agent's list shows them."""
    return [AgentRequestRow(**_agent_fields(actor, row, cards, today)) for row in rows]


def shares_out(actor: Actor, row: AnyRow) -> bool:
    """Tell whether the agent only shares the work out, and so reads nothing that was written (access matrix)."""
    return actor.role in MANAGERS and str(row.assigned_to) != actor.sub


def withheld_from(actor: Actor, row: AnyRow, cards: Cards) -> bool:
    """Tell whether form and messages are kept from an agent: they go with the person, and end with the grant.

    So a request that was taken by a colleague, taken back, refused long ago or sent to another body says no more
    than its history; and whatever is told of a person is counted in the reading budget.
    """
    return shares_out(actor, row) or row.person_id not in cards


def agent_detail(actor: Actor, row: AnyRow, cards: Cards, today: date) -> AgentRequest:
    """Return one request as an agent sees it."""
    withheld = withheld_from(actor, row, cards)
    return AgentRequest(
        **_agent_fields(actor, row, cards, today),
        author=_account(row.author),
        detector_kind=row.detector_kind,
        detection_mode=row.detection_mode,
        unit=row.unit,
        taken_at=row.taken_at,
        decided_at=row.decided_at,
        decision_days=row.decision_days,
        origin_caisse=row.origin_caisse,
        withheld=withheld,
        form=None if withheld else form_of(row),
        timeline=[_agent_event(step, withheld=shares_out(actor, row)) for step in row.history],
        messages=[] if withheld else [_message(m, names=True) for m in row.messages],
    )


def _agent_event(step: Mapping[str, Any], *, withheld: bool) -> AgentEvent:
    return AgentEvent(
        id=step["id"],
        at=step["at"],
        event=step["verb"],
        side=step["side"],
        actor=_account(step["actor"]),
        role=step["role"],
        from_state=step["from_state"],
        to_state=step["to_state"],
        state_label=labels.AGENT[RequestState(step["to_state"])],
        reason=step["reason"],
        orientation=step["orientation"],
        target=step["target"],
        target_body=step["target_body"],
        assignee=step["assignee"],
        items=step["items"] or [],
        until_on=step["until_on"],
        message=None if withheld else step["message"],
    )


def _message(message: Mapping[str, Any], *, names: bool) -> Message:
    return Message(
        id=message["id"],
        at=message["at"],
        side=message["side"],
        author=_account(message["author"]) if names else None,
        text=message["text"],
        expects_answer=message["expects_answer"],
        read_at=message["read_at"],
    )


def form_of(row: AnyRow) -> AnyForm | None:
    """Return the form of a request, of a draft as typed so far."""
    kept = row.draft_form if row.draft_form is not None else row.kept_form
    if kept is not None:
        return read(RequestKind(row.kind), kept)
    return None if row.scopes is None else misas.kept(row)


def _account(sub: str) -> UUID | None:
    """Return the account behind an author; the service itself is none."""
    return None if sub.startswith(("svc-", "app-")) else UUID(sub)
