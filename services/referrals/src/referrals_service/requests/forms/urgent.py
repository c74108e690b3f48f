"""The urgency line: what makes a request urgent, and the ordinary request that it is otherwise. Pure.

Specification: workflows, section 8; rules LUP-02 to LUP-05 and LUP-08.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, Literal

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.codes import (
    CareNeed,
    ContactReply,
    CoverState,
    EarlierChannel,
    FileType,
    InvalidityCase,
    UrgentSituation,
    UrgentType,
)
from referrals_service.requests.forms.contact import ContactRequestIn
from referrals_service.requests.forms.follow_up import FollowUpIn
from referrals_service.requests.forms.parts import (
    NO_AGREEMENT,
    Circumstances,
    Form,
    OptionalProse,
    Remark,
    agreement_errors,
    phone_errors,
)
from referrals_service.requests.forms.send_file import SendFileIn, ame_errors
from servicekit.errors import Invalid
from servicekit.workdays import add_months

INCOME: Final = frozenset({UrgentType.IJ, UrgentType.INVALIDITE})
"""Replacement income: urgent without a need of care (LUP-02)."""
UNPAID_DAYS: Final = 30
"""LUP-04: urgent beyond so many days after the start of the leave."""
PENDING_MONTHS: Final = 2
"""LUP-05: an initial request is urgent when it is older."""


class UrgentIn(Form):
    """What cannot wait, and why."""

    kind: Literal[RequestKind.URGENT]
    urgent_type: UrgentType | None = None
    situation: UrgentSituation | None = None
    break_on: date | None = None
    care_need: CareNeed | None = None
    care_on: date | None = None
    base_rights: CoverState | None = None
    top_up: CoverState | None = None
    sent_on: date | None = None
    channel: EarlierChannel | None = None
    leave_started_on: date | None = None
    allowance_paid: bool | None = None
    invalidity_case: InvalidityCase | None = None
    initial_request_on: date | None = None
    note: OptionalProse = None

    @property
    def topic(self) -> str:
        """Return the type."""
        return self.urgent_type or ""

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent to the urgency line."""
        if self.urgent_type is None:
            yield Remark("urgent_type", "Choisissez ce que vous demandez à la ligne d'urgence.", "LUP-03")
        elif self.urgent_type is UrgentType.IJ:
            yield from self._leave_errors(where.today)
        elif self.urgent_type is UrgentType.INVALIDITE:
            yield from self._invalidity_errors(where.today)
        else:
            yield from self._care_errors(where.today)
            yield from ame_errors("urgent_type", self.urgent_type, where)
        if self.base_rights is None:
            yield Remark("base_rights", "Indiquez où en sont les droits de base.", "LUP-08")
        if self.top_up is None:
            yield Remark("top_up", "Indiquez où en est la complémentaire santé.", "LUP-08")
        yield from agreement_errors(self, where.today, NO_AGREEMENT, "LUP-02")
        yield from phone_errors(self.phone, None, None)

    def _care_errors(self, today: date) -> Iterator[Remark]:
        if self.situation is None:
            yield Remark(
                "situation",
                "La ligne d'urgence s'adresse à une personne qui n'a pas demandé ses droits, ou dont les droits vont "
                "s'interrompre : indiquez sa situation.",
                "LUP-02",
            )
        if self.situation is UrgentSituation.IMMINENT_BREAK and self.break_on is None:
            yield Remark("break_on", "Indiquez quand les droits s'interrompent.", "LUP-02")
        if self.care_need is None:
            yield Remark("care_need", "Indiquez quel soin ne peut pas attendre.", "LUP-02")
        if self.care_on is None:
            yield Remark("care_on", "Indiquez pour quand ce soin est nécessaire.", "LUP-02")
        if self.urgent_type is UrgentType.SUIVI:
            if self.sent_on is None:
                yield Remark("sent_on", "Indiquez quand la demande avait été envoyée.", "LUP-03")
            elif self.sent_on > today:
                yield Remark("sent_on", "Cette date est dans le futur.", "LUP-03")
            if self.channel is None:
                yield Remark("channel", "Indiquez comment la demande avait été envoyée.", "LUP-03")

    def _leave_errors(self, today: date) -> Iterator[Remark]:
        if self.leave_started_on is None:
            yield Remark("leave_started_on", "Indiquez le début de l'arrêt de travail.", "LUP-04")
        elif today <= (last := self.leave_started_on + timedelta(days=UNPAID_DAYS)):
            yield Remark(
                "leave_started_on",
                f"La ligne d'urgence se saisit plus de {UNPAID_DAYS} jours après le début de l'arrêt : à partir du "
                f"{last + timedelta(days=1):%d/%m/%Y}.",
                "LUP-04",
            )
        if self.allowance_paid is None:
            yield Remark("allowance_paid", "Indiquez si des indemnités ont déjà été payées.", "LUP-04")
        elif self.allowance_paid:
            yield Remark(
                "allowance_paid", "Des indemnités ont été payées : la demande n'est pas urgente à ce titre.", "LUP-04"
            )

    def _invalidity_errors(self, today: date) -> Iterator[Remark]:
        if self.invalidity_case is None:
            yield Remark("invalidity_case", "Indiquez ce qui rend la demande urgente.", "LUP-05")
        if self.invalidity_case is not InvalidityCase.INITIAL_REQUEST:
            return
        if self.initial_request_on is None:
            yield Remark("initial_request_on", "Indiquez la date de la première demande.", "LUP-05")
        elif today <= (last := add_months(self.initial_request_on, PENDING_MONTHS)):
            yield Remark(
                "initial_request_on",
                f"Une première demande est urgente au-delà de {PENDING_MONTHS} mois : à partir du "
                f"{last + timedelta(days=1):%d/%m/%Y}.",
                "LUP-05",
            )

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {"note": self.note, **super().texts()}


def ordinary_of(form: UrgentIn) -> SendFileIn | FollowUpIn | ContactRequestIn | None:
    """Return the ordinary request that asks for the same, nothing retyped (LUP-02); null before a type is chosen."""
    match form.urgent_type:
        case None:
            return None
        case UrgentType.SUIVI:
            return FollowUpIn(
                kind=RequestKind.FOLLOW_UP,
                sent_on=form.sent_on,
                channel=form.channel,
                note=form.note,
                informed=form.informed,
                phone=form.phone,
                best_time=form.best_time,
            )
        case UrgentType.IJ | UrgentType.INVALIDITE:
            return ContactRequestIn(
                kind=RequestKind.CONTACT,
                about=_INCOME_TOPICS[form.urgent_type],
                reply=ContactReply.MESSAGE if form.phone is None else ContactReply.CALL,
                note=form.note,
                informed=form.informed,
                phone=form.phone,
                best_time=form.best_time,
            )
        case _:
            return SendFileIn(
                kind=RequestKind.SEND_FILE,
                file_type=FileType(form.urgent_type),
                note=form.note,
                informed=form.informed,
                phone=form.phone,
                best_time=form.best_time,
            )


def require_ordinary(form: Form) -> Form:
    """Return the ordinary request that an urgent one is otherwise; raise `Invalid` before a type is chosen."""
    ordinary = ordinary_of(form) if isinstance(form, UrgentIn) else None
    if ordinary is None:
        message = "Choisissez d'abord ce que vous demandez."
        raise Invalid(message, errors=[{"field": "urgent_type", "message": message, "rule": "LUP-03"}])
    return ordinary


_INCOME_TOPICS: Final = {
    UrgentType.IJ: "Indemnités journalières",
    UrgentType.INVALIDITE: "Pension d'invalidité",
}
