"""How a service is assembled and started."""

import asyncio
import hmac
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.responses import JSONResponse, Response

from servicekit import problems
from servicekit.canary import refuse_unsafe_database
from servicekit.db import Database
from servicekit.errors import Unauthenticated
from servicekit.keysource import key_source
from servicekit.settings import ServiceSettings
from servicekit.telemetry import Telemetry, configure_logs, log
from servicekit.tokens import Verifier


class Background(Protocol):
    """Work that goes on beside the requests: a follower, the job worker."""

    async def run(self, service: "Service") -> None:
        """Work until cancelled; recover from what passes by itself."""

    def trouble(self) -> str | None:
        """Say what keeps it from working, for /readyz; None when all is well."""


@dataclass(slots=True)
class Service:
    """What a running service holds: `request.app.state.service`."""

    name: str
    settings: ServiceSettings
    database: Database
    verifier: Verifier
    background: Sequence[Background] = field(default=())


Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    settings: ServiceSettings,
    *,
    name: str,
    title: str,
    description: str,
    routers: Iterable[APIRouter],
    background: Sequence[Background] = (),
    exempt_tables: frozenset[str] = frozenset(),
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """Assemble a service.

    `exempt_tables` are those that hold no tenant's data and so need no row-level security; every other table
    without it stops the start. `lifespan` is the service's own, entered when the database is known safe.
    """
    configure_logs(name)
    service = Service(
        name=name,
        settings=settings,
        database=Database(
            name, settings.database_url.get_secret_value(), settings.pool_size, settings.pool_wait_seconds
        ),
        verifier=Verifier(settings.issuer, f"svc-{name}", key_source(settings.jwks)),
        background=background,
    )

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        await _database_is_up(service)
        await refuse_unsafe_database(service.database, exempt_tables)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(service.database.close)
            if lifespan is not None:
                await stack.enter_async_context(lifespan(app))
            tasks = [asyncio.create_task(work.run(service)) for work in background]
            stack.push_async_callback(_stop, tasks)
            for task in tasks:
                task.add_done_callback(_end_with)
            log.info("started")
            yield
        log.info("stopped")

    app = FastAPI(
        title=title,
        description=description,
        version="1",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.service = service
    app.state.exempt_tables = exempt_tables
    problems.install(app)
    app.add_middleware(Telemetry, service=name, on_bug=problems.unexpected)
    _add_health(app, service)
    for router in routers:
        app.include_router(router)
    app.openapi = lambda: _contract(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app


def _end_with(work: asyncio.Task[None]) -> None:
    """End the process with background work that ended by itself: it has no address, or no key, to work with."""
    if not work.cancelled():
        log.critical("background work ended", exc_info=work.exception())
        signal.raise_signal(signal.SIGTERM)


async def _stop(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _database_is_up(service: Service) -> None:
    """Wait for the database rather than die: an outage at start needs no manual act either."""
    delay = 0.1
    while True:
        try:
            async with service.database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (DBAPIError, OSError) as error:
            log.warning("waiting for the database", error_type=type(error).__qualname__, delay_s=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 2)
        else:
            return


def _add_health(app: FastAPI, service: Service) -> None:
    health = APIRouter(include_in_schema=False)

    @health.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @health.get("/readyz")
    async def readyz() -> Response:
        troubles = [trouble for work in service.background if (trouble := work.trouble())]
        try:
            async with asyncio.timeout(2), service.database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (DBAPIError, OSError, TimeoutError):
            return JSONResponse({"status": "database unavailable"}, 503)
        return JSONResponse({"status": "ready", "troubles": troubles})

    @health.get("/metrics")
    async def metrics(request: Request) -> Response:
        wanted = service.settings.metrics_token
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if wanted is None or not hmac.compare_digest(given.encode(), wanted.get_secret_value().encode()):
            raise Unauthenticated("Connectez-vous pour continuer.")
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    app.include_router(health)


def _contract(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with refusals described as the problem documents they are."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        components = schema.setdefault("components", {}).setdefault("schemas", {})
        components["Problem"] = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components |= components["Problem"].pop("$defs", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            components.pop(unused, None)
        app.openapi_schema = schema
    return app.openapi_schema
