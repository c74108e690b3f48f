"""Logs, metrics and the request id that follows a request through every part.

Personal data cannot reach a log: only the keys listed here are written, whatever a caller passes.
"""

import logging
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.db import new_id

_KEYS = """
event level timestamp service txn method route status ms attempt attempts count delay_s error error_type feed follower
job kid lag limit position queue reason role signal slug source state table audience client exception event_type
version port host
"""
ALLOWED_KEYS = frozenset(_KEYS.split())

REQUESTS = Histogram("http_request_seconds", "Time to answer, by route", ["service", "method", "route"])
ANSWERS = Counter("http_answers_total", "Answers, by route and status", ["service", "method", "route", "status"])


def _allowed_only(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    dropped = [key for key in entry if key not in ALLOWED_KEYS]
    for key in dropped:
        del entry[key]
    if dropped:
        entry["reason"] = "keys outside the allowlist were dropped"
    return entry


def configure_logs(service: str) -> None:
    """Write one JSON object a line on standard output, for our own events and the server's."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_values,
            _allowed_only,
            structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        # A cached logger would keep the settings of the first service assembled in a process.
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)


def _exception_without_values(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep where an exception came from and drop its message: a driver quotes the values of a failed row."""
    caught = entry.pop("exc_info", None)
    error = caught if isinstance(caught, BaseException) else sys.exc_info()[1] if caught else None
    if error is None:
        return entry
    entry["error_type"] = f"{type(error).__module__}.{type(error).__qualname__}"
    frames = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"{code.co_filename}:{step.tb_lineno}:{code.co_name}")
        step = step.tb_next
    entry["exception"] = frames[-12:]
    return entry


log = structlog.get_logger()


class Telemetry:
    """Outermost ASGI layer: binds the request id, times the answer, logs the route template and never the path.

    `on_bug` renders the answer to an error nobody foresaw.
    """

    def __init__(self, app: ASGIApp, service: str, on_bug: Callable[[Exception, str], Response]) -> None:
        self.app = app
        self.service = service
        self.on_bug = on_bug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        txn = _request_id(scope)
        scope.setdefault("state", {})["txn"] = txn
        structlog.contextvars.bind_contextvars(txn=txn)
        started = time.perf_counter()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", txn.encode())]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:  # noqa: BLE001 - the process boundary: an answer, a log without values
            answer = self.on_bug(error, txn)
            if status == 0:
                await answer(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unmatched")
            REQUESTS.labels(self.service, scope["method"], route).observe(seconds)
            ANSWERS.labels(self.service, scope["method"], route, status).inc()
            if status >= 400 or seconds > 1:
                log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000))


def _request_id(scope: Scope) -> str:
    given = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"x-request-id"), "")
    if 8 <= len(given) <= 64 and given.replace("-", "").isalnum():
        return given
    return str(new_id())
