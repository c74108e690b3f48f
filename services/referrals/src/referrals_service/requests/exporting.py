"""Export of a structure's own requests: the list it reads every day, as a table. Names count in the reading budget."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import works
from referrals_service.ledger.codes import LedgerItem, RecipientKind
from referrals_service.ledger.recording import To, disclosed
from referrals_service.persons import budget
from referrals_service.persons.grants import FOLLOW
from referrals_service.persons.register import display_name
from referrals_service.requests import labels
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.partner_list import PartnerFilters, ask
from servicekit.access import Actor, Audience
from servicekit.exports import Batch, ExportColumn, ExportIn, Exporting, export_router
from servicekit.pages import PageParams, cursor_after
from servicekit.sheets.writing import Cell

_AT_ONCE: Final = 100


class RequestsWanted(ExportIn):
    """Which requests of the structure, and why."""

    state: CoarseState | None = Field(default=None)
    since_on: date | None = Field(default=None, description="les demandes créées depuis ce jour")


COLUMNS: Final = (
    ExportColumn("Numéro"),
    ExportColumn("Démarche"),
    ExportColumn("État"),
    ExportColumn("Personne", "identity"),
    ExportColumn("Date de naissance", "identity"),
    ExportColumn("Commune", "identity"),
    ExportColumn("Créée le"),
    ExportColumn("Envoyée le"),
    ExportColumn("Réponse attendue avant le"),
    ExportColumn("Dernier événement le"),
)


async def batch(session: AsyncSession, actor: Actor, parameters: Mapping[str, Any], position: str | None) -> Batch:
    """Return the next requests, newest first."""
    calendar = calendar_of(actor.caisse)
    state = parameters["state"]
    wanted = PartnerFilters(state=CoarseState(state) if state else None)
    asked = ask(actor, wanted, PageParams(_AT_ONCE - 1, position), calendar.today())
    found: str | None = await session.scalar(asked.statement, asked.parameters)
    rows: list[dict[str, Any]] = orjson.loads(found) if found else []
    full = len(rows) == _AT_ONCE
    if parameters["since_on"]:
        since = date.fromisoformat(parameters["since_on"])
        kept = [row for row in rows if _on(row["created_at"], actor) >= since]  # type: ignore[operator]  # always dated
        full = full and len(kept) == len(rows)
        rows = kept
    persons = [UUID(row["person_id"]) for row in rows if row["last_name"] is not None]
    await budget.spend(session, actor, persons)
    about = [(UUID(row["person_id"]), UUID(row["id"])) for row in rows if row["last_name"] is not None]
    to = To(RecipientKind.STRUCTURE, str(actor.structure_id))
    await disclosed(session, actor.caisse, about, LedgerItem.EXPORT, to, actor=actor.sub, structure=actor.structure_id)
    return Batch(
        rows=[_row(actor, row) for row in rows],
        resource=RESOURCE,
        resource_ids=[UUID(row["id"]) for row in rows],
        subjects=tuple(persons),
        position=cursor_after(rows[-1]["created_at"], rows[-1]["id"]) if full else None,
    )


def _row(actor: Actor, row: dict[str, Any]) -> list[Cell]:
    named = row["last_name"] is not None
    due_on = row["due_on"] if row["number"] else None
    return [
        row["number"],
        labels.KIND[row["kind"]],
        labels.PARTNER[row["coarse"]],
        display_name(row["first_names"], row["last_name"]) if named else None,
        date.fromisoformat(row["birth_on"]) if named else None,
        row["city"],
        _on(row["created_at"], actor),
        _on(row["submitted_at"], actor),
        date.fromisoformat(due_on) if due_on else None,
        _on(row["last_event_at"], actor),
    ]


def _on(at: str | None, actor: Actor) -> date | None:
    """Return the day of an instant where the caisse is."""
    return None if at is None else datetime.fromisoformat(at).astimezone(calendar_of(actor.caisse).zone).date()


EXPORTING: Final = Exporting("requests.export", "demandes", COLUMNS, batch)

EXPORTS: Final = export_router(
    "/api/v1/referrals/partner/exports/requests",
    EXPORTING,
    works,
    audience=Audience.PARTNER,
    roles=[SENDER],
    purpose=FOLLOW,
    operation="export_requests",
    asked=RequestsWanted,
)
