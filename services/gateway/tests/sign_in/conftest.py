"""Sign-in on its real database, with a clock that can move."""

from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import make_url
from structlog.testing import capture_logs

from gateway_service.settings import Settings
from gateway_service.sign_in.api import sign_in_routers
from gateway_service.sign_in.gate import Gate
from servicekit import clock, migrations, telemetry
from servicekit.app import create_app
from servicekit.testing import login_url

from .world import ORIGIN, World

PACKAGE = "gateway_service"


@asynccontextmanager
async def a_gateway(admin_url: str, data_dir: Path, environment: str) -> AsyncIterator[World]:
    """Run the gateway's sign-in on its migrated database."""
    login = login_url(PACKAGE, admin_url)
    url = make_url(migrations.database_url(admin_url, PACKAGE))
    settings = Settings.ephemeral(database_url=login, origin=ORIGIN, data_dir=data_dir, environment=environment)
    app = create_app(settings, name="gateway", title="Passerelle", description="", routers=sign_in_routers(settings))
    gate = Gate.of(settings, app.state.service.database)
    app.state.gate = gate
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with (
        gate.opened(),
        await psycopg.AsyncConnection.connect(plain, autocommit=True, row_factory=dict_row) as admin,
    ):
        yield World(app, settings, gate, admin, data_dir / "outbox", lambda _: None)
        await gate.database.close()


@pytest.fixture(scope="session", name="_running")
async def running(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Start the gateway's sign-in once."""
    async with a_gateway(admin_url, tmp_path_factory.mktemp("gateway"), "test") as world:
        yield world


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the machine's clock, which sessions, codes and throttles live by."""
    real, ahead = clock.system_now, timedelta()

    def system_now() -> datetime:
        return real() + ahead

    def move(by: timedelta) -> None:
        nonlocal ahead
        ahead += by

    monkeypatch.setattr(clock, "system_now", system_now)
    return move


@pytest.fixture
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """Collect what is logged, before anything is dropped from it."""
    # An application that started earlier in this process has bound the logger to settings of its own.
    vars(telemetry.log).pop("bind", None)
    with capture_logs() as entries:
        yield entries
    vars(telemetry.log).pop("bind", None)


@pytest.fixture
async def world(_running: World, move_clock: Callable[[timedelta], None]) -> AsyncIterator[World]:
    """Give an empty gateway; emptied again after the test."""
    _running.move_clock = move_clock
    yield _running
    for http in _running._browsers:
        await http.aclose()
    _running._browsers.clear()
    for path in _running.outbox.glob("*.eml"):
        path.unlink()
    await _running.rows("DELETE FROM jobs.procrastinate_jobs")
    _running.gate.sessions.forget()
    tables = await _running.rows("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
    names = {row["relname"] for row in tables} - {"alembic_version"}
    async with _running.admin.transaction():
        await _running.admin.execute("SET LOCAL session_replication_role = replica")
        # Deleting few rows is much faster than truncating many tables.
        await _running.admin.execute("; ".join(f"DELETE FROM {name}" for name in sorted(names)).encode())
