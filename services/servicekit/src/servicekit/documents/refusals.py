"""Why a file is refused: closed list of reasons, each in words for the person who sent it.

The reason is also the exit status of the inspector (`EXIT_BASE` and on), so nothing of what it says is parsed.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final

from servicekit.errors import DomainError, NotFound

EXIT_BASE: Final = 40


class Reason(StrEnum):
    """Why a file was not taken. Codes are frozen; new ones come last (they are exit statuses too)."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    TYPES_DISAGREE = "types_disagree"
    BAD_NAME = "bad_name"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    ACTIVE_CONTENT = "active_content"
    EMBEDDED_FILES = "embedded_files"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_COMPLEX = "too_complex"
    TOO_MANY_PIXELS = "too_many_pixels"
    TWO_FORMATS = "two_formats"
    INFECTED = "infected"
    CUT_SHORT = "cut_short"


WORDS: Final[Mapping[Reason, str]] = {
    Reason.EMPTY: "Ce fichier est vide.",
    Reason.TOO_LARGE: "Ce fichier est trop lourd. Réduisez-le ou numérisez-le en qualité normale.",
    Reason.WRONG_TYPE: "Seuls les fichiers PDF, JPEG et PNG sont acceptés.",
    Reason.TYPES_DISAGREE: "Le contenu de ce fichier ne correspond pas à son nom. Enregistrez-le de nouveau en PDF, "
    "JPEG ou PNG.",
    Reason.BAD_NAME: "Le nom de ce fichier n'est pas accepté. Renommez-le simplement, par exemple « attestation.pdf ».",
    Reason.UNREADABLE: "Ce fichier est abîmé ou incomplet : il n'a pas pu être lu. Enregistrez-le de nouveau, ou "
    "photographiez le document.",
    Reason.ENCRYPTED: "Ce PDF est protégé par un mot de passe ou chiffré. Enregistrez-en une copie sans protection.",
    Reason.ACTIVE_CONTENT: "Ce PDF contient des éléments actifs (programme, formulaire dynamique, lancement d'une "
    "application). Imprimez-le dans un nouveau PDF, puis ajoutez celui-ci.",
    Reason.EMBEDDED_FILES: "Ce PDF contient d'autres fichiers. Imprimez-le dans un nouveau PDF, ou ajoutez chaque "
    "fichier séparément.",
    Reason.TOO_MANY_PAGES: "Ce PDF a trop de pages. N'envoyez que celles qui sont utiles.",
    Reason.TOO_COMPLEX: "Ce fichier est trop complexe pour être vérifié. Imprimez-le dans un nouveau PDF, ou "
    "photographiez le document.",
    Reason.TOO_MANY_PIXELS: "Cette image est trop grande. Réduisez-la ou photographiez le document de nouveau.",
    Reason.TWO_FORMATS: "Ce fichier contient autre chose qu'un document. Enregistrez-le de nouveau en PDF, JPEG ou "
    "PNG.",
    Reason.INFECTED: "L'antivirus a reconnu un logiciel malveillant dans ce fichier. Il a été détruit.",
    Reason.CUT_SHORT: "L'envoi s'est interrompu avant la fin. Recommencez.",
}

_ORDER: Final = tuple(Reason)


def exit_status(reason: Reason) -> int:
    """Return how the inspector says it."""
    return EXIT_BASE + _ORDER.index(reason)


def reason_of(status: int) -> Reason | None:
    """Return what the inspector said; None for a status that is none of its own."""
    at = status - EXIT_BASE
    return _ORDER[at] if 0 <= at < len(_ORDER) else None


class DocumentRefused(DomainError):
    """A file that is not taken; `reason` is the code, `detail` says what to do."""

    slug: ClassVar[str] = "document-refused"
    title: ClassVar[str] = "Document refusé"
    status: ClassVar[int] = 422

    def __init__(self, reason: Reason) -> None:
        super().__init__(WORDS[reason], reason=reason.value)
        self.reason = reason


class DocumentLimit(DomainError):
    """There are already too many documents, or too heavy ones."""

    slug: ClassVar[str] = "document-limit"
    title: ClassVar[str] = "Limite de documents atteinte"
    status: ClassVar[int] = 409


class DocumentNotFound(NotFound):
    """No such document, or not one this actor may see."""

    slug = "document-not-found"
    title = "Document introuvable"

    def __init__(self) -> None:
        super().__init__("Ce document n'existe pas ou ne vous est pas ouvert.")


class DocumentNotReady(DomainError):
    """The document exists and cannot be opened, or received, in its present state."""

    slug: ClassVar[str] = "document-not-ready"
    title: ClassVar[str] = "Document indisponible"
    status: ClassVar[int] = 409
