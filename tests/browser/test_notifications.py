"""What happens to a request comes to the people of its structure, and is read by the way it leads to."""

import re
from collections.abc import Callable

import pytest
from browser.checks import overflow, violations
from journeys.filing import file
from playwright.sync_api import Page, expect
from world import World

pytestmark = [pytest.mark.system, pytest.mark.browser]
OpenPage = Callable[..., Page]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_answer_is_told_and_leads_to_the_request(open_page: OpenPage, world: World, size: str) -> None:
    sent = file(world.as_("fil-paul"))
    world.as_("misas-nadia").post(f"/referrals/agent/requests/{sent['id']}/take", if_match=sent["version"])
    page = open_page("fil-paul", size)
    page.goto("/accueil")
    page.get_by_role("link", name=re.compile("Notifications : .* non lue")).click()
    line = page.get_by_role("listitem").filter(has_text=sent["number"])
    expect(line).to_contain_text("Votre demande est à l’étude")
    expect(line).to_contain_text("Nouveau")
    assert violations(page) == []
    assert overflow(page) <= 0
    line.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(f"/demandes/{sent['id']}$"))
    page.go_back()
    expect(line).not_to_contain_text("Nouveau")


def test_a_way_to_be_told_is_kept_as_soon_as_it_is_chosen(open_page: OpenPage) -> None:
    page = open_page("misas-nadia")
    page.goto("/notifications")
    choice = page.get_by_label("Un partenaire vous a écrit")
    choice.select_option(label="Et dans l’e-mail du matin")
    expect(page.get_by_text("Votre préférence est enregistrée.")).to_be_attached()
    page.reload()
    expect(choice.locator("option:checked")).to_have_text("Et dans l’e-mail du matin")
    choice.select_option(label="Dans l’application")
    expect(page.get_by_text("Votre préférence est enregistrée.")).to_be_attached()
