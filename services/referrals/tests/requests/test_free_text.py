"""What partners write is looked at before it is kept (ESP-14), and keeps nobody in danger waiting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals_service.passages import MASK, What, found_in, masked
from referrals_service.requests import free_text
from servicekit.access import Actor

from .files import a_pdf, announce
from .situations import PARTNER, World, a_form, fields, ok, problem

NIR = "2 55 08 14 168 025 38"
IBAN = "FR14 2004 1010 0505 0001 3M02 606"
DANGER = f"Elle dort dehors ce soir avec son bébé. Son numéro : {NIR}. Compte {IBAN}."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"Compte {IBAN}", [What.IBAN]),
        ("Suivi en psychiatrie, sous méthadone", [What.MEDICAL]),
        ("Numéro 7131112345678, diabétique", [What.TEMPORARY, What.MEDICAL]),
        ("Ancien de la sidérurgie, traitement de salaire en retard, rue du Cancer", []),
        (None, []),
    ],
)
def test_each_thing_is_told_once(text: str | None, told: list[What]) -> None:
    assert list(free_text.remarks(text)) == [free_text.MESSAGES[what] for what in told]


@given(st.text(max_size=200))
def test_what_is_masked_has_no_number_left(text: str) -> None:
    hidden = masked(f"{text} {NIR} {text}")
    assert MASK in hidden
    assert not any(passage.what in {What.NUMBER, What.TEMPORARY} for passage in found_in(hidden))


async def test_a_draft_says_what_its_texts_should_not_hold(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    form = a_form(situation_note=f"Compte {IBAN}", detector_note="Diabétique", best_time="après 18 h")
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", form, if_match=1))
    assert [(w["field"], w["message"], w["rule"]) for w in saved["warnings"]] == [
        ("situation_note", free_text.MESSAGES[What.IBAN], "ESP-14"),
        ("detector_note", free_text.MESSAGES[What.MEDICAL], "ESP-14"),
    ]
    assert (await world.shown(partner, draft))["form"]["situation_note"] == f"Compte {IBAN}"


async def test_a_number_is_refused_in_every_text_and_never_kept(world: World, partner: Actor, adviser: Actor) -> None:
    text = f"son numéro : {NIR}"
    draft = await world.draft(partner)
    saved = await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(best_time=text), if_match=1)
    assert fields(problem(saved, 422, "invalid")) == {"best_time": None}
    sent = await world.filed(partner, await world.person(partner, "Autre"))
    for verb, body in {"messages": {"text": text}, "withdraw": {"reason": "other", "message": text}}.items():
        answer = await world.act(partner, sent, verb, body)
        assert problem(answer, 422, "invalid")["errors"][0]["message"] == free_text.MESSAGES[What.NUMBER]
        assert "25508" not in answer.text.replace(" ", "")
    kept = await world.under_test.rows("SELECT 1 FROM request_messages")
    assert kept == []


async def test_nobody_in_danger_waits_for_a_number_to_be_taken_out(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    form = a_form(situation_note=DANGER)
    problem(await world.file(partner, person, form=form), 422, "invalid")
    filed = ok(await world.file(partner, person, form=form | {"danger": True}), 201)
    assert [w["message"] for w in filed["warnings"]] == [free_text.MASKED, free_text.MESSAGES[What.IBAN]]
    [kept] = await world.under_test.rows("SELECT situation_note FROM misas_referrals")
    assert kept["situation_note"] == DANGER.replace(NIR, MASK)


async def test_a_draft_in_danger_is_kept_with_its_numbers_masked(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    form = a_form(detector_note=DANGER, danger=True)
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", form, if_match=1))
    shown = await world.shown(partner, draft)
    assert shown["form"]["detector_note"] == DANGER.replace(NIR, MASK)
    assert free_text.MASKED in {w["message"] for w in saved["warnings"]}
    sent = ok(await world.act(partner, saved, "submit"))
    assert sent["number"]


async def test_a_message_in_danger_leaves_with_its_number_masked(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    posted = ok(await world.act(partner, taken, "messages", {"text": DANGER, "danger": True}), 201)
    assert [w["field"] for w in posted["warnings"]] == ["text", "text"]
    [message] = (await world.shown(adviser, taken))["messages"]
    assert message["text"] == DANGER.replace(NIR, MASK)


async def test_a_number_in_the_name_of_a_file_is_masked(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    ok(await announce(world, partner, sent, a_pdf(), name="carte_vitale_255081416802538.pdf"), 201)
    [kept] = await world.under_test.rows("SELECT * FROM documents")
    assert "255081416802538" not in repr(kept)
