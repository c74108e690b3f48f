"""A listener in a process of its own, for tests that kill it."""

import asyncio
import os
import signal
from collections.abc import Mapping

from conftest import listener_token
from listener_service.app import assemble
from listener_service.followers import CounterSubject, Moved, on_moved
from listener_service.settings import Settings
from servicekit import testing, tokens
from servicekit.app import Service
from servicekit.facts import Published
from servicekit.follower import Follower
from sqlalchemy.ext.asyncio import AsyncSession


def follow(settings: Mapping[str, object], key: Mapping[str, str], die_at: int | None) -> None:
    """Follow the teller until killed; by oneself, in the middle of a transaction, at the value `die_at`."""
    testing.SIGNING_KEY = tokens.load_signing_key(key)

    async def on_moved_or_die(session: AsyncSession, fact: Published[CounterSubject, Moved]) -> None:
        await on_moved(session, fact)
        if fact.payload.value == die_at:
            await session.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    follower = Follower("teller", {"counter.moved": on_moved_or_die}, token_source=listener_token, page=7)
    service: Service = assemble(Settings.ephemeral(**settings)).state.service
    asyncio.run(follower.run(service))
