"""Writing to people. Each job finds out from the rows whether there is still something to do.

A link's token is drawn when its e-mail leaves, and only its hash is stored, so no token ever waits in a queue.
An attempt that failed is followed by one with another token; the earlier one is then worth nothing.
"""

import asyncio
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.account import letters
from gateway_service.factors import recovery
from gateway_service.jobs import jobs
from gateway_service.sealing import Vault, new_token, token_hash
from gateway_service.settings import Settings
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.models import Account, Credential, Factor, Invitation, PasswordReset
from gateway_service.sign_in.refusals import WrongStep
from servicekit import clock
from servicekit.handover import HandoverClient
from servicekit.jobs import defer
from servicekit.mail import Letter, Mailer

INVITATION_VALID: Final = timedelta(hours=72)
RESET_VALID: Final = timedelta(minutes=20)
_LONGEST_SECONDS: Final = 8
"""Less than an idle transaction may last: the job's own is open meanwhile."""

Notice = Literal["password_changed", "recovery_code_used", "factors_changed"]


class InvitedPerson(BaseModel):
    """What `partners` hands over for an invitation: where to write. Nothing else of it is read."""

    email: str


async def email_of(session: AsyncSession, vault: Vault, account_id: UUID) -> str:
    """Return the address an account signs in with."""
    sealed = await session.scalar(select(Credential.email_sealed).where(Credential.account_id == account_id))
    if sealed is None:
        raise WrongStep
    return vault.open("email", account_id, sealed).decode()


def standing_invitation() -> ColumnElement[bool]:
    """Return the condition that an invitation was neither used nor withdrawn and its account may come in."""
    return and_(
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        exists().where(Account.id == Invitation.account_id, Account.state == "active"),
    )


@jobs.task("sign_in.fetch_address")
async def fetch_address(session: AsyncSession, invitation_id: UUID) -> None:
    """Ask `partners` where an invitation goes, then have it sent."""
    settings = _settings(session)
    if not await _awaits_address(session, invitation_id):
        return
    invited = await HandoverClient("gateway", settings, "partners").read(invitation_id, InvitedPerson)
    if invited is None:
        await session.execute(
            update(Invitation)
            .where(Invitation.id == invitation_id, Invitation.accepted_at.is_(None))
            .values(withdrawn_at=clock.system_now())
        )
        return
    await receive_address(session, settings.vault(), invitation_id, invited.email)


async def receive_address(session: AsyncSession, vault: Vault, invitation_id: UUID, email: str) -> None:
    """Keep the address of an invitation, and have its link sent."""
    invitation = await session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.accepted_at is not None:
        return
    invitation.email_sealed = vault.seal("email", invitation.account_id, email.strip().encode())
    await session.flush()  # the job's row must not be written before what it will look for
    await defer(session, send_invitation, invitation_id)


@jobs.task("sign_in.send_invitation")
async def send_invitation(session: AsyncSession, invitation_id: UUID) -> None:
    """Send an invitation with a fresh link, unless it was used or withdrawn meanwhile."""
    token = new_token()
    set_up = exists().where(Factor.account_id == Invitation.account_id)
    drawn = await session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.email_sealed.is_not(None), standing_invitation(), ~set_up)
        .values(token_hash=token_hash(token), expires_at=clock.system_now() + INVITATION_VALID)
        .returning(Invitation.account_id, Invitation.email_sealed)
    )
    found = drawn.one_or_none()
    if found is None:
        return
    await note(session, Event.INVITATION_SENT, None, account_id=found.account_id)
    settings = _settings(session)
    email = settings.vault().open("email", found.account_id, found.email_sealed).decode()
    await _send(settings, email, letters.invitation(settings.origin, token))


@jobs.task("sign_in.send_reset")
async def send_reset(session: AsyncSession, email_key: str) -> None:
    """Send a link to choose another password, if the address asked for is known."""
    account_id = await session.scalar(
        select(Credential.account_id)
        .join(Account, Account.id == Credential.account_id)
        .where(Credential.email_key == bytes.fromhex(email_key), Account.state == "active")
    )
    if account_id is None:
        return
    token = new_token()
    now = clock.system_now()
    await session.execute(delete(PasswordReset).where(PasswordReset.account_id == account_id))
    await session.execute(
        insert(PasswordReset).values(
            token_hash=token_hash(token), account_id=account_id, created_at=now, expires_at=now + RESET_VALID
        )
    )
    await note(session, Event.RESET_SENT, None, account_id=account_id)
    settings = _settings(session)
    email = await email_of(session, settings.vault(), account_id)
    await _send(settings, email, letters.reset(settings.origin, token))


@jobs.task("sign_in.send_notice")
async def send_notice(session: AsyncSession, account_id: UUID, notice: Notice) -> None:
    """Tell the account's owner what was done with it."""
    known = select(Credential.account_id).where(Credential.account_id == account_id)
    if await session.scalar(known) is None:
        return
    settings = _settings(session)
    email = await email_of(session, settings.vault(), account_id)
    await _send(settings, email, _letter(notice, await recovery.left(session, account_id)))


async def notify(session: AsyncSession, account_id: UUID, notice: Notice) -> None:
    """Have the account's owner told, once what is told is committed."""
    await defer(session, send_notice, account_id, notice)


async def _send(settings: Settings, email: str, letter: Letter) -> None:
    async with asyncio.timeout(_LONGEST_SECONDS):
        await Mailer.of(settings).send(email, letter)


async def _awaits_address(session: AsyncSession, invitation_id: UUID) -> bool:
    waiting = select(Invitation.id).where(
        Invitation.id == invitation_id, Invitation.email_sealed.is_(None), standing_invitation()
    )
    return await session.scalar(waiting) is not None


def _settings(session: AsyncSession) -> Settings:
    settings: Settings = session.info["settings"]
    return settings


def _letter(notice: Notice, codes_left: int) -> Letter:
    match notice:
        case "password_changed":
            return letters.password_changed()
        case "recovery_code_used":
            return letters.recovery_code_used(codes_left)
        case "factors_changed":
            return letters.factors_changed()
