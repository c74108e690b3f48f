"""What an agent sees of the requests of the queue."""

from uuid import UUID

from fastapi import Response

from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import TRIAGE
from referrals_service.requests import lists, my_day, queries, views
from referrals_service.requests.abilities import AGENT_ROLES
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import Queue, RequestState
from referrals_service.requests.lists import AgentFilters, AgentSort, Assigned, Due
from referrals_service.requests.partner_list import Number
from referrals_service.requests.queries import RequestNotFound
from referrals_service.requests.schemas_agent import AgentRequest, AgentRequestRow, MyDay, Queues
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.pages import Page, PageQuery
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import set_etag

agent_reads = router("/api/v1/referrals/agent", tags=["agent"])

_LISTED = ("technical", "identity")
_WHOLE = (*_LISTED, "social", "care_need", "narrative")


@agent_reads.get(
    "/my-day",
    operation_id="agent_my_day",
    responses=problems(ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES, shows=_LISTED),
)
async def show_my_day(session: DbSession, actor: CurrentActor) -> MyDay:
    """Show what is late, due today, to be read, waiting for a partner, and new in the queue."""
    return await my_day.my_day(session, actor)


@agent_reads.get(
    "/queues",
    operation_id="agent_queues",
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES, journal=False),
)
async def show_queues(session: DbSession, actor: CurrentActor) -> Queues:
    """Show how much waits in the agent's queue and how long answers take; it names nobody."""
    return await my_day.queues(session, actor)


@agent_reads.get(
    "/requests",
    operation_id="agent_list_requests",
    responses=problems(ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES, shows=_LISTED),
)
async def list_requests(
    session: DbSession,
    actor: CurrentActor,
    page: PageQuery,
    queue: Queue | None = None,
    state: RequestState | None = None,
    assigned: Assigned | None = None,
    due: Due | None = None,
    q: Number | None = None,
    sort: AgentSort = AgentSort.DUE,
) -> Page[AgentRequestRow]:
    """List the requests of the agent's queue, what is due first first."""
    wanted = AgentFilters(queue=queue, state=state, assigned=assigned, due=due, number=q, sort=sort)
    return await lists.agent_page(session, actor, wanted, page)


@agent_reads.get(
    "/requests/{request_id}",
    operation_id="agent_read_request",
    responses=problems(RequestNotFound, ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES, shows=_WHOLE),
)
async def read_request(request_id: UUID, session: DbSession, actor: CurrentActor, response: Response) -> AgentRequest:
    """Show one request; form and messages only to whom the person is entrusted, and not just to share work out."""
    row = await queries.detail(session, actor, request_id)
    cards = await lists.one_card(session, actor, row.id, row.person_id)
    set_etag(response, row.version)
    return views.agent_detail(actor, row, cards, calendar_of(actor.caisse).today())
