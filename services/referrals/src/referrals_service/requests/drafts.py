"""Drafts: a form kept on the server while it is being filled in, and forgotten if nobody comes back to it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from referrals_service.consents.recording import About, record
from referrals_service.documents.acts import announce_sent
from referrals_service.requests import queries
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.caisse_settings import CaisseSettings
from referrals_service.requests.codes import CoarseState, DetectionMode, Queue, RequestKind, Side, Verb
from referrals_service.requests.companions import MisasReferral, RequestDetail, RequestTransition
from referrals_service.requests.filing import (
    RESOURCE,
    already_open,
    kept_form,
    misas_values,
    note_filing,
    notices,
    open_to_queue,
    require_sendable,
    submitted,
)
from referrals_service.requests.forms.every import empty, read
from referrals_service.requests.forms.misas import MisasFormIn, coded
from referrals_service.requests.forms.parts import Form, warnings_of
from referrals_service.requests.forms.urgent import require_ordinary
from referrals_service.requests.front_door import admit, settings_of
from referrals_service.requests.lifecycle import COARSE, LIFECYCLES, turn_in
from referrals_service.requests.models import By, Request
from referrals_service.requests.reporting import pass_to_social_service
from referrals_service.requests.schemas import DraftIn, DraftReceipt, FiledReceipt
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.documents.erasing import erase_case
from servicekit.errors import Invalid
from servicekit.facts import emit
from servicekit.writes import Receipt, require_version

_ONE_OPEN = "uq_requests_open"


def expiry(today: date, settings: CaisseSettings) -> date:
    """Return the last day of a draft touched today: calendar days, since it only measures being forgotten."""
    return today + timedelta(days=settings.draft_life_days)


async def create_draft(session: AsyncSession, actor: Actor, given: DraftIn) -> DraftReceipt:
    """Begin a request. Raises `PortalClosed`, `PersonNotFound`."""
    door = await admit(session, actor, given.person_id, given.kind)
    at = clock.now()
    lifecycle = LIFECYCLES[given.kind]
    draft = Request(
        caisse=actor.caisse,
        id=new_id(),
        kind=given.kind,
        state=lifecycle.initial,
        coarse=COARSE[lifecycle.initial],
        turn=turn_in(lifecycle.initial),
        queue=lifecycle.queue,
        topic="",
        urgent=given.kind is RequestKind.URGENT,
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
        paused_days=0,
        silence=0,
        draft_form=kept_form(empty(given.kind)),
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
    return _receipt(draft, door.remarks(given.kind))


async def save_form(session: AsyncSession, actor: Actor, request_id: UUID, version: int, form: Form) -> DraftReceipt:
    """Keep what was typed so far; the draft lives on from today. Raises `Invalid` for the form of another kind."""
    draft = await _draft(session, actor, request_id, Verb.SUBMIT)
    require_version(draft.version, version)
    if form.kind != draft.kind:
        message = "Ce formulaire n'est pas celui de cette demande."
        raise Invalid(message, errors=[{"field": "kind", "message": message}])
    today = calendar_of(draft.caisse).today()
    draft.draft_form = kept_form(form)
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
    kind, person_id = RequestKind(request.kind), request.person_id
    door = await admit(session, actor, person_id, kind)
    door.require_training(kind)
    form = read(kind, request.draft_form or {})
    await require_sendable(session, actor, door, person_id, form)
    at = clock.now()
    number: str = (
        await session.execute(select(func.next_request_number(request.caisse, door.today.year)))
    ).scalar_one()
    try:
        async with session.begin_nested():
            step = request.step(Verb.SUBMIT, By.of(actor), at)
            request.number, request.submitted_at = number, at
            request.topic, request.queue, request.urgent = form.topic, door.queue_of(form), form.is_urgent
            request.detector_kind, request.detector_trained = door.detector, door.trained
            request.due_on = door.due_on(form)
            request.draft_form = None
            await session.flush()
    except IntegrityError as error:
        if violated(error) != _ONE_OPEN:
            raise
        raise await already_open(session, actor, person_id, kind, form.topic) from error
    session.add_all([step, _detail(request, form, actor)])
    emit(
        session,
        submitted(
            request.caisse,
            request.subject,
            form,
            queue=Queue(request.queue),
            urgent=request.urgent,
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
        queue=Queue(request.queue),
        department=door.calendar.department,
        origin=request.id,
        by=actor.sub,
    )
    await record(
        session,
        By.of(actor),
        About(request.caisse, request.id, request.person_id, request.structure_id, request.kind),
        form.agreement,
    )
    await announce_sent(session, request)
    await pass_to_social_service(session, request.caisse, request.id, kind)
    note_filing(session, "request.submit", request.id, request.person_id, form)
    return FiledReceipt(
        id=request.id,
        version=request.version,
        state=request.coarse,
        number=number,
        due_on=request.due_on,
        warnings=notices([*door.remarks(kind), *warnings_of(form)]),
    )


async def make_draft_ordinary(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> DraftReceipt:
    """Go on with an urgent draft as an ordinary request, nothing retyped (LUP-02). Raises `Invalid` without a type."""
    draft = await _draft(session, actor, request_id, Verb.MAKE_ORDINARY)
    require_version(draft.version, version)
    form = require_ordinary(read(RequestKind(draft.kind), draft.draft_form or {}))
    session.add(draft.step(Verb.MAKE_ORDINARY, By.of(actor), clock.now()))
    draft.kind, draft.urgent, draft.queue = form.kind, False, LIFECYCLES[form.kind].queue
    draft.draft_form = kept_form(form)
    journal.change(session, "request.make_ordinary", RESOURCE, draft.id, subjects=[draft.person_id])
    return _receipt(draft, warnings_of(form))


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


def _detail(request: Request, form: Form, actor: Actor) -> MisasReferral | RequestDetail:
    of = {"caisse": request.caisse, "request_id": request.id, "structure_id": request.structure_id}
    if isinstance(form, MisasFormIn):
        return MisasReferral(**of, attested_by=actor.sub, **misas_values(coded(form)))
    return RequestDetail(**of, kind=form.kind, attested_by=actor.sub, form=kept_form(form))


def _receipt(draft: Request, remarks: Any) -> DraftReceipt:
    return DraftReceipt(
        id=draft.id,
        version=draft.version,
        state=CoarseState.DRAFT,
        expires_on=draft.due_on,
        warnings=notices(remarks),
    )
