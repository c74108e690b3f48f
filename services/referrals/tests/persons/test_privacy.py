"""What identifies a person stays in the register: not in a URL, a log, a fact, a journal or a stored answer."""

import json
import re
from dataclasses import replace
from uuid import UUID

import pytest

from servicekit import clock
from servicekit.testing import service_routes

from .situations import AGENT, NIR, PARTNER, Here, a_person

CANARIES = (
    "Zyxcanari",
    "zyxcanari",
    "ZYXCANARI",
    "Quovadis",
    "quovadis",
    "1987-11-23",
    NIR,
    "2 55 08 14 168 025 38",
    "2550814168025",
    "+33698765432",
    "0698765432",
    "canari@exemple.fr",
    "rue du Canari",
    "note de canari",
    "motif de canari",
)
PERSON = a_person(
    last_name="Zyxcanari",
    first_names="Quovadis",
    birth_on="1987-11-23",
    identifier={"kind": "nir", "value": NIR},
    contact={
        "phone": "0698765432",
        "phone_kind": "own_mobile",
        "email": "canari@exemple.fr",
        "address": {"lines": ["3 rue du Canari"], "postcode": "31600", "city": "Muret"},
        "preferred_channel": "phone",
    },
    household={"adults": 1, "children": [], "note": "note de canari"},
)
REASON = {"reason": "motif de canari, assez long"}


async def use_everything(here: Here) -> None:
    """Call every route on persons, well and badly."""
    partner = here.client(here.partner)
    person = UUID((await partner.post(PARTNER, PERSON)).json()["id"])
    await partner.post(PARTNER, PERSON | {"birth_on": "2999-01-01"})
    await partner.post(PARTNER, PERSON | {"identifier": {"kind": "nir", "value": NIR[:-1] + "9"}})
    await partner.post(f"{PARTNER}/search", {"last_name": "Zyxcanari", "identifier": NIR})
    await partner.post(f"{PARTNER}/search", {"last_name": "Zyxcanari", "extra": NIR})
    await partner.post(f"{PARTNER}/batch", {"ids": [str(person)]})
    await partner.get(f"{PARTNER}/{person}")
    for version in (1, 1):
        identity = {"last_name": "Zyxcanari", "first_names": "Quovadis", "birth_on": "1987-11-23"}
        await partner.post(f"{PARTNER}/{person}/amend", {"identity": identity}, if_match=version)
    agent = here.client(replace(here.adviser, stepup_at=int(clock.system_now().timestamp())))
    await agent.post(f"{AGENT}/search", {"last_name": "Zyxcanari", "birth_on": "1987-11-23"})
    await agent.get(f"{AGENT}/{person}")
    await agent.post(f"{AGENT}/{person}/open", REASON)
    await agent.get(f"{AGENT}/{person}")
    await agent.post(f"{AGENT}/batch", {"ids": [str(person)]})
    await agent.post(f"{AGENT}/{person}/nir/reveal", REASON)
    twin = UUID((await partner.post(PARTNER, PERSON)).json()["id"])
    await agent.get(f"{AGENT}/{person}/duplicates")
    await agent.post(f"{AGENT}/{person}/duplicates/{twin}/not-same", REASON)
    await agent.post(f"{AGENT}/{person}/amend", {"identifier": {"kind": "nia", "value": NIR}}, if_match=2)
    # A bug in a handler must not quote the row either.
    await here.under_test.rows("UPDATE person_numbers SET content = 'spoilt'")
    await agent.post(f"{AGENT}/{person}/nir/reveal", REASON)
    # A constraint of the database quotes the whole row in its message.
    await here.under_test.rows("ALTER TABLE persons ADD CONSTRAINT refuse CHECK (last_name = 'x') NOT VALID")
    try:
        assert (await partner.post(PARTNER, PERSON)).status_code == 500
    finally:
        await here.under_test.rows("ALTER TABLE persons DROP CONSTRAINT refuse")


async def test_nothing_that_identifies_leaves_the_register(here: Here, capfd: pytest.CaptureFixture[str]) -> None:
    await use_everything(here)
    logged = "".join(capfd.readouterr())
    assert "unexpected error" in logged  # the bugs provoked above were logged
    places = {"logs": logged}
    for table in ("facts", "journal", "idempotency"):
        rows = await here.under_test.rows(f"SELECT * FROM {table}")
        assert rows
        places[table] = json.dumps(
            [
                {k: bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else v for k, v in row.items()}
                for row in rows
            ],
            default=str,
        )
    for place, text in places.items():
        for canary in CANARIES:
            assert canary not in text, (place, canary)
    # The canaries are what the register does hold: the search above would find them.
    [kept] = await here.under_test.rows("SELECT count(*) AS n FROM persons WHERE last_name = 'Zyxcanari'")
    assert kept["n"] == 2


async def test_refusals_never_quote_what_was_typed(here: Here) -> None:
    client = here.client(here.partner)
    bad = PERSON | {
        "birth_on": "23/11/1987",
        "identifier": {"kind": "nir", "value": NIR[:-1] + "9"},
        "last_name": "Zyxcanari 2",
        "contact": {"preferred_channel": "phone", "phone": "0698765432x", "email": "canari(at)exemple.fr"},
    }
    answer = await client.post(PARTNER, bad)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) >= 4
    for canary in (*CANARIES, "23/11/1987", NIR[:-1]):
        assert canary not in answer.text


async def test_no_address_of_the_register_takes_anything_but_ids(here: Here) -> None:
    for route in service_routes(here.under_test.app):
        if "/persons" not in route.path_format:
            continue
        assert set(re.findall(r"\{(\w+)\}", route.path_format)) <= {"person_id", "other_id"}
        assert route.dependant.query_params == []


async def test_numbers_are_unreadable_in_the_database(here: Here) -> None:
    await here.client(here.partner).post(PARTNER, PERSON)
    tables = await here.under_test.rows("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
    for table in tables:
        rows = await here.under_test.rows(f"SELECT t::text AS row FROM {table['relname']} t")
        for row in rows:
            for spelling in (NIR, "2550814168025", NIR.encode().hex(), "2 55 08 14"):
                assert spelling not in row["row"], table["relname"]
