"""A redirected request opens in another body: a linked record of the person, a linked request, once.

No audience reaches two tenants, so this is a job of the service itself, deferred in the transaction of the
redirection. It is idempotent by the link: however often it runs, the body receives one request. The sender's
structure belongs to the first caisse and goes on seeing its own request there, redirected; the new one has no
structure, and nobody of the first caisse sees it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents.codes import ConsentScope, ConsentState
from referrals_service.consents.models import Consent
from referrals_service.consents.recording import About, Informed, record
from referrals_service.jobs import jobs
from referrals_service.persons.models import Person
from referrals_service.persons.moving import move
from referrals_service.requests import facts
from referrals_service.requests.caisse_calendar import CaisseCalendar, calendar_of
from referrals_service.requests.codes import (
    CareType,
    DetectionMode,
    DetectorKind,
    MisasState,
    Queue,
    ReferralMotive,
    ReferralScope,
    RenunciationReason,
    RequestKind,
    Verb,
)
from referrals_service.requests.companions import MisasReferral, RequestTransition
from referrals_service.requests.filing import open_to_queue
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.lifecycle import MISAS
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
    form = (
        await session.scalars(
            select(MisasReferral).where(MisasReferral.caisse == caisse, MisasReferral.request_id == request_id)
        )
    ).one()
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
    copied = {c.key: getattr(form, c.key) for c in MisasReferral.__table__.columns}
    own = {"caisse": body, "request_id": arrived.id, "structure_id": None}
    session.add_all(
        [
            MisasReferral(**(copied | own)),
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
            ),
        ]
    )
    # What hangs on the request is written without the unit of work.
    await session.flush()
    if agreed is not None:
        await record(
            session,
            by,
            About(body, arrived.id, moved.id, None, arrived.kind),
            Informed(agreed.informed_on, agreed.channel, agreed.statement_version),
            scope=ConsentScope(agreed.scope),
            origin=(caisse, agreed.id),
        )
    emit(session, _announce(arrived, form))
    await open_to_queue(
        session,
        body,
        moved.id,
        queue=Queue(arrived.queue),
        department=calendar_of(caisse).department if calendar.social_service is None else calendar.department,
        origin=arrived.id,
        by=by.actor,
    )


async def _arrival(
    session: AsyncSession, origin: Request, person_id: UUID, calendar: CaisseCalendar, at: datetime
) -> Request:
    """Return the linked request: to be reviewed anew by another caisse, to be taken by a social service."""
    today = calendar.today()
    to_caisse = calendar.social_service is not None
    if to_caisse:
        settings = await settings_of(session, calendar.caisse, today)
        due_on = calendar.deadline(today, settings.misas_review.delay)
        drawn = select(func.next_request_number(calendar.caisse, today.year))
        number: str | None = (await session.execute(drawn)).scalar_one()
        state, queue = MisasState.SUBMITTED, Queue.MISAS
    else:
        # A social service numbers no referral of its own: the caisse's number is what both know it by.
        due_on, number = origin.due_on, origin.number
        state, queue = MisasState.REDIRECTED, Queue.SS
    return Request(
        caisse=calendar.caisse,
        id=new_id(),
        kind=origin.kind,
        state=state,
        coarse=MISAS.coarse[state],
        turn=MISAS.turn[state],
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
        decided_at=None if to_caisse else origin.decided_at,
        due_on=due_on,
        last_event=Verb.RECEIVE,
        last_event_at=at,
        unread_by_partner=0,
        unread_by_caisse=0,
        origin_caisse=origin.caisse,
        origin_id=origin.id,
    )


def _announce(arrived: Request, form: MisasReferral) -> facts.RequestSubmitted:
    return facts.RequestSubmitted(
        caisse=arrived.caisse,
        subject=arrived.subject,
        payload=facts.Submitted(
            kind=RequestKind(arrived.kind),
            queue=Queue(arrived.queue),
            detector_kind=DetectorKind(arrived.detector_kind),
            detection_mode=DetectionMode(arrived.detection_mode),
            detector_trained=arrived.detector_trained,
            scopes=[ReferralScope(code) for code in form.scopes],
            motives=[ReferralMotive(code) for code in form.motives],
            renounced_care=[
                facts.Care(
                    care_type=CareType(care["care_type"]),
                    reasons=[RenunciationReason(code) for code in care["reasons"]],
                )
                for care in form.renounced_care
            ],
            due_on=arrived.due_on,
            origin_caisse=arrived.origin_caisse,
            origin=arrived.origin_id,
        ),
    )
