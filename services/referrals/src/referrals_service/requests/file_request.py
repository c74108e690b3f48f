"""A complete request enters the queue of its caisse at once: the front door's hot path.

The request with its number, the detail of its kind and its first transition are one statement. Another open
request for the same person (ESP-13) makes it write nothing, so that the refusal can still be explained.
"""

from typing import Any, Final

from sqlalchemy import CTE, Insert, Table, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests import facts
from referrals_service.requests.codes import DetectionMode, Side, Verb
from referrals_service.requests.companions import MisasReferral, RequestTransition
from referrals_service.requests.filing import (
    already_open,
    misas_row,
    note_filing,
    notices,
    open_to_queue,
    submitted,
)
from referrals_service.requests.front_door import admit
from referrals_service.requests.lifecycle import LIFECYCLES
from referrals_service.requests.misas_form import complete, warnings_of
from referrals_service.requests.models import OPEN_ONES, Request
from referrals_service.requests.schemas import FiledReceipt, FilingIn
from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.facts import emit

_REQUESTS: Final[Table] = Request.__table__  # type: ignore[assignment]  # a mapped class's table is a Table
_MISAS: Final[Table] = MisasReferral.__table__  # type: ignore[assignment]  # a mapped class's table is a Table
_TRANSITIONS: Final[Table] = RequestTransition.__table__  # type: ignore[assignment]  # a mapped class's table is a Table


def _given(table: Table, prefix: str, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return a parameter for each column of `table`."""
    columns = [column for column in table.columns if column.key not in without]
    return {column.key: bindparam(f"{prefix}_{column.key}", type_=column.type) for column in columns}


def _named(prefix: str, values: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}_{key}": value for key, value in values.items()}


def _beside(filed: CTE, table: Table, prefix: str) -> Insert:
    """Return the insertion of a row of `table`, if the request itself was inserted."""
    values = _given(table, prefix)
    return insert(table).from_select(list(values), select(*values.values()).select_from(filed), include_defaults=False)


def _filing() -> Any:
    drawn = func.next_request_number(bindparam("r_caisse"), bindparam("number_year"))
    filed = (
        insert(_REQUESTS)
        .values(_given(_REQUESTS, "r", without=frozenset({"number"})) | {"number": drawn})
        .on_conflict_do_nothing(index_elements=["caisse", "person_id", "kind"], index_where=text(OPEN_ONES))
        .returning(_REQUESTS.c.number)
        .cte("filed")
    )
    detail = _beside(filed, _MISAS, "m").cte("detail")
    step = _beside(filed, _TRANSITIONS, "t").cte("step")
    return select(filed.c.number).add_cte(detail, step)


_FILE: Final = _filing()


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
    row: dict[str, Any] = dict.fromkeys(_REQUESTS.columns.keys()) | {
        "caisse": actor.caisse,
        "id": request_id,
        "kind": given.kind,
        "state": state,
        "coarse": lifecycle.coarse[state],
        "turn": lifecycle.turn[state],
        "queue": lifecycle.queue,
        "version": 1,
        "structure_id": actor.structure_id,
        "author": actor.sub,
        "person_id": given.person_id,
        "detector_kind": door.detector,
        "detection_mode": DetectionMode.EXTERNAL,
        "detector_trained": door.trained,
        "created_at": at,
        "updated_at": at,
        "submitted_at": at,
        "due_on": due_on,
        "last_event": Verb.SUBMIT,
        "last_event_at": at,
        "unread_by_partner": 0,
        "unread_by_caisse": 0,
    }
    step: dict[str, Any] = dict.fromkeys(_TRANSITIONS.columns.keys()) | {
        "caisse": actor.caisse,
        "request_id": request_id,
        "id": new_id(),
        "structure_id": actor.structure_id,
        "at": at,
        "side": Side.PARTNER,
        "actor": actor.sub,
        "role": actor.role,
        "verb": Verb.SUBMIT,
        "to_state": state,
    }
    detail = misas_row(actor.caisse, request_id, actor.structure_id, form, actor.sub)
    parameters = {
        f"{prefix}_{k}": v for prefix, part in (("r", row), ("m", detail), ("t", step)) for k, v in part.items()
    }
    del parameters["r_number"]
    number: str | None = await session.scalar(_FILE, parameters | {"number_year": door.today.year})
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
