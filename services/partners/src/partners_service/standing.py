"""What a structure and a person may do on a day, read from the database and answered by the pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Account, Assignment
from partners_service.bodies.queries import zone_of
from partners_service.codes import AccountState, StructureState
from partners_service.parameters import parameters_of
from partners_service.rights import AccountAt, Rights, Step, StructureAt, rights_at, state_on
from partners_service.structures.models import Structure
from partners_service.trainings.models import RightHeld
from partners_service.transitions import Transition
from servicekit import clock


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer, with the rows it rests on."""

    structure: StructureAt
    account: AccountAt | None
    rights: Rights
    held: Sequence[RightHeld]


async def standing_of(session: AsyncSession, structure: Structure, account: Account | None, on: date) -> Standing:
    """Return what the structure, or `account` acting for it, may do on that day.

    Today and later days are answered from the present state, so that a suspension counts at once; earlier
    days from the states kept, as they were at the end of the day in the caisse's time zone.
    """
    zone = await zone_of(session, structure.caisse)
    present = on >= clock.today(zone)
    parameters = await parameters_of(session, structure.caisse, on)
    structure_at = StructureAt(
        structure.state if present else await _structure_state(session, structure, on, zone),
        structure.portal_opened_on,
    )
    account_at = None
    if account is not None:
        account_at = AccountAt(
            id=account.id,
            state=account.state if present else await _account_state(session, account, on, zone),
            assigned=await _assigned(session, structure, account, on, present=present),
            charter_accepted=account.charter_version == parameters.charter_version,
        )
    held = (
        await session.scalars(
            select(RightHeld).where(RightHeld.caisse == structure.caisse, RightHeld.structure_id == structure.id)
        )
    ).all()
    rights = rights_at(on, structure_at, account_at, [right.holding for right in held], parameters.policy)
    covering = [right for right in held if right.holding in rights.held]
    return Standing(structure_at, account_at, rights, covering)


async def _structure_state(
    session: AsyncSession, structure: Structure, on: date, zone: ZoneInfo
) -> StructureState | None:
    statement = select(Transition.at, Transition.to_state).where(
        Transition.caisse == structure.caisse,
        Transition.structure_id == structure.id,
        Transition.account_id.is_(None),
        Transition.training_id.is_(None),
    )
    state = state_on([Step(row.at, row.to_state) for row in (await session.execute(statement)).all()], on, zone)
    return None if state is None else StructureState(state)


async def _account_state(session: AsyncSession, account: Account, on: date, zone: ZoneInfo) -> AccountState | None:
    statement = select(Transition.at, Transition.to_state).where(Transition.account_id == account.id)
    state = state_on([Step(row.at, row.to_state) for row in (await session.execute(statement)).all()], on, zone)
    return None if state is None else AccountState(state)


async def _assigned(session: AsyncSession, structure: Structure, account: Account, on: date, *, present: bool) -> bool:
    statement = select(Assignment).where(
        Assignment.caisse == structure.caisse,
        Assignment.structure_id == structure.id,
        Assignment.account_id == account.id,
    )
    roles: Sequence[Assignment] = (await session.scalars(statement)).all()
    return any(role.covers(on) and not (present and role.ended_at is not None) for role in roles)


async def structure_by_id(session: AsyncSession, structure_id: UUID) -> Structure | None:
    """Return a structure of whatever caisse; for other services, which know it by its id."""
    return (await session.scalars(select(Structure).where(Structure.id == structure_id))).one_or_none()
