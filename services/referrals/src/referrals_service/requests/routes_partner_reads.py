"""What a partner sees of its structure's requests."""

from uuid import UUID

from fastapi import Response

from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.requests import home as homes
from referrals_service.requests import lists, queries, views
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, RequestKind, Turn
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.partner_list import Number, PartnerFilters, PartnerSort, partner_page
from referrals_service.requests.queries import RequestNotFound
from referrals_service.requests.schemas import Home, PartnerRequest, PartnerRequestRow, Statement
from referrals_service.requests.statements import current_statement
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.pages import Page, PageQuery
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import set_etag

partner_reads = router("/api/v1/referrals/partner", tags=["partner"])

_LISTED = ("technical", "identity")
_WHOLE = (*_LISTED, "social", "care_need", "narrative")


@partner_reads.get(
    "/home",
    operation_id="partner_home",
    responses=problems(ReadingBudgetSpent),
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER, "partner_admin"], shows=_LISTED),
)
async def home(session: DbSession, actor: CurrentActor) -> Home:
    """Show what waits for the structure, its requests by state and the delays; no name to an administrator."""
    return await homes.home(session, actor)


@partner_reads.get(
    "/requests",
    operation_id="partner_list_requests",
    response_model=Page[PartnerRequestRow],
    responses=problems(ReadingBudgetSpent),
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER], shows=_LISTED),
)
async def list_requests(
    session: DbSession,
    actor: CurrentActor,
    page: PageQuery,
    state: CoarseState | None = None,
    turn: Turn | None = None,
    kind: RequestKind | None = None,
    q: Number | None = None,
    sort: PartnerSort = PartnerSort.CREATED,
) -> Response:
    """List the structure's requests, newest first; drafts that were thrown away only under their state."""
    wanted = PartnerFilters(state=state, turn=turn, kind=kind, number=q, sort=sort)
    written = await partner_page(session, actor, wanted, page)
    return Response(written, media_type="application/json")


@partner_reads.get(
    "/requests/{request_id}",
    operation_id="partner_read_request",
    responses=problems(RequestNotFound, ReadingBudgetSpent),
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER], shows=_WHOLE),
)
async def read_request(request_id: UUID, session: DbSession, actor: CurrentActor, response: Response) -> PartnerRequest:
    """Show one request: where it stands, whose turn it is, what was said, what may be done."""
    row = await queries.detail(session, actor, request_id)
    cards = await lists.one_card(session, actor, row.id, row.person_id)
    today = calendar_of(actor.caisse).today()
    settings = await settings_of(session, actor.caisse, today)
    set_etag(response, row.version)
    return views.partner_detail(actor, row, cards, today, shows_agents=settings.shows_agent_names)


@partner_reads.get(
    "/information-statement",
    operation_id="partner_information_statement",
    openapi_extra=access(Audience.PARTNER, purpose=SUBMIT, roles=[SENDER], journal=False),
)
async def information_statement(actor: CurrentActor, kind: RequestKind) -> Statement:
    """Give the text to be told to the person, or printed, before a request of a kind is sent."""
    text = current_statement(calendar_of(actor.caisse).today(), kind)
    return Statement(version=text.version, title=text.title, paragraphs=text.paragraphs)
