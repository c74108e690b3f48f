"""Whether somebody may still act in a role: asked before each step of what is done in their name."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Account, Assignment
from partners_service.accounts.queries import held_on
from partners_service.bodies.queries import today
from partners_service.codes import AccountState, StructureState
from partners_service.structures.models import Structure
from servicekit.access import Actor

ACCOUNT_SHUT: Final = "Votre compte a été suspendu ou fermé."
STRUCTURE_SHUT: Final = "Le portail n'est plus ouvert à votre structure."
ROLE_ENDED: Final = "Vous ne tenez plus le rôle dans lequel vous l'aviez lancé."


async def still(session: AsyncSession, actor: Actor) -> str | None:
    """Say why an actor may no longer act in the role they had; None as long as they may."""
    held = (
        select(Account.state, Structure.state)
        .join(Assignment, Assignment.account_id == Account.id)
        .outerjoin(Structure, (Structure.caisse == Assignment.caisse) & (Structure.id == Assignment.structure_id))
        .where(
            Account.id == actor.account_id,
            Assignment.caisse == actor.caisse,
            Assignment.role == actor.role,
            Assignment.structure_id.is_not_distinct_from(actor.structure),
            Assignment.unit.is_not_distinct_from(actor.unit),
            held_on(await today(session, actor.caisse)),
        )
    )
    row = (await session.execute(held)).first()
    if row is None:
        return ROLE_ENDED
    if row[0] is not AccountState.ACTIVE:
        return ACCOUNT_SHUT
    if actor.structure is not None and row[1] is not StructureState.ACTIVE:
        return STRUCTURE_SHUT
    return None
