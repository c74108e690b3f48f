"""What an agent does to the requests of the queue."""

from uuid import UUID

from fastapi import Response, status

from referrals_service.persons.grants import SUBMIT, TRIAGE
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests import answer, messages, take
from referrals_service.requests.abilities import AGENT_ROLES, DETECTOR_ROLES, MISAS_ROLES
from referrals_service.requests.file_internally import file_internally
from referrals_service.requests.filing import AlreadyOpen
from referrals_service.requests.lifecycle import TransitionRefused
from referrals_service.requests.queries import RequestNotFound
from referrals_service.requests.redirect import redirect
from referrals_service.requests.schemas import FiledReceipt, MessageReceipt
from referrals_service.requests.schemas_agent import (
    AcceptIn,
    AgentMessageIn,
    AssignIn,
    InternalFilingIn,
    RedirectIn,
    RefuseIn,
    TakenSeveral,
    TakeSeveralIn,
)
from referrals_service.requests.take import AlreadyTaken
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Forbidden, Invalid, StaleVersion, VersionRequired
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, tagged

agent_acts = router("/api/v1/referrals/agent/requests", tags=["agent"])

_CHANGES = (RequestNotFound, TransitionRefused, Forbidden, StaleVersion, VersionRequired)
_TRIAGE = access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES)
_DECIDE = access(Audience.AGENT, purpose=TRIAGE, roles=MISAS_ROLES)


@agent_acts.post(
    "/file",
    operation_id="agent_file_request",
    status_code=status.HTTP_201_CREATED,
    responses=problems(PersonNotFound, AlreadyOpen, Invalid),
    openapi_extra=access(Audience.AGENT, purpose=SUBMIT, roles=DETECTOR_ROLES),
)
async def file_as_service(
    given: InternalFilingIn, session: DbSession, actor: CurrentActor, response: Response
) -> FiledReceipt:
    """Refer a person to the mission from a service of the caisse; there is one entry, whoever detects."""
    return tagged(response, await file_internally(session, actor, given))


@agent_acts.post(
    "/take",
    operation_id="agent_take_requests",
    responses=problems(Invalid),
    openapi_extra=_TRIAGE,
)
async def take_requests(given: TakeSeveralIn, session: DbSession, actor: CurrentActor) -> TakenSeveral:
    """Take several requests at once: those that still wait, and why the others were not."""
    return await take.take_several(session, actor, given.ids)


@agent_acts.post(
    "/{request_id}/take",
    operation_id="agent_take_request",
    responses=problems(*_CHANGES, AlreadyTaken),
    openapi_extra=_TRIAGE,
)
async def take_request(
    request_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Take a request that waits: its relevance is under review and the clock of the first contact starts."""
    return tagged(response, await take.take(session, actor, request_id, version))


@agent_acts.post(
    "/{request_id}/assign",
    operation_id="agent_assign_request",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_TRIAGE,
)
async def assign_request(
    request_id: UUID,
    given: AssignIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Give a request to a colleague of the queue; the history keeps who had it."""
    return tagged(response, await take.assign(session, actor, request_id, version, given.account_id))


@agent_acts.post(
    "/{request_id}/accept",
    operation_id="agent_accept_request",
    responses=problems(*_CHANGES),
    openapi_extra=_DECIDE,
)
async def accept_request(
    request_id: UUID,
    given: AcceptIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Confirm the relevance: the mission takes the person on and a case opens."""
    return tagged(response, await answer.accept(session, actor, request_id, version, given))


@agent_acts.post(
    "/{request_id}/refuse",
    operation_id="agent_refuse_request",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_DECIDE,
)
async def refuse_request(
    request_id: UUID,
    given: RefuseIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Do not take the person on; the partner is told a general reason and where to go."""
    return tagged(response, await answer.refuse(session, actor, request_id, version, given))


@agent_acts.post(
    "/{request_id}/redirect",
    operation_id="agent_redirect_request",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_TRIAGE,
)
async def redirect_request(
    request_id: UUID,
    given: RedirectIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Hand a request to the social service, another caisse or another service; nobody keys it again."""
    return tagged(response, await redirect(session, actor, request_id, version, given))


@agent_acts.post(
    "/{request_id}/messages",
    operation_id="agent_post_message",
    status_code=status.HTTP_201_CREATED,
    responses=problems(RequestNotFound, TransitionRefused, Forbidden),
    openapi_extra=_TRIAGE,
)
async def post_message(
    request_id: UUID, given: AgentMessageIn, session: DbSession, actor: CurrentActor
) -> MessageReceipt:
    """Write to the partner; it is the partner's turn unless the message asks for nothing."""
    return await messages.post(session, actor, request_id, given.text, expects_answer=given.expects_answer)


@agent_acts.post(
    "/{request_id}/read",
    operation_id="agent_mark_request_read",
    responses=problems(RequestNotFound, Forbidden),
    openapi_extra=_TRIAGE,
)
async def mark_request_read(request_id: UUID, session: DbSession, actor: CurrentActor) -> Receipt:
    """Say that what the partner wrote was seen by the agent in charge."""
    return await messages.mark_read(session, actor, request_id)
