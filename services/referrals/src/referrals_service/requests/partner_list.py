"""The structure's own list: the page that is read most.

One statement, written by hand, gives the page as JSON with the names beside the requests; what people read is
added and the bytes go out, without an object a row. Who may see a name is what `persons.grants.open_to` says of
a structure; names are counted in the budget and journalled like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import Query
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import budget, phones
from referrals_service.persons.register import display_name, number_of
from referrals_service.requests import labels, queries
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, RequestKind, Turn
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.views import due_in, sender_abilities
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.pages import PageParams, after_cursor, cursor_after

Number = Annotated[
    str,
    Query(pattern=r"^[0-9A-Za-z_-]{1,30}$", description="a number, its beginning, or its last digits for this year"),
]


class PartnerSort(StrEnum):
    """Newest first, or what moved last first."""

    CREATED = "created"
    LAST_EVENT = "last_event"


@dataclass(frozen=True, slots=True)
class PartnerFilters:
    """What a structure looks for among its requests."""

    state: CoarseState | None = None
    turn: Turn | None = None
    kind: RequestKind | None = None
    number: str | None = None
    sort: PartnerSort = PartnerSort.CREATED


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement and what it is sent with."""

    statement: TextClause
    parameters: dict[str, Any]


# The page first, then each of its names by key: `OFFSET 0` keeps the planner from joining whole registers to it,
# as it did with the statistics of a new database.
_PAGE: Final = """
    SELECT CAST(json_agg(page) AS text) FROM (
        SELECT r.*, p.* FROM (
            SELECT id, version, number, kind, topic, urgent, state, coarse, turn, person_id, created_at,
                submitted_at, due_on, lapses_on, last_event, last_event_at, unread_by_partner AS unread
            FROM requests
            WHERE caisse = :caisse AND structure_id = :structure AND {conditions}
            ORDER BY {sort} DESC, id DESC LIMIT :most
        ) r
        LEFT JOIN LATERAL (
            SELECT p.number AS person_number, p.first_names, p.last_name, p.birth_on, p.phone, p.city,
                i.kind AS identifier_kind
            FROM persons p
            LEFT JOIN person_identifiers i
                ON i.caisse = :caisse AND i.person_id = r.person_id AND i.until_at IS NULL
            WHERE p.caisse = :caisse AND p.id = r.person_id AND EXISTS (
                SELECT FROM person_grants g
                WHERE g.caisse = :caisse AND g.person_id = r.person_id AND g.holder_kind = 'structure'
                    AND g.holder = :holder AND g.purpose IN ('referral.submit', 'referral.follow')
                    AND g.revoked_at IS NULL AND g.from_at <= :now AND (g.until_at IS NULL OR g.until_at > :now)
            )
            OFFSET 0
        ) p ON true
        ORDER BY r.{sort} DESC, r.id DESC
    ) page
"""
_SORTED_BY: Final = {PartnerSort.CREATED: "created_at", PartnerSort.LAST_EVENT: "last_event_at"}


@lru_cache(maxsize=128)
def _statement(conditions: Sequence[str], sort: str) -> TextClause:
    return text(_PAGE.format(conditions=" AND ".join(conditions), sort=sort))


def ask(actor: Actor, wanted: PartnerFilters, page: PageParams, today: date) -> Asked:
    """Return the statement of a page. Drafts that were thrown away are shown only when asked for."""
    sort = _SORTED_BY[wanted.sort]
    conditions: list[str] = []
    parameters: dict[str, Any] = {
        "caisse": actor.caisse,
        "structure": actor.structure_id,
        "holder": str(actor.structure_id),
        "now": clock.now(),
        "most": page.limit + 1,
    }

    def where(condition: str, **values: Any) -> None:
        conditions.append(condition)
        parameters.update(values)

    if wanted.state is None:
        where("(number IS NOT NULL OR coarse = 'draft')")
    else:
        where("coarse = :state", state=str(wanted.state))
    if wanted.turn is not None:
        where("turn = :turn", turn=str(wanted.turn))
    if wanted.kind is not None:
        where("kind = :kind", kind=str(wanted.kind))
    if wanted.number is not None:
        first, beyond = queries.number_range(wanted.number, actor.caisse, today.year)
        where("number >= :first AND number < :beyond", first=first, beyond=beyond)
    if page.cursor is not None:
        at, request_id = after_cursor(page.cursor, datetime, UUID)
        where(f"({sort}, id) < (:after_at, :after_id)", after_at=at, after_id=request_id)
    return Asked(_statement(tuple(conditions), sort), parameters)


async def partner_page(session: AsyncSession, actor: Actor, wanted: PartnerFilters, page: PageParams) -> bytes:
    """Return one page of the structure's requests, as `Page[PartnerRequestRow]` written out."""
    today = calendar_of(actor.caisse).today()
    asked = ask(actor, wanted, page, today)
    found: str | None = await session.scalar(asked.statement, asked.parameters)
    rows: list[dict[str, Any]] = orjson.loads(found) if found else []
    cursor = None
    if len(rows) > page.limit:
        del rows[page.limit :]
        cursor = cursor_after(rows[-1][_SORTED_BY[wanted.sort]], rows[-1]["id"])
    persons = [UUID(row["person_id"]) for row in rows if row["last_name"] is not None]
    await budget.spend(session, actor, persons)
    journal.read(session, RESOURCE, persons, resource_ids=[UUID(row["id"]) for row in rows])
    return orjson.dumps({"items": [_shown(actor, row, today) for row in rows], "next_cursor": cursor})


def _shown(actor: Actor, row: dict[str, Any], today: date) -> dict[str, Any]:
    """Return a `PartnerRequestRow` as JSON has it; a test compares it with the model, field by field."""
    state = row["coarse"]
    return {
        "id": row["id"],
        "version": row["version"],
        "number": row["number"],
        "kind": row["kind"],
        "topic": row["topic"] or None,
        "urgent": row["urgent"],
        "state": state,
        "state_label": labels.PARTNER[state],
        "turn": row["turn"],
        "person": None if row["last_name"] is None else _card(actor.caisse, row),
        "created_at": row["created_at"],
        "submitted_at": row["submitted_at"],
        "due_on": row["due_on"],
        "lapses_on": row["lapses_on"],
        "working_days_left": due_in(actor.caisse, state, today, row["due_on"]),
        "last_event": row["last_event"],
        "last_event_at": row["last_event_at"],
        "unread": row["unread"],
        "abilities": _abilities(actor.role, row["kind"], row["state"]),
    }


def _card(caisse: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["person_id"],
        "number": number_of(caisse, row["person_number"]),
        "display_name": display_name(row["first_names"], row["last_name"]),
        "birth_on": row["birth_on"],
        "phone_masked": None if row["phone"] is None else phones.masked(row["phone"]),
        "city": row["city"],
        "identifier_kind": row["identifier_kind"],
    }


@lru_cache(maxsize=256)
def _abilities(role: str, kind: str, state: str) -> dict[str, bool]:
    return sender_abilities(role, kind, state).model_dump()
