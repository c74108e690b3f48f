"""Who may see a person, for what, until when. A name is shown only to the holder of an open grant.

Grants are read by each statement that reads a person, so one revoked counts at the next request.

A partner's grant carries how far it goes: `referral.submit` while its requests are its own (reading and
amending), `referral.follow` once the caisse has taken over (reading). Agents have `referral.triage`, through
their unit while a request waits and through their account once they take it; or, for half an hour, because
they wrote why they open a person nobody entrusted to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Text, Uuid, and_, bindparam, exists, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.codes import HolderKind
from referrals_service.persons.models import Person, PersonGrant
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.db import new_id

SUBMIT: Final = "referral.submit"
FOLLOW: Final = "referral.follow"
TRIAGE: Final = "referral.triage"

_ALLOWED_BY: Final[Mapping[str, Sequence[str]]] = {FOLLOW: (SUBMIT, FOLLOW)}
"""Purposes of the grants that allow a purpose, where it is not itself alone."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An account, a unit of the caisse, or a partner structure."""

    kind: HolderKind
    id: str

    @classmethod
    def account(cls, account: UUID | str) -> Self:
        """Return one agent."""
        return cls(HolderKind.ACCOUNT, str(account))

    @classmethod
    def unit(cls, code: str) -> Self:
        """Return whoever works in a unit of the caisse."""
        return cls(HolderKind.UNIT, code)

    @classmethod
    def structure(cls, structure: UUID) -> Self:
        """Return whoever acts for a partner structure."""
        return cls(HolderKind.STRUCTURE, str(structure))


def holders(actor: Actor) -> Sequence[Holder]:
    """Return as whom `actor` may hold a grant: a partner as the structure, an agent in person or by the unit."""
    if actor.audience is Audience.PARTNER:
        return (Holder.structure(actor.structure_id),)
    if actor.audience is not Audience.AGENT:
        return ()
    return (Holder.account(actor.sub), *((Holder.unit(actor.unit),) if actor.unit else ()))


def open_to(actor: Actor, purpose: str | None = None) -> ColumnElement[bool]:
    """Return the condition that `Person` is open to `actor`, for the actor's purpose unless told otherwise."""
    return exists().where(
        PersonGrant.caisse == Person.caisse, PersonGrant.person_id == Person.id, _open(actor, purpose)
    )


def _open(actor: Actor, purpose: str | None = None) -> ColumnElement[bool]:
    purpose = purpose or actor.purpose
    allowed = _ALLOWED_BY.get(purpose, (purpose,))
    now = clock.now()
    return and_(
        tuple_(PersonGrant.holder_kind, PersonGrant.holder).in_([(h.kind, h.id) for h in holders(actor)]),
        PersonGrant.purpose.in_(allowed),
        PersonGrant.revoked_at.is_(None),
        PersonGrant.from_at <= now,
        or_(PersonGrant.until_at.is_(None), PersonGrant.until_at > now),
    )


async def open_until(session: AsyncSession, actor: Actor, person_id: UUID) -> datetime | None:
    """Return when a person open to `actor` closes again; None when no end is set."""
    ends = select(PersonGrant.until_at).where(
        PersonGrant.caisse == actor.caisse, PersonGrant.person_id == person_id, _open(actor)
    )
    last: datetime | None = await session.scalar(ends.order_by(PersonGrant.until_at.desc().nulls_first()).limit(1))
    return last


# Built once: it is sent with every request that is filed, and building it costs more than running it.
_OF_THE_PERSON = select(
    Person.caisse,
    bindparam("id", type_=Uuid),
    Person.id,
    Person.structure_id,
    bindparam("holder_kind", type_=Text),
    bindparam("holder", type_=Text),
    bindparam("purpose", type_=Text),
    bindparam("origin", type_=Uuid),
    bindparam("reason", type_=Text),
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("until", type_=DateTime(timezone=True)),
    bindparam("by", type_=Text),
).where(Person.caisse == bindparam("caisse"), Person.id == bindparam("person"))
# The table rather than the class: parameters of an ORM insert would be taken for rows.
_OPENED = insert(PersonGrant.metadata.tables[PersonGrant.__tablename__]).from_select(
    [
        "caisse",
        "id",
        "person_id",
        "structure_id",
        "holder_kind",
        "holder",
        "purpose",
        "origin_id",
        "reason",
        "from_at",
        "until_at",
        "granted_by",
    ],
    _OF_THE_PERSON,
    include_defaults=False,
)
_GRANT: Final = _OPENED.on_conflict_do_update(
    index_elements=["caisse", "person_id", "holder_kind", "holder", "purpose", "origin_id"],
    index_where=text("revoked_at IS NULL AND reason IS NULL"),
    set_={"until_at": _OPENED.excluded.until_at},
)

# With values beside it, an INSERT of a mapped class would become a bulk insert of objects, columns of its own;
# and SQLAlchemy forgets how many rows an INSERT made unless asked.
_AS_WRITTEN: Final = {"dml_strategy": "raw", "preserve_rowcount": True}


async def grant(
    session: AsyncSession,
    caisse: str,
    person_id: UUID,
    to: Holder,
    purpose: str,
    *,
    by: str,
    until: datetime | None = None,
    origin: UUID | None = None,
    reason: str | None = None,
) -> bool:
    """Open a person to a holder; `origin` is the request it is for, `by` the account (or service) that does it.

    Given again for the same origin it only moves its end. Returns False, and does nothing, when the session
    does not see the person: nobody can hand on what is not theirs.
    """
    given = {
        "caisse": caisse,
        "person": person_id,
        "id": new_id(),
        "holder_kind": to.kind,
        "holder": to.id,
        "purpose": purpose,
        "origin": origin,
        "reason": reason,
        "now": clock.now(),
        "until": until,
        "by": by,
    }
    return _changed(await session.execute(_GRANT, given, execution_options=_AS_WRITTEN)) == 1


async def revoke(
    session: AsyncSession,
    caisse: str,
    *,
    by: str,
    person_id: UUID | None = None,
    to: Holder | None = None,
    purpose: str | None = None,
    origin: UUID | None = None,
) -> int:
    """Close the open grants that meet every condition given; return how many."""
    if person_id is None and to is None and origin is None:
        raise ValueError("say which grants to revoke: of a person, of a holder or of a request")
    conditions: list[ColumnElement[bool]] = []
    if person_id is not None:
        conditions.append(PersonGrant.person_id == person_id)
    if to is not None:
        conditions += [PersonGrant.holder_kind == str(to.kind), PersonGrant.holder == to.id]
    if origin is not None:
        conditions.append(PersonGrant.origin_id == origin)
    if purpose is not None:
        conditions.append(PersonGrant.purpose == purpose)
    closed = (
        update(PersonGrant)
        .where(PersonGrant.caisse == caisse, PersonGrant.revoked_at.is_(None), *conditions)
        .values(revoked_at=clock.now(), revoked_by=by)
    )
    return _changed(await session.execute(closed, execution_options={"synchronize_session": False}))


async def taken_over(session: AsyncSession, caisse: str, person_id: UUID, structure: UUID, *, by: str) -> None:
    """Leave a structure what it needs to follow, now that the caisse has the person in charge.

    The structure can no longer amend the record (access matrix: identity is the partner's until accepted).
    """
    to = Holder.structure(structure)
    if await revoke(session, caisse, by=by, person_id=person_id, to=to, purpose=SUBMIT):
        await grant(session, caisse, person_id, to, FOLLOW, by=by)


async def open_with_reason(session: AsyncSession, actor: Actor, person_id: UUID, reason: str, minutes: int) -> bool:
    """Let an agent at a person nobody entrusted to them, for a while and with the reason kept."""
    return await grant(
        session,
        actor.caisse,
        person_id,
        Holder.account(actor.sub),
        actor.purpose,
        by=actor.sub,
        until=clock.now() + timedelta(minutes=minutes),
        reason=reason,
    )


def _changed(done: object) -> int:
    assert isinstance(done, CursorResult)  # noqa: S101 - what an INSERT or UPDATE gives
    return done.rowcount
