"""The orientation as it is asked: stateless, adaptive, without a person, and the same for three audiences."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.testing import ServiceUnderTest, an_actor

PATHS = {
    Audience.PARTNER: "/api/v1/referrals/partner",
    Audience.AGENT: "/api/v1/referrals/agent",
    Audience.APP: "/api/v1/referrals/app",
}
PARTNER = an_actor(Audience.PARTNER, "partner_user")
AGENT = an_actor(Audience.AGENT, "detecteur_interne")
APP = an_actor(Audience.APP, "application_interne", sub="app-x", client="app-x", session_hash="")


async def asked(service: ServiceUnderTest, actor: Actor, **answers: str) -> dict[str, Any]:
    """Return where `answers` lead."""
    answer = await service.client_as(actor).post(f"{PATHS[actor.audience]}/orientation", {"answers": answers}, key="")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def trained(service: ServiceUnderTest, actor: Actor, until_on: str | None = None, **known: Any) -> None:
    """Give the structure of `actor` the right to use the urgency line (LUP-01)."""
    await service.rows(
        'INSERT INTO partner_rights (caisse, id, structure_id, account, "right", from_on, until_on) '
        "VALUES (%s, gen_random_uuid(), %s, %s, 'lup', '2024-01-01', %s)",
        actor.caisse,
        actor.structure,
        known.get("account"),
        until_on,
    )


@pytest.mark.parametrize("actor", [PARTNER, AGENT, APP], ids=["partner", "agent", "app"])
async def test_from_the_first_question_to_the_answer(under_test: ServiceUnderTest, actor: Actor) -> None:
    first = await asked(under_test, actor)
    assert (first["path"], first["outcome"], first["question"]["code"]) == ([], None, "need")
    assert 3 <= first["most_left"] <= 6
    second = await asked(under_test, actor, need="home")
    assert second["question"]["code"] == "home_need"
    assert second["most_left"] < first["most_left"]
    answers = {"need": "home", "home_need": "hospital", "scheme": "regime_general", "retired": "no", "child": "yes"}
    last = await asked(under_test, actor, **answers)
    assert last["question"] is None
    assert last["most_left"] == 0
    assert {one["question"]: one["answer"] for one in last["path"]} == answers
    outcome = last["outcome"]
    assert (outcome["destination"]["code"], outcome["destination"]["outside"]) == ("caf", True)
    assert outcome["step"] == {"kind": "outside", "fills": {}}
    assert outcome["rules"] == ["DOM-02", "ASS-05"]
    assert "c’est la CAF" in outcome["reason"]


async def test_what_is_known_at_once_needs_one_call(under_test: ServiceUnderTest) -> None:
    """An application sends all it knows; what is not asked on the way does not count."""
    everything = {"need": "money", "expense": "care_cost", "scheme": "slm", "cover": "mutual", "child": "yes"}
    found = await asked(under_test, APP, **everything)
    assert found["outcome"]["step"] == {"kind": "aid", "fills": {"category": "acces_soins"}}
    assert [one["question"] for one in found["path"]] == ["need", "expense", "scheme", "cover"]


async def test_a_form_may_be_opened_with_what_was_answered(under_test: ServiceUnderTest) -> None:
    found = await asked(
        under_test, PARTNER, need="rights", right="c2s", rights_state="ending", care="can_wait", autonomy="not_alone"
    )
    assert found["outcome"]["step"] == {"kind": "send_file", "fills": {"file_type": "c2s"}}


async def test_the_urgency_line_is_for_who_is_trained_that_day(under_test: ServiceUnderTest) -> None:
    """LUP-01: the door opens to the structure, or to one of its people, and closes the day after the training ends."""
    case = {"need": "income", "income": "daily_allowance", "scheme": "regime_general", "payment": "unpaid_over_30"}

    async def step_for(actor: Actor) -> str:
        step: str = (await asked(under_test, actor, **case))["outcome"]["step"]["kind"]
        return step

    assert await step_for(PARTNER) == "follow_up"
    await trained(under_test, PARTNER, "2030-03-12")
    with clock.travel(datetime(2030, 3, 12, 12, tzinfo=UTC)):
        assert await step_for(PARTNER) == "urgent"
    with clock.travel(datetime(2030, 3, 13, 12, tzinfo=UTC)):
        assert await step_for(PARTNER) == "follow_up"
    stranger = an_actor(Audience.PARTNER, "partner_user")
    assert await step_for(stranger) == "follow_up"
    await trained(under_test, stranger, account=stranger.account_id)
    assert await step_for(stranger) == "urgent"
    colleague = replace(stranger, sub=PARTNER.sub)
    assert await step_for(colleague) == "follow_up"
    assert await step_for(AGENT) == "urgent"


async def test_home_decides_who_is_competent(under_test: ServiceUnderTest) -> None:
    """PDP-04: by the department where the person lives, not by the caisse that is asked."""
    case = {"need": "work", "work": "paid_leave", "scheme": "regime_general", "wish": "action"}
    question = (await asked(under_test, PARTNER, **case))["question"]
    assert (question["code"], question["departments"], len(question["choices"])) == ("residence", True, 101)
    auvergne = (await asked(under_test, PARTNER, **case, residence="63"))["outcome"]
    assert auvergne["destination"]["name"] == "Carsat Auvergne"
    paris = (await asked(under_test, PARTNER, **case, residence="75"))["outcome"]
    assert paris["step"]["kind"] == "pdp"
    assert "CRAMIF" in paris["destination"]["who"]


async def test_there_is_no_ame_in_mayotte(under_test: ServiceUnderTest) -> None:
    there = replace(AGENT, caisse="976")
    found = await asked(under_test, there, need="rights", right="ame")
    assert found["outcome"]["destination"]["code"] == "cssm"
    here = await asked(under_test, AGENT, need="rights", right="ame")
    assert here["question"]["code"] == "rights_state"


async def test_a_regional_social_service_asks_too(under_test: ServiceUnderTest) -> None:
    found = await asked(under_test, replace(AGENT, caisse="CRAMIF"), need="income", income="retirement")
    assert found["outcome"]["destination"]["name"] == "CRAMIF"


@pytest.mark.parametrize(
    "answers", [{"need": "nothing"}, {"nothing": "x"}, {"urgent_door": "open"}, {"need": "x" * 41}]
)
async def test_what_is_no_answer_is_refused(under_test: ServiceUnderTest, answers: dict[str, str]) -> None:
    answer = await under_test.client_as(PARTNER).post(f"{PATHS[Audience.PARTNER]}/orientation", {"answers": answers})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert answer.json()["errors"][0]["field"].startswith("answers.")


async def test_asking_leaves_no_trace(under_test: ServiceUnderTest) -> None:
    await asked(under_test, PARTNER, need="home", home_need="end_of_life")
    assert await under_test.rows("SELECT FROM journal") == []
    assert await under_test.rows("SELECT FROM idempotency") == []
    assert await under_test.facts() == []


async def test_an_administrator_of_a_structure_orients_nobody(under_test: ServiceUnderTest) -> None:
    administrator = replace(PARTNER, role="partner_admin")
    answer = await under_test.client_as(administrator).post(f"{PATHS[Audience.PARTNER]}/orientation", {"answers": {}})
    assert answer.status_code == 403
