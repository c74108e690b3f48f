"""How rows become answers: one shape an audience, with what may be done next."""

from datetime import datetime

from accompaniments_service.appointments.booking import may_book
from accompaniments_service.appointments.lifecycle import OUTCOME_VERBS, TRANSITIONS
from accompaniments_service.appointments.models import Appointment, Rental
from accompaniments_service.appointments.schemas import Abilities, AgentAppointment, PartnerAppointment, RentalOut
from accompaniments_service.calendars.models import AppointmentKind, Calendar
from accompaniments_service.codes import AppointmentState, Verb
from servicekit.access import Actor


def agent_abilities(actor: Actor, calendar: Calendar, appointment: Appointment, now: datetime) -> Abilities:
    """Return what an agent may do to an appointment."""
    if not may_book(actor, calendar):
        return Abilities(move=False, cancel=False, mark=False)
    verbs = TRANSITIONS[AppointmentState(appointment.state)]
    begun = appointment.starts_at <= now
    return Abilities(
        move=Verb.MOVE in verbs and not begun,
        cancel=Verb.CANCEL_BY_SERVICE in verbs,
        mark=begun and bool(OUTCOME_VERBS & verbs.keys()),
    )


def partner_abilities(appointment: Appointment, now: datetime) -> Abilities:
    """Return what the structure that booked may do to it: change or give up what is still to come."""
    to_come = appointment.state == AppointmentState.BOOKED and appointment.starts_at > now
    return Abilities(move=to_come, cancel=to_come, mark=False)


def for_agent(
    actor: Actor, calendar: Calendar, appointment: Appointment, rental: Rental | None, now: datetime
) -> AgentAppointment:
    """Show an appointment to the caisse."""
    assert appointment.during.upper is not None  # noqa: S101 - the database checks the bounds
    return AgentAppointment.model_validate(
        {
            **{name: getattr(appointment, name) for name in _SHARED},
            "place": appointment.place,
            "activity": appointment.activity,
            "structure_id": appointment.structure_id,
            "side": appointment.side,
            "ends_at": appointment.during.upper,
            "rental": RentalOut.model_validate(rental, from_attributes=True) if rental else None,
            "abilities": agent_abilities(actor, calendar, appointment, now),
        }
    )


def for_partner(
    appointment: Appointment, calendar: Calendar | None, kind: AppointmentKind | None, now: datetime
) -> PartnerAppointment:
    """Show an appointment to the structure that booked it."""
    assert appointment.during.upper is not None  # noqa: S101 - the database checks the bounds
    return PartnerAppointment.model_validate(
        {
            **{name: getattr(appointment, name) for name in _SHARED},
            "calendar_kind": calendar.kind if calendar else None,
            "calendar_label": calendar.label if calendar else None,
            "place": calendar.place if calendar else None,
            "kind_label": kind.label if kind else None,
            "ends_at": appointment.during.upper,
            "abilities": partner_abilities(appointment, now),
        }
    )


_SHARED = (
    "id",
    "version",
    "state",
    "calendar_id",
    "starts_at",
    "kind_id",
    "mode",
    "subject",
    "person_id",
    "request_id",
    "interpreter",
    "language",
    "accessibility",
)
