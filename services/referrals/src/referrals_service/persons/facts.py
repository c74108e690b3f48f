"""Facts that the register publishes. A person is an id; what is said about them is a code."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from referrals_service.persons.codes import IdentifierKind
from servicekit.facts import Fact

Group = Literal["identity", "identifier", "contact", "household"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonSubject(_Part):
    """The person, and the structure that registered them; null when the caisse did."""

    person: UUID
    structure: UUID | None


class Registered(_Part):
    """By which kind of number the person is known."""

    identifier_kind: IdentifierKind


class PersonRegistered(Fact[PersonSubject, Registered]):
    """A person entered the register of a caisse."""

    type: Literal["person.registered"] = "person.registered"


class Amended(_Part):
    """Which groups were changed, and from which side."""

    groups: Sequence[Group]
    by: Literal["partner", "caisse"]


class PersonAmended(Fact[PersonSubject, Amended]):
    """What is known of a person was changed."""

    type: Literal["person.amended"] = "person.amended"


class IdentifierChanged(_Part):
    """From which kind of number to which."""

    before: IdentifierKind
    after: IdentifierKind


class PersonIdentifierChanged(Fact[PersonSubject, IdentifierChanged]):
    """A person's number was added, replaced or withdrawn."""

    type: Literal["person.identifier_changed"] = "person.identifier_changed"


class PairSubject(_Part):
    """Two persons."""

    person: UUID
    other: UUID


class Nothing(_Part):
    """The type says it all."""


class PersonsDistinguished(Fact[PairSubject, Nothing]):
    """Two records that looked alike were declared two persons."""

    type: Literal["persons.distinguished"] = "persons.distinguished"
