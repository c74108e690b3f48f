"""A partner books for its own person, moves and cancels, in a browser."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from browser.checks import overflow, violations
from journeys.filing import a_person, register
from playwright.sync_api import Page, expect
from world import World

from embedded.demo.portal import Portal, Refused, eventually

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
    desk.post(f"{AGENDA}/kinds", kind)
    return {"id": opened["id"], "version": detail["version"]}


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
    row = (
        page.get_by_role("row")
        .filter(has_text=person["last_name"].upper())
        .or_(page.get_by_role("row").filter(has_text=person["last_name"]))
    )
    expect(row.first).to_contain_text("À venir")
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("button", name="Déplacer le rendez-vous du").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("group", name="Créneaux libres").get_by_role("button").nth(2).click()
    dialog.get_by_role("button", name="Déplacer", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Déplacé", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Annuler le rendez-vous du").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("La personne n’est pas disponible").check()
    dialog.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Annulé par la personne", exact=True).first).to_be_visible()
    states = [a["state"] for a in world.as_("fil-paul").get("/accompaniments/partner/appointments")["items"]]
    assert {"moved", "cancelled_by_person"} <= set(states)
