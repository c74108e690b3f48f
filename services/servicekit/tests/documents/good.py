"""Sixty files that people really send, and what must not be left of them once rebuilt."""

import io
from collections.abc import Iterator

import pikepdf
from PIL import Image, PngImagePlugin

from . import pdfs
from .hostile import JPEG, PDF, PNG, File, image

MARK = b"SECRET-MARK"
"""Stands wherever a file says more than it shows: none of it may be left."""


def every() -> Iterator[File]:
    """Yield the sixty."""
    yield from documents()
    yield from photographs()
    yield from screenshots()


def documents() -> Iterator[File]:
    """PDFs as scanners, office suites and administrations make them."""
    for name in (
        "attestation.pdf",
        "Attestation de droits.PDF",
        "avis d'imposition 2025.pdf",
        "justificatif_12.03.2026.pdf",
        "RIB – compte courant.pdf",
        "Мой документ.pdf",
        "وثيقة.pdf",
        "devis n° 12 (dentiste).pdf",
        "é" * 100 + ".pdf",
    ):
        yield File(f"named {name[:12]}", pdfs.one_page(), PDF, name)
    yield File("a hundred pages", pdfs.many_pages(100))
    yield File("eight pages", pdfs.many_pages(8))
    yield File("opens on its first page", pdfs.one_page(b"/OpenAction [3 0 R /XYZ null null 0]"))
    yield File("opens by going there", pdfs.one_page(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"))
    yield File("link to an address", pdfs.one_page(page=_link(b"/A << /S /URI /URI (https://www.ameli.fr) >>")))
    yield File("link to a page", pdfs.one_page(page=_link(b"/Dest [3 0 R /Fit]")))
    yield File("form that was filled in", pdfs.one_page(b"/AcroForm << /Fields [<< /FT /Tx /T (a) /V (b) >>] >>"))
    yield File("outline", pdfs.one_page(b"/Outlines << /First 5 0 R /Count 1 >>", more={5: _OUTLINE}))
    yield File("tagged", pdfs.one_page(b"/MarkInfo << /Marked true >> /Lang (fr-FR) /StructTreeRoot << >>"))
    yield File("metadata", _with_metadata())
    yield File("metadata of a page", pdfs.one_page(page=b"/PieceInfo << /X (%s) >>" % MARK))
    yield File("blank after the end", pdfs.one_page() + b"\r\n\0\0")
    yield File("forty megabytes unfolded", pdfs.nested_bomb(1, 40 * 1_048_576))
    yield File("a scan", _scanned())
    for version in ("1.3", "1.4", "1.5", "1.7", "2.0"):
        yield File(f"PDF {version}", _saved(min_version=version))
    yield File("object streams", _saved(object_stream_mode=pikepdf.ObjectStreamMode.generate))
    yield File("linearised", _saved(linearize=True))
    yield File("amended", _amended())


_OUTLINE = b"<< /Title (Page 1) /Dest [3 0 R /Fit] >>"


def _link(how: bytes) -> bytes:
    return b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] %s >>]" % how


def _saved(**options: object) -> bytes:
    written = io.BytesIO()
    pikepdf.open(io.BytesIO(pdfs.many_pages(3))).save(written, **options)  # type: ignore[arg-type]  # each its own type
    return written.getvalue()


def _with_metadata() -> bytes:
    info = {5: b"<< /Author (%s) /Producer (%s) >>" % (MARK, MARK), 6: pdfs.stream(MARK, b"/Type /Metadata")}
    return pdfs.written(pdfs.objects(b"/Metadata 6 0 R", more=info), b"/Info 5 0 R")


def _scanned() -> bytes:
    written = io.BytesIO()
    first = Image.linear_gradient("L").resize((620, 877))
    first.save(written, "PDF", save_all=True, append_images=[first.rotate(180)])
    return written.getvalue()


def _amended() -> bytes:
    """Return a document to which a reader added something at the end, as signing tools do."""
    plain = pdfs.one_page()
    before = plain.rindex(b"xref\n0")
    at = len(plain)
    body = b"3 0 obj\n" + pdfs.PAGE + b"\nendobj\n"
    table = b"xref\n3 1\n%010d 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev %d >>\n" % (at, before)
    return plain + body + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(body))


def photographs() -> Iterator[File]:
    """JPEGs as telephones make them."""
    for size in ((60, 40), (1, 1), (640, 480), (1600, 1200)):
        yield File(f"JPEG {size}", image("JPEG", size), JPEG, "photo.jpg")
    for quality in (20, 75, 95):
        yield File(f"JPEG of quality {quality}", image("JPEG", (320, 240), quality=quality), JPEG, "photo.jpeg")
    yield File("JPEG in steps", image("JPEG", (320, 240), progressive=True), JPEG, "photo.jpg")
    yield File("JPEG for the screen", image("JPEG", (320, 240), optimize=True, dpi=(72, 72)), JPEG, "PHOTO.JPG")
    for mode in ("L", "CMYK", "RGB"):
        written = io.BytesIO()
        Image.linear_gradient("L").convert(mode).save(written, "JPEG")
        yield File(f"JPEG in {mode}", written.getvalue(), JPEG, "photo.jpg")
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    exif.get_ifd(0x8825)[29] = MARK.decode()
    for way in (1, 3, 6, 8):
        exif[0x0112] = way
        yield File(f"JPEG with a position, turned {way}", image("JPEG", exif=exif), JPEG, "photo.jpg")
    yield File("JPEG with a comment", image("JPEG", comment=MARK + b"<script>alert(1)</script>"), JPEG, "photo.jpg")
    yield File("JPEG with a film behind", image("JPEG") + b"\0\0\0\x18ftypmp42" + MARK * 9, JPEG, "photo.jpg")


def screenshots() -> Iterator[File]:
    """PNGs as screens and scanners make them."""
    for mode in ("1", "L", "P", "RGB", "RGBA", "LA"):
        written = io.BytesIO()
        Image.linear_gradient("L").convert(mode).save(written, "PNG")
        yield File(f"PNG in {mode}", written.getvalue(), PNG, "capture.png")
    deep = io.BytesIO()
    Image.linear_gradient("L").convert("I;16").save(deep, "PNG")
    yield File("PNG of 16 bits", deep.getvalue(), PNG, "scan.png")
    clear = io.BytesIO()
    Image.linear_gradient("L").convert("P").save(clear, "PNG", transparency=3)
    yield File("PNG with a clear colour", clear.getvalue(), PNG, "logo.png")
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", MARK.decode() + "<script>alert(1)</script>")
    yield File("PNG that says more", image("PNG", pnginfo=said), PNG, "capture.png")
    yield File("PNG with bytes behind", image("PNG") + MARK, PNG, "capture.png")
    yield File("a large scan", _large(), PNG, "scan.png")


def _large() -> bytes:
    written = io.BytesIO()
    Image.new("L", (6000, 6600), 255).save(written, "PNG")
    return written.getvalue()
