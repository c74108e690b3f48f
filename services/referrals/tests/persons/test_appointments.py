"""Who receives a person at an appointment sees who comes, and nobody else, until a week after it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from referrals_service.network.appointments import accompaniments
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.testing import an_actor

from .situations import Here

BATCH = "/api/v1/referrals/agent/persons/batch"


async def tell(here: Here, kind: str, subject: dict[str, UUID], **payload: Any) -> None:
    """Apply a fact of accompaniments as the follower does."""
    follower = accompaniments()
    told = {"id": new_id(), "at": clock.now(), "type": kind, "caisse": "311", "subject": subject, "payload": payload}
    async with here.under_test.app.state.service.database.system_session("facts.follow") as session:
        await follower._handlers[kind](session, follower.models[kind].model_validate(told))


async def named(here: Here, agent: Actor, person: UUID) -> bool:
    answer = await here.client(agent).post(BATCH, {"ids": [str(person)]})
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["items"])


@pytest.fixture
def receiver() -> Actor:
    """Return an adviser to whom nobody entrusted anybody."""
    return an_actor(Audience.AGENT, "conseiller_misas", caisse="311", unit="lup")


def of(person: UUID, agent: Actor) -> dict[str, UUID]:
    return {"appointment": uuid4(), "agent": agent.account_id, "person": person}


def soon() -> datetime:
    return clock.now() + timedelta(days=2)


async def test_the_agent_who_receives_sees_who_comes_until_a_week_after(here: Here, receiver: Actor) -> None:
    person = await here.register()
    assert not await named(here, receiver, person)
    at = soon()
    await tell(here, "appointment.booked", of(person, receiver), starts_at=at)
    assert await named(here, receiver, person)
    assert not await named(here, an_actor(Audience.AGENT, "conseiller_misas", caisse="311", unit="lup"), person)
    with clock.travel(at + timedelta(days=8)):
        assert not await named(here, receiver, person)


async def test_the_right_follows_a_move_and_ends_with_a_cancellation(here: Here, receiver: Actor) -> None:
    person = await here.register()
    colleague = an_actor(Audience.AGENT, "assistant_social", caisse="311", unit="ss")
    first, second = of(person, receiver), of(person, colleague)
    await tell(here, "appointment.booked", first, starts_at=soon())
    await tell(here, "appointment.moved", second, starts_at=soon(), moved_from=first["appointment"])
    assert (await named(here, receiver, person), await named(here, colleague, person)) == (False, True)
    await tell(here, "appointment.cancelled", second)
    assert not await named(here, colleague, person)


async def test_an_appointment_read_again_long_after_opens_nothing(here: Here, receiver: Actor) -> None:
    person = await here.register()
    await tell(here, "appointment.booked", of(person, receiver), starts_at=clock.now() - timedelta(days=30))
    assert not await named(here, receiver, person)
