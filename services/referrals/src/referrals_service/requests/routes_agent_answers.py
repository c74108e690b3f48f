"""What an agent does to the requests of the portal, of the urgency line and of the social service."""

from uuid import UUID

from fastapi import Response

from referrals_service.persons.grants import TRIAGE
from referrals_service.requests import answering, completing, reporting, urgent_line, voiding
from referrals_service.requests.abilities import AGENT_ROLES, QUEUE_ROLES
from referrals_service.requests.answering import ReopeningTooLate
from referrals_service.requests.codes import Queue
from referrals_service.requests.filing import AlreadyOpen
from referrals_service.requests.lifecycle import TransitionRefused
from referrals_service.requests.queries import RequestNotFound
from referrals_service.requests.schemas import ReopenIn, VoidIn
from referrals_service.requests.schemas_agent import AnswerIn, AskIn, MakeOrdinaryIn, RejectIn
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Forbidden, Invalid, StaleVersion, VersionRequired
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, tagged

agent_answers = router("/api/v1/referrals/agent/requests", tags=["agent"])

_CHANGES = (RequestNotFound, TransitionRefused, Forbidden, StaleVersion, VersionRequired)
_ANY = access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES)
_ANSWER = access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES - QUEUE_ROLES[Queue.MISAS] - QUEUE_ROLES[Queue.SS])
_URGENT = access(Audience.AGENT, purpose=TRIAGE, roles=QUEUE_ROLES[Queue.LUP])
_SOCIAL = access(Audience.AGENT, purpose=TRIAGE, roles=QUEUE_ROLES[Queue.SS])


@agent_answers.post(
    "/{request_id}/ask",
    operation_id="agent_ask_request",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_ANSWER,
)
async def ask_request(
    request_id: UUID,
    given: AskIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Ask the sender for what is missing; the caisse's clock stands still until it comes."""
    return tagged(response, await completing.ask(session, actor, request_id, version, given))


@agent_answers.post(
    "/{request_id}/answer",
    operation_id="agent_answer_request",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_ANSWER,
)
async def answer_request(
    request_id: UUID,
    given: AnswerIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Answer: what it comes to, in words, with the documents addressed to the sender."""
    return tagged(response, await answering.answer(session, actor, request_id, version, given))


@agent_answers.post(
    "/{request_id}/reject",
    operation_id="agent_reject_request",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_ANSWER,
)
async def reject_request(
    request_id: UUID,
    given: RejectIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Do not treat a request; the partner is told why and where to go."""
    return tagged(response, await answering.reject(session, actor, request_id, version, given))


@agent_answers.post(
    "/{request_id}/qualify",
    operation_id="agent_qualify_request",
    responses=problems(*_CHANGES),
    openapi_extra=_URGENT,
)
async def qualify_request(
    request_id: UUID,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Confirm that a request is urgent."""
    return tagged(response, await urgent_line.qualify(session, actor, request_id, version))


@agent_answers.post(
    "/{request_id}/make-ordinary",
    operation_id="agent_make_ordinary_request",
    responses=problems(*_CHANGES, AlreadyOpen, Invalid),
    openapi_extra=_URGENT,
)
async def make_ordinary_request(
    request_id: UUID,
    given: MakeOrdinaryIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Let a request that is not urgent go on as an ordinary one, nothing retyped."""
    return tagged(response, await urgent_line.make_ordinary(session, actor, request_id, version, given))


@agent_answers.post(
    "/{request_id}/take-on",
    operation_id="agent_take_on_request",
    responses=problems(*_CHANGES),
    openapi_extra=_SOCIAL,
)
async def take_on_request(
    request_id: UUID,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Take a reported person on; the sender is told that and nothing else."""
    return tagged(response, await reporting.take_on(session, actor, request_id, version))


@agent_answers.post(
    "/{request_id}/end",
    operation_id="agent_end_request",
    responses=problems(*_CHANGES),
    openapi_extra=_SOCIAL,
)
async def end_request(
    request_id: UUID,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """End a report; the sender is told that it is over, never why."""
    return tagged(response, await reporting.end(session, actor, request_id, version))


@agent_answers.post(
    "/{request_id}/reopen",
    operation_id="agent_reopen_request",
    responses=problems(*_CHANGES, AlreadyOpen, ReopeningTooLate),
    openapi_extra=_ANY,
)
async def reopen_request(
    request_id: UUID,
    given: ReopenIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Put an answered request back in its queue."""
    return tagged(response, await answering.reopen(session, actor, request_id, version, given))


@agent_answers.post(
    "/{request_id}/void",
    operation_id="agent_void_request",
    responses=problems(*_CHANGES),
    openapi_extra=_ANY,
)
async def void_request(
    request_id: UUID,
    given: VoidIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Say that a request was entered in error: it is kept and counts nowhere."""
    return tagged(response, await voiding.void(session, actor, request_id, version, given))
