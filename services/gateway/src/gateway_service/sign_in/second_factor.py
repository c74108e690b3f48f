"""The second half of signing in, and stepping up: a code, a passkey, or a recovery code."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.account.deliveries import notify
from gateway_service.factors import challenges, passkeys, recovery, totp
from gateway_service.factors.passkeys import Credential, Options
from gateway_service.sign_in import session_life
from gateway_service.sign_in.attempts import let_through
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.models import Factor
from gateway_service.sign_in.refusals import FactorRefused, WrongStep
from gateway_service.sign_in.sessions import OpenSession
from gateway_service.sign_in.throttles import SECOND_FACTOR, forget
from servicekit import clock

PURPOSE: Final = "sign_in"

Kind = Literal["totp", "passkey", "recovery_code"]
Proof = Callable[[AsyncSession, datetime], Awaitable[bool]]
"""Checks what was given and uses it up, in the transaction that acts on it."""


async def give_totp(gate: Gate, current: OpenSession, code: str, caller: Caller) -> str:
    """Sign in fully, or step up, with a code; return the new cookie."""

    async def proof(session: AsyncSession, now: datetime) -> bool:
        return await totp.accept(session, gate.vault, current.account_id, code, now)

    await charge_factor(gate, current, caller)
    return await _act(gate, current, "totp", proof, caller)


async def passkey_options(gate: Gate, current: OpenSession) -> Options:
    """Ask the browser for one of the account's passkeys."""
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        known = await passkeys.of_account(session, current.account_id)
        if not known:
            raise WrongStep
        options, challenge = gate.party.authentication(known)
        await challenges.ask(session, gate.vault, current, "passkey_proof", challenge, now)
    return options


async def give_passkey(gate: Gate, current: OpenSession, credential: Credential, caller: Caller) -> str:
    """Sign in fully, or step up, with a passkey; return the new cookie."""

    async def proof(session: AsyncSession, now: datetime) -> bool:
        challenge = await challenges.take(session, gate.vault, current, "passkey_proof", now)
        if challenge is None:
            return False
        return await passkeys.accept(session, gate.party, current.account_id, credential, challenge, now)

    await charge_factor(gate, current, caller)
    return await _act(gate, current, "passkey", proof, caller)


async def give_recovery_code(gate: Gate, current: OpenSession, code: str, caller: Caller) -> str:
    """Sign in fully with a recovery code, which burns; its owner is told by e-mail. Return the new cookie."""
    typed = recovery.parse(code)
    await charge_factor(gate, current, caller)
    async with gate.database.system_session(PURPOSE) as session:
        code_hash = await recovery.unburned_hash(session, current.account_id, typed)
    right = await gate.hasher.verify(code_hash, typed.secret if typed else "")

    async def proof(session: AsyncSession, now: datetime) -> bool:
        if typed is None or code_hash is None or not right:
            return False
        if not await recovery.burn(session, current.account_id, typed, code_hash, now):
            return False
        await notify(session, current.account_id, "recovery_code_used")
        return True

    return await _act(gate, current, "recovery_code", proof, caller)


async def kinds_of(session: AsyncSession, current: OpenSession) -> list[Kind]:
    """Return the second factors the account can give now, passkeys first."""
    owned = set(await session.scalars(select(Factor.kind).where(Factor.account_id == current.account_id)))
    kinds: list[Kind] = []
    if "passkey" in owned:
        kinds.append("passkey")
    if "totp" in owned:
        kinds.append("totp")
    if owned and await recovery.left(session, current.account_id):
        kinds.append("recovery_code")
    return kinds


async def charge_factor(gate: Gate, current: OpenSession, caller: Caller) -> None:
    """Count a guess at the second factor before it is looked at; raises `Throttled`."""
    key = current.account_id.bytes
    await let_through(gate, caller, [(SECOND_FACTOR, key)], account_id=current.account_id, session_id=current.id)


async def _act(gate: Gate, current: OpenSession, kind: Kind, proof: Proof, caller: Caller) -> str:
    """Use the proof, then open the session, or note the step-up of one that is open."""
    now = clock.system_now()
    roles = await gate.sessions.roles(current.account_id)
    cookie = None
    async with gate.database.system_session(PURPOSE) as session:
        if await proof(session, now):
            await forget(session, SECOND_FACTOR, current.account_id.bytes)
            if current.state == "open":
                cookie = await session_life.rotate(session, current, stepup_at=now, seen_at=now)
                event = Event.STEPPED_UP
            else:
                cookie = await session_life.open_fully(session, current, roles, kind, caller, now)
                event = Event.FACTOR_ACCEPTED
        else:
            event = Event.FACTOR_REFUSED
        await note(session, event, caller, account_id=current.account_id, session_id=current.id, detail=kind)
    gate.sessions.forget()
    if cookie is None:
        raise FactorRefused
    return cookie
