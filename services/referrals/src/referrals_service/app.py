"""Assembly of the service: the person register and the requests, one front door."""

from fastapi import FastAPI

from referrals_service.persons.routes_agent import agent_persons
from referrals_service.persons.routes_partner import partner_persons
from referrals_service.settings import Settings
from servicekit.app import create_app

DESCRIPTION = (
    "Porte d'entrée des demandes : registre des personnes (identité, coordonnées, numéros) et demandes "
    "adressées à la caisse par les structures partenaires."
)


def assemble(settings: Settings) -> FastAPI:
    """Assemble the service from its settings."""
    return create_app(
        settings,
        name="referrals",
        title="Demandes et registre des personnes",
        description=DESCRIPTION,
        routers=[partner_persons, agent_persons],
    )
