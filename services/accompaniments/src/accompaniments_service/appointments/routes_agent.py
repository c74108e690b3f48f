"""The agenda for the caisse: the week of a calendar, booking, moving, cancelling, what became of it."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response, status
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.appointments import changing, queries, views
from accompaniments_service.appointments.booking import (
    SlotClosed,
    SlotTaken,
    Wanted,
    book,
    require_may_book,
    require_offered,
)
from accompaniments_service.appointments.lifecycle import HOLDING, TransitionRefused
from accompaniments_service.appointments.models import Appointment, Rental
from accompaniments_service.appointments.queries import AppointmentNotFound, PersonNotFound
from accompaniments_service.appointments.schemas import (
    AgentAppointment,
    AgentBookingIn,
    AgentCancelIn,
    MoveIn,
    ResourceBookingIn,
    Week,
    WeekDay,
)
from accompaniments_service.caisse_clock import clock_of
from accompaniments_service.calendars import queries as calendars
from accompaniments_service.calendars.hours import edges
from accompaniments_service.calendars.queries import CalendarNotFound, KindNotFound
from accompaniments_service.calendars.schemas import WindowOut
from accompaniments_service.codes import RESOURCES, AppointmentMode, Verb
from accompaniments_service.roles import BOOK, BOOKING_ROLES, READ
from servicekit import clock, journal
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Forbidden, Invalid, StaleVersion, VersionRequired
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of, set_etag, tagged

agent_appointments = router("/api/v1/accompaniments/agent", tags=["agenda"])

_READS = access(Audience.AGENT, purpose=READ, roles=BOOKING_ROLES)
_BOOKS = access(Audience.AGENT, purpose=BOOK, roles=BOOKING_ROLES)
_CHANGES = (AppointmentNotFound, TransitionRefused, Forbidden, StaleVersion, VersionRequired)


@agent_appointments.get(
    "/calendars/{calendar_id}/week",
    operation_id="agent_read_week",
    responses=problems(CalendarNotFound),
    openapi_extra=_READS,
)
async def read_week(
    calendar_id: UUID,
    from_on: date,
    session: DbSession,
    actor: CurrentActor,
    cancelled: Annotated[bool, Query(description="also what was cancelled or moved")] = False,
) -> Week:
    """Show seven days of a calendar: its hours, and who is expected when."""
    calendar = await calendars.get(session, actor, calendar_id)
    where = await clock_of(session, actor.caisse)
    days = [from_on + timedelta(days=n) for n in range(7)]
    opening = await calendars.opening_of(session, calendar, where, days[0], days[-1])
    begin, end = edges(where, days[0], days[-1])
    found = (
        select(Appointment, Rental)
        .outerjoin(Rental, (Rental.caisse == Appointment.caisse) & (Rental.appointment_id == Appointment.id))
        .where(
            Appointment.caisse == actor.caisse,
            Appointment.calendar_id == calendar.id,
            Appointment.starts_at >= begin,
            Appointment.starts_at < end,
        )
        .order_by(Appointment.starts_at, Appointment.place, Appointment.id)
    )
    if not cancelled:
        found = found.where(Appointment.state.in_(sorted(HOLDING)))
    rows = (await session.execute(found)).all()
    _note_read(session, [appointment for appointment, _ in rows])
    now = clock.now()
    return Week(
        time_zone=where.zone.key,
        days=[
            WeekDay(
                on=day,
                holiday=where.is_holiday(day),
                windows=[WindowOut(from_at=w.from_at, until_at=w.until_at) for w in opening.windows(day)],
            )
            for day in days
        ],
        appointments=[views.for_agent(actor, calendar, appointment, rental, now) for appointment, rental in rows],
    )


@agent_appointments.get(
    "/appointments/{appointment_id}",
    operation_id="agent_read_appointment",
    responses=problems(AppointmentNotFound),
    openapi_extra=_READS,
)
async def read_appointment(
    appointment_id: UUID, session: DbSession, actor: CurrentActor, response: Response
) -> AgentAppointment:
    """Show one appointment."""
    one = queries.visible_to(actor).where(Appointment.id == appointment_id)
    appointment = (await session.scalars(one)).one_or_none()
    if appointment is None:
        raise AppointmentNotFound
    rental = await session.get(Rental, (appointment.caisse, appointment.id))
    calendar = await calendars.get(session, actor, appointment.calendar_id)
    _note_read(session, [appointment])
    set_etag(response, appointment.version)
    return views.for_agent(actor, calendar, appointment, rental, clock.now())


@agent_appointments.post(
    "/appointments",
    operation_id="agent_book_appointment",
    status_code=status.HTTP_201_CREATED,
    responses=problems(CalendarNotFound, KindNotFound, PersonNotFound, SlotTaken, SlotClosed, Forbidden, Invalid),
    openapi_extra=_BOOKS,
)
async def book_appointment(
    given: AgentBookingIn, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Book a place for a person of the caisse, at any time the calendar is open."""
    calendar = await calendars.get(session, actor, given.calendar_id)
    kind = await calendars.get_kind(session, actor, given.kind_id)
    require_may_book(actor, calendar)
    require_offered(calendar, kind)
    await queries.require_person(session, actor, given.person_id)
    wanted = Wanted(
        starts_at=given.starts_at,
        minutes=kind.length(interpreter=given.interpreter, accessibility=given.accessibility),
        mode=AppointmentMode(kind.mode),
        kind=kind,
        person_id=given.person_id,
        request_id=given.request_id,
        subject=given.subject,
        interpreter=given.interpreter,
        language=given.language,
        accessibility=given.accessibility,
    )
    appointment = await book(session, actor, await clock_of(session, actor.caisse), calendar, wanted)
    journal.change(session, "appointment.book", changing.RESOURCE, appointment.id, subjects=[given.person_id])
    return receipt_of(response, appointment, appointment.state)


@agent_appointments.post(
    "/resource-bookings",
    operation_id="agent_book_resource",
    status_code=status.HTTP_201_CREATED,
    responses=problems(CalendarNotFound, SlotTaken, SlotClosed, Invalid),
    openapi_extra=_BOOKS,
)
async def book_resource(
    given: ResourceBookingIn, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Book a room or a piece of equipment for an activity, or let it to somebody outside under a contract."""
    calendar = await calendars.get(session, actor, given.calendar_id)
    if calendar.kind not in RESOURCES:
        message = "Choisissez une salle ou un matériel."
        raise Invalid(message, errors=[{"field": "calendar_id", "message": message}])
    wanted = Wanted(
        starts_at=given.starts_at, minutes=given.minutes, mode=AppointmentMode.OFFICE, activity=given.activity
    )
    appointment = await book(session, actor, await clock_of(session, actor.caisse), calendar, wanted)
    if given.rental is not None:
        session.add(Rental(caisse=actor.caisse, appointment_id=appointment.id, **given.rental.model_dump()))
    journal.change(session, "resource.book", changing.RESOURCE, appointment.id)
    return receipt_of(response, appointment, appointment.state)


@agent_appointments.post(
    "/appointments/{appointment_id}/move",
    operation_id="agent_move_appointment",
    responses=problems(*_CHANGES, CalendarNotFound, SlotTaken, SlotClosed, Invalid),
    openapi_extra=_BOOKS,
)
async def move_appointment(
    appointment_id: UUID,
    given: MoveIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Move an appointment to another time, perhaps another calendar; answers the one that replaces it."""
    return tagged(response, await changing.move(session, actor, appointment_id, version, given))


@agent_appointments.post(
    "/appointments/{appointment_id}/cancel",
    operation_id="agent_cancel_appointment",
    responses=problems(*_CHANGES),
    openapi_extra=_BOOKS,
)
async def cancel_appointment(
    appointment_id: UUID,
    given: AgentCancelIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Cancel an appointment, because the person asked for it or because the service must."""
    by = changing.by_person(given.for_person)
    return tagged(response, await changing.cancel(session, actor, appointment_id, version, by=by, reason=given.reason))


@agent_appointments.post(
    "/appointments/{appointment_id}/see",
    operation_id="agent_mark_appointment_seen",
    responses=problems(*_CHANGES),
    openapi_extra=_BOOKS,
)
async def mark_seen(
    appointment_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Say that the appointment was held."""
    return await _mark(session, actor, appointment_id, version, Verb.SEE, response)


@agent_appointments.post(
    "/appointments/{appointment_id}/excuse",
    operation_id="agent_mark_appointment_excused",
    responses=problems(*_CHANGES),
    openapi_extra=_BOOKS,
)
async def mark_excused(
    appointment_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Say that the person did not come and told why."""
    return await _mark(session, actor, appointment_id, version, Verb.EXCUSE, response)


@agent_appointments.post(
    "/appointments/{appointment_id}/miss",
    operation_id="agent_mark_appointment_missed",
    responses=problems(*_CHANGES),
    openapi_extra=_BOOKS,
)
async def mark_missed(
    appointment_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Say that the person did not come."""
    return await _mark(session, actor, appointment_id, version, Verb.MISS, response)


async def _mark(
    session: AsyncSession, actor: Actor, appointment_id: UUID, version: int, verb: Verb, response: Response
) -> Receipt:
    return tagged(response, await changing.mark(session, actor, appointment_id, version, verb))


def _note_read(session: AsyncSession, shown: list[Appointment]) -> None:
    persons = [a.person_id for a in shown if a.person_id is not None]
    journal.read(session, changing.RESOURCE, persons, resource_ids=[a.id for a in shown])
