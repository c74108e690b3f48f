"""Templates of a caisse: drafts, preview, versions in force from a day on, letterhead; and who may touch them."""

from datetime import timedelta
from typing import Any

import pytest

from referrals_service.requests.caisse_calendar import calendar_of
from servicekit import clock
from servicekit.access import Actor

from .situations import AGENT, World, fields, ok, problem
from .test_letters import CCAS, DESK, HEAD, LETTERS, make, said

RECEIPT = f"{DESK}/misas_receipt/fr"
TEXT = {"subject": "Reçu n° {{numero}}", "body": "Bonjour,\n\nBien reçu le {{recue_le}}."}


@pytest.fixture
async def editor(world: World) -> Actor:
    return await world.adviser("coordinateur", unit=None)


def today() -> Any:
    return calendar_of("311").today()


async def published(world: World, editor: Actor, text: Any = TEXT, **when: Any) -> dict[str, Any]:
    client = world.client(editor)
    draft = ok(await client.put(f"{RECEIPT}/draft", text, if_match=0))
    body = {"note": "Une phrase plus courte", "valid_from": str(when.get("valid_from", today()))}
    return ok(await client.post(f"{RECEIPT}/draft/publish", body, if_match=draft["version"]))


async def test_the_shipped_text_is_in_force_until_the_caisse_publishes_its_own(
    world: World, editor: Actor, partner: Actor, adviser: Actor
) -> None:
    shown = ok(await world.client(editor).get(RECEIPT))
    assert (shown["in_force"], [v["state"] for v in shown["versions"]]) == (0, ["shipped"])
    await published(world, editor)
    shown = ok(await world.client(editor).get(RECEIPT))
    assert (shown["in_force"], [v["number"] for v in shown["versions"]]) == (1, [1, 0])
    [version, _] = shown["versions"]
    assert (version["note"], version["published_by"]) == ("Une phrase plus courte", editor.sub)
    sent = await world.filed(partner)
    letter = await make(world, adviser, sent, {"kind": "misas_receipt", "recipient": CCAS})
    assert f"Reçu n° {sent['number']}" in said((await world.client(adviser).get(f"{LETTERS}/{letter}")).content)


async def test_a_version_waits_for_its_day_and_letters_already_made_do_not_change(
    world: World, editor: Actor, partner: Actor, adviser: Actor
) -> None:
    sent = await world.filed(partner)
    letter = await make(world, adviser, sent, {"kind": "misas_receipt", "recipient": CCAS})
    before = (await world.client(adviser).get(f"{LETTERS}/{letter}")).content
    await published(world, editor, valid_from=today() + timedelta(days=2))
    shown = ok(await world.client(editor).get(RECEIPT))
    assert shown["in_force"] == 0
    [kind, *_] = (await world.client(editor).get(DESK)).json()
    [french, *_] = kind["languages"]
    assert (french["language"], french["in_force"], french["coming"]) == ("fr", 0, 1)
    with clock.travel(clock.now() + timedelta(days=3)):
        assert ok(await world.client(editor).get(RECEIPT))["in_force"] == 1
        assert (await world.client(adviser).get(f"{LETTERS}/{letter}")).content == before


async def test_an_unknown_field_is_told_before_anything_is_published(world: World, editor: Actor) -> None:
    wrong = {"subject": "Reçu", "body": "Bonjour {{nom}},"}
    client = world.client(editor)
    draft = ok(await client.put(f"{RECEIPT}/draft", wrong, if_match=0))
    body = {"note": "Avec le nom", "valid_from": str(today())}
    refusal = await client.post(f"{RECEIPT}/draft/publish", body, if_match=draft["version"])
    [error] = problem(refusal, 422, "letter-text-refused")["errors"]
    assert "« nom » n’existe pas" in error["message"]
    assert "{{numero}}" in error["message"]
    refusal = await client.post(f"{DESK}/preview", {"kind": "misas_receipt", "language": "fr", **wrong}, key="")
    assert fields(problem(refusal, 422, "letter-text-refused")) == {"body": None}


async def test_a_preview_shows_invented_data_as_pdf_and_as_pictures(world: World, editor: Actor) -> None:
    body = {"kind": "misas_receipt", "language": "fr", **TEXT}
    answer = await world.client(editor).post(f"{DESK}/preview", body, key="")
    assert answer.headers["content-type"] == "application/pdf"
    assert "Reçu n° 311-2026-000123" in said(answer.content)
    pages = ok(await world.client(editor).post(f"{DESK}/preview/pages", body, key=""))["pages"]
    assert pages[0].startswith("data:image/png;base64,")


async def test_two_editors_of_one_draft_do_not_overwrite_each_other(world: World, editor: Actor) -> None:
    colleague = await world.adviser("secretaire", unit=None)
    first = ok(await world.client(editor).put(f"{RECEIPT}/draft", TEXT, if_match=0))
    problem(await world.client(colleague).put(f"{RECEIPT}/draft", TEXT, if_match=0), 412, "stale-version")
    second = ok(await world.client(colleague).put(f"{RECEIPT}/draft", TEXT, if_match=first["version"]))
    answer = await world.client(editor).post(f"{RECEIPT}/draft/discard", if_match=first["version"])
    problem(answer, 412, "stale-version")
    ok(await world.client(editor).post(f"{RECEIPT}/draft/discard", if_match=second["version"]))
    answer = await world.client(editor).post(f"{RECEIPT}/draft/discard", if_match=second["version"])
    problem(answer, 404, "letter-draft-not-found")


async def test_a_version_cannot_begin_in_the_past(world: World, editor: Actor) -> None:
    client = world.client(editor)
    draft = ok(await client.put(f"{RECEIPT}/draft", TEXT, if_match=0))
    body = {"note": "Hier déjà", "valid_from": str(today() - timedelta(days=1))}
    refusal = await client.post(f"{RECEIPT}/draft/publish", body, if_match=draft["version"])
    assert "valid_from" in fields(problem(refusal, 422, "invalid"))


async def test_the_letterhead_of_the_caisse_stands_on_its_letters(
    world: World, editor: Actor, partner: Actor, adviser: Actor
) -> None:
    client = world.client(editor)
    first = ok(await client.get(f"{DESK}/letterhead"))
    assert (first["version"], first["name"]) == (0, "CPAM de la Haute-Garonne")
    assert ok(await client.put(f"{DESK}/letterhead", HEAD, if_match=0)) == {"version": 1}
    problem(await client.put(f"{DESK}/letterhead", HEAD, if_match=0), 412, "stale-version")
    sent = await world.filed(partner)
    letter = await make(world, adviser, sent, {"kind": "misas_receipt", "recipient": CCAS})
    text = said((await world.client(adviser).get(f"{LETTERS}/{letter}")).content)
    assert "Tél. : 36 46" in text
    assert "La coordination de la mission" in text


async def test_each_caisse_has_its_own(world: World, editor: Actor) -> None:
    await published(world, editor)
    elsewhere = await world.adviser("coordinateur", caisse="811", unit=None)
    assert ok(await world.client(elsewhere).get(RECEIPT))["in_force"] == 0


async def test_only_editors_keep_templates_and_the_database_says_so_too(world: World, adviser: Actor) -> None:
    problem(await world.client(adviser).get(DESK), 403, "not-for-your-role")
    database = world.under_test.app.state.service.database
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.session(database.scope_of(adviser)) as session:
            await session.execute(
                text(
                    "INSERT INTO letter_templates (caisse, id, kind, language, number, state, version, subject, body, "
                    "created_by, created_at, updated_by, updated_at) VALUES ('311', gen_random_uuid(), 'x', 'fr', 1, "
                    "'draft', 1, 's', 'b', 'x', now(), 'x', now())"
                )
            )


async def test_an_unknown_kind_is_not_found(world: World, editor: Actor) -> None:
    problem(await world.client(editor).get(f"{DESK}/no_such_kind/fr"), 404, "letter-kind-not-found")
    assert AGENT.startswith("/api/v1/referrals/agent")
