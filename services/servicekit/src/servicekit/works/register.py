"""The register of exports: who took what out, when, why and how many rows. Kept a year, re-read by the DPO."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.pages import Key, Page, PageQuery, paginate
from servicekit.route import router
from servicekit.works.states import WorkState
from servicekit.works.tables import works
from servicekit.works.work import RESOURCE, Work

_READERS: Final = ("dpo",)
_NEWEST: Final[list[Key]] = [(works.c.created_at, "desc"), (works.c.id, "desc")]


class ExportLine(BaseModel):
    """An export. `parameters` say which rows were asked for; `rows` how many there were."""

    id: UUID
    kind: str
    account: UUID
    role: str
    structure: UUID | None
    reason: str
    parameters: dict[str, Any]
    state: WorkState
    rows: int
    asked_at: datetime
    ended_at: datetime | None


def exports_register(service: str) -> APIRouter:
    """Return `/api/v1/{service}/officer/exports`; a service that exports mounts it."""
    routes = router(f"/api/v1/{service}/officer/exports", tags=["exports"])

    @routes.get(
        "",
        operation_id=f"{service}_officer_list_exports",
        summary="Registre des exports",
        openapi_extra=access(Audience.OFFICER, purpose="security.audit", roles=_READERS, shows=["technical", "audit"]),
    )
    async def list_exports(session: DbSession, actor: CurrentActor, page: PageQuery) -> Page[ExportLine]:
        """Les exports de l'organisme, du plus récent au plus ancien : par qui, pourquoi, combien de lignes."""
        exports = select(works).where(works.c.caisse == actor.caisse, works.c.reason.is_not(None))
        rows, next_cursor = await paginate(session, exports, _NEWEST, page)
        journal.read(session, RESOURCE, (), resource_ids=[row.id for row in rows])
        return Page(items=[_line(Work.of(row)) for row in rows], next_cursor=next_cursor)

    return routes


def _line(work: Work) -> ExportLine:
    return ExportLine(
        id=work.id,
        kind=work.kind,
        account=work.actor.account_id,
        role=work.actor.role,
        structure=work.actor.structure,
        reason=work.reason or "",
        parameters=work.parameters,
        state=work.state,
        rows=work.done,
        asked_at=work.created_at,
        ended_at=work.ended_at,
    )
