"""What is sent and answered about campaigns and detections. Outputs have no default."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from referrals_service.detections.codes import (
    CallOutcome,
    CampaignMode,
    CampaignState,
    DetectionState,
    TargetPopulation,
)
from referrals_service.persons.views import PersonCard
from referrals_service.requests.forms.misas import MisasFormIn
from referrals_service.texts import Line
from servicekit.writes import Receipt


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CampaignIn(_In):
    """A campaign to open. A population is named for the mode of that name, and for no other (MIS-18)."""

    name: Annotated[Line, StringConstraints(min_length=3, max_length=120)]
    mode: CampaignMode
    population: TargetPopulation | None = None
    from_on: date
    until_on: date

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.mode is CampaignMode.POPULATION) != (self.population is not None):
            raise ValueError("Indiquez la population visée, pour une campagne par population et pour elle seule.")
        if self.until_on < self.from_on:
            raise ValueError("La fin de la campagne vient après son début.")
        return self


class CallIn(_In):
    """What a call gave, short of an agreement, which comes with the form."""

    outcome: Literal[
        CallOutcome.NO_ANSWER,
        CallOutcome.VOICEMAIL,
        CallOutcome.WRONG_NUMBER,
        CallOutcome.CALL_BACK,
        CallOutcome.DECLINED,
    ]


class AgreedIn(_In):
    """What the person agreed to on the telephone. The agreement is the call's: its date and channel are not asked."""

    form: MisasFormIn


class Campaign(BaseModel):
    """A campaign, and how many of its detections stand where."""

    id: UUID
    version: int
    name: str
    mode: CampaignMode
    population: TargetPopulation | None
    from_on: date
    until_on: date
    state: CampaignState
    created_at: datetime
    counts: dict[DetectionState, int]


class DetectionRow(BaseModel):
    """A detection in the inbox. `person` is null for whom nobody entrusted to the reader."""

    id: UUID
    version: int
    campaign_id: UUID
    campaign_name: str
    mode: CampaignMode
    population: TargetPopulation | None
    person_id: UUID
    person: PersonCard | None
    state: DetectionState
    unreached: int
    created_at: datetime
    last_call_at: datetime | None


class Call(BaseModel):
    """A call, and who made it."""

    id: UUID
    at: datetime
    by: str
    outcome: CallOutcome


class DetectionDetail(DetectionRow):
    """A detection, with the number to call while it is to be offered and to whoever the person is entrusted."""

    phone: str | None
    calls: list[Call]
    calls_before_giving_up: int
    request_id: UUID | None
    offer: bool
    """Whether the reader may offer now."""


class Agreed(Receipt):
    """A detection that was accepted, and the referral that follows."""

    request_id: UUID
    number: str
