"""Exports: a table handed over for a written reason, made step by step, kept a day, fetched with a second factor.

    EXPORT = Exporting("structures.export", "structures", (ExportColumn("Nom"), …), batch)

    async def batch(session, actor, parameters, position) -> Batch:
        # rows that the actor may see, in a stable order, from after `position`

Identification numbers, secrets and medical groups cannot be declared as columns. Who was exported is journalled
with each batch; the row of the work keeps the reason and the number of rows (`done`).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import journal
from servicekit.access import FIELD_GROUPS, Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Conflict
from servicekit.problems import problems
from servicekit.route import router
from servicekit.sheets.writing import MEDIA_TYPES, Cell, Format, written
from servicekit.works import work as works_of
from servicekit.works.results import RESULT_REFUSALS, a_part, keep_result, result_of
from servicekit.works.routes import FILE_ANSWER, attachment
from servicekit.works.running import Kind, Pace, Works
from servicekit.works.states import WorkState
from servicekit.works.tables import work_parts
from servicekit.works.work import RESOURCE, Work, WorkNotFound, begin
from servicekit.writes import Receipt, receipt_of

KEPT: Final = timedelta(hours=24)
MOST_ROWS: Final = 20_000
NEVER: Final = frozenset({"nir", "social_secret", "medical", "medical_conclusion", "documents", "audit"})
_BATCH: Final = "batch"

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column, and the group of fields it shows."""

    heading: str
    group: str = "technical"

    def __post_init__(self) -> None:
        """Refuse what never leaves in a table."""
        if self.group not in FIELD_GROUPS - NEVER:
            raise ValueError(f"{self.group} is never exported")


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows, who they are about, and after what the next ones come (None: that was all)."""

    rows: list[list[Cell]]
    resource: str
    resource_ids: list[UUID]
    position: Any | None
    subjects: tuple[UUID, ...] = ()


class TooManyRows(Conflict):
    """The export would be larger than one may be."""

    slug = "too-many-rows"
    title = "Export trop volumineux"

    def __init__(self) -> None:
        super().__init__(f"Cet export dépasse {MOST_ROWS} lignes. Réduisez ce que vous demandez.")


class ExportIn(BaseModel):
    """An export to make: why, and as what kind of file."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(description="pourquoi cet export est nécessaire ; conservé et relu")
    form: Format = Format.CSV


Make = Callable[[AsyncSession, Actor, Mapping[str, Any], Any], Awaitable[Batch]]


@dataclass(frozen=True, slots=True)
class Exporting:
    """One export; `batch(session, actor, parameters, position)` gives its rows in the scope of who asked."""

    kind: str
    filename: str
    columns: tuple[ExportColumn, ...]
    batch: Make

    @property
    def shows(self) -> frozenset[str]:
        """Return the groups of fields it hands over."""
        return frozenset(column.group for column in self.columns)

    async def step(self, session: AsyncSession, work: Work, pace: Pace) -> bool:
        """Add batches until the step is over; then, in a step of its own, make the file."""
        seal = work.seal(session)
        position = work.position or {"after": None, "batches": 0, "all": False}
        if position["all"]:
            await self._make_file(session, work, position["batches"])
            return True
        while not (pace.over or position["all"]):
            batch = await self.batch(session, work.actor, work.parameters, position["after"])
            rank = position["batches"]
            content = orjson.dumps([[_packed(cell) for cell in row] for row in batch.rows])
            sealed = seal.seal(f"{_BATCH}|{rank}", content)
            await session.execute(insert(work_parts).values(**a_part(work, _BATCH, rank), sealed=sealed))
            journal.read(session, batch.resource, batch.subjects, resource_ids=batch.resource_ids, fields=self.shows)
            work.done += len(batch.rows)
            if work.done > MOST_ROWS:
                raise TooManyRows
            position = {"after": batch.position, "batches": rank + 1, "all": batch.position is None}
        work.position = position
        return False

    async def _make_file(self, session: AsyncSession, work: Work, batches: int) -> None:
        seal = work.seal(session)
        own = (work_parts.c.caisse == work.caisse, work_parts.c.work_id == work.id, work_parts.c.name == _BATCH)
        parts = select(work_parts.c.rank, work_parts.c.sealed).where(*own).order_by(work_parts.c.rank)
        rows: list[list[Cell]] = []
        for rank, sealed in (await session.execute(parts)).all():
            packed = orjson.loads(seal.open(f"{_BATCH}|{rank}", sealed))
            rows.extend([_unpacked(cell) for cell in row] for row in packed)
        assert batches > 0  # noqa: S101 - an export without rows has one empty batch
        content = written(Format(work.parameters["form"]), [column.heading for column in self.columns], rows)
        await keep_result(session, work, content)
        await session.execute(delete(work_parts).where(*own))
        work.total = work.done


def _packed(cell: Cell) -> Any:
    return {"on": cell.isoformat()} if isinstance(cell, date) else cell


def _unpacked(cell: Any) -> Cell:
    return date.fromisoformat(cell["on"]) if isinstance(cell, dict) else cell


def export_router(
    prefix: str,
    exporting: Exporting,
    works: Works,
    *,
    audience: Audience,
    roles: Iterable[str],
    purpose: str,
    operation: str,
    asked: type[ExportIn] = ExportIn,
) -> APIRouter:
    """Return the two routes of an export, each asking for a second factor: have it made, fetch it."""
    works.add(Kind(exporting.kind, exporting.step))
    routes = router(prefix, tags=["exports"])
    roles = list(roles)

    async def start_export(given: ExportIn, session: DbSession, actor: CurrentActor, response: Response) -> Receipt:
        """Prépare un export ; le motif et le nombre de lignes sont conservés, le fichier 24 heures."""
        parameters = given.model_dump(mode="json", exclude={"reason"})
        work = await begin(
            session,
            actor,
            exporting.kind,
            state=WorkState.WAITING,
            keep=KEPT,
            parameters=parameters,
            reason=given.reason,
        )
        await works.start(session, work)
        journal.change(session, f"{exporting.kind}.ask", RESOURCE, work.id, after=given.model_dump(mode="json"))
        return receipt_of(response, work, work.state)

    start_export.__annotations__["given"] = asked
    routes.add_api_route(
        "",
        start_export,
        methods=["POST"],
        operation_id=f"{operation}_start",
        summary="Demander un export",
        status_code=status.HTTP_201_CREATED,
        responses=problems(),
        openapi_extra=access(audience, purpose=purpose, roles=roles, shows=exporting.shows, step_up=True),
    )

    @routes.get(
        "/{work_id}/file",
        operation_id=f"{operation}_file",
        summary="Récupérer un export",
        response_class=Response,
        responses=FILE_ANSWER | problems(WorkNotFound, *RESULT_REFUSALS),
        openapi_extra=access(audience, purpose=purpose, roles=roles, shows=exporting.shows, step_up=True),
    )
    async def export_file(work_id: UUID, session: DbSession, actor: CurrentActor) -> Response:
        """Donne le fichier de l'export, tant qu'il est gardé."""
        work = await works_of.get(session, actor, work_id, kind=exporting.kind)
        content = await result_of(session, work)
        journal.read(session, RESOURCE, (), resource_ids=[work.id])
        form = Format(work.parameters["form"])
        name = f"{exporting.filename}-{work.created_at:%Y-%m-%d}.{form}"
        return attachment(content, MEDIA_TYPES[form], name)

    return routes
