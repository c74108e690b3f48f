"""Inviting somebody: the answer is the same whether or not the address is known somewhere.

An address nobody has: an account is opened, an invitation goes out. An address of this very structure (or
body): the roles not held yet are given; with none to give, the invitation is renewed if the person never
came, refused if they did. An address held elsewhere, in the same audience: the partner desk and the officers
give that account the roles; a structure's administrator must not learn of it, so the invitation is kept
withheld for the desk to decide. An address of another audience is always withheld: audiences never mix in
one account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts import queries
from partners_service.accounts.ending import withdraw_invitation
from partners_service.accounts.granting import AlreadyThere, Post, grant
from partners_service.accounts.models import Account, Assignment, Invitation
from partners_service.accounts.schemas import PersonIn
from partners_service.codes import AccountState, InvitationState
from partners_service.identifiers import email_key, name_key
from partners_service.parameters import Parameters
from partners_service.structures.queries import count_open_accounts
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.errors import Conflict, DomainError
from servicekit.facts import emit


class AccountsFull(DomainError):
    """The structure has as many people as it was allowed."""

    slug = "accounts-full"
    title = "Nombre maximal de comptes atteint"

    def __init__(self, maximum: int) -> None:
        super().__init__(
            f"Votre structure a atteint son maximum de {maximum} comptes. Retirez un compte, "
            "ou demandez à votre caisse de relever ce maximum.",
            maximum=maximum,
        )


@dataclass(frozen=True, slots=True)
class _Invitee:
    """The account that gets the role: opened just now, or known already, here or elsewhere."""

    id: UUID
    caisse: str
    structure_id: UUID | None
    state: AccountState
    withheld: bool = False


async def invite(
    session: AsyncSession, actor: Actor, person: PersonIn, posts: Sequence[Post], parameters: Parameters, at: datetime
) -> UUID:
    """Invite `person` to `posts`, all of one place and one audience.

    Returns an id for the receipt, the same kind whatever was found.
    Refuses with AlreadyThere, AccountsFull, or Conflict when the account is suspended here.
    """
    post = posts[0]
    key = email_key(person.email)
    if post.structure is not None:
        await queries.one_at_a_time(session, f"people of {post.structure.id}")
    await queries.one_at_a_time(session, f"address {key}")
    holder = await queries.holder_of(session, key)
    here = await queries.roles_here(session, key, post.caisse, post.structure_id, post.audience)
    gets_the_role = (
        holder is not None
        and holder.audience is post.audience
        and (actor.audience is not Audience.PARTNER or _at_home(holder, post))
    )
    invitee = _known_here(here, twins=not gets_the_role)
    held = [role for account, role in here if invitee and account.id == invitee.id]
    missing = [wanted for wanted in posts if not any(_same_post(role, wanted) for role in held)]
    if invitee is not None and not missing and not _may_send(actor, invitee, post):
        raise AlreadyThere
    if not held:
        await _require_room(session, post)
    if invitee is None:
        if holder is not None and gets_the_role:
            invitee = _Invitee(holder.id, holder.caisse, holder.structure_id, holder.state)
            await _close_twins(session, actor, [(account, role) for account, role in here if account.withheld], at)
        else:
            invitee = _open(session, actor, person, post, at, withheld=holder is not None)
    if invitee.caisse == post.caisse and invitee.state is AccountState.SUSPENDED:
        raise Conflict("Ce compte est suspendu : levez d'abord la suspension.")
    receipt = new_id()
    expires_at = at + timedelta(hours=parameters.invitation_hours)
    if invitee.withheld and holder is None:
        invitee, receipt = await _release(session, actor, here, post, expires_at, at)
    elif _may_send(actor, invitee, post):
        receipt = await _send(session, actor, invitee, post, expires_at, at)
    for wanted in missing:
        grant(session, actor, invitee.id, wanted, at, announced=not invitee.withheld)
    return receipt


def _may_send(actor: Actor, invitee: _Invitee, post: Post) -> bool:
    """Tell whether the person is awaited, and the actor may replace what another invited them with."""
    return (
        invitee.state is AccountState.INVITED
        and invitee.caisse == post.caisse
        and (actor.audience is not Audience.PARTNER or _at_home(invitee, post))
    )


def _at_home(holder: queries.Holder | _Invitee, post: Post) -> bool:
    return (holder.caisse, holder.structure_id) == (post.caisse, post.structure_id)


def _known_here(here: Sequence[tuple[Account, Assignment]], *, twins: bool) -> _Invitee | None:
    """Return the account with a role here; a withheld one only if nothing better can be done."""
    accounts = [account for account, _ in here if not account.withheld]
    accounts += [account for account, _ in here if account.withheld and twins]
    if not accounts:
        return None
    return _invitee(accounts[0])


def _invitee(account: Account) -> _Invitee:
    return _Invitee(account.id, account.caisse, account.structure_id, account.state, account.withheld)


def _same_post(held: Assignment, post: Post) -> bool:
    return (held.role, held.unit) == (post.role, post.unit)


async def _require_room(session: AsyncSession, post: Post) -> None:
    structure = post.structure
    if structure is not None:
        taken = await count_open_accounts(session, structure.caisse, structure.id)
        if taken >= structure.max_accounts:
            raise AccountsFull(structure.max_accounts)


def _open(
    session: AsyncSession, actor: Actor, person: PersonIn, post: Post, at: datetime, *, withheld: bool
) -> _Invitee:
    account = Account(
        id=new_id(),
        caisse=post.caisse,
        structure_id=post.structure_id,
        audience=post.audience,
        state=AccountState.INVITED,
        withheld=withheld,
        email=person.email,
        email_key=email_key(person.email),
        first_name=person.first_name,
        last_name=person.last_name,
        name_key=name_key(f"{person.last_name} {person.first_name}"),
        job_title=person.job_title,
        charter_version=None,
        charter_accepted_at=None,
        version=1,
        created_at=at,
    )
    session.add(account)
    account.enter(actor, at)
    return _invitee(account)


async def _send(
    session: AsyncSession, actor: Actor, invitee: _Invitee, post: Post, expires_at: datetime, at: datetime
) -> UUID:
    """Replace the invitation still pending, if any; of a withheld account nothing is announced.

    The invitation stands with the structure that answers for the account, wherever the role is given: one
    structure must be able to replace what another's invitation left pending.
    """
    await withdraw_invitation(session, invitee.id, into=InvitationState.SUPERSEDED)
    invitation = Invitation(
        caisse=post.caisse,
        id=new_id(),
        structure_id=invitee.structure_id,
        account_id=invitee.id,
        state=InvitationState.PENDING,
        expires_at=expires_at,
        invited_by=actor.sub,
        invited_at=at,
    )
    session.add(invitation)
    if not invitee.withheld:
        emit(session, invitation.sent(post.audience))
    return invitation.id


async def _release(
    session: AsyncSession,
    actor: Actor,
    here: Sequence[tuple[Account, Assignment]],
    post: Post,
    expires_at: datetime,
    at: datetime,
) -> tuple[_Invitee, UUID]:
    """Announce what was withheld: the account that had the address is closed since."""
    roles = [role for _, role in here]
    account = here[0][0]
    account.withheld = False
    account.version += 1
    invitee = _invitee(account)
    sent = await _send(session, actor, invitee, post, expires_at, at)
    emit(session, *(role.granted() for role in roles))
    return invitee, sent


async def _close_twins(
    session: AsyncSession, actor: Actor, twins: Sequence[tuple[Account, Assignment]], at: datetime
) -> None:
    """Close what was withheld under this address here, now that its real account takes the role; in silence."""
    for account in {account.id: account for account, _ in twins}.values():
        account.close(actor, at)
        await withdraw_invitation(session, account.id)
    for _, role in twins:
        role.end(actor.sub, at, role.from_on)
