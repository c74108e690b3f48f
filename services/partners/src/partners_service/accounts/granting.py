"""Giving a role: where, from when until when, in which unit."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Assignment
from partners_service.accounts.schemas import AssignmentIn
from partners_service.bodies.models import Unit
from partners_service.roles import STANDINGS, Role
from partners_service.structures.models import Structure
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.errors import DomainError, Forbidden, Invalid
from servicekit.facts import emit


@dataclass(frozen=True, slots=True)
class Post:
    """What the person is invited to do, where, from when until when."""

    caisse: str
    role: Role
    from_on: date
    until_on: date | None = None
    structure: Structure | None = None
    unit: str | None = None

    @property
    def audience(self) -> Audience:
        """Return the audience the role belongs to."""
        return STANDINGS[self.role].audience

    @property
    def structure_id(self) -> UUID | None:
        """Return the structure, of a partner."""
        return self.structure.id if self.structure else None


class AlreadyThere(DomainError):
    """The person already has this role here."""

    slug = "already-there"
    title = "Cette personne a déjà un compte ici"

    def __init__(self, detail: str = "Cette personne a déjà ce rôle ici.") -> None:
        super().__init__(detail)


class OwnRole(Forbidden):
    """Nobody gives themselves a right: it takes two (the roles of a protection officer above all)."""

    slug = "own-role"
    title = "Un rôle ne se donne pas à soi-même"

    def __init__(self) -> None:
        super().__init__("Demandez à une autre personne habilitée de vous donner ce rôle.")


def grant(
    session: AsyncSession, actor: Actor, account_id: UUID, post: Post, at: datetime, *, announced: bool = True
) -> Assignment:
    """Give the role; unannounced for a withheld account, which nobody outside may hear of."""
    assignment = Assignment(
        caisse=post.caisse,
        id=new_id(),
        account_id=account_id,
        audience=post.audience,
        role=post.role,
        structure_id=post.structure_id,
        unit=post.unit,
        from_on=post.from_on,
        until_on=post.until_on,
        granted_by=actor.sub,
        granted_at=at,
        ended_on=None,
        ended_by=None,
        ended_at=None,
        version=1,
    )
    session.add(assignment)
    if announced:
        emit(session, assignment.granted())
    return assignment


async def staff_post(session: AsyncSession, caisse: str, wanted: AssignmentIn, today: date) -> Post:
    """Return the post that an officer asks for; Invalid when a body's own people cannot hold it so."""
    standing = STANDINGS[wanted.role]
    if standing.audience not in {Audience.AGENT, Audience.OFFICER, Audience.PILOT}:
        raise _refused("role", "Ce rôle n'est pas un rôle d'agent.")
    if wanted.unit is None:
        if standing.needs_unit:
            raise _refused("unit", "Ce rôle s'exerce dans une unité : choisissez-la.")
    else:
        unit = await session.get(Unit, (caisse, wanted.unit))
        if unit is None:
            raise _refused("unit", "Cette unité n'existe pas dans votre organisme.")
        if unit.kind not in standing.units:
            raise _refused("unit", "Ce rôle ne s'exerce pas dans cette unité.")
    from_on = wanted.from_on or today
    if wanted.until_on is not None and wanted.until_on < from_on:
        raise _refused("until_on", "La fin ne peut pas précéder le début.")
    return Post(caisse, wanted.role, from_on, until_on=wanted.until_on, unit=wanted.unit)


def _refused(field: str, message: str) -> Invalid:
    return Invalid("Ce rôle ne peut pas être donné ainsi.", errors=[{"field": field, "message": message}])
