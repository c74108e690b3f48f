"""The adviser hands a request over: to another service of the caisse, to the social service, to another caisse.

Inside the caisse the request itself changes queue. Another body is another tenant, which no audience reaches:
the redirection is committed here with a job that opens the linked request there (`transfer.py`).
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import revoke
from referrals_service.requests import facts, queries
from referrals_service.requests.abilities import require_agent
from referrals_service.requests.answer import decided
from referrals_service.requests.caisse_calendar import calendar_of, is_caisse
from referrals_service.requests.codes import Queue, RedirectTarget, RequestKind, Verb
from referrals_service.requests.filing import RESOURCE, open_to_queue
from referrals_service.requests.lifecycle import LIFECYCLES
from referrals_service.requests.models import By, Request
from referrals_service.requests.schemas_agent import RedirectIn
from referrals_service.requests.transfer import open_transferred
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.errors import Invalid
from servicekit.facts import emit
from servicekit.jobs import defer
from servicekit.writes import Receipt, require_version

_ANSWERS_A_REFERRAL: Final = frozenset({RedirectTarget.SOCIAL_SERVICE, RedirectTarget.LUP})

OTHER_QUEUES: Final = frozenset({Queue.ASS, Queue.GDB, Queue.ACCUEIL, Queue.CES})
"""Services of the caisse that have no target of their own."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A queue of a body."""

    body: str
    queue: Queue


def destination(request: Request, given: RedirectIn) -> Destination:
    """Return where a request goes; raise `Invalid` for a place that is none."""
    caisse = request.caisse
    match given.target:
        case RedirectTarget.OTHER_CAISSE:
            if given.body is None or not is_caisse(given.body) or given.body == caisse:
                raise _no_such_place("Choisissez une autre caisse.")
            return Destination(given.body, LIFECYCLES[RequestKind(request.kind)].queue)
        case RedirectTarget.QUEUE:
            if given.body not in OTHER_QUEUES or given.body == request.queue:
                raise _no_such_place("Choisissez un service de la caisse.")
            return Destination(caisse, Queue(given.body))
        case RedirectTarget.SOCIAL_SERVICE | RedirectTarget.LUP if given.body is not None:
            raise _no_such_place("Ce champ n'est pas attendu pour cette réorientation.")
        case RedirectTarget.SOCIAL_SERVICE:
            return Destination(calendar_of(caisse).social_service or caisse, Queue.SS)
        case RedirectTarget.LUP:
            return Destination(caisse, Queue.LUP)


async def redirect(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: RedirectIn) -> Receipt:
    """Hand a request over; whoever had it loses sight of the person at once.

    A MisAS referral is answered by that: the next service begins anew. Any other request goes on where it goes,
    its clock kept: to another queue it waits there, to another caisse a linked one opens.
    """
    request = await queries.get_for_update(session, actor, request_id)
    of_the_mission = request.kind == RequestKind.MISAS_REFERRAL
    away = given.target is RedirectTarget.OTHER_CAISSE
    verb = Verb.TRANSFER if away and not of_the_mission else Verb.REDIRECT
    require_agent(actor, request.standing, verb)
    require_version(request.version, version)
    if given.target in _ANSWERS_A_REFERRAL and not of_the_mission:
        raise _no_such_place("Cette demande se réoriente vers un service de la caisse ou vers une autre caisse.")
    to = destination(request, given)
    why = {
        "target": given.target,
        "target_body": given.body or (to.body if to.body != request.caisse else None),
        "message": given.message,
    }
    if of_the_mission or away:
        decided(session, request, actor, verb, **why)
    else:
        session.add(request.step(verb, By.of(actor), clock.now(), **why))
        request.unread_by_partner += 1
    stays = to.body == request.caisse
    if stays:
        request.queue, request.assigned_to, request.unit = to.queue, None, None
    await session.flush()
    await revoke(session, request.caisse, by=actor.sub, person_id=request.person_id, origin=request.id)
    if stays:
        await open_to_queue(
            session,
            request.caisse,
            request.person_id,
            queue=to.queue,
            department=calendar_of(request.caisse).department,
            origin=request.id,
            by=actor.sub,
        )
    else:
        await defer(session, open_transferred, caisse=request.caisse, request_id=request.id, body=to.body)
    emit(
        session,
        facts.RequestRedirected(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.Redirected(
                kind=RequestKind(request.kind),
                target=given.target,
                body=to.body,
                queue=to.queue,
                decision_days=request.decision_days,
            ),
        ),
    )
    journal.change(session, "request.redirect", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)


def _no_such_place(message: str) -> Invalid:
    return Invalid(message, errors=[{"field": "body", "message": message}])
