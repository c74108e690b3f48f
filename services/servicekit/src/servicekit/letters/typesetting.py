"""From a snapshot to the bytes of a tagged PDF/UA: one compiler, kept in a thread of its own.

The compiler takes some ten milliseconds a letter and lets the interpreter go meanwhile, so requests go on.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

from servicekit.errors import Invalid
from servicekit.letters.snapshot import Snapshot, composed
from servicekit.letters.typography import set_text

if TYPE_CHECKING:
    import typst

STANDARD: Final = ("ua-1",)
PREVIEW_PPI: Final = 96


class CannotBePrinted(Invalid):
    """The text holds characters that no font of ours has; a letter with holes in it never leaves."""

    slug = "letter-cannot-be-printed"
    title = "Cette lettre ne peut pas être imprimée"

    def __init__(self) -> None:
        super().__init__(
            "Un nom ou un texte contient des caractères que nos polices ne savent pas imprimer. Écrivez-le en "
            "caractères latins."
        )


class Typesetter:
    """Prints letters, one at a time."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="letters")
        self._compilers: dict[str, typst.Compiler] = {}

    async def pdf(self, snapshot: Snapshot) -> bytes:
        """Return the letter's PDF/UA; raises `CannotBePrinted`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._print, snapshot)

    async def bundle(self, snapshots: Sequence[Snapshot], title: str) -> bytes:
        """Return one PDF/UA of letters that can each be printed, one after the other.

        One compilation, not a merge of files: tags, languages and bookmarks are whole. It takes some five
        milliseconds a letter.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._bundle, snapshots, title)

    async def pictures(self, snapshot: Snapshot) -> list[bytes]:
        """Return the letter's pages as PNG, for a screen; raises `CannotBePrinted`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._picture, snapshot)

    def _print(self, snapshot: Snapshot) -> bytes:
        return self._pdf(f"sheet_v{snapshot.sheet}", {"letter": composed(snapshot)}, snapshot.on)

    def _bundle(self, snapshots: Sequence[Snapshot], title: str) -> bytes:
        first = snapshots[0]
        bundle = {
            "title": set_text(title, "fr"),
            "author": set_text(first.letterhead.name, "fr"),
            "letters": [composed(snapshot) | {"sheet": snapshot.sheet} for snapshot in snapshots],
        }
        return self._pdf("bundle", {"bundle": bundle}, first.on)

    def _picture(self, snapshot: Snapshot) -> list[bytes]:
        self._print(snapshot)  # what cannot be printed is said before it is signed
        data = {"letter": composed(snapshot)}
        pages: bytes | list[bytes] = self._compile(f"sheet_v{snapshot.sheet}", data, format="png", ppi=PREVIEW_PPI)
        return [pages] if isinstance(pages, bytes) else pages

    def _pdf(self, source: str, data: Mapping[str, Any], on: date) -> bytes:
        at = int(datetime.combine(on, time(), UTC).timestamp())
        pdf: bytes = self._compile(source, data, format="pdf", pdf_standards=list(STANDARD), timestamp=at)
        return pdf

    def _compile(self, source: str, data: Mapping[str, Any], **how: Any) -> Any:
        import typst  # noqa: PLC0415 - 30 MB that a service which prints nothing need not load

        inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in data.items()}
        try:
            return self._compiler(source).compile(sys_inputs=inputs, **how)
        except typst.TypstError as error:
            if "could not be displayed" in str(error):
                raise CannotBePrinted from None  # its message quotes what was written
            raise

    def _compiler(self, source: str) -> "typst.Compiler":
        import typst  # noqa: PLC0415 - as above

        if source not in self._compilers:
            with as_file(files("servicekit.letters")) as folder:
                self._compilers[source] = typst.Compiler(
                    str(folder / f"{source}.typ"),
                    root=str(folder),
                    font_paths=[str(folder / "fonts")],
                    ignore_system_fonts=True,
                )
        return self._compilers[source]


@cache
def typesetter() -> Typesetter:
    """Return the one typesetter of this process."""
    return Typesetter()


def fingerprint(pdf: bytes) -> bytes:
    """Return what tells one letter from another: the SHA-256 of its bytes."""
    return sha256(pdf).digest()
