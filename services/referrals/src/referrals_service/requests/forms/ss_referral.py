"""Reporting a situation to the social service of the Assurance Maladie (ISSUE; SS-01, SS-03, SS-04). Pure.

The ten motives that it does not take (SS-05) have no code here: orientation says who takes them, before the form.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.codes import Scheme, SocialMotive
from referrals_service.requests.forms.parts import (
    NO_AGREEMENT,
    Circumstances,
    Form,
    OptionalProse,
    Remark,
    Several,
    agreement_errors,
    phone_errors,
)

TAKEN_SCHEMES: Final = frozenset({Scheme.REGIME_GENERAL, Scheme.SLM, Scheme.UNKNOWN})
WORK: Final = frozenset(
    {
        SocialMotive.RETOUR_EMPLOI,
        SocialMotive.REINSERTION_PRO,
        SocialMotive.DIFFICULTES_FINANCIERES,
        SocialMotive.DROITS_ARRET,
        SocialMotive.IMPACT_ARRET,
        SocialMotive.PASSAGE_INVALIDITE,
    }
)
"""Motives of the axis that keeps people in work, open to the self-employed too (SS-01)."""


class SocialReferralIn(Form):
    """Why the person is reported, and how to reach them; the service calls back (ESP-09)."""

    kind: Literal[RequestKind.SS_REFERRAL]
    motives: Annotated[list[SocialMotive], Field(max_length=13), Several] = Field(default=[])
    scheme: Scheme | None = None
    discharged_on: date | None = None
    note: OptionalProse = None

    @property
    def calls_for(self) -> Sequence[str]:
        """Return the motives."""
        return self.motives

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""
        if not self.motives:
            yield Remark("motives", "Cochez au moins un motif que le service social prend en charge.", "SS-04")
        yield from self._scheme_errors()
        if SocialMotive.AIDE_DOMICILE_NON_RETRAITES in self.motives and self.discharged_on is None:
            yield Remark("discharged_on", "Indiquez la date de sortie d'hospitalisation.", "SS-14")
        yield from phone_errors(self.phone, "Indiquez le numéro où le service social rappellera la personne.", "ESP-09")
        yield from agreement_errors(self, where.today, NO_AGREEMENT, None)

    def _scheme_errors(self) -> Iterator[Remark]:
        if self.scheme is None:
            yield Remark("scheme", "Indiquez le régime de la personne.", "SS-01")
        elif self.scheme is Scheme.TI and not WORK.intersection(self.motives):
            yield Remark(
                "scheme",
                "Pour un travailleur indépendant, le service social n'intervient que sur le maintien en emploi.",
                "SS-01",
            )
        elif self.scheme is not Scheme.TI and self.scheme not in TAKEN_SCHEMES:
            yield Remark(
                "scheme",
                "Le service social s'adresse aux assurés du régime général. Adressez la personne au service social de "
                "son régime.",
                "SS-01",
            )

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {"note": self.note, **super().texts()}
