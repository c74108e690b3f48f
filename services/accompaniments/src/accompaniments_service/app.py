"""Assembly of the service: the agenda."""

from fastapi import FastAPI

from accompaniments_service.appointments.reminders import worker
from accompaniments_service.appointments.routes_agent import agent_appointments
from accompaniments_service.appointments.routes_partner import partner_appointments
from accompaniments_service.calendars.feeds import agent_feeds, feed_handover
from accompaniments_service.calendars.routes_agent import agent_calendars
from accompaniments_service.network.partners import partners
from accompaniments_service.network.register import referrals
from accompaniments_service.settings import Settings
from servicekit.app import create_app
from servicekit.facts import feed_router, only

DESCRIPTION = (
    "Agenda de la caisse : calendriers, disponibilités, rendez-vous des personnes accompagnées, salles et matériel. "
    "Une personne n'y est connue que par son identifiant."
)

FOLLOWERS = {
    "partners": only("appointment.moved", "appointment.cancelled", "appointment.reminder_due"),
    "referrals": only("appointment.booked", "appointment.moved", "appointment.cancelled"),
}


def assemble(settings: Settings) -> FastAPI:
    """Assemble the service from its settings."""
    return create_app(
        settings,
        name="accompaniments",
        title="Accompagnements et agenda",
        description=DESCRIPTION,
        routers=[
            agent_calendars,
            agent_feeds,
            agent_appointments,
            partner_appointments,
            feed_handover,
            feed_router("accompaniments", FOLLOWERS),
        ],
        background=[partners(), referrals(), worker()],
    )


def build() -> FastAPI:
    """Assemble the service from its environment; what `serve` runs."""
    return assemble(Settings())
