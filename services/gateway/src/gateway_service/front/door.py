"""The only public door: finds the route, asks the guard, mints the token, sends the request on.

Plain ASGI: a framework here would divide the throughput of everything behind it by three.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import psycopg
from prometheus_client import Gauge
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway_service.addresses import AddressReader
from gateway_service.docs.page import DocsPage
from gateway_service.front import bodies
from gateway_service.front.bodies import ClientGone, Limits
from gateway_service.front.exchanges import CLIENT_GONE, Answer, Exchange, headers_of
from gateway_service.front.forwarding import BrokenOff, Forwarder
from gateway_service.front.guard import Guard
from gateway_service.front.journal import JournalAway, RequestJournal
from gateway_service.front.refusals import JournalUnwritten, MethodNotAllowed, Overloaded, UnknownPath
from gateway_service.front.routing import GATEWAY, Route, Table
from gateway_service.front.security_headers import SAFE_METHODS, SecurityHeaders
from gateway_service.front.spa import BrowserApplication
from gateway_service.oauth.issuing import Mint
from gateway_service.oauth.keys import KeyRing
from gateway_service.oauth.token_endpoint import LONGEST_FORM, TOKEN_PATH, OAuthRefusal, TokenEndpoint
from servicekit import problems
from servicekit.errors import DomainError, Unauthenticated, Unavailable
from servicekit.telemetry import log

HEALTH: Final = frozenset({"/livez", "/readyz", "/metrics"})
JWKS_PATH: Final = "/.well-known/jwks.json"
DOCS_PATH: Final = "/api/docs"
_NEVER_PAGES: Final = ("/api/", "/oauth/", "/internal/", "/.well-known/")
_INTO_OURSELVES: Final = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-type",
        b"cookie",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"user-agent",
    }
)

# The sessions' own pool speaks psycopg, the rest SQLAlchemy.
_DATABASE_AWAY: Final = (psycopg.OperationalError, OperationalError, InterfaceError, PoolTimeout)

IN_FLIGHT: Final = Gauge("gateway_in_flight", "Requests under way")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the front works with."""

    table: Table
    guard: Guard
    tokens: TokenEndpoint
    mint: Mint
    ring: KeyRing
    journal: RequestJournal
    forwarder: Forwarder
    browser_application: BrowserApplication
    docs: DocsPage
    security: SecurityHeaders
    addresses: AddressReader
    limits: Limits
    in_flight_limit: int


class Front:
    """The ASGI application that the server runs; `own` answers for the gateway's own routes and its health."""

    def __init__(self, own: ASGIApp, parts: Parts) -> None:
        self._own = own
        self._parts = parts
        self._in_flight = 0
        IN_FLIGHT.set_function(lambda: self._in_flight)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's event."""
        if scope["type"] == "lifespan":
            await self._own(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        method: str = scope["method"]
        if path in HEALTH and method in SAFE_METHODS:
            await self._own(scope, receive, self._secured(send))
            return
        headers = headers_of(scope)
        if method in {"GET", "HEAD"}:
            if path == JWKS_PATH:
                await self._send_keys(send)
                return
            if not path.startswith(_NEVER_PAGES) and await self._parts.browser_application.serve(
                method, path, headers, send
            ):
                return
        address = self._parts.addresses.of(scope, headers)
        exchange = Exchange(scope, method, path, headers, address)
        answer = Answer(exchange, self._parts.journal, self._parts.security, send)
        self._in_flight += 1
        try:
            await self._answer(exchange, receive, answer)
        finally:
            self._in_flight -= 1
        if answer.withheld:
            response = problems.render(JournalUnwritten(), exchange.txn)
            message_headers = self._parts.security.api(list(response.raw_headers))
            await send({"type": "http.response.start", "status": response.status_code, "headers": message_headers})
            await send({"type": "http.response.body", "body": response.body})

    def _secured(self, send: Send) -> Send:
        async def relay(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._parts.security.api(list(message["headers"]))}
            await send(message)

        return relay

    async def _answer(self, exchange: Exchange, receive: Receive, answer: Answer) -> None:
        try:
            await self._route(exchange, receive, answer)
        except DomainError as refusal:
            await self._refuse(exchange, refusal, receive, answer)
        except _DATABASE_AWAY as error:
            log.warning("database unavailable", txn=exchange.txn, error_type=type(error).__qualname__)
            away = Unavailable("Rien n'a été enregistré. Réessayez dans quelques instants.")
            await self._refuse(exchange, away, receive, answer)
        except ClientGone:
            await self._note_departure(exchange)
        except BrokenOff:
            log.warning("answer cut short", txn=exchange.txn, route=exchange.template)
        except Exception as error:  # noqa: BLE001 - process boundary: a bug is logged and answered, never shown
            log.error("unexpected error", txn=exchange.txn, exc_info=error)
            if not answer.begun:
                await self._refuse(exchange, _Unexpected(), receive, answer)

    async def _route(self, exchange: Exchange, receive: Receive, answer: Answer) -> None:
        parts = self._parts
        if self._in_flight > parts.in_flight_limit:
            raise Overloaded
        if exchange.path == DOCS_PATH and exchange.method == "GET":
            exchange.template = DOCS_PATH
            await self._show_docs(exchange, answer)
            return
        if exchange.path == TOKEN_PATH and exchange.method == "POST":
            exchange.template = TOKEN_PATH
            await self._give_token(exchange, receive, answer)
            return
        by_method = parts.table.find(exchange.path) if _plain(exchange.scope) else None
        if by_method is None:
            raise UnknownPath
        route = by_method.get(exchange.method)
        if route is None:
            exchange.template = next(iter(by_method.values())).template
            raise MethodNotAllowed(sorted(by_method))
        exchange.route = route
        exchange.template = route.template
        exchange.who = await parts.guard.identify(route, exchange.headers)
        if exchange.who is not None:
            await parts.guard.authorise(route, exchange.who)
        if route.service == GATEWAY:
            await self._call_ourselves(exchange, route, receive, answer)
            return
        assert exchange.who is not None  # noqa: S101 - the table lets only the gateway's own routes be for anyone
        await parts.forwarder.forward(
            route.service,
            exchange.method,
            _target(exchange.scope),
            exchange.headers,
            parts.mint.txn_token(exchange.who, route.service, route.access.purpose, exchange.txn),
            exchange.txn,
            receive,
            answer,
        )

    async def _call_ourselves(self, exchange: Exchange, route: Route, receive: Receive, answer: Answer) -> None:
        """Call a route of the gateway as any service is called: same token, same guard; only cookies go along."""
        body = b""
        if exchange.method not in SAFE_METHODS:
            body = await bodies.take_whole(receive, exchange.headers, self._parts.limits)
        headers = [(name, value) for name, value in exchange.headers.items() if name in _INTO_OURSELVES]
        headers.append((b"x-request-id", exchange.txn.encode()))
        headers.append((b"content-length", str(len(body)).encode()))
        if exchange.who is not None:
            token = self._parts.mint.txn_token(exchange.who, GATEWAY, route.access.purpose, exchange.txn)
            headers.append((b"authorization", f"Bearer {token}".encode()))
        client = (exchange.address, 0) if exchange.address else None
        scope = {**exchange.scope, "headers": headers, "client": client, "state": {}}
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return {"type": "http.disconnect"}
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def relay(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [header for header in message["headers"] if header[0] != b"x-request-id"]
                message = {**message, "headers": kept}
            await answer(message)

        await self._own(scope, replay, relay)

    async def _give_token(self, exchange: Exchange, receive: Receive, answer: Answer) -> None:
        limits = Limits(LONGEST_FORM, 0, self._parts.limits.stall_seconds)
        body = await bodies.take_whole(receive, exchange.headers, limits)
        content_type = exchange.headers.get(b"content-type", b"")
        try:
            granted = await self._parts.tokens.grant(content_type, body, exchange.txn)
        except OAuthRefusal as refusal:
            exchange.refusal = refusal.error
            response = JSONResponse({"error": refusal.error, "error_description": refusal.description}, refusal.status)
        else:
            exchange.who = granted.who
            response = JSONResponse(granted.body())
        await response(exchange.scope, receive, answer)

    async def _show_docs(self, exchange: Exchange, answer: Answer) -> None:
        try:
            exchange.who = await self._parts.guard.signed_in(exchange.headers)
        except Unauthenticated:
            if b"text/html" not in exchange.headers.get(b"accept", b""):
                raise
            await answer({"type": "http.response.start", "status": 303, "headers": [(b"location", b"/")]})
            await answer({"type": "http.response.body", "body": b""})
            return
        answer.is_page = True
        await self._parts.docs.send(answer)

    async def _refuse(self, exchange: Exchange, refusal: DomainError, receive: Receive, answer: Answer) -> None:
        exchange.refusal = refusal.slug
        response = problems.render(refusal, exchange.txn)
        if isinstance(refusal, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(refusal.allowed)
        await response(exchange.scope, receive, answer)

    async def _note_departure(self, exchange: Exchange) -> None:
        exchange.measure(CLIENT_GONE)
        try:
            await self._parts.journal.write(exchange.entry(CLIENT_GONE))
        except JournalAway:
            log.warning("a departure was not journalled", txn=exchange.txn)

    async def _send_keys(self, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"public, max-age=60")]
        await send(
            {
                "type": "http.response.start",
                "status": HTTPStatus.OK,
                "headers": self._parts.security.asset(headers),
            }
        )
        await send({"type": "http.response.body", "body": self._parts.ring.jwks})


class _Unexpected(DomainError):
    """A bug of ours."""

    slug = "unexpected"
    title = "Erreur inattendue"
    status = 500

    def __init__(self) -> None:
        super().__init__(
            "Une erreur inattendue s'est produite. Réessayez, puis prévenez l'assistance en donnant la référence."
        )


def _plain(scope: Scope) -> bool:
    """Tell whether path and query are plain ASCII, the path without any escape: see `routing`."""
    raw_path: bytes = scope.get("raw_path") or b"%"
    query: bytes = scope["query_string"]
    path: str = scope["path"]
    return query.isascii() and raw_path.decode("latin-1").partition("?")[0] == path


def _target(scope: Scope) -> str:
    """Return path and query as they came: the path holds nothing that needed escaping (`routing`)."""
    query: bytes = scope["query_string"]
    path: str = scope["path"]
    return f"{path}?{query.decode('latin-1')}" if query else path
