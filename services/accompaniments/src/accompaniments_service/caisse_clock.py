"""The days of a caisse: its time zone (overseas too) and the public holidays of its department."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.network.models import BodyClock
from servicekit import clock
from servicekit.errors import Unavailable
from servicekit.workdays import DayKind, is_open


@dataclass(frozen=True, slots=True)
class CaisseClock:
    """Where a caisse counts its days."""

    department: str
    zone: ZoneInfo

    def today(self) -> date:
        """Return the present date there."""
        return clock.today(self.zone)

    def day_of(self, at: datetime) -> date:
        """Return the date there of an instant."""
        return at.astimezone(self.zone).date()

    def is_holiday(self, day: date) -> bool:
        """Tell whether `day` is a public holiday there; a year the file does not cover has none."""
        if day.isoweekday() == 7:
            return False
        try:
            return not is_open(day, DayKind.OUVRABLE, self.department)
        except LookupError:
            return False


async def clock_of(session: AsyncSession, caisse: str) -> CaisseClock:
    """Return the clock of a caisse, as `partners` described it; `Unavailable` until that is known."""
    row = (
        await session.execute(select(BodyClock.department, BodyClock.time_zone).where(BodyClock.caisse == caisse))
    ).one_or_none()
    if row is None:
        raise Unavailable("L'agenda de votre caisse se prépare. Réessayez dans quelques instants.")
    return CaisseClock(row.department, ZoneInfo(row.time_zone))
