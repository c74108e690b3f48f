"""An agreement ends by its own date: whoever rests on it is told, and nothing closed reads the person on it."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents import facts
from referrals_service.consents.codes import ConsentScope, ConsentState
from referrals_service.consents.models import Consent
from referrals_service.consents.withdrawing import subject_of
from referrals_service.jobs import jobs
from referrals_service.persons.grants import revoke
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState
from referrals_service.requests.models import By, Request
from servicekit import clock
from servicekit.facts import emit

AT_ONCE: Final = 200


@jobs.every("consents.expire", cron="3-59/10 * * * *")
async def expire(session: AsyncSession) -> None:
    """End the agreements whose last day has passed.

    A request that still waits is not withdrawn: the person asked for it. Its agent asks for the agreement again.
    """
    due = (
        select(Consent, Request)
        .join(Request, (Request.caisse == Consent.caisse) & (Request.id == Consent.request_id))
        .where(Consent.state == ConsentState.GIVEN, Consent.expires_on < _latest_today())
        .order_by(Consent.expires_on, Consent.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    by = By.system()
    for consent, request in (await session.execute(due)).all():
        if consent.expires_on >= calendar_of(consent.caisse).today():
            continue
        consent.state, consent.ended_at = ConsentState.EXPIRED, clock.now()
        consent.version += 1
        goes_on = request.is_open or request.coarse == CoarseState.TAKEN_ON
        if not goes_on:
            await revoke(session, request.caisse, by=by.actor, person_id=request.person_id, origin=request.id)
        emit(
            session,
            facts.ConsentExpired(
                caisse=consent.caisse,
                subject=subject_of(consent),
                payload=facts.Expired(scope=ConsentScope(consent.scope), purpose=consent.purpose, open=request.is_open),
            ),
        )


def _latest_today() -> date:
    """Return the date where days begin first, east of every caisse."""
    return (clock.now() + timedelta(hours=14)).date()
