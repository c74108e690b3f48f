"""Asking for a document of the caisse (ESP-02, ESP-05, ESP-06). Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.appointment import non_autonomy_errors
from referrals_service.requests.forms.codes import Delivery, DocumentType, NonAutonomy
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


class DocumentRequestIn(Form):
    """Which document, for which period, and to whom it goes."""

    kind: Literal[RequestKind.DOCUMENT]
    document_type: DocumentType | None = None
    document_detail: OptionalLine = None
    from_on: date | None = None
    until_on: date | None = None
    delivery: Delivery | None = None
    non_autonomy: NonAutonomy | None = None
    note: OptionalProse = None

    @property
    def topic(self) -> str:
        """Return the type of document."""
        return self.document_type or ""

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""
        if self.document_type is None:
            yield Remark("document_type", "Choisissez le document demandé.", "ESP-06")
        if self.document_type is DocumentType.OTHER and self.document_detail is None:
            yield Remark("document_detail", "Précisez le document demandé.", "ESP-06")
        if self.from_on is not None and self.until_on is not None and self.until_on < self.from_on:
            yield Remark("until_on", "La fin de la période précède son début.", "ESP-06")
        if self.delivery is None:
            yield Remark("delivery", "Indiquez à qui le document est adressé.", "ESP-06")
        yield from non_autonomy_errors(self.non_autonomy)
        yield from agreement_errors(self, where.today, NO_AGREEMENT, "ESP-02")
        yield from phone_errors(self.phone, None, None)

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {"document_detail": self.document_detail, "note": self.note, **super().texts()}
