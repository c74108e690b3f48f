"""Campaigns: opened for a while, closed by hand or by their date (MIS-18)."""

from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.detections import queries
from referrals_service.detections.codes import CampaignState, DetectionState
from referrals_service.detections.ending import end
from referrals_service.detections.models import Detection, DetectionCampaign
from referrals_service.detections.schemas import CampaignIn
from referrals_service.jobs import jobs
from referrals_service.requests.caisse_calendar import calendar_of
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.errors import Conflict
from servicekit.writes import require_version

RESOURCE: Final = "detection_campaign"
AT_ONCE: Final = 100


class CampaignOver(Conflict):
    """The campaign was closed, or its time has not come or has passed."""

    slug = "campaign-over"
    title = "Campagne fermée"

    def __init__(self) -> None:
        super().__init__("Cette campagne n'est pas ouverte aujourd'hui : elle est fermée, à venir ou terminée.")


async def open_campaign(session: AsyncSession, actor: Actor, given: CampaignIn) -> DetectionCampaign:
    """Open a campaign; its detections come by import."""
    campaign = DetectionCampaign(
        caisse=actor.caisse,
        id=new_id(),
        version=1,
        name=given.name,
        mode=given.mode,
        population=given.population,
        from_on=given.from_on,
        until_on=given.until_on,
        state=CampaignState.OPEN,
        created_by=actor.sub,
        created_at=clock.now(),
    )
    session.add(campaign)
    journal.change(session, "campaign.open", RESOURCE, campaign.id)
    return campaign


async def close_campaign(session: AsyncSession, actor: Actor, campaign_id: UUID, version: int) -> DetectionCampaign:
    """Close a campaign: nobody is called for it any more; those who still waited are forgotten by `lapse`."""
    campaign = await queries.campaign(session, actor, campaign_id, lock=True)
    require_version(campaign.version, version)
    if campaign.state == CampaignState.CLOSED:
        raise CampaignOver
    campaign.state = CampaignState.CLOSED
    campaign.version += 1
    journal.change(session, "campaign.close", RESOURCE, campaign.id)
    return campaign


def require_running(campaign: DetectionCampaign) -> None:
    """Refuse a campaign that is closed, or not in its time. Raises `CampaignOver`."""
    today = calendar_of(campaign.caisse).today()
    if campaign.state != CampaignState.OPEN or not campaign.from_on <= today <= campaign.until_on:
        raise CampaignOver


@jobs.every("detections.lapse", cron="*/10 * * * *")
async def lapse(session: AsyncSession) -> None:
    """Forget those whom a campaign that is over did not come to ask."""
    over = or_(DetectionCampaign.state == CampaignState.CLOSED, DetectionCampaign.until_on < clock.now().date())
    waiting = (
        select(Detection)
        .join(
            DetectionCampaign,
            (DetectionCampaign.caisse == Detection.caisse) & (DetectionCampaign.id == Detection.campaign_id),
        )
        .where(Detection.state == DetectionState.TO_OFFER, over)
        .order_by(Detection.created_at, Detection.id)
        .limit(AT_ONCE)
        .with_for_update(of=Detection, skip_locked=True)
    )
    for detection in (await session.scalars(waiting)).all():
        campaign = await session.get_one(DetectionCampaign, (detection.caisse, detection.campaign_id))
        # West of Greenwich the last day may still be running.
        if campaign.state == CampaignState.CLOSED or campaign.until_on < calendar_of(campaign.caisse).today():
            await end(session, detection, DetectionState.LAPSED, by="svc-referrals")
