"""The running gateway as the tests of the front meet it: over TCP, on its real database, before a real service."""

import asyncio
import json
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import uvicorn
from fastapi import FastAPI
from psycopg.rows import dict_row
from sqlalchemy import make_url
from starlette.types import ASGIApp

from gateway_service.app import assemble, front_of
from gateway_service.sealing import token_hash
from gateway_service.settings import Settings
from servicekit import clock, migrations, tokens
from servicekit.db import new_id
from servicekit.testing import login_url

from .echo import CONTRACT, ISSUER, Echo

PACKAGE = "gateway_service"
REFERRALS_JWK = tokens.generate_jwk()
PARTNERS_JWK = tokens.generate_jwk()
SEALING_KEY = secrets.token_urlsafe(32)
SPA = Path(__file__).parent / "spa"


@asynccontextmanager
async def served(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Serve an ASGI application over TCP in this loop, as in production."""
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_level="error",
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    address = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http://127.0.0.1:{address[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass
class Door:
    """The gateway, the service behind it, and the database between."""

    url: str
    app: FastAPI
    echo: Echo
    settings: Settings
    admin: psycopg.AsyncConnection[dict[str, Any]]
    http: httpx.AsyncClient
    _closing: list[Any] = field(default_factory=list)

    async def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """Run SQL as the superuser."""
        cursor = await self.admin.execute(query, parameters)
        return await cursor.fetchall() if cursor.description else []

    async def signed_in(
        self,
        audience: str = "partner",
        role: str = "partner_user",
        *,
        caisse: str = "311",
        structure: UUID | None = None,
        state: str = "open",
        stepped_up: timedelta | None = None,
        account: UUID | None = None,
        with_role: bool = True,
    ) -> "Browser":
        """Put an account, a role and a session where sign-in would; return the browser that holds the cookie."""
        now = clock.system_now()
        account = account or new_id()
        assignment, session_id = new_id(), new_id()
        structure = (structure or new_id()) if audience == "partner" else None
        cookie = secrets.token_urlsafe(32)
        await self.rows("INSERT INTO accounts VALUES (%s, 'active') ON CONFLICT DO NOTHING", account)
        if structure is not None:
            await self.rows("INSERT INTO structures VALUES (%s, 'open') ON CONFLICT DO NOTHING", structure)
        if with_role:
            await self.rows(
                "INSERT INTO assignments VALUES (%s, %s, %s, %s, %s, %s, %s, current_date - 2, NULL, NULL)",
                assignment,
                account,
                audience,
                role,
                caisse,
                structure,
                "misas" if audience == "agent" else None,
            )
        await self.rows(
            "INSERT INTO sessions (id, account_id, cookie_hash, state, assignment_id, factor, auth_time, stepup_at,"
            " created_at, seen_at, expires_at, device, address)"
            " VALUES (%s, %s, %s, %s, %s, 'totp', %s, %s, %s, %s, %s, 'Firefox, Linux', '127.0.0.0/24')",
            session_id,
            account,
            token_hash(cookie),
            state,
            assignment if with_role else None,
            now if state == "open" else None,
            now - stepped_up if stepped_up is not None else None,
            now,
            now,
            now + timedelta(hours=8),
        )
        return Browser(self, cookie, account, assignment, session_id, structure)

    async def journal(self) -> list[dict[str, Any]]:
        """Return the journal of requests."""
        return await self.rows("SELECT * FROM request_journal ORDER BY at, txn")

    async def emptied(self) -> None:
        """Forget everything but the keys. Deleting few rows is much faster than truncating many tables."""
        tables = await self.rows("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
        kept = {"alembic_version", "feed", "signing_keys"}
        names = [row["relname"] for row in tables if not row["relname"].startswith("procrastinate")]
        async with self.admin.transaction():
            await self.admin.execute("SET LOCAL session_replication_role = replica")
            await self.admin.execute("; ".join(f"DELETE FROM {name}" for name in names if name not in kept).encode())
        self.app.state.gate.sessions.forget()
        self.echo.seen.clear()


@dataclass
class Browser:
    """Somebody signed in: sends the cookie, and on changes what our own pages send."""

    door: Door
    cookie: str
    account: UUID
    assignment: UUID
    session_id: UUID
    structure: UUID | None

    async def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        """Send a request as a page of ours would; `headers` replaces or, when empty, removes."""
        sent = {"Cookie": f"__Host-sid={self.cookie}"}
        if method not in {"GET", "HEAD"}:
            sent |= {"X-CSRF": "1", "Origin": self.door.settings.origin, "Sec-Fetch-Site": "same-origin"}
        sent |= headers or {}
        return await self.door.http.request(
            method, path, headers={name: value for name, value in sent.items() if value}, **options
        )

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Read."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Act."""
        return await self.request("POST", path, json=body, **options)


def a_contracts_folder(folder: Path, names: Sequence[str] = ("echo",)) -> Path:
    """Write the contract of the service behind, under each name it runs."""
    for name in names:
        text = json.dumps(CONTRACT).replace("/api/v1/echo/", f"/api/v1/{name}/")
        (folder / f"{name}.json").write_text(text)
    return folder


@asynccontextmanager
async def opened(admin_url: str, folder: Path, **changed: Any) -> AsyncIterator[Door]:
    """Start gateway and service; `changed` are settings of the gateway."""
    login = login_url(PACKAGE, admin_url)
    echo = Echo(jwks="")
    async with served(echo) as echo_url:
        contracts = folder / "openapi"
        contracts.mkdir()
        spa = folder / "dist"
        shutil.copytree(SPA, spa)
        known: dict[str, Any] = {
            "database_url": login,
            "issuer": ISSUER,
            "origin": "http://portail.test",
            "gateway_url": "http://gateway.test",
            "peers": {"echo": echo_url},
            "contracts_dir": contracts,
            "spa_dir": spa,
            "data_dir": folder,
            "sealing_key": SEALING_KEY,
            "service_keys": {
                "svc-referrals": tokens.public_part(REFERRALS_JWK),
                "svc-partners": tokens.public_part(PARTNERS_JWK),
            },
        }
        known |= changed
        a_contracts_folder(contracts, tuple(known["peers"]))
        settings = Settings.ephemeral(**known)
        app = assemble(settings)
        plain = make_url(migrations.database_url(admin_url, PACKAGE)).set(drivername="postgresql")
        async with (
            served(front_of(app, settings)) as url,
            await psycopg.AsyncConnection.connect(
                plain.render_as_string(hide_password=False), autocommit=True, row_factory=dict_row
            ) as admin,
            httpx.AsyncClient(base_url=url, timeout=20) as http,
        ):
            echo._jwks = f"{url}/.well-known/jwks.json"
            yield Door(url, app, echo, settings, admin, http)
