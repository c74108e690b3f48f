"""A request opens in another body: a linked record of the person, a linked request, once.

No audience reaches two tenants, so this is a job of the service itself, deferred in the transaction of the
redirection. It is idempotent by the link: however often it runs, the body receives one request. The sender's
structure belongs to the first caisse and goes on seeing its own request there; the new one has no structure, and
nobody of the first caisse sees it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents.codes import ConsentScope, ConsentState
from referrals_service.consents.models import Consent
from referrals_service.consents.recording import About, record
from referrals_service.jobs import jobs
from referrals_service.persons.models import Person
from referrals_service.persons.moving import move
from referrals_service.requests.caisse_calendar import CaisseCalendar, calendar_of
from referrals_service.requests.codes import (
    AgreementChannel,
    DetectionMode,
    DetectorKind,
    Queue,
    RequestKind,
    RequestState,
    Verb,
)
from referrals_service.requests.companions import MisasReferral, RequestDetail, RequestTransition
from referrals_service.requests.filing import open_to_queue, submitted
from referrals_service.requests.forms import misas
from referrals_service.requests.forms.every import read
from referrals_service.requests.forms.parts import Form, Informed
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.lifecycle import COARSE, turn_in
from referrals_service.requests.models import By, Request
from servicekit import clock
from servicekit.db import new_id
from servicekit.facts import emit


@jobs.task("requests.open_transferred")
async def open_transferred(session: AsyncSession, caisse: str, request_id: UUID, body: str) -> None:
    """Open in `body` what `caisse` redirected to it, unless it is open there already."""
    origin = (
        await session.scalars(
            select(Request).where(Request.caisse == caisse, Request.id == request_id).with_for_update()
        )
    ).one()
    done = select(Request.id).where(
        Request.caisse == body, Request.origin_caisse == caisse, Request.origin_id == request_id
    )
    if await session.scalar(done) is not None:
        return
    details = await _details(session, origin)
    agreed = (
        await session.scalars(
            select(Consent)
            .where(Consent.caisse == caisse, Consent.request_id == request_id)
            .order_by(Consent.id.desc())
        )
    ).first()
    if agreed is not None and agreed.state == ConsentState.WITHDRAWN:
        # Taken back between the redirection and this job: nothing leaves.
        return
    person = (await session.scalars(select(Person).where(Person.caisse == caisse, Person.id == origin.person_id))).one()
    by, at, calendar = By.system(), clock.now(), calendar_of(body)
    moved = await move(session, person, body, by=by.actor)
    arrived = await _arrival(session, origin, moved.id, calendar, at)
    session.add(arrived)
    await session.flush()
    own = {"caisse": body, "request_id": arrived.id, "structure_id": None}
    session.add_all([type(detail)(**(_values(detail) | own)) for detail in details])
    session.add(
        RequestTransition(
            caisse=body,
            request_id=arrived.id,
            id=new_id(),
            at=at,
            side=by.side,
            actor=by.actor,
            role=by.role,
            verb=Verb.RECEIVE,
            to_state=arrived.state,
            target_body=caisse,
        )
    )
    emit(
        session,
        submitted(
            arrived.caisse,
            arrived.subject,
            _form(arrived, details),
            queue=Queue(arrived.queue),
            urgent=arrived.urgent,
            detector=DetectorKind(arrived.detector_kind),
            mode=DetectionMode(arrived.detection_mode),
            trained=arrived.detector_trained,
            due_on=arrived.due_on,
            origin=(origin.caisse, origin.id),
        ),
    )
    # What hangs on the request is written without the unit of work.
    await session.flush()
    if agreed is not None:
        await record(
            session,
            by,
            About(body, arrived.id, moved.id, None, arrived.kind),
            Informed(agreed.informed_on, AgreementChannel(agreed.channel), agreed.statement_version),
            scope=ConsentScope(agreed.scope),
            origin=(caisse, agreed.id),
        )
    await open_to_queue(
        session,
        body,
        moved.id,
        queue=Queue(arrived.queue),
        department=calendar_of(caisse).department if calendar.social_service is None else calendar.department,
        origin=arrived.id,
        by=by.actor,
    )


async def _details(session: AsyncSession, origin: Request) -> Sequence[MisasReferral | RequestDetail]:
    if origin.kind == RequestKind.MISAS_REFERRAL:
        one = await session.get_one(MisasReferral, (origin.caisse, origin.id))
        return [one]
    found = select(RequestDetail).where(RequestDetail.caisse == origin.caisse, RequestDetail.request_id == origin.id)
    return (await session.scalars(found)).all()


def _values(detail: MisasReferral | RequestDetail) -> dict[str, Any]:
    return {column.key: getattr(detail, column.key) for column in type(detail).__table__.columns}


def _form(arrived: Request, details: Sequence[MisasReferral | RequestDetail]) -> Form:
    for detail in details:
        if isinstance(detail, MisasReferral):
            return misas.kept(detail)
        if detail.kind == arrived.kind:
            return read(RequestKind(arrived.kind), detail.form)
    raise LookupError(arrived.id)


async def _arrival(
    session: AsyncSession, origin: Request, person_id: UUID, calendar: CaisseCalendar, at: datetime
) -> Request:
    """Return the linked request: to be reviewed anew by another caisse, to be taken by a social service."""
    today, kind = calendar.today(), RequestKind(origin.kind)
    state: RequestState
    if calendar.social_service is not None:
        settings = await settings_of(session, calendar.caisse, today)
        drawn = select(func.next_request_number(calendar.caisse, today.year))
        number: str | None = (await session.execute(drawn)).scalar_one()
        state, queue = RequestState.SUBMITTED, settings.queue_of(kind, origin.topic)
        # The mission reviews relevance anew; what was promised to a sender is owed by whoever holds it now.
        misas_again = kind is RequestKind.MISAS_REFERRAL
        due_on = calendar.deadline(today, settings.misas_review.delay) if misas_again else origin.due_on
    else:
        # A social service numbers no referral of its own: the caisse's number is what both know it by.
        due_on, number, queue = origin.due_on, origin.number, Queue.SS
        state = RequestState.SUBMITTED if kind is RequestKind.SS_REFERRAL else RequestState.REDIRECTED
    return Request(
        caisse=calendar.caisse,
        id=new_id(),
        kind=origin.kind,
        topic=origin.topic,
        urgent=origin.urgent,
        state=state,
        coarse=COARSE[state],
        turn=turn_in(state),
        queue=queue,
        number=number,
        version=1,
        structure_id=None,
        author=origin.author,
        person_id=person_id,
        detector_kind=origin.detector_kind,
        detection_mode=origin.detection_mode,
        detector_trained=origin.detector_trained,
        created_at=at,
        updated_at=at,
        submitted_at=at,
        decided_at=origin.decided_at if state is RequestState.REDIRECTED else None,
        due_on=due_on,
        last_event=Verb.RECEIVE,
        last_event_at=at,
        unread_by_partner=0,
        unread_by_caisse=0,
        paused_days=0,
        silence=0,
        origin_caisse=origin.caisse,
        origin_id=origin.id,
    )
