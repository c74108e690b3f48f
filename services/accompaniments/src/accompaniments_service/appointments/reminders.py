"""Reminders: two days before an appointment, say once that it is near; who writes to people follows that."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.appointments import announcing
from accompaniments_service.appointments.models import Appointment
from accompaniments_service.caisse_clock import clock_of
from accompaniments_service.calendars.models import Calendar
from accompaniments_service.codes import AppointmentState
from accompaniments_service.jobs import jobs
from servicekit import clock
from servicekit.facts import emit
from servicekit.jobs import Jobs

AT_ONCE: Final = 200


@jobs.every("appointments.remind", cron="*/10 * * * *")
async def remind(session: AsyncSession) -> None:
    """Announce the reminders that are due; a turn takes some, the next one the rest."""
    now = clock.now()
    due = (
        select(Appointment, Calendar)
        .join(Calendar, (Calendar.caisse == Appointment.caisse) & (Calendar.id == Appointment.calendar_id))
        .where(
            Appointment.state == AppointmentState.BOOKED,
            Appointment.reminded_at.is_(None),
            # Where days begin first; each caisse's own day decides below.
            Appointment.reminder_due_on <= (now + timedelta(hours=14)).date(),
        )
        .order_by(Appointment.reminder_due_on, Appointment.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Appointment)
    )
    for appointment, calendar in (await session.execute(due)).all():
        where = await clock_of(session, appointment.caisse)
        if appointment.reminder_due_on is None or appointment.reminder_due_on > where.today():
            continue
        appointment.reminded_at = now
        if appointment.starts_at > now:
            emit(session, announcing.reminder_due(appointment, calendar))


def worker() -> Jobs:
    """Return what runs every task of the service, those declared here among them."""
    return jobs
