"""A directory of partners as a caisse keeps one: a file, with the mistakes that such files have."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

from partners_service.structures.importing import LAYOUT

from .situations import a_siret

HEADINGS = LAYOUT.headings


def a_row(number: int, **known: str) -> dict[str, str]:
    """Return a structure as a row of the file, another each time."""
    return {
        "Nom": f"Association Entraide n° {number}",
        "Type": "Association",
        "SIRET": a_siret(),
        "FINESS": "",
        "Adresse": f"{number} rue des Écoles",
        "Code postal": "31600",
        "Commune": "Muret",
        "Département": "31",
        "Téléphone": "05 61 00 00 00",
        "Prénom du référent": "Camille",
        "Nom du référent": "Roux",
        "Fonction du référent": "Directrice",
        "Courriel du référent": f"contact{number}@entraide.example",
        "Téléphone du référent": "",
    } | known


FAULTS: list[dict[str, str]] = [
    {"SIRET": "12345678901234"},
    {"SIRET": "123"},
    {"FINESS": "310781407"},
    {"Type": "Club de bridge"},
    {"Code postal": "3160A"},
    {"Département": "20"},
    {"Courriel du référent": "camille.roux"},
    {"Nom": ""},
]


def as_csv(rows: Iterable[Mapping[str, Any]], *, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as a workbook, figures as numbers as spreadsheets make them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for line, row in enumerate(rows, start=1):
            for column, heading in enumerate(HEADINGS):
                cell = row[heading]
                sheet.write(line, column, int(cell) if cell.isdigit() else cell)
    return file.getvalue()
