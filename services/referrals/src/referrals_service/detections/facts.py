"""Facts about detections by campaign: codes and ids, for indicators; a referral that follows has facts of its own."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from referrals_service.detections.codes import CampaignMode, DetectionState, TargetPopulation
from servicekit.facts import Fact


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DetectionSubject(_Part):
    """The detection, its campaign and the person."""

    detection: UUID
    campaign: UUID
    person: UUID


class Recorded(_Part):
    """How the person was found."""

    mode: CampaignMode
    population: TargetPopulation | None


class DetectionRecorded(Fact[DetectionSubject, Recorded]):
    """A campaign brought somebody in; nothing was offered yet."""

    type: Literal["detection.recorded"] = "detection.recorded"


class Ended(_Part):
    """What became of it after how many calls that reached nobody, and the referral that follows, if any."""

    mode: CampaignMode
    population: TargetPopulation | None
    state: DetectionState
    unreached: int
    request: UUID | None


class DetectionEnded(Fact[DetectionSubject, Ended]):
    """The mission was accepted or declined, or could not be offered."""

    type: Literal["detection.ended"] = "detection.ended"
