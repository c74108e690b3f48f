"""What the law leaves each caisse to choose about requests, and what holds where it did not choose.

National values stand in `data/request_settings.csv` with their source; a caisse's own stand in the table
`request_settings`, from a date on, with the source it gives.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from referrals_service.requests.caisse_calendar import Delay
from referrals_service.requests.codes import Queue, RequestKind, TrainingRule
from referrals_service.requests.lifecycle import LIFECYCLES
from servicekit.workdays import DayKind


class DelaySetting(BaseModel):
    """A delay as a setting writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=1, le=365)]
    kind: DayKind

    @property
    def delay(self) -> Delay:
        """Return the delay to count with."""
        return Delay(self.days, self.kind)


class CaisseSettings(BaseModel):
    """The settings of one caisse on one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    misas_training: TrainingRule
    misas_review: DelaySetting
    portal_answer: DelaySetting
    urgent_answer: DelaySetting
    ss_first_call: DelaySetting
    misas_first_contact: DelaySetting
    draft_life_days: Annotated[int, Field(ge=1, le=365)]
    delay_window_days: Annotated[int, Field(ge=7, le=730)]
    refused_readable_days: Annotated[int, Field(ge=1, le=180)]
    shows_agent_names: bool
    document_reread_days: Annotated[int, Field(ge=1, le=365)]
    consent_days: Annotated[int, Field(ge=30, le=1096)]
    detection_calls: Annotated[int, Field(ge=1, le=10)]
    detection_rest_days: Annotated[int, Field(ge=0, le=1830)]
    completion_days: Annotated[int, Field(ge=1, le=180)]
    answer_read_days: Annotated[int, Field(ge=1, le=365)]
    reopening_days: Annotated[int, Field(ge=1, le=365)]
    silence_manager: DelaySetting
    silence_region: DelaySetting
    lup_ends_on: date | None
    routing: dict[str, Queue]

    def review_delay(self, kind: RequestKind) -> DelaySetting:
        """Return the delay in which a request of `kind` is owed an answer."""
        match kind:
            case RequestKind.MISAS_REFERRAL:
                return self.misas_review
            case RequestKind.URGENT:
                return self.urgent_answer
            case RequestKind.SS_REFERRAL:
                return self.ss_first_call
            case _:
                return self.portal_answer

    def queue_of(self, kind: RequestKind, topic: str) -> Queue:
        """Return the queue of a request (ESP-03): the caisse's routing of the topic, of the kind, or the usual one."""
        usual = LIFECYCLES[kind].queue
        return self.routing.get(f"{kind}.{topic}", self.routing.get(kind, usual))

    def lup_is_open(self, day: date) -> bool:
        """Tell whether the urgency line still answers on `day` (LUP-07)."""
        return self.lup_ends_on is None or day <= self.lup_ends_on


@dataclass(frozen=True, slots=True)
class National:
    """A national value, since when, and where it comes from."""

    key: str
    valid_from: date
    value: Any
    source: str
    legal_basis: str | None


@cache
def national() -> tuple[National, ...]:
    """Return the national values, oldest first."""
    with (files("referrals_service") / "data/request_settings.csv").open(encoding="utf-8") as lines:
        found = [
            National(
                key=row["key"],
                valid_from=date.fromisoformat(row["valid_from"]),
                value=json.loads(row["value"]),
                source=row["source"],
                legal_basis=row["legal_basis"] or None,
            )
            for row in csv.DictReader(lines)
        ]
    return tuple(sorted(found, key=lambda n: n.valid_from))


def settings_on(day: date, chosen: Mapping[str, Any]) -> CaisseSettings:
    """Return the settings of a day; `chosen` holds the caisse's own values in force that day.

    Before the first national value the first one holds: a file taken over from paper may be older.
    """
    if not chosen:
        return _national_on(day)
    return CaisseSettings.model_validate(_national_values(day) | dict(chosen))


def _national_values(day: date) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for line in national():
        if line.valid_from <= day or line.key not in values:
            values[line.key] = line.value
    return values


@lru_cache(maxsize=32)
def _national_on(day: date) -> CaisseSettings:
    return CaisseSettings.model_validate(_national_values(day))
