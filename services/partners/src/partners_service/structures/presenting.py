"""What each audience is shown of a structure; no row of the database leaves as it is."""

from collections.abc import Sequence

from partners_service.accounts.schemas import PartnerRole
from partners_service.lifecycle import OPEN_TO_INVITATIONS, STRUCTURE, possible
from partners_service.rights import Block
from partners_service.roles import PARTNER_DESK, Role
from partners_service.structures.models import Structure
from partners_service.structures.schemas import (
    Address,
    BlockOut,
    PersonOfStructure,
    Referent,
    RightOut,
    StructureForAgent,
    StructureItem,
    TrainingOut,
    TransitionOut,
)
from partners_service.trainings.models import RightHeld, Training
from servicekit.access import Actor


def item(structure: Structure) -> StructureItem:
    """Show a structure in a list of the caisse."""
    return StructureItem(
        id=structure.id,
        name=structure.name,
        kind=structure.kind,
        commune=structure.commune,
        department=structure.department,
        siret=structure.siret,
        state=structure.state,
        portal_opened_on=structure.portal_opened_on,
        changed_at=structure.changed_at,
    )


def for_agent(
    actor: Actor,
    structure: Structure,
    people: Sequence[PersonOfStructure],
    trainings: Sequence[Training],
    rights: Sequence[RightHeld],
    history: Sequence[TransitionOut],
) -> StructureForAgent:
    """Show everything the caisse keeps of a structure, and what the reader may do."""
    desk = actor.role in PARTNER_DESK
    return StructureForAgent(
        id=structure.id,
        name=structure.name,
        kind=structure.kind,
        siret=structure.siret,
        finess=structure.finess,
        department=structure.department,
        address=address(structure),
        phone=structure.phone,
        referent=referent(structure),
        state=structure.state,
        portal_opened_on=structure.portal_opened_on,
        nir_allowed=structure.nir_allowed,
        max_accounts=structure.max_accounts,
        people=list(people),
        trainings=[training(t) for t in trainings],
        rights=[right(r) for r in rights],
        history=list(history),
        possible=sorted(possible(STRUCTURE, structure.state)) if desk else [],
        invites=desk and structure.state in OPEN_TO_INVITATIONS,
        proposed_roles=_proposed(people),
        version=structure.version,
    )


def _proposed(people: Sequence[PersonOfStructure]) -> list[PartnerRole]:
    """Propose both roles for the first person: in a small association it is often the only one."""
    if any(held.role is Role.PARTNER_ADMIN for person in people for held in person.roles):
        return [Role.PARTNER_USER]
    return [Role.PARTNER_ADMIN, Role.PARTNER_USER]


def address(structure: Structure) -> Address:
    """Show where a structure is."""
    return Address(lines=structure.address_lines, postcode=structure.postcode, commune=structure.commune)


def referent(structure: Structure) -> Referent | None:
    """Show who answers for a structure; None for a prospect that named nobody."""
    if structure.referent_email is None:
        return None
    return Referent(
        first_name=structure.referent_first_name or "",
        last_name=structure.referent_last_name or "",
        job_title=structure.referent_job_title or "",
        email=structure.referent_email,
        phone=structure.referent_phone,
    )


def training(known: Training) -> TrainingOut:
    """Show a training."""
    return TrainingOut(
        id=known.id,
        kind=known.kind,
        state=known.state,
        on=known.on_date,
        account_id=known.account_id,
        version=known.version,
    )


def right(held: RightHeld) -> RightOut:
    """Show a right; one taken back ends the day before."""
    return RightOut(
        id=held.id,
        right=held.right,
        account_id=held.account_id,
        from_on=held.from_on,
        until_on=held.holding.last_on,
        version=held.version,
    )


def block(closed: Block) -> BlockOut:
    """Show why something is closed."""
    return BlockOut(right=closed.right, rule=closed.rule, hard=closed.hard)
