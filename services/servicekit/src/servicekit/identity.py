"""The identity of a service: short tokens obtained at the gateway for one audience and one purpose."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final

import httpx
from pydantic import BaseModel

from servicekit import clock
from servicekit.assertions import sign_assertion
from servicekit.settings import ServiceSettings
from servicekit.tokens import load_signing_key

TokenSource = Callable[[str, str], Awaitable[str]]
"""Gives a token for an audience (`svc-partners`) and a purpose (`facts.follow`)."""

RENEWED_BEFORE_SECONDS: Final = 10
_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@cache
def tls() -> ssl.SSLContext:
    """Return the authorities the machine trusts, loaded once: a client of its own would load them each time."""
    return ssl.create_default_context()


class _Granted(BaseModel):
    access_token: str
    expires_in: int


class ServiceIdentity:
    """Proves to the gateway which service this is (RFC 7523) and keeps each token until shortly before its end.

    Raises `httpx.HTTPError` when the gateway is away or refuses.
    """

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self._client_id = f"svc-{service}"
        self._endpoint = f"{settings.gateway_url}/oauth/token"
        self._key = load_signing_key(settings.service_key.get_secret_value())
        self._kept: dict[tuple[str, str], tuple[str, float]] = {}
        self._asking = asyncio.Lock()

    async def __call__(self, audience: str, purpose: str) -> str:
        """Return a token with more than ten seconds to live."""
        async with self._asking:
            token, until = self._kept.get((audience, purpose), ("", 0))
            now = clock.system_now().timestamp()
            if now >= until:
                granted = await self._ask(audience, purpose)
                token = granted.access_token
                self._kept[audience, purpose] = (token, now + granted.expires_in - RENEWED_BEFORE_SECONDS)
            return token

    async def _ask(self, audience: str, purpose: str) -> _Granted:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_assertion_type": _JWT_BEARER,
            "client_assertion": sign_assertion(self._key, self._client_id, self._endpoint),
            "audience": audience,
            "scope": purpose,
        }
        async with httpx.AsyncClient(timeout=5, verify=tls()) as http:
            answer = await http.post(self._endpoint, data=form)
        return _Granted.model_validate_json(answer.raise_for_status().content)
