"""Batches of letters: a work like another, one PDF to print them all, and nothing twice whatever is killed when."""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.testing import ServiceUnderTest, at_work, ended
from servicekit.testing_kills import Mortals

from .situations import PARTNER, World, ok, problem
from .test_letters import CCAS, said

BATCHES = "/api/v1/referrals/agent/letter-batches"
WORKS = "/api/v1/referrals/agent/works"


@pytest.fixture
async def working(under_test: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Give the service with its worker running."""
    async with at_work(under_test):
        yield under_test


async def several(world: World, partner: Actor, count: int) -> Sequence[dict[str, Any]]:
    return [await world.filed(partner, await world.person(partner, f"Keller{'abcdefghij'[n]}")) for n in range(count)]


async def two_hundred(world: World, partner: Actor) -> list[UUID]:
    """Send a request, and copy it with its person until there are two hundred."""
    sent = await world.filed(partner)
    await world.under_test.rows(
        """
        WITH copied AS (
            INSERT INTO persons SELECT (jsonb_populate_record(p, jsonb_build_object(
                'id', gen_random_uuid(), 'number', 1000 + n))).*
            FROM persons p, generate_series(1, 199) n RETURNING id
        )
        INSERT INTO requests SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(),
            'person_id', c.id, 'number', '311-2026-9' || lpad((row_number() OVER ())::text, 5, '0')))).*
        FROM requests r, copied c WHERE r.id = %s
        """,
        sent["id"],
    )
    return [row["id"] for row in await world.under_test.rows("SELECT id FROM requests ORDER BY number")]


async def a_batch(world: World, by: Actor, ids: Sequence[UUID | str], **recipients: list[str]) -> UUID:
    items = [{"request_id": str(each), "recipient": recipients.get(str(each), CCAS)} for each in ids]
    return UUID(ok(await world.client(by).post(BATCHES, {"items": items}), 201)["id"])


def tags(node: Any) -> Iterator[str]:
    """Yield the structure types below a node of the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from tags(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        yield from tags(node.get("/K"))


@pytest.mark.usefixtures("working")
async def test_two_hundred_letters_are_followed_and_printed_as_one(
    world: World, partner: Actor, adviser: Actor
) -> None:
    ids = await two_hundred(world, partner)
    batch = await a_batch(world, adviser, ids)
    client = world.client(adviser)
    assert ok(await client.get(f"{WORKS}/{batch}"))["total"] == 200
    problem(await client.get(f"{BATCHES}/{batch}/file"), 409, "result-not-ready")
    work = await ended(client, f"{WORKS}/{batch}", seconds=60)
    assert (work["kind"], work["state"], work["done"], work["counts"]) == (
        "letters.batch",
        "done",
        200,
        {"created": 200},
    )

    answer = await client.get(f"{BATCHES}/{batch}/file")
    assert answer.headers["content-disposition"].startswith("attachment")
    reader = PdfReader(io.BytesIO(answer.content))
    root: dict[str, Any] = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr", True)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert Counter(tags(root["/StructTreeRoot"]))["/H1"] == 200
    assert len(reader.pages) == 200
    numbers = {row["id"]: row["number"] for row in await world.under_test.rows("SELECT id, number FROM requests")}
    for page, request in zip(reader.pages, ids, strict=True):
        text = page.extract_text()
        assert numbers[request] in text
        assert "1 / 1" in text
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]  # a page has fonts
    for font in fonts:
        [inner] = font.get_object()["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"])

    [listed] = (await world.client(partner).get(f"{PARTNER}/{ids[7]}/letters")).json()
    alone = (await world.client(partner).get(f"/api/v1/referrals/partner/letters/{listed['id']}")).content
    assert numbers[ids[7]] in said(alone)
    made = [fact for fact in await world.facts() if fact["type"] == "request.letter_made"]
    assert len(made) == 200
    journalled = await world.under_test.rows(
        "SELECT sum(cardinality(resource_ids)) AS n FROM journal WHERE action = 'letters.batch' AND resource = 'letter'"
    )
    assert journalled[0]["n"] == 200


@pytest.mark.usefixtures("working")
async def test_a_letter_that_cannot_be_printed_is_told_and_the_others_are_made(
    world: World, partner: Actor, adviser: Actor
) -> None:
    sent = await several(world, partner, 3)
    ids = [receipt["id"] for receipt in sent]
    batch = await a_batch(world, adviser, ids, **{ids[1]: ["中心", "31600 Muret"]})
    client = world.client(adviser)
    work = await ended(client, f"{WORKS}/{batch}")
    assert (work["state"], work["counts"]) == ("done", {"created": 2, "faulty": 1})
    assert len(PdfReader(io.BytesIO((await client.get(f"{BATCHES}/{batch}/file")).content)).pages) == 2
    told = (await client.get(f"{BATCHES}/{batch}/refused?form=csv")).content.decode("utf-8-sig")
    [refused] = csv.DictReader(io.StringIO(told), delimiter=";")
    assert sent[1]["number"] in refused["Références"]
    assert "polices" in refused["Motif du refus"]


async def test_a_request_that_went_out_of_sight_is_left_out(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await several(world, partner, 2)
    batch = await a_batch(world, adviser, [receipt["id"] for receipt in sent])
    elsewhere = await world.adviser(unit="toulouse")
    ok(await world.act(elsewhere, sent[0], "take"))
    async with at_work(world.under_test):
        work = await ended(world.client(adviser), f"{WORKS}/{batch}")
    assert (work["state"], work["counts"]) == ("done", {"created": 1, "faulty": 1})
    [letter] = await world.under_test.rows("SELECT about FROM letters")
    assert str(letter["about"]) == sent[1]["id"]


@pytest.mark.usefixtures("working")
async def test_a_request_that_was_answered_is_left_out_with_the_reason(
    world: World, partner: Actor, adviser: Actor
) -> None:
    sent = await several(world, partner, 2)
    row = await world.row(sent[0])
    path = f"{PARTNER}/{sent[0]['id']}/withdraw"
    ok(await world.client(partner).post(path, {"reason": "person_declines"}, if_match=row["version"]))
    batch = await a_batch(world, adviser, [receipt["id"] for receipt in sent])
    client = world.client(adviser)
    work = await ended(client, f"{WORKS}/{batch}")
    assert (work["state"], work["counts"]) == ("done", {"created": 1, "faulty": 1})
    told = (await client.get(f"{BATCHES}/{batch}/refused?form=csv")).content.decode("utf-8-sig")
    [refused] = csv.DictReader(io.StringIO(told), delimiter=";")
    assert sent[0]["number"] in refused["Références"]
    assert "retirée" in refused["Motif du refus"]


@pytest.mark.faults
async def test_killed_in_the_middle_no_letter_is_made_twice(
    under_test: ServiceUnderTest,
    world: World,
    partner: Actor,
    adviser: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = await a_batch(world, adviser, await two_hundred(world, partner))
    client, path = world.client(adviser), f"{WORKS}/{batch}"
    mortals = Mortals.of(under_test, monkeypatch)
    deaths = [await mortals.kill_in_the_middle(client, path, least) for least in (0, 60)]
    assert all(0 < done < 200 for done in deaths), deaths
    before = await under_test.rows("SELECT id, sha256 FROM letters ORDER BY id")
    await mortals.finish(client, path)
    after = await under_test.rows("SELECT id, about, sha256 FROM letters ORDER BY id")
    assert len(after) == len({row["about"] for row in after}) == len({bytes(row["sha256"]) for row in after}) == 200
    assert [row["id"] for row in after][: len(before)] == [row["id"] for row in before]
    made = Counter(f["subject"]["request"] for f in await world.facts() if f["type"] == "request.letter_made")
    assert (len(made), set(made.values())) == (200, {1})
    assert len(PdfReader(io.BytesIO((await client.get(f"{BATCHES}/{batch}/file")).content)).pages) == 200


async def test_a_batch_with_a_request_out_of_sight_makes_nothing(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await several(world, partner, 2)
    stranger = await world.structure(caisse="811")
    elsewhere = await world.filed(stranger)
    items = [{"request_id": receipt["id"], "recipient": CCAS} for receipt in [*sent, elsewhere]]
    problem(await world.client(adviser).post(BATCHES, {"items": items}), 404, "request-not-found")
    assert await world.under_test.rows("SELECT id FROM works") == []


async def test_a_batch_is_its_author_s(world: World, partner: Actor, adviser: Actor) -> None:
    batch = await a_batch(world, adviser, [receipt["id"] for receipt in await several(world, partner, 1)])
    colleague = world.client(await world.adviser())
    for path in (f"{WORKS}/{batch}", f"{BATCHES}/{batch}/file", f"{BATCHES}/{batch}/refused"):
        problem(await colleague.get(path), 404, "work-not-found")
    assert ok(await colleague.get(WORKS))["items"] == []
    problem(await world.client(await world.adviser()).get(f"{BATCHES}/{new_id()}/file"), 404, "work-not-found")
