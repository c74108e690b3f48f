"""Writing a table for French spreadsheets: CSV (`;`, UTF-8 with its mark, CRLF) or XLSX, every cell inert."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import xlsxwriter

from servicekit.sheets.cells import guarded

Cell = str | int | date | None

_WIDEST: Final = 48


class Format(StrEnum):
    """How a table is handed over."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def written(form: Format, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table as a file."""
    return _csv(headings, rows) if form is Format.CSV else _xlsx(headings, rows)


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([guarded(heading) for heading in headings])
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(cell) if isinstance(cell, int) else guarded(cell)


def _xlsx(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        # Written as text too: figures of a SIRET or a postcode are no quantity, and lose their zeros as one.
        as_text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        heading_format = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, guarded(heading), heading_format)
            sheet.set_column(column, column, min(max(12, len(heading) + 2), _WIDEST), as_text)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 - a spreadsheet has no zone
                elif isinstance(cell, int):
                    sheet.write_number(line, column, cell)
                elif cell is not None:
                    sheet.write_string(line, column, _as_text(cell), as_text)
    return file.getvalue()
