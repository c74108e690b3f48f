"""The routes by which a person follows works of their own; a service mounts them once for each audience."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import StaleVersion, VersionRequired
from servicekit.pages import Key, Page, PageQuery, paginate
from servicekit.problems import problems
from servicekit.route import router
from servicekit.sheets.writing import MEDIA_TYPES
from servicekit.works import work as works_of
from servicekit.works.states import WorkState
from servicekit.works.tables import works
from servicekit.works.views import WorkView, view
from servicekit.works.work import RESOURCE, Work, WorkNotFound, WorkOver, holder_of
from servicekit.writes import IfMatch, Receipt, receipt_of, require_version, set_etag

OWN: Final = "work.own"
_NEWEST: Final[list[Key]] = [(works.c.created_at, "desc"), (works.c.id, "desc")]


def works_router(service: str, audience: Audience) -> APIRouter:
    """Return `/api/v1/{service}/{audience}/works`: what I started in my present role, one of them, stop it."""
    routes = router(f"/api/v1/{service}/{audience}/works", tags=["works"])
    name = f"{service}_{audience}"
    mine: dict[str, Any] = access(audience, purpose=OWN, journal=False)

    @routes.get("", operation_id=f"{name}_list_works", summary="Mes travaux", openapi_extra=mine)
    async def list_works(session: DbSession, actor: CurrentActor, page: PageQuery) -> Page[WorkView]:
        """Les travaux que j'ai lancés dans mon rôle actif, du plus récent au plus ancien."""
        statement = select(works).where(works.c.caisse == actor.caisse, works.c.holder == holder_of(actor))
        rows, next_cursor = await paginate(session, statement, _NEWEST, page)
        return Page(items=[view(Work.of(row)) for row in rows], next_cursor=next_cursor)

    @routes.get(
        "/{work_id}",
        operation_id=f"{name}_read_work",
        summary="Un de mes travaux",
        responses=problems(WorkNotFound),
        openapi_extra=mine,
    )
    async def read_work(work_id: UUID, session: DbSession, actor: CurrentActor, response: Response) -> WorkView:
        """Où en est un travail, et ce qu'il a donné."""
        work = await works_of.get(session, actor, work_id)
        set_etag(response, work.version)
        return view(work)

    @routes.post(
        "/{work_id}/cancel",
        operation_id=f"{name}_cancel_work",
        summary="Arrêter un travail",
        responses=problems(WorkNotFound, WorkOver),
        openapi_extra=access(audience, purpose=OWN),
    )
    async def cancel_work(work_id: UUID, session: DbSession, actor: CurrentActor, response: Response) -> Receipt:
        """Arrête un travail avant sa prochaine étape ; ce qui est déjà fait reste fait.

        Sans If-Match : un travail en cours change de version à chaque étape.
        """
        work = await works_of.get_for_change(session, actor, work_id)
        await works_of.cancel(session, work)
        journal.change(session, "work.cancel", RESOURCE, work.id)
        return receipt_of(response, work, work.state)

    return routes


async def prepared(session: DbSession, actor: CurrentActor, work_id: UUID, kind: str, version: IfMatch) -> Work:
    """Return a prepared work of the actor's, locked, in the version that was read."""
    work = await works_of.get_for_change(session, actor, work_id, kind=kind)
    if work.state is not WorkState.PREPARED:
        raise WorkOver
    require_version(work.version, version)
    return work


CONFIRM_REFUSALS: Final = (WorkNotFound, WorkOver, StaleVersion, VersionRequired)


FILE_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Un tableau",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES.values()},
    }
}


def attachment(content: bytes, media_type: str, filename: str) -> Response:
    """Answer a file to keep, never shown in place nor kept by a cache."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
