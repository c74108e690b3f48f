"""Ending roles and invitations: of one person, or of everybody in a structure that closes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts import facts
from partners_service.accounts.models import Account, Assignment, Invitation
from partners_service.bodies.queries import zone_of
from partners_service.codes import InvitationState
from servicekit.access import Actor


async def end_all(
    session: AsyncSession, actor: Actor, structure_id: UUID, at: datetime
) -> Sequence[facts.AssignmentEnded]:
    """End every role held in a structure and withdraw its invitations; return what must be announced."""
    statement = (
        select(Assignment, Account.withheld)
        .join(Account, Account.id == Assignment.account_id)
        .where(
            Assignment.caisse == actor.caisse,
            Assignment.structure_id == structure_id,
            Assignment.ended_at.is_(None),
        )
        .with_for_update(of=Assignment)
    )
    on = at.astimezone(await zone_of(session, actor.caisse)).date()
    ended = [
        (assignment.end(actor.sub, at, on), withheld)
        for assignment, withheld in (await session.execute(statement)).all()
    ]
    await session.execute(
        update(Invitation)
        .where(
            Invitation.caisse == actor.caisse,
            Invitation.structure_id == structure_id,
            Invitation.state == InvitationState.PENDING,
        )
        .values(state=InvitationState.CANCELLED)
    )
    return [fact for fact, withheld in ended if not withheld]


async def withdraw_invitation(
    session: AsyncSession, account_id: UUID, into: InvitationState = InvitationState.CANCELLED
) -> None:
    """Make the pending invitation of an account unusable; done at once, since only one may be pending."""
    await session.execute(
        update(Invitation)
        .where(Invitation.account_id == account_id, Invitation.state == InvitationState.PENDING)
        .values(state=into)
    )
