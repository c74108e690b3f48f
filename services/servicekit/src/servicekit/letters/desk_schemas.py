"""What goes in and out of the routes of templates. Outputs have no default."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from servicekit.errors import NotFound
from servicekit.letters.kinds import Text
from servicekit.letters.markup import LONGEST_BODY, LONGEST_SUBJECT
from servicekit.letters.typography import LANGUAGES

Language = Literal["fr", "en", "es", "pt"]
assert set(Language.__args__) == set(LANGUAGES)  # type: ignore[attr-defined]  # noqa: S101 - one list, said twice

KindCode = Annotated[str, Path(pattern=r"^[a-z][a-z_]{2,40}$")]
HeadLine = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
PDF: Mapping[int | str, dict[str, object]] = {
    200: {"description": "Document PDF accessible (PDF/UA-1)", "content": {"application/pdf": {}}}
}


class PdfResponse(Response):
    """A PDF; the type that the contract shows."""

    media_type = "application/pdf"


class UnknownTemplate(NotFound):
    """No such kind of letter."""

    slug = "letter-kind-not-found"
    title = "Modèle introuvable"

    def __init__(self) -> None:
        super().__init__("Ce modèle de lettre n’existe pas.")


class FieldOut(BaseModel):
    """A field that the text may name."""

    code: str
    label: str
    alone: bool


class LanguageState(BaseModel):
    """Which version is in force in a language, and whether a draft waits. 0 is the text shipped; null: none."""

    language: Language
    in_force: int | None
    valid_from: date | None
    coming: int | None
    has_draft: bool


class TemplateSummary(BaseModel):
    """A kind of letter and its languages."""

    kind: str
    label: str
    addressee: Literal["person", "partner"]
    languages: list[LanguageState]


class TemplateVersion(BaseModel):
    """One version with its text. The shipped text has number 0 and nobody's name."""

    number: int
    state: Literal["draft", "published", "shipped"]
    version: int
    subject: str
    body: str
    note: str | None
    valid_from: date | None
    updated_by: UUID | None
    updated_at: datetime | None
    published_by: UUID | None
    published_at: datetime | None


class TemplateHistory(BaseModel):
    """A kind of letter in one language: its fields and every version, newest first."""

    kind: str
    label: str
    addressee: Literal["person", "partner"]
    language: Language
    fields: list[FieldOut]
    in_force: int | None
    versions: list[TemplateVersion]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TextIn(_In):
    """A text being written."""

    subject: Annotated[str, Field(max_length=LONGEST_SUBJECT)]
    body: Annotated[str, Field(max_length=LONGEST_BODY)]

    @property
    def text(self) -> Text:
        """Return it as templates hold it, without what no database stores."""
        return Text(self.subject.replace("\0", ""), self.body.replace("\0", "").replace("\r\n", "\n"))


class PreviewIn(TextIn):
    """A text to be seen on invented data."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,40}$")]
    language: Language


class PublishIn(_In):
    """What changed, for those who come after, and from which day."""

    note: Annotated[str, Field(min_length=5, max_length=300, pattern=r"^[^\x00-\x1f]+$")]
    valid_from: date


class LetterheadIn(_In):
    """Who writes, as letters show it."""

    name: Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
    lines: Annotated[tuple[HeadLine, ...], Field(max_length=5)]
    place: Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f]*$")]
    signature: Annotated[tuple[HeadLine, ...], Field(max_length=4)]


class LetterheadOut(LetterheadIn):
    """The letterhead in force; version 0 while the caisse wrote none."""

    version: int


class LetterheadReceipt(BaseModel):
    """Which version of the letterhead is in force now."""

    version: int


class PreviewPages(BaseModel):
    """The pages of a letter as pictures (`data:image/png…`), for the eye only: the PDF is what is read."""

    pages: list[str]
