"""A service behind the gateway: it checks its tokens as every service does and tells what reached it.

Plain ASGI, so that nothing stands between the test and the bytes; run alone (`python echo.py PORT JWKS`) it is
the peer of the measurements.
"""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

from starlette.types import Message, Receive, Scope, Send

from servicekit.access import Audience, access
from servicekit.errors import Unauthenticated
from servicekit.keysource import key_source
from servicekit.tokens import Verifier

ISSUER = "https://gateway.aller-vers.internal"
FOLLOW = "thing.follow"
FILE = "thing.file"


def _operation(audience: Audience, purpose: str = FOLLOW, **declared: Any) -> dict[str, Any]:
    return {"summary": "Test", **access(audience, purpose=purpose, **declared)}


CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Écho", "version": "1", "description": "Renvoie ce qui lui parvient."},
    "paths": {
        "/api/v1/echo/partner/things": {
            "get": _operation(Audience.PARTNER, shows=["technical", "identity"]),
            "post": _operation(Audience.PARTNER, FILE),
        },
        "/api/v1/echo/partner/things/{thing_id}": {"get": _operation(Audience.PARTNER)},
        "/api/v1/echo/partner/things/{thing_id}/close": {"post": _operation(Audience.PARTNER, FILE)},
        "/api/v1/echo/partner/files": {"post": _operation(Audience.PARTNER, FILE)},
        "/api/v1/echo/partner/stream": {"get": _operation(Audience.PARTNER)},
        "/api/v1/echo/partner/slow": {"get": _operation(Audience.PARTNER), "post": _operation(Audience.PARTNER)},
        "/api/v1/echo/partner/broken": {"get": _operation(Audience.PARTNER)},
        "/api/v1/echo/partner/admin": {"get": _operation(Audience.PARTNER, roles=["partner_admin"])},
        "/api/v1/echo/partner/secret": {"get": _operation(Audience.PARTNER, step_up=True)},
        "/api/v1/echo/partner/nir": {"get": _operation(Audience.PARTNER, shows=["nir"])},
        "/api/v1/echo/agent/things": {"get": _operation(Audience.AGENT)},
        "/api/v1/echo/officer/things": {"get": _operation(Audience.OFFICER)},
        "/api/v1/echo/pilot/things": {"get": _operation(Audience.PILOT)},
        "/api/v1/echo/app/things": {
            "get": _operation(Audience.APP, "thing.export"),
            "post": _operation(Audience.APP, "thing.import"),
        },
        "/internal/facts": {
            "get": _operation(Audience.INTERNAL, "facts.follow", clients=["svc-gateway", "svc-referrals"])
        },
        "/internal/rights": {"get": _operation(Audience.INTERNAL, "rights.check", clients=["svc-referrals"])},
    },
}


class Echo:
    """The service; `seen` holds the requests that reached it."""

    def __init__(self, jwks: str, *, verifies: bool = True) -> None:
        self._jwks = jwks
        self._verifier: Verifier | None = None
        self.verifies = verifies
        self.seen: list[dict[str, Any]] = []
        self.parts: list[int] = []
        self.released = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one event."""
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        claims: dict[str, Any] = {}
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        if self.verifies:
            self._verifier = self._verifier or Verifier(ISSUER, "svc-echo", key_source(self._jwks))
            try:
                verified = await self._verifier.verify(headers.get("authorization", "").removeprefix("Bearer "))
            except Unauthenticated:
                await _answer(send, 401, {"detail": "no"})
                return
            claims = verified.model_dump(mode="json")
        action = scope["path"].rpartition("/")[2]
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        self.seen.append({"path": scope["path"], "method": scope["method"], "headers": headers, "claims": claims})
        if action == "stream":
            pause = float(query.get("pause", "0"))
            await self._stream(send, int(query.get("parts", "3")), pause, float(query.get("first", pause)))
        elif action == "slow":
            await asyncio.sleep(float(query.get("seconds", "0")))
            await _answer(send, 200, {"late": True})
        elif action == "broken":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000000")]})
            await send({"type": "http.response.body", "body": b"a" * 400_000, "more_body": True})
            raise RuntimeError("dies in the middle of an answer")
        elif action == "files":
            await self._upload(receive, send)
        else:
            body = await _whole(receive)
            await _answer(
                send,
                int(query.get("status", "200")),
                {
                    "method": scope["method"],
                    "path": scope["path"],
                    "query": scope["query_string"].decode("latin-1"),
                    "headers": headers,
                    "claims": claims,
                    "body": body.decode("latin-1"),
                },
                [
                    (b"etag", b'"3"'),
                    (b"set-cookie", b"__Host-sid=stolen; Path=/; Secure"),
                    (b"x-request-id", b"from-behind"),
                    (b"server", b"echo"),
                    (b"cache-control", b"public, max-age=9999"),
                    (b"content-security-policy", b"default-src *"),
                    (b"content-disposition", b"attachment"),
                ],
            )

    async def _stream(self, send: Send, parts: int, pause: float, first: float) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        for number in range(parts):
            await asyncio.sleep(pause if number else first)
            await send({"type": "http.response.body", "body": f"part {number}\n".encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _upload(self, receive: Receive, send: Send) -> None:
        self.parts = []
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.parts.append(len(message.get("body", b"")))
            self.released.set()
            more = message.get("more_body", False)
        await _answer(send, 201, {"bytes": sum(self.parts)})


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message: Message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _answer(
    send: Send, status: int, content: dict[str, Any], more: list[tuple[bytes, bytes]] | None = None
) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers + (more or [])})
    await send({"type": "http.response.body", "body": body})
