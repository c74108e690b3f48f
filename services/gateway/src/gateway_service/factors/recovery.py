"""Ten recovery codes for the day the second factor is lost: 80 bits each, hashed, burned when used.

A code is `3-ABCD-EFGH-JKMN-PQRS`: one sign that says which of the ten it is (no secret), then 16 signs of
Crockford's base32. Knowing which one it is, a single Argon2id run verifies it.
"""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.factors.passwords import Hasher
from gateway_service.sign_in.models import RecoveryCode

HOW_MANY: Final = 10
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNS: Final = 16
_GROUP: Final = 4
_MISREAD: Final = str.maketrans("OIL", "011", "- \u00a0\u2011")


@dataclass(frozen=True, slots=True)
class Typed:
    """A code as typed: which of the ten, and its secret part."""

    slot: int
    secret: str


def new_codes() -> list[str]:
    """Return ten codes as they are shown, once."""
    return [_shown(slot, "".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS))) for slot in range(HOW_MANY)]


def parse(code: str) -> Typed | None:
    """Read a code however it was typed; None when it cannot be one."""
    plain = code.strip().upper().translate(_MISREAD)
    if len(plain) != 1 + _SIGNS or not plain[0].isdecimal() or not set(plain) <= set(_ALPHABET):
        return None
    return Typed(int(plain[0]), plain[1:])


async def hashes_of(codes: list[str], hasher: Hasher) -> list[str]:
    """Hash what must be kept of new codes, slot by slot."""
    typed = [parse(code) for code in codes]
    return await asyncio.gather(*(hasher.hash(one.secret) for one in typed if one is not None))


async def replace(session: AsyncSession, account_id: UUID, hashes: list[str], now: datetime) -> None:
    """Put new codes in the place of whatever codes the account had."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    await session.execute(
        insert(RecoveryCode),
        [
            {"account_id": account_id, "slot": slot, "code_hash": hashed, "created_at": now}
            for slot, hashed in enumerate(hashes)
        ],
    )


async def unburned_hash(session: AsyncSession, account_id: UUID, typed: Typed | None) -> str | None:
    """Return the hash to verify a typed code against, None when there is none left in its slot."""
    if typed is None:
        return None
    return await session.scalar(
        select(RecoveryCode.code_hash).where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.slot == typed.slot,
            RecoveryCode.burned_at.is_(None),
        )
    )


async def burn(session: AsyncSession, account_id: UUID, typed: Typed, code_hash: str, now: datetime) -> bool:
    """Use a verified code up; False when it was used or replaced meanwhile."""
    burned = await session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.slot == typed.slot,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.burned_at.is_(None),
        )
        .values(burned_at=now)
        .returning(RecoveryCode.slot)
    )
    return burned.scalar_one_or_none() is not None


async def left(session: AsyncSession, account_id: UUID) -> int:
    """Count the codes that still work."""
    counted = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.burned_at.is_(None))
    return (await session.execute(counted)).scalar_one()


def _shown(slot: int, secret: str) -> str:
    groups = [secret[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP)]
    return "-".join([str(slot), *groups])
