"""How many persons an account is shown. One hijacked account must not empty a register (threat T3).

Counts distinct persons over the last hour (an alert) and the last 24 hours (a refusal), wherever names are
shown: each person of a list counts, and counts once however often shown again. The machine's clock: it never
travels. A reading is written in the transaction that shows the names; when it is refused nothing was shown.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from prometheus_client import Counter
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.models import PersonReading
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.settings import settings_of
from servicekit import clock
from servicekit.access import Actor
from servicekit.db import array_of_ids
from servicekit.errors import TooMany
from servicekit.telemetry import log

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(hours=24)
_GRAIN: Final = timedelta(minutes=1)
"""A person shown again within this time is not written again: reading a list twice costs no write."""

ALERTS: Final = Counter("reading_budget_alerts_total", "Reading budgets passed", ["limit", "role"])

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:account, 7265616469))")

_COUNT_SHOWN = text(
    "SELECT count(*) FROM person_readings WHERE caisse = :caisse AND account = :account "
    "AND person_id = ANY(CAST(:persons AS uuid[])) AND last_at > :since"
)


class ReadingBudgetSpent(TooMany):
    """The account was shown as many persons as it may be over 24 hours."""

    slug = "reading-budget-spent"
    title = "Limite de consultation atteinte"

    def __init__(self, limit: int, retry_at: datetime | None, zone: ZoneInfo) -> None:
        again = f" Vous pourrez reprendre le {retry_at.astimezone(zone):%d/%m à %H:%M}." if retry_at else ""
        super().__init__(
            f"Vous avez consulté {limit} personnes en 24 heures, le maximum prévu pour votre rôle.{again} "
            "Si votre travail l'exige, adressez-vous à votre responsable.",
            retry_at=retry_at.isoformat() if retry_at else None,
        )


async def spend(session: AsyncSession, actor: Actor, person_ids: Collection[UUID]) -> None:
    """Count `person_ids` as shown to `actor`, or raise `ReadingBudgetSpent` and count nothing.

    Requests of one account that show somebody new take turns, so that two at once cannot both take the last
    place; requests that show only persons already counted neither wait nor write.
    """
    shown = frozenset(person_ids)
    now = clock.system_now()
    if not shown or await _all_shown_since(session, actor, shown, now - _GRAIN):
        return
    seen = await _seen(session, actor, now - DAY)
    stale = [person for person in shown if person not in seen or seen[person] <= now - _GRAIN]
    if not stale:
        return
    budget = settings_of(session).budget_of(actor.role)
    if not shown <= seen.keys():
        await session.execute(_ONE_AT_A_TIME, {"account": actor.sub})
        seen = await _seen(session, actor, now - DAY, forget=True)
        if len(seen.keys() | shown) > budget.hard_per_day:
            _alert("hard", actor)
            retry_at = _room_at(seen, len(shown - seen.keys()), budget.hard_per_day)
            raise ReadingBudgetSpent(budget.hard_per_day, retry_at, calendar_of(actor.caisse).zone)
    in_the_hour = {person for person, at in seen.items() if at > now - HOUR}
    await _write(session, actor, stale, now)
    if len(in_the_hour) <= budget.soft_per_hour < len(in_the_hour | shown):
        _alert("soft", actor)


async def _all_shown_since(session: AsyncSession, actor: Actor, shown: Collection[UUID], since: datetime) -> bool:
    """Tell whether nothing is left to count: the usual case of a list that is read again."""
    asked = {"caisse": actor.caisse, "account": actor.sub, "persons": array_of_ids(shown), "since": since}
    counted: int | None = await session.scalar(_COUNT_SHOWN, asked)
    return counted == len(shown)


async def _seen(session: AsyncSession, actor: Actor, since: datetime, *, forget: bool = False) -> dict[UUID, datetime]:
    """Return when the account was last shown each person since then.

    `forget` removes the readings that no longer count; the journal has them for as long as the law says.
    """
    mine = PersonReading.account == actor.sub
    rows = (await session.execute(select(PersonReading.person_id, PersonReading.last_at).where(mine))).all()
    seen = {row.person_id: row.last_at for row in rows if row.last_at > since}
    if forget and len(seen) < len(rows):
        await session.execute(delete(PersonReading).where(mine, PersonReading.last_at <= since))
    return seen


async def _write(session: AsyncSession, actor: Actor, person_ids: Iterable[UUID], now: datetime) -> None:
    # In one order for everybody: two requests that refresh the same persons must not lock them crosswise.
    rows = [
        {"caisse": actor.caisse, "account": actor.sub, "person_id": person, "last_at": now}
        for person in sorted(person_ids)
    ]
    reading = insert(PersonReading)
    await session.execute(
        reading.on_conflict_do_update(
            index_elements=["caisse", "account", "person_id"],
            set_={"last_at": func.greatest(PersonReading.last_at, reading.excluded.last_at)},
        ).values(rows)
    )


def _room_at(seen: dict[UUID, datetime], wanted: int, limit: int) -> datetime | None:
    """Return when enough readings will be a day old for `wanted` more; None when they are too many for any day."""
    if wanted > limit:
        return None
    return sorted(seen.values())[len(seen) + wanted - limit - 1] + DAY


def _alert(limit: str, actor: Actor) -> None:
    ALERTS.labels(limit, actor.role).inc()
    # The request id leads to the account in the gateway's journal.
    log.warning("reading budget passed", limit=limit, role=actor.role, audience=str(actor.audience), txn=actor.txn)
