"""The form of a MisAS referral: what a draft may hold, and what it must hold to be sent (MIS-02, MIS-03). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from referrals_service.persons import phones
from referrals_service.requests.codes import (
    AgreementChannel,
    CareType,
    ReferralMotive,
    ReferralScope,
    RenunciationReason,
    RequestKind,
)
from referrals_service.requests.forms.parts import (
    Circumstances,
    Form,
    OptionalLine,
    OptionalProse,
    Part,
    Remark,
    Several,
    agreement_errors,
    phone_errors,
)


class RenouncedCareIn(Part):
    """A type of care given up, and why."""

    care_type: CareType | None = None
    detail: OptionalLine = None
    reasons: Annotated[list[RenunciationReason], Field(max_length=20), Several] = Field(default=[])


class MisasFormIn(Form):
    """A referral to the Mission Accompagnement Santé."""

    kind: Literal[RequestKind.MISAS_REFERRAL]
    scopes: Annotated[list[ReferralScope], Field(max_length=10), Several] = Field(default=[])
    motives: Annotated[list[ReferralMotive], Field(max_length=20), Several] = Field(default=[])
    renounced_care: Annotated[list[RenouncedCareIn], Field(max_length=20)] = Field(default=[])
    situation_note: OptionalProse = None
    detector_note: OptionalProse = None

    @property
    def calls_for(self) -> Sequence[str]:
        """Return the motives."""
        return self.motives

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""
        if not self.scopes:
            yield Remark("scopes", "Cochez au moins un objet de la saisine.", "MIS-02")
        if not self.motives:
            yield Remark("motives", "Cochez au moins une aide attendue de la mission.", "MIS-03")
        yield from _care_errors(self)
        yield from agreement_errors(self, where.today, _NOT_CALLED, "MIS-22")
        yield from phone_errors(self.phone, _NO_PHONE, "MIS-06")

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {
            "situation_note": self.situation_note,
            "detector_note": self.detector_note,
            **super().texts(),
            **{f"renounced_care.{i}.detail": care.detail for i, care in enumerate(self.renounced_care)},
        }


_NOT_CALLED = "La mission n'appelle qu'une personne qui en est d'accord : recueillez son accord avant d'envoyer."
_NO_PHONE = "Indiquez le numéro où la mission appellera la personne."


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


def coded(form: MisasFormIn) -> MisasForm:
    """Return a form without errors as it is kept and announced."""
    told = form.agreement
    return MisasForm(
        scopes=tuple(form.scopes),
        motives=tuple(form.motives),
        renounced_care=tuple(
            RenouncedCare(care.care_type, care.detail, tuple(care.reasons))
            for care in form.renounced_care
            if care.care_type is not None
        ),
        situation_note=form.situation_note,
        informed_on=told.on,
        agreement_channel=told.channel,
        statement_version=told.statement_version,
        phone=phones.parse(form.phone or ""),
        best_time=form.best_time,
        detector_note=form.detector_note,
    )


def kept(row: Any) -> MisasFormIn:
    """Return a form from the columns of `misas_referrals`."""
    return MisasFormIn.model_validate(
        {
            "kind": RequestKind.MISAS_REFERRAL,
            "scopes": row.scopes,
            "motives": row.motives,
            "renounced_care": row.renounced_care,
            "situation_note": row.situation_note,
            "detector_note": row.detector_note,
            "informed": {
                "informed_on": row.informed_on,
                "agrees_to_be_called": True,
                "channel": row.agreement_channel,
                "statement_version": row.statement_version,
            },
            "phone": row.phone,
            "best_time": row.best_time,
        }
    )


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
