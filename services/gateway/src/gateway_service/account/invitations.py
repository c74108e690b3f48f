"""The first connection: a link sent to the invited address, used once, that lets choose a password.

The invitation binds the address: it is not typed, it comes from `partners` by handover. Whoever accepts has a
password but no access yet: a second factor must be set up in the session that this opens.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.account.deliveries import standing_invitation
from gateway_service.account.links import charge_link, refuse_link
from gateway_service.factors.passwords import require_acceptable
from gateway_service.sealing import token_hash
from gateway_service.sign_in import session_life
from gateway_service.sign_in.caller import Caller
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.gate import Gate
from gateway_service.sign_in.models import Assignment, Credential, Factor, Invitation
from gateway_service.sign_in.refusals import LinkRefused
from gateway_service.sign_in.throttles import take_back
from servicekit import clock
from servicekit.errors import Conflict

PURPOSE: Final = "account.invite"


@dataclass(frozen=True, slots=True)
class Offered:
    """What the holder of a link may see of it."""

    email_masked: str
    expires_at: datetime


async def look_at(gate: Gate, token: str, caller: Caller) -> Offered:
    """Show for which address an invitation is, without using it. Raises `LinkRefused`, `Throttled`."""
    charged = await charge_link(gate, caller)
    async with gate.database.system_session(PURPOSE) as session:
        invitation = await _usable(session, token, clock.system_now())
        if invitation is not None:
            await take_back(session, charged)
            await note(session, Event.INVITATION_OPENED, caller, account_id=invitation.account_id)
    if invitation is None or invitation.expires_at is None:
        return await refuse_link(gate, caller, "invitation")
    return Offered(masked(_email(gate, invitation)), invitation.expires_at)


async def accept(gate: Gate, token: str, password: str, caller: Caller) -> str:
    """Use an invitation: keep the password, open a session that must set up a second factor.

    Of parallel uses of one link, one succeeds. Raises `PasswordRefused` (the link stays good), `LinkRefused`,
    `Conflict` when the account already signs in with both factors.
    """
    charged = await charge_link(gate, caller)
    async with gate.database.system_session(PURPOSE) as session:
        invitation = await _usable(session, token, clock.system_now())
        if invitation is not None:
            await take_back(session, charged)
            caisses = await session.scalars(
                select(Assignment.caisse).where(Assignment.account_id == invitation.account_id).distinct()
            )
            known_words = caisses.all()
    if invitation is None:
        return await refuse_link(gate, caller, "invitation")
    email = _email(gate, invitation)
    require_acceptable(password, email=email, known_words=known_words)
    password_hash = await gate.hasher.hash(password)
    now = clock.system_now()
    async with gate.database.system_session(PURPOSE) as session:
        expires_at = await _use(session, token, now)
        if expires_at is None:
            raise LinkRefused
        await _keep_password(session, gate, invitation.account_id, email, password_hash, expires_at, now)
        await session_life.end_all(session, invitation.account_id, "invited_again", now)
        await note(session, Event.INVITATION_ACCEPTED, caller, account_id=invitation.account_id)
        return await session_life.begin(session, invitation.account_id, "enrolment", caller, now)


def masked(email: str) -> str:
    """Show an address so that only who knows it recognises it."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}"


async def _usable(session: AsyncSession, token: str, now: datetime) -> Invitation | None:
    return await session.scalar(
        select(Invitation).where(
            Invitation.token_hash == token_hash(token), Invitation.expires_at > now, standing_invitation()
        )
    )


async def _use(session: AsyncSession, token: str, now: datetime) -> datetime | None:
    used = await session.execute(
        update(Invitation)
        .where(Invitation.token_hash == token_hash(token), Invitation.expires_at > now, standing_invitation())
        .values(accepted_at=now, email_sealed=None)
        .returning(Invitation.expires_at)
    )
    return used.scalar_one_or_none()


def _email(gate: Gate, invitation: Invitation) -> str:
    if invitation.email_sealed is None:
        raise LinkRefused
    return gate.vault.open("email", invitation.account_id, invitation.email_sealed).decode()


async def _keep_password(
    session: AsyncSession,
    gate: Gate,
    account_id: UUID,
    email: str,
    password_hash: str,
    expires_at: datetime,
    now: datetime,
) -> None:
    if await session.scalar(select(exists().where(Factor.account_id == account_id))):
        raise Conflict("Cet accès est déjà ouvert. Connectez-vous avec votre mot de passe et votre second facteur.")
    values = {
        "email_key": gate.vault.email_key(email),
        "email_sealed": gate.vault.seal("email", account_id, email.encode()),
        "password_hash": password_hash,
        "password_changed_at": now,
        "enrol_until_at": expires_at,
    }
    taken = exists().where(Credential.email_key == values["email_key"], Credential.account_id != account_id)
    if await session.scalar(select(taken)):
        raise Conflict("Cette adresse sert déjà à un autre accès. Demandez une invitation sur une autre adresse.")
    kept = insert(Credential).values(account_id=account_id, created_at=now, **values)
    await session.execute(kept.on_conflict_do_update(index_elements=["account_id"], set_=values))
