"""What a person needs is given by whoever knows it, and seen by whoever calls, writes or books."""

from uuid import uuid4

import pytest

from servicekit.access import Audience
from servicekit.testing import an_actor

from .situations import AGENT, PARTNER, Here, a_person

NEEDS = {
    "safe_moments": ["weekday_morning"],
    "cautions": ["no_voice_message", "person_only"],
    "access_needs": ["easy_to_read", "step_free_access"],
}
SEEN = NEEDS | {
    "preferred_channel": "phone",
    "safe_hours": "Le matin seulement",
    "language": "ar",
    "interpreter": True,
}


def contact(**changed: object) -> dict[str, object]:
    known: dict[str, object] = a_person()["contact"]
    return known | NEEDS | changed


async def test_what_the_partner_says_is_shown_to_both_sides(here: Here) -> None:
    person = await here.register(contact=contact())
    await here.entrust(person, here.adviser)
    for side, actor in ((PARTNER, here.partner), (AGENT, here.adviser)):
        shown = (await here.client(actor).get(f"{side}/{person}")).json()["contact"]
        assert {name: shown[name] for name in SEEN} == SEEN


async def test_needs_are_changed_later_by_an_agent(here: Here) -> None:
    person = await here.register()
    await here.entrust(person, here.adviser)
    client = here.client(here.adviser)
    changed = await client.post(f"{AGENT}/{person}/amend", {"contact": contact(interpreter=False)}, if_match=1)
    assert changed.status_code == 200, changed.text
    assert (await client.get(f"{AGENT}/{person}/needs")).json() == SEEN | {"interpreter": False}


async def test_whoever_may_find_the_person_sees_the_needs_without_opening_the_record(here: Here) -> None:
    person = await here.register(contact=contact())
    answer = await here.client(here.adviser).get(f"{AGENT}/{person}/needs")
    assert answer.json() == SEEN
    [entry] = await here.under_test.rows("SELECT subjects, resource FROM journal WHERE kind = 'read'")
    assert entry == {"subjects": [person], "resource": "person"}
    assert (await here.client(here.adviser).get(f"{AGENT}/{person}")).status_code == 403


async def test_needs_are_shown_to_nobody_else(here: Here) -> None:
    person = await here.register(contact=contact())
    elsewhere = an_actor(Audience.AGENT, "conseiller_misas", caisse="312")
    manager = an_actor(Audience.AGENT, "manager_ss")  # finds only who is entrusted
    for actor in (elsewhere, manager):
        assert (await here.client(actor).get(f"{AGENT}/{person}/needs")).status_code == 404
    assert (await here.client(here.adviser).get(f"{AGENT}/{uuid4()}/needs")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"access_needs": ["diabetic"]},
        {"cautions": ["no_sms"], "preferred_channel": "sms"},
        {"cautions": ["no_home_mail"], "preferred_channel": "mail"},
        {"safe_moments": ["always"]},
    ],
)
async def test_only_needs_of_the_lists_that_do_not_contradict_one_another(here: Here, wrong: dict[str, object]) -> None:
    answer = await here.client(here.partner).post(PARTNER, a_person(contact=contact(**wrong)))
    assert answer.status_code == 422
    assert all(error["field"].startswith("contact") for error in answer.json()["errors"])


async def test_a_need_said_twice_is_kept_once(here: Here) -> None:
    person = await here.register(contact=contact(access_needs=["step_free_access", "easy_to_read", "easy_to_read"]))
    shown = (await here.client(here.partner).get(f"{PARTNER}/{person}")).json()["contact"]
    assert shown["access_needs"] == ["easy_to_read", "step_free_access"]
