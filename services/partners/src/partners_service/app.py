"""Assembly of partners."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from partners_service.accounts import routes_agent as accounts_agent
from partners_service.accounts import routes_desk as accounts_desk
from partners_service.accounts import routes_officer as accounts_officer
from partners_service.accounts import routes_partner as accounts_partner
from partners_service.accounts.routes_me import ME
from partners_service.bodies import routes as bodies
from partners_service.bodies.loading import load
from partners_service.internal import FEED, HANDOVER, INTERNAL
from partners_service.jobs import jobs
from partners_service.notifications import routes as notifications
from partners_service.notifications.followers import accompaniments, referrals
from partners_service.settings import Settings
from partners_service.structures import exporting, importing
from partners_service.structures import routes_agent as structures_agent
from partners_service.structures import routes_desk as structures_desk
from partners_service.structures import routes_officer as structures_officer
from partners_service.structures import routes_partner as structures_partner
from partners_service.trainings import routes_desk as trainings_desk
from servicekit.access import Audience
from servicekit.app import Service, create_app
from servicekit.route import ServiceRoute
from servicekit.telemetry import log
from servicekit.works.register import exports_register
from servicekit.works.routes import works_router

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


ROUTERS = (
    *ME,
    bodies.PARTNER,
    bodies.AGENT,
    bodies.OFFICER,
    structures_partner.PARTNER,
    structures_agent.AGENT,
    structures_desk.DESK,
    structures_officer.OFFICER,
    accounts_partner.PARTNER,
    accounts_agent.AGENT,
    accounts_desk.DESK,
    accounts_officer.OFFICER,
    trainings_desk.DESK,
    importing.IMPORTS,
    exporting.EXPORTS,
    works_router("partners", Audience.AGENT),
    *notifications.MINE,
    notifications.DESK,
    exports_register("partners"),
    FEED,
    HANDOVER,
    INTERNAL,
)


def assemble(settings: Settings) -> FastAPI:
    """Assemble the service. Operations are called in the contract what they are called here."""
    for routes in ROUTERS:
        for route in routes.routes:
            if isinstance(route, ServiceRoute):
                route.operation_id = route.operation_id or route.name
    return create_app(
        settings,
        name="partners",
        title="Aller-vers : partenaires",
        description="Organismes, structures partenaires, comptes, rôles, formations, droits et notifications.",
        routers=ROUTERS,
        exempt_tables=REFERENCE_TABLES,
        background=[referrals(), accompaniments(), jobs],
        lifespan=_reference_is_loaded,
    )


def build() -> FastAPI:
    """Assemble the service from its environment; what `serve` runs."""
    return assemble(Settings())
