"""Writing a complete request in one statement: number, request, detail, first step, fact, grant to the queue.

Another open request for the same person (ESP-13) makes it write nothing at all, so that the refusal can still
be explained. The fact is what `servicekit.facts.emit` would write, the grant what `persons.grants.grant` would.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Boolean, Date, DateTime, Integer, Text, TextClause, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents.recording import IN_FILING, OF_FILING, in_filing
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests import facts
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import DetectionMode, DetectorKind, Queue, Verb
from referrals_service.requests.filing import (
    already_open,
    kept_form,
    misas_values,
    note_filing,
    submitted,
    unit_of,
)
from referrals_service.requests.forms.misas import MisasFormIn, coded
from referrals_service.requests.forms.parts import Form
from referrals_service.requests.lifecycle import COARSE, LIFECYCLES, turn_in
from referrals_service.requests.models import OPEN_ONES, By
from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id

_MISAS_TEXTS: Final = (
    "situation_note",
    "agreement_channel",
    "statement_version",
    "phone",
    "best_time",
    "detector_note",
)
_TEXTS: Final = (
    "kind",
    "topic",
    "role",
    "side",
    "state",
    "fact_type",
    "subject",
    "payload",
    "unit",
)
# Written by hand and sent as it is: it stands on the path of every filing, and what the request row already
# says is taken from it rather than sent again.
_STATEMENT: Final = """
    WITH filed AS (
        INSERT INTO requests (
            caisse, id, kind, topic, urgent, state, coarse, turn, queue, number, version, structure_id, author,
            person_id, detector_kind, detection_mode, detector_trained, created_at, updated_at, submitted_at, due_on,
            last_event, last_event_at, unread_by_partner, unread_by_caisse, paused_days, silence
        )
        VALUES (
            :caisse, :id, :kind, :topic, :urgent, :state, :coarse, :turn, :queue,
            next_request_number(:caisse, :year), 1, :structure, :author, :person, :detector, :mode, :trained,
            :at, :at, :at, :due_on, 'submit', :at, 0, 0, 0, 0
        )
        ON CONFLICT (caisse, person_id, kind, topic) WHERE {open_ones} DO NOTHING
        RETURNING caisse, id, structure_id, author, person_id, number
    ), detail AS (
        {detail}
    ), agreed AS (
        {agreed}
    ), step AS (
        INSERT INTO request_transitions (
            caisse, request_id, structure_id, actor, id, at, side, role, verb, to_state
        )
        SELECT caisse, id, structure_id, author, :step, :at, :side, :role, 'submit', :state FROM filed
    ), fact AS (
        INSERT INTO facts (id, type, version, at, caisse, subject, payload)
        SELECT :fact, :fact_type, :fact_version, :at, caisse, CAST(:subject AS jsonb), CAST(:payload AS jsonb)
        FROM filed
    ), opened AS (
        INSERT INTO person_grants (
            caisse, id, person_id, structure_id, holder_kind, holder, purpose, origin_id, from_at, granted_by
        )
        SELECT p.caisse, :grant, p.id, p.structure_id, 'unit', :unit, 'referral.triage', filed.id, :at, author
        FROM filed JOIN persons p ON p.caisse = filed.caisse AND p.id = filed.person_id
        RETURNING id
    )
    SELECT number, (SELECT count(*) FROM opened) AS opened FROM filed
"""
_MISAS_DETAIL: Final = """
        INSERT INTO misas_referrals (
            caisse, request_id, structure_id, attested_by, scopes, motives, renounced_care, situation_note,
            informed_on, agreement_channel, statement_version, phone, best_time, detector_note
        )
        SELECT caisse, id, structure_id, author, :scopes, :motives, :renounced_care, :situation_note,
            :informed_on, :agreement_channel, :statement_version, :phone, :best_time, :detector_note
        FROM filed
"""
_DETAIL: Final = """
        INSERT INTO request_details (caisse, request_id, kind, structure_id, attested_by, form)
        SELECT caisse, id, :kind, structure_id, author, :form FROM filed
"""


def _statement(detail: str, *binds: BindParameter[Any]) -> TextClause:
    return text(_STATEMENT.format(detail=detail, agreed=IN_FILING, open_ones=OPEN_ONES)).bindparams(
        *binds,
        *OF_FILING,
        *(bindparam(name, type_=Text) for name in _TEXTS),
        bindparam("structure", type_=Uuid),
        bindparam("trained", type_=Boolean),
        bindparam("urgent", type_=Boolean),
        bindparam("year", type_=Integer),
        bindparam("fact_version", type_=Integer),
        *(bindparam(name, type_=Uuid) for name in ("step", "fact", "grant")),
        bindparam("at", type_=DateTime(timezone=True)),
    )


_FILE_MISAS: Final = _statement(
    _MISAS_DETAIL,
    bindparam("scopes", type_=ARRAY(Text)),
    bindparam("motives", type_=ARRAY(Text)),
    bindparam("renounced_care", type_=JSONB),
    bindparam("informed_on", type_=Date),
    *(bindparam(name, type_=Text) for name in _MISAS_TEXTS),
)
_FILE: Final = _statement(_DETAIL, bindparam("form", type_=JSONB))


@dataclass(frozen=True, slots=True)
class Filing:
    """A request about to be written. `trained` is null where it was not asked: inside the caisse."""

    person_id: UUID
    form: Form
    queue: Queue
    urgent: bool
    detector: DetectorKind
    mode: DetectionMode
    trained: bool | None
    today: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Filed:
    """What was written."""

    id: UUID
    number: str
    coarse: str


async def write_request(session: AsyncSession, actor: Actor, filing: Filing, action: str) -> Filed:
    """Write a request that was checked. Raises `AlreadyOpen`."""
    at, request_id, form = clock.now(), new_id(), filing.form
    lifecycle = LIFECYCLES[form.kind]
    state = lifecycle.after(lifecycle.initial, Verb.SUBMIT)
    by = By.of(actor)
    fact = submitted(
        actor.caisse,
        facts.RequestSubject(request=request_id, person=filing.person_id, structure=actor.structure),
        form,
        queue=filing.queue,
        urgent=filing.urgent,
        detector=filing.detector,
        mode=filing.mode,
        trained=filing.trained,
        due_on=filing.due_on,
    )
    if isinstance(form, MisasFormIn):
        statement, detail = _FILE_MISAS, misas_values(coded(form))
    else:
        statement, detail = _FILE, {"form": kept_form(form)}
    written = await session.execute(
        statement,
        detail
        | in_filing(by, form.kind, form.agreement)
        | {
            "caisse": actor.caisse,
            "id": request_id,
            "kind": form.kind,
            "topic": form.topic,
            "urgent": filing.urgent,
            "state": state,
            "coarse": COARSE[state],
            "turn": turn_in(state),
            "queue": filing.queue,
            "year": filing.today.year,
            "structure": actor.structure,
            "author": actor.sub,
            "person": filing.person_id,
            "detector": filing.detector,
            "mode": filing.mode,
            "trained": filing.trained,
            "at": at,
            "due_on": filing.due_on,
            "step": new_id(),
            "side": by.side,
            "role": by.role,
            "fact": new_id(),
            "fact_type": fact.type,
            "fact_version": fact.version,
            "subject": fact.subject.model_dump_json(),
            "payload": fact.payload.model_dump_json(),
            "grant": new_id(),
            "unit": unit_of(filing.queue, calendar_of(actor.caisse).department),
        },
    )
    row = written.one_or_none()
    if row is None:
        raise await already_open(session, actor, filing.person_id, form.kind, form.topic)
    if not row.opened:
        raise PersonNotFound
    note_filing(session, action, request_id, filing.person_id, form)
    return Filed(request_id, row.number, COARSE[state])
