"""An association signs in, refers a person, a caisse adviser answers, the association sees it; nobody else does."""

import pytest
from journeys.filing import a_form, a_person, file, register
from world import World

from embedded.demo.portal import Refused, eventually

pytestmark = pytest.mark.system
OWN = "/referrals/partner/requests"
DESK = "/referrals/agent/requests"


@pytest.mark.parametrize(
    ("partner", "adviser", "strangers", "foreign_adviser"),
    [
        ("fil-paul", "misas-nadia", ["ccas-yann", "escale-hugo"], "misas-lucie"),
        ("escale-hugo", "misas-lucie", ["fil-paul", "ccas-yann"], "misas-nadia"),
    ],
)
def test_a_referral_comes_back_answered_and_stays_between_two(
    world: World, partner: str, adviser: str, strangers: list[str], foreign_adviser: str
) -> None:
    sender, desk = world.as_(partner), world.as_(adviser)
    person_id = register(sender)

    draft = sender.post(OWN, {"kind": "misas_referral", "person_id": person_id})
    half = sender.put(
        f"{OWN}/{draft['id']}/form",
        {"kind": "misas_referral", "scopes": ["renoncement_soins"]},
        if_match=draft["version"],
    )
    with pytest.raises(Refused, match="MIS-"):
        sender.post(f"{OWN}/{draft['id']}/submit", if_match=half["version"])
    whole = sender.put(f"{OWN}/{draft['id']}/form", a_form(), if_match=half["version"])
    sent = sender.post(f"{OWN}/{draft['id']}/submit", if_match=whole["version"])
    assert sent["number"].startswith(("311-", "751-"))

    for stranger in strangers:
        with pytest.raises(Refused, match=": 404 "):
            world.as_(stranger).get(f"{OWN}/{draft['id']}")
        assert draft["id"] not in str(world.as_(stranger).get(OWN))
    with pytest.raises(Refused, match=": 404 "):
        world.as_(foreign_adviser).get(f"{DESK}/{draft['id']}")

    waiting = desk.get(f"{DESK}?assigned=none")
    assert draft["id"] in [row["id"] for row in waiting["items"]]
    taken = desk.post(f"{DESK}/{draft['id']}/take", if_match=sent["version"])
    desk.post(f"{DESK}/{draft['id']}/messages", {"text": "À quelle heure peut-on appeler ?"})
    assert sender.get(f"{OWN}/{draft['id']}")["turn"] == "partner"
    sender.post(f"{OWN}/{draft['id']}/messages", {"text": "Le matin."})
    desk.post(f"{DESK}/{draft['id']}/accept", {}, if_match=taken["version"])

    seen = sender.get(f"{OWN}/{draft['id']}")
    assert seen["state"] == "taken_on"
    facts = world.rows(
        "referrals", "SELECT type FROM facts WHERE subject->>'request' = %s ORDER BY written", draft["id"]
    )
    kinds = [fact["type"] for fact in facts]
    assert [k for k in kinds if k != "request.message_posted"] == [
        "request.submitted",
        "request.taken",
        "referral.accepted",
    ]


def test_two_advisers_take_the_same_referral_and_one_wins(world: World) -> None:
    sent = file(world.as_("ccas-yann"))
    path = f"{DESK}/{sent['id']}/take"
    world.as_("misas-nadia").post(path, if_match=sent["version"])
    with pytest.raises(Refused, match=r": (409|412) "):
        world.as_("misas-thomas").post(path, if_match=sent["version"])


def test_a_second_referral_for_the_same_person_offers_the_first(world: World) -> None:
    sender = world.as_("ccas-yann")
    person_id = register(sender)
    first = file(sender, person_id)
    with pytest.raises(Refused) as refused:
        file(sender, person_id)
    assert "already-open" in str(refused.value)
    assert first["number"] in str(refused.value)


def test_a_structure_that_may_not_give_a_nir_cannot(world: World) -> None:
    person = a_person() | {"identifier": {"kind": "nir", "value": "2 55 08 14 168 025 38"}}
    with pytest.raises(Refused, match=": 422 "):
        world.as_("fil-paul").post("/referrals/partner/persons", person)
    assert world.as_("ccas-yann").post("/referrals/partner/persons", person)["id"]


def test_a_suspended_account_is_out_within_a_second(world: World) -> None:
    administrator, colleague = world.as_("ml-ines"), world.as_("ml-jordan")
    assert colleague.get(OWN)["items"] is not None
    jordan = next(p for p in administrator.get("/partners/partner/colleagues")["items"] if p["last_name"] == "Ribes")
    path = f"/partners/partner/colleagues/{jordan['id']}"
    suspended = administrator.post(f"{path}/suspend", {"reason": "absence"}, if_match=jordan["version"])

    def out() -> bool | None:
        try:
            colleague.get(OWN)
        except Refused as refusal:
            return True if ": 401 " in str(refusal) else None
        return None

    assert eventually(out, "the suspended account still works", seconds=5)
    administrator.post(f"{path}/reactivate", if_match=suspended["version"])
