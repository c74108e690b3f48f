"""Orientation help by hand: from the partner's home to who takes it, and the stop before the social service."""

import re
from collections.abc import Callable

import pytest
from browser.checks import overflow, violations
from playwright.sync_api import Page, expect
from world import World

pytestmark = [pytest.mark.system, pytest.mark.browser]
OpenPage = Callable[..., Page]


def answer(page: Page, label: str) -> None:
    page.get_by_role("radio", name=re.compile(label)).check()
    page.get_by_role("button", name="Continuer").click()


def arrived(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert overflow(page) <= 0


def test_who_does_not_know_is_led_to_the_form(open_page: OpenPage) -> None:
    page = open_page("fil-paul", "phone")
    page.goto("/accueil")
    page.get_by_role("link", name=re.compile("m’orienter")).click()
    arrived(page, "Quel est le besoin principal")
    answer(page, "Être aidée chez elle")
    answer(page, "Une hospitalisation")
    answer(page, "Régime général")
    answer(page, "^Non")
    arrived(page, "Un enfant de moins de 16")
    answer(page, "Oui")
    arrived(page, "Caisse d’allocations familiales")
    expect(page.get_by_text("DOM-02")).to_be_visible()
    # Nothing of what was answered is in the address; going back, and loading again, keep it all the same.
    assert page.url.endswith("/orientation")
    page.go_back()
    arrived(page, "Un enfant de moins de 16")
    page.reload()
    arrived(page, "Un enfant de moins de 16")
    page.get_by_role("button", name=re.compile("Modifier.*besoin principal")).click()
    answer(page, "Se soigner")
    answer(page, "Régime général")
    answer(page, "Plutôt simple")
    answer(page, "Le prix")
    arrived(page, "Mission Accompagnement Santé")
    page.get_by_role("link", name="Saisir la Mission Accompagnement Santé").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pour quelle personne")


def test_what_the_social_service_does_not_take_stops_and_is_counted(open_page: OpenPage, world: World) -> None:
    """SS-05, to the line of the counts that the caisse reads."""
    page = open_page("fil-paul")
    page.goto("/orientation/service-social")
    answer(page, "Une demande de logement")
    arrived(page, "Ce n’est pas le service social")
    expect(page.get_by_text("SIAO").first).to_be_visible()
    page.get_by_role("link", name="Continuer vers le bon service").click()
    arrived(page, "SIAO et CCAS")
    desk = open_page("responsable-311")
    desk.goto("/orientation/service-social")
    expect(desk.get_by_role("row", name=re.compile("Demande de logement"))).to_contain_text("1")
    [row] = world.rows("referrals", "SELECT motive, times FROM refused_motive_counts")
    assert row == {"motive": "logement", "times": 1}
