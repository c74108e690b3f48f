"""Entering, correcting and approving structures: complete, of a department that exists, and not there twice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.bodies.queries import department_exists, today
from partners_service.codes import StructureState
from partners_service.identifiers import name_key
from partners_service.lifecycle import IN_SERVICE, STRUCTURE, StructureAct, follow, possible
from partners_service.parameters import Parameters, parameters_of
from partners_service.structures import facts, queries
from partners_service.structures.models import Structure
from partners_service.structures.schemas import StructureIn
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.errors import Conflict, DomainError, Invalid, Json

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('twins of ' || :caisse, 0))")


class DuplicateStructure(DomainError):
    """Another structure in service has the same SIRET, or the same name in the same commune."""

    slug = "duplicate-structure"
    title = "Cette structure est déjà partenaire"

    def __init__(self, twin: UUID) -> None:
        super().__init__(
            "Une structure déjà partenaire porte le même SIRET, ou le même nom dans la même commune. "
            "Refusez cette demande pour doublon, ou corrigez-la.",
            twin=str(twin),
        )


async def register(
    session: AsyncSession,
    actor: Actor,
    known: StructureIn,
    at: datetime,
    *,
    prospect: bool,
    parameters: Parameters | None = None,
) -> tuple[Structure, facts.StructureRegistered]:
    """Enter a structure, as a prospect or with its request to be registered."""
    await _require_acceptable(session, known, complete=not prospect)
    parameters = parameters or await parameters_of(session, actor.caisse, await today(session, actor.caisse))
    state = StructureState.PROSPECT if prospect else StructureState.REGISTRATION_REQUESTED
    structure = Structure(
        caisse=actor.caisse,
        id=new_id(),
        state=state,
        nir_allowed=known.kind in parameters.nir_allowed_kinds,
        portal_opened_on=None,
        version=1,
        created_at=at,
        changed_at=at,
        max_accounts=known.max_accounts or parameters.max_accounts,
        **_columns(known),
    )
    session.add(structure)
    return structure, structure.enter(actor, at)


async def request_registration(
    session: AsyncSession, actor: Actor, prospect: Structure, known: StructureIn, at: datetime
) -> facts.StructureRegistrationRequested:
    """Complete what is known of a prospect and ask for its registration."""
    follow(STRUCTURE, StructureAct.REQUEST_REGISTRATION, prospect.state)
    await _require_acceptable(session, known, complete=True)
    _write(prospect, known)
    return prospect.request_registration(actor, at)


async def amend(
    session: AsyncSession, actor: Actor, structure: Structure, known: StructureIn, at: datetime
) -> facts.StructureAmended:
    """Correct what is known of a structure; whether it may type a NIR stays as it was decided."""
    if not possible(STRUCTURE, structure.state):
        raise Conflict("Cette structure est refusée ou fermée : sa fiche ne change plus.")
    await _require_acceptable(session, known, complete=structure.state is not StructureState.PROSPECT)
    _write(structure, known)
    if structure.state in IN_SERVICE:
        await require_no_twin(session, actor, structure)
    return structure.amended(at)


async def require_no_twin(session: AsyncSession, actor: Actor, structure: Structure) -> None:
    """Refuse a duplicate. One approval at a time in a caisse, so that two twins cannot both look alone."""
    with session.no_autoflush:  # the present values are compared by hand, not yet in the table
        await one_at_a_time(session, structure.caisse)
        twin = await queries.twin(session, actor, structure)
    if twin is not None:
        raise DuplicateStructure(twin)


async def one_at_a_time(session: AsyncSession, caisse: str) -> None:
    """Wait for whoever is approving or importing structures in the caisse, until the end of the transaction."""
    await session.execute(_ONE_AT_A_TIME, {"caisse": caisse})


def missing(known: StructureIn) -> list[Json]:
    """Return what a registration needs beside what a prospect has."""
    errors: list[Json] = []
    if known.siret is None and known.finess is None:
        errors.append({"field": "siret", "message": "Indiquez le SIRET ou le numéro FINESS de la structure."})
    if known.referent is None:
        errors.append({"field": "referent", "message": "Indiquez la personne référente de la structure."})
    return errors


async def _require_acceptable(session: AsyncSession, known: StructureIn, *, complete: bool) -> None:
    errors = missing(known) if complete else []
    if not await department_exists(session, known.department):
        errors.append({"field": "department", "message": "Ce département n'existe pas."})
    if errors:
        raise Invalid("Complétez la fiche de la structure.", errors=errors)


def _write(structure: Structure, known: StructureIn) -> None:
    for column, value in _columns(known).items():
        setattr(structure, column, value)
    structure.max_accounts = known.max_accounts or structure.max_accounts


def _columns(known: StructureIn) -> dict[str, Any]:
    referent = known.referent
    return {
        "kind": known.kind,
        "name": known.name,
        "name_key": name_key(known.name),
        "siret": known.siret,
        "finess": known.finess,
        "department": known.department,
        "address_lines": known.address.lines,
        "postcode": known.address.postcode,
        "commune": known.address.commune,
        "commune_key": name_key(known.address.commune),
        "phone": known.phone,
        "referent_first_name": referent and referent.first_name,
        "referent_last_name": referent and referent.last_name,
        "referent_job_title": referent and referent.job_title,
        "referent_email": referent and referent.email,
        "referent_phone": referent and referent.phone,
    }
