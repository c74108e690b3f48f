"""From a snapshot to the bytes of a tagged PDF/UA: one compiler, kept in a thread of its own.

The compiler takes some ten milliseconds a letter and lets the interpreter go meanwhile, so requests go on.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

from servicekit.errors import Invalid
from servicekit.letters.snapshot import Snapshot, composed

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
        self._compilers: dict[int, typst.Compiler] = {}

    async def pdf(self, snapshot: Snapshot) -> bytes:
        """Return the letter's PDF/UA; raises `CannotBePrinted`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._print, snapshot)

    async def pictures(self, snapshot: Snapshot) -> list[bytes]:
        """Return the letter's pages as PNG, for a screen; raises `CannotBePrinted`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._picture, snapshot)

    def _print(self, snapshot: Snapshot) -> bytes:
        at = datetime.combine(snapshot.on, time(), UTC)
        pdf: bytes = self._compile(snapshot, format="pdf", pdf_standards=list(STANDARD), timestamp=int(at.timestamp()))
        return pdf

    def _picture(self, snapshot: Snapshot) -> list[bytes]:
        self._print(snapshot)  # what cannot be printed is said before it is signed
        pages: bytes | list[bytes] = self._compile(snapshot, format="png", ppi=PREVIEW_PPI)
        return [pages] if isinstance(pages, bytes) else pages

    def _compile(self, snapshot: Snapshot, **how: Any) -> Any:
        import typst  # noqa: PLC0415 - 30 MB that a service which prints nothing need not load

        letter = json.dumps(composed(snapshot), ensure_ascii=False)
        try:
            return self._compiler(snapshot.sheet).compile(sys_inputs={"letter": letter}, **how)
        except typst.TypstError as error:
            if "could not be displayed" in str(error):
                raise CannotBePrinted from None  # its message quotes what was written
            raise

    def _compiler(self, sheet: int) -> "typst.Compiler":
        import typst  # noqa: PLC0415 - as above

        if sheet not in self._compilers:
            with as_file(files("servicekit.letters")) as folder:
                self._compilers[sheet] = typst.Compiler(
                    str(folder / f"sheet_v{sheet}.typ"),
                    root=str(folder),
                    font_paths=[str(folder / "fonts")],
                    ignore_system_fonts=True,
                )
        return self._compilers[sheet]


@cache
def typesetter() -> Typesetter:
    """Return the one typesetter of this process."""
    return Typesetter()


def fingerprint(pdf: bytes) -> bytes:
    """Return what tells one letter from another: the SHA-256 of its bytes."""
    return sha256(pdf).digest()
