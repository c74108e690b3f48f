"""Time-based codes (RFC 6238): 160-bit secret, 6 digits, 30 s, one step of tolerance; a code works once."""

import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
import qrcode  # type: ignore[import-untyped]  # ships no types
import qrcode.image.svg  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.sealing import Vault
from gateway_service.sign_in.models import Factor

ISSUER: Final = "Aller-vers"
STEP_SECONDS: Final = 30
_SECRET_CHARACTERS: Final = 32
"""of 5 bits each"""


def new_secret() -> str:
    """Return 160 random bits in base32, as authenticators read them."""
    return pyotp.random_base32(_SECRET_CHARACTERS)


def provisioning_uri(secret: str, email: str) -> str:
    """Return the `otpauth://` address that an authenticator application understands."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_svg(uri: str) -> str:
    """Draw `uri` as a QR code, one SVG element."""
    image = qrcode.make(uri, image_factory=qrcode.image.svg.SvgPathImage, box_size=8, border=4)
    return str(image.to_string(encoding="unicode"))


def step_of(at: datetime) -> int:
    """Return the 30 s step an instant falls in."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the code of one step."""
    return pyotp.TOTP(secret).at(step * STEP_SECONDS)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code this is, among the present one and its neighbours."""
    present = step_of(now)
    given = code.encode()
    matches = [
        step
        for step in (present - 1, present, present + 1)
        if hmac.compare_digest(code_of(secret, step).encode(), given)
    ]
    return matches[-1] if matches else None


async def accept(session: AsyncSession, vault: Vault, account_id: UUID, code: str, now: datetime) -> bool:
    """Tell whether `code` is right, and use it up: two parallel calls with one code give one success."""
    factors = await session.execute(
        select(Factor.id, Factor.secret_sealed).where(Factor.account_id == account_id, Factor.kind == "totp")
    )
    for factor_id, sealed in factors:
        if sealed is None:  # the table's CHECK forbids it; the type does not know
            continue
        step = matching_step(vault.open("totp", account_id, sealed).decode(), code, now)
        if step is None:
            continue
        used = await session.execute(
            update(Factor)
            .where(Factor.id == factor_id, or_(Factor.last_step.is_(None), Factor.last_step < step))
            .values(last_step=step, last_used_at=now)
            .returning(Factor.id)
        )
        if used.scalar_one_or_none() is not None:
            return True
    return False
