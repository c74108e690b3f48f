"""Letters read back by another library: text, language, structure, fonts; and the same bytes each time."""

import hashlib
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from servicekit.letters.typesetting import CannotBePrinted, Typesetter, fingerprint, typesetter

from .invented import a_snapshot

MADE_ONCE = "8740500db2bd0dc39605302628aa055ff5f22ae8e1a434b35577a2e76bf21caf"


def tags(node: Any) -> Iterator[str]:
    """Yield the structure types below a node of the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from tags(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags(node["/K"])


def fonts(reader: PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            yield from (each.get_object() for each in font.get_object().get("/DescendantFonts", [font]))


async def test_a_letter_is_tagged_speaks_french_and_carries_its_fonts() -> None:
    reader = PdfReader(BytesIO(await typesetter().pdf(a_snapshot())))
    root: dict[str, Any] = reader.root_object
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - as above
    found = set(tags(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/LBody", "/Strong", "/Em"} <= found
    assert "/Figure" not in found
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Votre demande du 12\u00a0mars\u00a02026"
    for font in fonts(reader):
        assert "AtkinsonHyperlegibleNext" in font["/BaseFont"]
        assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])


async def test_a_letter_says_what_it_was_given_set_in_french() -> None:
    reader = PdfReader(BytesIO(await typesetter().pdf(a_snapshot())))
    said = "\n".join(page.extract_text() for page in reader.pages)
    for words in (
        "CPAM de la Haute-Garonne",
        "12 rue des Lilas",
        "Toulouse, le 12\u00a0mars\u00a02026",
        "Bonjour Vanessa KELLER,",
        "est arrivée\u00a0: voici la suite",
        "1\u00a0234,50\u00a0€",
        "Second paragraphe.",
        "d’abord",
        "Date et signature",
        "1 / 1",
    ):
        assert words in said, words


async def test_the_language_of_the_letter_is_that_of_the_document() -> None:
    english = a_snapshot(
        language="en", subject="Your request of {{day}}", body="Hello {{name}}: we owe you {{amount}}."
    )
    reader = PdfReader(BytesIO(await typesetter().pdf(english)))
    root: dict[str, Any] = reader.root_object
    assert root["/Lang"] == "en"
    assert "Your request of 12\u00a0March\u00a02026" in reader.pages[0].extract_text()


async def test_the_same_snapshot_gives_the_same_bytes_from_another_compiler() -> None:
    first = await typesetter().pdf(a_snapshot())
    again = await Typesetter().pdf(type(a_snapshot()).model_validate_json(a_snapshot().model_dump_json()))
    assert fingerprint(first) == fingerprint(again)
    assert fingerprint(await typesetter().pdf(a_snapshot(on=date(2026, 3, 13)))) != fingerprint(first)


async def test_an_upgrade_does_not_change_the_letters_made_before() -> None:
    """When this fails, pin the former typst or print older sheets with it: letters already sent must not change."""
    assert hashlib.sha256(await typesetter().pdf(a_snapshot())).hexdigest() == MADE_ONCE


@pytest.mark.parametrize(
    "typed",
    ["#panic()", '#read("/etc/passwd")', "$x^2$", "<label> @ref", "= titre", "`raw`", '"; #eval("1")', "\\u{41}"],
)
async def test_typst_code_in_a_text_or_a_value_is_printed_not_run(typed: str) -> None:
    body = f"Texte {typed} fin\n\n{{{{name}}}}"
    snapshot = a_snapshot(language="en", subject=f"Objet {typed}", body=body, values={"name": typed})
    reader = PdfReader(BytesIO(await typesetter().pdf(snapshot)))
    said = reader.pages[0].extract_text()
    assert f"Texte {typed} fin" in said
    assert typed in said.partition("fin")[2]


async def test_what_no_font_can_show_is_refused_without_quoting_it() -> None:
    with pytest.raises(CannotBePrinted) as refusal:
        await typesetter().pdf(a_snapshot(recipient=("李明", "Muret")))
    assert "李" not in refusal.value.detail


async def test_pictures_of_the_pages_are_images() -> None:
    long = a_snapshot(body="\n\n".join(["Un paragraphe de la lettre, assez long pour tenir une ligne."] * 60))
    pages = await typesetter().pictures(long)
    assert len(pages) > 1
    assert all(page.startswith(b"\x89PNG") for page in pages)


async def test_two_hundred_letters_take_seconds() -> None:
    await typesetter().pdf(a_snapshot())
    began = time.monotonic()
    made = {fingerprint(await typesetter().pdf(a_snapshot(reference=f"311-2026-{n:06d}"))) for n in range(200)}
    assert len(made) == 200
    assert time.monotonic() - began < 30  # 1.5 s alone; the machine of the tests is shared
