"""The adviser hands a request over: to another service of the caisse, to the social service, to another caisse.

Inside the caisse the request itself changes queue. Another body is another tenant, which no audience reaches:
the redirection is committed here with a job that opens the linked request there (`transfer.py`).
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import revoke
from referrals_service.requests import facts
from referrals_service.requests.answer import decided, to_decide
from referrals_service.requests.caisse_calendar import calendar_of, is_caisse
from referrals_service.requests.codes import Queue, RedirectTarget, RequestKind, Verb
from referrals_service.requests.filing import RESOURCE, open_to_queue
from referrals_service.requests.schemas_agent import RedirectIn
from referrals_service.requests.transfer import open_transferred
from servicekit import journal
from servicekit.access import Actor
from servicekit.errors import Invalid
from servicekit.facts import emit
from servicekit.jobs import defer
from servicekit.writes import Receipt

OTHER_QUEUES: Final = frozenset({Queue.ASS, Queue.GDB, Queue.ACCUEIL, Queue.CES})
"""Services of the caisse that have no target of their own."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A queue of a body."""

    body: str
    queue: Queue


def destination(caisse: str, given: RedirectIn) -> Destination:
    """Return where a request of `caisse` goes; raise `Invalid` for a place that is none."""
    match given.target:
        case RedirectTarget.OTHER_CAISSE:
            if given.body is None or not is_caisse(given.body) or given.body == caisse:
                raise _no_such_place("Choisissez une autre caisse.")
            return Destination(given.body, Queue.MISAS)
        case RedirectTarget.QUEUE:
            if given.body not in OTHER_QUEUES:
                raise _no_such_place("Choisissez un service de la caisse.")
            return Destination(caisse, Queue(given.body))
        case RedirectTarget.SOCIAL_SERVICE | RedirectTarget.LUP if given.body is not None:
            raise _no_such_place("Ce champ n'est pas attendu pour cette réorientation.")
        case RedirectTarget.SOCIAL_SERVICE:
            return Destination(calendar_of(caisse).social_service or caisse, Queue.SS)
        case RedirectTarget.LUP:
            return Destination(caisse, Queue.LUP)


async def redirect(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: RedirectIn) -> Receipt:
    """Hand a request over; whoever had it loses sight of the person at once."""
    request = await to_decide(session, actor, request_id, version, Verb.REDIRECT)
    to = destination(request.caisse, given)
    decided(
        session,
        request,
        actor,
        Verb.REDIRECT,
        target=given.target,
        target_body=given.body or (to.body if to.body != request.caisse else None),
        message=given.message,
    )
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
                decision_days=request.decision_days or 0,
            ),
        ),
    )
    journal.change(session, "request.redirect", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)


def _no_such_place(message: str) -> Invalid:
    return Invalid(message, errors=[{"field": "body", "message": message}])
