"""Closed lists of documents. Codes are frozen once published; labels are in the front's catalogue."""

from enum import StrEnum


class DocumentItem(StrEnum):
    """What a document is, as the checklists name it. None is medical: those go to the medical officer alone."""

    IDENTITY = "identity"
    RIGHTS = "rights"
    COVER = "cover"
    RESOURCES = "resources"
    QUOTE = "quote"
    HOME = "home"
    LETTER = "letter"
    FORM = "form"
    OTHER = "other"


class DocumentNeed(StrEnum):
    """How much a document is awaited. Neither keeps from sending."""

    EXPECTED = "expected"
    USEFUL = "useful"
