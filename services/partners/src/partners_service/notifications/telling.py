"""From a fact to those it is told to: recipients, their choices, one notification each, an e-mail if they want it.

All of it in the transaction that moves the cursor: a fact is told once, whatever is killed when. What happened
long ago is not news: a replay, or a first following, fills the list of the last weeks and writes to nobody.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts.models import Account, Assignment
from partners_service.bodies.queries import today
from partners_service.codes import AccountState
from partners_service.notifications.kinds import DEFAULTS, Mailing, NotificationChannel, NotificationKind
from partners_service.notifications.mailing import write
from partners_service.notifications.models import Notification, NotificationChoice
from partners_service.roles import Role
from servicekit import clock
from servicekit.access import Audience
from servicekit.db import new_id
from servicekit.facts import Published

SHOWN_FOR: Final = timedelta(days=30)
MAILED_FOR: Final = timedelta(hours=24)

Recipient = Row[tuple[UUID]]


class About(NamedTuple):
    """What a notification is about, and leads to; an appointment may come from a request."""

    request: UUID | None
    appointment: UUID | None = None


async def tell_structure(
    session: AsyncSession, fact: Published[Any, Any], kind: NotificationKind, about: About, structure: UUID | None
) -> None:
    """Tell the people of a structure who follow its requests."""
    if structure is None or _is_old(fact):
        return
    day = await today(session, fact.caisse)
    statement = (
        select(Account.id)
        .join(Assignment, Assignment.account_id == Account.id)
        .where(
            Account.state == AccountState.ACTIVE,
            Assignment.caisse == fact.caisse,
            Assignment.structure_id == structure,
            Assignment.role == Role.PARTNER_USER,
            Assignment.ended_at.is_(None),
            Assignment.from_on <= day,
            or_(Assignment.until_on.is_(None), Assignment.until_on >= day),
        )
        .distinct()
    )
    people = (await session.scalars(statement)).all()
    await _tell(session, fact, kind, about, Audience.PARTNER, people, structure)


async def tell_agent(
    session: AsyncSession, fact: Published[Any, Any], kind: NotificationKind, about: About, account: UUID | None
) -> None:
    """Tell the agent in charge, as long as the account lives."""
    if account is None or _is_old(fact):
        return
    alive = select(Account.id).where(Account.id == account, Account.state == AccountState.ACTIVE)
    await _tell(session, fact, kind, about, Audience.AGENT, (await session.scalars(alive)).all(), None)


async def tell_roles(
    session: AsyncSession, fact: Published[Any, Any], kind: NotificationKind, about: About, roles: Sequence[Role]
) -> None:
    """Tell the agents of the caisse who hold one of some roles today."""
    if _is_old(fact):
        return
    day = await today(session, fact.caisse)
    statement = (
        select(Account.id)
        .join(Assignment, Assignment.account_id == Account.id)
        .where(
            Account.state == AccountState.ACTIVE,
            Assignment.caisse == fact.caisse,
            Assignment.role.in_(roles),
            Assignment.ended_at.is_(None),
            Assignment.from_on <= day,
            or_(Assignment.until_on.is_(None), Assignment.until_on >= day),
        )
        .distinct()
    )
    people = (await session.scalars(statement)).all()
    await _tell(session, fact, kind, about, Audience.AGENT, people, None)


async def _tell(
    session: AsyncSession,
    fact: Published[Any, Any],
    kind: NotificationKind,
    about: About,
    audience: Audience,
    people: Sequence[UUID],
    structure: UUID | None,
) -> None:
    chosen = await _channels(session, kind, people)
    for account in sorted(people):
        channel = chosen.get(account, DEFAULTS[audience][kind])
        if channel is NotificationChannel.NONE:
            continue
        mailing = _mailing(fact, channel)
        told = (
            insert(Notification)
            .values(
                caisse=fact.caisse,
                id=new_id(),
                account_id=account,
                audience=audience,
                structure_id=structure,
                kind=kind,
                request_id=about.request,
                appointment_id=about.appointment,
                fact_id=fact.id,
                at=fact.at,
                mailing=mailing,
            )
            .on_conflict_do_nothing(index_elements=["caisse", "account_id", "fact_id"])
            .returning(Notification.id)
        )
        is_new = (await session.execute(told)).one_or_none() is not None
        if is_new and mailing is Mailing.ASKED:
            await write(session, fact.caisse, account, count=1)


async def _channels(
    session: AsyncSession, kind: NotificationKind, people: Iterable[UUID]
) -> dict[UUID, NotificationChannel]:
    theirs = select(NotificationChoice.account_id, NotificationChoice.channel).where(
        NotificationChoice.account_id.in_(list(people)), NotificationChoice.kind == kind
    )
    return {row.account_id: row.channel for row in (await session.execute(theirs)).all()}


def _is_old(fact: Published[Any, Any]) -> bool:
    return clock.now() - fact.at > SHOWN_FOR


def _mailing(fact: Published[Any, Any], channel: NotificationChannel) -> Mailing:
    if clock.now() - fact.at > MAILED_FOR:
        return Mailing.NONE
    by_mail = {NotificationChannel.EMAIL: Mailing.ASKED, NotificationChannel.DIGEST: Mailing.FOR_DIGEST}
    return by_mail.get(channel, Mailing.NONE)
