"""Asking for an appointment at the reception or at the health examination centre (ESP-02, ESP-05, ESP-06). Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.codes import AppointmentPlace, AppointmentSubject, HalfDay, NonAutonomy
from referrals_service.requests.forms.parts import (
    NO_AGREEMENT,
    Circumstances,
    Form,
    OptionalLine,
    OptionalProse,
    Remark,
    agreement_errors,
    phone_errors,
)


class AppointmentIn(Form):
    """Where, about what and when; the reception asks why the person cannot book alone."""

    kind: Literal[RequestKind.APPOINTMENT]
    place: AppointmentPlace | None = None
    about: AppointmentSubject | None = None
    about_detail: OptionalLine = None
    not_before: date | None = None
    half_day: HalfDay | None = None
    interpreter: OptionalLine = None
    step_free: bool = False
    non_autonomy: NonAutonomy | None = None
    note: OptionalProse = None

    @property
    def topic(self) -> str:
        """Return the place."""
        return self.place or ""

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""
        if self.place is None:
            yield Remark("place", "Choisissez l'accueil ou le centre d'examens de santé.", "ESP-02")
        if self.about is None:
            yield Remark("about", "Indiquez l'objet du rendez-vous.", "ESP-06")
        if self.about is AppointmentSubject.OTHER and self.about_detail is None:
            yield Remark("about_detail", "Précisez l'objet du rendez-vous.", "ESP-06")
        if self.not_before is not None and self.not_before < where.today:
            yield Remark("not_before", "Cette date est passée.", "ESP-02")
        if self.place is AppointmentPlace.ACCUEIL:
            yield from non_autonomy_errors(self.non_autonomy)
        yield from agreement_errors(self, where.today, NO_AGREEMENT, "ESP-02")
        yield from phone_errors(self.phone, "Indiquez le numéro où confirmer le rendez-vous à la personne.", "ESP-02")

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {
            "about_detail": self.about_detail,
            "interpreter": self.interpreter,
            "note": self.note,
            **super().texts(),
        }


def non_autonomy_errors(declared: NonAutonomy | None) -> Iterator[Remark]:
    """Refuse what a person can do alone through ameli or the 36 46 (ESP-05, ESP-11)."""
    if declared is None:
        yield Remark(
            "non_autonomy",
            "Cette demande est réservée aux personnes qui ne peuvent pas la faire seules avec leur compte ameli ou au "
            "36 46 : indiquez pourquoi.",
            "ESP-05",
        )
