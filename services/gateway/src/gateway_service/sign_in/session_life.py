"""How a session begins, rises in trust, and ends. Every rise gives it a new cookie (no fixation)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.sealing import new_token, token_hash
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.models import Account, Credential, Session
from gateway_service.sign_in.sessions import OpenSession, Role, State, idle_limit
from servicekit.db import new_id
from servicekit.errors import Unauthenticated

SECOND_FACTOR_WITHIN: Final = timedelta(minutes=10)
ENROLMENT_WITHIN: Final = timedelta(minutes=45)
LONGEST: Final = {"partner": timedelta(hours=10)}
LONGEST_OTHERWISE: Final = timedelta(hours=8)
AT_ONCE: Final = 3
KEPT_AFTER_END: Final = timedelta(hours=24)


async def begin(session: AsyncSession, account_id: UUID, state: State, caller: Caller, now: datetime) -> str:
    """Begin a session that may only give its second factor, or choose one; return its cookie."""
    cookie = new_token()
    within = SECOND_FACTOR_WITHIN if state == "second_factor" else ENROLMENT_WITHIN
    await session.execute(
        insert(Session).values(
            id=new_id(),
            account_id=account_id,
            cookie_hash=token_hash(cookie),
            state=state,
            created_at=now,
            seen_at=now,
            expires_at=now + within,
            device=caller.device,
            address=caller.network,
        )
    )
    return cookie


async def open_fully(
    session: AsyncSession,
    current: OpenSession,
    roles: Sequence[Role],
    factor: str,
    caller: Caller,
    now: datetime,
) -> str:
    """Open a session whose person has given both factors; the oldest beyond three ends. Return the cookie.

    The factor just given counts as a step-up, but for a recovery code: a step-up takes none either.
    """
    await _one_at_a_time(session, current.account_id)
    await _evict(session, current.account_id, caller, now)
    chosen = await _last_chosen(session, current.account_id, roles)
    longest = LONGEST.get(chosen.audience, LONGEST_OTHERWISE) if chosen else LONGEST_OTHERWISE
    cookie = await rotate(
        session,
        current,
        state="open",
        assignment_id=chosen.assignment_id if chosen else None,
        factor=factor,
        auth_time=now,
        stepup_at=None if factor == "recovery_code" else now,
        seen_at=now,
        expires_at=now + longest,
    )
    await note(
        session,
        Event.SESSION_OPENED,
        caller,
        account_id=current.account_id,
        session_id=current.id,
        detail=factor,
    )
    return cookie


async def rotate(session: AsyncSession, current: OpenSession, **changes: object) -> str:
    """Change a session and give it a new cookie; the old one is worth nothing from here on.

    Compares with the cookie it was read under: of two parallel rises of one session, one is refused.
    """
    cookie = new_token()
    moved = await session.execute(
        update(Session)
        .where(Session.id == current.id, Session.cookie_hash == current.cookie_hash, Session.ended_at.is_(None))
        .values(cookie_hash=token_hash(cookie), **changes)
        .returning(Session.id)
    )
    if moved.scalar_one_or_none() is None:
        raise Unauthenticated("Votre session a changé entre-temps. Reconnectez-vous.")
    return cookie


async def end(session: AsyncSession, session_id: UUID, account_id: UUID, reason: str, now: datetime) -> bool:
    """End one session of an account; False when there was none to end."""
    ended = await session.execute(
        update(Session)
        .where(Session.id == session_id, Session.account_id == account_id, Session.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(Session.id)
    )
    return ended.scalar_one_or_none() is not None


async def end_all(
    session: AsyncSession, account_id: UUID, reason: str, now: datetime, *, but: UUID | None = None
) -> None:
    """End every session of an account at once, but the one that asks for it."""
    ending = update(Session).where(Session.account_id == account_id, Session.ended_at.is_(None))
    if but is not None:
        ending = ending.where(Session.id != but)
    await session.execute(ending.values(ended_at=now, end_reason=reason))


async def open_sessions(session: AsyncSession, account_id: UUID, now: datetime) -> list[Session]:
    """Return the sessions through which the account can be used now, the latest opened first."""
    found = await session.scalars(
        select(Session)
        .where(
            Session.account_id == account_id,
            Session.state == "open",
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.seen_at > now - idle_limit(None),
        )
        .order_by(Session.auth_time.desc(), Session.id.desc())
    )
    return list(found)


async def purge(session: AsyncSession, now: datetime) -> None:
    """Delete the sessions that ended or expired a day ago."""
    long_ago = now - KEPT_AFTER_END
    await session.execute(delete(Session).where((Session.ended_at < long_ago) | (Session.expires_at < long_ago)))


async def _one_at_a_time(session: AsyncSession, account_id: UUID) -> None:
    """Make parallel openings of one account wait for each other, so that none misses the other's session."""
    await session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))


async def _evict(session: AsyncSession, account_id: UUID, caller: Caller, now: datetime) -> None:
    for oldest in (await open_sessions(session, account_id, now))[AT_ONCE - 1 :]:
        await end(session, oldest.id, account_id, "evicted", now)
        await note(session, Event.SESSION_EVICTED, caller, account_id=account_id, session_id=oldest.id)


async def choose(session: AsyncSession, account_id: UUID, role: Role) -> None:
    """Remember under which role the next session should open."""
    await session.execute(
        update(Credential).where(Credential.account_id == account_id).values(last_assignment_id=role.assignment_id)
    )


async def _last_chosen(session: AsyncSession, account_id: UUID, roles: Sequence[Role]) -> Role | None:
    """Return the role the person worked under last time if it still stands, else the first one."""
    last = await session.scalar(select(Credential.last_assignment_id).where(Credential.account_id == account_id))
    return next((role for role in roles if role.assignment_id == last), roles[0] if roles else None)
