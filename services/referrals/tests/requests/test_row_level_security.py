"""What the database refuses by itself, and what its policies cost: the third lock."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, RequestState
from referrals_service.requests.lists import (
    AgentFilters,
    Assigned,
    Due,
    agent_statement,
)
from referrals_service.requests.models import Request
from referrals_service.requests.partner_list import PartnerFilters, PartnerSort, ask
from servicekit.access import Actor
from servicekit.pages import PageParams

from .situations import World

TABLES = ("requests", "misas_referrals", "request_transitions", "request_messages")


async def seen(world: World, actor: Actor, table: str) -> int:
    """Count the rows of a table that the database shows to `actor`, whatever the code would ask for."""
    database = world.under_test.app.state.service.database
    async with database.session(database.scope_of(actor)) as session:
        return int(await session.scalar(text(f"SELECT count(*) FROM {table}")))


async def does(world: World, actor: Actor, statement: str, **values: Any) -> int:
    """Run a statement as `actor` and return how many rows it touched."""
    database = world.under_test.app.state.service.database
    async with database.session(database.scope_of(actor)) as session:
        done = await session.execute(text(statement), values)
        return int(done.rowcount)


@pytest.mark.parametrize("table", TABLES)
async def test_a_row_is_shown_to_its_structure_and_its_caisse_only(
    world: World, partner: Actor, adviser: Actor, table: str
) -> None:
    """CONF-01."""
    sent = await world.filed(partner)
    await world.act(partner, sent, "messages", {"text": "Bonjour."})
    assert await seen(world, partner, table) == 1
    assert await seen(world, adviser, table) == 1
    nobody = [
        await world.structure(),
        await world.structure(caisse="811"),
        replace(partner, caisse="811"),
        replace(partner, structure=None),
        replace(partner, caisse=""),
        await world.adviser(caisse="811"),
        replace(adviser, caisse=""),
    ]
    assert [await seen(world, someone, table) for someone in nobody] == [0] * len(nobody)


async def test_nothing_can_be_written_for_somebody_else(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)
    stranger, elsewhere = await world.structure(), await world.adviser(caisse="811")
    steal = "UPDATE requests SET version = version + 1 WHERE id = :id"
    for someone in (stranger, elsewhere):
        assert await does(world, someone, steal, id=sent["id"]) == 0
    for given_away in ("structure_id = gen_random_uuid()", "caisse = '811'"):
        with pytest.raises(DBAPIError) as refused:
            await does(world, partner, f"UPDATE requests SET {given_away} WHERE id = :id", id=sent["id"])
        assert "row-level security" in str(refused.value.orig)
    message = (
        "INSERT INTO request_messages (caisse, request_id, id, structure_id, at, side, author, text, expects_answer) "
        "VALUES ('311', :id, gen_random_uuid(), :structure, now(), 'partner', 'x', 'x', true)"
    )
    with pytest.raises(DBAPIError) as refused:
        await does(world, stranger, message, id=sent["id"], structure=partner.structure)
    assert "row-level security" in str(refused.value.orig)
    # Under its own structure the row would pass the policy, and the key refuses it: the request is not theirs.
    with pytest.raises(DBAPIError) as refused:
        await does(world, stranger, message, id=sent["id"], structure=stranger.structure)
    assert "foreign key" in str(refused.value.orig)
    assert adviser.caisse == "311"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE request_transitions SET verb = 'accept'",
        "DELETE FROM request_transitions",
        "UPDATE misas_referrals SET phone = '0'",
        "DELETE FROM requests",
        "DELETE FROM request_messages",
        "UPDATE request_settings SET value = 'true'",
        "UPDATE partner_structures SET state = 'active'",
    ],
)
async def test_what_happened_is_not_rewritten(world: World, partner: Actor, adviser: Actor, statement: str) -> None:
    await world.filed(partner)
    for someone in (partner, adviser):
        with pytest.raises(DBAPIError) as refused:
            await does(world, someone, statement)
        assert "permission denied" in str(refused.value.orig)


FILL_PERSONS = """
    WITH people AS (
        INSERT INTO persons (caisse, id, structure_id, version, first_names, last_name, first_names_key,
            last_name_key, birth_on, address_lines, preferred_channel, language, interpreter, adults,
            children_born_on, created_by, created_at, updated_at)
        SELECT '311', md5('p' || n)::uuid, CASE WHEN n %% 10 = 0 THEN %s ELSE gen_random_uuid() END, 1, 'A', 'B',
            'a', 'b', '1980-01-01', '{}', 'phone', 'fr', false, 1, '{}', 'x', now(), now()
        FROM generate_series(1, 20000) n RETURNING id, structure_id
    ), known AS (
        INSERT INTO person_identifiers (caisse, id, person_id, structure_id, kind, none_reason, from_at, recorded_by)
        SELECT '311', gen_random_uuid(), id, structure_id, 'none', 'not_collected', now(), 'x' FROM people
    )
    INSERT INTO person_grants (caisse, id, person_id, structure_id, holder_kind, holder, purpose, from_at, granted_by)
    SELECT '311', gen_random_uuid(), id, structure_id, 'structure', structure_id::text, 'referral.submit', now(), 'x'
    FROM people
"""
FILL = """
    INSERT INTO requests (caisse, id, kind, topic, urgent, paused_days, silence, state,
        coarse, turn, queue, number, version, structure_id, author,
        person_id, detector_kind, detection_mode, assigned_to, unit, created_at, updated_at, submitted_at, taken_at,
        decided_at, due_on, last_event, last_event_at, unread_by_partner, unread_by_caisse)
    SELECT '311', gen_random_uuid(), 'misas_referral', '', false, 0, 0, s.state,
        s.coarse, 'caisse', 'misas', 'x-' || n, 1,
        CASE WHEN n %% 10 = 0 THEN %s ELSE gen_random_uuid() END, 'x', md5('p' || n)::uuid, 'ccas', 'external',
        CASE WHEN s.coarse = 'under_review' THEN CASE WHEN n %% 500 = 0 THEN %s ELSE gen_random_uuid() END END,
        'misas', now() - n * interval '1 minute', now(), now(), CASE WHEN s.coarse <> 'received' THEN now() END,
        CASE WHEN s.coarse IN ('taken_on', 'not_taken_on') THEN now() END,
        current_date - n %% 700, 'submit', now() - n * interval '1 minute', 0, 0
    FROM generate_series(1, 20000) n
    CROSS JOIN LATERAL (SELECT * FROM (VALUES (0, 'submitted', 'received'), (1, 'relevance_review', 'under_review'),
        (2, 'accepted', 'taken_on'), (3, 'refused', 'not_taken_on')) v (i, state, coarse)
        WHERE i = CASE WHEN n %% 50 = 0 THEN (n / 50) %% 2 ELSE 2 + n %% 2 END) s
"""


async def plan_of(world: World, actor: Actor, wanted: PartnerFilters) -> str:
    """Return how the database would run a page of the structure's list, under its role and settings."""
    asked = ask(actor, wanted, PageParams(50, None), calendar_of("311").today())
    database = world.under_test.app.state.service.database
    async with database.session(database.scope_of(actor)) as session:
        rows = await session.execute(text(f"EXPLAIN {asked.statement.text}"), asked.parameters)
        return "\n".join(row[0] for row in rows)


async def plan(world: World, actor: Actor, statement: Any) -> str:
    """Return how the database would run a list, under the role and settings of `actor`."""
    database = world.under_test.app.state.service.database
    async with database.session(database.scope_of(actor)) as session:
        connection = await session.connection()
        compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        rows = await connection.exec_driver_sql(f"EXPLAIN {compiled}".replace("%", "%%"))
        return "\n".join(row[0] for row in rows)


async def test_lists_walk_an_index_under_the_policies(world: World, partner: Actor, adviser: Actor) -> None:
    async with world.under_test.admin.transaction():
        await world.under_test.admin.execute("SET LOCAL session_replication_role = replica")
        await world.under_test.admin.execute(FILL_PERSONS.encode(), (partner.structure,))
        await world.under_test.admin.execute(FILL.encode(), (partner.structure, adviser.account_id))
    await world.under_test.rows("ANALYZE requests, persons, person_identifiers, person_grants")
    today = calendar_of("311").today()
    due = (Request.due_on, Request.id)
    own = [
        (PartnerFilters(), "ix_requests_sent"),
        (PartnerFilters(state=CoarseState.RECEIVED), "ix_requests_sent_by_state"),
        (PartnerFilters(sort=PartnerSort.LAST_EVENT), "ix_requests_sent_by_event"),
        (PartnerFilters(number=f"311-{today.year}-0001"), "ix_requests_sent_by_number"),
    ]
    plans = [(await plan_of(world, partner, filters), index) for filters, index in own]
    wanted = [
        (
            adviser,
            agent_statement(adviser, AgentFilters(assigned=Assigned.NONE), today).order_by(*due),
            "ix_requests_waiting",
        ),
        (
            adviser,
            agent_statement(adviser, AgentFilters(assigned=Assigned.ME), today).order_by(*due),
            "ix_requests_assigned",
        ),
        (
            adviser,
            agent_statement(adviser, AgentFilters(state=RequestState.REFUSED), today).order_by(*due),
            "ix_requests_state",
        ),
        (
            adviser,
            agent_statement(adviser, AgentFilters(due=Due.OVERDUE, assigned=Assigned.ME), today).order_by(*due),
            "ix_requests_assigned",
        ),
    ]
    plans += [(await plan(world, actor, statement.limit(51)), index) for actor, statement, index in wanted]
    for how, index in plans:
        assert index in how, how
        assert "Seq Scan" not in how, how
        # The index gives the order too: fifty rows cost fifty rows, however many there are.
        assert "Sort" not in how or index == "ix_requests_sent_by_number", how
