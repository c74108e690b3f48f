"""Sending a file: C2S, affiliation and base rights, AME, financial aid (ESP-02). Pure."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.codes import FileType
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

MAYOTTE: Final = "976"


class SendFileIn(Form):
    """A file for the caisse to open rights from; its papers come as documents."""

    kind: Literal[RequestKind.SEND_FILE]
    file_type: FileType | None = None
    form_version: OptionalLine = None
    adults: Annotated[int, Field(ge=1, le=20)] | None = None
    children: Annotated[int, Field(ge=0, le=20)] | None = None
    urgent: bool = False
    """Where the urgency line has ended (LUP-07), a trained sender says so here."""
    note: OptionalProse = None

    @property
    def topic(self) -> str:
        """Return the type of file."""
        return self.file_type or ""

    def errors(self, where: Circumstances) -> Iterator[Remark]:
        """Yield everything that keeps the form from being sent."""
        if self.file_type is None:
            yield Remark("file_type", "Choisissez le dossier que vous envoyez.", "ESP-02")
        yield from ame_errors("file_type", self.file_type, where)
        yield from agreement_errors(self, where.today, NO_AGREEMENT, "ESP-02")
        yield from phone_errors(self.phone, None, None)

    def texts(self) -> Mapping[str, str | None]:
        """Return what was typed freely, by field."""
        return {"note": self.note, "form_version": self.form_version, **super().texts()}


def ame_errors(field: str, asked: str | None, where: Circumstances) -> Iterator[Remark]:
    """Refuse the AME where it does not exist (code de l'action sociale et des familles, article L. 542-5)."""
    if asked == FileType.AME and where.department == MAYOTTE:
        yield Remark(
            field,
            "L'aide médicale de l'État n'existe pas à Mayotte : adressez la personne à la permanence d'accès aux soins "
            "du centre hospitalier.",
            "ESP-02",
        )
