"""Setting up second factors and recovery codes: at the first connection, and later from the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.account.deliveries import email_of, notify
from gateway_service.factors import challenges, passkeys, recovery, totp
from gateway_service.factors.passkeys import Credential as BrowserCredential
from gateway_service.factors.passkeys import Options
from gateway_service.sign_in import session_life
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.models import Credential, Factor
from gateway_service.sign_in.refusals import FactorRefused, WrongStep
from gateway_service.sign_in.second_factor import charge_factor
from gateway_service.sign_in.sessions import OpenSession
from gateway_service.sign_in.throttles import SECOND_FACTOR, forget
from servicekit import clock
from servicekit.db import new_id
from servicekit.errors import Conflict, NotFound

PURPOSE: Final = "account.secure"
MOST_FACTORS: Final = 8


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """What an authenticator application needs, to scan or to type."""

    secret: str
    otpauth_uri: str
    qr_svg: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The cookie to give, and at the first connection the recovery codes, shown this once."""

    cookie: str
    recovery_codes: list[str]


async def start_totp(gate: Gate, current: OpenSession) -> TotpSetup:
    """Draw a secret; it becomes a factor once a code made with it comes back."""
    secret = totp.new_secret()
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        email = await email_of(session, gate.vault, current.account_id)
        await challenges.ask(session, gate.vault, current, "totp_setup", secret.encode(), now)
    uri = totp.provisioning_uri(secret, email)
    return TotpSetup(secret, uri, totp.qr_svg(uri))


async def confirm_totp(gate: Gate, current: OpenSession, code: str, label: str, caller: Caller) -> Enrolled:
    """Keep the secret as a factor if `code` was made with it; that code is used up."""
    await charge_factor(gate, current, caller)
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        secret = await challenges.asked(session, gate.vault, current, "totp_setup", now)
    if secret is None:
        raise WrongStep
    step = totp.matching_step(secret.decode(), code, now)
    if step is None:
        return await _refuse(gate, current, "totp", caller)
    first_codes, hashes = await _codes_for(gate, current)
    async with gate.database.system_session(PURPOSE) as session:
        if await challenges.take(session, gate.vault, current, "totp_setup", now) != secret:
            raise WrongStep
        sealed = gate.vault.seal("totp", current.account_id, secret)
        kept = {"kind": "totp", "secret_sealed": sealed, "last_step": step}
        cookie = await _keep(session, gate, current, label, kept, hashes, caller, now)
    gate.sessions.forget()
    return Enrolled(cookie, first_codes)


async def start_passkey(gate: Gate, current: OpenSession) -> Options:
    """Ask the browser to make a passkey."""
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        email = await email_of(session, gate.vault, current.account_id)
        known = await passkeys.of_account(session, current.account_id)
        options, challenge = gate.party.registration(current.account_id, email, known)
        await challenges.ask(session, gate.vault, current, "passkey_setup", challenge, now)
    return options


async def keep_passkey(
    gate: Gate, current: OpenSession, credential: BrowserCredential, label: str, caller: Caller
) -> Enrolled:
    """Keep the passkey that answered the challenge."""
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        challenge = await challenges.take(session, gate.vault, current, "passkey_setup", now)
    if challenge is None:
        raise WrongStep
    made = gate.party.registered(credential, challenge)
    if made is None:
        return await _refuse(gate, current, "passkey", caller)
    first_codes, hashes = await _codes_for(gate, current)
    async with gate.database.system_session(PURPOSE) as session:
        taken = select(Factor.id).where(Factor.credential_id == made.credential_id)
        if await session.scalar(taken) is not None:
            raise Conflict("Cette clé d'accès est déjà enregistrée.")
        kept = {
            "kind": "passkey",
            "credential_id": made.credential_id,
            "public_key": made.public_key,
            "sign_count": made.sign_count,
            "transports": made.transports,
            "backed_up": made.backed_up,
        }
        cookie = await _keep(session, gate, current, label, kept, hashes, caller, now)
    gate.sessions.forget()
    return Enrolled(cookie, first_codes)


async def remove(gate: Gate, current: OpenSession, factor_id: UUID, caller: Caller) -> None:
    """Remove a second factor; the last one stays, since every account has one."""
    async with gate.database.system_session(PURPOSE) as session:
        await _lock(session, current.account_id)
        owned = set(await session.scalars(select(Factor.id).where(Factor.account_id == current.account_id)))
        if factor_id not in owned:
            raise NotFound("Ce second facteur n'existe pas ou plus.")
        if len(owned) == 1:
            raise Conflict("Gardez au moins un second facteur : ajoutez-en un autre avant de retirer celui-ci.")
        await session.execute(delete(Factor).where(Factor.id == factor_id))
        await note(session, Event.FACTOR_REMOVED, caller, account_id=current.account_id, session_id=current.id)
        await notify(session, current.account_id, "factors_changed")


async def renew_recovery_codes(gate: Gate, current: OpenSession, caller: Caller) -> list[str]:
    """Replace the recovery codes, used or not, by ten new ones; shown this once."""
    codes = recovery.new_codes()
    hashes = await recovery.hashes_of(codes, gate.hasher)
    async with gate.database.system_session(PURPOSE) as session:
        await _lock(session, current.account_id)
        await recovery.replace(session, current.account_id, hashes, clock.system_now())
        await note(
            session,
            Event.RECOVERY_CODES_RENEWED,
            caller,
            account_id=current.account_id,
            session_id=current.id,
        )
        await notify(session, current.account_id, "factors_changed")
    return codes


async def owned(gate: Gate, current: OpenSession) -> tuple[Sequence[Factor], int]:
    """Return the account's second factors, oldest first, and how many recovery codes it has left."""
    async with gate.database.system_session(PURPOSE) as session:
        factors = await session.scalars(
            select(Factor).where(Factor.account_id == current.account_id).order_by(Factor.created_at, Factor.id)
        )
        return factors.all(), await recovery.left(session, current.account_id)


async def _refuse(gate: Gate, current: OpenSession, kind: str, caller: Caller) -> NoReturn:
    async with gate.database.system_session(PURPOSE) as session:
        await note(
            session, Event.FACTOR_REFUSED, caller, account_id=current.account_id, session_id=current.id, detail=kind
        )
    raise FactorRefused


async def _codes_for(gate: Gate, current: OpenSession) -> tuple[list[str], list[str]]:
    """Return recovery codes and their hashes at the first connection, nothing later."""
    if current.state != "enrolment":
        return [], []
    codes = recovery.new_codes()
    return codes, await recovery.hashes_of(codes, gate.hasher)


async def _keep(
    session: AsyncSession,
    gate: Gate,
    current: OpenSession,
    label: str,
    kept: dict[str, object],
    hashes: list[str],
    caller: Caller,
    now: datetime,
) -> str:
    """Add the factor; at the first connection this opens the session, later it gives it a new cookie."""
    await _lock(session, current.account_id)
    counted = select(func.count()).select_from(Factor).where(Factor.account_id == current.account_id)
    owned = (await session.execute(counted)).scalar_one()
    if current.state == "enrolment" and owned:
        raise WrongStep
    if owned >= MOST_FACTORS:
        raise Conflict(f"Vous avez déjà {MOST_FACTORS} seconds facteurs. Retirez-en un avant d'en ajouter.")
    await session.execute(
        insert(Factor).values(
            id=new_id(), account_id=current.account_id, label=label, created_at=now, last_used_at=now, **kept
        )
    )
    await note(
        session,
        Event.FACTOR_ADDED,
        caller,
        account_id=current.account_id,
        session_id=current.id,
        detail=str(kept["kind"]),
    )
    await forget(session, SECOND_FACTOR, current.account_id.bytes)
    if current.state == "enrolment":
        await recovery.replace(session, current.account_id, hashes, now)
        roles = await gate.sessions.roles(current.account_id)
        return await session_life.open_fully(session, current, roles, str(kept["kind"]), caller, now)
    await notify(session, current.account_id, "factors_changed")
    return await session_life.rotate(session, current, seen_at=now)


async def _lock(session: AsyncSession, account_id: UUID) -> None:
    """Make parallel changes of one account's factors wait for each other."""
    await session.execute(select(Credential.account_id).where(Credential.account_id == account_id).with_for_update())
