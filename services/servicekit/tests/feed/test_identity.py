"""The identity of a service: proven by its key, good for one audience and purpose, asked for again in time."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl

import httpx
import pytest
import time_machine
from fastapi import FastAPI, HTTPException, Request
from teller_service.serving import served

from servicekit import clock, tokens
from servicekit.assertions import verify_assertion
from servicekit.identity import ServiceIdentity
from servicekit.settings import ServiceSettings
from servicekit.testing import ServiceUnderTest, a_service, a_token

KEY = tokens.generate_jwk()


@dataclass
class TokenEndpoint:
    """An RFC 7523 token endpoint that knows one client, and remembers what it was asked."""

    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Return the endpoint."""
        app = FastAPI()
        public = tokens.load_keys({"keys": [tokens.load_signing_key(KEY).public_jwk]})

        async def keys_of(client: str) -> tokens.PublicKeys | None:
            return public if client == "svc-listener" else None

        @app.post("/oauth/token")
        async def grant(request: Request) -> dict[str, str | int]:
            form = dict(parse_qsl((await request.body()).decode()))
            try:
                await verify_assertion(form["client_assertion"], frozenset({f"{self.url}/oauth/token"}), keys_of)
            except tokens.Denied as error:
                raise HTTPException(401) from error
            audience, purpose = form["audience"], form["scope"]
            self.asked.append((audience, purpose))
            token = a_token(a_service("listener"), audience.removeprefix("svc-"), purpose)
            return {"access_token": token, "token_type": "Bearer", "expires_in": 60}

        return app


@pytest.fixture
async def endpoint() -> AsyncIterator[TokenEndpoint]:
    """Serve a token endpoint."""
    endpoint = TokenEndpoint()
    async with served(endpoint.app()) as url:
        endpoint.url = url
        yield endpoint


def identity(endpoint: TokenEndpoint, key: dict[str, str] = KEY) -> ServiceIdentity:
    """Return the listener's identity."""
    return ServiceIdentity("listener", ServiceSettings.ephemeral(gateway_url=endpoint.url, service_key=json.dumps(key)))


async def test_a_token_opens_what_it_was_asked_for(endpoint: TokenEndpoint, teller: ServiceUnderTest) -> None:
    token = await identity(endpoint)("svc-teller", "facts.follow")
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(teller.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://teller", headers=headers) as http:
        assert (await http.get("/internal/facts")).status_code == 200


async def test_a_token_is_kept_until_ten_seconds_before_its_end(endpoint: TokenEndpoint) -> None:
    mine = identity(endpoint)
    first = set(await asyncio.gather(*(mine("svc-teller", "facts.follow") for _ in range(5))))
    assert len(first) == 1
    assert endpoint.asked == [("svc-teller", "facts.follow")]
    now = clock.system_now()
    with time_machine.travel(now + timedelta(seconds=49), tick=False):
        assert {await mine("svc-teller", "facts.follow")} == first
    with time_machine.travel(now + timedelta(seconds=51), tick=False):
        assert {await mine("svc-teller", "facts.follow")} != first
    assert len(endpoint.asked) == 2


async def test_each_audience_and_purpose_has_its_token(endpoint: TokenEndpoint) -> None:
    mine = identity(endpoint)
    await mine("svc-teller", "facts.follow")
    await mine("svc-teller", "handover.read")
    await mine("svc-other", "facts.follow")
    assert endpoint.asked == [
        ("svc-teller", "facts.follow"),
        ("svc-teller", "handover.read"),
        ("svc-other", "facts.follow"),
    ]


async def test_another_key_gets_nothing(endpoint: TokenEndpoint) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        await identity(endpoint, tokens.generate_jwk())("svc-teller", "facts.follow")
    assert endpoint.asked == []
