"""Reference data: whole, loaded once a version, and the database is what the models say."""

from datetime import date
from typing import Any

import pytest

from partners_service.bodies import loading, reference
from partners_service.parameters import national, parameters_on
from servicekit import migrations
from servicekit.testing import ServiceUnderTest

FINGERPRINTS = {1: "5ba7974b8e3d052ad608b0a5d3eaee384f99da38ad1fc03c251c5bd6bdc5486a"}


def test_a_change_of_the_files_comes_with_a_new_version() -> None:
    assert reference.fingerprint() == FINGERPRINTS[reference.VERSION]


def test_every_caisse_and_every_social_service_is_a_body_once() -> None:
    tables = reference.read().tables
    bodies = {row["code"]: row for row in tables["bodies"]}

    assert len(bodies) == len(tables["bodies"]) == 107 + 21
    assert bodies["311"]["name"] == "CPAM de la Haute-Garonne"
    assert bodies["311"]["social_service"] == "CARSAT_MIDI_PYRENEES"
    assert "759" not in bodies
    assert bodies["CRAMIF"]["kind"] == "social_service"
    assert bodies["974"]["time_zone"] == "Indian/Reunion"
    assert all(row["source"] for row in tables["bodies"])


def test_a_social_service_has_a_site_and_a_unit_in_each_of_its_departments() -> None:
    tables = reference.read().tables
    units = {row["code"] for row in tables["units"] if row["body"] == "CARSAT_MIDI_PYRENEES"}

    assert units == {"ss_09", "ss_12", "ss_31", "ss_32", "ss_46", "ss_65", "ss_81", "ss_82"}
    spanned = {row["code"] for row in tables["bodies"] if row["social_service"] == "CARSAT_MIDI_PYRENEES"}
    assert spanned == {"091", "121", "311", "321", "461", "651", "811", "821"}
    assert {row["code"] for row in tables["units"] if row["body"] == "311"} == {"cas", "misas", "ass", "lup"}


async def test_a_version_is_loaded_once_and_each_body_announced_once(under_test: ServiceUnderTest) -> None:
    await under_test.rows("DELETE FROM reference_loads")
    await under_test.rows("UPDATE bodies SET name = 'autre', social_service = NULL WHERE code = '311'")
    database = under_test.app.state.service.database

    async with database.system_session("reference.load") as session:
        assert await loading.load(session)
    async with database.system_session("reference.load") as session:
        assert not await loading.load(session)

    [fact] = await under_test.facts()
    assert (fact["type"], fact["caisse"]) == ("body.described", "311")
    assert fact["payload"] == {
        "kind": "cpam",
        "departments": ["31"],
        "social_service": "CARSAT_MIDI_PYRENEES",
        "time_zone": "Europe/Paris",
    }
    [row] = await under_test.rows("SELECT name FROM bodies WHERE code = '311'")
    assert row["name"] == "CPAM de la Haute-Garonne"


async def test_a_body_that_left_the_files_is_closed_and_kept(
    under_test: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = under_test.app.state.service.database
    tables = reference.read().tables
    ghost: dict[str, Any] = next(row for row in tables["bodies"] if row["code"] == "311") | {"code": "999"}
    await under_test.rows("DELETE FROM reference_loads")
    earlier = reference.Reference({**tables, "bodies": [*tables["bodies"], ghost]})
    monkeypatch.setattr(reference, "read", lambda: earlier)
    async with database.system_session("reference.load") as session:
        await loading.load(session)
    monkeypatch.undo()
    await under_test.rows("DELETE FROM reference_loads")
    async with database.system_session("reference.load") as session:
        await loading.load(session)

    [row] = await under_test.rows("SELECT closed_on IS NOT NULL AS closed FROM bodies WHERE code = '999'")
    assert row["closed"]
    await under_test.rows("DELETE FROM bodies WHERE code = '999'")


async def test_the_database_is_what_the_models_say(under_test: ServiceUnderTest, admin_url: str) -> None:
    assert migrations.drift(admin_url, "partners_service") == []


def test_every_parameter_has_a_national_value_with_its_source() -> None:
    assert all(line.source for line in national())
    before_everything = parameters_on(date(1990, 1, 1), {})
    assert before_everything.invitation_hours == 72
    assert before_everything.nir_allowed_kinds == frozenset()


def test_a_caisse_s_own_value_replaces_the_national_one() -> None:
    chosen = parameters_on(date(2026, 1, 1), {"misas_training_required": True, "lup_ends_on": "2026-06-30"})
    assert chosen.policy.misas_training_required
    assert chosen.policy.lup_ends_on == date(2026, 6, 30)
