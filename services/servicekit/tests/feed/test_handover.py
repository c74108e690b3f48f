"""Handover: what facts cannot carry, read by name, by those it is for, on the record."""

from uuid import UUID, uuid4

import httpx
import pytest
from listener_service.keys import listener_token
from pydantic import BaseModel
from teller_service.models import Counter
from teller_service.serving import served

from servicekit.access import Audience
from servicekit.db import Database
from servicekit.handover import HandoverClient
from servicekit.settings import ServiceSettings
from servicekit.testing import ServiceUnderTest, a_service, an_actor

COUNTER = UUID(int=5)


class CounterRead(BaseModel):
    """The listener's own idea of what is handed over."""

    value: int


async def hold(source: Database) -> None:
    """Have something to hand over."""
    async with source.system_session("tests") as session:
        session.add(Counter(id=COUNTER, value=42))


async def test_what_is_handed_over_is_read_and_journalled(source: Database, teller: ServiceUnderTest) -> None:
    await hold(source)
    async with served(teller.app) as url:
        settings = ServiceSettings.ephemeral(peers={"teller": url})
        client = HandoverClient("listener", settings, "teller", listener_token)
        assert await client.read(COUNTER, CounterRead) == CounterRead(value=42)
        assert await client.read(uuid4(), CounterRead) is None
    [entry] = await teller.rows("SELECT client, purpose, resource, resource_ids, subjects, kind FROM journal")
    assert entry == {
        "client": "svc-listener",
        "purpose": "handover.read",
        "resource": "handover",
        "resource_ids": [COUNTER],
        "subjects": [COUNTER],
        "kind": "read",
    }


async def test_what_is_for_another_is_not_there(source: Database, teller: ServiceUnderTest) -> None:
    await hold(source)
    path = f"/internal/handovers/{COUNTER}"
    assert (await teller.client_as(a_service("auditor")).get(path)).status_code == 404
    assert (await teller.client_as(a_service("gateway")).get(path)).status_code == 403
    assert (await teller.client_as(an_actor(Audience.AGENT, "dpo")).get(path)).status_code == 403
    assert (await teller.client_as(None).get(path)).status_code == 401
    follows = await teller.client_as(a_service("listener")).get(path, purpose="facts.follow")
    assert follows.status_code == 403
    assert await teller.rows("SELECT 1 FROM journal") == []


async def test_an_absent_source_says_so(teller: ServiceUnderTest) -> None:
    async with served(teller.app) as url:
        pass
    client = HandoverClient("listener", ServiceSettings.ephemeral(peers={"teller": url}), "teller", listener_token)
    with pytest.raises(httpx.ConnectError):
        await client.read(COUNTER, CounterRead)
