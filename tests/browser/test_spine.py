"""The journey by hand: a volunteer refers a person, an adviser accepts, the volunteer sees it."""

import re
from collections.abc import Callable

import pytest
from journeys.filing import file
from playwright.sync_api import FilePayload, Page, expect
from world import World

from embedded.demo.papers import drawn

pytestmark = [pytest.mark.system, pytest.mark.browser]
OpenPage = Callable[..., Page]


def test_signing_in_through_the_real_path(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/")
    page.get_by_role("button", name=re.compile("Entrer avec le compte.*Hugo KONE")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Que souhaitez-vous faire", timeout=60_000)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Que souhaitez-vous faire")


def test_a_person_is_referred_with_the_guided_form(open_page: OpenPage, world: World) -> None:
    page = open_page("fil-paul")
    page.goto("/accueil")
    page.get_by_role("link", name="Saisir la Mission Accompagnement Santé").click()
    page.get_by_label("Nom", exact=True).fill("Zyskowicz")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("button", name="Créer une fiche").click()
    page.get_by_label("Prénom(s)").fill("Ludmila")
    page.get_by_label("Nom d’usage").fill("Zyskowicz")
    page.get_by_label("Date de naissance").fill("12/03/1989")
    page.get_by_label("Sans numéro").check()
    page.get_by_label("La personne ne le connaît pas").check()
    page.get_by_label("Téléphone (facultatif)").fill("05 36 49 10 20")
    page.get_by_role("button", name="Enregistrer la fiche et continuer").click()

    page.get_by_label("Renoncement aux soins").check()
    page.get_by_label(re.compile("professionnel de santé")).check()
    page.get_by_label("Soins dentaires").check()
    page.get_by_role("group", name=re.compile("Soins dentaires")).get_by_label("Reste à charge").check()
    page.get_by_role("button", name="Continuer").click()

    page.get_by_role("button", name="C’était aujourd’hui").click()
    page.get_by_label("De vive voix").check()
    page.get_by_role("radiogroup", name=re.compile("Est-elle d’accord")).get_by_label("Oui").check()
    page.get_by_role("button", name=re.compile("Reprendre le")).click()
    page.get_by_role("button", name="Continuer").click()

    page.get_by_label("Quel document ajoutez-vous").select_option(label="Devis")
    refused: FilePayload = {"name": "devis.pdf", "mimeType": "application/pdf", "buffer": b"<html></html>"}
    page.locator("input[type=file]").set_input_files(files=refused)
    expect(page.get_by_role("alert")).to_contain_text("Seuls les fichiers PDF, JPEG et PNG sont acceptés")
    photo: FilePayload = {"name": "devis.jpg", "mimeType": "image/jpeg", "buffer": drawn(("DEVIS",), "JPEG")}
    page.locator("input[type=file]").set_input_files(files=photo)
    expect(page.get_by_role("button", name="Télécharger devis.jpg")).to_be_visible(timeout=30_000)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Télécharger devis.jpg").click()
    assert saved.value.suggested_filename == "devis.jpg"
    page.get_by_role("link", name="Continuer").click()

    page.get_by_role("button", name="Envoyer la saisine").click()
    expect(page.get_by_text(re.compile(r"311-\d{4}-\d{6}")).first).to_be_visible()
    filed = world.as_("fil-paul").get("/referrals/partner/requests")["items"]
    assert "Ludmila ZYSKOWICZ" in [row["person"]["display_name"] for row in filed]


def test_an_adviser_takes_and_accepts_and_the_partner_sees_it(open_page: OpenPage, world: World) -> None:
    sent = file(world.as_("fil-paul"))
    desk = open_page("misas-nadia")
    desk.goto(f"/files/{sent['id']}")
    desk.get_by_role("button", name="Prendre", exact=True).click()
    expect(desk.get_by_role("button", name="Accepter", exact=True)).to_be_visible()
    desk.get_by_role("button", name="Accepter", exact=True).click()
    desk.get_by_role("button", name="Accepter la saisine").click()
    expect(desk.get_by_text("La saisine est acceptée.")).to_be_visible()

    own = open_page("fil-paul")
    own.goto(f"/demandes/{sent['id']}")
    expect(own.get_by_text("Prise en charge").first).to_be_visible()
    stranger = open_page("escale-hugo")
    stranger.goto(f"/demandes/{sent['id']}")
    expect(stranger.get_by_text(sent["number"])).to_have_count(0)
