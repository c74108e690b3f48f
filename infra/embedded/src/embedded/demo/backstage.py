"""A service's own routes, called inside this process at a chosen instant, with real tokens of a key of its own.

The domain's clock must travel: what happened in September is dated in September, deadlines and delays included.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from pydantic import SecretStr, TypeAdapter

from embedded.demo.accounts import Company
from embedded.demo.cast import Caisse, Player, Structure
from embedded.demo.portal import Refused
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.settings import ServiceSettings
from servicekit.testing import JWKS, Client, an_actor

_RECEIPT = TypeAdapter(dict[str, Any])


def settings_of(settings: type[ServiceSettings], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return a service's settings as its process reads them, but for the keys that verify its tokens."""
    known: dict[str, Any] = {}
    for name, declared in settings.model_fields.items():
        value = environment.get(f"ALLER_{name.upper()}")
        if value is not None:
            known[name] = value if declared.annotation in {str, SecretStr} else _plain_or_json(value)
    return known | {"jwks": JWKS}


def _plain_or_json(value: str) -> Any:
    return json.loads(value) if value[:1] in {"{", "["} else value


def agent(company: Company, caisse: Caisse, player: Player) -> Actor:
    """Return an agent of the cast as a service knows them."""
    account = str(company.accounts[player.key])
    return an_actor(Audience.AGENT, player.role, sub=account, caisse=caisse.code, unit=player.unit)


def partner(company: Company, caisse: Caisse, structure: Structure) -> Actor:
    """Return the one who refers people in a structure, as a service knows them."""
    player = next(p for p in structure.people if p.role == "partner_user")
    return an_actor(
        Audience.PARTNER,
        player.role,
        sub=str(company.accounts[player.key]),
        caisse=caisse.code,
        structure=company.structures[structure.key],
    )


class Backstage:
    """The routes of one service, called at a chosen instant."""

    def __init__(self, app: FastAPI, service: str) -> None:
        self._app = app
        self._service = service

    async def get(self, at: datetime, actor: Actor, path: str) -> dict[str, Any]:
        """Read as somebody at an instant."""
        return await self._send("GET", at, actor, path, None, None)

    async def post(
        self, at: datetime, actor: Actor, path: str, body: Any = None, if_match: int | None = None
    ) -> dict[str, Any]:
        """Act as somebody at an instant; anything but success is an error of the demonstration."""
        return await self._send("POST", at, actor, path, body, if_match)

    async def put(self, at: datetime, actor: Actor, path: str, body: Any, if_match: int) -> dict[str, Any]:
        """Replace as somebody at an instant."""
        return await self._send("PUT", at, actor, path, body, if_match)

    async def send_file(self, at: datetime, actor: Actor, url: str, content: bytes, media_type: str) -> None:
        """Send a file as it is, to the address that its announcement gave."""
        with clock.travel(at):
            client = Client(self._app, self._service, actor)
            answer = await client.request("PUT", url, content=content, headers={"Content-Type": media_type}, key="")
        if answer.is_error:
            raise Refused(f"PUT {url}: {answer.status_code} {answer.text[:500]}")

    async def _send(
        self, method: str, at: datetime, actor: Actor, path: str, body: Any, if_match: int | None
    ) -> dict[str, Any]:
        with clock.travel(at):
            answer = await Client(self._app, self._service, actor).request(method, path, json=body, if_match=if_match)
        if answer.is_error:
            raise Refused(f"{method} {path} at {at:%Y-%m-%d}: {answer.status_code} {answer.text[:500]}")
        return _RECEIPT.validate_json(answer.content) if answer.content else {}
