"""What comes back about a person, one shape an audience; outputs have no default. No ORM object leaves."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from referrals_service.persons.codes import (
    AccessNeed,
    Channel,
    Civility,
    ContactCaution,
    DuplicateReason,
    IdentifierKind,
    NoNumberReason,
    PhoneKind,
    SafeMoment,
    Sex,
)
from referrals_service.persons.schemas import Address, Household
from servicekit.writes import Receipt


class PersonCard(BaseModel):
    """A person in a list: enough to recognise, no more. The number in the register is no identifier."""

    id: UUID
    number: str
    display_name: str
    birth_on: date
    phone_masked: str | None
    city: str | None
    identifier_kind: IdentifierKind


class PersonsFound(BaseModel):
    """The persons that meet the criteria; `more` says that there are others: refine the search."""

    items: Sequence[PersonCard]
    more: bool


class Identity(BaseModel):
    """Who the person is."""

    civility: Civility | None
    first_names: str
    last_name: str
    birth_name: str | None
    birth_on: date
    birth_place: str | None
    sex: Sex | None


class PersonNeeds(BaseModel):
    """How to reach and receive the person safely and understandably: what whoever calls or books must know."""

    preferred_channel: Channel
    safe_hours: str | None
    safe_moments: Sequence[SafeMoment]
    cautions: Sequence[ContactCaution]
    language: str
    interpreter: bool
    access_needs: Sequence[AccessNeed]


class Contact(PersonNeeds):
    """How to reach the person."""

    phone: str | None
    phone_kind: PhoneKind | None
    email: str | None
    address: Address | None


class KnownIdentifier(BaseModel):
    """That a person has a number, since when; not which."""

    kind: IdentifierKind
    none_reason: NoNumberReason | None
    from_at: datetime
    until_at: datetime | None


class MaskedIdentifier(KnownIdentifier):
    """The same with the masked number; null without one."""

    masked: str | None


class PartnerPersonAbilities(BaseModel):
    """What the structure may do to the person's record."""

    amend: bool


class AgentPersonAbilities(BaseModel):
    """What the agent may do to the person's record."""

    amend: bool
    reveal_number: bool


class _Person(BaseModel):
    id: UUID
    version: int
    number: str
    display_name: str
    identity: Identity
    contact: Contact
    registered_at: datetime
    updated_at: datetime


class PartnerPerson(_Person):
    """A person as the structure that refers sees them. The household is shown until the caisse takes over."""

    identifier: KnownIdentifier
    household: Household | None
    abilities: PartnerPersonAbilities


class AgentPerson(_Person):
    """A person as an agent in charge sees them; `identifiers` are the present one, then the former ones."""

    identifiers: Sequence[MaskedIdentifier]
    household: Household
    registered_by_structure: UUID | None
    open_until: datetime | None
    abilities: AgentPersonAbilities


class RevealedNumber(BaseModel):
    """A number in full."""

    kind: IdentifierKind
    value: str


class LikelyDuplicate(BaseModel):
    """Another record that may be the same person, and why. Ids only: this is kept for replay."""

    id: UUID
    reasons: Sequence[DuplicateReason]


class RegisteredPerson(Receipt):
    """A new record, and the records of the same structure that it resembles."""

    duplicates: Sequence[LikelyDuplicate]


class DuplicateProposal(BaseModel):
    """A record that may be the same person, shown, and why."""

    person: PersonCard
    reasons: Sequence[DuplicateReason]


class DuplicateProposals(BaseModel):
    """The records that may be the same person, the strongest reasons first."""

    items: Sequence[DuplicateProposal]
