"""The structures of a caisse, as its agents read them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from partners_service.codes import StructureKind, StructureState
from partners_service.identifiers import name_key
from partners_service.structures import presenting, queries
from partners_service.structures.models import Structure
from partners_service.structures.schemas import StructureForAgent, StructureItem
from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import NotFound
from servicekit.pages import Page, PageQuery
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import set_etag

AGENT = router("/api/v1/partners/agent", tags=["structures"])

READS = access(Audience.AGENT, purpose="partner.read", shows=["technical", "identity"])


@AGENT.get("/structures", summary="Structures de la caisse", openapi_extra=READS)
async def list_structures(
    session: DbSession,
    actor: CurrentActor,
    page: PageQuery,
    q: Annotated[str | None, Query(max_length=100, description="début ou partie du nom ou de la commune")] = None,
    state: StructureState | None = None,
    kind: StructureKind | None = None,
) -> Page[StructureItem]:
    """Les structures de la caisse, par ordre alphabétique."""
    statement = queries.visible_to(actor)
    if q is not None and (wanted := name_key(q)):
        statement = statement.where(
            Structure.name_key.contains(wanted, autoescape=True)
            | Structure.commune_key.startswith(wanted, autoescape=True)
        )
    if state is not None:
        statement = statement.where(Structure.state == state)
    if kind is not None:
        statement = statement.where(Structure.kind == kind)
    structures, next_cursor = await queries.page_of(session, statement, page)
    journal.read(session, "structure", (), resource_ids=[s.id for s in structures])
    return Page(items=[presenting.item(s) for s in structures], next_cursor=next_cursor)


@AGENT.get(
    "/structures/{structure_id}",
    summary="Une structure",
    responses=problems(NotFound),
    openapi_extra=READS,
)
async def read_structure(
    structure_id: UUID, session: DbSession, actor: CurrentActor, response: Response
) -> StructureForAgent:
    """La fiche d'une structure : ses comptes, ses formations, ses droits, son histoire."""
    structure = await queries.get(session, actor, structure_id)
    people = await queries.people(session, structure)
    journal.read(session, "structure", [p.account_id for p in people], resource_ids=[structure.id])
    set_etag(response, structure.version)
    return presenting.for_agent(
        actor,
        structure,
        people,
        await queries.trainings(session, structure),
        await queries.rights(session, structure),
        await queries.history(session, structure),
    )
