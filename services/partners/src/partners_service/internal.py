"""What other services read here: the feed, the address of an invited person, rights at a date."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Account, Invitation
from partners_service.bodies.queries import today
from partners_service.codes import AccountState, InvitationState, RightKind, StructureState
from partners_service.standing import standing_of, structure_by_id
from partners_service.structures import presenting
from partners_service.structures.schemas import BlockOut, RightOut
from servicekit import clock, journal
from servicekit.access import Audience, access
from servicekit.db import DbSession
from servicekit.errors import NotFound
from servicekit.facts import everything, feed_router, only
from servicekit.handover import Handover, handover_router
from servicekit.problems import problems
from servicekit.route import router

ACCOMPANIMENTS: Final = only("body.*", "structure.*", "assignment.*", "account.suspended", "account.closed")
FEED = feed_router(
    "partners",
    {
        "accompaniments": ACCOMPANIMENTS,
        "gateway": only("body.*", "structure.*", "account.*", "assignment.*"),
        "referrals": everything,
    },
)


class InvitationHandover(BaseModel):
    """Where to send an invitation, and until when it can be used."""

    invitation_id: UUID
    account_id: UUID
    email: str
    expires_at: datetime


GATEWAY: Final = "svc-gateway"


async def give_invitation(session: AsyncSession, client: str, handover_id: UUID) -> Handover | None:
    """Hand the address of an invitation to the gateway, as long as the invitation can be used."""
    statement = (
        select(Invitation, Account)
        .join(Account, Account.id == Invitation.account_id)
        .where(
            Invitation.id == handover_id,
            Invitation.state == InvitationState.PENDING,
            Invitation.expires_at > clock.now(),
            Account.state == AccountState.INVITED,
            ~Account.withheld,
        )
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None or client != GATEWAY:
        return None
    invitation, account = row
    content = InvitationHandover(
        invitation_id=invitation.id,
        account_id=account.id,
        email=account.email,
        expires_at=invitation.expires_at,
    )
    return Handover(content, (account.id,))


HANDOVER = handover_router(
    "partners", give_invitation, content=InvitationHandover, clients=["gateway"], shows=["identity"]
)

INTERNAL = router("/internal", tags=["internal"])


class RightsAt(BaseModel):
    """What is open on a day to a structure, or to one person acting for it."""

    on: date
    structure_state: StructureState | None
    account_state: AccountState | None
    portal: bool
    open_rights: list[RightKind]
    rights: list[RightOut]
    blocks: list[BlockOut]


@INTERNAL.get(
    "/rights",
    summary="Droits à une date",
    responses=problems(NotFound),
    openapi_extra=access(Audience.INTERNAL, purpose="rights.check", clients=["svc-referrals"]),
)
async def read_rights(
    session: DbSession, structure: UUID, account: UUID | None = None, on: date | None = None
) -> RightsAt:
    """Ce qu'une structure, ou une personne agissant pour elle, peut faire un jour donné (aujourd'hui par défaut)."""
    found = await structure_by_id(session, structure)
    person = await session.get(Account, account) if account else None
    if found is None or (account and person is None):
        raise NotFound("Cette structure ou ce compte n'existe pas.")
    standing = await standing_of(session, found, person, on or await today(session, found.caisse))
    journal.read(session, "rights", [person.id] if person else (), resource_ids=[found.id])
    return RightsAt(
        on=standing.rights.on,
        structure_state=standing.structure.state,
        account_state=standing.account.state if standing.account else None,
        portal=standing.rights.portal,
        open_rights=sorted(standing.rights.open),
        rights=[presenting.right(held) for held in standing.held],
        blocks=[presenting.block(block) for block in standing.rights.blocks],
    )
