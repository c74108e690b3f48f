"""Appointments for partners: what is open to them, free slots, their own bookings."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response, status
from sqlalchemy import select

from accompaniments_service.appointments import changing, queries, views
from accompaniments_service.appointments.booking import (
    DECLARED,
    SlotClosed,
    SlotTaken,
    Wanted,
    book,
    require_offered,
    require_open_to_partners,
)
from accompaniments_service.appointments.lifecycle import TransitionRefused
from accompaniments_service.appointments.models import Appointment
from accompaniments_service.appointments.queries import AppointmentNotFound, PersonNotFound
from accompaniments_service.appointments.schemas import (
    MoveIn,
    PartnerAppointment,
    PartnerBookingIn,
    PartnerCancelIn,
)
from accompaniments_service.caisse_clock import clock_of
from accompaniments_service.calendars import queries as calendars
from accompaniments_service.calendars.hours import LONGEST_LOOK_DAYS, free_slots
from accompaniments_service.calendars.models import AppointmentKind, Calendar
from accompaniments_service.calendars.queries import CalendarNotFound, KindNotFound
from accompaniments_service.calendars.schemas import OfferKind, OfferPlace, Offers, Slots
from accompaniments_service.codes import AppointmentMode
from accompaniments_service.roles import BOOK, READ
from servicekit import clock, journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Forbidden, Invalid, StaleVersion, VersionRequired
from servicekit.pages import Key, Page, PageQuery, paginate
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of, tagged

partner_appointments = router("/api/v1/accompaniments/partner", tags=["partner"])

_ROLES = ("partner_user",)
_LOOKS = access(Audience.PARTNER, purpose=READ, roles=_ROLES, journal=False)
_READS = access(Audience.PARTNER, purpose=READ, roles=_ROLES)
_BOOKS = access(Audience.PARTNER, purpose=BOOK, roles=_ROLES)
_CHANGES = (AppointmentNotFound, TransitionRefused, StaleVersion, VersionRequired)


@partner_appointments.get("/offers", operation_id="partner_read_offers", openapi_extra=_LOOKS)
async def read_offers(session: DbSession, actor: CurrentActor) -> Offers:
    """Show where, and for what, the caisse lets partners book; nothing when it opens no calendar."""
    where = await clock_of(session, actor.caisse)
    places = (await session.scalars(calendars.visible_to(actor).order_by(Calendar.label, Calendar.id))).all()
    kinds = await session.scalars(calendars.kinds_visible_to(actor).order_by(AppointmentKind.label, AppointmentKind.id))
    held = {place.kind for place in places}
    return Offers(
        places=[
            OfferPlace.model_validate(
                {name: getattr(p, name) for name in ("id", "kind", "label", "place", "accessible", "subjects")}
                | {"declares_non_autonomy": p.kind in DECLARED}
            )
            for p in places
        ],
        kinds=[OfferKind.model_validate(k, from_attributes=True) for k in kinds if held & set(k.calendars)],
        time_zone=where.zone.key,
    )


@partner_appointments.get(
    "/calendars/{calendar_id}/slots",
    operation_id="partner_find_slots",
    responses=problems(CalendarNotFound, KindNotFound, Invalid),
    openapi_extra=_LOOKS,
)
async def find_slots(
    calendar_id: UUID,
    kind_id: UUID,
    from_on: date,
    session: DbSession,
    actor: CurrentActor,
    days: Annotated[int, Query(ge=1, le=LONGEST_LOOK_DAYS)] = 14,
    interpreter: bool = False,
    accessibility: bool = False,
) -> Slots:
    """Find free slots, as long as the person's needs ask for."""
    calendar = await calendars.get(session, actor, calendar_id)
    kind = await calendars.get_kind(session, actor, kind_id)
    require_offered(calendar, kind)
    where = await clock_of(session, actor.caisse)
    return await free_slots(
        session,
        actor,
        where,
        calendar,
        kind,
        from_on=from_on,
        days=days,
        interpreter=interpreter,
        accessibility=accessibility,
    )


@partner_appointments.get("/appointments", operation_id="partner_list_appointments", openapi_extra=_READS)
async def list_appointments(session: DbSession, actor: CurrentActor, page: PageQuery) -> Page[PartnerAppointment]:
    """List the appointments that the structure booked, the latest first."""
    mine = (
        select(Appointment, Calendar, AppointmentKind, Appointment.starts_at, Appointment.id)
        .outerjoin(Calendar, (Calendar.caisse == Appointment.caisse) & (Calendar.id == Appointment.calendar_id))
        .outerjoin(
            AppointmentKind,
            (AppointmentKind.caisse == Appointment.caisse) & (AppointmentKind.id == Appointment.kind_id),
        )
        .where(Appointment.caisse == actor.caisse, Appointment.structure_id == actor.structure_id)
    )
    columns = Appointment.__table__.c
    keys: list[Key] = [(columns.starts_at, "desc"), (columns.id, "desc")]
    rows, next_cursor = await paginate(session, mine, keys, page)
    now = clock.now()
    shown = [views.for_partner(appointment, calendar, kind, now) for appointment, calendar, kind, *_ in rows]
    journal.read(session, changing.RESOURCE, [a.person_id for a in shown], resource_ids=[a.id for a in shown])
    return Page(items=shown, next_cursor=next_cursor)


@partner_appointments.post(
    "/appointments",
    operation_id="partner_book_appointment",
    status_code=status.HTTP_201_CREATED,
    responses=problems(CalendarNotFound, KindNotFound, PersonNotFound, SlotTaken, SlotClosed, Forbidden, Invalid),
    openapi_extra=_BOOKS,
)
async def book_appointment(
    given: PartnerBookingIn, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Book one of the slots on offer for a person the structure registered."""
    await queries.require_open_portal(session, actor)
    calendar = await calendars.get(session, actor, given.calendar_id)
    kind = await calendars.get_kind(session, actor, given.kind_id)
    require_offered(calendar, kind)
    require_open_to_partners(calendar, given.subject, not_autonomous=given.not_autonomous)
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
        not_autonomous=given.not_autonomous,
        structure_id=actor.structure_id,
    )
    appointment = await book(session, actor, await clock_of(session, actor.caisse), calendar, wanted)
    journal.change(session, "appointment.book", changing.RESOURCE, appointment.id, subjects=[given.person_id])
    return receipt_of(response, appointment, appointment.state)


@partner_appointments.post(
    "/appointments/{appointment_id}/move",
    operation_id="partner_move_appointment",
    responses=problems(*_CHANGES, CalendarNotFound, SlotTaken, SlotClosed, Forbidden, Invalid),
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
    """Move an appointment to another slot on offer; answers the one that replaces it."""
    await queries.require_open_portal(session, actor)
    return tagged(response, await changing.move(session, actor, appointment_id, version, given))


@partner_appointments.post(
    "/appointments/{appointment_id}/cancel",
    operation_id="partner_cancel_appointment",
    responses=problems(*_CHANGES),
    openapi_extra=_BOOKS,
)
async def cancel_appointment(
    appointment_id: UUID,
    given: PartnerCancelIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Give an appointment up for the person; the place is free at once."""
    receipt = await changing.cancel(session, actor, appointment_id, version, by="person", reason=given.reason)
    return tagged(response, receipt)
