"""The gateway assembled: its own routes as any service has them, and the front that the server runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway_service import calendar_feeds
from gateway_service.addresses import AddressReader
from gateway_service.docs import routes as docs_routes
from gateway_service.docs.page import DocsPage
from gateway_service.followers import follow_partners
from gateway_service.front.bodies import Limits
from gateway_service.front.door import Front, Parts
from gateway_service.front.forwarding import Forwarder
from gateway_service.front.guard import Guard
from gateway_service.front.housekeeping import Housekeeping
from gateway_service.front.journal import RequestJournal
from gateway_service.front.routing import GATEWAY, compile_table, load
from gateway_service.front.security_headers import SecurityHeaders
from gateway_service.front.spa import BrowserApplication
from gateway_service.oauth import application_routes
from gateway_service.oauth.applications import Applications
from gateway_service.oauth.issuing import ACCESS_AUDIENCE, Mint
from gateway_service.oauth.keys import KeyRing
from gateway_service.oauth.token_endpoint import TokenEndpoint
from gateway_service.settings import Settings
from gateway_service.sign_in.api import sign_in_jobs, sign_in_routers
from gateway_service.sign_in.gate import Gate
from servicekit.app import Background, Service, create_app
from servicekit.tokens import ACCESS, Verifier


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs behind the front, kept in `app.state.engine`."""

    ring: KeyRing
    mint: Mint
    journal: RequestJournal
    forwarder: Forwarder


def assemble(settings: Settings) -> FastAPI:
    """Assemble the gateway's own routes, and beside them in `app.state` what the front needs."""
    ring = KeyRing(settings.vault())
    engine = Engine(
        ring=ring,
        mint=Mint(settings.issuer, ring),
        journal=RequestJournal(settings.database_url.get_secret_value()),
        forwarder=Forwarder(
            settings.peers,
            limits=_limits(settings),
            deadline_seconds=settings.deadline_seconds,
            file_deadline_seconds=settings.file_deadline_seconds,
            connect_seconds=settings.connect_seconds,
            connections_per_service=settings.connections_per_service,
            in_flight_per_service=settings.in_flight_limit // 2,
        ),
    )
    background: list[Background] = [ring, engine.journal, Housekeeping(), sign_in_jobs()]
    if "partners" in settings.peers:
        background.append(follow_partners(engine.mint.own_token))
    app = create_app(
        settings,
        name=GATEWAY,
        title="Accès",
        description="Connexion, sessions, rôle actif, applications internes.",
        routers=[*sign_in_routers(settings), application_routes.routes, docs_routes.routes, calendar_feeds.routes],
        background=background,
        lifespan=_open,
    )
    service: Service = app.state.service
    app.state.engine = engine
    app.state.gate = Gate.of(settings, service.database)
    app.state.contracts = {GATEWAY: app.openapi()} | load(settings.contracts_dir, settings.peers)
    app.state.table = compile_table(app.state.contracts)
    return app


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    engine: Engine = app.state.engine
    gate: Gate = app.state.gate
    service: Service = app.state.service
    await engine.ring.refresh(service.database)
    # From here on the gateway's own tokens are verified with the keys that signed them, not with a fetched copy.
    service.verifier = Verifier(service.settings.issuer, f"svc-{GATEWAY}", engine.ring)
    await engine.forwarder.open()
    try:
        async with gate.opened():
            yield
    finally:
        await engine.forwarder.close()


def front_of(app: FastAPI, settings: Settings) -> Front:
    """Return the door to put before the assembled gateway."""
    engine: Engine = app.state.engine
    gate: Gate = app.state.gate
    service: Service = app.state.service
    security = SecurityHeaders(secure=settings.secure)
    applications = Applications(service.database)
    parts = Parts(
        table=app.state.table,
        guard=Guard(
            sessions=gate.sessions,
            applications=Verifier(settings.issuer, ACCESS_AUDIENCE, engine.ring, kind=ACCESS),
            grants=applications,
            origins=settings.origins,
        ),
        tokens=TokenEndpoint(
            endpoints=settings.token_endpoints,
            issuer=settings.issuer,
            ring=engine.ring,
            mint=engine.mint,
            table=app.state.table,
            service_keys=settings.client_keys(),
            applications=applications,
            database=service.database,
        ),
        mint=engine.mint,
        ring=engine.ring,
        journal=engine.journal,
        forwarder=engine.forwarder,
        browser_application=BrowserApplication(settings.spa_dir, security),
        docs=DocsPage(app.state.contracts, security),
        security=security,
        addresses=AddressReader(settings.trusted_proxies),
        limits=_limits(settings),
        in_flight_limit=settings.in_flight_limit,
    )
    return Front(app, parts)


def _limits(settings: Settings) -> Limits:
    return Limits(settings.json_limit_bytes, settings.upload_limit_bytes, settings.deadline_seconds)


def build() -> ASGIApp:
    """Build the gateway from the environment's settings, as the server asks for it."""
    settings = Settings()
    return front_of(assemble(settings), settings)
