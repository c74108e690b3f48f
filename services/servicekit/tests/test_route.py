"""One request: guard, transaction, idempotency, journal, commit, answer."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest
from fastapi import APIRouter

from servicekit.access import Actor, Audience
from servicekit.clock import system_now
from servicekit.route import router
from servicekit.testing import Client, ServiceUnderTest, a_token, an_actor

NOTES = "/api/v1/sample/partner/notes"
ClientAs = Callable[[Actor | None], Client]


@pytest.fixture
def partner() -> Actor:
    return an_actor(Audience.PARTNER, "partner_user")


def a_note(text: str = "bonjour") -> dict[str, str]:
    return {"person_id": str(uuid4()), "text": text}


def test_a_route_without_a_declaration_cannot_exist() -> None:
    undeclared: APIRouter = router("/x")
    with pytest.raises(LookupError, match="access declaration"):
        undeclared.get("/y")(lambda: None)


async def test_a_change_is_committed_journalled_and_named(
    client_as: ClientAs, under_test: ServiceUnderTest, partner: Actor
) -> None:
    note = a_note()
    answer = await client_as(partner).post(NOTES, note)
    assert answer.status_code == 201, answer.text
    [row] = await under_test.rows("SELECT * FROM notes")
    assert str(row["id"]) == answer.json()["id"]
    [entry] = await under_test.rows("SELECT * FROM journal")
    assert (entry["kind"], entry["action"], entry["actor"]) == ("change", "note.write", partner.sub)
    assert [str(s) for s in entry["subjects"]] == [note["person_id"]]
    assert entry["after_sha256"] is not None
    assert entry["status"] == 201


@pytest.mark.parametrize("text", ["refuse", "crash"])
async def test_a_refused_or_failed_change_leaves_nothing(
    client_as: ClientAs, under_test: ServiceUnderTest, partner: Actor, text: str
) -> None:
    answer = await client_as(partner).post(NOTES, a_note(text))
    assert answer.status_code == {"refuse": 409, "crash": 500}[text]
    assert answer.headers["content-type"] == "application/problem+json"
    for table in ("notes", "journal", "idempotency"):
        assert await under_test.rows(f"SELECT * FROM {table}") == []


async def test_a_problem_says_what_and_why_in_french(client_as: ClientAs, partner: Actor) -> None:
    problem = (await client_as(partner).post(NOTES, a_note("refuse"))).json()
    assert problem["type"] == "/problems/conflict"
    assert problem["detail"] == "Cette note est refusée."
    assert problem["rule"] == "T-01"
    assert problem["txn"]


async def test_bad_input_names_the_field_and_quotes_nothing(client_as: ClientAs, partner: Actor) -> None:
    answer = await client_as(partner).post(NOTES, {"person_id": "1 85 05 78 006 084", "text": "x" * 101, "more": 1})
    assert answer.status_code == 422
    assert {e["field"] for e in answer.json()["errors"]} == {"person_id", "text", "more"}
    assert "1 85 05" not in answer.text


async def test_no_token_wrong_token_and_token_for_another_service(client_as: ClientAs, partner: Actor) -> None:
    nobody = client_as(None)
    assert (await nobody.get(NOTES)).status_code == 401
    for token in ("x", a_token(partner, "other", "note.follow")):
        answer = await nobody.get(NOTES, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert answer.json()["type"] == "/problems/unauthenticated"


async def test_wrong_purpose_role_and_audience_are_refused(client_as: ClientAs, partner: Actor) -> None:
    assert (await client_as(partner).get(NOTES, purpose="note.write")).status_code == 403
    assert (await client_as(an_actor(Audience.PARTNER, "partner_admin")).get(NOTES)).status_code == 403
    assert (await client_as(an_actor(Audience.AGENT, "partner_user")).get(NOTES)).status_code == 403


async def test_step_up_must_be_fresh(client_as: ClientAs, partner: Actor) -> None:
    created = (await client_as(partner).post(NOTES, a_note())).json()["id"]
    path = f"/api/v1/sample/agent/notes/{created}"
    now = int(system_now().timestamp())
    for stepup_at, status in ((None, 403), (now - 601, 403), (now - 590, 200)):
        answer = await client_as(an_actor(Audience.AGENT, "conseiller_misas", stepup_at=stepup_at)).get(path)
        assert answer.status_code == status, stepup_at


async def test_another_structure_and_another_caisse_see_nothing(client_as: ClientAs, partner: Actor) -> None:
    created = (await client_as(partner).post(NOTES, a_note())).json()["id"]
    stranger = an_actor(Audience.PARTNER, "partner_user")
    assert (await client_as(stranger).get(NOTES)).json()["items"] == []
    assert (await client_as(stranger).put(f"{NOTES}/{created}", a_note(), if_match=1)).status_code == 404
    elsewhere = an_actor(Audience.AGENT, "x", caisse="751", stepup_at=int(system_now().timestamp()))
    assert (await client_as(elsewhere).get(f"/api/v1/sample/agent/notes/{created}")).status_code == 404
    same_structure_other_caisse = an_actor(Audience.PARTNER, "partner_user", structure=partner.structure, caisse="751")
    assert (await client_as(same_structure_other_caisse).get(NOTES)).json()["items"] == []


async def test_a_read_that_names_nobody_is_not_answered(
    client_as: ClientAs, under_test: ServiceUnderTest, partner: Actor
) -> None:
    await client_as(partner).post(NOTES, a_note("secret"))
    answer = await client_as(partner).get("/api/v1/sample/partner/forgetful")
    assert answer.status_code == 500
    assert "secret" not in answer.text


async def test_no_journal_no_answer(client_as: ClientAs, under_test: ServiceUnderTest, partner: Actor) -> None:
    await client_as(partner).post(NOTES, a_note("secret"))
    await under_test.rows("REVOKE INSERT ON journal FROM sample_partner")
    try:
        answer = await client_as(partner).get(NOTES)
        assert answer.status_code >= 500
        assert "secret" not in answer.text
        assert (await client_as(partner).post(NOTES, a_note("lost"))).status_code >= 500
        assert [r["text"] for r in await under_test.rows("SELECT text FROM notes")] == ["secret"]
    finally:
        await under_test.rows("GRANT INSERT ON journal TO sample_partner")


async def test_the_same_key_has_one_effect_and_one_answer(
    client_as: ClientAs, under_test: ServiceUnderTest, partner: Actor
) -> None:
    key, note = uuid4(), a_note()
    first = await client_as(partner).post(NOTES, note, key=key)
    again = await client_as(partner).post(NOTES, note, key=key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await under_test.rows("SELECT 1 AS one FROM notes")) == 1
    other = await client_as(partner).post(NOTES, a_note("autre"), key=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    somebody_else = await client_as(an_actor(Audience.PARTNER, "partner_user")).post(NOTES, note, key=key)
    assert somebody_else.json()["id"] != first.json()["id"]


async def test_the_same_key_used_at_once_waits_for_the_first(
    client_as: ClientAs, under_test: ServiceUnderTest, partner: Actor
) -> None:
    key, note = uuid4(), a_note("slow")
    answers = await asyncio.gather(*(client_as(partner).post(NOTES, note, key=key) for _ in range(8)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
    assert len(await under_test.rows("SELECT 1 AS one FROM notes")) == 1


async def test_a_replay_comes_before_the_version_check(client_as: ClientAs, partner: Actor) -> None:
    created = (await client_as(partner).post(NOTES, a_note())).json()["id"]
    key, body = uuid4(), a_note("deux")
    first = await client_as(partner).put(f"{NOTES}/{created}", body, if_match=1, key=key)
    again = await client_as(partner).put(f"{NOTES}/{created}", body, if_match=1, key=key)
    assert first.headers["etag"] == again.headers["etag"] == '"2"'
    assert again.status_code == 200
    stale = await client_as(partner).put(f"{NOTES}/{created}", body, if_match=1)
    assert (stale.status_code, stale.json()["version"]) == (412, 2)


async def test_changes_ask_for_a_key_and_a_version(client_as: ClientAs, partner: Actor) -> None:
    without_key = await client_as(partner).post(NOTES, a_note(), key="")
    assert (without_key.status_code, without_key.json()["type"]) == (400, "/problems/idempotency-key-required")
    without_version = await client_as(partner).put(f"{NOTES}/{uuid4()}", a_note())
    assert without_version.status_code == 428


async def test_pages_are_stable_and_complete(client_as: ClientAs, partner: Actor) -> None:
    for n in range(7):
        await client_as(partner).post(NOTES, a_note(str(n)))
    seen: list[str] = []
    cursor = None
    while True:
        query = f"?limit=3&cursor={cursor}" if cursor else "?limit=3"
        page = (await client_as(partner).get(NOTES + query)).json()
        seen += [item["text"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    assert (await client_as(partner).get(NOTES + "?cursor=WzFd")).status_code == 422
    assert (await client_as(partner).get(NOTES + "?limit=101")).status_code == 422
