"""What sign-in works with, assembled once: `request.app.state.gate`."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Depends, Request

from gateway_service.factors.passkeys import RelyingParty
from gateway_service.factors.passwords import Hasher
from gateway_service.sealing import Vault
from gateway_service.settings import Settings
from gateway_service.sign_in.sessions import Sessions
from gateway_service.sign_in.throttles import Turns
from servicekit.db import Database


@dataclass(frozen=True, slots=True)
class Gate:
    """Database, keys and tools of sign-in."""

    database: Database
    sessions: Sessions
    vault: Vault
    hasher: Hasher
    party: RelyingParty
    turns: Turns
    demonstration: bool

    @classmethod
    def of(cls, settings: Settings, database: Database) -> Self:
        """Assemble sign-in for `settings`."""
        return cls(
            database=database,
            sessions=Sessions.on(settings.database_url.get_secret_value()),
            vault=settings.vault(),
            hasher=Hasher(max(1, (os.cpu_count() or 1) // settings.workers)),
            party=RelyingParty(settings.host, sorted(settings.origins)),
            turns=Turns(),
            demonstration=settings.environment == "demonstration",
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Gate"]:
        """Connect what needs connecting while the service runs."""
        await self.sessions.open()
        try:
            yield self
        finally:
            await self.sessions.close()
            self.hasher.close()


async def _current_gate(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


CurrentGate = Annotated[Gate, Depends(_current_gate)]
