"""Import of MisAS referrals: each row a person of the structure and a form, kept as a draft or sent at once.

No identification number comes in a file: a person enters without, and the number is completed on the record. A
person the structure already registered under the same name and birth date is not registered again. A row that
was done once, whoever of the structure sent it, is not done twice (ESP-13 holds beside for what is still open):
what it became is left alone, a draft is sent if that is what is asked now, and what no longer lives counts for
nothing.
"""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import works
from referrals_service.persons import queries as persons
from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.persons.models import Person
from referrals_service.requests import drafts, queries
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, RequestKind
from referrals_service.requests.file_request import file_request
from referrals_service.requests.filing import AlreadyOpen
from referrals_service.requests.forms.every import read
from referrals_service.requests.forms.parts import Circumstances, Form
from referrals_service.requests.front_door import require_open
from referrals_service.requests.import_persons import (
    DIFFERS,
    HOMONYMS,
    KEPT_BY_CAISSE,
    Persons,
    amendment,
    correctable,
    enter,
    known_persons,
    one_at_a_time,
)
from referrals_service.requests.import_rows import LAYOUT, ReferralRow
from referrals_service.requests.models import R
from referrals_service.requests.schemas import DraftIn, FiledReceipt, FilingIn
from servicekit.access import Actor, Audience
from servicekit.errors import Conflict, Invalid
from servicekit.imports import Importing, Known, Outcome, Problem, Repeats, RowState, import_router

DRAFT: Final = "draft"
FILE: Final = "file"
_KIND: Final = RequestKind.MISAS_REFERRAL
_GONE: Final = frozenset({CoarseState.WITHDRAWN, CoarseState.EXPIRED})
_AS_IMPORTED: Final = 2
"""Version of a draft that nobody touched since its row was typed into it."""


async def prepare(session: AsyncSession, actor: Actor, mode: str, rows: Sequence[ReferralRow]) -> Persons:  # noqa: ARG001 - what the frame calls
    """Refuse a structure whose portal is closed (ESP-04); let one import at a time enter persons of a structure."""
    await require_open(session, actor)
    if not rows:
        return {}
    await one_at_a_time(session, actor)
    return await known_persons(session, actor, rows)


async def check(session: AsyncSession, actor: Actor, rows: Mapping[int, ReferralRow], mode: str) -> dict[int, Known]:
    """Tell which rows could not be done; a row to be sent must hold all that the form asks for."""
    known = await known_persons(session, actor, rows.values())
    own = await correctable(session, actor, [person for some in known.values() for person in some])
    found = {}
    for line, row in rows.items():
        about = known.get(row.name, [])
        problems = [Problem(None, HOMONYMS)] if len(about) > 1 else []
        if len(about) == 1 and about[0].id not in own and amendment(about[0], row) is not None:
            problems.append(Problem(None, KEPT_BY_CAISSE))
        if mode == FILE:
            problems += _missing(row.form_of(actor.caisse), actor)
        found[line] = Known(problems=tuple(problems))
    return found


async def apply(session: AsyncSession, actor: Actor, row: ReferralRow, mode: str, known: Persons) -> Outcome:
    """Register the person if the structure does not know her, then keep or send the request."""
    person = await enter(session, actor, row, known)
    form = row.form_of(actor.caisse)
    if mode == DRAFT:
        draft = await drafts.create_draft(session, actor, DraftIn(kind=_KIND, person_id=person.id))
        await drafts.save_form(session, actor, draft.id, draft.version, form)
        return Outcome(RowState.CREATED, draft.id)
    filing = FilingIn(person_id=person.id, form=form)
    return await _sent(file_request(session, actor, filing), RowState.CREATED)


async def check_again(
    session: AsyncSession, actor: Actor, done: Mapping[int, tuple[ReferralRow, UUID]], mode: str
) -> dict[int, Known]:
    """Tell what becomes of rows that were done before: their draft is sent if sending is asked."""
    requests = await _requests(session, actor, [request_id for _, request_id in done.values()])
    living = {id_: request for id_, request in requests.items() if request.coarse not in _GONE}
    to_send = {id_ for id_, request in living.items() if mode == FILE and request.coarse == CoarseState.DRAFT}
    about = persons.visible_to(actor, FOLLOW).where(Person.id.in_({living[id_].person_id for id_ in to_send}))
    people = {person.id: person for person in (await session.scalars(about)).all()} if to_send else {}
    found = {}
    for line, (row, request_id) in done.items():
        if request_id in to_send:
            draft = living[request_id]
            person = people.get(draft.person_id)
            problems = _missing(_form_to_send(draft, row, actor), actor)
            if person is not None and amendment(person, row) is not None:
                problems.append(Problem(None, DIFFERS))
            found[line] = Known(RowState.UPDATED, tuple(problems))
        elif request_id in living:
            found[line] = Known(RowState.UNCHANGED)
    return found


async def send_draft(session: AsyncSession, actor: Actor, row: ReferralRow, request_id: UUID) -> Outcome:
    """Send the draft that a row became: as it was completed since, or as the row says now if nobody touched it.

    The record of the person may have been corrected since as well: which of the two is right is not for a file
    to say.
    """
    draft = (await _requests(session, actor, [request_id]))[request_id]
    person = await persons.get(session, persons.visible_to(actor, FOLLOW), draft.person_id)
    if person is not None and amendment(person, row) is not None:
        raise Conflict(DIFFERS)
    version = draft.version
    if version == _AS_IMPORTED:
        saved = await drafts.save_form(session, actor, request_id, version, row.form_of(actor.caisse))
        version = saved.version
    return await _sent(drafts.submit_draft(session, actor, request_id, version), RowState.UPDATED)


async def _requests(session: AsyncSession, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Row[*tuple[Any, ...]]]:
    some = select(R.id, R.coarse, R.version, R.person_id, R.draft_form).where(R.id.in_(list(ids)))
    return {row.id: row for row in (await session.execute(queries.reached_by(actor, some))).all()}


def _form_to_send(draft: Any, row: ReferralRow, actor: Actor) -> Form:
    if draft.version == _AS_IMPORTED:
        return row.form_of(actor.caisse)
    return read(_KIND, draft.draft_form)


def _missing(form: Form, actor: Actor) -> list[Problem]:
    calendar = calendar_of(actor.caisse)
    errors = form.errors(Circumstances(calendar.today(), calendar.department))
    return [Problem(LAYOUT.heading(f"form.{error.field}"), error.message) for error in errors]


async def _sent(sending: Awaitable[FiledReceipt], became: RowState) -> Outcome:
    try:
        filed = await sending
    except AlreadyOpen as refusal:
        existing = refusal.extra.get("existing")
        if not isinstance(existing, dict):
            raise
        return Outcome(RowState.UNCHANGED, UUID(str(existing["id"])))
    except Invalid as refusal:
        raise _under_form(refusal) from refusal
    return Outcome(became, filed.id)


def _under_form(refusal: Invalid) -> Invalid:
    errors = refusal.extra.get("errors")
    named = (
        [e | {"field": f"form.{e['field']}"} for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    )
    return Invalid(refusal.detail, errors=[*named])


def _key(row: ReferralRow) -> str:
    return row.key


IMPORTING: Final = Importing(
    kind="requests.import",
    filename="saisines",
    layout=LAYOUT,
    check=check,
    apply=apply,
    prepare=prepare,
    repeats=Repeats(_key, check_again, send_draft),
    most_rows=500,
    modes=(DRAFT, FILE),
)

IMPORTS: Final = import_router(
    "/api/v1/referrals/partner/imports/requests",
    IMPORTING,
    works,
    audience=Audience.PARTNER,
    roles=[SENDER],
    purpose=SUBMIT,
    shows=["technical", "identity", "social", "care_need", "narrative"],
    operation="import_requests",
)
