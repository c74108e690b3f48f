"""What the forms of every kind share: loose reading, the person's agreement, a telephone, remarks. Pure.

A draft is checked loosely (known codes, bounded texts). Sending checks everything at once and lists each
error with its field, its rule and what to do, in French.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from referrals_service.persons import phones
from referrals_service.requests import free_text, statements
from referrals_service.requests.codes import AgreementChannel, RequestKind
from referrals_service.texts import Line, Prose
from servicekit.errors import Invalid

T = TypeVar("T")


def _blank_is_nothing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def once_each(values: list[T]) -> list[T]:
    """Return the values in order, each once."""
    return list(dict.fromkeys(values))


OptionalLine = Annotated[Line | None, BeforeValidator(_blank_is_nothing)]
OptionalProse = Annotated[Prose | None, BeforeValidator(_blank_is_nothing)]
Several = AfterValidator(once_each)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one field; an error or a warning, as the caller takes it."""

    field: str
    message: str
    rule: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the remark as a problem document or a receipt shows it."""
        return {"field": self.field, "message": self.message, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and when a form is sent: the day and the department of the caisse."""

    today: date
    department: str


class Part(BaseModel):
    """A part of a form: nothing unknown is taken, and what is answered is whole."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class InformedIn(Part):
    """How the person was told and agreed, as the sender attests it."""

    informed_on: date | None = None
    agrees_to_be_called: bool | None = None
    channel: AgreementChannel | None = None
    statement_version: Annotated[str | None, Field(pattern=r"^[0-9A-Za-z-]{1,20}$")] = None


@dataclass(frozen=True, slots=True)
class Informed:
    """How the person was told and agreed, as whoever heard it attests; nothing is missing."""

    on: date
    channel: AgreementChannel
    statement_version: str


class Form(Part, free_text.InDanger, ABC):
    """What a request of one kind asks, as typed so far: every field may still be missing."""

    kind: RequestKind
    informed: InformedIn = InformedIn()
    phone: OptionalLine = None
    best_time: OptionalLine = None

    @property
    def topic(self) -> str:
        """Return the code of what is asked within the kind: with it a step is the same step again (ESP-13)."""
        return ""

    @property
    def is_urgent(self) -> bool:
        """Tell whether the sender says that it cannot wait."""
        return self.kind is RequestKind.URGENT or getattr(self, "urgent", False) is True

    @property
    def calls_for(self) -> Sequence[str]:
        """Return the codes of what is asked, by which documents are called for."""
        return [self.topic]

    @abstractmethod
    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""

    @property
    def agreement(self) -> Informed:
        """Return the agreement of a form without errors."""
        told = self.informed
        if told.informed_on is None or told.channel is None or told.statement_version is None:
            raise ValueError("a form without errors leaves none of these empty")
        return Informed(told.informed_on, told.channel, told.statement_version)

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {"best_time": self.best_time}


def require_complete(form: Form, where: Circumstances) -> None:
    """Raise `Invalid` with every error of a form that cannot be sent."""
    errors = list(form.errors(where))
    if errors:
        raise Invalid("Des informations manquent ou sont à corriger.", errors=[e.as_json() for e in errors])


def agreement_errors(form: Form, today: date, refusal: str, rule: str | None) -> Iterator[Remark]:
    """Yield what lacks in the agreement; `refusal` says why nothing is sent without it."""
    told = form.informed
    if told.informed_on is None:
        yield Remark("informed.informed_on", "Indiquez la date à laquelle la personne a été informée.", rule)
    elif told.informed_on > today:
        yield Remark("informed.informed_on", "Cette date est dans le futur.", rule)
    if told.agrees_to_be_called is not True:
        yield Remark("informed.agrees_to_be_called", refusal, rule)
    if told.channel is None:
        yield Remark("informed.channel", "Indiquez comment la personne a donné son accord.", rule)
    if told.statement_version is None:
        yield Remark("informed.statement_version", "Indiquez quel texte d'information a été utilisé.", rule)
    elif not statements.is_told(told.statement_version, form.kind):
        yield Remark(
            "informed.statement_version",
            "Ce texte d'information n'est pas celui de cette demande.",
            rule,
        )


NO_AGREEMENT = "Rien n'est envoyé sans l'accord de la personne : recueillez-le avant d'envoyer."


def phone_errors(phone: str | None, missing: str | None, rule: str | None) -> Iterator[Remark]:
    """Yield what is wrong with a telephone; `missing` says why it is needed, null when it is not."""
    if phone is None:
        if missing is not None:
            yield Remark("phone", missing, rule)
        return
    try:
        phones.parse(phone)
    except phones.PhoneError as error:
        yield Remark("phone", str(error), rule)


def warnings_of(form: Form) -> Iterator[Remark]:
    """Yield what deserves a second look before sending, without keeping from it."""
    for field, text in form.texts().items():
        for message in free_text.remarks(text):
            yield Remark(field, message, free_text.RULE)
