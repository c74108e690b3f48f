"""What every service's tests stand on: its real database built by its migrations, real tokens, real routes.

A service's `conftest.py` binds the fixtures:

    _service, under_test, client_as = fixtures_for("partners_service")

Work is committed for real (facts, policies and locks behave as in production); every table is emptied after
each test. The root `conftest.py` gives `admin_url`, a superuser's URL of a running PostgreSQL.
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from fastapi import FastAPI
from psycopg.rows import dict_row
from sqlalchemy import make_url
from starlette.routing import Match

from servicekit import clock, migrations, schema, tokens
from servicekit.access import Actor, Audience
from servicekit.app import Service
from servicekit.canary import refuse_unsafe_database
from servicekit.jobs import Jobs
from servicekit.route import ServiceRoute

ISSUER = "https://gateway.aller-vers.internal"
SIGNING_KEY = tokens.load_signing_key(tokens.generate_jwk())
JWKS = json.dumps({"keys": [dict(SIGNING_KEY.public_jwk)]})


def an_actor(audience: Audience, role: str, **known: Any) -> Actor:
    """Return somebody of a role, in Haute-Garonne unless told otherwise; the purpose comes with the route."""
    internal = audience is Audience.INTERNAL
    actor = Actor(
        sub=str(uuid4()),
        client="spa",
        audience=audience,
        role=role,
        caisse="311",
        structure=uuid4() if audience is Audience.PARTNER else None,
        unit="misas" if audience is Audience.AGENT else None,
        purpose="",
        txn=str(uuid4()),
        session_hash="" if internal else secrets.token_urlsafe(16),
        auth_time=int(clock.system_now().timestamp()),
        stepup_at=None,
    )
    return replace(actor, **known)


def a_service(name: str) -> Actor:
    """Return another service, calling with its own identity."""
    return an_actor(Audience.INTERNAL, "service", sub=f"svc-{name}", client=f"svc-{name}", caisse="")


def a_token(actor: Actor, service: str, purpose: str, **claims: Any) -> str:
    """Sign the token that the gateway would give `actor` for `service`; `claims` spoils it at will."""
    now = int(clock.system_now().timestamp())
    good: dict[str, Any] = {
        "iss": ISSUER,
        "aud": f"svc-{service}",
        "sub": actor.sub,
        "client": actor.client,
        "iat": now,
        "nbf": now,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(16),
        "txn": actor.txn,
        "purp": purpose,
        "audience": str(actor.audience),
        "role": actor.role,
        "caisse": actor.caisse,
        "structure": str(actor.structure) if actor.structure else None,
        "unit": actor.unit,
        "acr": "client" if actor.audience in {Audience.INTERNAL, Audience.APP} else "mfa",
        "auth_time": actor.auth_time,
        "stepup_at": actor.stepup_at,
        "sid_h": actor.session_hash,
    }
    return tokens.mint(SIGNING_KEY, tokens.Claims.model_validate(good | claims))


def service_routes(app: FastAPI) -> Sequence[ServiceRoute]:
    """Return every route of the service that declares its access (all but health)."""
    found: list[ServiceRoute] = []
    pending = list(app.routes)
    while pending:
        route = pending.pop(0)
        if isinstance(route, ServiceRoute):
            found.append(route)
        inner = getattr(route, "original_router", None)
        if inner is not None:
            pending.extend(inner.routes)
    return found


def of_frames(route: ServiceRoute) -> bool:
    """Tell whether a route is one of the frames of works, which have tests of their own beside their uses."""
    return route.endpoint.__module__.startswith(("servicekit.works", "servicekit.imports", "servicekit.exports"))


class Client:
    """Calls a service as somebody: fresh token with the route's purpose, fresh key for each change."""

    def __init__(self, app: FastAPI, service: str, actor: Actor | None) -> None:
        self.app = app
        self.service = service
        self.actor = actor
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://service"
        )

    def _route(self, method: str, path: str) -> ServiceRoute | None:
        scope = {"type": "http", "method": method, "path": path.partition("?")[0], "root_path": "", "headers": []}
        full = (route for route in service_routes(self.app) if route.matches(scope)[0] is Match.FULL)
        return next(full, None)

    async def request(
        self,
        method: str,
        path: str,
        *,
        purpose: str | None = None,
        key: UUID | str | None = None,
        if_match: int | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """Send one request; `purpose`, `key` (none when empty) and `headers` replace what is right."""
        sent: dict[str, str] = {}
        if self.actor is not None:
            route = self._route(method, path)
            purpose = purpose or (route.declared.purpose if route else "none")
            sent["Authorization"] = f"Bearer {a_token(self.actor, self.service, purpose)}"
        if method not in {"GET", "HEAD", "OPTIONS"} and key != "":
            sent["Idempotency-Key"] = str(key or uuid4())
        if if_match is not None:
            sent["If-Match"] = f'"{if_match}"'
        return await self._http.request(method, path, headers=sent | dict(headers or {}), **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Read."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Act."""
        return await self.request("POST", path, json=body, **options)

    async def put(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Replace."""
        return await self.request("PUT", path, json=body, **options)


@dataclass(slots=True)
class ServiceUnderTest:
    """A service on its own database; `admin` reads and writes past every policy."""

    name: str
    app: FastAPI
    admin: psycopg.AsyncConnection[dict[str, Any]]
    keep: frozenset[str]

    def client_as(self, actor: Actor | None) -> Client:
        """Return a client that acts as `actor`, or as nobody."""
        return Client(self.app, self.name, actor)

    async def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """Run SQL as the superuser; for what a test must arrange or verify behind the API."""
        cursor = await self.admin.execute(query, parameters)
        return await cursor.fetchall() if cursor.description else []

    async def facts(self) -> list[dict[str, Any]]:
        """Return the facts announced so far, in order of emission."""
        return await self.rows("SELECT type, version, caisse, subject, payload FROM facts ORDER BY written")

    async def empty(self) -> None:
        """Empty every table but those of reference data; forget the jobs that wait."""
        tables = await self.rows("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
        names = {row["relname"] for row in tables} - self.keep - {"alembic_version"}
        quoted = ", ".join(f'"{name}"' for name in sorted(names))
        if await self.rows("SELECT 1 WHERE to_regclass('jobs.procrastinate_jobs') IS NOT NULL"):
            quoted += ", jobs.procrastinate_jobs"
        if names:
            async with self.admin.transaction():
                # Lets the superuser past the triggers that keep the journal from being emptied.
                await self.admin.execute("SET LOCAL session_replication_role = replica")
                await self.admin.execute(f"TRUNCATE {quoted} CASCADE")


def login_url(package: str, admin_url: str) -> str:
    """Provision and migrate the database of a service; return the URL of its login role.

    The password is the same each time: another one would lock out whoever shares the database in this run.
    """
    name = migrations.service_of(package)
    password = hashlib.sha256(f"{admin_url} {name}".encode()).hexdigest()
    schema.provision(admin_url, name, password)
    migrations.upgrade(admin_url, package)
    url = make_url(migrations.database_url(admin_url, package))
    return url.set(username=f"{name}_login", password=password).render_as_string(hide_password=False)


@asynccontextmanager
async def service_under_test(
    package: str, admin_url: str, *, keep: frozenset[str] = frozenset(), **settings: Any
) -> AsyncIterator[ServiceUnderTest]:
    """Provision, migrate and assemble a service; background work and lifespan are not started."""
    name = migrations.service_of(package)
    login = login_url(package, admin_url)
    known = {"database_url": login, "jwks": JWKS, "issuer": ISSUER}
    assembled = import_module(f"{package}.app").assemble(
        import_module(f"{package}.settings").Settings.ephemeral(**known | settings)
    )
    app: FastAPI = assembled
    admin_login = make_url(migrations.database_url(admin_url, package)).set(drivername="postgresql")
    plain = admin_login.render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(plain, autocommit=True, row_factory=dict_row) as admin:
        database = app.state.service.database
        await refuse_unsafe_database(database, app.state.exempt_tables)
        yield ServiceUnderTest(name, app, admin, keep)
        await database.close()


def fixtures_for(package: str, *, keep: frozenset[str] = frozenset(), **settings: Any) -> tuple[Any, Any, Any]:
    """Return the fixtures `_service`, `under_test` (emptied after each test) and `client_as` of a service."""

    import pytest  # noqa: PLC0415 - the demonstration borrows `Client`, and has no need of a test runner

    @pytest.fixture(scope="session", name="_service")
    async def service(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
        async with service_under_test(package, admin_url, keep=keep, **settings) as it:
            yield it

    @pytest.fixture
    async def under_test(_service: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
        yield _service
        await _service.empty()

    @pytest.fixture
    def client_as(under_test: ServiceUnderTest) -> Callable[[Actor | None], Client]:
        return under_test.client_as

    return service, under_test, client_as


@asynccontextmanager
async def at_work(service: ServiceUnderTest) -> AsyncIterator[None]:
    """Run the jobs of a service as it does, as long as the block lasts."""
    running: Service = service.app.state.service
    workers = [asyncio.create_task(work.run(running)) for work in running.background if isinstance(work, Jobs)]
    try:
        yield
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def until(look: Callable[[], Awaitable[bool]], *, seconds: float = 20) -> None:
    """Wait for something that others bring about."""
    async with asyncio.timeout(seconds):
        while not await look():  # noqa: ASYNC110 - another process does it, and sets no event of ours
            await asyncio.sleep(0.1)


async def ended(client: Client, path: str, *, seconds: float = 20) -> dict[str, Any]:
    """Return a work (its path) as its owner sees it once it has ended."""
    work: dict[str, Any] = {}

    async def look() -> bool:
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text  # noqa: S101 - a test's own
        work.update(answer.json())
        return work["state"] not in {"waiting", "running"}

    await until(look, seconds=seconds)
    return work
