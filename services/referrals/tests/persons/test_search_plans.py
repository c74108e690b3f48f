"""Searching stays on an index with the policies on: what keeps it under 50 ms in a million persons.

A policy lets the planner use an index only for operators that cannot leak a row through an error, so each
search is planned here under its own database role, on enough rows for the planner to care.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import queries
from referrals_service.persons.models import Person
from referrals_service.persons.schemas import PersonSearch
from servicekit.access import Actor, Audience
from servicekit.testing import ServiceUnderTest, an_actor

ROWS = 8_000
ADVISER = replace(an_actor(Audience.AGENT, "conseiller_misas"), purpose="referral.triage")
PARTNER = replace(an_actor(Audience.PARTNER, "partner_user"), purpose="referral.follow")


@pytest.fixture(scope="module")
async def register(_service: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """A register of many persons, a fiftieth of them the partner's."""
    # The rows below refer to one another by construction; checking each key takes most of the time.
    await _service.rows("SET session_replication_role = replica")
    await _service.rows(
        "INSERT INTO persons (caisse, id, structure_id, version, first_names, last_name, birth_name, "
        "first_names_key, last_name_key, birth_name_key, birth_on, address_lines, preferred_channel, language, "
        "interpreter, adults, children_born_on, created_by, created_at, updated_at) "
        "SELECT '311', gen_random_uuid(), CASE WHEN n %% 50 = 0 THEN %s::uuid ELSE %s::uuid END, 1, 'x', 'x', 'x', "
        "md5((n * 3)::text), md5(n::text), md5((n * 7)::text), date '1940-01-01' + n %% 25000, '{}', 'phone', 'fr', "
        "false, 1, '{}', 'test', now(), now() FROM generate_series(1, %s) AS n",
        PARTNER.structure,
        uuid4(),
        ROWS,
    )
    await _service.rows(
        "INSERT INTO person_identifiers (caisse, id, person_id, structure_id, kind, from_at, recorded_by) "
        "SELECT caisse, gen_random_uuid(), id, structure_id, 'nir', now(), 'test' FROM persons"
    )
    await _service.rows(
        "INSERT INTO person_numbers SELECT caisse, id, person_id, structure_id, 'k', '', sha256(id::text::bytea), '*' "
        "FROM person_identifiers"
    )
    await _service.rows(
        "INSERT INTO person_grants (caisse, id, person_id, structure_id, holder_kind, holder, purpose, from_at, "
        "granted_by) SELECT caisse, gen_random_uuid(), id, structure_id, 'structure', structure_id::text, "
        "'referral.follow', now() - interval '1 day', 'test' FROM persons"
    )
    await _service.rows("RESET session_replication_role")
    await _service.rows("ANALYZE persons, person_identifiers, person_numbers, person_grants")
    yield _service
    await _service.empty()


async def plan(session: AsyncSession, persons: Select[Person]) -> str:
    connection = await session.connection()
    statement = (
        queries.as_cards(persons)
        .limit(21)
        .compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    )
    rows = await connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", statement.params)
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("actor", "criteria", "indexed"),
    [
        (ADVISER, {"last_name": "ab"}, [r"\(last_name_key >= ", r"\(birth_name_key >= "]),
        (ADVISER, {"last_name": "ab", "first_name": "cd"}, [r"\(first_names_key >= ", r"\(first_names_key >= "]),
        (ADVISER, {"birth_on": "1985-03-12"}, [r"\(birth_on = "]),
        (ADVISER, {"last_name": "ab", "birth_on": "1985-03-12"}, [r"\(birth_on = ", r"\(birth_on = "]),
        (ADVISER, {"number": "311-P0000123"}, [r"\(number = "]),
        (ADVISER, {"identifier": "255081416802538"}, [r"\(blind_index = "]),
        # Of a birth name, the structure's own persons or the range: whichever is the shorter.
        (PARTNER, {"last_name": "ab"}, [r"\(last_name_key >= ", r"\((structure_id = |birth_name_key >= )"]),
        (PARTNER, {"birth_on": "1985-03-12"}, [r"\(birth_on = "]),
        (PARTNER, {"identifier": "255081416802538"}, [r"\(blind_index = "]),
    ],
)
async def test_every_search_is_answered_from_an_index(
    register: ServiceUnderTest, actor: Actor, criteria: dict[str, str], indexed: list[str]
) -> None:
    database = register.app.state.service.database
    branches = queries.matching(
        queries.findable_by(actor),
        PersonSearch.model_validate(criteria),
        b"x" * 32 if "identifier" in criteria else None,
    )
    assert len(branches) == len(indexed)
    async with database.session(database.scope_of(actor)) as session:
        for branch, condition in zip(branches, indexed, strict=True):
            shown = await plan(session, branch)
            assert "Seq Scan" not in shown, shown
            conditions = [line for line in shown.splitlines() if "Index Cond" in line]
            assert any(re.search(condition, line) for line in conditions), shown
            assert any("caisse = " in line for line in conditions), shown


async def test_without_a_leakproof_operator_the_index_would_be_lost(register: ServiceUnderTest) -> None:
    """Shows that the test above can fail: LIKE means the same range, and the policy keeps it from the index."""
    database = register.app.state.service.database
    async with database.session(database.scope_of(ADVISER)) as session:
        by_like = queries.findable_by(ADVISER).where(Person.last_name_key.like("ab%"))
        shown = await plan(session, by_like)
        conditions = [line for line in shown.splitlines() if "Index Cond" in line]
        assert not any("last_name_key" in line for line in conditions), shown


async def test_the_operators_of_a_search_are_leakproof(register: ServiceUnderTest) -> None:
    wanted = {
        ("text", "="),
        ("text", ">="),
        ("text", "<"),
        ("bytea", "="),
        ("date", "="),
        ("bigint", "="),
        ("uuid", "="),
    }
    rows = await register.rows(
        "SELECT format_type(oprleft, NULL) AS type, oprname FROM pg_operator JOIN pg_proc p ON p.oid = oprcode "
        "WHERE oprleft = oprright AND p.proleakproof"
    )
    assert wanted <= {(row["type"], row["oprname"]) for row in rows}
