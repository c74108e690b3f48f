"""The form of a MisAS referral: what a draft may hold, and what it must hold to be sent. Pure.

A draft is checked loosely (known codes, bounded texts). Sending checks everything at once and lists each
error with its field, its rule and what to do, in French.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from referrals_service.persons import phones
from referrals_service.requests import free_text, statements
from referrals_service.requests.codes import (
    AgreementChannel,
    CareType,
    ReferralMotive,
    ReferralScope,
    RenunciationReason,
)
from referrals_service.texts import Line, Prose
from servicekit.errors import Invalid

T = TypeVar("T")


def _blank_is_nothing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _once_each(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


OptionalLine = Annotated[Line | None, BeforeValidator(_blank_is_nothing)]
OptionalProse = Annotated[Prose | None, BeforeValidator(_blank_is_nothing)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RenouncedCareIn(_Part):
    """A type of care given up, and why."""

    care_type: CareType | None = None
    detail: OptionalLine = None
    reasons: Annotated[list[RenunciationReason], Field(max_length=20), AfterValidator(_once_each)] = []


class InformedIn(_Part):
    """How the person was told and agreed, as the detector attests it."""

    informed_on: date | None = None
    agrees_to_be_called: bool | None = None
    channel: AgreementChannel | None = None
    statement_version: Annotated[str | None, Field(pattern=r"^[0-9A-Za-z-]{1,20}$")] = None


class MisasFormIn(_Part, free_text.InDanger):
    """The form as typed so far: every field may still be missing."""

    scopes: Annotated[list[ReferralScope], Field(max_length=10), AfterValidator(_once_each)] = []
    motives: Annotated[list[ReferralMotive], Field(max_length=20), AfterValidator(_once_each)] = []
    renounced_care: Annotated[list[RenouncedCareIn], Field(max_length=20)] = []
    situation_note: OptionalProse = None
    informed: InformedIn = InformedIn()
    phone: OptionalLine = None
    best_time: OptionalLine = None
    detector_note: OptionalProse = None


@dataclass(frozen=True, slots=True)
class RenouncedCare:
    """A type of care given up, complete."""

    care_type: CareType
    detail: str | None
    reasons: tuple[RenunciationReason, ...]


@dataclass(frozen=True, slots=True)
class MisasForm:
    """A complete form. `phone` is E.164; the agreement is dated and names the version of what was told."""

    scopes: tuple[ReferralScope, ...]
    motives: tuple[ReferralMotive, ...]
    renounced_care: tuple[RenouncedCare, ...]
    situation_note: str | None
    informed_on: date
    agreement_channel: AgreementChannel
    statement_version: str
    phone: str
    best_time: str | None
    detector_note: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one field; an error or a warning, as the caller takes it."""

    field: str
    message: str
    rule: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the remark as a problem document or a receipt shows it."""
        return {"field": self.field, "message": self.message, "rule": self.rule}


def complete(form: MisasFormIn, today: date) -> MisasForm:
    """Return the form ready to be sent; raise `Invalid` with every error when it is not.

    `today` is the date in the caisse's time zone.
    """
    errors = list(errors_of(form, today))
    if errors:
        raise Invalid("Des informations manquent ou sont à corriger.", errors=[e.as_json() for e in errors])
    told = form.informed
    # The checks above leave none of these empty; the assertions tell the type checker.
    assert told.informed_on is not None  # noqa: S101
    assert told.channel is not None  # noqa: S101
    assert told.statement_version is not None  # noqa: S101
    return MisasForm(
        scopes=tuple(form.scopes),
        motives=tuple(form.motives),
        renounced_care=tuple(
            RenouncedCare(care.care_type, care.detail, tuple(care.reasons))
            for care in form.renounced_care
            if care.care_type is not None
        ),
        situation_note=form.situation_note,
        informed_on=told.informed_on,
        agreement_channel=told.channel,
        statement_version=told.statement_version,
        phone=phones.parse(form.phone or ""),
        best_time=form.best_time,
        detector_note=form.detector_note,
    )


def errors_of(form: MisasFormIn, today: date) -> Iterator[Remark]:
    """Yield everything that keeps the form from being sent."""
    if not form.scopes:
        yield Remark("scopes", "Cochez au moins un objet de la saisine.", "MIS-02")
    if not form.motives:
        yield Remark("motives", "Cochez au moins une aide attendue de la mission.", "MIS-03")
    yield from _care_errors(form)
    yield from _agreement_errors(form.informed, today)
    yield from _phone_errors(form.phone)


def _care_errors(form: MisasFormIn) -> Iterator[Remark]:
    if ReferralScope.RENONCEMENT_SOINS in form.scopes and not form.renounced_care:
        yield Remark("renounced_care", "Indiquez au moins un soin auquel la personne a renoncé.", "MIS-02")
    for i, care in enumerate(form.renounced_care):
        at = f"renounced_care.{i}"
        if care.care_type is None:
            yield Remark(f"{at}.care_type", "Choisissez le type de soin.", "MIS-02")
        if care.care_type is CareType.OTHER and care.detail is None:
            yield Remark(f"{at}.detail", "Précisez de quel soin il s'agit.", "MIS-02")
        if not care.reasons:
            yield Remark(f"{at}.reasons", "Indiquez au moins une raison du renoncement.", "MIS-02")


def _agreement_errors(told: InformedIn, today: date) -> Iterator[Remark]:
    if told.informed_on is None:
        yield Remark("informed.informed_on", "Indiquez la date à laquelle la personne a été informée.", "MIS-22")
    elif told.informed_on > today:
        yield Remark("informed.informed_on", "Cette date est dans le futur.", "MIS-22")
    if told.agrees_to_be_called is not True:
        yield Remark(
            "informed.agrees_to_be_called",
            "La mission n'appelle qu'une personne qui en est d'accord : recueillez son accord avant d'envoyer.",
            "MIS-22",
        )
    if told.channel is None:
        yield Remark("informed.channel", "Indiquez comment la personne a donné son accord.", "MIS-22")
    if told.statement_version is None:
        yield Remark("informed.statement_version", "Indiquez quel texte d'information a été utilisé.", "MIS-22")
    elif not statements.is_known(told.statement_version):
        yield Remark("informed.statement_version", "Ce texte d'information n'existe pas.", "MIS-22")


def _phone_errors(phone: str | None) -> Iterator[Remark]:
    if phone is None or not phone.strip():
        yield Remark("phone", "Indiquez le numéro où la mission appellera la personne.", "MIS-06")
        return
    try:
        phones.parse(phone)
    except phones.PhoneError as error:
        yield Remark("phone", str(error), "MIS-06")


def warnings_of(form: MisasFormIn) -> Iterator[Remark]:
    """Yield what deserves a second look before sending, without keeping from it."""
    texts = {
        "situation_note": form.situation_note,
        "detector_note": form.detector_note,
        "best_time": form.best_time,
    }
    texts |= {f"renounced_care.{i}.detail": care.detail for i, care in enumerate(form.renounced_care)}
    for field, text in texts.items():
        for message in free_text.remarks(text):
            yield Remark(field, message, free_text.RULE)
