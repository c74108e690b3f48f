"""Assembly of the service: the person register and the requests, one front door."""

from fastapi import FastAPI

from referrals_service.consents import expiring  # noqa: F401 - its schedule is declared by being read
from referrals_service.consents.routes import agent_consents, partner_consents
from referrals_service.detections.importing import IMPORTS as DETECTIONS
from referrals_service.detections.routes import agent_campaigns, agent_detections
from referrals_service.documents.routes import agent_documents, partner_documents
from referrals_service.ledger.routes import ledgers
from referrals_service.letters.routes_agent import agent_letters, templates
from referrals_service.letters.routes_partner import partner_letters
from referrals_service.network.appointments import accompaniments
from referrals_service.network.followers import partners
from referrals_service.orientation.routes import ORIENTATION, steering
from referrals_service.orientation.soundness import require_sound
from referrals_service.persons.routes_agent import agent_persons
from referrals_service.persons.routes_partner import partner_persons
from referrals_service.requests.exporting import EXPORTS
from referrals_service.requests.handover import handovers
from referrals_service.requests.importing import IMPORTS
from referrals_service.requests.routes_agent import agent_acts
from referrals_service.requests.routes_agent_answers import agent_answers
from referrals_service.requests.routes_agent_reads import agent_reads
from referrals_service.requests.routes_numbers import NUMBERS
from referrals_service.requests.routes_partner import partner_acts
from referrals_service.requests.routes_partner_reads import partner_reads
from referrals_service.requests.schedules import worker
from referrals_service.settings import Settings
from servicekit.access import Audience
from servicekit.app import create_app
from servicekit.facts import everything, feed_router, only
from servicekit.works.register import exports_register
from servicekit.works.routes import works_router

DESCRIPTION = (
    "Porte d'entrée des demandes : registre des personnes (identité, coordonnées, numéros) et demandes "
    "adressées à la caisse par les structures partenaires."
)


FOLLOWERS = {"accompaniments": everything, "partners": only("request.*", "referral.accepted", "consent.*")}


def assemble(settings: Settings) -> FastAPI:
    """Assemble the service from its settings; raises `UnsoundTable` rather than orient people wrongly."""
    require_sound()
    return create_app(
        settings,
        name="referrals",
        title="Demandes et registre des personnes",
        description=DESCRIPTION,
        routers=[
            partner_persons,
            agent_persons,
            partner_acts,
            partner_reads,
            agent_acts,
            agent_answers,
            agent_reads,
            agent_letters,
            templates,
            partner_letters,
            partner_documents,
            agent_documents,
            partner_consents,
            agent_consents,
            agent_campaigns,
            agent_detections,
            DETECTIONS,
            ledgers,
            *NUMBERS,
            *ORIENTATION,
            steering,
            feed_router("referrals", FOLLOWERS),
            handovers,
            IMPORTS,
            EXPORTS,
            works_router("referrals", Audience.PARTNER),
            works_router("referrals", Audience.AGENT),
            exports_register("referrals"),
        ],
        background=[partners(), accompaniments(), worker()],
    )


def build() -> FastAPI:
    """Assemble the service from its environment; what `serve` runs."""
    return assemble(Settings())
