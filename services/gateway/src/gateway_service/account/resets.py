"""A forgotten password. The link lets choose another one and nothing else: the second factor stays asked.

Whether or not the address is known, the request does the same: it counts, journals and defers the same job,
and only the job looks the address up.
"""

from typing import Final

from sqlalchemy import select, update

from gateway_service.account.deliveries import email_of, notify, send_reset
from gateway_service.account.links import charge_link, refuse_link
from gateway_service.factors.passwords import require_acceptable
from gateway_service.sealing import token_hash
from gateway_service.sign_in import session_life
from gateway_service.sign_in.attempts import let_through
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.models import Account, Assignment, Credential, PasswordReset
from gateway_service.sign_in.refusals import LinkRefused
from gateway_service.sign_in.throttles import ACCOUNT, ADDRESS, RESET, Throttled, forget, take_back
from servicekit import clock
from servicekit.jobs import defer

PURPOSE: Final = "account.recover"


async def ask(gate: Gate, email: str, caller: Caller) -> None:
    """Have a link sent if the address is known. Says nothing, even when throttled: the answer is one."""
    email_key = gate.vault.email_key(email)
    email_hash = gate.vault.journal_key(email)
    keys = [(RESET, email_key), (ADDRESS, gate.vault.address_key(caller.address))]
    try:
        await let_through(gate, caller, keys, email_hash=email_hash)
    except Throttled:
        return
    async with gate.database.system_session(PURPOSE) as session:
        await note(session, Event.RESET_ASKED, caller, email_hash=email_hash)
        await defer(session, send_reset, email_key.hex())


async def reset(gate: Gate, token: str, password: str, caller: Caller) -> None:
    """Use a link: keep the new password, end every session. Signing in still asks for the second factor."""
    charged = await charge_link(gate, caller)
    now = clock.system_now()
    email = ""
    async with gate.database.system_session(PURPOSE) as session:
        account_id = await session.scalar(
            select(PasswordReset.account_id)
            .join(Account, Account.id == PasswordReset.account_id)
            .where(
                PasswordReset.token_hash == token_hash(token),
                PasswordReset.expires_at > now,
                PasswordReset.used_at.is_(None),
                Account.state == "active",
            )
        )
        if account_id is not None:
            await take_back(session, charged)
            email = await email_of(session, gate.vault, account_id)
            caisses = await session.scalars(
                select(Assignment.caisse).where(Assignment.account_id == account_id).distinct()
            )
            known_words = caisses.all()
    if account_id is None:
        await refuse_link(gate, caller, "reset")
    email_key = gate.vault.email_key(email)
    require_acceptable(password, email=email, known_words=known_words)
    password_hash = await gate.hasher.hash(password)
    async with gate.database.system_session(PURPOSE) as session:
        used = await session.execute(
            update(PasswordReset)
            .where(
                PasswordReset.token_hash == token_hash(token),
                PasswordReset.expires_at > now,
                PasswordReset.used_at.is_(None),
            )
            .values(used_at=now)
            .returning(PasswordReset.account_id)
        )
        if used.scalar_one_or_none() is None:
            raise LinkRefused
        await session.execute(
            update(Credential)
            .where(Credential.account_id == account_id)
            .values(password_hash=password_hash, password_changed_at=now)
        )
        await session_life.end_all(session, account_id, "password_reset", now)
        await forget(session, ACCOUNT, email_key)
        await note(session, Event.RESET_DONE, caller, account_id=account_id)
        await notify(session, account_id, "password_changed")
    gate.sessions.forget()
