"""The agenda in a browser: a calendar is made, a partner books in it, the caisse sees it in the week."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from browser.checks import overflow, violations
from journeys.filing import a_person, register
from playwright.sync_api import Page, expect
from world import World

from embedded.demo.portal import Portal, Refused, eventually
from servicekit import clock

pytestmark = [pytest.mark.system, pytest.mark.browser]
OpenPage = Callable[..., Page]
AGENDA = "/accompaniments/agent"


@pytest.fixture(scope="module")
def reception(world: World) -> dict[str, Any]:
    """Open a reception point to partners, every day of the week, and offer half an hour there."""
    desk = world.as_("coordination-311")
    said = {"kind": "reception", "label": "Accueil de Muret", "open_to_partners": True, "subjects": ["c2s", "ame"]}
    opened = eventually(lambda: _asked(desk, f"{AGENDA}/calendars", said), "the agenda did not open")
    rules = [
        {"weekday": n, "from_time": "09:00", "until_time": "12:00", "from_on": date(2026, 1, 1).isoformat()}
        for n in range(7)
    ]
    detail = desk.put(f"{AGENDA}/calendars/{opened['id']}/availability", {"rules": rules}, opened["version"])
    kind = {
        "label": "Rendez-vous à l'accueil",
        "mode": "office",
        "calendars": ["reception"],
        "minutes": 30,
        "notice_hours": 24,
        "open_to_partners": True,
    }
    offered = desk.post(f"{AGENDA}/kinds", kind)
    return {"id": opened["id"], "version": detail["version"], "kind": offered["id"]}


def _asked(portal: Portal, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = portal.post(path, body)
    except Refused:
        return None
    return answer


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_partner_books_moves_and_cancels(
    open_page: OpenPage, world: World, reception: dict[str, Any], size: str
) -> None:
    person = a_person(last_name=f"Rendezvous{'abcdefgh'[len(size)]}")
    register(world.as_("fil-paul"), person)
    page = open_page("fil-paul", size)
    page.goto("/accueil")
    page.get_by_role("link", name="Prendre rendez-vous").click()
    page.get_by_label("Nom", exact=True).fill(person["last_name"])
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("button", name="Choisir").first.click()
    page.get_by_label("C2S", exact=True).check()
    page.get_by_label("Je déclare que la personne").check()
    page.get_by_label("Un interprète est nécessaire").check()
    expect(page.get_by_role("heading", name="Créneaux libres, 45 minutes")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    slots = page.get_by_role("group", name="Créneaux libres")
    slots.get_by_role("button").first.click()
    page.get_by_role("button", name="Confirmer le rendez-vous").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mes rendez-vous")
    mine = page.get_by_role("row").filter(has_text=person["last_name"])
    expect(mine).to_contain_text("À venir")
    assert violations(page) == []
    assert overflow(page) <= 0
    mine.get_by_role("button", name="Déplacer le rendez-vous du").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("group", name="Créneaux libres").get_by_role("button").nth(2).click()
    dialog.get_by_role("button", name="Déplacer", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(mine.filter(has_text="Déplacé")).to_have_count(1)
    mine.get_by_role("button", name="Annuler le rendez-vous du").click()
    dialog.get_by_label("La personne n’est pas disponible").check()
    dialog.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(dialog).to_be_hidden()
    expect(mine.filter(has_text="Annulé par la personne")).to_have_count(1)
    states = [a["state"] for a in world.as_("fil-paul").get("/accompaniments/partner/appointments")["items"]]
    assert {"moved", "cancelled_by_person"} <= set(states)


def _next_monday() -> date:
    today = clock.system_now().date()
    return today - timedelta(days=today.weekday()) + timedelta(days=7)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_week_is_readable_by_all(open_page: OpenPage, world: World, reception: dict[str, Any], size: str) -> None:
    page = open_page("coordination-311", size)
    page.goto(f"/agenda?agenda={reception['id']}&semaine={_next_monday().isoformat()}&annules=oui")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Agenda")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Semaine du")
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert overflow(page) <= 0
    page.goto(f"/agenda/{reception['id']}/horaires")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Horaires")
    page.get_by_role("button", name="Ajouter une exception").click()
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_calendar_is_made_given_hours_and_opened_to_partners(
    open_page: OpenPage, world: World, reception: dict[str, Any], size: str
) -> None:
    label = f"Accueil de Cugnaux {size}"
    page = open_page("coordination-311", size)
    page.goto("/agenda")
    page.get_by_role("link", name="Régler les agendas").click()
    page.get_by_role("button", name="Nouvel agenda").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type d’agenda").select_option("reception")
    dialog.get_by_label("Nom").fill(label)
    dialog.get_by_label("Lieu").fill("1 place des Essais, Cugnaux")
    dialog.get_by_label("Ouvert aux partenaires").check()
    expect(dialog.get_by_role("button", name="Créer et donner ses horaires")).to_be_disabled()
    dialog.get_by_label("C2S", exact=True).check()
    assert violations(page) == []
    dialog.get_by_role("button", name="Créer et donner ses horaires").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Horaires : {label}")
    page.get_by_role("button", name="Lundi, ajouter une plage").click()
    page.get_by_label("Lundi, fin de la plage 1").fill("11:30")
    page.get_by_role("button", name="Recopier le lundi").click()
    page.get_by_role("button", name="Enregistrer les horaires").click()
    expect(page.get_by_text("Horaires enregistrés.")).to_be_attached()
    assert violations(page) == []
    assert overflow(page) <= 0

    found = world.as_("coordination-311").get(f"{AGENDA}/calendars")["items"]
    made = next(one for one in found if one["label"] == label)
    rules = world.as_("coordination-311").get(f"{AGENDA}/calendars/{made['id']}")["rules"]
    assert [(rule["weekday"], rule["until_time"]) for rule in rules] == [(n, "11:30:00") for n in range(5)]
    offered = world.as_("fil-paul").get("/accompaniments/partner/offers")["places"]
    assert label in [place["label"] for place in offered]

    page.goto("/agenda/reglages")
    page.get_by_role("button", name=f"Archiver : {label}").click()
    page.get_by_role("dialog").get_by_role("button", name="Archiver", exact=True).click()
    expect(page.get_by_role("link", name=label, exact=True)).to_be_hidden()
    offered = world.as_("fil-paul").get("/accompaniments/partner/offers")["places"]
    assert label not in [place["label"] for place in offered]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_caisse_changes_needs_and_moves_in_the_week(
    open_page: OpenPage, world: World, reception: dict[str, Any], size: str
) -> None:
    day = _next_monday() + timedelta(days={"desktop": 0, "phone": 3}[size])
    person = register(world.as_("fil-paul"), a_person())
    desk = world.as_("coordination-311")
    slots = desk.get(f"{AGENDA}/calendars/{reception['id']}/slots?kind_id={reception['kind']}&from_on={day}&days=1")
    wanted = {
        "calendar_id": reception["id"],
        "kind_id": reception["kind"],
        "starts_at": slots["days"][0]["slots"][0]["starts_at"],
        "person_id": person,
        "subject": "c2s",
    }
    eventually(lambda: _asked(desk, f"{AGENDA}/appointments", wanted), "the person was not known")
    page = open_page("coordination-311", size)
    page.goto(f"/agenda?agenda={reception['id']}&semaine={_next_monday().isoformat()}")
    week = page.get_by_role("region", name=_said(day))
    week.get_by_role("button").first.click()
    page.get_by_role("button", name="Changer les besoins").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Un interprète est nécessaire").check()
    dialog.get_by_label("Langue").select_option("ar")
    assert violations(page) == []
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog).to_be_hidden()
    expect(week.get_by_text("Interprète : arabe")).to_be_visible()
    week.get_by_role("button").first.click()
    page.get_by_role("button", name="Déplacer").click()
    dialog.get_by_role("button", name=_said(day + timedelta(days=1))).first.click()
    dialog.get_by_role("button", name="Déplacer", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(week.get_by_text("Interprète : arabe")).to_be_hidden()
    assert violations(page) == []
    assert overflow(page) <= 0


def _said(day: date) -> str:
    names = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
    return f"{names[day.weekday()]} {day.day}"
