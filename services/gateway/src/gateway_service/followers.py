"""What the gateway knows of people: roles, suspensions and structures, as the facts of `partners` tell it.

Sign-in goes on while `partners` is away, and a demotion counts within a second. No name passes here; the
address of an invited person is fetched by a job.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.account.deliveries import fetch_address
from gateway_service.sign_in import session_life
from gateway_service.sign_in.events import Event, note
from gateway_service.sign_in.models import Account, Assignment, Body, Credential, Invitation, Structure
from servicekit import clock
from servicekit.facts import Published
from servicekit.follower import Follower, Handler
from servicekit.identity import TokenSource
from servicekit.jobs import defer


class Nothing(BaseModel):
    """What of a fact is not needed here."""


class AccountSubject(BaseModel):
    """The account it is about."""

    account: UUID


class InvitationSubject(AccountSubject):
    """The account invited; `invitation` is the id of the handover of its address."""

    invitation: UUID


class StructureSubject(BaseModel):
    """The structure it is about."""

    structure: UUID


class AssignmentSubject(BaseModel):
    """A role held by an account."""

    assignment: UUID
    account: UUID
    structure: UUID | None


class BodyDescription(BaseModel):
    """In which time zone a caisse counts its days."""

    time_zone: str


class Granted(BaseModel):
    """Which role, from a day until a day, both counted."""

    role: str
    audience: Literal["partner", "agent", "officer", "pilot"]
    unit: str | None
    from_on: date
    until_on: date | None


async def on_body(session: AsyncSession, fact: Published[Nothing, BodyDescription]) -> None:
    """Know a caisse's own time."""
    values = {"time_zone": fact.payload.time_zone}
    known = insert(Body).values(code=fact.caisse, **values)
    await session.execute(known.on_conflict_do_update(index_elements=["code"], set_=values))


async def on_invited(session: AsyncSession, fact: Published[InvitationSubject, Nothing]) -> None:
    """Prepare a first connection; an earlier invitation of the account that was not used is withdrawn."""
    account_id = fact.subject.account
    await _know(session, account_id)
    invited = insert(Invitation).values(id=fact.subject.invitation, account_id=account_id, created_at=fact.at)
    added = await session.execute(invited.on_conflict_do_nothing().returning(Invitation.id))
    if added.scalar_one_or_none() is None:
        return
    await _withdraw_invitations(session, account_id, Invitation.id != fact.subject.invitation)
    await defer(session, fetch_address, fact.subject.invitation)


async def on_suspended(session: AsyncSession, fact: Published[AccountSubject, Nothing]) -> None:
    """Shut somebody out: every session ends with this transaction."""
    await _shut_out(session, fact, "suspended")


async def on_reactivated(session: AsyncSession, fact: Published[AccountSubject, Nothing]) -> None:
    """Let somebody in again."""
    await session.execute(update(Account).where(Account.id == fact.subject.account).values(state="active"))


async def on_closed(session: AsyncSession, fact: Published[AccountSubject, Nothing]) -> None:
    """Shut somebody out for good, and forget what they signed in with."""
    account_id = fact.subject.account
    await _shut_out(session, fact, "closed")
    await session.execute(delete(Credential).where(Credential.account_id == account_id))


async def on_granted(session: AsyncSession, fact: Published[AssignmentSubject, Granted]) -> None:
    """Know a role."""
    await _know(session, fact.subject.account)
    granted = insert(Assignment).values(
        id=fact.subject.assignment,
        account_id=fact.subject.account,
        audience=fact.payload.audience,
        role=fact.payload.role,
        caisse=fact.caisse,
        structure_id=fact.subject.structure,
        unit=fact.payload.unit,
        from_on=fact.payload.from_on,
        until_on=fact.payload.until_on,
    )
    await session.execute(granted.on_conflict_do_nothing())


async def on_ended(session: AsyncSession, fact: Published[AssignmentSubject, Nothing]) -> None:
    """Take a role back: a session that acts under it has no active role any more."""
    await session.execute(
        update(Assignment)
        .where(Assignment.id == fact.subject.assignment, Assignment.ended_at.is_(None))
        .values(ended_at=clock.system_now())
    )


async def on_structure_open(session: AsyncSession, fact: Published[StructureSubject, Nothing]) -> None:
    """Let people act for a structure: from the opening of its portal, not from its registration (`ESP-04`)."""
    await _structure(session, fact.subject.structure, "open")


async def on_structure_suspended(session: AsyncSession, fact: Published[StructureSubject, Nothing]) -> None:
    """Keep people from acting for a structure until further notice."""
    await _structure(session, fact.subject.structure, "suspended")


async def on_structure_closed(session: AsyncSession, fact: Published[StructureSubject, Nothing]) -> None:
    """Keep people from acting for a structure that left."""
    await _structure(session, fact.subject.structure, "closed")


HANDLERS: Final[Mapping[str, Handler]] = {
    "body.described": on_body,
    "account.invited": on_invited,
    "account.suspended": on_suspended,
    "account.reactivated": on_reactivated,
    "account.closed": on_closed,
    "assignment.granted": on_granted,
    "assignment.ended": on_ended,
    "structure.activated": on_structure_open,
    "structure.reactivated": on_structure_open,
    "structure.suspended": on_structure_suspended,
    "structure.closed": on_structure_closed,
}


def follow_partners(token_source: TokenSource) -> Follower:
    """Return the follower of `partners`. Its facts can be read again from the first over what is there."""
    return Follower("partners", HANDLERS, token_source=token_source)


async def _know(session: AsyncSession, account_id: UUID) -> None:
    await session.execute(insert(Account).values(id=account_id, state="active").on_conflict_do_nothing())


async def _shut_out(session: AsyncSession, fact: Published[AccountSubject, Nothing], state: str) -> None:
    account_id = fact.subject.account
    await _know(session, account_id)
    await session.execute(update(Account).where(Account.id == account_id).values(state=state))
    await session_life.end_all(session, account_id, state, clock.system_now())
    await note(session, Event.SESSIONS_CUT, None, account_id=account_id, detail=state)
    # One that was sent after a later reactivation is good, even when this is read again.
    await _withdraw_invitations(session, account_id, Invitation.created_at <= fact.at)


async def _withdraw_invitations(session: AsyncSession, account_id: UUID, which: ColumnElement[bool]) -> None:
    withdrawn = update(Invitation).where(
        Invitation.account_id == account_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        which,
    )
    await session.execute(withdrawn.values(withdrawn_at=clock.system_now(), email_sealed=None))


async def _structure(session: AsyncSession, structure_id: UUID, state: str) -> None:
    known = insert(Structure).values(id=structure_id, state=state)
    await session.execute(known.on_conflict_do_update(index_elements=["id"], set_={"state": state}))
