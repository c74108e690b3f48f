"""Every SELECT on campaigns and detections: those of the caisse, for those who work on the mission's queue."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.detections.codes import DetectionState
from referrals_service.detections.models import Detection, DetectionCall, DetectionCampaign
from servicekit.access import Actor
from servicekit.errors import NotFound


class CampaignNotFound(NotFound):
    """No such campaign in this caisse."""

    slug = "campaign-not-found"
    title = "Campagne introuvable"

    def __init__(self) -> None:
        super().__init__("Cette campagne n'existe pas dans votre caisse.")


class DetectionNotFound(NotFound):
    """No such detection in this caisse."""

    slug = "detection-not-found"
    title = "Détection introuvable"

    def __init__(self) -> None:
        super().__init__("Cette détection n'existe pas dans votre caisse.")


def campaigns_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the columns of the caisse's campaigns."""
    return select(*DetectionCampaign.__table__.columns).where(DetectionCampaign.caisse == actor.caisse)


async def campaign(session: AsyncSession, actor: Actor, campaign_id: UUID, *, lock: bool = False) -> DetectionCampaign:
    """Return a campaign of the caisse. Raises `CampaignNotFound`."""
    one = select(DetectionCampaign).where(DetectionCampaign.caisse == actor.caisse, DetectionCampaign.id == campaign_id)
    found = (await session.scalars(one.with_for_update() if lock else one)).one_or_none()
    if found is None:
        raise CampaignNotFound
    return found


async def counts(
    session: AsyncSession, actor: Actor, campaigns: Iterable[UUID]
) -> dict[UUID, dict[DetectionState, int]]:
    """Return how many detections of each campaign stand where."""
    grouped = (
        select(Detection.campaign_id, Detection.state, func.count().label("many"))
        .where(Detection.caisse == actor.caisse, Detection.campaign_id.in_(list(campaigns)))
        .group_by(Detection.campaign_id, Detection.state)
    )
    found: dict[UUID, dict[DetectionState, int]] = {}
    for row in await session.execute(grouped):
        found.setdefault(row.campaign_id, {})[DetectionState(row.state)] = row.many
    return found


def detections_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the columns of the caisse's detections, with those of their campaigns."""
    return (
        select(
            *Detection.__table__.columns,
            DetectionCampaign.name.label("campaign_name"),
            DetectionCampaign.mode,
            DetectionCampaign.population,
        )
        .join(
            DetectionCampaign,
            (DetectionCampaign.caisse == Detection.caisse) & (DetectionCampaign.id == Detection.campaign_id),
        )
        .where(Detection.caisse == actor.caisse)
    )


async def detection_for_update(session: AsyncSession, actor: Actor, detection_id: UUID) -> Detection:
    """Return a detection of the caisse, locked. Raises `DetectionNotFound`."""
    one = select(Detection).where(Detection.caisse == actor.caisse, Detection.id == detection_id)
    found = (await session.scalars(one.with_for_update())).one_or_none()
    if found is None:
        raise DetectionNotFound
    return found


async def calls_of(session: AsyncSession, actor: Actor, detection_id: UUID) -> list[DetectionCall]:
    """Return the calls of a detection, oldest first."""
    calls = select(DetectionCall).where(
        DetectionCall.caisse == actor.caisse, DetectionCall.detection_id == detection_id
    )
    return list((await session.scalars(calls.order_by(DetectionCall.at, DetectionCall.id))).all())
