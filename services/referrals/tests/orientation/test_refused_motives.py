"""SS-05: ten motives stop before the form, each with who takes it, and are counted without who."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from referrals_service.orientation.codes import RefusedMotive
from referrals_service.requests.caisse_calendar import calendar_of
from servicekit.access import Actor, Audience
from servicekit.testing import ServiceUnderTest, an_actor

PARTNER = an_actor(Audience.PARTNER, "partner_user")
AGENT = an_actor(Audience.AGENT, "accueil")
APP = an_actor(Audience.APP, "application_interne", sub="app-x", client="app-x", session_hash="")
MANAGER = an_actor(Audience.AGENT, "responsable_unite")
COUNT = "SELECT caisse, structure_id, motive, times FROM refused_motive_counts ORDER BY motive, times"

TAKEN_BY = {
    "css_ame_complementaire": "misas",
    "aide_appareillage": "ass",
    "maternite": "cpam_maternite",
    "retraite": "carsat",
    "attestation_employeur": "employeur_cpam",
    "aide_domicile_retraites": "caisse_retraite",
    "sans_titre_sejour": "cpam_ame_pass",
    "logement": "siao_ccas",
    "apa": "conseil_departemental",
    "carte_vitale": "cpam_ameli",
}


async def stop(service: ServiceUnderTest, actor: Actor, motive: str, **options: Any) -> int:
    """Count a motive; return the status of the answer."""
    answer = await service.client_as(actor).post(
        f"/api/v1/referrals/{actor.audience}/refused-motives", {"motive": motive}, **options
    )
    return answer.status_code


async def totals(service: ServiceUnderTest, actor: Actor, day: str | None = None) -> dict[str, int]:
    """Return what the steering of a caisse reads."""
    day = day or calendar_of(actor.caisse).today().isoformat()
    answer = await service.client_as(actor).get(f"/api/v1/referrals/agent/refused-motives?from_on={day}&until_on={day}")
    assert answer.status_code == 200, answer.text
    return {line["motive"]: line["times"] for line in answer.json()}


@pytest.mark.parametrize("actor", [PARTNER, AGENT, APP], ids=["partner", "agent", "app"])
async def test_each_of_the_ten_is_named_with_who_takes_it(under_test: ServiceUnderTest, actor: Actor) -> None:
    client = under_test.client_as(actor)
    answer = await client.get(f"/api/v1/referrals/{actor.audience}/social-service-motives")
    assert answer.status_code == 200, answer.text
    listed = answer.json()
    assert {one["code"]: one["destination"]["code"] for one in listed["refused"]} == TAKEN_BY
    assert all("SS-05" in one["rules"] for one in listed["refused"])
    # SS-04: eight motives, and the five publics of the second axis (SS-03).
    assert len(listed["accepted"]) == 13
    assert {one["code"] for one in listed["accepted"]}.isdisjoint(TAKEN_BY)
    carsat = next(one["destination"] for one in listed["refused"] if one["code"] == "retraite")
    assert carsat["name"] == "Carsat Midi-Pyrénées"


async def test_a_stop_is_counted_by_structure_and_day_without_who(under_test: ServiceUnderTest) -> None:
    for motive in ("logement", "logement", "apa"):
        assert await stop(under_test, PARTNER, motive) == 200
    assert await stop(under_test, AGENT, "logement") == 200
    assert await stop(under_test, APP, "logement") == 200
    counted = [tuple(row.values()) for row in await under_test.rows(COUNT)]
    assert counted == [
        ("311", PARTNER.structure, "apa", 1),
        ("311", PARTNER.structure, "logement", 2),
        ("311", None, "logement", 2),
    ]
    columns = await under_test.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'refused_motive_counts'"
    )
    assert {row["column_name"] for row in columns} == {"caisse", "id", "structure_id", "on_day", "motive", "times"}
    journal = await under_test.rows("SELECT action, resource, resource_ids, subjects FROM journal")
    assert {row["action"] for row in journal} == {
        f"{side}_count_refused_motive" for side in (Audience.PARTNER, Audience.AGENT, Audience.APP)
    }
    assert all(row["resource"] is None and not row["resource_ids"] and not row["subjects"] for row in journal)


async def test_a_retry_counts_once_and_two_at_the_same_moment_count_two(under_test: ServiceUnderTest) -> None:
    key = uuid4()
    assert [await stop(under_test, PARTNER, "retraite", key=key) for _ in range(2)] == [200, 200]
    await asyncio.gather(*(stop(under_test, PARTNER, "maternite") for _ in range(8)))
    assert [(row["motive"], row["times"]) for row in await under_test.rows(COUNT)] == [
        ("maternite", 8),
        ("retraite", 1),
    ]


async def test_what_is_none_of_the_ten_is_not_counted(under_test: ServiceUnderTest) -> None:
    assert await stop(under_test, PARTNER, "info_ald") == 422
    assert await under_test.rows(COUNT) == []


async def test_the_caisse_reads_its_totals_and_only_those_who_steer(under_test: ServiceUnderTest) -> None:
    await stop(under_test, PARTNER, "carte_vitale")
    await stop(under_test, AGENT, "carte_vitale")
    await stop(under_test, replace(AGENT, caisse="811"), "carte_vitale")
    found = await totals(under_test, MANAGER)
    assert found == {motive: 2 if motive == "carte_vitale" else 0 for motive in RefusedMotive}
    assert set((await totals(under_test, MANAGER, "2001-01-01")).values()) == {0}
    answer = await under_test.client_as(AGENT).get(
        "/api/v1/referrals/agent/refused-motives?from_on=2026-01-01&until_on=2026-12-31"
    )
    assert answer.status_code == 403


async def test_counts_are_kept_apart_by_the_database(under_test: ServiceUnderTest) -> None:
    await stop(under_test, PARTNER, "apa")
    database = under_test.app.state.service.database
    others = [an_actor(Audience.PARTNER, "partner_user"), replace(AGENT, caisse="811"), replace(APP, caisse="811")]
    for other in others:
        async with database.session(database.scope_of(other)) as session:
            assert await session.scalar(text("SELECT count(*) FROM refused_motive_counts")) == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.session(database.scope_of(others[0])) as session:
            await session.execute(
                text(
                    "INSERT INTO refused_motive_counts VALUES "
                    "('311', gen_random_uuid(), :structure, current_date, 'apa', 1)"
                ),
                {"structure": PARTNER.structure},
            )
