"""A person goes to another body: a new record there, since each register is a caisse's own.

The two records are tied by the requests that name each other, in ids only. Numbers are sealed again: a sealed
number opens in one row of one caisse.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.codes import IdentifierKind
from referrals_service.persons.facts import PersonRegistered, PersonSubject, Registered
from referrals_service.persons.models import Person, PersonIdentifier, PersonNumber
from referrals_service.persons.vault import Place
from referrals_service.settings import settings_of
from servicekit import clock
from servicekit.db import new_id
from servicekit.facts import emit

_KEPT = {"caisse", "id", "number", "structure_id", "version", "created_by", "created_at", "updated_at"}


async def move(session: AsyncSession, person: Person, to_caisse: str, *, by: str) -> Person:
    """Enter `person` in the register of `to_caisse`, with the present identifier; nothing else follows.

    Needs a session of the service itself: no audience reaches two caisses.
    """
    now = clock.now()
    copied = {c.key: getattr(person, c.key) for c in Person.__table__.columns if c.key not in _KEPT}
    moved = Person(
        caisse=to_caisse,
        id=new_id(),
        structure_id=None,
        version=1,
        created_by=by,
        created_at=now,
        updated_at=now,
        **copied,
    )
    session.add(moved)
    # What follows refers to it and is written without the unit of work.
    await session.flush()
    kind = await _move_identifier(session, person, moved, by)
    emit(
        session,
        PersonRegistered(
            caisse=to_caisse,
            subject=PersonSubject(person=moved.id, structure=None),
            payload=Registered(identifier_kind=kind),
        ),
    )
    return moved


async def _move_identifier(session: AsyncSession, person: Person, moved: Person, by: str) -> IdentifierKind:
    present = (
        await session.scalars(
            select(PersonIdentifier).where(
                PersonIdentifier.caisse == person.caisse,
                PersonIdentifier.person_id == person.id,
                PersonIdentifier.until_at.is_(None),
            )
        )
    ).one()
    kind = IdentifierKind(present.kind)
    place = Place(moved.caisse, moved.id, new_id(), kind)
    identifier = PersonIdentifier(
        caisse=moved.caisse,
        id=place.identifier_id,
        person_id=moved.id,
        structure_id=None,
        kind=kind,
        none_reason=present.none_reason,
        from_at=clock.now(),
        recorded_by=by,
    )
    session.add(identifier)
    await session.flush()
    sealed = (
        await session.scalars(
            select(PersonNumber).where(PersonNumber.caisse == person.caisse, PersonNumber.identifier_id == present.id)
        )
    ).one_or_none()
    if sealed is not None:
        vault = settings_of(session).vault
        number = vault.open(sealed.key_id, sealed.content, Place(person.caisse, person.id, present.id, kind))
        again = vault.seal(number, place)
        session.add(
            PersonNumber(
                caisse=moved.caisse,
                identifier_id=place.identifier_id,
                person_id=moved.id,
                structure_id=None,
                key_id=again.key_id,
                content=again.content,
                blind_index=again.blind_index,
                masked=number.masked,
            )
        )
    return kind
