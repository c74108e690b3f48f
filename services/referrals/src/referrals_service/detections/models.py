"""Campaigns, the detections they bring in, and the calls by which the mission is offered.

A detection holds a person, a number to call and codes: nothing is written about anybody. Once it is over, the
number goes, and the person is no longer open to the mission through it.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base
from referrals_service.detections import codes
from servicekit.models import one_of


class DetectionCampaign(Base):
    """A list of people to whom the mission is to be offered: who made it, how, for how long."""

    __tablename__ = "detection_campaigns"
    __table_args__ = (
        one_of("mode", codes.CampaignMode),
        one_of("population", codes.TargetPopulation),
        one_of("state", codes.CampaignState),
        CheckConstraint("(mode = 'population') = (population IS NOT NULL)", name="population_named"),
        CheckConstraint("until_on >= from_on", name="until_after_from"),
        Index("ix_detection_campaigns_newest", "caisse", text("created_at DESC"), text("id DESC")),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    mode: Mapped[str]
    population: Mapped[str | None]
    from_on: Mapped[date]
    until_on: Mapped[date]
    state: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class Detection(Base):
    """Somebody a campaign found. `entered` says that the list brought the person into the register."""

    __tablename__ = "detections"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "campaign_id"], ["detection_campaigns.caisse", "detection_campaigns.id"]),
        ForeignKeyConstraint(["caisse", "person_id"], ["persons.caisse", "persons.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["caisse", "request_id"], ["requests.caisse", "requests.id"]),
        UniqueConstraint("caisse", "campaign_id", "person_id"),
        one_of("state", codes.DetectionState),
        CheckConstraint("(state = 'to_offer') = (phone IS NOT NULL)", name="phone_while_to_offer"),
        CheckConstraint("(state = 'to_offer') = (ended_at IS NULL)", name="ended_at_iff_ended"),
        CheckConstraint("(state = 'accepted') = (request_id IS NOT NULL)", name="request_iff_accepted"),
        Index(None, "caisse", "created_at", "id", postgresql_where=text("state = 'to_offer'")),
        Index(None, "caisse", "person_id"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    campaign_id: Mapped[UUID]
    person_id: Mapped[UUID]
    entered: Mapped[bool]
    phone: Mapped[str | None]
    state: Mapped[str]
    unreached: Mapped[int] = mapped_column(SmallInteger)
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    last_call_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    request_id: Mapped[UUID | None]


class DetectionCall(Base):
    """A call by which the mission was offered, or could not be. Never changed."""

    __tablename__ = "detection_calls"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "detection_id"], ["detections.caisse", "detections.id"], ondelete="CASCADE"),
        one_of("outcome", codes.CallOutcome),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    detection_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    outcome: Mapped[str]
