"""A listener in a process of its own, for tests that kill it."""

import asyncio
import os
import signal
from collections.abc import Mapping

import uvicorn
from sqlalchemy.ext.asyncio import AsyncSession

from embedded.postgres import free_port
from listener_service.app import assemble
from listener_service.followers import CounterSubject, Moved, on_moved
from listener_service.keys import listener_token
from listener_service.settings import Settings
from servicekit import testing, tokens
from servicekit.app import Service
from servicekit.db import Database
from servicekit.facts import Published
from servicekit.follower import Follower
from servicekit.identity import tls
from servicekit.keysource import key_source
from servicekit.telemetry import configure_logs
from servicekit.tokens import Verifier

tls()  # once, before the processes are forked


def follow(settings: Mapping[str, object], key: Mapping[str, str], die_at: int | None) -> None:
    """Follow the teller until killed; by oneself, in the middle of a transaction, at the value `die_at`."""
    testing.SIGNING_KEY = tokens.load_signing_key(key)
    configure_logs("listener")

    async def on_moved_or_die(session: AsyncSession, fact: Published[CounterSubject, Moved]) -> None:
        await on_moved(session, fact)
        if fact.payload.value == die_at:
            await session.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    follower = Follower("teller", {"counter.moved": on_moved_or_die}, token_source=listener_token, page=7)
    known = Settings.ephemeral(**settings)
    database = Database("listener", known.database_url.get_secret_value())
    service = Service("listener", known, database, Verifier(known.issuer, "svc-listener", key_source(known.jwks)))
    asyncio.run(follower.run(service))


def serve(settings: Mapping[str, object]) -> None:
    """Serve the listener as its process does."""
    uvicorn.run(assemble(Settings.ephemeral(**settings)), port=free_port(), log_config=None)
