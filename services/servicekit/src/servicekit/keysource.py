"""Where a service finds the gateway's public keys: fetched and kept, or given inline."""

import asyncio
import time
from typing import Final

import httpx
from pydantic import TypeAdapter

from servicekit.telemetry import log
from servicekit.tokens import KeySource, PublicKey, load_keys

FRESH_SECONDS: Final = 300
RETRY_SECONDS: Final = 5
_LONGEST: Final = 65_536


def key_source(jwks: str) -> KeySource:
    """Return the source that the `ALLER_JWKS` setting names: a URL, or a key set as JSON."""
    return InlineKeys(jwks) if jwks.lstrip().startswith("{") else RemoteKeys(jwks)


class InlineKeys:
    """Keys that never change: tests, tools."""

    def __init__(self, jwks: str) -> None:
        self._keys = _parse(jwks.encode())

    async def find(self, kid: str) -> PublicKey | None:
        """Return the key of that name, or None when it is unknown."""
        return self._keys.get(kid)


class RemoteKeys:
    """Keys of a URL, kept five minutes, and longer while the URL does not answer.

    A name never seen asks again, at most once every few seconds whatever is thrown at the service.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, PublicKey] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> PublicKey | None:
        """Return the key of that name, or None when it is unknown."""
        known = self._keys.get(kid)
        stale = time.monotonic() - self._fetched_at > FRESH_SECONDS
        if known is not None and (not stale or self._fetching.locked()):
            return known
        async with self._fetching:
            # whoever waited for the lock finds what the first one fetched
            if (kid not in self._keys or stale) and time.monotonic() - self._tried_at > RETRY_SECONDS:
                await self._fetch()
        return self._keys.get(kid)

    async def _fetch(self) -> None:
        self._tried_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=1.0) as client:
                response = await client.get(self._url)
            response.raise_for_status()
            keys = _parse(response.content)
        except (httpx.HTTPError, ValueError) as error:
            log.warning("keys not fetched, the last good ones stay", error_type=type(error).__name__)
            return
        if not keys:
            log.warning("keys not fetched, the last good ones stay", reason="empty key set")
            return
        self._keys = keys
        self._fetched_at = self._tried_at


def _parse(content: bytes) -> dict[str, PublicKey]:
    if len(content) > _LONGEST:
        raise ValueError("key set too long")
    return load_keys(TypeAdapter(dict[str, object]).validate_json(content))
