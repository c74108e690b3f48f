"""Moving, cancelling, and saying what became of an appointment."""

from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.appointments import announcing
from accompaniments_service.appointments.booking import (
    Wanted,
    require_may_book,
    require_offered,
    require_open_to_partners,
    reserve,
)
from accompaniments_service.appointments.lifecycle import OUTCOME_VERBS, TransitionRefused, after
from accompaniments_service.appointments.models import Appointment, Rental
from accompaniments_service.appointments.queries import get_for_update
from accompaniments_service.appointments.schemas import MoveIn, NeedsIn
from accompaniments_service.caisse_clock import clock_of
from accompaniments_service.calendars import queries as calendars
from accompaniments_service.calendars.models import AppointmentKind, Calendar
from accompaniments_service.codes import (
    AppointmentMode,
    AppointmentState,
    AppointmentSubject,
    BookingSide,
    CancelReason,
    ResourceActivity,
    Verb,
)
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.errors import Invalid
from servicekit.facts import emit
from servicekit.writes import Receipt, require_version

RESOURCE = "appointment"


async def move(session: AsyncSession, actor: Actor, appointment_id: UUID, version: int, given: MoveIn) -> Receipt:
    """Replace an appointment by one at another time, in another place or for other needs.

    The old one stays in the history as moved.
    """
    old = await get_for_update(session, actor, appointment_id)
    after(AppointmentState(old.state), Verb.MOVE)
    require_version(old.version, version)
    _require_to_come(old)
    calendar = await calendars.get(session, actor, given.calendar_id or old.calendar_id)
    left = await _calendar_of(session, old)
    kind = await _kind_of(session, old)
    if actor.audience is Audience.PARTNER:
        if calendar.id != left.id:
            require_open_to_partners(calendar, old.subject, not_autonomous=old.not_autonomous)
    else:
        require_may_book(actor, left)
        require_may_book(actor, calendar)
    needs = given.needs or NeedsIn(interpreter=old.interpreter, language=old.language, accessibility=old.accessibility)
    if kind is not None:
        require_offered(calendar, kind)
        minutes = kind.length(interpreter=needs.interpreter, accessibility=needs.accessibility)
    else:
        _require_alike(calendar, left, given.needs)
        minutes = old.minutes
    at = clock.now()
    session.add(old.step(Verb.MOVE, actor, at))
    await session.flush()
    new = await reserve(
        session,
        actor,
        await clock_of(session, actor.caisse),
        calendar,
        Wanted(
            starts_at=given.starts_at,
            minutes=minutes,
            mode=AppointmentMode(old.mode),
            kind=kind,
            person_id=old.person_id,
            request_id=old.request_id,
            subject=AppointmentSubject(old.subject) if old.subject else None,
            activity=ResourceActivity(old.activity) if old.activity else None,
            interpreter=needs.interpreter,
            language=needs.language,
            accessibility=needs.accessibility,
            not_autonomous=old.not_autonomous,
            structure_id=old.structure_id,
            moved_from=old.id,
        ),
    )
    await _carry_rental(session, old, new)
    emit(session, announcing.moved(new, calendar, old.id, old.starts_at))
    journal.change(session, "appointment.move", RESOURCE, new.id, subjects=_about(new))
    return Receipt(id=new.id, version=new.version, state=new.state)


async def cancel(
    session: AsyncSession,
    actor: Actor,
    appointment_id: UUID,
    version: int,
    *,
    by: Literal["person", "service"],
    reason: CancelReason,
) -> Receipt:
    """Give the place back; the next one who looks sees it free."""
    appointment = await get_for_update(session, actor, appointment_id)
    verb = Verb.CANCEL_FOR_PERSON if by == "person" else Verb.CANCEL_BY_SERVICE
    after(AppointmentState(appointment.state), verb)
    require_version(appointment.version, version)
    calendar = await _calendar_of(session, appointment)
    if actor.audience is Audience.PARTNER:
        _require_to_come(appointment)
    else:
        require_may_book(actor, calendar)
    session.add(appointment.step(verb, actor, clock.now(), reason=reason))
    await session.flush()
    side = BookingSide.PARTNER if actor.audience is Audience.PARTNER else BookingSide.CAISSE
    emit(session, announcing.cancelled(appointment, calendar, side, by, reason))
    journal.change(session, "appointment.cancel", RESOURCE, appointment.id, subjects=_about(appointment))
    return Receipt(id=appointment.id, version=appointment.version, state=appointment.state)


def by_person(for_person: bool) -> Literal["person", "service"]:
    """Return who gives the place back."""
    return "person" if for_person else "service"


async def mark(session: AsyncSession, actor: Actor, appointment_id: UUID, version: int, verb: Verb) -> Receipt:
    """Say what became of an appointment once it has begun; a wrong outcome can be corrected."""
    assert verb in OUTCOME_VERBS  # noqa: S101 - asked for by the routes
    appointment = await get_for_update(session, actor, appointment_id)
    after(AppointmentState(appointment.state), verb)
    require_version(appointment.version, version)
    calendar = await _calendar_of(session, appointment)
    require_may_book(actor, calendar)
    if appointment.starts_at > clock.now():
        raise TransitionRefused("Ce rendez-vous n'a pas encore commencé.")
    session.add(appointment.step(verb, actor, clock.now()))
    await session.flush()
    emit(session, announcing.became(appointment, calendar))
    journal.change(session, f"appointment.{verb}", RESOURCE, appointment.id, subjects=_about(appointment))
    return Receipt(id=appointment.id, version=appointment.version, state=appointment.state)


def _require_alike(calendar: Calendar, left: Calendar, needs: NeedsIn | None) -> None:
    """Refuse to move the booking of a room or of equipment to something else, or with needs: nobody has any there."""
    if calendar.kind != left.kind:
        message = "Une salle se déplace vers une autre salle, un matériel vers un autre matériel."
        raise Invalid(message, errors=[{"field": "calendar_id", "message": message}])
    if needs is not None:
        message = "Une salle ou un matériel n'a pas de besoins d'interprète ou d'accueil."
        raise Invalid(message, errors=[{"field": "needs", "message": message}])


def _require_to_come(appointment: Appointment) -> None:
    if appointment.starts_at <= clock.now():
        raise TransitionRefused("Ce rendez-vous a déjà commencé.")


def _about(appointment: Appointment) -> list[UUID]:
    return [appointment.person_id] if appointment.person_id else []


async def _calendar_of(session: AsyncSession, appointment: Appointment) -> Calendar:
    """Return the calendar of an appointment the actor holds, also when it is no longer open to partners.

    Facts name its kind; a partner's row is only reachable through its own policy, which may hide the calendar.
    """
    found = await session.get(Calendar, (appointment.caisse, appointment.calendar_id))
    if found is None:
        raise calendars.CalendarNotFound
    return found


async def _kind_of(session: AsyncSession, appointment: Appointment) -> AppointmentKind | None:
    if appointment.kind_id is None:
        return None
    found = await session.get(AppointmentKind, (appointment.caisse, appointment.kind_id))
    if found is None:
        raise calendars.KindNotFound
    return found


async def _carry_rental(session: AsyncSession, old: Appointment, new: Appointment) -> None:
    if old.activity != "rental":
        return
    rental = (
        await session.scalars(select(Rental).where(Rental.caisse == old.caisse, Rental.appointment_id == old.id))
    ).one_or_none()
    if rental is not None:
        session.add(
            Rental(
                caisse=new.caisse,
                appointment_id=new.id,
                organisation=rental.organisation,
                contract_reference=rental.contract_reference,
                amount_cents=rental.amount_cents,
            )
        )
