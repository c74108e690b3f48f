"""The letters of a caisse in the demonstration: a letterhead, a text of its own, receipts among the referrals."""

from datetime import datetime
from typing import Any

from embedded.demo.backstage import Backstage
from embedded.demo.cast import Caisse, Structure
from servicekit.access import Actor

DESK = "/api/v1/referrals/agent/letter-templates"
RECEIPT = f"{DESK}/misas_receipt/fr/draft"
HEADS: dict[str, dict[str, Any]] = {
    "311": {
        "name": "CPAM de la Haute-Garonne",
        "lines": [
            "Mission Accompagnement Santé",
            "1 rue de l'Exemple",
            "31093 Toulouse Cedex 9",
            "Tél. : 05 00 00 00 00",
        ],
        "place": "Toulouse",
        "signature": ["La coordination de la Mission Accompagnement Santé"],
    },
}
TEXT = {
    "subject": "Votre saisine n° {{numero}} est arrivée",
    "body": "Madame, Monsieur,\n\n"
    "Votre saisine est arrivée le {{recue_le}}. Elle porte le numéro **{{numero}}**.\n\n"
    "Un conseiller l'étudie : vous aurez notre réponse au plus tard le **{{reponse_le}}**, sur le portail "
    "Aller-vers. En attendant, vous pouvez :\n"
    "- compléter la fiche de la personne ;\n"
    "- nous écrire depuis la demande.\n\n"
    "Merci de votre confiance.",
}


async def prepare(service: Backstage, coordinator: Actor, caisse: Caisse, at: datetime) -> None:
    """Give the caisse its letterhead and its own receipt, as its coordinator would."""
    if caisse.code not in HEADS:
        return
    await service.put(at, coordinator, f"{DESK}/letterhead", HEADS[caisse.code], 0)
    draft = await service.put(at, coordinator, RECEIPT, TEXT, 0)
    published = {"note": "Texte raccourci, avec ce que la structure peut faire", "valid_from": at.date().isoformat()}
    await service.post(at, coordinator, f"{RECEIPT}/publish", published, draft["version"])


async def acknowledge(service: Backstage, adviser: Actor, structure: Structure, request: str, at: datetime) -> None:
    """Send the receipt of a request to its structure."""
    address = structure.address
    recipient = [structure.name, address["lines"], f"{address['postcode']} {address['commune']}"]
    await service.post(at, adviser, f"{request}/letters", {"kind": "misas_receipt", "recipient": recipient})
