"""Killing the process that does the works of a service, for tests that nothing is lost nor done twice."""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

import pytest

from servicekit.app import Service
from servicekit.jobs import Jobs
from servicekit.testing import Client, ServiceUnderTest, until


def _work(package: str, settings: dict[str, Any]) -> None:
    """Run the works of a service, as its process does."""
    known = import_module(f"{package}.settings").Settings.ephemeral(**settings)
    service: Service = import_module(f"{package}.app").assemble(known).state.service
    [jobs] = [work for work in service.background if isinstance(work, Jobs)]
    asyncio.run(jobs.run(service))


@dataclass(frozen=True, slots=True)
class Mortals:
    """Processes that do the works of a service until they are killed. They start in milliseconds, once warm."""

    service: ServiceUnderTest
    package: str
    context: ForkServerContext

    @classmethod
    def of(cls, service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> "Mortals":
        """Return those of a service."""
        package = f"{service.name}_service"
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([f"{package}.app"])
        return cls(service, package, context)

    async def kill_in_the_middle(self, client: Client, path: str, least: int) -> int:
        """Start a process, kill it once the work has moved, hand the work to another; return how far it was."""

        async def moved() -> bool:
            return int((await client.get(path)).json()["done"]) > least

        async with self._one() as process:
            await until(moved, seconds=120)
        assert process.exitcode == -9  # noqa: S101 - a test's own
        # Half a minute without a sign of life, and the minute of the schedule that looks for the dead.
        heartbeat = "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
        await self.service.rows(heartbeat)
        return int((await client.get(path)).json()["done"])

    async def finish(self, client: Client, path: str) -> None:
        """Have a process do a work to its end."""

        async def over() -> bool:
            return bool((await client.get(path)).json()["state"] == "done")

        async with self._one():
            await until(over, seconds=180)

    @asynccontextmanager
    async def _one(self) -> AsyncIterator[ForkServerProcess]:
        process = self.context.Process(target=_work, args=(self.package, self._settings()), daemon=True)
        process.start()
        try:
            yield process
        finally:
            process.kill()
            await asyncio.to_thread(process.join)

    def _settings(self) -> dict[str, Any]:
        """Return the settings of the service under test: what it sealed, the process must open."""
        running: Service = self.service.app.state.service
        return running.settings.model_dump()
