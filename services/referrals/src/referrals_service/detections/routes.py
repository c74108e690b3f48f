"""What the mission does with its campaigns: managers open them and bring lists in, advisers offer (MIS-18, MIS-19)."""

from typing import Final
from uuid import UUID

from fastapi import Response, status

from referrals_service.detections import campaigns, offering, queries, views
from referrals_service.detections.campaigns import CampaignOver
from referrals_service.detections.codes import DetectionState
from referrals_service.detections.models import Detection, DetectionCampaign
from referrals_service.detections.offering import RESOURCE, AlreadyEnded
from referrals_service.detections.queries import CampaignNotFound, DetectionNotFound
from referrals_service.detections.schemas import (
    Agreed,
    AgreedIn,
    CallIn,
    Campaign,
    CampaignIn,
    DetectionDetail,
    DetectionRow,
)
from referrals_service.persons import register
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import TRIAGE
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.abilities import MISAS_MANAGERS, MISAS_ROLES
from referrals_service.requests.filing import AlreadyOpen
from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid, StaleVersion, VersionRequired
from servicekit.pages import Key, Page, PageQuery, paginate
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of, set_etag, tagged

agent_campaigns = router("/api/v1/referrals/agent/campaigns", tags=["agent"])
agent_detections = router("/api/v1/referrals/agent/detections", tags=["agent"])

_MANAGE: Final = access(Audience.AGENT, purpose=TRIAGE, roles=sorted(MISAS_MANAGERS))
_COUNTED: Final = access(Audience.AGENT, purpose=TRIAGE, roles=sorted(MISAS_ROLES), journal=False)
_SHOWN: Final = access(Audience.AGENT, purpose=TRIAGE, roles=sorted(MISAS_ROLES), shows=("technical", "identity"))
_OFFER: Final = access(Audience.AGENT, purpose=TRIAGE, roles=sorted(MISAS_ROLES))
_C: Final = DetectionCampaign.__table__.c
_D: Final = Detection.__table__.c
_NEWEST: Final[list[Key]] = [(_C.created_at, "desc"), (_C.id, "desc")]
_OLDEST: Final[list[Key]] = [(_D.created_at, "asc"), (_D.id, "asc")]
_ACTS: Final = (DetectionNotFound, AlreadyEnded, CampaignOver, PersonNotFound, StaleVersion, VersionRequired)


@agent_campaigns.get("", operation_id="agent_list_campaigns", openapi_extra=_COUNTED)
async def list_campaigns(session: DbSession, actor: CurrentActor, page: PageQuery) -> Page[Campaign]:
    """List the campaigns of the caisse, the newest first, with how many detections stand where."""
    rows, cursor = await paginate(session, queries.campaigns_of(actor), _NEWEST, page)
    counts = await queries.counts(session, actor, [row.id for row in rows])
    return Page(items=[views.campaign(row, counts.get(row.id, {})) for row in rows], next_cursor=cursor)


@agent_campaigns.post(
    "",
    operation_id="agent_open_campaign",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=_MANAGE,
)
async def open_campaign(given: CampaignIn, session: DbSession, actor: CurrentActor, response: Response) -> Receipt:
    """Open a campaign by query or by population; its list comes by import."""
    campaign = await campaigns.open_campaign(session, actor, given)
    return receipt_of(response, campaign, campaign.state)


@agent_campaigns.get(
    "/{campaign_id}",
    operation_id="agent_read_campaign",
    responses=problems(CampaignNotFound),
    openapi_extra=_COUNTED,
)
async def read_campaign(campaign_id: UUID, session: DbSession, actor: CurrentActor, response: Response) -> Campaign:
    """Show a campaign and what became of its list."""
    campaign = await queries.campaign(session, actor, campaign_id)
    counts = await queries.counts(session, actor, [campaign_id])
    set_etag(response, campaign.version)
    return views.campaign(campaign, counts.get(campaign_id, {}))


@agent_campaigns.post(
    "/{campaign_id}/close",
    operation_id="agent_close_campaign",
    responses=problems(CampaignNotFound, CampaignOver, StaleVersion, VersionRequired),
    openapi_extra=_MANAGE,
)
async def close_campaign(
    campaign_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """End a campaign before its date: nobody else is called for it, and who was not yet asked is forgotten."""
    campaign = await campaigns.close_campaign(session, actor, campaign_id, version)
    return receipt_of(response, campaign, campaign.state)


@agent_detections.get(
    "", operation_id="agent_list_detections", responses=problems(ReadingBudgetSpent), openapi_extra=_SHOWN
)
async def list_detections(
    session: DbSession,
    actor: CurrentActor,
    page: PageQuery,
    state: DetectionState = DetectionState.TO_OFFER,
    campaign: UUID | None = None,
) -> Page[DetectionRow]:
    """List detections, those to be offered unless told otherwise, the oldest first."""
    wanted = queries.detections_of(actor).where(Detection.state == state)
    if campaign is not None:
        wanted = wanted.where(Detection.campaign_id == campaign)
    rows, cursor = await paginate(session, wanted, _OLDEST, page)
    cards = await register.card(session, actor, [row.person_id for row in rows])
    journal.read(session, RESOURCE, list(cards), resource_ids=[row.id for row in rows])
    return Page(items=[views.detection(row, cards.get(row.person_id)) for row in rows], next_cursor=cursor)


@agent_detections.get(
    "/{detection_id}",
    operation_id="agent_read_detection",
    responses=problems(DetectionNotFound, ReadingBudgetSpent),
    openapi_extra=_SHOWN,
)
async def read_detection(
    detection_id: UUID, session: DbSession, actor: CurrentActor, response: Response
) -> DetectionDetail:
    """Show a detection with the number to call and the calls made."""
    row = (await session.execute(queries.detections_of(actor).where(Detection.id == detection_id))).one_or_none()
    if row is None:
        raise DetectionNotFound
    cards = await register.card(session, actor, [row.person_id])
    journal.read(session, RESOURCE, list(cards), resource_ids=[row.id])
    set_etag(response, row.version)
    return views.detail(
        row,
        cards.get(row.person_id),
        await queries.calls_of(session, actor, detection_id),
        giving_up=await offering.calls_before_giving_up(session, actor.caisse),
        offer=row.state == DetectionState.TO_OFFER and row.person_id in cards,
    )


@agent_detections.post(
    "/{detection_id}/calls",
    operation_id="agent_log_detection_call",
    responses=problems(*_ACTS),
    openapi_extra=_OFFER,
)
async def log_call(
    detection_id: UUID, given: CallIn, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Keep what a call gave. Declining ends the detection, as do several calls that reach nobody (MIS-22)."""
    detection = await offering.log_call(session, actor, detection_id, version, given)
    return receipt_of(response, detection, detection.state)


@agent_detections.post(
    "/{detection_id}/agree",
    operation_id="agent_agree_detection",
    responses=problems(*_ACTS, AlreadyOpen, Invalid),
    openapi_extra=_OFFER,
)
async def agree(
    detection_id: UUID, given: AgreedIn, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Agreed:
    """File the referral that the person just agreed to on the telephone."""
    return tagged(response, await offering.agree(session, actor, detection_id, version, given))
