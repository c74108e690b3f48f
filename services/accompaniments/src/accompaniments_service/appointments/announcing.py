"""The facts of an appointment, from its row."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from accompaniments_service.appointments import facts
from accompaniments_service.appointments.models import Appointment
from accompaniments_service.calendars.models import Calendar
from accompaniments_service.codes import AppointmentState, BookingSide, CancelReason


def _about(appointment: Appointment, calendar: Calendar) -> dict[str, Any]:
    return {
        "caisse": appointment.caisse,
        "subject": facts.OfAppointment(
            appointment=appointment.id,
            calendar=calendar.id,
            agent=calendar.account,
            person=appointment.person_id,
            request=appointment.request_id,
            structure=appointment.structure_id,
        ),
    }


def _planned(appointment: Appointment, calendar: Calendar) -> dict[str, Any]:
    return {
        "calendar_kind": calendar.kind,
        "mode": appointment.mode,
        "subject": appointment.subject,
        "activity": appointment.activity,
        "starts_at": appointment.starts_at,
        "minutes": appointment.minutes,
    }


def _needs(appointment: Appointment) -> dict[str, Any]:
    return {
        "side": appointment.side,
        "interpreter": appointment.interpreter,
        "accessibility": appointment.accessibility,
    }


def booked(appointment: Appointment, calendar: Calendar) -> facts.AppointmentBooked:
    """Tell that a place was taken."""
    payload = facts.Booked(**_planned(appointment, calendar), **_needs(appointment))
    return facts.AppointmentBooked(**_about(appointment, calendar), payload=payload)


def moved(appointment: Appointment, calendar: Calendar, moved_from: UUID, was_at: datetime) -> facts.AppointmentMoved:
    """Tell that an appointment replaces another."""
    payload = facts.Moved(
        **_planned(appointment, calendar), **_needs(appointment), moved_from=moved_from, was_at=was_at
    )
    return facts.AppointmentMoved(**_about(appointment, calendar), payload=payload)


def cancelled(
    appointment: Appointment,
    calendar: Calendar,
    side: BookingSide,
    by: Literal["person", "service"],
    reason: CancelReason,
) -> facts.AppointmentCancelled:
    """Tell that a place was given back."""
    payload = facts.Cancelled(**_planned(appointment, calendar), side=side, by=by, reason=reason)
    return facts.AppointmentCancelled(**_about(appointment, calendar), payload=payload)


def became(appointment: Appointment, calendar: Calendar) -> facts.AppointmentHeld | facts.AppointmentMissed:
    """Tell what became of an appointment that was held or missed."""
    planned = _planned(appointment, calendar)
    if appointment.state == AppointmentState.SEEN:
        return facts.AppointmentHeld(**_about(appointment, calendar), payload=facts.Held(**planned))
    excused = appointment.state == AppointmentState.EXCUSED
    return facts.AppointmentMissed(**_about(appointment, calendar), payload=facts.Missed(**planned, excused=excused))


def reminder_due(appointment: Appointment, calendar: Calendar) -> facts.AppointmentReminderDue:
    """Tell that the day of an appointment is near."""
    return facts.AppointmentReminderDue(
        **_about(appointment, calendar), payload=facts.ReminderDue(**_planned(appointment, calendar))
    )
