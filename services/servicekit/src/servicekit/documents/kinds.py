"""Which files are taken, and whether name, announced type and real type agree. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from servicekit.documents.refusals import DocumentRefused, Reason


class MediaType(StrEnum):
    """What is taken: nothing that a program is needed to read safely."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


EXTENSIONS: Final[Mapping[str, MediaType]] = {
    "pdf": MediaType.PDF,
    "jpg": MediaType.JPEG,
    "jpeg": MediaType.JPEG,
    "png": MediaType.PNG,
}
LONGEST_NAME: Final = 150

_MAGIC: Final[Mapping[MediaType, bytes]] = {
    MediaType.PDF: b"%PDF-",
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
}
LONGEST_MAGIC: Final = max(len(magic) for magic in _MAGIC.values())

_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_SPOKEN: Final = frozenset({"L", "M", "N", "P", "S", "Zs"})
"""General categories (or their first letter) of what a name may be written with; format characters reorder text."""
_FORBIDDEN: Final = frozenset('/\\<>:"|?*')
_HIDDEN_EXTENSIONS: Final = frozenset(
    {
        "app",
        "bat",
        "bin",
        "cmd",
        "com",
        "cpl",
        "dll",
        "dmg",
        "docm",
        "exe",
        "gadget",
        "hta",
        "htm",
        "html",
        "jar",
        "js",
        "jse",
        "lnk",
        "mjs",
        "msi",
        "msp",
        "php",
        "phtml",
        "pif",
        "ps1",
        "py",
        "reg",
        "scr",
        "sh",
        "svg",
        "swf",
        "sys",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "xhtml",
        "xlsm",
        "zip",
    }
)
"""What would run if a system hid the last extension."""


def clean_name(given: str) -> str:
    """Return the name as it will be shown; refuse one that lies or that a system would stumble on.

    It is only ever shown: files are kept under their id.
    """
    name = unicodedata.normalize("NFC", given)
    spoken = all(_is_spoken(c) for c in name)
    if not spoken or not name.strip() or len(name) > LONGEST_NAME or name != name.strip() or name.startswith("."):
        raise DocumentRefused(Reason.BAD_NAME)
    if _RESERVED.fullmatch(name) or ".." in name:
        raise DocumentRefused(Reason.BAD_NAME)
    inner = name.lower().split(".")[1:-1]
    if any(part.strip() in _HIDDEN_EXTENSIONS for part in inner):
        raise DocumentRefused(Reason.BAD_NAME)
    return name


def declared_type(name: str, media_type: str) -> MediaType:
    """Return the type that both the name's extension and the announced type say."""
    _, dot, extension = name.rpartition(".")
    by_name = EXTENSIONS.get(extension.lower()) if dot else None
    announced = media_type.partition(";")[0].strip().lower()
    if by_name is None or announced not in set(MediaType):
        raise DocumentRefused(Reason.WRONG_TYPE)
    if by_name != announced:
        raise DocumentRefused(Reason.TYPES_DISAGREE)
    return by_name


def require_magic(declared: MediaType, beginning: bytes) -> None:
    """Refuse a content that does not begin as its type does."""
    if beginning.startswith(_MAGIC[declared]):
        return
    real = any(beginning.startswith(magic) for magic in _MAGIC.values())
    raise DocumentRefused(Reason.TYPES_DISAGREE if real else Reason.WRONG_TYPE)


def _is_spoken(character: str) -> bool:
    category = unicodedata.category(character)
    return character not in _FORBIDDEN and (category[0] in _SPOKEN or category in _SPOKEN)
