"""The first half of signing in: address and password. Guesses are charged before they are verified.

Argon2id runs between two transactions, never inside one, so that slow work holds no connection.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.sign_in import known_browsers, session_life
from gateway_service.sign_in.attempts import let_through
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.models import Account, Credential, Factor
from gateway_service.sign_in.refusals import EnrolmentExpired, SignInRefused
from gateway_service.sign_in.sessions import OpenSession, State
from gateway_service.sign_in.throttles import ACCOUNT, ADDRESS, forget, take_back
from servicekit import clock

PURPOSE = "sign_in"

_Known = Row[UUID, str, datetime, bool]


async def give_password(
    gate: Gate, email: str, password: str, caller: Caller, *, instead_of: OpenSession | None = None
) -> str:
    """Check address and password; return the cookie of a session that must now give its second factor.

    `instead_of`, the session the browser was in, ends: its cookie is about to be lost.

    Same work, same statements and same answer whether the address is unknown, suspended or the password
    wrong. Raises `Throttled`, `SignInRefused`, `EnrolmentExpired`.
    """
    email_key = gate.vault.email_key(email)
    email_hash = gate.vault.journal_key(email)
    account_key = known_browsers.account_key(gate.vault, email_key, caller.browser)
    keys = [(ACCOUNT, account_key), (ADDRESS, gate.vault.address_key(caller.address))]
    charged = await let_through(gate, caller, keys, email_hash=email_hash)
    async with gate.database.system_session(PURPOSE) as session:
        known = await _known(session, email_key)
    right = await gate.hasher.verify(known.password_hash if known else None, password)
    if known is None or not right:
        async with gate.database.system_session(PURPOSE) as session:
            await note(session, Event.PASSWORD_REFUSED, caller, email_hash=email_hash)
        raise SignInRefused
    rehashed = await gate.hasher.hash(password) if gate.hasher.outdated(known.password_hash) else None
    now = clock.system_now()
    state: State = "second_factor" if known.has_factor else "enrolment"
    too_late = state == "enrolment" and now >= known.enrol_until_at
    async with gate.database.system_session(PURPOSE) as session:
        await take_back(session, charged)
        await forget(session, ACCOUNT, account_key)
        await note(session, Event.PASSWORD_ACCEPTED, caller, account_id=known.account_id)
        if rehashed is not None:
            await session.execute(
                update(Credential).where(Credential.account_id == known.account_id).values(password_hash=rehashed)
            )
        cookie = None
        if instead_of is not None:
            await session_life.end(session, instead_of.id, instead_of.account_id, "replaced", now)
        if not too_late:
            cookie = await session_life.begin(session, known.account_id, state, caller, now)
    gate.sessions.forget()
    if cookie is None:
        raise EnrolmentExpired
    return cookie


async def _known(session: AsyncSession, email_key: bytes) -> _Known | None:
    found = await session.execute(
        select(
            Credential.account_id,
            Credential.password_hash,
            Credential.enrol_until_at,
            exists().where(Factor.account_id == Credential.account_id).label("has_factor"),
        )
        .join(Account, Account.id == Credential.account_id)
        .where(Credential.email_key == email_key, Account.state == "active")
    )
    return found.one_or_none()
