"""Every SELECT on persons. Each starts at what the actor may see.

`visible_to` is where a name comes from. `findable_by` is wider for one need only: the adviser who receives a
call must find a person of the caisse before knowing whether somebody has them in charge. It gives cards,
counted in the reading budget and journalled; the record behind a card opens with a grant, or a written reason.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from referrals_service.network.models import PartnerStructure
from referrals_service.persons.grants import TRIAGE, open_to
from referrals_service.persons.models import Person, PersonDistinction, PersonIdentifier, PersonNumber
from referrals_service.persons.schemas import PersonSearch
from referrals_service.texts import fold
from servicekit.access import Actor, Audience

SEARCHING_ROLES: Final = frozenset(
    {"conseiller_misas", "responsable_unite", "coordinateur", "csam", "assistant_social"}
)
"""Agents who receive referrals and calls of persons nobody has in charge yet (MIS, MIS-M, ASS)."""

_LAST_CHARACTER: Final = "\U0010ffff"

_Key = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def visible_to(actor: Actor, purpose: str | None = None) -> Select[Person]:
    """Return the persons open to `actor`, for the purpose of the request unless told otherwise.

    Every name shown comes from here.
    """
    return select(Person).where(Person.caisse == actor.caisse, open_to(actor, purpose))


def findable_by(actor: Actor) -> Select[Person]:
    """Return the persons `actor` may find by search: all of the caisse for those who sort referrals."""
    if actor.audience is Audience.AGENT and actor.purpose == TRIAGE and actor.role in SEARCHING_ROLES:
        return select(Person).where(Person.caisse == actor.caisse)
    return visible_to(actor)


def as_cards(persons: Select[Person]) -> Select[*tuple[Any, ...]]:
    """Return the columns of a card only, with the present kind of number: Core rows, no object is built."""
    return persons.with_only_columns(
        Person.id,
        Person.caisse,
        Person.number,
        Person.first_names,
        Person.last_name,
        Person.birth_on,
        Person.phone,
        Person.city,
        PersonIdentifier.kind,
        Person.last_name_key,
        Person.first_names_key,
    ).outerjoin(
        PersonIdentifier,
        and_(
            PersonIdentifier.caisse == Person.caisse,
            PersonIdentifier.person_id == Person.id,
            PersonIdentifier.until_at.is_(None),
        ),
    )


def matching(persons: Select[Person], criteria: PersonSearch, index: bytes | None) -> Sequence[Select[Person]]:
    """Return the searches whose results together meet `criteria`: one, or two when a name may be either name.

    Two ordered index scans cost less than one with OR. Prefixes are ranges on keys compared byte by byte
    (`COLLATE "C"`): their operators are leakproof, so row-level security does not keep them from the index.
    """
    if criteria.number is not None:
        caisse, _, number = criteria.number.rpartition("-")
        persons = persons.where(Person.number == int(number.removeprefix("P")))
        if caisse:
            persons = persons.where(Person.caisse == caisse)
    if index is not None:
        persons = persons.where(
            Person.id.in_(
                select(PersonNumber.person_id).where(
                    PersonNumber.caisse == Person.caisse, PersonNumber.blind_index == index
                )
            )
        )
    if criteria.birth_on is not None:
        persons = persons.where(Person.birth_on == criteria.birth_on)
    if criteria.first_name is not None:
        persons = persons.where(_starts(Person.first_names_key, criteria.first_name))
    if criteria.last_name is None:
        return (persons.order_by(Person.last_name_key, Person.first_names_key, Person.id),)
    return (
        persons.where(_names(Person.last_name_key, criteria.last_name)).order_by(
            Person.last_name_key, Person.first_names_key, Person.id
        ),
        persons.where(Person.birth_name_key.is_not(None), _names(Person.birth_name_key, criteria.last_name)).order_by(
            Person.birth_name_key, Person.first_names_key, Person.id
        ),
    )


def _starts(key: _Key, typed: str) -> ColumnElement[bool]:
    prefix = fold(typed)
    return and_(key >= prefix, key < prefix + _LAST_CHARACTER)


def _names(key: _Key, typed: str) -> ColumnElement[bool]:
    # One letter begins too many names to mean anything; a few people are called just that.
    return key == fold(typed) if len(fold(typed)) == 1 else _starts(key, typed)


async def get(session: AsyncSession, persons: Select[Person], person_id: UUID) -> Person | None:
    """Return one of `persons`, or None."""
    found: Person | None = (await session.scalars(persons.where(Person.id == person_id))).one_or_none()
    return found


async def get_for_update(session: AsyncSession, persons: Select[Person], person_id: UUID) -> Person | None:
    """Return one of `persons` locked until the transaction ends, or None."""
    return await get(session, persons.with_for_update(of=Person), person_id)


async def identifiers_of(session: AsyncSession, person: Person) -> Sequence[PersonIdentifier]:
    """Return what a person was known by, the present one first."""
    of_person = select(PersonIdentifier).where(
        PersonIdentifier.caisse == person.caisse, PersonIdentifier.person_id == person.id
    )
    newest_first = of_person.order_by(PersonIdentifier.until_at.desc().nulls_first(), PersonIdentifier.id.desc())
    return (await session.scalars(newest_first)).all()


async def masks_of(session: AsyncSession, person: Person) -> dict[UUID, str]:
    """Return the masked numbers of a person by identifier. Agents only: partners have no right to the column."""
    masks = select(PersonNumber.identifier_id, PersonNumber.masked).where(
        PersonNumber.caisse == person.caisse, PersonNumber.person_id == person.id
    )
    return {row.identifier_id: row.masked for row in await session.execute(masks)}


async def born_the_same_day(
    session: AsyncSession, persons: Select[Person], born_on: date, besides: UUID, limit: int
) -> Sequence[Person]:
    """Return the persons of one birth date, at most `limit`, for comparison."""
    same_day = persons.where(Person.birth_on == born_on, Person.id != besides)
    return (await session.scalars(same_day.order_by(Person.last_name_key, Person.id).limit(limit))).all()


async def sharing_a_number(
    session: AsyncSession, persons: Select[Person], indexes: frozenset[bytes], besides: UUID
) -> Sequence[Person]:
    """Return the persons that have, or had, one of the numbers behind these blind indexes."""
    if not indexes:
        return ()
    shared = select(PersonNumber.person_id).where(
        PersonNumber.caisse == Person.caisse, PersonNumber.blind_index.in_(indexes)
    )
    return (await session.scalars(persons.where(Person.id.in_(shared), Person.id != besides))).all()


async def indexes_of(session: AsyncSession, caisse: str, person_ids: Sequence[UUID]) -> dict[UUID, frozenset[bytes]]:
    """Return the blind indexes of each person's numbers, present and former."""
    rows = await session.execute(
        select(PersonNumber.person_id, PersonNumber.blind_index).where(
            PersonNumber.caisse == caisse, PersonNumber.person_id.in_(person_ids)
        )
    )
    found: dict[UUID, frozenset[bytes]] = {}
    for row in rows:
        found[row.person_id] = found.get(row.person_id, frozenset()) | {row.blind_index}
    return found


async def distinguished_from(session: AsyncSession, caisse: str, person_id: UUID) -> frozenset[UUID]:
    """Return the persons that somebody said are not this one."""
    one_way = select(PersonDistinction.other_id).where(
        PersonDistinction.caisse == caisse, PersonDistinction.person_id == person_id
    )
    other_way = select(PersonDistinction.person_id).where(
        PersonDistinction.caisse == caisse, PersonDistinction.other_id == person_id
    )
    return frozenset((await session.scalars(one_way.union_all(other_way))).all())


async def may_collect_nir(session: AsyncSession, caisse: str, structure: UUID) -> bool:
    """Tell whether a structure may type a NIR, by what partners last announced; one not known yet may not."""
    allowed = select(PartnerStructure.nir_allowed).where(
        PartnerStructure.caisse == caisse, PartnerStructure.structure_id == structure
    )
    return await session.scalar(allowed) is True
