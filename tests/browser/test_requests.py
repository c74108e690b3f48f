"""Requests of the portal by hand: a file that is completed and answered, an urgency that is none, then one that is."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from browser.checks import overflow, violations
from playwright.sync_api import Page, expect
from world import World

pytestmark = [pytest.mark.system, pytest.mark.browser]
OpenPage = Callable[..., Page]
NUMBER = re.compile(r"311-\d{4}-\d{6}")


def _fine(page: Page) -> None:
    """Hold that a page can be read by all, as it stands."""
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert overflow(page) <= 0


def _enter(page: Page, first: str, last: str, born: str) -> None:
    """Register somebody who resembles nobody else of these journeys: a likeness is asked about."""
    page.get_by_label("Nom", exact=True).fill(last)
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("button", name="Créer une fiche").click()
    page.get_by_label("Prénom(s)").fill(first)
    page.get_by_label("Nom d’usage").fill(last)
    page.get_by_label("Date de naissance").fill(born)
    page.get_by_label("Sans numéro").check()
    page.get_by_label("La personne ne le connaît pas").check()
    page.get_by_label("Téléphone (facultatif)").fill(f"05 36 49 {born[:2]} {born[3:5]}")
    page.get_by_role("button", name="Enregistrer la fiche et continuer").click()


def _agree(page: Page) -> None:
    page.get_by_role("button", name="C’était aujourd’hui").click()
    page.get_by_label("De vive voix").check()
    page.get_by_role("radiogroup", name=re.compile("Est-elle d’accord")).get_by_label("Oui").check()
    _fine(page)
    page.get_by_role("button", name="Continuer").click()


def test_a_file_is_sent_completed_and_answered(open_page: OpenPage, world: World) -> None:
    page = open_page("ccas-yann", "phone")
    page.goto("/accueil")
    page.get_by_role("link", name="Adresser un dossier").click()
    _enter(page, "Oksana", "Wyrzyk", "12/03/1989")
    page.get_by_label("Complémentaire santé solidaire (C2S)").check()
    _fine(page)
    page.get_by_role("button", name="Continuer").click()
    _agree(page)
    expect(page.get_by_text("Formulaire signé").first).to_be_visible()
    page.get_by_role("link", name="Continuer").click()
    _fine(page)
    page.get_by_role("button", name="Envoyer la demande").click()
    number = page.get_by_text(NUMBER).first.inner_text()
    page.get_by_role("link", name="Voir la demande").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    request_id = page.url.rsplit("/", 1)[1]

    desk = open_page("gdb-sonia")
    desk.goto(f"/files/{request_id}")
    desk.get_by_role("button", name="Prendre", exact=True).click()
    desk.get_by_role("button", name="Demander un complément").click()
    desk.get_by_label("Justificatif de ressources").check()
    desk.get_by_role("button", name="Demander", exact=True).click()
    expect(desk.get_by_text("Complément attendu avant")).to_be_visible()
    _fine(desk)

    page.reload()
    expect(page.get_by_text("À vous : la caisse attend un complément")).to_be_visible()
    expect(page.get_by_text("Justificatif de ressources").first).to_be_visible()
    _fine(page)
    page.get_by_role("button", name="J’ai complété").click()
    page.get_by_role("dialog").get_by_role("button", name="J’ai complété").click()
    expect(page.get_by_text("La caisse est prévenue").first).to_be_visible()

    desk.reload()
    desk.get_by_role("button", name="Répondre", exact=True).click()
    desk.get_by_label("Dossier complet, transmis pour instruction").check()
    desk.get_by_label("Réponse à la structure").fill("La réponse arrivera à la personne par courrier.")
    desk.get_by_role("button", name="Envoyer la réponse").click()
    expect(desk.get_by_text("La réponse est envoyée")).to_be_visible()

    page.reload()
    expect(page.get_by_text("La réponse arrivera à la personne par courrier.").first).to_be_visible()
    _fine(page)
    page.get_by_role("button", name="J’ai lu la réponse").click()
    expect(page.get_by_text("La demande est terminée.")).to_be_visible()
    assert world.as_("ccas-yann").get(f"/referrals/partner/requests/{request_id}")["state"] == "closed"


def test_what_is_not_urgent_yet_says_from_which_day_and_goes_on_as_ordinary(open_page: OpenPage, world: World) -> None:
    """LUP-04, then LUP-02: the same draft becomes a request to be contacted, nothing retyped."""
    page = open_page("ccas-yann", "phone")
    page.goto("/accueil")
    page.get_by_role("link", name="Signaler une situation urgente").click()
    _enter(page, "Zenon", "Ledoux", "27/08/1961")
    started = date.today() - timedelta(days=10)  # noqa: DTZ011 - what a person types today
    page.get_by_label("Indemnités journalières").check()
    page.get_by_label("Début de l’arrêt de travail").fill(f"{started:%d/%m/%Y}")
    page.get_by_role("radiogroup", name="Des indemnités ont-elles déjà été payées").get_by_label("Non").check()
    for cover in ("Droits de base", "Complémentaire santé"):
        page.get_by_role("radiogroup", name=cover).get_by_label("Ouverts").check()
    _fine(page)
    page.get_by_role("button", name="Continuer").click()
    _agree(page)
    page.get_by_role("link", name="Continuer").click()
    page.get_by_role("button", name="Envoyer la demande").click()
    first_day = started + timedelta(days=31)
    expect(page.get_by_role("alert")).to_contain_text(f"à partir du {first_day:%d/%m/%Y}")
    _fine(page)
    page.get_by_role("button", name="Envoyer en demande ordinaire").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Le contact demandé")
    expect(page.get_by_label("Sujet")).to_have_value("Indemnités journalières")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("link", name="Continuer").click()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text(NUMBER).first).to_be_visible()
    kinds = [row["kind"] for row in world.as_("ccas-yann").get("/referrals/partner/requests")["items"]]
    assert kinds[0] == "contact"


def test_an_urgency_is_confirmed_and_answered(open_page: OpenPage) -> None:
    """LUP-02 and LUP-04: the line checks the criteria first."""
    page = open_page("ccas-yann")
    page.goto("/demarche/urgence")
    _enter(page, "Bogna", "Marchal", "05/11/1974")
    started = date.today() - timedelta(days=45)  # noqa: DTZ011 - what a person types today
    page.get_by_label("Indemnités journalières").check()
    page.get_by_label("Début de l’arrêt de travail").fill(f"{started:%d/%m/%Y}")
    page.get_by_role("radiogroup", name="Des indemnités ont-elles déjà été payées").get_by_label("Non").check()
    for cover in ("Droits de base", "Complémentaire santé"):
        page.get_by_role("radiogroup", name=cover).get_by_label("Ouverts").check()
    page.get_by_role("button", name="Continuer").click()
    _agree(page)
    page.get_by_role("link", name="Continuer").click()
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_role("link", name="Voir la demande").click()
    expect(page.get_by_text("La caisse étudie la demande")).to_be_visible()
    request_id = page.url.rsplit("/", 1)[1]

    desk = open_page("lup-ines", "phone")
    desk.goto("/files")
    expect(desk.get_by_text("Bogna MARCHAL").first).to_be_visible()
    desk.goto(f"/files/{request_id}")
    desk.get_by_role("button", name="Prendre", exact=True).click()
    desk.get_by_role("button", name="Confirmer l’urgence").click()
    _fine(desk)
    desk.get_by_role("dialog").get_by_role("button", name="Confirmer l’urgence").click()
    expect(desk.get_by_role("button", name="Répondre", exact=True)).to_be_visible()
    _fine(desk)
    page.reload()
    expect(page.get_by_text("Urgence confirmée").first).to_be_visible()
    _fine(page)
