"""What was asked of a browser and comes back once: a passkey challenge, a TOTP secret being set up."""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.sealing import Vault
from gateway_service.sign_in.models import Challenge
from gateway_service.sign_in.sessions import OpenSession

WITHIN: Final = timedelta(minutes=10)

Purpose = Literal["totp_setup", "passkey_setup", "passkey_proof"]


async def ask(
    session: AsyncSession, vault: Vault, current: OpenSession, purpose: Purpose, content: bytes, now: datetime
) -> None:
    """Remember what was asked; asking again replaces it."""
    values = {
        "content_sealed": vault.seal("challenge", current.id, content),
        "expires_at": now + WITHIN,
    }
    asked = insert(Challenge).values(session_id=current.id, purpose=purpose, **values)
    await session.execute(asked.on_conflict_do_update(index_elements=["session_id", "purpose"], set_=values))


async def asked(
    session: AsyncSession, vault: Vault, current: OpenSession, purpose: Purpose, now: datetime
) -> bytes | None:
    """Return what was asked and leave it asked (a code may be mistyped); None when it is too old."""
    sealed = await session.scalar(
        select(Challenge.content_sealed).where(
            Challenge.session_id == current.id, Challenge.purpose == purpose, Challenge.expires_at > now
        )
    )
    return None if sealed is None else vault.open("challenge", current.id, sealed)


async def take(
    session: AsyncSession, vault: Vault, current: OpenSession, purpose: Purpose, now: datetime
) -> bytes | None:
    """Return what was asked and forget it: it can be answered once, rightly or wrongly."""
    taken = await session.execute(
        delete(Challenge)
        .where(Challenge.session_id == current.id, Challenge.purpose == purpose)
        .returning(Challenge.content_sealed, Challenge.expires_at)
    )
    found = taken.one_or_none()
    if found is None or found.expires_at <= now:
        return None
    return vault.open("challenge", current.id, found.content_sealed)
