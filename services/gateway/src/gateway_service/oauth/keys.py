"""The keys that sign internal tokens: sealed in the database, published before use, kept after, renewed monthly."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.front.models import SigningKeyRow
from gateway_service.sealing import Vault
from servicekit import clock, tokens
from servicekit.db import Database, new_id
from servicekit.telemetry import log
from servicekit.tokens import PublicKey, SigningKey

if TYPE_CHECKING:
    from servicekit.app import Service

USED_FOR: Final = timedelta(days=30)
PUBLISHED_BEFORE: Final = timedelta(minutes=10)
"""Verifiers keep the key set five minutes: by its first use everybody has the new key."""
KEPT_AFTER: Final = timedelta(minutes=15)
"""The longest token lives five minutes: by then no token of the old key is alive anywhere."""
REFRESH_SECONDS: Final = 30
PURPOSE: Final = "keys.rotate"


@dataclass(frozen=True, slots=True)
class RingKey:
    """A key and when its use begins."""

    id: UUID
    use_from_at: datetime
    key: SigningKey


@dataclass(frozen=True, slots=True)
class Plan:
    """What rotation must do now."""

    make_for: datetime | None
    drop: tuple[UUID, ...]


def plan(keys: Sequence[tuple[UUID, datetime]], now: datetime) -> Plan:
    """Decide from (id, first use) of the keys there are which to drop and when a new one must be in use."""
    if not keys:
        return Plan(make_for=now, drop=())
    in_order = sorted(keys, key=lambda key: (key[1], key[0]))
    following = pairwise(in_order)
    drop = tuple(old for (old, _), (_, next_use) in following if next_use + KEPT_AFTER <= now)
    worn_out_at = in_order[-1][1] + USED_FOR
    make_for = now + PUBLISHED_BEFORE if worn_out_at - PUBLISHED_BEFORE <= now else None
    return Plan(make_for, drop)


class KeyRing:
    """The keys as this process knows them; every process reads them again each half minute."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._keys: tuple[RingKey, ...] = ()
        self._public: dict[str, PublicKey] = {}
        self._jwks = b'{"keys":[]}'
        self._trouble: str | None = None

    def current(self) -> SigningKey:
        """Return the key to sign with: the latest whose use has begun."""
        now = clock.system_now()
        begun = [key for key in self._keys if key.use_from_at <= now]
        # A key made by a replica whose clock is ahead may be the only one there is.
        return max(begun or self._keys, key=lambda key: key.use_from_at).key

    async def find(self, kid: str) -> PublicKey | None:
        """Return a public key by name: the gateway verifies its own tokens too."""
        return self._public.get(kid)

    @property
    def jwks(self) -> bytes:
        """Return the key set as published."""
        return self._jwks

    def trouble(self) -> str | None:
        """Say what keeps the keys from being read."""
        return self._trouble

    async def run(self, service: "Service") -> None:
        """Read the keys again and rotate them, for as long as the gateway runs."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await self.refresh(service.database)
            except (DBAPIError, OSError) as error:
                self._trouble = "keys: database unavailable"
                log.warning("keys not read", error_type=type(error).__qualname__)
            else:
                self._trouble = None

    async def refresh(self, database: Database, now: datetime | None = None) -> None:
        """Do what rotation asks for at `now`, then load what there is."""
        at = now or clock.system_now()
        async with database.system_session(PURPOSE) as session:
            rows = await self._read(session)
            if plan([(row.id, row.use_from_at) for row in rows], at) != Plan(None, ()):
                await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(PURPOSE))))
                await self._rotate(session, at)
                rows = await self._read(session)
        self._load(rows)

    async def replace_at_once(self, database: Database) -> None:
        """Emergency: withdraw every key and sign with a new one from now on."""
        async with database.system_session(PURPOSE) as session:
            await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(PURPOSE))))
            await session.execute(delete(SigningKeyRow))
            await self._make(session, clock.system_now())
            rows = await self._read(session)
        self._load(rows)

    async def _rotate(self, session: AsyncSession, now: datetime) -> None:
        todo = plan([(row.id, row.use_from_at) for row in await self._read(session)], now)
        if todo.drop:
            await session.execute(delete(SigningKeyRow).where(SigningKeyRow.id.in_(todo.drop)))
            log.info("keys dropped", count=len(todo.drop))
        if todo.make_for is not None:
            await self._make(session, todo.make_for)

    async def _make(self, session: AsyncSession, use_from_at: datetime) -> None:
        private = tokens.generate_jwk()
        key_id = new_id()
        await session.execute(
            insert(SigningKeyRow).values(
                id=key_id,
                kid=private["kid"],
                public_jwk=tokens.public_part(private),
                private_sealed=self._vault.seal("signing_key", key_id, orjson.dumps(private)),
                created_at=clock.system_now(),
                use_from_at=use_from_at,
            )
        )
        log.info("key made", kid=private["kid"])

    async def _read(self, session: AsyncSession) -> list[SigningKeyRow]:
        found = await session.scalars(
            select(SigningKeyRow)
            .order_by(SigningKeyRow.use_from_at, SigningKeyRow.id)
            .execution_options(populate_existing=True)
        )
        return list(found)

    def _load(self, rows: Sequence[SigningKeyRow]) -> None:
        known = {key.id: key for key in self._keys}
        self._keys = tuple(known.get(row.id) or self._open(row) for row in rows)
        published = [dict(key.key.public_jwk) for key in self._keys]
        self._jwks = json.dumps({"keys": published}, separators=(",", ":")).encode()
        self._public = tokens.load_keys({"keys": published})

    def _open(self, row: SigningKeyRow) -> RingKey:
        private = self._vault.open("signing_key", row.id, row.private_sealed)
        return RingKey(row.id, row.use_from_at, tokens.load_signing_key(private.decode()))
