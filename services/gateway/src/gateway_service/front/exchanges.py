"""One request and its answer, which is journalled before it leaves."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import Message, Scope, Send

from gateway_service.addresses import journalled
from gateway_service.front.journal import Entry, JournalAway, RequestJournal
from gateway_service.front.routing import GATEWAY, Route
from gateway_service.front.security_headers import SecurityHeaders
from gateway_service.oauth.issuing import Subject
from servicekit.db import new_id
from servicekit.telemetry import log

SECONDS: Final = Histogram("gateway_request_seconds", "Time until an answer begins", ["service", "method", "route"])
ANSWERS: Final = Counter("gateway_answers_total", "Answers", ["service", "method", "route", "status"])
CLIENT_GONE: Final = 499
_SLOW_SECONDS: Final = 1.0
_UNMATCHED: Final = "unmatched"


@dataclass(slots=True)
class Exchange:
    """What is known of a request so far; `who` and `route` come as they are found."""

    scope: Scope
    method: str
    path: str
    headers: Mapping[bytes, bytes]
    address: str
    txn: str = field(default_factory=lambda: str(new_id()))
    started: float = field(default_factory=time.perf_counter)
    route: Route | None = None
    template: str = _UNMATCHED
    who: Subject | None = None
    refusal: str = ""

    @property
    def service(self) -> str:
        """Return whom the request is for."""
        return self.route.service if self.route is not None else GATEWAY

    def entry(self, status: int) -> Entry:
        """Return the line of the journal."""
        return Entry(
            txn=self.txn,
            service=self.service,
            method=self.method,
            route=self.template,
            status=status,
            ms=round((time.perf_counter() - self.started) * 1000),
            refusal=self.refusal,
            who=self.who,
            address=journalled(self.address),
        )

    def measure(self, status: int) -> None:
        """Count the answer; log what was refused, failed or slow."""
        seconds = time.perf_counter() - self.started
        method = self.method if self.template != _UNMATCHED else "any"
        seconds_of, answers_of = _counters(self.service, method, self.template, status)
        seconds_of.observe(seconds)
        answers_of.inc()
        if status >= 400 or seconds > _SLOW_SECONDS:
            log.info(
                "request",
                txn=self.txn,
                method=method,
                route=self.template,
                status=status,
                ms=round(seconds * 1000),
                slug=self.refusal,
            )


@lru_cache(maxsize=10_000)
def _counters(service: str, method: str, route: str, status: int) -> tuple[Histogram, Counter]:
    """Return what counts one kind of answer; looking it up costs more than counting."""
    return SECONDS.labels(service, method, route), ANSWERS.labels(service, method, route, status)


class Answer:
    """Where the answer to an exchange is sent: journal first, then headers, then the rest.

    When the journal cannot be written, nothing leaves and `withheld` is set. `is_page`: it brings the headers
    of a page of ours, which are left as they are.
    """

    __slots__ = ("_exchange", "_journal", "_security", "_send", "begun", "is_page", "withheld")

    def __init__(self, exchange: Exchange, journal: RequestJournal, security: SecurityHeaders, send: Send) -> None:
        self._exchange = exchange
        self._journal = journal
        self._security = security
        self._send = send
        self.begun = False
        self.withheld = False
        self.is_page = False

    async def __call__(self, message: Message) -> None:
        """Pass one ASGI message on."""
        if self.withheld:
            return
        if message["type"] == "http.response.start":
            status: int = message["status"]
            self._exchange.measure(status)
            try:
                await self._journal.write(self._exchange.entry(status))
            except JournalAway:
                self.withheld = True
                return
            self.begun = True
            headers = list(message["headers"])
            if not self.is_page:
                headers = self._security.api(headers)
            headers.append((b"x-request-id", self._exchange.txn.encode()))
            message = {"type": "http.response.start", "status": status, "headers": headers}
        await self._send(message)


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by name; cookies in several lines are one, of anything else the last one counts."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name == b"cookie" and name in headers:
            headers[name] += b"; " + value
        else:
            headers[name] = value
    return headers
