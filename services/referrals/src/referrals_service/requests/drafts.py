"""Drafts: a form kept on the server while it is being filled in, and forgotten if nobody comes back to it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from referrals_service.consents.recording import About, Informed, record
from referrals_service.documents.acts import announce_sent
from referrals_service.requests import queries
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.caisse_settings import CaisseSettings
from referrals_service.requests.codes import CoarseState, DetectionMode, RequestKind, Side, Verb
from referrals_service.requests.companions import MisasReferral, RequestTransition
from referrals_service.requests.filing import (
    RESOURCE,
    already_open,
    misas_values,
    note_filing,
    notices,
    open_to_queue,
    submitted,
)
from referrals_service.requests.front_door import admit, settings_of
from referrals_service.requests.lifecycle import LIFECYCLES
from referrals_service.requests.misas_form import MisasFormIn, complete, warnings_of
from referrals_service.requests.models import By, Request
from referrals_service.requests.schemas import DraftIn, DraftReceipt, FiledReceipt
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.documents.erasing import erase_case
from servicekit.facts import emit
from servicekit.writes import Receipt, require_version

_ONE_OPEN = "uq_requests_open"


def expiry(today: date, settings: CaisseSettings) -> date:
    """Return the last day of a draft touched today: calendar days, since it only measures being forgotten."""
    return today + timedelta(days=settings.draft_life_days)


async def create_draft(session: AsyncSession, actor: Actor, given: DraftIn) -> DraftReceipt:
    """Begin a request. Raises `PortalClosed`, `PersonNotFound`."""
    door = await admit(session, actor, given.person_id)
    at = clock.now()
    lifecycle = LIFECYCLES[given.kind]
    draft = Request(
        caisse=actor.caisse,
        id=new_id(),
        kind=given.kind,
        state=lifecycle.initial,
        coarse=lifecycle.coarse[lifecycle.initial],
        turn=lifecycle.turn[lifecycle.initial],
        queue=lifecycle.queue,
        version=1,
        structure_id=actor.structure_id,
        author=actor.sub,
        person_id=given.person_id,
        detector_kind=door.detector,
        detection_mode=DetectionMode.EXTERNAL,
        created_at=at,
        updated_at=at,
        due_on=expiry(door.today, door.settings),
        last_event=Verb.CREATE,
        last_event_at=at,
        unread_by_partner=0,
        unread_by_caisse=0,
        draft_form=_typed(MisasFormIn()),
    )
    session.add(draft)
    # The history refers to it by a key that the unit of work does not know of.
    await session.flush()
    session.add(
        RequestTransition(
            caisse=draft.caisse,
            request_id=draft.id,
            id=new_id(),
            structure_id=draft.structure_id,
            at=at,
            side=Side.PARTNER,
            actor=actor.sub,
            role=actor.role,
            verb=Verb.CREATE,
            to_state=draft.state,
        )
    )
    journal.change(session, "request.draft", RESOURCE, draft.id, subjects=[draft.person_id])
    return _receipt(draft, door.remarks)


async def save_form(
    session: AsyncSession, actor: Actor, request_id: UUID, version: int, form: MisasFormIn
) -> DraftReceipt:
    """Keep what was typed so far; the draft lives on from today."""
    draft = await _draft(session, actor, request_id, Verb.SUBMIT)
    require_version(draft.version, version)
    today = calendar_of(draft.caisse).today()
    draft.draft_form = _typed(form)
    draft.due_on = expiry(today, await settings_of(session, draft.caisse, today))
    draft.version += 1
    draft.updated_at = clock.now()
    journal.change(session, "request.draft", RESOURCE, draft.id, subjects=[draft.person_id], after=draft.draft_form)
    return _receipt(draft, warnings_of(form))


async def submit_draft(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> FiledReceipt:
    """Send a draft: from here it is a request like one that was filed at once.

    Raises as `file_request`; whatever is refused, the draft stays as it was.
    """
    request = await _draft(session, actor, request_id, Verb.SUBMIT)
    require_version(request.version, version)
    door = await admit(session, actor, request.person_id)
    door.require_training()
    typed = MisasFormIn.model_validate(request.draft_form)
    form = complete(typed, door.today)
    at, kind = clock.now(), RequestKind(request.kind)
    number: str = (
        await session.execute(select(func.next_request_number(request.caisse, door.today.year)))
    ).scalar_one()
    person_id = request.person_id
    try:
        async with session.begin_nested():
            step = request.step(Verb.SUBMIT, By.of(actor), at)
            request.number, request.submitted_at = number, at
            request.detector_kind, request.detector_trained = door.detector, door.trained
            request.due_on = door.calendar.deadline(door.today, door.settings.review_delay(kind).delay)
            request.draft_form = None
            await session.flush()
    except IntegrityError as error:
        if violated(error) != _ONE_OPEN:
            raise
        raise await already_open(session, actor, person_id, kind) from error
    detail = MisasReferral(
        caisse=request.caisse,
        request_id=request.id,
        structure_id=request.structure_id,
        attested_by=actor.sub,
        **misas_values(form),
    )
    session.add_all([step, detail])
    emit(
        session,
        submitted(
            request.caisse,
            request.subject,
            form,
            kind=kind,
            queue=request.lifecycle.queue,
            detector=door.detector,
            mode=DetectionMode.EXTERNAL,
            trained=door.trained,
            due_on=request.due_on,
        ),
    )
    await open_to_queue(
        session,
        request.caisse,
        request.person_id,
        queue=request.lifecycle.queue,
        department=door.calendar.department,
        origin=request.id,
        by=actor.sub,
    )
    await record(
        session,
        By.of(actor),
        About(request.caisse, request.id, request.person_id, request.structure_id, request.kind),
        Informed(form.informed_on, form.agreement_channel, form.statement_version),
    )
    await announce_sent(session, request)
    note_filing(session, "request.submit", request.id, request.person_id, form)
    return FiledReceipt(
        id=request.id,
        version=request.version,
        state=request.coarse,
        number=number,
        due_on=request.due_on,
        warnings=notices([*door.remarks, *warnings_of(typed)]),
    )


async def discard_draft(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> Receipt:
    """Throw a draft away with what was typed."""
    draft = await _draft(session, actor, request_id, Verb.DISCARD)
    require_version(draft.version, version)
    session.add(draft.step(Verb.DISCARD, By.of(actor), clock.now()))
    draft.draft_form = None
    await erase_case(session, draft.caisse, draft.id)
    journal.change(session, "request.discard", RESOURCE, draft.id, subjects=[draft.person_id])
    return Receipt(id=draft.id, version=draft.version, state=draft.coarse)


async def _draft(session: AsyncSession, actor: Actor, request_id: UUID, verb: Verb) -> Request:
    request = await queries.get_for_update(session, actor, request_id)
    request.lifecycle.after(request.state, verb)
    return request


def violated(error: IntegrityError) -> str | None:
    """Return the name of the constraint that a statement broke."""
    name: str | None = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return name


def _typed(form: MisasFormIn) -> dict[str, Any]:
    return form.model_dump(mode="json")


def _receipt(draft: Request, remarks: Any) -> DraftReceipt:
    return DraftReceipt(
        id=draft.id,
        version=draft.version,
        state=CoarseState.DRAFT,
        expires_on=draft.due_on,
        warnings=notices(remarks),
    )
