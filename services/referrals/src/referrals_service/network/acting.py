"""Whether somebody may still act in a role: asked before each step of what is done in their name."""

from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.network.models import AgentAssignment, PartnerAssignment, PartnerStructure, ShutAccount
from referrals_service.requests.caisse_calendar import calendar_of
from servicekit.access import Actor, Audience

ACCOUNT_SHUT: Final = "Votre compte a été suspendu ou fermé."
STRUCTURE_SHUT: Final = "Le portail n'est plus ouvert à votre structure."
ROLE_ENDED: Final = "Vous ne tenez plus le rôle dans lequel vous l'aviez lancé."


async def still(session: AsyncSession, actor: Actor) -> str | None:
    """Say why an actor may no longer act in the role they had; None as long as they may."""
    of_partner = actor.audience is Audience.PARTNER
    table = PartnerAssignment if of_partner else AgentAssignment
    place = (
        PartnerAssignment.structure_id == actor.structure
        if of_partner
        else AgentAssignment.unit.is_not_distinct_from(actor.unit)
    )
    today = calendar_of(actor.caisse).today()
    role = exists().where(
        table.caisse == actor.caisse,
        table.account == actor.account_id,
        table.role == actor.role,
        place,
        table.from_on <= today,
        or_(table.until_on.is_(None), table.until_on >= today),
        or_(table.ended_on.is_(None), table.ended_on > today),
    )
    shut = exists().where(ShutAccount.account == actor.account_id)
    open_structure = exists().where(
        PartnerStructure.caisse == actor.caisse,
        PartnerStructure.structure_id == actor.structure,
        PartnerStructure.state == "active",
    )
    found = (await session.execute(select(shut, role, open_structure))).one()
    if found[0]:
        return ACCOUNT_SHUT
    if of_partner and not found[2]:
        return STRUCTURE_SHUT
    return None if found[1] else ROLE_ENDED
