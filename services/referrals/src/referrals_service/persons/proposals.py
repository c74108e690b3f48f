"""Which records of the register may be one person, for somebody to decide."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import duplicates, queries, register
from referrals_service.persons.codes import DuplicateReason
from referrals_service.persons.duplicates import Likeness
from referrals_service.persons.facts import Nothing, PairSubject, PersonsDistinguished
from referrals_service.persons.models import Person, PersonDistinction
from referrals_service.persons.views import DuplicateProposal, LikelyDuplicate
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.facts import emit

COMPARED: Final = 500
"""Records of one birth date compared at most: 1 January gathers many people of incomplete civil status."""

PROPOSED: Final = 10

_STRENGTH: Final = list(DuplicateReason)


async def of(
    session: AsyncSession, among: Select[Person], person: Person, apart: Collection[UUID] = ()
) -> Sequence[LikelyDuplicate]:
    """Return the records among these that may be `person`, the strongest reasons first, but for those `apart`."""
    numbers = (await queries.indexes_of(session, person.caisse, [person.id])).get(person.id, frozenset())
    candidates = {
        other.id: other
        for other in (
            *await queries.sharing_a_number(session, among, numbers, person.id),
            *await queries.born_the_same_day(session, among, person.birth_on, person.id, COMPARED),
        )
    }
    for other_id in apart:
        candidates.pop(other_id, None)
    indexes = await queries.indexes_of(session, person.caisse, list(candidates))
    this = _likeness(person, numbers)
    found = [
        LikelyDuplicate(id=other.id, reasons=reasons)
        for other in candidates.values()
        if (reasons := duplicates.reasons(this, _likeness(other, indexes.get(other.id, frozenset()))))
    ]
    found.sort(key=lambda each: (_STRENGTH.index(each.reasons[0]), -len(each.reasons), each.id))
    return found[:PROPOSED]


def _likeness(person: Person, numbers: frozenset[bytes]) -> Likeness:
    return Likeness(
        id=person.id,
        last_name=person.last_name_key,
        birth_name=person.birth_name_key,
        first_names=person.first_names_key,
        birth_on=person.birth_on,
        phone=person.phone,
        numbers=numbers,
    )


async def shown(session: AsyncSession, actor: Actor, person: Person) -> Sequence[DuplicateProposal]:
    """Return the proposals of the whole caisse with their cards, journalled and counted.

    What somebody declared to be another person is not proposed again.
    """
    apart = await queries.distinguished_from(session, person.caisse, person.id)
    proposed = await of(session, queries.findable_by(actor), person, apart)
    others = queries.findable_by(actor).where(Person.id.in_([each.id for each in proposed]))
    rows = (await session.execute(queries.as_cards(others))).all()
    cards = {card.id: card for card in await register.show(session, actor, rows)}
    return [DuplicateProposal(person=cards[each.id], reasons=each.reasons) for each in proposed]


async def distinguish(session: AsyncSession, actor: Actor, person: Person, other: UUID, reason: str) -> None:
    """Remember that two records are two persons; said again, the first reason stays."""
    known = queries.findable_by(actor).with_only_columns(Person.id).where(Person.id == other)
    if other == person.id or await session.scalar(known) is None:
        raise register.PersonNotFound
    first, second = sorted((person.id, other))
    said = insert(PersonDistinction).values(
        caisse=person.caisse,
        person_id=first,
        other_id=second,
        reason=reason,
        decided_by=actor.sub,
        decided_at=clock.now(),
    )
    done = await session.execute(said.on_conflict_do_nothing().returning(PersonDistinction.person_id))
    if done.scalar_one_or_none() is not None:
        subject = PairSubject(person=person.id, other=other)
        emit(session, PersonsDistinguished(caisse=person.caisse, subject=subject, payload=Nothing()))
    journal.change(session, "person.distinguish", register.RESOURCE, person.id, subjects=[person.id, other])
