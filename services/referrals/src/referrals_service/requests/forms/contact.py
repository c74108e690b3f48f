"""Asking that the caisse gets in touch (ESP-10). Pure."""

from collections.abc import Iterator, Mapping
from typing import Literal

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.codes import ContactReply
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


class ContactRequestIn(Form):
    """About what, and whether by a call or by a message on the portal."""

    kind: Literal[RequestKind.CONTACT]
    about: OptionalLine = None
    reply: ContactReply | None = None
    urgent: bool = False
    """Where the urgency line has ended (LUP-07), a trained sender says so here."""
    note: OptionalProse = None

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""
        if self.about is None:
            yield Remark("about", "Indiquez le sujet en quelques mots.", "ESP-10")
        if self.reply is None:
            yield Remark("reply", "Indiquez comment la caisse doit répondre.", "ESP-10")
        wanted = self.reply is ContactReply.CALL
        yield from phone_errors(self.phone, "Indiquez le numéro à rappeler." if wanted else None, "ESP-10")
        yield from agreement_errors(self, where.today, NO_AGREEMENT, "ESP-10")

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {"about": self.about, "note": self.note, **super().texts()}
