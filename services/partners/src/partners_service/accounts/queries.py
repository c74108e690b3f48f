"""Every reading of accounts and roles; each starts from what the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Account, Assignment, Invitation
from partners_service.bodies.queries import today
from partners_service.codes import AccountState, InvitationState
from partners_service.roles import Role
from servicekit.access import Actor, Audience
from servicekit.errors import NotFound
from servicekit.writes import require_version

_HOLDER = text("SELECT id, caisse, structure_id, audience, state FROM holder_of_address(:email_key)")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")

PENDING = and_(Invitation.account_id == Account.id, Invitation.state == InvitationState.PENDING)


@dataclass(frozen=True, slots=True)
class Holder:
    """The account that an address belongs to, anywhere in the country."""

    id: UUID
    caisse: str
    structure_id: UUID | None
    audience: Audience
    state: AccountState


def roles_visible_to(actor: Actor) -> Select[Assignment]:
    """Return the roles that `actor` may see: those of one's structure, or those of the caisse."""
    statement = select(Assignment).where(Assignment.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        statement = statement.where(Assignment.structure_id == actor.structure_id)
    return statement


def accounts_visible_to(actor: Actor) -> Select[Account]:
    """Return the accounts that hold or held a role that `actor` may see."""
    seen = roles_visible_to(actor).with_only_columns(Assignment.account_id)
    return select(Account).where(Account.id.in_(seen))


def held_on(on: date) -> ColumnElement[bool]:
    """Return the condition for a role to be held on that day."""
    return and_(
        Assignment.from_on <= on,
        or_(Assignment.until_on.is_(None), Assignment.until_on >= on),
        Assignment.ended_at.is_(None),
    )


async def me(session: AsyncSession, actor: Actor) -> Account:
    """Return the actor's own account."""
    found = (await session.scalars(accounts_visible_to(actor).where(Account.id == actor.account_id))).one_or_none()
    if found is None:
        raise NotFound("Votre compte n'existe plus.")
    return found


async def get(session: AsyncSession, actor: Actor, account_id: UUID) -> Account:
    """Return one account; NotFound when there is none that `actor` may see."""
    found = (await session.scalars(accounts_visible_to(actor).where(Account.id == account_id))).one_or_none()
    if found is None:
        raise NotFound("Ce compte n'existe pas ici.")
    return found


async def lock(session: AsyncSession, account: Account, version: int) -> Account:
    """Lock an account that the actor answers for, if it still is in the version that was read."""
    statement = (
        select(Account).where(Account.id == account.id).with_for_update().execution_options(populate_existing=True)
    )
    locked = (await session.scalars(statement)).one()
    require_version(locked.version, version)
    return locked


async def role_for_change(session: AsyncSession, actor: Actor, assignment_id: UUID, version: int) -> Assignment:
    """Return a role still held, locked, if it still is in the version that was read."""
    statement = (
        roles_visible_to(actor).where(Assignment.id == assignment_id, Assignment.ended_at.is_(None)).with_for_update()
    )
    found = (await session.scalars(statement)).one_or_none()
    if found is None:
        raise NotFound("Ce rôle n'est tenu par personne ici.")
    require_version(found.version, version)
    return found


async def one_at_a_time(session: AsyncSession, what: str) -> None:
    """Wait for whoever is doing the same to the same thing, until the end of the transaction."""
    await session.execute(_LOCK, {"what": what})


async def holder_of(session: AsyncSession, email_key: str) -> Holder | None:
    """Return whose address this is, across tenants; the only question that may be asked across them."""
    row = (await session.execute(_HOLDER, {"email_key": email_key})).one_or_none()
    if row is None:
        return None
    return Holder(row.id, row.caisse, row.structure_id, Audience(row.audience), AccountState(row.state))


async def roles_here(
    session: AsyncSession, email_key: str, caisse: str, structure_id: UUID | None, audience: Audience
) -> Sequence[tuple[Account, Assignment]]:
    """Return the roles still held at one place by the account, withheld or not, that has this address."""
    statement = (
        select(Account, Assignment)
        .join(Assignment, Assignment.account_id == Account.id)
        .where(
            Account.email_key == email_key,
            Account.audience == audience,
            Account.state != AccountState.CLOSED,
            Assignment.caisse == caisse,
            Assignment.ended_at.is_(None),
            Assignment.structure_id == structure_id if structure_id else Assignment.structure_id.is_(None),
        )
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def other_administrators(
    session: AsyncSession, caisse: str, structure_id: UUID | None, roles: Iterable[Role], account_id: UUID
) -> bool:
    """Tell whether somebody else, who has come, administers the same structure (or body) today."""
    statement = (
        select(Account.id)
        .join(Assignment, Assignment.account_id == Account.id)
        .where(
            Account.id != account_id,
            Account.state == AccountState.ACTIVE,
            Assignment.caisse == caisse,
            Assignment.structure_id == structure_id if structure_id else Assignment.structure_id.is_(None),
            Assignment.role.in_(list(roles)),
            held_on(await today(session, caisse)),
        )
        .limit(1)
    )
    return (await session.scalars(statement)).first() is not None


async def roles_of(session: AsyncSession, actor: Actor, accounts: Iterable[UUID]) -> Mapping[UUID, list[Assignment]]:
    """Return the roles still held that `actor` may see, by account."""
    statement = (
        roles_visible_to(actor)
        .where(Assignment.account_id.in_(list(accounts)), Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
    )
    held: dict[UUID, list[Assignment]] = {}
    for assignment in await session.scalars(statement):
        held.setdefault(assignment.account_id, []).append(assignment)
    return held
