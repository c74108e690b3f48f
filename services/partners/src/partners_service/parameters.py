"""What the law or the national frame leaves each caisse to choose, and what holds where it did not choose.

National values stand in `data/parameters.csv` with their source; a caisse's own stand in the table
`parameters`, from a date on, with the source it gives.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from partners_service.base import Base
from partners_service.codes import StructureKind, TrainingKind
from partners_service.rights import Policy


class ParameterChosen(Base):
    """A caisse's own value, in force from a day until a later one replaces it."""

    __tablename__ = "parameters"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    source: Mapped[str]
    legal_basis: Mapped[str | None]


class Parameters(BaseModel):
    """The values of one caisse on one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    portal_launched_on: date
    invitation_hours: Annotated[int, Field(ge=1, le=168)]
    max_accounts: Annotated[int, Field(ge=1, le=500)]
    charter_version: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{1,2}$")]
    lup_months: Annotated[int, Field(ge=1, le=120)] | None
    misas_detector_months: Annotated[int, Field(ge=1, le=120)] | None
    misas_training_required: bool
    lup_ends_on: date | None
    nir_allowed_kinds: frozenset[StructureKind]

    def months_of(self, kind: TrainingKind) -> int | None:
        """Return for how long a training of this kind is valid; None without end."""
        by_kind = {TrainingKind.LUP: self.lup_months, TrainingKind.MISAS_DETECTOR: self.misas_detector_months}
        return by_kind[kind]

    @property
    def policy(self) -> Policy:
        """Return what `rights` needs to know."""
        return Policy(misas_training_required=self.misas_training_required, lup_ends_on=self.lup_ends_on)


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
    with (files("partners_service") / "data/parameters.csv").open(encoding="utf-8") as lines:
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


def parameters_on(day: date, chosen: Mapping[str, Any]) -> Parameters:
    """Return the values of a day; `chosen` holds the caisse's own in force that day.

    Before the first national value the first one holds: what is taken over from paper may be older.
    """
    values: dict[str, Any] = {}
    for line in national():
        if line.valid_from <= day or line.key not in values:
            values[line.key] = line.value
    return Parameters.model_validate(values | dict(chosen))


async def parameters_of(session: AsyncSession, caisse: str, day: date) -> Parameters:
    """Return the values of `caisse` on that day."""
    statement = (
        select(ParameterChosen.key, ParameterChosen.value)
        .where(ParameterChosen.caisse == caisse, ParameterChosen.valid_from <= day)
        .order_by(ParameterChosen.valid_from)
    )
    return parameters_on(day, {row.key: row.value for row in (await session.execute(statement)).all()})
