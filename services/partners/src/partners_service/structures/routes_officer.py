"""What the data-protection officer of a caisse decides about its structures."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from partners_service.codes import StructureState
from partners_service.identifiers import name_key
from partners_service.lifecycle import TransitionRefused
from partners_service.roles import Role
from partners_service.structures import presenting, queries
from partners_service.structures.models import Structure
from partners_service.structures.schemas import NirDecisionIn, StructureItem, SuspensionIn
from servicekit import clock, journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import NotFound, StaleVersion
from servicekit.facts import emit
from servicekit.pages import Page, PageQuery
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of

OFFICER = router("/api/v1/partners/officer", tags=["structures"])

READS = access(Audience.OFFICER, purpose="partner.read")
DECIDES = access(Audience.OFFICER, purpose="partner.manage", roles=[Role.DPO])
REFUSALS = problems(NotFound, TransitionRefused, StaleVersion)


@OFFICER.get("/structures", summary="Structures de la caisse", openapi_extra=READS)
async def list_structures_for_officers(
    session: DbSession,
    actor: CurrentActor,
    page: PageQuery,
    q: Annotated[str | None, Query(max_length=100, description="partie du nom")] = None,
    state: StructureState | None = None,
) -> Page[StructureItem]:
    """Les structures de la caisse, par ordre alphabétique."""
    statement = queries.visible_to(actor)
    if q is not None and (wanted := name_key(q)):
        statement = statement.where(Structure.name_key.contains(wanted, autoescape=True))
    if state is not None:
        statement = statement.where(Structure.state == state)
    structures, next_cursor = await queries.page_of(session, statement, page)
    journal.read(session, "structure", (), resource_ids=[s.id for s in structures])
    return Page(items=[presenting.item(s) for s in structures], next_cursor=next_cursor)


@OFFICER.post(
    "/structures/{structure_id}/suspend",
    summary="Suspendre une structure",
    responses=REFUSALS,
    openapi_extra=DECIDES,
)
async def suspend_structure_as_officer(
    structure_id: UUID,
    body: SuspensionIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Suspend une structure : plus personne n'agit en son nom, ses demandes sont gardées."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    emit(session, structure.suspend(body.reason, actor, clock.now()))
    return receipt_of(response, structure, structure.state)


@OFFICER.post(
    "/structures/{structure_id}/nir",
    summary="Décider de la saisie du NIR",
    responses=REFUSALS,
    openapi_extra=DECIDES,
)
async def decide_nir(
    structure_id: UUID,
    body: NirDecisionIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Permet ou interdit à une structure de saisir un NIR (décret 2019-341, article 2 : liste limitative)."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    journal.change(
        session,
        "decide_nir",
        "structure",
        structure.id,
        before={"nir_allowed": structure.nir_allowed},
        after={"nir_allowed": body.allowed},
    )
    emit(session, structure.decide_nir(clock.now(), allowed=body.allowed))
    return receipt_of(response, structure, structure.state)
