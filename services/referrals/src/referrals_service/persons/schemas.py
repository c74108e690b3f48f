"""What is sent about a person. What comes back, one shape an audience, is in `views.py`."""

import re
from datetime import date, timedelta
from typing import Annotated, Final, Self, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from referrals_service.persons import identifiers, phones
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
from referrals_service.persons.identifiers import Number, NumberError
from referrals_service.texts import Line, Name, Prose
from servicekit import clock

_Code = TypeVar("_Code", AccessNeed, ContactCaution, SafeMoment)
OLDEST: Final = date(1900, 1, 1)
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]+@[^@\s\"(),:;<>\[\]\\.]+(\.[^@\s\"(),:;<>\[\]\\.]+)+")


def _past(day: date) -> date:
    # East of Greenwich it is already tomorrow.
    if not OLDEST <= day <= clock.now().date() + timedelta(days=1):
        raise ValueError("Indiquez une date de naissance passée, à partir de 1900.")
    return day


def _once_each(codes: list[_Code]) -> list[_Code]:
    return sorted(set(codes))


def _blank_is_nothing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _an_email(text: str) -> str:
    if len(text) > 254 or _EMAIL.fullmatch(text) is None:
        raise ValueError("Indiquez une adresse électronique valide, comme nom@exemple.fr.")
    return text


Birthday = Annotated[date, AfterValidator(_past)]
OptionalLine = Annotated[Line | None, BeforeValidator(_blank_is_nothing)]
OptionalName = Annotated[Name | None, BeforeValidator(_blank_is_nothing)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(phones.parse)]
Email = Annotated[Line, AfterValidator(_an_email)]
Postcode = Annotated[str, Field(pattern=r"^\d{5}$")]
Department = Annotated[str, Field(pattern=r"^(\d{2}|2[AB]|9[78]\d)$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639; `fsl` is French sign language")]
WrittenReason = Annotated[Prose, Field(min_length=10, max_length=500)]
"""Why somebody goes beyond the ordinary; read afterwards by the data-protection officer."""


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class IdentityIn(_In):
    """Who the person is at the civil registry."""

    civility: Civility | None = None
    first_names: Name
    last_name: Name
    birth_name: OptionalName = None
    birth_on: Birthday
    birth_place: OptionalLine = None
    sex: Sex | None = None


class IdentifierIn(_In):
    """A number with its kind, or kind `none` with the reason. The value is never sent back."""

    kind: IdentifierKind
    value: SecretStr | None = Field(default=None, max_length=40, validate_default=True)
    none_reason: NoNumberReason | None = Field(default=None, validate_default=True)

    @field_validator("value")
    @classmethod
    def _checked(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        kind: IdentifierKind | None = info.data.get("kind")
        if kind is None:
            return value
        if kind is IdentifierKind.NONE:
            if value is not None:
                raise ValueError("Retirez le numéro, ou choisissez de quel numéro il s'agit.")
            return None
        if value is None:
            raise ValueError("Indiquez le numéro, ou choisissez « sans numéro ».")
        return SecretStr(identifiers.parse(kind, value.get_secret_value()).value)

    @field_validator("none_reason")
    @classmethod
    def _explained(cls, reason: NoNumberReason | None, info: ValidationInfo) -> NoNumberReason | None:
        if info.data.get("kind") is IdentifierKind.NONE and reason is None:
            raise ValueError("Indiquez pourquoi la personne n'a pas de numéro.")
        if info.data.get("kind") is not IdentifierKind.NONE and reason is not None:
            raise ValueError("Ce motif n'a de sens que sans numéro.")
        return reason

    @property
    def number(self) -> Number | None:
        """Return the checked number; None without one."""
        return None if self.value is None else Number(self.kind, self.value.get_secret_value())


class Address(_In):
    """Where post reaches the person."""

    lines: Annotated[list[Line], Field(min_length=1, max_length=4)]
    postcode: Postcode
    city: Line
    department: Department | None = None


_FORBIDDEN_BY: Final = {Channel.SMS: ContactCaution.NO_SMS, Channel.MAIL: ContactCaution.NO_HOME_MAIL}


class ContactIn(_In):
    """How to reach the person, and how to do it safely and understandably."""

    phone: Annotated[Phone | None, BeforeValidator(_blank_is_nothing)] = None
    phone_kind: PhoneKind | None = None
    email: Annotated[Email | None, BeforeValidator(_blank_is_nothing)] = None
    address: Address | None = None
    preferred_channel: Channel
    safe_hours: OptionalLine = Field(default=None, description="when a call puts nobody at risk")
    safe_moments: Annotated[list[SafeMoment], Field(max_length=10), AfterValidator(_once_each)] = []
    cautions: Annotated[list[ContactCaution], Field(max_length=10), AfterValidator(_once_each)] = []
    language: Language = "fr"
    interpreter: bool = False
    access_needs: Annotated[list[AccessNeed], Field(max_length=10), AfterValidator(_once_each)] = []

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if (self.phone is None) != (self.phone_kind is None):
            raise ValueError("Indiquez le téléphone et à qui il est, ou ni l'un ni l'autre.")
        needed = {
            Channel.PHONE: self.phone,
            Channel.SMS: self.phone,
            Channel.EMAIL: self.email,
            Channel.MAIL: self.address,
            Channel.VIA_STRUCTURE: True,
        }
        if needed[self.preferred_channel] is None:
            raise ValueError("Indiquez les coordonnées du moyen de contact préféré.")
        if _FORBIDDEN_BY.get(self.preferred_channel) in self.cautions:
            raise ValueError("Le moyen de contact préféré est aussi indiqué comme à éviter : corrigez l'un des deux.")
        return self


class Child(_In):
    """A child of the household."""

    birth_on: Birthday


class Household(_In):
    """Who lives together."""

    adults: Annotated[int, Field(ge=0, le=20)]
    children: Annotated[list[Child], Field(max_length=20)] = []
    note: Annotated[Prose | None, BeforeValidator(_blank_is_nothing)] = None


class PersonIn(IdentityIn):
    """A person to register."""

    identifier: IdentifierIn
    contact: ContactIn
    household: Household


class PersonAmend(_In):
    """What changed: each group given replaces the present one whole; the others stay."""

    identity: IdentityIn | None = None
    identifier: IdentifierIn | None = None
    contact: ContactIn | None = None
    household: Household | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set or all(getattr(self, name) is None for name in self.model_fields_set):
            raise ValueError("Indiquez ce qui change.")
        return self


class PersonSearch(_In):
    """Criteria, all of which a person must meet. Names are prefixes, whatever their accents and case."""

    last_name: OptionalName = Field(
        default=None,
        description="beginning of the family name or of the birth name; a single letter is a whole name",
    )
    first_name: OptionalName = None
    birth_on: date | None = None
    identifier: SecretStr | None = Field(default=None, max_length=40, description="NIR, NIA, NNP or MIG, whole")
    number: Annotated[str, Field(pattern=r"^([0-9A-Z_]{3,40}-)?P?[0-9]{1,10}$")] | None = Field(
        default=None, description="number of the person in the register, `311-P0000123`"
    )

    @field_validator("identifier")
    @classmethod
    def _recognised(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and identifiers.guess(value.get_secret_value()) is None:
            raise NumberError("Ce numéro n'est pas reconnu : indiquez-le en entier, clé comprise.")
        return value

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if not any((self.last_name, self.birth_on, self.identifier, self.number)):
            raise ValueError("Indiquez un nom, une date de naissance ou un numéro.")
        return self

    @property
    def sought_number(self) -> Number | None:
        """Return the checked number that is looked for."""
        return None if self.identifier is None else identifiers.guess(self.identifier.get_secret_value())


class PersonIds(_In):
    """Persons to show by name."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class Reason(_In):
    """A written reason."""

    reason: WrittenReason
