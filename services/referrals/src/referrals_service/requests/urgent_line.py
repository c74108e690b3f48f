"""The urgency line re-checks the criteria: urgent, or the same request goes on as an ordinary one (LUP-02)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import revoke
from referrals_service.requests import facts, queries
from referrals_service.requests.answer import to_decide
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import RequestKind, Verb
from referrals_service.requests.companions import RequestDetail
from referrals_service.requests.filing import RESOURCE, AlreadyOpen, kept_form, open_to_queue
from referrals_service.requests.forms.every import read
from referrals_service.requests.forms.urgent import require_ordinary
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.models import By
from referrals_service.requests.schemas_agent import MakeOrdinaryIn
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.facts import emit
from servicekit.writes import Receipt


async def qualify(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> Receipt:
    """Confirm that the criteria hold."""
    request = await to_decide(session, actor, request_id, version, Verb.QUALIFY)
    session.add(request.step(Verb.QUALIFY, By.of(actor), clock.now()))
    journal.change(session, "request.qualify", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)


async def make_ordinary(
    session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: MakeOrdinaryIn
) -> Receipt:
    """Let a request that is not urgent go on as an ordinary one: same number, same documents, nothing retyped.

    Its answer is owed in the ordinary delay, counted from the day it was sent. Raises `AlreadyOpen` when the
    same ordinary step is under way already.
    """
    request = await to_decide(session, actor, request_id, version, Verb.MAKE_ORDINARY)
    of_it = select(RequestDetail).where(
        RequestDetail.caisse == request.caisse,
        RequestDetail.request_id == request.id,
        RequestDetail.kind == RequestKind.URGENT,
    )
    urgent = (await session.scalars(of_it)).one()
    form = require_ordinary(read(RequestKind.URGENT, urgent.form))
    calendar = calendar_of(request.caisse)
    settings = await settings_of(session, request.caisse, calendar.today())
    step = request.step(Verb.MAKE_ORDINARY, By.of(actor), clock.now(), message=given.message)
    request.kind, request.topic, request.urgent = form.kind, form.topic, False
    request.queue = settings.queue_of(form.kind, form.topic)
    request.assigned_to = request.unit = None
    request.unread_by_partner += 1
    assert request.submitted_at is not None  # noqa: S101 - a draft is not at the urgency line
    sent_on = calendar.day_of(request.submitted_at)
    request.due_on = calendar.deadline(sent_on, settings.review_delay(form.kind).delay)
    if await queries.same_step_is_open(session, request):
        raise AlreadyOpen(
            "La même démarche ordinaire est déjà en cours pour cette personne : refusez celle-ci comme doublon.",
            rule="ESP-13",
        )
    await session.flush()
    session.add_all(
        [
            step,
            RequestDetail(
                caisse=request.caisse,
                request_id=request.id,
                kind=form.kind,
                structure_id=request.structure_id,
                attested_by=urgent.attested_by,
                form=kept_form(form),
            ),
        ]
    )
    await revoke(session, request.caisse, by=actor.sub, person_id=request.person_id, origin=request.id)
    await open_to_queue(
        session,
        request.caisse,
        request.person_id,
        queue=request.queue,
        department=calendar.department,
        origin=request.id,
        by=actor.sub,
    )
    payload = facts.MadeOrdinary(kind=form.kind, topic=form.topic or None, queue=request.queue, due_on=request.due_on)
    emit(session, facts.RequestMadeOrdinary(caisse=request.caisse, subject=request.subject, payload=payload))
    journal.change(session, "request.make_ordinary", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)
