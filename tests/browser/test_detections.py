"""A campaign from its list to an agreement given on the telephone (MIS-18, MIS-19), and a refusal (MIS-22)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from browser.checks import overflow, violations
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.system, pytest.mark.browser]
OpenPage = Callable[..., Page]

LIST = (
    "Prénoms;Nom;Date de naissance;Téléphone;Commune;Code postal;Adresse\n"
    "Lucette;Essai Accord;12/03/1949;05 65 71 10 20;Muret;31600;3 rue des Lilas\n"
    "Fernand;Essai Refus;02/05/1944;05 65 71 10 21;Muret;31600;4 rue des Lilas\n"
)


def test_a_list_is_brought_in_and_the_mission_offered(open_page: OpenPage) -> None:
    manager = open_page("coordination-311")
    _bring_in(manager)

    adviser = open_page("misas-nadia")
    adviser.goto("/files")
    adviser.get_by_role("link", name="Détections à proposer").click()
    expect(adviser.get_by_role("heading", level=1)).to_contain_text("Détections à proposer")
    adviser.get_by_role("link", name="Lucette ESSAI ACCORD").click()
    expect(adviser.get_by_role("link", name="05 65 71 10 20")).to_be_visible()
    adviser.wait_for_load_state("networkidle")
    assert violations(adviser) == []
    assert overflow(adviser) <= 0
    adviser.get_by_role("button", name="Elle est d’accord").click()
    adviser.get_by_label("Difficulté d’accès à des soins").check()
    adviser.get_by_role("button", name="Envoyer la saisine").click()
    expect(adviser.get_by_role("alert")).to_contain_text("Cochez au moins une aide attendue")
    adviser.get_by_label("L’orienter vers un professionnel de santé").check()
    assert violations(adviser) == []
    adviser.get_by_role("button", name="Envoyer la saisine").click()
    expect(adviser.get_by_text("La personne est d’accord : la saisine est envoyée")).to_be_visible()
    adviser.get_by_role("link", name="Voir la saisine").click()
    expect(adviser.get_by_text("Lucette ESSAI ACCORD").first).to_be_visible()

    adviser.goto("/detections")
    adviser.get_by_role("link", name="Fernand ESSAI REFUS").click()
    adviser.get_by_role("button", name="Elle décline").click()
    expect(adviser.get_by_text("La personne a décliné")).to_be_visible()
    adviser.goto("/detections")
    expect(adviser.get_by_role("heading", level=1)).to_contain_text("Détections à proposer")
    expect(adviser.get_by_role("link", name="Fernand ESSAI REFUS")).to_have_count(0)

    manager.goto("/campagnes")
    expect(manager.get_by_text("1 d’accord, 1 déclinent, 0 injoignables")).to_be_visible()


def _bring_in(manager: Page) -> None:
    today = datetime.now(UTC).date()
    manager.goto("/campagnes")
    manager.get_by_role("button", name="Ouvrir une campagne").click()
    dialog = manager.get_by_role("dialog")
    dialog.get_by_label("Nom de la campagne").fill("Essai de campagne")
    dialog.get_by_label("Population ciblée").check()
    dialog.get_by_label("Personnes âgées").check()
    dialog.get_by_label("Appels à partir du").fill(f"{today:%d/%m/%Y}")
    dialog.get_by_label("Appels jusqu’au").fill(f"{today + timedelta(days=30):%d/%m/%Y}")
    assert violations(manager) == []
    dialog.get_by_role("button", name="Ouvrir la campagne").click()
    manager.get_by_role("row", name="Essai de campagne").get_by_role("link", name="Importer une liste").click()
    manager.locator("input[type=file]").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    manager.get_by_role("button", name="Vérifier le fichier").click()
    manager.get_by_role("button", name="Importer 2 lignes").click()
    expect(manager.get_by_text("L’import est terminé")).to_be_visible()
