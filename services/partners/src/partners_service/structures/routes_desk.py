"""What the partner desk of a caisse does to its structures: one route an act (workflows, part 1)."""

from uuid import UUID

from fastapi import Response

from partners_service.accounts.ending import end_all
from partners_service.bodies.queries import today
from partners_service.lifecycle import TransitionRefused
from partners_service.parameters import parameters_of
from partners_service.roles import PARTNER_DESK
from partners_service.structures import queries
from partners_service.structures.registering import (
    DuplicateStructure,
    amend,
    register,
    request_registration,
    require_no_twin,
)
from partners_service.structures.schemas import (
    ClosingIn,
    OpeningIn,
    RefusalIn,
    RegistrationIn,
    StructureIn,
    SuspensionIn,
)
from servicekit import clock, journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Conflict, Invalid, NotFound, StaleVersion
from servicekit.facts import emit
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of

DESK = router("/api/v1/partners/agent", tags=["structures"])

MANAGES = access(Audience.AGENT, purpose="partner.manage", roles=PARTNER_DESK)
REFUSALS = problems(NotFound, TransitionRefused, StaleVersion)


@DESK.post(
    "/structures",
    status_code=201,
    summary="Inscrire une structure",
    responses=problems(Invalid),
    openapi_extra=MANAGES,
)
async def register_structure(
    body: RegistrationIn, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Inscrit une structure : à prospecter, ou avec sa demande d'inscription complète."""
    structure, registered = await register(session, actor, body, clock.now(), prospect=body.prospect)
    journal.change(session, "register_structure", "structure", structure.id, after=body.model_dump(mode="json"))
    emit(session, registered)
    return receipt_of(response, structure, structure.state)


@DESK.post(
    "/structures/{structure_id}/amend",
    summary="Corriger la fiche",
    responses=REFUSALS | problems(Conflict, Invalid, DuplicateStructure),
    openapi_extra=MANAGES,
)
async def amend_structure(
    structure_id: UUID,
    body: StructureIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Corrige la fiche d'une structure qui n'est ni refusée ni fermée."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    emit(session, await amend(session, actor, structure, body, clock.now()))
    return receipt_of(response, structure, structure.state)


@DESK.post(
    "/structures/{structure_id}/request-registration",
    summary="Demander l'inscription d'un prospect",
    responses=REFUSALS | problems(Invalid),
    openapi_extra=MANAGES,
)
async def request_structure_registration(
    structure_id: UUID,
    body: StructureIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Complète la fiche d'un prospect et demande son inscription."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    emit(session, await request_registration(session, actor, structure, body, clock.now()))
    return receipt_of(response, structure, structure.state)


@DESK.post(
    "/structures/{structure_id}/approve",
    summary="Approuver l'inscription",
    responses=REFUSALS | problems(DuplicateStructure),
    openapi_extra=MANAGES,
)
async def approve_structure(
    structure_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Approuve une inscription qui n'est pas un doublon (SIRET, ou nom et commune)."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    approved = structure.approve(actor, clock.now())
    await require_no_twin(session, actor, structure)
    emit(session, approved)
    return receipt_of(response, structure, structure.state)


@DESK.post(
    "/structures/{structure_id}/refuse",
    summary="Refuser l'inscription",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def refuse_structure(
    structure_id: UUID,
    body: RefusalIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Refuse une inscription, avec un motif."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    emit(session, structure.refuse(body.reason, actor, clock.now()))
    return receipt_of(response, structure, structure.state)


@DESK.post(
    "/structures/{structure_id}/open-portal",
    summary="Ouvrir l'Espace Partenaires",
    responses=REFUSALS | problems(Invalid),
    openapi_extra=MANAGES,
)
async def open_portal(
    structure_id: UUID,
    body: OpeningIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Ouvre l'Espace Partenaires à une structure approuvée (ESP-04)."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    present = await today(session, actor.caisse)
    opened_on = body.opened_on or present
    launched_on = (await parameters_of(session, actor.caisse, present)).portal_launched_on
    if not launched_on <= opened_on <= present:
        message = f"Choisissez un jour entre le {launched_on:%d/%m/%Y} et aujourd'hui."
        raise Invalid(
            "La date d'ouverture n'est pas possible.",
            rule="ESP-04",
            errors=[{"field": "opened_on", "message": message, "rule": "ESP-04"}],
        )
    emit(session, structure.open_portal(opened_on, actor, clock.now()))
    return receipt_of(response, structure, structure.state)


@DESK.post(
    "/structures/{structure_id}/suspend",
    summary="Suspendre",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def suspend_structure(
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


@DESK.post(
    "/structures/{structure_id}/reactivate",
    summary="Lever la suspension",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def reactivate_structure(
    structure_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Lève la suspension d'une structure."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    emit(session, structure.reactivate(actor, clock.now()))
    return receipt_of(response, structure, structure.state)


@DESK.post(
    "/structures/{structure_id}/close",
    summary="Fermer",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def close_structure(
    structure_id: UUID,
    body: ClosingIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Ferme une structure pour de bon : les rôles de ses membres et ses invitations prennent fin."""
    structure = await queries.get_for_change(session, actor, structure_id, version)
    now = clock.now()
    closed = structure.close(body.reason, actor, now)
    emit(session, closed, *await end_all(session, actor, structure.id, now))
    return receipt_of(response, structure, structure.state)
