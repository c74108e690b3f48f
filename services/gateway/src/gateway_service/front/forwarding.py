"""The hop to a service: pooled connections, streams both ways, bounded in time and number.

Only the headers listed here go in; whatever else a caller sends (X-User-…, cookies, its own Authorization,
X-Forwarded-…) stays outside. A service that is down or hangs takes nothing from its neighbours.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Final

import aiohttp
from multidict import CIMultiDict
from starlette.types import Message, Receive, Send
from yarl import URL

from gateway_service.front import bodies
from gateway_service.front.bodies import Limits
from gateway_service.front.refusals import Overloaded, ServiceAway, TooLarge, TooSlow
from servicekit.errors import DomainError

INTO_SERVICES: Final = frozenset(
    {b"accept", b"accept-language", b"content-type", b"idempotency-key", b"if-match", b"if-none-match"}
)
_NOT_OUT: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"server",
        b"date",
        b"set-cookie",
        b"x-request-id",
    }
)
_CLIENT_STALL_SECONDS: Final = 30.0
"""How long a browser may take to accept a part of an answer: a slow line is no fault."""
_WHOLE_ANSWER_BYTES: Final = 262_144


class BrokenOff(Exception):
    """The answer had begun and cannot be finished; the connection is cut so that nobody takes it for whole."""


class Forwarder:
    """Sends requests on to the services. Open it inside the loop that serves."""

    def __init__(
        self,
        services: Mapping[str, str],
        *,
        limits: Limits,
        deadline_seconds: float,
        file_deadline_seconds: float,
        connect_seconds: float,
        connections_per_service: int,
        in_flight_per_service: int,
    ) -> None:
        self._services = {name: url.rstrip("/") for name, url in services.items()}
        self._limits = limits
        self._deadline = deadline_seconds
        self._file_deadline = file_deadline_seconds
        self._connect = connect_seconds
        self._connections = connections_per_service
        self._most = in_flight_per_service
        self._in_flight: Counter[str] = Counter()
        self._http: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the pool; connections come with the first requests."""
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=self._connections, keepalive_timeout=30, ttl_dns_cache=10
            ),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept-Encoding", "Accept", "Content-Type"),
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._http is not None:
            await self._http.close()

    async def forward(
        self,
        service: str,
        method: str,
        target: str,
        headers: Mapping[bytes, bytes],
        token: str,
        txn: str,
        receive: Receive,
        send: Send,
    ) -> None:
        """Send one request on and its answer back. `target` is path and query, already safe to repeat.

        Raises a `DomainError` while nothing was answered yet, `BrokenOff` after.
        """
        if self._in_flight[service] >= self._most:
            raise Overloaded
        self._in_flight[service] += 1
        try:
            await self._forward(service, method, target, headers, token, txn, receive, send)
        finally:
            self._in_flight[service] -= 1

    async def _forward(
        self,
        service: str,
        method: str,
        target: str,
        headers: Mapping[bytes, bytes],
        token: str,
        txn: str,
        receive: Receive,
        send: Send,
    ) -> None:
        assert self._http is not None  # noqa: S101 - opened by the lifespan
        sent = CIMultiDict(
            (name.decode("ascii"), value.decode("latin-1")) for name, value in headers.items() if name in INTO_SERVICES
        )
        sent["Authorization"] = f"Bearer {token}"
        sent["X-Request-Id"] = txn
        body: bytes | AsyncIterator[bytes] | None = None
        upload: _Upload | None = None
        if bodies.is_file(headers):
            length = bodies.announced(headers)
            if (length or 0) > self._limits.streamed_bytes:
                raise TooLarge
            if length is not None:
                sent["Content-Length"] = str(length)
            upload = _Upload(bodies.pass_through(receive, self._limits), self._file_deadline)
            body = upload.parts()
        elif method not in {"GET", "HEAD"}:
            body = await bodies.take_whole(receive, headers, self._limits)
        answering = _Answering(send, self._deadline)
        try:
            async with asyncio.timeout(self._deadline if upload is None else self._file_deadline) as timer:
                answering.timer = timer
                if upload is not None:
                    upload.timer = timer
                request = self._http.request(
                    method,
                    URL(self._services[service] + target, encoded=True),
                    headers=sent,
                    data=body,
                    allow_redirects=False,
                )
                async with request as response:
                    await answering.relay(response)
        except TimeoutError as error:
            raise BrokenOff if answering.begun else TooSlow from error
        except (aiohttp.ClientError, OSError) as error:
            refusal = upload.refusal if upload is not None else None
            if refusal is not None:
                raise refusal from error
            raise BrokenOff if answering.begun else ServiceAway from error


class _Upload:
    """A file on its way in: each part that comes puts the deadline off."""

    def __init__(self, parts: AsyncIterator[bytes], deadline: float) -> None:
        self._parts = parts
        self._deadline = deadline
        self.timer: asyncio.Timeout | None = None
        self.refusal: Exception | None = None

    async def parts(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._parts:
                yield part
                _put_off(self.timer, self._deadline)
        except (DomainError, bodies.ClientGone) as refusal:
            self.refusal = refusal
            # What aiohttp makes of an exception in a body differs between versions; an OSError cuts the request.
            raise ConnectionAbortedError from refusal


class _Answering:
    """An answer on its way out."""

    def __init__(self, send: Send, deadline: float) -> None:
        self._send = send
        self._deadline = deadline
        self.begun = False
        self.timer: asyncio.Timeout | None = None

    async def relay(self, response: aiohttp.ClientResponse) -> None:
        headers = [(name.lower(), value) for name, value in response.raw_headers]
        kept = [(name, value) for name, value in headers if name not in _NOT_OUT]
        length = response.content_length
        small = length is not None and length <= _WHOLE_ANSWER_BYTES
        whole = await response.read() if small else None
        self.begun = True
        start: Message = {"type": "http.response.start", "status": response.status, "headers": kept}
        _put_off(self.timer, _CLIENT_STALL_SECONDS)
        await self._send(start)
        if whole is not None:
            await self._send({"type": "http.response.body", "body": whole})
            return
        _put_off(self.timer, self._deadline)
        async for part in response.content.iter_any():
            _put_off(self.timer, _CLIENT_STALL_SECONDS)
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
            _put_off(self.timer, self._deadline)
        await self._send({"type": "http.response.body", "body": b""})


def _put_off(timer: asyncio.Timeout | None, seconds: float) -> None:
    if timer is not None:
        timer.reschedule(asyncio.get_running_loop().time() + seconds)
