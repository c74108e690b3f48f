"""Every screen, at desktop and phone width: something to read, nothing for axe, no sideways scrolling."""

from collections.abc import Callable

import pytest
from browser.checks import overflow, violations
from journeys.filing import file
from playwright.sync_api import Page, expect
from world import World

pytestmark = [pytest.mark.system, pytest.mark.browser]
OpenPage = Callable[..., Page]

SCREENS = {
    "sign-in": (None, "/connexion", "Connexion"),
    "forgotten password": (None, "/mot-de-passe-oublie", "Mot de passe oublié"),
    "partner's home": ("fil-paul", "/accueil", "Que souhaitez-vous faire"),
    "partner's requests": ("fil-paul", "/demandes", "Mes demandes"),
    "partner's appointments": ("fil-paul", "/rendez-vous", "Mes rendez-vous"),
    "booking": ("fil-paul", "/rendez-vous/nouveau", "Prendre rendez-vous"),
    "agenda": ("misas-nadia", "/agenda", "Agenda"),
    "agenda's settings": ("coordination-311", "/agenda/reglages", "Régler les agendas"),
    "guided form": ("fil-paul", "/saisine", "Pour quelle personne"),
    "orientation": ("fil-paul", "/orientation", "Quel est le besoin principal"),
    "motives of the social service": ("fil-paul", "/orientation/service-social", "Pourquoi signaler au service social"),
    "orientation for agents": ("misas-nadia", "/orientation", "Quel est le besoin principal"),
    "account": ("fil-paul", "/compte", "Mon compte"),
    "my day": ("misas-nadia", "/ma-journee", "Ma journée"),
    "queues": ("misas-nadia", "/files", "Files d’attente"),
    "campaigns": ("coordination-311", "/campagnes", "Campagnes"),
    "detections": ("misas-nadia", "/detections", "Détections à proposer"),
    "help": ("fil-paul", "/aide", "Aide"),
    "legal notice": (None, "/mentions-legales", "Mentions légales"),
    "accessibility": (None, "/accessibilite", "Accessibilité"),
    "personal data": (None, "/donnees-personnelles", "données personnelles"),
}


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_readable_by_all(open_page: OpenPage, screen: str, size: str) -> None:
    player, path, title = SCREENS[screen]
    page = open_page(player, size)
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_request_is_readable_by_both_sides(open_page: OpenPage, world: World, size: str) -> None:
    sent = file(world.as_("fil-paul"))
    world.as_("misas-nadia").post(f"/referrals/agent/requests/{sent['id']}/take", if_match=sent["version"])
    for player, path in (("fil-paul", f"/demandes/{sent['id']}"), ("misas-nadia", f"/files/{sent['id']}")):
        page = open_page(player, size)
        page.goto(path)
        expect(page.get_by_text(sent["number"]).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], player
        assert overflow(page) <= 0, player
