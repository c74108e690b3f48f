"""Every reading of structures; each starts from what the actor may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Account, Assignment, Invitation
from partners_service.accounts.schemas import RoleInStructure
from partners_service.codes import AccountState, InvitationState
from partners_service.lifecycle import IN_SERVICE
from partners_service.structures.models import Structure
from partners_service.structures.schemas import PersonOfStructure, TransitionOut
from partners_service.trainings.models import RightHeld, Training
from partners_service.transitions import Transition
from servicekit.access import Actor, Audience
from servicekit.errors import NotFound
from servicekit.pages import Key, PageParams, paginate
from servicekit.writes import require_version


def visible_to(actor: Actor) -> Select[Structure]:
    """Return the structures that `actor` may see: one's own, or those of the caisse."""
    statement = select(Structure).where(Structure.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        statement = statement.where(Structure.id == actor.structure_id)
    return statement


async def get(session: AsyncSession, actor: Actor, structure_id: UUID) -> Structure:
    """Return one structure; NotFound when there is none that `actor` may see."""
    found = (await session.scalars(visible_to(actor).where(Structure.id == structure_id))).one_or_none()
    if found is None:
        raise NotFound("Cette structure n'existe pas dans votre caisse.")
    return found


async def get_for_change(session: AsyncSession, actor: Actor, structure_id: UUID, version: int) -> Structure:
    """Return one structure, locked, if it still is in the version that was read."""
    statement = visible_to(actor).where(Structure.id == structure_id).with_for_update()
    found = (await session.scalars(statement)).one_or_none()
    if found is None:
        raise NotFound("Cette structure n'existe pas dans votre caisse.")
    require_version(found.version, version)
    return found


async def page_of(
    session: AsyncSession, statement: Select[Structure], page: PageParams
) -> tuple[Sequence[Structure], str | None]:
    """Return one page of structures, by name."""
    columns = statement.add_columns(Structure.name_key, Structure.id)
    keys: list[Key] = [(Structure.__table__.c.name_key, "asc"), (Structure.__table__.c.id, "asc")]
    rows, next_cursor = await paginate(session, columns, keys, page)
    return [row[0] for row in rows], next_cursor


def after(name_key: str, structure_id: UUID) -> ColumnElement[bool]:
    """Return what comes after a structure in the order of names."""
    return tuple_(Structure.name_key, Structure.id) > tuple_(literal(name_key), literal(structure_id))


async def twin(session: AsyncSession, actor: Actor, structure: Structure) -> UUID | None:
    """Return another structure in service with the same SIRET, or the same name in the same commune."""
    same: list[ColumnElement[bool]] = [
        (Structure.name_key == structure.name_key) & (Structure.commune_key == structure.commune_key)
    ]
    if structure.siret is not None:
        same.append(Structure.siret == structure.siret)
    statement = (
        visible_to(actor)
        .with_only_columns(Structure.id)
        .where(Structure.id != structure.id, Structure.state.in_(IN_SERVICE), or_(*same))
        .limit(1)
    )
    return (await session.scalars(statement)).first()


async def count_open_accounts(session: AsyncSession, caisse: str, structure_id: UUID) -> int:
    """Count the people who hold a role in the structure and whose account is not closed."""
    statement = (
        select(func.count(Assignment.account_id.distinct()))
        .join(Account, Account.id == Assignment.account_id)
        .where(
            Assignment.caisse == caisse,
            Assignment.structure_id == structure_id,
            Assignment.ended_at.is_(None),
            Account.state != AccountState.CLOSED,
        )
    )
    return (await session.execute(statement)).scalar_one()


async def people(session: AsyncSession, structure: Structure) -> Sequence[PersonOfStructure]:
    """Return who holds a role in the structure, by name."""
    pending = (Invitation.account_id == Account.id) & (Invitation.state == InvitationState.PENDING)
    statement = (
        select(Account, Assignment, Invitation.expires_at)
        .join(Assignment, Assignment.account_id == Account.id)
        .outerjoin(Invitation, pending)
        .where(
            Assignment.caisse == structure.caisse,
            Assignment.structure_id == structure.id,
            Assignment.ended_at.is_(None),
        )
        .order_by(Account.name_key, Account.id, Assignment.id)
    )
    found: dict[UUID, PersonOfStructure] = {}
    for account, assignment, expires_at in (await session.execute(statement)).all():
        person = PersonOfStructure(
            account_id=account.id,
            first_name=account.first_name,
            last_name=account.last_name,
            email=account.email,
            job_title=account.job_title,
            roles=[],
            state=account.state,
            withheld=account.withheld,
            own=account.caisse == structure.caisse,
            invitation_expires_at=expires_at,
            version=account.version,
        )
        held = RoleInStructure(id=assignment.id, role=assignment.role, version=assignment.version)
        found.setdefault(account.id, person).roles.append(held)
    return list(found.values())


async def trainings(session: AsyncSession, structure: Structure) -> Sequence[Training]:
    """Return the trainings of the structure and of its people, newest first."""
    statement = (
        select(Training)
        .where(Training.caisse == structure.caisse, Training.structure_id == structure.id)
        .order_by(Training.id.desc())
        .limit(200)
    )
    return (await session.scalars(statement)).all()


async def rights(session: AsyncSession, structure: Structure) -> Sequence[RightHeld]:
    """Return every right the structure and its people hold or held, newest first."""
    statement = (
        select(RightHeld)
        .where(RightHeld.caisse == structure.caisse, RightHeld.structure_id == structure.id)
        .order_by(RightHeld.id.desc())
    )
    return (await session.scalars(statement)).all()


async def history(session: AsyncSession, structure: Structure) -> Sequence[TransitionOut]:
    """Return the changes of state of the structure itself, newest first."""
    statement = (
        select(Transition)
        .where(
            Transition.caisse == structure.caisse,
            Transition.structure_id == structure.id,
            Transition.account_id.is_(None),
            Transition.training_id.is_(None),
        )
        .order_by(Transition.id.desc())
    )
    return [
        TransitionOut.model_validate(
            {
                "at": row.at,
                "from_state": row.from_state,
                "to_state": row.to_state,
                "reason": row.reason,
                "by": row.by_sub,
            }
        )
        for row in (await session.scalars(statement)).all()
    ]
