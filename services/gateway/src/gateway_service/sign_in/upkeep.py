"""What sign-in does by the clock: forget what has served, and tell when somebody attacks it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.jobs import jobs
from gateway_service.sign_in import session_life, throttles
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.models import Invitation, PasswordReset, SignInEvent
from servicekit import clock
from servicekit.telemetry import log

LINKS_KEPT: Final = timedelta(hours=24)


@jobs.every("sign_in.purge", cron="7 * * * *")
async def purge(session: AsyncSession) -> None:
    """Delete ended sessions, attempts that count no more and links that work no more."""
    now = clock.system_now()
    await session_life.purge(session, now)
    await throttles.purge(session, now)
    await session.execute(delete(PasswordReset).where(PasswordReset.expires_at < now - LINKS_KEPT))
    # The row stays: it is what makes a fact of `partners` that is read again invite nobody twice.
    await session.execute(
        update(Invitation)
        .where(Invitation.expires_at < now - LINKS_KEPT, Invitation.email_sealed.is_not(None))
        .values(email_sealed=None, token_hash=None, withdrawn_at=now)
    )


@jobs.every("sign_in.watch", cron="* * * * *")
async def watch(session: AsyncSession) -> None:
    """Raise the alarm when there are more wrong guesses than people can make, once in five minutes."""
    now = clock.system_now()
    if not await throttles.under_attack(session, now):
        return
    told = select(
        exists().where(SignInEvent.event == Event.UNDER_ATTACK, SignInEvent.at > now - throttles.ALERT.during)
    )
    if not await session.scalar(told):
        await note(session, Event.UNDER_ATTACK, None)
        log.error("sign-in is under attack", limit=throttles.ALERT.most)
