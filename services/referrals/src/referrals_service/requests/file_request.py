"""A complete request enters the queue of its caisse at once: the front door's hot path.

The request with its number, the detail of its kind and its first transition are one statement. Another open
request for the same person (ESP-13) makes it write nothing, so that the refusal can still be explained.
"""

from typing import Final

from sqlalchemy import Date, DateTime, Integer, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests import facts
from referrals_service.requests.codes import DetectionMode, Verb
from referrals_service.requests.filing import (
    already_open,
    misas_values,
    note_filing,
    notices,
    open_to_queue,
    submitted,
)
from referrals_service.requests.front_door import admit
from referrals_service.requests.lifecycle import LIFECYCLES
from referrals_service.requests.misas_form import complete, warnings_of
from referrals_service.requests.models import OPEN_ONES
from referrals_service.requests.schemas import FiledReceipt, FilingIn
from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.facts import emit

_TEXTS: Final = (
    "situation_note",
    "agreement_channel",
    "statement_version",
    "phone",
    "best_time",
    "detector_note",
    "role",
    "state",
)
# Written by hand and sent as it is: it stands on the path of every filing, and what the request row already
# says is taken from it rather than sent again.
_FILE: Final = text(
    f"""
    WITH filed AS (
        INSERT INTO requests (
            caisse, id, kind, state, coarse, turn, queue, number, version, structure_id, author, person_id,
            detector_kind, detection_mode, detector_trained, created_at, updated_at, submitted_at, due_on,
            last_event, last_event_at, unread_by_partner, unread_by_caisse
        )
        VALUES (
            :caisse, :id, :kind, :state, :coarse, :turn, :queue, next_request_number(:caisse, :year), 1,
            :structure, :author, :person, :detector, 'external', :trained, :at, :at, :at, :due_on,
            'submit', :at, 0, 0
        )
        ON CONFLICT (caisse, person_id, kind) WHERE {OPEN_ONES} DO NOTHING
        RETURNING caisse, id, structure_id, author, number
    ), detail AS (
        INSERT INTO misas_referrals (
            caisse, request_id, structure_id, attested_by, scopes, motives, renounced_care, situation_note,
            informed_on, agreement_channel, statement_version, phone, best_time, detector_note
        )
        SELECT caisse, id, structure_id, author, :scopes, :motives, :renounced_care, :situation_note,
            :informed_on, :agreement_channel, :statement_version, :phone, :best_time, :detector_note
        FROM filed
    ), step AS (
        INSERT INTO request_transitions (
            caisse, request_id, structure_id, actor, id, at, side, role, verb, to_state
        )
        SELECT caisse, id, structure_id, author, :step, :at, 'partner', :role, 'submit', :state FROM filed
    )
    SELECT number FROM filed
    """  # noqa: S608 - codes of a closed list
).bindparams(
    bindparam("scopes", type_=ARRAY(Text)),
    bindparam("motives", type_=ARRAY(Text)),
    bindparam("renounced_care", type_=JSONB),
    *(bindparam(name, type_=Text) for name in _TEXTS),
    bindparam("year", type_=Integer),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("informed_on", type_=Date),
)


async def file_request(session: AsyncSession, actor: Actor, given: FilingIn) -> FiledReceipt:
    """Check everything, then write everything.

    Raises `PortalClosed`, `PersonNotFound`, `TrainingRequired`, `Invalid` with each error of the form,
    `AlreadyOpen`.
    """
    door = await admit(session, actor, given.person_id)
    door.require_training()
    form = complete(given.form, door.today)
    at, request_id = clock.now(), new_id()
    lifecycle = LIFECYCLES[given.kind]
    state = lifecycle.after(lifecycle.initial, Verb.SUBMIT)
    due_on = door.calendar.deadline(door.today, door.settings.review_delay(given.kind).delay)
    number: str | None = await session.scalar(
        _FILE,
        misas_values(form)
        | {
            "caisse": actor.caisse,
            "id": request_id,
            "kind": given.kind,
            "state": state,
            "coarse": lifecycle.coarse[state],
            "turn": lifecycle.turn[state],
            "queue": lifecycle.queue,
            "year": door.today.year,
            "structure": actor.structure_id,
            "author": actor.sub,
            "person": given.person_id,
            "detector": door.detector,
            "trained": door.trained,
            "at": at,
            "due_on": due_on,
            "step": new_id(),
            "role": actor.role,
        },
    )
    if number is None:
        raise await already_open(session, actor, given.person_id, given.kind)
    emit(
        session,
        submitted(
            actor.caisse,
            facts.RequestSubject(request=request_id, person=given.person_id, structure=actor.structure_id),
            form,
            kind=given.kind,
            queue=lifecycle.queue,
            detector=door.detector,
            mode=DetectionMode.EXTERNAL,
            trained=door.trained,
            due_on=due_on,
        ),
    )
    await open_to_queue(
        session,
        actor.caisse,
        given.person_id,
        queue=lifecycle.queue,
        department=door.calendar.department,
        origin=request_id,
        by=actor.sub,
    )
    note_filing(session, "request.file", request_id, given.person_id, form)
    return FiledReceipt(
        id=request_id,
        version=1,
        state=lifecycle.coarse[state],
        number=number,
        due_on=due_on,
        warnings=notices([*door.remarks, *warnings_of(given.form)]),
    )
