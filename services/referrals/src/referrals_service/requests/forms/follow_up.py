"""Asking what became of a request, sent through the portal or otherwise (ESP-02). Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal
from uuid import UUID

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.codes import EarlierChannel, FileType
from referrals_service.requests.forms.parts import (
    NO_AGREEMENT,
    Circumstances,
    Form,
    OptionalProse,
    Remark,
    agreement_errors,
    phone_errors,
)


class FollowUpIn(Form):
    """What was asked for before: a request of the structure, or what was sent, when and how."""

    kind: Literal[RequestKind.FOLLOW_UP]
    about: UUID | None = None
    file_type: FileType | None = None
    sent_on: date | None = None
    channel: EarlierChannel | None = None
    urgent: bool = False
    """Where the urgency line has ended (LUP-07), a trained sender says so here."""
    note: OptionalProse = None

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""
        if self.about is None:
            if self.sent_on is None:
                yield Remark(
                    "sent_on", "Choisissez une demande de votre structure, ou indiquez la date d'envoi.", "ESP-02"
                )
            elif self.sent_on > where.today:
                yield Remark("sent_on", "Cette date est dans le futur.", "ESP-02")
            if self.channel is None:
                yield Remark("channel", "Indiquez comment la demande avait été envoyée.", "ESP-02")
        yield from agreement_errors(self, where.today, NO_AGREEMENT, "ESP-02")
        yield from phone_errors(self.phone, None, None)

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {"note": self.note, **super().texts()}
