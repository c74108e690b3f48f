"""Documents both ways: taken, listed, opened once by ticket, removed, told; and who may not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from referrals_service.documents.checklist import checklist
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import RequestKind
from servicekit.access import Actor
from servicekit.documents.settings import DocumentSettings

from .files import JPEG, PDF, PNG, a_pdf, a_photo, added, announce, documents_of, listed, opened, send, ticket
from .situations import PARTNER, World, a_form, ok, problem


async def test_a_document_goes_with_a_draft_and_is_told_when_it_is_sent(
    world: World, partner: Actor, adviser: Actor
) -> None:
    draft = await world.draft(partner)
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(), if_match=draft["version"]))
    document = await added(world, partner, draft, name="Devis n° 12.pdf")
    shown = await listed(world, partner, draft)
    [line] = shown["items"]
    assert {k: line[k] for k in ("id", "name", "item", "side", "state", "scan", "open", "remove")} == {
        "id": document,
        "name": "Devis n° 12.pdf",
        "item": "quote",
        "side": "partner",
        "state": "available",
        "scan": "none",
        "open": True,
        "remove": True,
    }
    assert {c["item"]: (c["need"], c["given"]) for c in shown["checklist"]} == {
        "quote": ("expected", True),
        "resources": ("expected", False),
        "rights": ("useful", False),
        "cover": ("useful", False),
        "home": ("useful", False),
    }
    assert shown["limits"] == {"file_bytes": 10 * 1_048_576, "files_left": 4}
    assert not [f for f in await world.facts() if f["type"] == "request.document_added"]

    sent = ok(await world.act(partner, saved, "submit"))
    [fact] = [f for f in await world.facts() if f["type"] == "request.document_added"]
    assert fact["payload"] == {
        "kind": "misas_referral",
        "document": document,
        "side": "partner",
        "item": "quote",
        "media_type": PDF,
    }
    assert "Devis" not in str(await world.facts())
    inside = await listed(world, adviser, sent)
    assert [d["id"] for d in inside["items"]] == [document]
    assert inside["items"][0]["remove"] is False
    answer = await opened(world, adviser, sent, document)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert b"Someone" not in answer.content
    assert answer.headers["content-type"] == PDF
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"Devis n 12.pdf\"; filename*=UTF-8''Devis%20n%C2%B0%2012.pdf"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_the_caisse_addresses_a_document_to_the_partner(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    document = await added(world, adviser, taken, a_photo(), name="attestation.jpg", media_type=JPEG, item="rights")
    shown = await world.shown(partner, taken)
    assert (shown["unread"], shown["last_event"]) == (1, "document")
    [line] = (await listed(world, partner, taken))["items"]
    assert (line["side"], line["open"], line["remove"]) == ("caisse", True, False)
    assert (await opened(world, partner, taken, document)).content[:3] == b"\xff\xd8\xff"
    [fact] = [f for f in await world.facts() if f["type"] == "request.document_added"]
    assert fact["payload"]["side"] == "caisse"
    # Addressed by mistake: taken back, and the partner opens it no longer.
    path = f"{documents_of(adviser, taken)}/{document}/remove"
    assert ok(await world.client(adviser).post(path)) == {"id": document, "state": "erased"}
    problem(await ticket(world, partner, taken, document), 404, "document-not-found")
    assert (await listed(world, partner, taken))["items"] == []


async def test_a_document_that_was_asked_for_gives_the_turn_back(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    ok(await world.act(adviser, taken, "messages", {"text": "Le devis, s'il vous plaît.", "expects_answer": True}), 201)
    assert (await world.row(taken))["turn"] == "partner"
    await added(world, partner, taken)
    row = await world.row(taken)
    assert (row["turn"], row["unread_by_caisse"], row["version"]) == ("caisse", 1, taken["version"])


async def test_a_ticket_serves_once_for_one_session_and_one_minute(
    world: World, partner: Actor, adviser: Actor
) -> None:
    sent = await world.filed(partner)
    document = await added(world, partner, sent)
    url = ok(await ticket(world, partner, sent, document))["url"]
    others = [
        replace(partner, session_hash="another-session"),
        replace(partner, sub=str(uuid4())),
        await world.structure(),
        await world.structure(caisse="811"),
    ]
    for other in others:
        problem(await world.client(other).get(url), 404, "document-ticket-spent")
    problem(await world.client(adviser).get(url), 403, "not-for-your-role")
    problem(await world.client(None).get(url), 401, "unauthenticated")
    problem(await world.client(adviser).get(url.replace("/partner/", "/agent/")), 404, "document-ticket-spent")
    assert (await world.client(partner).get(url)).status_code == 200
    problem(await world.client(partner).get(url), 404, "document-ticket-spent")

    late = ok(await ticket(world, partner, sent, document))["url"]
    await world.under_test.rows("UPDATE document_tickets SET expires_at = now() - interval '1 second'")
    problem(await world.client(partner).get(late), 404, "document-ticket-spent")
    for odd in ("x", "A" * 42, "A" * 44, "%00" * 15):
        assert (await world.client(partner).get(f"/api/v1/referrals/partner/documents/{odd}")).status_code in {404, 422}
    at_once = ok(await ticket(world, partner, sent, document))["url"]
    answers = await asyncio.gather(*(world.client(partner).get(at_once) for _ in range(8)))
    assert sorted(a.status_code for a in answers) == [200] + [404] * 7


async def test_every_opening_names_the_person_in_the_journal(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    document = await added(world, partner, sent)
    await opened(world, partner, sent, document)
    rows = await world.under_test.rows(
        "SELECT action, kind, subjects, resource_ids, fields, status FROM journal WHERE resource = 'document' "
        "ORDER BY at"
    )
    assert [(r["action"], r["kind"], r["status"]) for r in rows] == [
        ("document.announce", "change", 201),
        ("document.add", "change", 200),
        ("partner_ask_for_document", "read", 200),
        ("partner_open_document", "read", 200),
    ]
    person = (await world.row(sent))["person_id"]
    assert all(person in r["subjects"] and UUID(document) in r["resource_ids"] for r in rows)
    assert "documents" in rows[-1]["fields"]


async def test_a_refused_file_leaves_nothing_and_gives_its_place_back(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    for n in range(7):
        content = a_pdf(script=True)
        said = ok(await announce(world, partner, sent, content, name=f"devis {n}.pdf"), 201)
        refused = problem(await send(world, partner, said["content_url"], content), 422, "document-refused")
        assert refused["reason"] == "active_content"
        problem(await send(world, partner, said["content_url"], content), 409, "document-not-ready")
    shown = await listed(world, partner, sent)
    assert (shown["items"], shown["limits"]["files_left"]) == ([], 5)
    assert await world.under_test.rows("SELECT 1 FROM document_keys") == []
    assert not [f for f in await world.facts() if f["type"] == "request.document_added"]


@pytest.mark.parametrize(
    ("reason", "said", "content", "media_type"),
    [
        ("bad_name", {"name": "devis\u202efdp.exe"}, None, PDF),
        ("bad_name", {"name": "../../devis.pdf"}, None, PDF),
        ("bad_name", {"name": "devis.exe.pdf"}, None, PDF),
        ("bad_name", {"name": "a" * 290 + ".pdf"}, None, PDF),
        ("wrong_type", {"name": "devis.docm"}, None, PDF),
        ("wrong_type", {"media_type": "text/html"}, None, PDF),
        ("types_disagree", {"name": "devis.png"}, None, PDF),
        ("empty", {"size_bytes": 0}, None, PDF),
        ("too_large", {"size_bytes": 10 * 1_048_576 + 1}, None, PDF),
        ("types_disagree", {}, b"\x89PNG\r\n\x1a\n" + b"\0" * 64, PDF),
        ("wrong_type", {}, b"<html><script>alert(1)</script></html>", PDF),
        ("types_disagree", {}, a_pdf(), PNG),
        ("unreadable", {}, a_pdf()[:-40], PDF),
        ("too_large", {"size_bytes": 50}, a_pdf(), PDF),
        ("cut_short", {"size_bytes": 60_000}, a_pdf(), PDF),
    ],
)
async def test_what_is_wrong_is_said_in_words(
    world: World, partner: Actor, reason: str, said: dict[str, object], content: bytes | None, media_type: str
) -> None:
    """ESP-12: what is neither PDF nor a photograph is refused."""
    sent = await world.filed(partner)
    answer = await announce(world, partner, sent, content or a_pdf(), **said)
    if content is not None:
        answer = await send(world, partner, ok(answer, 201)["content_url"], content, media_type)
    refused = problem(answer, 422, "document-refused")
    assert refused["reason"] == reason
    assert refused["detail"].endswith((".", "»."))


async def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    limit = 10 * 1_048_576
    content = a_photo()
    content += b"\0" * (limit - len(content))
    photo = {"name": "devis.jpg", "media_type": JPEG}
    await added(world, partner, sent, content, **photo)
    problem(await announce(world, partner, sent, content + b"\0", **photo), 422, "document-refused")
    # Announced as less than it is: stopped while it is read, whatever its length says.
    said = ok(await announce(world, partner, sent, content, size_bytes=limit - 1, **photo), 201)

    async def parts() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 1_000_000):
            yield content[at : at + 1_000_000]

    answer = await send(world, partner, said["content_url"], parts(), JPEG)
    assert problem(answer, 422, "document-refused")["reason"] == "too_large"


async def test_limits_hold_when_files_come_at_once(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    answers = await asyncio.gather(*(announce(world, partner, sent, a_pdf(), name=f"{n}.pdf") for n in range(9)))
    assert sorted(a.status_code for a in answers) == [201] * 5 + [409] * 4
    refused = next(a for a in answers if a.status_code == 409)
    assert problem(refused, 409, "document-limit")["limit"] == "files_per_case"
    urls = [a.json()["content_url"] for a in answers if a.status_code == 201]
    # The same content sent twice at once: one is the document, the other is told so.
    twice = await asyncio.gather(*(send(world, partner, urls[0], a_pdf()) for _ in range(2)))
    assert sorted(a.status_code for a in twice) == [200, 409]


async def test_a_structure_has_so_much_a_month(world: World, partner: Actor) -> None:
    settings = world.under_test.app.state.service.settings
    assert isinstance(settings, DocumentSettings)
    assert settings.document_limits.structure_month_bytes == 1024 * 1_048_576
    first = await world.filed(partner)
    await added(world, partner, first)
    await world.under_test.rows("UPDATE documents SET size_bytes = 1073741824")
    second = await world.filed(partner, await world.person(partner, "Durand"))
    refused = problem(await announce(world, partner, second, a_pdf()), 409, "document-limit")
    assert refused["limit"] == "structure_month_bytes"
    refused = problem(await announce(world, partner, first, a_pdf()), 409, "document-limit")
    assert refused["limit"] == "case_bytes"


async def test_who_is_not_of_the_request_neither_sees_sends_nor_opens(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    document = await added(world, partner, taken)
    content = a_pdf()
    said = ok(await announce(world, partner, taken, content), 201)
    strangers = [await world.structure(), await world.structure(caisse="811")]
    for stranger in strangers:
        problem(await world.client(stranger).get(documents_of(stranger, taken)), 404, "request-not-found")
        problem(await announce(world, stranger, taken, content), 404, "request-not-found")
        problem(await ticket(world, stranger, taken, document), 404, "request-not-found")
        problem(await send(world, stranger, said["content_url"], content), 404, "document-not-found")
    colleague = replace(partner, sub=str(uuid4()))
    problem(await send(world, colleague, said["content_url"], content), 404, "document-not-found")
    assert len((await listed(world, colleague, taken))["items"]) == 1
    elsewhere = await world.adviser(caisse="811")
    problem(await ticket(world, elsewhere, taken, document), 404, "request-not-found")
    other = await world.adviser()
    problem(await announce(world, other, taken, content), 403, "forbidden")
    # A document of one request is not found through another.
    second = await world.filed(partner, await world.person(partner, "Durand"))
    problem(await ticket(world, partner, second, document), 404, "document-not-found")
    wrong = said["content_url"].replace(taken["id"], second["id"])
    problem(await send(world, partner, wrong, content), 404, "document-not-found")


async def test_who_shares_the_work_out_reads_no_document(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    document = await added(world, partner, taken)
    manager = await world.adviser("responsable_unite")
    shown = await listed(world, manager, taken)
    assert (shown["withheld"], shown["items"], shown["checklist"], shown["add"]) == (True, [], [], False)
    problem(await ticket(world, manager, taken, document), 404, "document-not-found")


async def test_a_partner_reads_its_own_documents_again_for_thirty_days(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    own = await added(world, partner, taken)
    theirs = await added(world, adviser, taken)
    await world.under_test.rows("UPDATE documents SET kept_at = kept_at - interval '31 days'")
    shown = {d["id"]: d["open"] for d in (await listed(world, partner, taken))["items"]}
    assert shown == {own: False, theirs: True}
    problem(await ticket(world, partner, taken, own), 403, "forbidden")
    assert (await opened(world, adviser, taken, own)).status_code == 200
    await world.setting("311", "document_reread_days", "60")
    assert (await opened(world, partner, taken, own)).status_code == 200


async def test_a_document_is_removed_from_a_draft_and_not_after(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    document = await added(world, partner, draft)
    ok(await world.client(partner).post(f"{documents_of(partner, draft)}/{document}/remove"))
    problem(await world.client(partner).post(f"{documents_of(partner, draft)}/{document}/remove"), 403, "forbidden")
    [row] = await world.under_test.rows("SELECT state, name, blob FROM documents")
    assert row == {"state": "erased", "name": None, "blob": None}
    assert await world.under_test.rows("SELECT 1 FROM document_keys") == []

    sent = await world.filed(partner)
    kept = await added(world, partner, sent)
    problem(await world.client(partner).post(f"{documents_of(partner, sent)}/{kept}/remove"), 403, "forbidden")


async def test_a_draft_thrown_away_takes_its_documents_along(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    await added(world, partner, draft)
    ok(await world.act(partner, draft, "discard"))
    assert [r["state"] for r in await world.under_test.rows("SELECT state FROM documents")] == ["erased"]
    assert await world.under_test.rows("SELECT 1 FROM document_keys") == []
    problem(await announce(world, partner, draft, a_pdf()), 409, "transition-refused")


async def test_nothing_is_added_once_the_conversation_is_over(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    content = a_pdf()
    said = ok(await announce(world, partner, taken, content), 201)
    ok(await world.act(adviser, taken, "refuse", {"reason": "duplicate"}))
    problem(await announce(world, partner, taken, content), 409, "transition-refused")
    problem(await announce(world, adviser, taken, content), 409, "transition-refused")
    problem(await send(world, partner, said["content_url"], content), 409, "transition-refused")
    assert (await listed(world, partner, taken))["items"] == []


def test_every_motive_of_the_checklist_says_where_it_comes_from() -> None:
    """ESP-12."""
    today = calendar_of("311").today()
    assert checklist(RequestKind.MISAS_REFERRAL, [], today) == []
    found = checklist(RequestKind.MISAS_REFERRAL, ["plan_aide_financiere", "orienter_ps"], today)
    assert [(item.value, need.value) for item, need in found] == [
        ("resources", "expected"),
        ("quote", "expected"),
        ("cover", "useful"),
    ]
