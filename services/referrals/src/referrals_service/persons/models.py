"""Tables of the register. One identity, one room: a name, a number, a birth date or an address is only here.

`structure_id`, on every table about a person, is the partner structure that registered the person (null when
the caisse did). It never changes; row-level security compares it, and the foreign keys carry it so that a row
about somebody else's person cannot be written.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATE
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base
from referrals_service.persons import codes
from referrals_service.texts import fold
from servicekit import clock
from servicekit.db import new_id
from servicekit.models import one_of, some_of

_KEY = Text(collation="C")


def _of_a_person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["caisse", "person_id"], ["persons.caisse", "persons.id"], ondelete="CASCADE")


def _registered_by_the_same() -> ForeignKeyConstraint:
    # Not checked when structure_id is null, which no partner may write: the plain key above covers the caisse.
    return ForeignKeyConstraint(
        ["caisse", "person_id", "structure_id"],
        ["persons.caisse", "persons.id", "persons.structure_id"],
        ondelete="CASCADE",
    )


class Person(Base):
    """Identity, contact and household. The `_key` columns are what a search compares: see `texts.fold`."""

    __tablename__ = "persons"
    __table_args__ = (
        UniqueConstraint("caisse", "id", "structure_id"),
        UniqueConstraint("caisse", "number"),
        Index(None, "caisse", "last_name_key", "first_names_key", "id"),
        Index(
            None,
            "caisse",
            "birth_name_key",
            "first_names_key",
            "id",
            postgresql_where=text("birth_name_key IS NOT NULL"),
        ),
        Index(None, "caisse", "birth_on", "last_name_key"),
        # What a partner's policy compares, then what the partner searches by.
        Index(
            None,
            "caisse",
            "structure_id",
            "last_name_key",
            postgresql_where=text("structure_id IS NOT NULL"),
        ),
        one_of("civility", codes.Civility),
        one_of("sex", codes.Sex),
        one_of("phone_kind", codes.PhoneKind),
        one_of("preferred_channel", codes.Channel),
        some_of("access_needs", codes.AccessNeed, at_least=0),
        some_of("cautions", codes.ContactCaution, at_least=0),
        some_of("safe_moments", codes.SafeMoment, at_least=0),
        CheckConstraint("(phone IS NULL) = (phone_kind IS NULL)", name="phone_has_kind"),
        CheckConstraint("birth_on >= DATE '1900-01-01'", name="birth_on_plausible"),
        CheckConstraint("(birth_name IS NULL) = (birth_name_key IS NULL)", name="birth_name_has_key"),
        CheckConstraint("adults >= 0", name="adults_counted"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(BigInteger, server_default=text("nextval('person_number')"))
    structure_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)

    civility: Mapped[str | None]
    first_names: Mapped[str]
    last_name: Mapped[str]
    birth_name: Mapped[str | None]
    first_names_key: Mapped[str] = mapped_column(_KEY)
    last_name_key: Mapped[str] = mapped_column(_KEY)
    birth_name_key: Mapped[str | None] = mapped_column(_KEY)
    birth_on: Mapped[date] = mapped_column(DATE)
    birth_place: Mapped[str | None]
    sex: Mapped[str | None]

    phone: Mapped[str | None]
    phone_kind: Mapped[str | None]
    email: Mapped[str | None]
    address_lines: Mapped[list[str]] = mapped_column(ARRAY(Text))
    postcode: Mapped[str | None]
    city: Mapped[str | None]
    department: Mapped[str | None]
    preferred_channel: Mapped[str]
    safe_hours: Mapped[str | None]
    language: Mapped[str]
    interpreter: Mapped[bool]
    access_needs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    cautions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    safe_moments: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))

    adults: Mapped[int] = mapped_column(SmallInteger)
    children_born_on: Mapped[list[date]] = mapped_column(ARRAY(DATE))
    household_note: Mapped[str | None]

    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    # The number comes from the sequence at flush without being read back: nothing after an insert needs it.
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - read by the mapper

    def set_names(self, first_names: str, last_name: str, birth_name: str | None) -> None:
        """Give the names together with the keys they are found by."""
        self.first_names, self.last_name, self.birth_name = first_names, last_name, birth_name
        self.first_names_key, self.last_name_key = fold(first_names), fold(last_name)
        self.birth_name_key = None if birth_name is None else fold(birth_name)


class PersonIdentifier(Base):
    """Which kind of number a person had from when until when; the present one has no end.

    The number itself is in `PersonNumber`; kind `none` has none.
    """

    __tablename__ = "person_identifiers"
    __table_args__ = (
        _of_a_person(),
        _registered_by_the_same(),
        Index(
            "uq_person_identifiers_present",
            "caisse",
            "person_id",
            unique=True,
            postgresql_where=text("until_at IS NULL"),
        ),
        Index(None, "caisse", "person_id"),
        one_of("kind", codes.IdentifierKind),
        one_of("none_reason", codes.NoNumberReason),
        CheckConstraint("(kind = 'none') = (none_reason IS NOT NULL)", name="none_has_reason"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    structure_id: Mapped[UUID | None]
    kind: Mapped[str]
    none_reason: Mapped[str | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    recorded_by: Mapped[str]


class PersonNumber(Base):
    """A sealed number, apart from everything else. Partners may add one and never read it back."""

    __tablename__ = "person_numbers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["caisse", "identifier_id"],
            ["person_identifiers.caisse", "person_identifiers.id"],
            ondelete="CASCADE",
        ),
        _of_a_person(),
        _registered_by_the_same(),
        Index(None, "caisse", "blind_index"),
        Index(None, "caisse", "person_id"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    identifier_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    structure_id: Mapped[UUID | None]
    key_id: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    blind_index: Mapped[bytes] = mapped_column(LargeBinary)
    masked: Mapped[str]


class PersonGrant(Base):
    """Somebody may see a person, for a purpose, for a time. Without one, a name is not shown."""

    __tablename__ = "person_grants"
    __table_args__ = (
        _of_a_person(),
        _registered_by_the_same(),
        Index(
            "uq_person_grants_open",
            "caisse",
            "person_id",
            "holder_kind",
            "holder",
            "purpose",
            "origin_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND reason IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            None,
            "caisse",
            "holder_kind",
            "holder",
            "person_id",
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(None, "caisse", "person_id"),
        one_of("holder_kind", codes.HolderKind),
        CheckConstraint("until_at > from_at", name="until_after_from"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    structure_id: Mapped[UUID | None]
    holder_kind: Mapped[str]
    holder: Mapped[str]
    purpose: Mapped[str]
    origin_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    granted_by: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]


class NumberReveal(Base):
    """Somebody saw a number in full, and wrote why."""

    __tablename__ = "number_reveals"
    __table_args__ = (_of_a_person(), Index(None, "caisse", "person_id"))

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    identifier_id: Mapped[UUID]
    account: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class PersonDistinction(Base):
    """Two records that look alike and are two persons: somebody said so, and why. `person_id < other_id`."""

    __tablename__ = "person_distinctions"
    __table_args__ = (
        _of_a_person(),
        ForeignKeyConstraint(["caisse", "other_id"], ["persons.caisse", "persons.id"], ondelete="CASCADE"),
        Index(None, "caisse", "other_id"),
        CheckConstraint("person_id < other_id", name="ordered_pair"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]


class PersonReading(Base):
    """When an account was last shown a person: what the reading budget counts. The machine's clock."""

    __tablename__ = "person_readings"
    __table_args__ = (_of_a_person(), Index(None, "account", "last_at"))

    caisse: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]
