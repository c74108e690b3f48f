"""Reading a table that somebody sends: CSV here, XLSX in a process that cannot take more than its share.

A file is told by its first bytes, never by its name. Cells come out as trimmed texts, dates as `2026-03-12`.
"""

import asyncio
import csv
import io
import os
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Final

import orjson

from servicekit.errors import Invalid
from servicekit.sheets.cells import unguarded
from servicekit.telemetry import log

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_COLUMNS: Final = 80
LONGEST_CELL: Final = 4_000
_MOST_UNPACKED: Final = 100 * 1024 * 1024
_MOST_ENTRIES: Final = 500
_SECONDS: Final = 8.0
_DELIMITERS: Final = (";", ",", "\t")


class UnreadableFile(Invalid):
    """The file is not a table that can be read."""

    slug = "unreadable-file"
    title = "Fichier illisible"


class FileTooLarge(Invalid):
    """The file, or what it unpacks to, goes beyond the limits."""

    slug = "file-too-large"
    title = "Fichier trop volumineux"
    status: ClassVar[int] = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file; `number` is where a spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]


async def read(content: bytes, *, most_lines: int) -> list[Line]:
    """Return the lines that are not empty, headings first. Raises `UnreadableFile`, `FileTooLarge`."""
    if not content:
        raise UnreadableFile("Ce fichier est vide.")
    if len(content) > MOST_BYTES:
        raise FileTooLarge(f"Ce fichier dépasse {MOST_BYTES // 1024 // 1024} Mo. Partagez-le en plusieurs.")
    if content.startswith(b"PK\x03\x04"):
        rows = await _xlsx(content, most_lines + 1)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("Ce classeur est dans un ancien format. Enregistrez-le au format .xlsx, puis recommencez.")
    else:
        rows = _csv(content, most_lines + 1)
    lines = [
        Line(number, cells)
        for number, row in enumerate(rows, start=1)
        if any(cells := tuple(unguarded(cell.strip()) for cell in row))
    ]
    if len(lines) > most_lines + 1:
        raise FileTooLarge(f"Ce fichier compte plus de {most_lines} lignes. Partagez-le en plusieurs.")
    if any(len(line.cells) > MOST_COLUMNS or max(map(len, line.cells)) > LONGEST_CELL for line in lines):
        raise UnreadableFile("Ce fichier a trop de colonnes, ou une cellule trop longue.")
    return lines


def _csv(content: bytes, most: int) -> list[Sequence[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise UnreadableFile("Ce fichier n'est ni un CSV, ni un classeur .xlsx.")
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows: list[Sequence[str]] = []
    filled = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(row)
            filled += any(row)
            if filled > most:
                break
    except csv.Error as error:
        raise UnreadableFile("Ce CSV est mal formé : vérifiez les guillemets, ou envoyez un classeur .xlsx.") from error
    return rows


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("Ce fichier n'est ni un CSV, ni un classeur .xlsx.")


async def _xlsx(content: bytes, most: int) -> list[Sequence[str]]:
    _refuse_bomb(content)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "servicekit.sheets.workbook",
        str(most),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.defpath},
    )
    try:
        async with asyncio.timeout(_SECONDS):
            answer, _ = await process.communicate(content)
    except TimeoutError as error:
        raise UnreadableFile("Ce classeur est trop lourd à lire. Enregistrez-le en CSV.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        log.warning("a workbook could not be read", code=process.returncode)
        raise UnreadableFile("Ce classeur ne peut pas être lu. Enregistrez-le à nouveau au format .xlsx, ou en CSV.")
    rows: list[Sequence[str]] = orjson.loads(answer)
    return rows


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile("Ce classeur est abîmé. Enregistrez-le à nouveau au format .xlsx.") from error
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise FileTooLarge("Ce classeur est trop lourd une fois ouvert. Gardez une seule feuille, ou envoyez un CSV.")
