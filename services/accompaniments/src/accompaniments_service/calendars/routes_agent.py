"""Calendars for the caisse: what can be booked, when it is open, what is offered."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response, status
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.appointments.booking import may_book, require_offered
from accompaniments_service.caisse_clock import clock_of
from accompaniments_service.calendars import queries
from accompaniments_service.calendars.feeds import addresses_of
from accompaniments_service.calendars.hours import LONGEST_LOOK_DAYS, free_slots
from accompaniments_service.calendars.models import AppointmentKind, Calendar, CalendarException, CalendarRule
from accompaniments_service.calendars.queries import CalendarNotFound, KindNotFound
from accompaniments_service.calendars.schemas import (
    AvailabilityIn,
    CalendarDetail,
    CalendarIn,
    CalendarOut,
    Calendars,
    ExceptionOut,
    FeedOut,
    KindIn,
    KindOut,
    Kinds,
    RuleOut,
    Slots,
)
from accompaniments_service.network.models import AgentAssignment
from accompaniments_service.roles import BOOKING_ROLES, MANAGE, MANAGING_ROLES, READ
from servicekit import clock, journal
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession, new_id
from servicekit.errors import Invalid, StaleVersion, VersionRequired
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of, require_version, set_etag

agent_calendars = router("/api/v1/accompaniments/agent", tags=["agenda"])

_LOOKS = access(Audience.AGENT, purpose=READ, roles=BOOKING_ROLES, journal=False)
_MANAGES = access(Audience.AGENT, purpose=MANAGE, roles=MANAGING_ROLES)
_CHANGES = (StaleVersion, VersionRequired, Invalid)
_OWN = (
    "id",
    "version",
    "kind",
    "label",
    "account",
    "unit",
    "zone",
    "place",
    "accessible",
    "capacity",
    "open_to_partners",
    "subjects",
    "active",
)


@agent_calendars.get("/calendars", operation_id="agent_list_calendars", openapi_extra=_LOOKS)
async def list_calendars(session: DbSession, actor: CurrentActor) -> Calendars:
    """List the calendars of the caisse, the reader's own first: a caisse has some dozens."""
    where = await clock_of(session, actor.caisse)
    found = await session.scalars(queries.visible_to(actor).order_by(Calendar.kind, Calendar.label, Calendar.id))
    items = [_shown(actor, calendar) for calendar in found]
    items.sort(key=lambda calendar: str(calendar.account) != actor.sub)
    return Calendars(items=items, time_zone=where.zone.key, may_manage=_may_manage(actor))


@agent_calendars.get(
    "/calendars/{calendar_id}",
    operation_id="agent_read_calendar",
    responses=problems(CalendarNotFound),
    openapi_extra=_LOOKS,
)
async def read_calendar(
    calendar_id: UUID, session: DbSession, actor: CurrentActor, response: Response
) -> CalendarDetail:
    """Show a calendar with its hours and the addresses under which it is followed."""
    calendar = await queries.get(session, actor, calendar_id)
    today = (await clock_of(session, actor.caisse)).today()
    set_etag(response, calendar.version)
    return CalendarDetail.model_validate(
        _shown(actor, calendar).model_dump()
        | {
            "rules": [
                RuleOut.model_validate(rule, from_attributes=True) for rule in await queries.rules_of(session, calendar)
            ],
            "exceptions": [
                ExceptionOut.model_validate(exception, from_attributes=True)
                for exception in await queries.exceptions_of(session, calendar, since=today)
            ],
            "feeds": [
                FeedOut(id=feed.id, created_at=feed.created_at, mine=str(feed.account) == actor.sub)
                for feed in await addresses_of(session, calendar)
            ],
        }
    )


@agent_calendars.post(
    "/calendars",
    operation_id="agent_open_calendar",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Invalid),
    openapi_extra=_MANAGES,
)
async def open_calendar(given: CalendarIn, session: DbSession, actor: CurrentActor, response: Response) -> Receipt:
    """Open a calendar; it has no hours until they are given."""
    await _require_holder(session, actor, given.account)
    calendar = Calendar(caisse=actor.caisse, id=new_id(), changed_at=clock.now(), **given.model_dump())
    session.add(calendar)
    await session.flush()
    journal.change(session, "calendar.open", "calendar", calendar.id, after=_coded(given))
    return _receipt(calendar, response)


@agent_calendars.put(
    "/calendars/{calendar_id}",
    operation_id="agent_amend_calendar",
    responses=problems(CalendarNotFound, *_CHANGES),
    openapi_extra=_MANAGES,
)
async def amend_calendar(
    calendar_id: UUID,
    given: CalendarIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Say anew what a calendar is; what is booked in it stays."""
    calendar = await queries.get(session, actor, calendar_id, for_update=True)
    require_version(calendar.version, version)
    if given.kind != calendar.kind:
        message = "Le type d'un agenda ne change pas : ouvrez-en un autre."
        raise Invalid(message, errors=[{"field": "kind", "message": message}])
    if given.account != calendar.account:
        await _require_holder(session, actor, given.account)
    for name, value in given.model_dump().items():
        setattr(calendar, name, value)
    calendar.changed_at = clock.now()
    await session.flush()
    journal.change(session, "calendar.amend", "calendar", calendar.id, after=_coded(given))
    return _receipt(calendar, response)


@agent_calendars.put(
    "/calendars/{calendar_id}/availability",
    operation_id="agent_set_availability",
    responses=problems(CalendarNotFound, *_CHANGES),
    openapi_extra=_MANAGES,
)
async def set_availability(
    calendar_id: UUID,
    given: AvailabilityIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Replace the hours of a calendar; appointments outside the new ones stay, to be moved by hand.

    Exceptions that are over stay as they were: they say what past weeks were.
    """
    calendar = await queries.get(session, actor, calendar_id, for_update=True)
    require_version(calendar.version, version)
    today = (await clock_of(session, actor.caisse)).today()
    rules = delete(CalendarRule).where(CalendarRule.caisse == calendar.caisse, CalendarRule.calendar_id == calendar.id)
    exceptions = delete(CalendarException).where(
        CalendarException.caisse == calendar.caisse,
        CalendarException.calendar_id == calendar.id,
        CalendarException.until_on >= today,
    )
    await session.execute(rules)
    await session.execute(exceptions)
    ours = {"caisse": calendar.caisse, "calendar_id": calendar.id}
    session.add_all(CalendarRule(**ours, id=new_id(), **rule.model_dump()) for rule in given.rules)
    session.add_all(CalendarException(**ours, id=new_id(), **e.model_dump()) for e in given.exceptions)
    calendar.changed_at = clock.now()
    await session.flush()
    journal.change(session, "calendar.set_availability", "calendar", calendar.id, after=given.model_dump(mode="json"))
    return _receipt(calendar, response)


@agent_calendars.get(
    "/calendars/{calendar_id}/slots",
    operation_id="agent_find_slots",
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
    """Find free slots of a calendar, as long as the person's needs ask for."""
    calendar = await queries.get(session, actor, calendar_id)
    kind = await queries.get_kind(session, actor, kind_id)
    require_offered(calendar, kind)
    return await free_slots(
        session,
        actor,
        await clock_of(session, actor.caisse),
        calendar,
        kind,
        from_on=from_on,
        days=days,
        interpreter=interpreter,
        accessibility=accessibility,
    )


@agent_calendars.get("/kinds", operation_id="agent_list_kinds", openapi_extra=_LOOKS)
async def list_kinds(session: DbSession, actor: CurrentActor) -> Kinds:
    """List what the caisse offers, by name."""
    found = await session.scalars(queries.kinds_visible_to(actor).order_by(AppointmentKind.label, AppointmentKind.id))
    return Kinds(items=[KindOut.model_validate(kind, from_attributes=True) for kind in found])


@agent_calendars.post(
    "/kinds",
    operation_id="agent_offer_kind",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Invalid),
    openapi_extra=_MANAGES,
)
async def offer_kind(given: KindIn, session: DbSession, actor: CurrentActor, response: Response) -> Receipt:
    """Offer a kind of appointment."""
    kind = AppointmentKind(caisse=actor.caisse, id=new_id(), **given.model_dump())
    session.add(kind)
    await session.flush()
    journal.change(session, "kind.offer", "appointment_kind", kind.id, after=_coded(given))
    return receipt_of(response, kind, "offered")


@agent_calendars.put(
    "/kinds/{kind_id}",
    operation_id="agent_amend_kind",
    responses=problems(KindNotFound, *_CHANGES),
    openapi_extra=_MANAGES,
)
async def amend_kind(
    kind_id: UUID, given: KindIn, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Change what is offered; appointments already booked keep their length."""
    kind = await queries.get_kind(session, actor, kind_id, for_update=True)
    require_version(kind.version, version)
    for name, value in given.model_dump().items():
        setattr(kind, name, value)
    await session.flush()
    journal.change(session, "kind.amend", "appointment_kind", kind.id, after=_coded(given))
    return receipt_of(response, kind, "offered" if kind.active else "withdrawn")


def _shown(actor: Actor, calendar: Calendar) -> CalendarOut:
    return CalendarOut.model_validate(
        {name: getattr(calendar, name) for name in _OWN}
        | {"may_book": may_book(actor, calendar), "may_manage": _may_manage(actor)}
    )


def _may_manage(actor: Actor) -> bool:
    return actor.role in MANAGING_ROLES


def _coded(given: CalendarIn | KindIn) -> dict[str, Any]:
    """Return what the journal keeps: not what was typed, which may be somebody's name."""
    return given.model_dump(mode="json", exclude={"label", "place"})


def _receipt(calendar: Calendar, response: Response) -> Receipt:
    return receipt_of(response, calendar, "active" if calendar.active else "closed")


async def _require_holder(session: AsyncSession, actor: Actor, account: UUID | None) -> None:
    """Refuse a holder who has no role in the caisse."""
    if account is None:
        return
    held = select(AgentAssignment.id).where(
        AgentAssignment.caisse == actor.caisse, AgentAssignment.account == account, AgentAssignment.ended_on.is_(None)
    )
    if not (await session.scalars(held.limit(1))).all():
        message = "Choisissez un agent de votre caisse."
        raise Invalid(message, errors=[{"field": "account", "message": message}])
