"""The completion round trip: the caisse names what is missing, its clock stands still, the sender completes."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests import facts, queries
from referrals_service.requests.abilities import require_partner
from referrals_service.requests.answer import to_decide
from referrals_service.requests.caisse_calendar import Delay, calendar_of
from referrals_service.requests.codes import RequestKind, Verb
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.models import By, Request
from referrals_service.requests.schemas import CompleteIn
from referrals_service.requests.schemas_agent import AskIn
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.errors import Invalid
from servicekit.facts import emit
from servicekit.workdays import DayKind
from servicekit.writes import Receipt, require_version


async def ask(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: AskIn) -> Receipt:
    """Ask the sender for what is missing, by name and until a day. Raises `Invalid`."""
    request = await to_decide(session, actor, request_id, version, Verb.ASK)
    calendar = calendar_of(request.caisse)
    today = calendar.today()
    settings = await settings_of(session, request.caisse, today)
    usual = calendar.deadline(today, Delay(settings.completion_days, DayKind.CALENDAR))
    until_on = given.until_on or usual
    if until_on <= today:
        message = "Choisissez une date à venir."
        raise Invalid(message, errors=[{"field": "until_on", "message": message}])
    if not given.items and given.message is None:
        message = "Nommez les pièces attendues, ou écrivez ce qui manque."
        raise Invalid(message, errors=[{"field": "items", "message": message}])
    at = clock.now()
    request.paused_on, request.lapses_on = today, until_on
    session.add(
        request.step(
            Verb.ASK,
            By.of(actor),
            at,
            items=[str(item) for item in given.items],
            until_on=until_on,
            message=given.message,
        )
    )
    request.unread_by_partner += 1
    await session.flush()
    emit(
        session,
        facts.RequestCompletionAsked(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.CompletionAsked(kind=RequestKind(request.kind), items=given.items, until_on=until_on),
        ),
    )
    return _done(session, request, "request.ask")


async def complete(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: CompleteIn) -> Receipt:
    """Tell the caisse that what was missing is there now; its clock goes on from where it stood."""
    request = await queries.get_for_update(session, actor, request_id)
    require_partner(actor, request, Verb.COMPLETE)
    require_version(request.version, version)
    resume(request, await settings_delay_kind(session, request))
    session.add(request.step(Verb.COMPLETE, By.of(actor), clock.now(), message=given.message))
    request.unread_by_caisse += 1
    await session.flush()
    emit(
        session,
        facts.RequestCompleted(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.Completed(kind=RequestKind(request.kind), account=request.assigned_to, due_on=request.due_on),
        ),
    )
    return _done(session, request, "request.complete", coarse=True)


async def settings_delay_kind(session: AsyncSession, request: Request) -> DayKind:
    """Return how the delay of a request counts its days."""
    settings = await settings_of(session, request.caisse, calendar_of(request.caisse).today())
    kind = RequestKind.URGENT if request.urgent else RequestKind(request.kind)
    return settings.review_delay(kind).kind


def resume(request: Request, kind: DayKind) -> None:
    """Let the clock of a request that waited go on: the answer is owed as many days later as it stood still."""
    if request.paused_on is None:
        return
    calendar = calendar_of(request.caisse)
    today, paused_on = calendar.today(), request.paused_on
    waited = calendar.days_between(paused_on, today, kind)
    if waited > 0:
        request.due_on = calendar.deadline(request.due_on, Delay(waited, kind))
    request.paused_days += calendar.working_days(paused_on, today)


def _done(session: AsyncSession, request: Request, action: str, *, coarse: bool = False) -> Receipt:
    journal.change(session, action, RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.coarse if coarse else request.state)
