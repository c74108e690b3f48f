"""Tables read within bounds and written inert."""

import csv
import io
import time
import zipfile
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from servicekit.errors import Invalid
from servicekit.imports.columns import day, plain, yes_or_no
from servicekit.sheets.cells import guarded, unguarded
from servicekit.sheets.reading import FileTooLarge, UnreadableFile, read
from servicekit.sheets.writing import Format, written

HOSTILE = [
    "=1+1",
    "+33612345678",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\xa0+1",
    "＝1",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert guarded(text).startswith("'")
    assert unguarded(guarded(text)) == text


@given(st.text())
@example("'=1")
@example("'bonjour'")
def test_a_guarded_text_comes_back(text: str) -> None:
    safe = guarded(text)
    assert not safe.lstrip(" \xa0\u202f").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unguarded(safe) == text or text.startswith("'")


def test_a_csv_for_french_spreadsheets() -> None:
    content = written(Format.CSV, ["Nom", "Jour", "Nombre"], [[text, date(2026, 3, 12), -4] for text in HOSTILE])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == ["Nom", "Jour", "Nombre"]
    assert [row[0] for row in rows[1:]] == ["'" + text for text in HOSTILE]
    assert {row[1] for row in rows[1:]} == {"12/03/2026"}


def test_a_workbook_holds_texts_and_no_formula() -> None:
    content = written(Format.XLSX, ["=Nom", "Jour", "SIRET"], [[text, date(2026, 3, 12), "00123"] for text in HOSTILE])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][1:] == [date(2026, 3, 12), "00123"]


async def test_what_was_written_is_read_back() -> None:
    rows = [["CCAS d'Élix", "+33 6", "00123"], ["=1", "", "x"]]
    for form in Format:
        lines = await read(written(form, ["A", "B", "C"], rows), most_lines=10)
        assert [list(line.cells) for line in lines] == [["A", "B", "C"], *rows]
        assert [line.number for line in lines] == [1, 2, 3]


async def test_lines_keep_the_number_that_people_see() -> None:
    lines = await read("A;B\r\n\r\n;;\r\nx;y\r\n".encode("cp1252"), most_lines=5)
    assert [(line.number, line.cells) for line in lines] == [(1, ("A", "B")), (4, ("x", "y"))]


def a_bomb(megabytes: int) -> bytes:
    """Return a workbook whose sheet unpacks to so much."""
    file = io.BytesIO()
    good = written(Format.XLSX, ["A"], [["x"]])
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, source.read(name))
        head = source.read("xl/worksheets/sheet1.xml").partition(b"<sheetData>")[0] + b"<sheetData>"
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(head)
            filler = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 1_000_000 + b"</t></is></c></row>"
            for _ in range(megabytes):
                sheet.write(filler)
            sheet.write(b"</sheetData></worksheet>")
    return file.getvalue()


async def test_bombs_take_nothing() -> None:
    begun = time.monotonic()
    with pytest.raises(FileTooLarge):
        await read(a_bomb(150), most_lines=100)
    with pytest.raises((FileTooLarge, UnreadableFile)):
        await read(far_cell(), most_lines=100)
    assert time.monotonic() - begun < 60


def far_cell() -> bytes:
    """Return a small workbook whose one cell stands at the far corner: a grid of seventeen billion cells."""
    good = written(Format.XLSX, ["A"], [["x"]])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'r="A2"', b'r="XFD1048576"').replace(b'<row r="2"', b'<row r="1048576"')
                content = content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02",
        b"PK\x03\x04" + bytes(100),
        b"\xd0\xcf\x11\xe0" + bytes(100),
        b'A;B\n"open;1\n2;3',
        b"A\n" + b"x" * 5000,
        b";".join(b"a" for _ in range(100)),
        b"\xff\xfe\x00",
        b"\x81\x8d\x8f",
    ],
)
async def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        await read(content, most_lines=10)


async def test_too_many_lines_are_refused_at_the_first_one_too_many() -> None:
    assert len(await read(b"A\n" + b"x\n" * 10, most_lines=10)) == 11
    with pytest.raises(FileTooLarge):
        await read(b"A\n" + b"x\n" * 11, most_lines=10)
    with pytest.raises(FileTooLarge):
        await read(written(Format.XLSX, ["A"], [["x"]] * 11), most_lines=10)


def test_days_and_answers_as_people_write_them() -> None:
    assert {day(text) for text in ("12/03/2026", "2026-03-12", "12-03-2026", "12.03.2026")} == {date(2026, 3, 12)}
    for wrong in ("31/02/2026", "mars", "3/26"):
        with pytest.raises(ValueError, match="12/03/2026"):
            day(wrong)
    assert [yes_or_no(text) for text in ("Oui", "x", "NON", "0")] == [True, True, False, False]
    with pytest.raises(ValueError, match="oui"):
        yes_or_no("peut-être")
    assert plain("N° SIRÉT ") == "n siret"
