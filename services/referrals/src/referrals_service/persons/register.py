"""The register: who is entered, who is shown, what is amended.

Whatever shows a name goes through here: it starts from the persons the actor may see, counts them in the
reading budget and names them in the journal, in the transaction of the reading.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Row, insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import budget, phones, queries
from referrals_service.persons.codes import IdentifierKind
from referrals_service.persons.facts import (
    Amended,
    Group,
    IdentifierChanged,
    PersonAmended,
    PersonIdentifierChanged,
    PersonRegistered,
    PersonSubject,
    Registered,
)
from referrals_service.persons.grants import SUBMIT, Holder, grant
from referrals_service.persons.identifiers import CIVIL_KINDS
from referrals_service.persons.models import Person, PersonIdentifier, PersonNumber
from referrals_service.persons.schemas import ContactIn, Household, IdentifierIn, IdentityIn, PersonAmend, PersonIn
from referrals_service.persons.vault import Place
from referrals_service.persons.views import PersonCard
from referrals_service.settings import settings_of
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.errors import Invalid, NotFound
from servicekit.facts import emit
from servicekit.writes import require_version

RESOURCE: Final = "person"


class PersonNotFound(NotFound):
    """No such person, or not one this actor may see."""

    slug = "person-not-found"
    title = "Personne introuvable"

    def __init__(self) -> None:
        super().__init__("Cette personne n'existe pas ou ne vous est pas ouverte.")


class NumberNotAllowed(Invalid):
    """The structure may not collect the NIR."""

    slug = "nir-not-allowed"
    title = "Numéro de sécurité sociale non autorisé"

    def __init__(self, field: str) -> None:
        message = "Votre structure n'est pas habilitée à recueillir ce numéro : laissez la caisse le compléter."
        super().__init__(message, errors=[{"field": field, "message": message}])


def number_of(caisse: str, number: int) -> str:
    """Return the number of a person in the register as people read it: `311-P0000123`."""
    return f"{caisse}-P{number:07d}"


def display_name(first_names: str, last_name: str) -> str:
    """Return a name as it is shown: `Prénom NOM`."""
    return f"{first_names} {last_name.upper()}"


def require_collectable(kind: IdentifierKind, *, nir_allowed: bool, field: str) -> None:
    """Refuse a number of the civil repertory from a structure that may not collect it (decree 2019-341)."""
    if kind in CIVIL_KINDS and not nir_allowed:
        raise NumberNotAllowed(field)


async def exists_for(session: AsyncSession, actor: Actor, person_id: UUID) -> bool:
    """Tell whether `actor` may see a person; shows nothing, so counts nothing."""
    known = queries.visible_to(actor).with_only_columns(Person.id).where(Person.id == person_id)
    return await session.scalar(known) is not None


async def card(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, PersonCard]:
    """Return the cards of those of `ids` that `actor` holds a grant on; the others are left out.

    Journals and counts them. Raises `ReadingBudgetSpent` when they are more than the account may be shown.
    """
    if not ids:
        journal.read(session, RESOURCE, ())
        return {}
    visible = queries.visible_to(actor).where(Person.id.in_(set(ids)))
    rows = (await session.execute(queries.as_cards(visible))).all()
    return {shown.id: shown for shown in await show(session, actor, rows)}


async def show(session: AsyncSession, actor: Actor, rows: Sequence[Row[*tuple[Any, ...]]]) -> Sequence[PersonCard]:
    """Return the cards of rows of `queries.as_cards`, in their order, journalled and counted."""
    await note_shown(session, actor, [row.id for row in rows])
    return [
        PersonCard(
            id=row.id,
            number=number_of(row.caisse, row.number),
            display_name=display_name(row.first_names, row.last_name),
            birth_on=row.birth_on,
            phone_masked=None if row.phone is None else phones.masked(row.phone),
            city=row.city,
            identifier_kind=IdentifierKind(row.kind),
        )
        for row in rows
    ]


async def note_shown(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> None:
    """Count persons in the budget and name them in the journal, before they are shown."""
    await budget.spend(session, actor, ids)
    journal.read(session, RESOURCE, ids, resource_ids=ids)


def note_opened(session: AsyncSession, person: Person) -> None:
    """Name in the journal somebody opened with a reason; nothing of them is shown by that."""
    journal.change(session, "person.open_with_reason", RESOURCE, person.id, subjects=[person.id])


async def register(session: AsyncSession, actor: Actor, given: PersonIn) -> Person:
    """Enter a person in the register of the actor's caisse; a partner's structure gets the first grant."""
    now = clock.now()
    person = Person(
        caisse=actor.caisse,
        id=new_id(),
        structure_id=actor.structure,
        version=1,
        created_by=actor.sub,
        created_at=now,
        updated_at=now,
    )
    _set_identity(person, given)
    _set_contact(person, given.contact)
    _set_household(person, given.household)
    session.add(person)
    # The rows that follow refer to it, and are written without the unit of work.
    await session.flush()
    await _set_identifier(session, actor, person, given.identifier)
    if actor.audience is Audience.PARTNER:
        to = Holder.structure(actor.structure_id)
        await grant(session, actor.caisse, person.id, to, SUBMIT, by=actor.sub)
    emit(
        session,
        PersonRegistered(
            caisse=actor.caisse,
            subject=_subject(person),
            payload=Registered(identifier_kind=given.identifier.kind),
        ),
    )
    journal.change(
        session, "person.register", RESOURCE, person.id, subjects=[person.id], after=_content(person, given.identifier)
    )
    return person


async def amend(session: AsyncSession, actor: Actor, person: Person, version: int, given: PersonAmend) -> None:
    """Change a person already locked for the actor, from `version`; each group given replaces the present one."""
    require_version(person.version, version)
    before = _content(person)
    groups: list[Group] = []
    if given.identity is not None:
        _set_identity(person, given.identity)
        groups.append("identity")
    if given.contact is not None:
        _set_contact(person, given.contact)
        groups.append("contact")
    if given.household is not None:
        _set_household(person, given.household)
        groups.append("household")
    if given.identifier is not None:
        former = await _close_identifier(session, person)
        await _set_identifier(session, actor, person, given.identifier)
        groups.append("identifier")
        changed = IdentifierChanged(before=former, after=given.identifier.kind)
        emit(session, PersonIdentifierChanged(caisse=person.caisse, subject=_subject(person), payload=changed))
    person.version += 1
    person.updated_at = clock.now()
    by: Literal["partner", "caisse"] = "partner" if actor.audience is Audience.PARTNER else "caisse"
    emit(
        session,
        PersonAmended(caisse=person.caisse, subject=_subject(person), payload=Amended(groups=groups, by=by)),
    )
    journal.change(
        session,
        "person.amend",
        RESOURCE,
        person.id,
        subjects=[person.id],
        before=before,
        after=_content(person, given.identifier),
    )


def _subject(person: Person) -> PersonSubject:
    return PersonSubject(person=person.id, structure=person.structure_id)


def _set_identity(person: Person, given: IdentityIn) -> None:
    person.set_names(given.first_names, given.last_name, given.birth_name)
    person.civility = given.civility
    person.birth_on, person.birth_place = given.birth_on, given.birth_place
    person.sex = given.sex


def _set_contact(person: Person, given: ContactIn) -> None:
    person.phone, person.phone_kind, person.email = given.phone, given.phone_kind, given.email
    address = given.address
    person.address_lines = list(address.lines) if address else []
    person.postcode = address.postcode if address else None
    person.city = address.city if address else None
    person.department = address.department if address else None
    person.preferred_channel, person.safe_hours = given.preferred_channel, given.safe_hours
    person.language, person.interpreter = given.language, given.interpreter
    person.access_needs, person.cautions = list(given.access_needs), list(given.cautions)
    person.safe_moments = list(given.safe_moments)


def _set_household(person: Person, given: Household) -> None:
    person.adults, person.household_note = given.adults, given.note
    person.children_born_on = sorted(child.birth_on for child in given.children)


async def _close_identifier(session: AsyncSession, person: Person) -> IdentifierKind:
    present = (await queries.identifiers_of(session, person))[0]
    present.until_at = clock.now()
    # One present identifier a person is a unique index: the former must be closed before the new one exists.
    await session.flush()
    return IdentifierKind(present.kind)


async def _set_identifier(session: AsyncSession, actor: Actor, person: Person, given: IdentifierIn) -> None:
    place = Place(person.caisse, person.id, new_id(), given.kind)
    about = {"caisse": person.caisse, "person_id": person.id, "structure_id": person.structure_id}
    identifier = {
        "id": place.identifier_id,
        "kind": given.kind,
        "none_reason": given.none_reason,
        "from_at": clock.now(),
        "recorded_by": actor.sub,
    }
    # Statements rather than objects: a partner may add a sealed number but has no right to read it back.
    await session.execute(insert(PersonIdentifier).values(about | identifier))
    if given.number is None:
        return
    sealed = settings_of(session).vault.seal(given.number, place)
    number = {
        "identifier_id": place.identifier_id,
        "key_id": sealed.key_id,
        "content": sealed.content,
        "blind_index": sealed.blind_index,
        "masked": given.number.masked,
    }
    await session.execute(insert(PersonNumber).values(about | number))


def _content(person: Person, identifier: IdentifierIn | None = None) -> dict[str, object]:
    """Return what the journal fingerprints of a record; the number itself never enters, even hashed."""
    kept = {column.key: getattr(person, column.key) for column in Person.__table__.columns if column.key != "number"}
    return kept | ({"identifier_kind": identifier.kind} if identifier else {})
