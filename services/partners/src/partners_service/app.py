"""Assembly of partners."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from partners_service.bodies.loading import load
from partners_service.settings import Settings
from servicekit.app import Service, create_app
from servicekit.telemetry import log

REFERENCE_TABLES = frozenset(
    {"regions", "departments", "bodies", "body_departments", "sites", "units", "reference_loads"}
)


@asynccontextmanager
async def _reference_is_loaded(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    async with service.database.system_session("reference.load") as session:
        loaded = await load(session)
    if loaded:
        log.info("reference data loaded")
    yield


def assemble(settings: Settings) -> FastAPI:
    """Assemble the service."""
    return create_app(
        settings,
        name="partners",
        title="Aller-vers : partenaires",
        description="Organismes, structures partenaires, comptes, rôles, invitations, formations et droits.",
        routers=[],
        exempt_tables=REFERENCE_TABLES,
        lifespan=_reference_is_loaded,
    )


def build() -> FastAPI:
    """Assemble the service from its environment; what `serve` runs."""
    return assemble(Settings())
