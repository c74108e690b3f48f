"""The record of one person, as each audience sees it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import queries, register
from referrals_service.persons.codes import (
    AccessNeed,
    Channel,
    Civility,
    ContactCaution,
    IdentifierKind,
    NoNumberReason,
    PhoneKind,
    SafeMoment,
    Sex,
)
from referrals_service.persons.grants import SUBMIT, open_to, open_until
from referrals_service.persons.models import Person, PersonIdentifier
from referrals_service.persons.schemas import Address, Child, Household
from referrals_service.persons.views import (
    AgentPerson,
    AgentPersonAbilities,
    Contact,
    Identity,
    KnownIdentifier,
    MaskedIdentifier,
    PartnerPerson,
    PartnerPersonAbilities,
    PersonNeeds,
)
from servicekit.access import Actor


async def for_partner(session: AsyncSession, actor: Actor, person: Person) -> PartnerPerson:
    """Return the record as the structure sees it; nothing of the number but its kind."""
    present = (await queries.identifiers_of(session, person))[0]
    editable = await session.scalar(select(Person.id).where(_is(person), open_to(actor, SUBMIT))) is not None
    await register.note_shown(session, actor, [person.id])
    return PartnerPerson(
        id=person.id,
        version=person.version,
        number=register.number_of(person.caisse, person.number),
        display_name=register.display_name(person.first_names, person.last_name),
        identity=_identity(person),
        contact=_contact(person),
        registered_at=person.created_at,
        updated_at=person.updated_at,
        identifier=_known(present),
        household=_household(person) if editable else None,
        abilities=PartnerPersonAbilities(amend=editable),
    )


async def for_agent(session: AsyncSession, actor: Actor, person: Person) -> AgentPerson:
    """Return the record as an agent in charge sees it, with masked numbers and their history."""
    known = await queries.identifiers_of(session, person)
    masks = await queries.masks_of(session, person)
    until = await open_until(session, actor, person.id)
    handles = actor.role in queries.SEARCHING_ROLES
    await register.note_shown(session, actor, [person.id])
    return AgentPerson(
        id=person.id,
        version=person.version,
        number=register.number_of(person.caisse, person.number),
        display_name=register.display_name(person.first_names, person.last_name),
        identity=_identity(person),
        contact=_contact(person),
        registered_at=person.created_at,
        updated_at=person.updated_at,
        identifiers=_masked(known, masks),
        household=_household(person),
        registered_by_structure=person.structure_id,
        open_until=until,
        abilities=AgentPersonAbilities(amend=handles, reveal_number=handles and known[0].id in masks),
    )


def _identity(person: Person) -> Identity:
    return Identity(
        civility=None if person.civility is None else Civility(person.civility),
        first_names=person.first_names,
        last_name=person.last_name,
        birth_name=person.birth_name,
        birth_on=person.birth_on,
        birth_place=person.birth_place,
        sex=None if person.sex is None else Sex(person.sex),
    )


def _contact(person: Person) -> Contact:
    return Contact(
        phone=person.phone,
        phone_kind=None if person.phone_kind is None else PhoneKind(person.phone_kind),
        email=person.email,
        address=_address(person),
        **needs_of(person).model_dump(),
    )


def needs_of(person: Person) -> PersonNeeds:
    """Return what whoever calls, writes to or receives a person must know."""
    return PersonNeeds(
        preferred_channel=Channel(person.preferred_channel),
        safe_hours=person.safe_hours,
        safe_moments=[SafeMoment(code) for code in person.safe_moments],
        cautions=[ContactCaution(code) for code in person.cautions],
        language=person.language,
        interpreter=person.interpreter,
        access_needs=[AccessNeed(code) for code in person.access_needs],
    )


async def needs_shown(session: AsyncSession, actor: Actor, person: Person) -> PersonNeeds:
    """Return the needs of a person, journalled and counted like the rest of the record."""
    await register.note_shown(session, actor, [person.id])
    return needs_of(person)


def _address(person: Person) -> Address | None:
    if person.postcode is None or person.city is None:
        return None
    # Already checked when it was entered; a later rule must not hide an address from those who need it.
    return Address.model_construct(
        lines=person.address_lines, postcode=person.postcode, city=person.city, department=person.department
    )


def _household(person: Person) -> Household:
    return Household.model_construct(
        adults=person.adults,
        children=[Child.model_construct(birth_on=born_on) for born_on in person.children_born_on],
        note=person.household_note,
    )


def _known(identifier: PersonIdentifier) -> KnownIdentifier:
    reason = identifier.none_reason
    return KnownIdentifier(
        kind=IdentifierKind(identifier.kind),
        none_reason=None if reason is None else NoNumberReason(reason),
        from_at=identifier.from_at,
        until_at=identifier.until_at,
    )


def _masked(known: Sequence[PersonIdentifier], masks: dict[UUID, str]) -> Sequence[MaskedIdentifier]:
    return [MaskedIdentifier(**_known(each).model_dump(), masked=masks.get(each.id)) for each in known]


def _is(person: Person) -> ColumnElement[bool]:
    return and_(Person.caisse == person.caisse, Person.id == person.id)
