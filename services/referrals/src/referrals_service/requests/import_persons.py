"""The persons that rows of a file are about: found by name and birth date, entered once, kept up to date."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import queries, register
from referrals_service.persons.codes import Channel, PhoneKind
from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.persons.models import Person
from referrals_service.persons.schemas import Address, Child, ContactIn, Household, PersonAmend
from referrals_service.requests.import_rows import ReferralRow
from servicekit.access import Actor
from servicekit.errors import Conflict

Persons = dict[tuple[str, str, date], list[Person]]

HOMONYMS: Final = (
    "Votre structure connaît plusieurs personnes de ce nom et de cette date de naissance : saisissez cette demande "
    "dans le formulaire."
)
KEPT_BY_CAISSE: Final = (
    "Les coordonnées ou le foyer diffèrent de la fiche de cette personne, que la caisse tient désormais : signalez-lui "
    "la correction par un message, et reprenez dans cette ligne ce que dit la fiche."
)
DIFFERS: Final = (
    "Les coordonnées ou le foyer diffèrent de la fiche de cette personne : corrigez d'abord sa fiche, ou reprenez dans "
    "cette ligne ce qu'elle dit."
)

_ONE_AT_A_TIME: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('persons of ' || :caisse || ' ' || :structure, 0))"
)


async def one_at_a_time(session: AsyncSession, actor: Actor) -> None:
    """Wait for whoever of the structure is importing, so that two files do not enter one person twice."""
    await session.execute(_ONE_AT_A_TIME, {"caisse": actor.caisse, "structure": str(actor.structure_id)})


async def known_persons(session: AsyncSession, actor: Actor, rows: Iterable[ReferralRow]) -> Persons:
    """Return the persons of the structure that rows may be about."""
    found: Persons = {}
    names = {row.name for row in rows}
    if names:
        same = tuple_(Person.last_name_key, Person.first_names_key, Person.birth_on).in_(names)
        for person in (await session.scalars(queries.visible_to(actor, FOLLOW).where(same))).all():
            found.setdefault((person.last_name_key, person.first_names_key, person.birth_on), []).append(person)
    return found


async def correctable(session: AsyncSession, actor: Actor, persons: Iterable[Person]) -> frozenset[Any]:
    """Return the ids of those whose record the structure still keeps."""
    own = queries.visible_to(actor, SUBMIT).with_only_columns(Person.id)
    return frozenset((await session.scalars(own.where(Person.id.in_([person.id for person in persons])))).all())


async def enter(session: AsyncSession, actor: Actor, row: ReferralRow, known: Persons) -> Person:
    """Return the person of a row: the known one with what the row tells anew, or one just entered."""
    persons = known.setdefault(row.name, [])
    if len(persons) > 1:
        raise Conflict(HOMONYMS)
    if not persons:
        persons.append(await register.register(session, actor, row.person))
    elif amendment(persons[0], row) is not None:
        await _amend(session, actor, persons[0], row)
    return persons[0]


async def _amend(session: AsyncSession, actor: Actor, known: Person, row: ReferralRow) -> None:
    own = queries.visible_to(actor, SUBMIT).execution_options(populate_existing=True)
    person = await queries.get_for_update(session, own, known.id)
    if person is None:
        raise Conflict(KEPT_BY_CAISSE)
    change = amendment(person, row)
    if change is not None:
        await register.amend(session, actor, person, person.version, change)


def amendment(person: Person, row: ReferralRow) -> PersonAmend | None:
    """Return what the record must take over for the row to be true of it; None when it already is."""
    contact, household = _contact(person, row), _household(person, row)
    if contact is None and household is None:
        return None
    return PersonAmend.model_construct(
        _fields_set=None, identity=None, identifier=None, contact=contact, household=household
    )


def _contact(person: Person, row: ReferralRow) -> ContactIn | None:
    address = None
    if person.postcode is not None and person.city is not None:
        address = Address.model_construct(
            lines=person.address_lines, postcode=person.postcode, city=person.city, department=person.department
        )
    present: dict[str, Any] = {
        "phone": person.phone,
        "phone_kind": None if person.phone_kind is None else PhoneKind(person.phone_kind),
        "email": person.email,
        "address": address,
        "preferred_channel": Channel(person.preferred_channel),
        "safe_hours": person.safe_hours,
        "language": person.language,
        "interpreter": person.interpreter,
        "access_needs": person.access_needs,
        "cautions": person.cautions,
        "safe_moments": person.safe_moments,
    }
    told = {name: getattr(row.person.contact, name) for name in row.says}
    given = told.get("address")
    if given is not None and address is not None and _where(given) == _where(address):
        # A file names no department: the one of the record stays with its address.
        told["address"] = address
    merged = present | told
    # Already checked when it was entered; a later rule must not refuse what the row does not touch.
    return None if merged == present else ContactIn.model_construct(_fields_set=None, **merged)


def _where(address: Address) -> tuple[list[str], str, str]:
    return list(address.lines), address.postcode, address.city


def _household(person: Person, row: ReferralRow) -> Household | None:
    told = row.person.household
    children = person.children_born_on
    if "children" in told.model_fields_set:
        children = sorted(child.birth_on for child in told.children)
    if (told.adults, children) == (person.adults, person.children_born_on):
        return None
    return Household.model_construct(
        adults=told.adults,
        children=[Child.model_construct(birth_on=born_on) for born_on in children],
        note=person.household_note,
    )
