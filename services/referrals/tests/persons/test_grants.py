"""Grants as the rest of the service uses them: given, moved, revoked, and never more than one has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import register
from referrals_service.persons.grants import FOLLOW, SUBMIT, TRIAGE, Holder, grant, holders, revoke
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.testing import an_actor

from .situations import Here, a_structure


@asynccontextmanager
async def working_as(here: Here, actor: Actor) -> AsyncIterator[AsyncSession]:
    service = here.under_test.app.state.service
    async with service.database.session(service.database.scope_of(actor), settings=service.settings) as session:
        yield session


async def open_grants(here: Here) -> list[tuple[str, str, str]]:
    rows = await here.under_test.rows(
        "SELECT holder_kind, holder, purpose FROM person_grants WHERE revoked_at IS NULL ORDER BY from_at, id"
    )
    return [(row["holder_kind"], row["holder"], row["purpose"]) for row in rows]


async def exists(here: Here, actor: Actor, purpose: str, person: UUID) -> bool:
    acting = replace(actor, purpose=purpose)
    async with working_as(here, acting) as session:
        return await register.exists_for(session, acting, person)


async def test_a_structure_hands_its_person_to_a_unit_for_a_request(here: Here) -> None:
    person, request = await here.register(), uuid4()
    async with working_as(here, here.partner) as session:
        unit = Holder.unit("misas")
        assert await grant(session, "311", person, unit, TRIAGE, by=here.partner.sub, origin=request)
        assert await grant(session, "311", person, unit, TRIAGE, by=here.partner.sub, origin=request)
    assert await open_grants(here) == [
        ("structure", str(here.partner.structure), SUBMIT),
        ("unit", "misas", TRIAGE),
    ]
    assert await exists(here, here.adviser, TRIAGE, person)
    assert not await exists(here, here.adviser, "accompany", person)
    assert not await exists(here, replace(here.adviser, unit="lup"), TRIAGE, person)
    assert not await exists(here, replace(here.adviser, caisse="312"), TRIAGE, person)


async def test_nobody_hands_on_a_person_they_do_not_see(here: Here) -> None:
    person = await here.register()
    neighbour = await a_structure(here.under_test, nir_allowed=False)
    for actor, caisse in ((neighbour, "311"), (replace(here.adviser, caisse="312"), "312")):
        async with working_as(here, actor) as session:
            given = await grant(session, caisse, person, Holder.account(actor.sub), TRIAGE, by=actor.sub)
        assert not given
    async with working_as(here, here.adviser) as session:
        assert not await grant(session, "311", uuid4(), Holder.unit("misas"), TRIAGE, by=here.adviser.sub)
    assert len(await open_grants(here)) == 1


async def test_taking_moves_the_grant_from_the_unit_to_the_account(here: Here) -> None:
    person, request = await here.register(), uuid4()
    async with working_as(here, here.partner) as session:
        await grant(session, "311", person, Holder.unit("misas"), TRIAGE, by=here.partner.sub, origin=request)
    colleague = an_actor(Audience.AGENT, "conseiller_misas")
    assert await exists(here, colleague, TRIAGE, person)
    async with working_as(here, here.adviser) as session:
        mine = Holder.account(here.adviser.sub)
        assert await grant(session, "311", person, mine, TRIAGE, by=here.adviser.sub, origin=request)
        closed = await revoke(
            session, "311", by=here.adviser.sub, person_id=person, to=Holder.unit("misas"), origin=request
        )
        assert closed == 1
    assert await exists(here, here.adviser, TRIAGE, person)
    assert not await exists(here, colleague, TRIAGE, person)


async def test_two_requests_keep_a_person_open_until_both_let_go(here: Here) -> None:
    person, first, second = await here.register(), uuid4(), uuid4()
    async with working_as(here, here.adviser) as session:
        for request in (first, second):
            await grant(session, "311", person, Holder.unit("misas"), TRIAGE, by="x", origin=request)
    for request, still in ((first, True), (second, False)):
        async with working_as(here, here.adviser) as session:
            assert await revoke(session, "311", by="x", origin=request) == 1
        assert await exists(here, here.adviser, TRIAGE, person) is still


async def test_a_grant_ends_by_itself_and_can_be_prolonged(here: Here) -> None:
    person = await here.register()
    mine = Holder.account(here.adviser.sub)
    soon = clock.now() + timedelta(minutes=5)
    for until in (soon, soon + timedelta(hours=1)):
        async with working_as(here, here.adviser) as session:
            assert await grant(session, "311", person, mine, TRIAGE, by="x", until=until)
        assert await exists(here, here.adviser, TRIAGE, person)
    with clock.travel(soon + timedelta(minutes=1)):
        assert await exists(here, here.adviser, TRIAGE, person)
    with clock.travel(soon + timedelta(hours=2)):
        assert not await exists(here, here.adviser, TRIAGE, person)


async def test_revoking_needs_to_be_told_what(here: Here) -> None:
    async with working_as(here, here.adviser) as session:
        with pytest.raises(ValueError, match="which grants"):
            await revoke(session, "311", by="x", purpose=TRIAGE)


async def test_following_allows_reading_and_submitting_allows_both(here: Here) -> None:
    person = await here.register()
    for purpose in (SUBMIT, FOLLOW):
        assert await exists(here, here.partner, purpose, person)
    async with working_as(here, here.adviser) as session:
        structure = Holder.structure(here.partner.structure_id)
        await revoke(session, "311", by="x", person_id=person, to=structure)
        await grant(session, "311", person, structure, FOLLOW, by="x")
    assert await exists(here, here.partner, FOLLOW, person)
    assert not await exists(here, here.partner, SUBMIT, person)


def test_an_audience_that_holds_no_grants_holds_none() -> None:
    assert holders(an_actor(Audience.OFFICER, "dpo")) == ()
    assert holders(an_actor(Audience.PILOT, "pilote_national")) == ()
