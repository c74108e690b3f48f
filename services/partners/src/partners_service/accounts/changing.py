"""Suspending an account, ending or changing a role: who may, and never the last administrator.

Whoever answers for an account suspends it: its own structure's administrator or the partner desk of its
caisse for a partner, the officers of its body for the others. Where the person is a guest, only the role can
be ended. A structure cannot take away its last administrator who has come, nor a body its last one; the
partner desk can, since it can invite another.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts import queries
from partners_service.accounts.ending import withdraw_invitation
from partners_service.accounts.granting import Post, grant
from partners_service.accounts.models import Account, Assignment
from partners_service.bodies.queries import today
from partners_service.codes import AccountState, SuspensionReason
from partners_service.roles import ACCOUNT_OFFICERS, Role
from partners_service.structures.models import Structure
from servicekit.access import Actor, Audience
from servicekit.errors import Conflict, DomainError, NotFound
from servicekit.facts import emit

_ADMINISTER = {Audience.PARTNER: (Role.PARTNER_ADMIN,), Audience.OFFICER: ACCOUNT_OFFICERS}


class LastAdministrator(DomainError):
    """Nobody else who has come could manage the accounts."""

    slug = "last-administrator"
    title = "Dernier administrateur"

    def __init__(self) -> None:
        super().__init__(
            "C'est la dernière personne à pouvoir gérer les comptes. Donnez d'abord ce rôle à quelqu'un "
            "qui s'est déjà connecté."
        )


class AnsweredElsewhere(DomainError):
    """The account belongs to another structure or body, which alone may suspend it."""

    slug = "answered-elsewhere"
    title = "Ce compte relève d'un autre organisme"

    def __init__(self) -> None:
        super().__init__("Seul l'organisme qui a ouvert ce compte peut le suspendre. Vous pouvez en retirer le rôle.")


async def suspend(
    session: AsyncSession, actor: Actor, account_id: UUID, reason: SuspensionReason, version: int, at: datetime
) -> Account:
    """Suspend an account the actor answers for; its pending invitation is withdrawn."""
    account = await _answered_for(session, actor, account_id, version)
    await _protect_last(session, actor, account.id)
    fact = account.suspend(reason, actor, at)
    await withdraw_invitation(session, account.id)
    if not account.withheld:
        emit(session, fact)
    return account


async def reactivate(session: AsyncSession, actor: Actor, account_id: UUID, version: int, at: datetime) -> Account:
    """Lift the suspension of an account the actor answers for."""
    account = await _answered_for(session, actor, account_id, version)
    fact = account.reactivate(actor, at)
    if not account.withheld:
        emit(session, fact)
    return account


async def close(session: AsyncSession, actor: Actor, account_id: UUID, version: int, at: datetime) -> Account:
    """Close an account the actor answers for, for good: its roles here end, its address is free again."""
    account = await _answered_for(session, actor, account_id, version)
    await _protect_last(session, actor, account.id)
    closed = account.close(actor, at)
    await withdraw_invitation(session, account.id)
    on = await today(session, actor.caisse)
    roles = (await queries.roles_of(session, actor, [account.id])).get(account.id, [])
    ended = [role.end(actor.sub, at, on) for role in roles]
    if not account.withheld:
        emit(session, *ended, closed)
    return account


async def end_role(session: AsyncSession, actor: Actor, assignment_id: UUID, version: int, at: datetime) -> Assignment:
    """Take a role back with effect at once; with the last one go the invitation and what was withheld."""
    held, account = await _role(session, actor, assignment_id, version)
    await _protect_last(session, actor, account.id, held)
    fact = held.end(actor.sub, at, await today(session, held.caisse))
    last = not await _others_held(session, actor, held)
    if last and account.state is AccountState.INVITED:
        await withdraw_invitation(session, account.id)
    if not account.withheld:
        emit(session, fact)
    elif last:
        account.close(actor, at)
    return held


async def change_role(
    session: AsyncSession,
    actor: Actor,
    structure: Structure,
    assignment_id: UUID,
    role: Role,
    version: int,
    at: datetime,
) -> Assignment:
    """Give somebody of a structure another role in place of the one held, from today."""
    held, account = await _role(session, actor, assignment_id, version)
    if role in {held.role, *(other.role for other in await _others_held(session, actor, held))}:
        raise Conflict("Cette personne a déjà ce rôle.")
    await _protect_last(session, actor, account.id, held)
    on = await today(session, held.caisse)
    fact = held.end(actor.sub, at, on)
    if not account.withheld:
        emit(session, fact)
    post = Post(held.caisse, role, on, until_on=held.until_on, structure=structure)
    return grant(session, actor, account.id, post, at, announced=not account.withheld)


async def _answered_for(session: AsyncSession, actor: Actor, account_id: UUID, version: int) -> Account:
    account = await queries.get(session, actor, account_id)
    if (account.audience is Audience.PARTNER) != (actor.audience is not Audience.OFFICER):
        raise NotFound("Ce compte n'existe pas ici.")
    own_structure = actor.audience is not Audience.PARTNER or account.structure_id == actor.structure_id
    if account.caisse != actor.caisse or not own_structure:
        raise AnsweredElsewhere
    await _one_at_a_time(session, actor)
    return await queries.lock(session, account, version)


async def _role(session: AsyncSession, actor: Actor, assignment_id: UUID, version: int) -> tuple[Assignment, Account]:
    await _one_at_a_time(session, actor)
    held = await queries.role_for_change(session, actor, assignment_id, version)
    if (held.audience is Audience.PARTNER) != (actor.audience is not Audience.OFFICER):
        raise NotFound("Ce rôle n'est tenu par personne ici.")
    return held, await queries.get(session, actor, held.account_id)


async def _others_held(session: AsyncSession, actor: Actor, held: Assignment) -> list[Assignment]:
    """Return the other roles of the same person that the actor sees."""
    roles = (await queries.roles_of(session, actor, [held.account_id])).get(held.account_id, [])
    return [role for role in roles if role.id != held.id]


async def _one_at_a_time(session: AsyncSession, actor: Actor) -> None:
    await queries.one_at_a_time(session, f"people of {actor.structure or actor.caisse}")


async def _protect_last(session: AsyncSession, actor: Actor, account_id: UUID, held: Assignment | None = None) -> None:
    """Refuse to take away the last administrator of the actor's own structure or body."""
    administer = _ADMINISTER.get(actor.audience)
    if administer is None:
        return
    roles = [held] if held else (await queries.roles_of(session, actor, [account_id])).get(account_id, [])
    if not any(role.role in administer for role in roles):
        return
    if not await queries.other_administrators(session, actor.caisse, actor.structure, administer, account_id):
        raise LastAdministrator
