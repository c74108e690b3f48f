"""Letters of requests: who makes which, what they say, who reads them again; batches that nothing breaks."""

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from referrals_service.requests.codes import RequestKind
from servicekit import clock
from servicekit.access import Actor
from servicekit.letters.typography import long_date

from .kinds import a_form_of
from .situations import AGENT, PARTNER, World, fields, ok, problem

LETTERS = "/api/v1/referrals/agent/letters"
DESK = "/api/v1/referrals/agent/letter-templates"
HEAD = {
    "name": "CPAM de la Haute-Garonne",
    "lines": ["3 bd Léopold-Escande", "31093 Toulouse Cedex 9", "Tél. : 36 46"],
    "place": "Toulouse",
    "signature": ["La coordination de la mission"],
}
CCAS = ["CCAS de Muret", "27 rue Castelvielh", "31600 Muret"]


@pytest.fixture
async def letterhead(world: World) -> None:
    """Give the caisse a letterhead with a telephone number."""
    editor = await world.adviser("coordinateur", unit=None)
    ok(await world.client(editor).put(f"{DESK}/letterhead", HEAD, if_match=0))


def said(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\u00a0", " ")


async def person_with_address(world: World, by: Actor, **contact: Any) -> UUID:
    answer = await world.client(by).post(
        "/api/v1/referrals/partner/persons",
        {
            "first_names": "Fatoumata",
            "last_name": "Diallo",
            "birth_on": "1988-02-03",
            "identifier": {"kind": "none", "none_reason": "never_registered"},
            "contact": {
                "phone": "0612345678",
                "phone_kind": "own_mobile",
                "preferred_channel": "phone",
                "address": {"lines": ["12 rue des Lilas"], "postcode": "31600", "city": "Muret"},
            }
            | contact,
            "household": {"adults": 1, "children": []},
        },
    )
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def make(world: World, by: Actor, receipt: dict[str, Any], body: Any) -> UUID:
    return UUID(ok(await world.client(by).post(f"{AGENT}/{receipt['id']}/letters", body), 201)["id"])


async def test_a_receipt_reaches_the_structure_and_names_nobody(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)
    letter = await make(world, adviser, sent, {"kind": "misas_receipt", "recipient": CCAS})
    [listed] = (await world.client(partner).get(f"{PARTNER}/{sent['id']}/letters")).json()
    assert listed["id"] == str(letter)
    assert listed["label"] == "Accusé de réception d’une saisine MisAS"
    answer = await world.client(partner).get(f"/api/v1/referrals/partner/letters/{letter}")
    assert answer.headers["content-type"] == "application/pdf"
    text = said(answer.content)
    for line in [*CCAS, sent["number"], "CPAM de la Haute-Garonne"]:
        assert line in text
    assert "Keller" not in text
    assert "KELLER" not in text
    [fact] = [f for f in await world.facts() if f["type"] == "request.letter_made"]
    assert fact["payload"] == {"kind": "misas_referral", "letter": "misas_receipt", "for_structure": True}


async def test_a_letter_has_the_same_bytes_a_year_later(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)
    letter = await make(world, adviser, sent, {"kind": "misas_receipt", "recipient": CCAS})
    first = (await world.client(adviser).get(f"{LETTERS}/{letter}")).content
    with clock.travel(clock.now() + timedelta(days=365)):
        again = (await world.client(adviser).get(f"{LETTERS}/{letter}")).content
    assert first == again
    [row] = await world.under_test.rows("SELECT sha256 FROM letters")
    assert row["sha256"] == hashlib.sha256(first).digest()


@pytest.mark.usefixtures("letterhead")
async def test_a_person_is_written_to_at_the_address_of_the_register(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser, await person_with_address(world, partner))
    letter = await make(world, adviser, taken, {"kind": "misas_call_back"})
    text = said((await world.client(adviser).get(f"{LETTERS}/{letter}")).content)
    assert "Fatoumata DIALLO\n12 rue des Lilas\n31600 Muret" in text
    assert "Nous cherchons à vous joindre" in text
    assert (await world.client(partner).get(f"{PARTNER}/{taken['id']}/letters")).json() == []
    problem(await world.client(partner).get(f"/api/v1/referrals/partner/letters/{letter}"), 404, "letter-not-found")


@pytest.mark.usefixtures("letterhead")
async def test_a_person_who_needs_it_is_written_to_in_easy_french(world: World, partner: Actor, adviser: Actor) -> None:
    person = await person_with_address(world, partner, access_needs=["easy_to_read"])
    taken = await world.taken(partner, adviser, person)
    letter = await make(world, adviser, taken, {"kind": "misas_call_back"})
    text = said((await world.client(adviser).get(f"{LETTERS}/{letter}")).content)
    assert "Appelez-nous" in text
    assert "Nous cherchons à vous joindre" not in text
    [fact] = [f for f in await world.facts() if f["type"] == "request.letter_made"]
    assert fact["payload"]["letter"] == "misas_call_back_easy"


@pytest.mark.usefixtures("letterhead")
async def test_nothing_is_sent_to_a_home_where_it_is_not_safe(world: World, partner: Actor, adviser: Actor) -> None:
    person = await person_with_address(world, partner, cautions=["no_home_mail"])
    taken = await world.taken(partner, adviser, person)
    answer = await world.client(adviser).post(f"{AGENT}/{taken['id']}/letters", {"kind": "misas_call_back"})
    problem(answer, 409, "no-safe-mail")
    assert (await world.client(adviser).get(f"{AGENT}/{taken['id']}/letters")).json() == []


@pytest.mark.usefixtures("letterhead")
async def test_a_person_is_written_to_in_her_language_where_it_exists(
    world: World, partner: Actor, adviser: Actor
) -> None:
    for language, words in (("en", "We are trying to reach you"), ("ar", "Nous cherchons à vous joindre")):
        person = await person_with_address(world, partner, language=language)
        taken = await world.taken(partner, adviser, person)
        letter = await make(world, adviser, taken, {"kind": "misas_call_back"})
        pdf = (await world.client(adviser).get(f"{LETTERS}/{letter}")).content
        assert words in said(pdf)
        root: dict[str, Any] = PdfReader(BytesIO(pdf)).root_object
        assert root["/Lang"] == ("en" if language == "en" else "fr")


async def test_a_letter_to_a_person_takes_an_address_and_a_grant(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    to_her = {"kind": "misas_call_back"}
    problem(await world.client(adviser).post(f"{AGENT}/{taken['id']}/letters", to_her), 409, "person-without-address")
    manager = await world.adviser("coordinateur", unit=None)
    answer = await world.client(manager).post(f"{AGENT}/{taken['id']}/letters", to_her)
    problem(answer, 404, "person-not-found")
    stranger = await world.adviser(caisse="811")
    answer = await world.client(stranger).post(f"{AGENT}/{taken['id']}/letters", to_her)
    problem(answer, 404, "request-not-found")


@pytest.mark.usefixtures("letterhead")
async def test_a_letter_to_a_person_is_read_by_those_in_charge_only(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser, await person_with_address(world, partner))
    letter = await make(world, adviser, taken, {"kind": "misas_call_back"})
    manager = await world.adviser("coordinateur", unit=None)
    problem(await world.client(manager).get(f"{LETTERS}/{letter}"), 404, "letter-not-found")
    other = await world.adviser(caisse="811")
    problem(await world.client(other).get(f"{LETTERS}/{letter}"), 404, "letter-not-found")


async def test_a_letter_says_to_whom(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)
    for body in ({"kind": "misas_receipt"}, {"kind": "misas_call_back", "recipient": CCAS}):
        assert "" in fields(
            problem(await world.client(adviser).post(f"{AGENT}/{sent['id']}/letters", body), 422, "invalid")
        )


async def test_the_sheet_names_the_person_and_says_what_is_told(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    answer = await world.client(partner).get(f"/api/v1/referrals/partner/persons/{person}/misas-sheet")
    text = said(answer.content)
    assert "Vanessa KELLER" in text
    assert "Aucun diagnostic n’est demandé." in " ".join(text.split())
    assert "Signature" in text
    stranger = await world.structure()
    answer = await world.client(stranger).get(f"/api/v1/referrals/partner/persons/{person}/misas-sheet")
    problem(answer, 404, "person-not-found")


async def test_a_receipt_says_the_dates_of_the_request(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)
    letter = await make(world, adviser, sent, {"kind": "misas_receipt", "recipient": CCAS})
    text = said((await world.client(adviser).get(f"{LETTERS}/{letter}")).content)
    row = await world.row(sent)
    assert f"au plus tard le {long_date(row['due_on'])}".replace("\u00a0", " ") in " ".join(text.split())


async def test_a_letter_that_asks_to_be_called_says_where(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser, await person_with_address(world, partner))
    editor = world.client(await world.adviser("coordinateur", unit=None))
    to_her = {"kind": "misas_call_back"}
    path = f"{AGENT}/{taken['id']}/letters"
    refusal = problem(await world.client(adviser).post(path, to_her), 409, "letterhead-without-telephone")
    assert "Modèles de lettres" in refusal["detail"]
    made = 0
    heads = {
        "31093 Toulouse Cedex 9": False,
        "BP 36460, 31000 Toulouse": False,
        "Tél. : 36 46": True,
        "05.61.00.00.00": True,
        "Téléphone : +33 (0)5 61 00 00 00": True,
        "+262 262 40 33 30": True,
    }
    for version, (line, enough) in enumerate(heads.items()):
        ok(await editor.put(f"{DESK}/letterhead", HEAD | {"lines": ["3 bd X", line]}, if_match=version))
        answer = await world.client(adviser).post(path, to_her)
        assert answer.status_code == (201 if enough else 409), line
        made += enough
    assert len(await world.under_test.rows("SELECT 1 FROM letters")) == made


@pytest.mark.usefixtures("letterhead")
async def test_a_letter_to_a_person_is_true_whoever_told_of_her(world: World, partner: Actor, adviser: Actor) -> None:
    for language, never in (("fr", "qui vous accompagne"), ("en", "that supports you"), ("es", "que le acompaña")):
        person = await person_with_address(world, partner, language=language)
        taken = await world.taken(partner, adviser, person)
        letter = await make(world, adviser, taken, {"kind": "misas_call_back"})
        text = " ".join(said((await world.client(adviser).get(f"{LETTERS}/{letter}")).content).split())
        assert never not in text


async def test_no_letter_speaks_of_a_referral_that_is_none(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    sent = await world.sent(partner, a_form_of(RequestKind.SEND_FILE))
    for body in ({"kind": "misas_receipt", "recipient": ["CCAS", "31600 Muret"]}, {"kind": "misas_call_back"}):
        answer = await world.client(agent).post(f"{AGENT}/{sent['id']}/letters", body)
        problem(answer, 409, "no-letter-for-this-kind")


async def test_a_receipt_promises_no_answer_that_will_not_come(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)
    row = await world.row(sent)
    body = {"kind": "misas_receipt", "recipient": CCAS}
    ok(
        await world.client(partner).post(
            f"{PARTNER}/{sent['id']}/withdraw", {"reason": "person_declines"}, if_match=row["version"]
        )
    )
    problem(await world.client(adviser).post(f"{AGENT}/{sent['id']}/letters", body), 409, "request-no-longer-waiting")
    assert await world.under_test.rows("SELECT 1 FROM letters") == []
