"""Assembly of the service: the agenda."""

from fastapi import FastAPI

from accompaniments_service.jobs import jobs
from accompaniments_service.network.partners import partners
from accompaniments_service.network.register import referrals
from accompaniments_service.settings import Settings
from servicekit.app import create_app
from servicekit.facts import everything, feed_router

DESCRIPTION = (
    "Agenda de la caisse : calendriers, disponibilités, rendez-vous des personnes accompagnées, salles et matériel. "
    "Une personne n'y est connue que par son identifiant."
)


def assemble(settings: Settings) -> FastAPI:
    """Assemble the service from its settings."""
    return create_app(
        settings,
        name="accompaniments",
        title="Accompagnements et agenda",
        description=DESCRIPTION,
        routers=[feed_router("accompaniments", {"partners": everything})],
        background=[partners(), referrals(), jobs],
    )


def build() -> FastAPI:
    """Assemble the service from its environment; what `serve` runs."""
    return assemble(Settings())
