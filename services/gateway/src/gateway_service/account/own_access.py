"""What signed-in people do with their own access: choose a role, see and end sessions, change the password."""

from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from gateway_service.account.deliveries import email_of, notify
from gateway_service.factors.passwords import require_acceptable
from gateway_service.sign_in import session_life
from gateway_service.sign_in.attempts import let_through
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.models import Credential, Session
from gateway_service.sign_in.refusals import SignInRefused
from gateway_service.sign_in.sessions import OpenSession
from gateway_service.sign_in.throttles import ACCOUNT, forget
from servicekit import clock
from servicekit.errors import NotFound

PURPOSE: Final = "account.own"


async def switch(gate: Gate, current: OpenSession, assignment_id: UUID, caller: Caller) -> str:
    """Act under another of one's roles from now on; return the new cookie."""
    roles = await gate.sessions.roles(current.account_id)
    chosen = next((role for role in roles if role.assignment_id == assignment_id), None)
    if chosen is None:
        raise NotFound("Ce rôle ne vous est pas ou plus attribué.")
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        cookie = await session_life.rotate(session, current, assignment_id=assignment_id, seen_at=now)
        await session_life.choose(session, current.account_id, chosen)
        await note(
            session,
            Event.SESSION_SWITCHED,
            caller,
            account_id=current.account_id,
            session_id=current.id,
            detail=chosen.role,
        )
    gate.sessions.forget()
    return cookie


async def sign_out(gate: Gate, current: OpenSession, caller: Caller) -> None:
    """End the session one is in."""
    async with gate.database.system_session(PURPOSE) as session:
        await session_life.end(session, current.id, current.account_id, "signed_out", clock.system_now())
        await note(
            session,
            Event.SESSION_SIGNED_OUT,
            caller,
            account_id=current.account_id,
            session_id=current.id,
        )
    gate.sessions.forget()


async def own_sessions(gate: Gate, current: OpenSession) -> list[Session]:
    """Return one's open sessions, the latest first."""
    async with gate.database.system_session(PURPOSE) as session:
        return await session_life.open_sessions(session, current.account_id, clock.system_now())


async def revoke(gate: Gate, current: OpenSession, session_id: UUID, caller: Caller) -> None:
    """End one of one's sessions, at once."""
    async with gate.database.system_session(PURPOSE) as session:
        ended = await session_life.end(session, session_id, current.account_id, "revoked", clock.system_now())
        if not ended:
            raise NotFound("Cette session n'existe pas ou est déjà fermée.")
        await note(session, Event.SESSION_REVOKED, caller, account_id=current.account_id, session_id=session_id)
    gate.sessions.forget()


async def change_password(gate: Gate, current: OpenSession, present: str, wanted: str, caller: Caller) -> str:
    """Replace the password, end the other sessions; return the new cookie.

    The present password is asked for and its guesses counted, as at sign-in: an unattended screen is not
    enough. Raises `Throttled`, `SignInRefused`, `PasswordRefused`.
    """
    async with gate.database.system_session(PURPOSE) as session:
        email = await email_of(session, gate.vault, current.account_id)
        stored = await session.scalar(
            select(Credential.password_hash).where(Credential.account_id == current.account_id)
        )
    key = gate.vault.email_key(email)
    await let_through(gate, caller, [(ACCOUNT, key)], account_id=current.account_id, session_id=current.id)
    if not await gate.hasher.verify(stored, present):
        async with gate.database.system_session(PURPOSE) as session:
            await note(session, Event.PASSWORD_REFUSED, caller, account_id=current.account_id)
        raise SignInRefused
    caisses = [role.caisse for role in await gate.sessions.roles(current.account_id)]
    require_acceptable(wanted, email=email, known_words=caisses)
    password_hash = await gate.hasher.hash(wanted)
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        await forget(session, ACCOUNT, key)
        await session.execute(
            update(Credential)
            .where(Credential.account_id == current.account_id)
            .values(password_hash=password_hash, password_changed_at=now)
        )
        await session_life.end_all(session, current.account_id, "password_changed", now, but=current.id)
        cookie = await session_life.rotate(session, current, seen_at=now)
        await note(
            session,
            Event.PASSWORD_CHANGED,
            caller,
            account_id=current.account_id,
            session_id=current.id,
        )
        await notify(session, current.account_id, "password_changed")
    gate.sessions.forget()
    return cookie
