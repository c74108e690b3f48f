"""Files that must not be taken, generated: nothing here does harm, everything would if a reader obeyed."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from PIL import Image

from . import pdfs

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
# In two parts: an antivirus of the machine must not take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True)
class File:
    """A file as somebody would send it."""

    what: str
    content: bytes
    media_type: str = PDF
    name: str = "document.pdf"


def image(kind: str, size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """Return a small picture with something to see in it."""
    written = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(written, kind, **options)
    return written.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    """Return an archive of one file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, content)
    return written.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def claimed_png(width: int, height: int, pixels: bytes = pdfs.zeros(1000)) -> bytes:
    """Return a PNG that says it is that large."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    data = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def claimed_jpeg(width: int, height: int) -> bytes:
    """Return a JPEG that says it is that large."""
    plain = image("JPEG")
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + plain[at + 4 :]


def every() -> Iterator[File]:
    """Yield the whole corpus."""
    yield from badly_named()
    yield from wrongly_typed()
    yield from of_other_kinds()
    yield from active_pdfs()
    yield from costly_or_broken_pdfs()
    yield from polyglots()
    yield from bad_images()
    yield from cut_short()


def badly_named() -> Iterator[File]:
    """A good document under a name that lies, or that a system would stumble on."""
    good = pdfs.one_page()
    names = [
        "facture.pdf.exe",
        "attestation.exe.pdf",
        "attestation.PHP.pdf",
        "avis.html.pdf",
        "avis.svg.pdf",
        "archive.zip.pdf",
        "facture\u202efdp.exe",
        "exe\u202e.pdf",
        "\u2066avis\u2069.pdf",
        "a\u200bb.pdf",
        "a\x00b.pdf",
        "a\nb.pdf",
        "\x1b[31m.pdf",
        "a" * 296 + ".pdf",
        "../../etc/passwd.pdf",
        "..\\..\\windows.pdf",
        "/etc/passwd.pdf",
        "C:\\avis.pdf",
        "avis..pdf",
        "CON.pdf",
        "aux.pdf",
        "lpt1.pdf",
        "nul.pdf",
        ".pdf",
        ".htaccess.pdf",
        " avis.pdf",
        "avis.pdf ",
        "avis.pdf.",
        "avis.pdf::$DATA",
        "<script>.pdf",
        'avis".pdf',
        "avis|x.pdf",
        "avis?.pdf",
        "",
        "pdf",
        "avis",
        "\ue000.pdf",
    ]
    for name in names:
        yield File(f"named {name[:20]!r}", good, PDF, name)


def wrongly_typed() -> Iterator[File]:
    """Name, announced type and content that do not agree."""
    pdf, jpeg, png = pdfs.one_page(), image("JPEG"), image("PNG")
    for what, content, media_type, name in [
        ("PDF said to be PNG", pdf, PNG, "a.png"),
        ("PDF said to be JPEG", pdf, JPEG, "a.jpg"),
        ("PNG said to be PDF", png, PDF, "a.pdf"),
        ("PNG said to be JPEG", png, JPEG, "a.jpeg"),
        ("JPEG said to be PDF", jpeg, PDF, "a.pdf"),
        ("JPEG said to be PNG", jpeg, PNG, "a.png"),
        ("PDF named as PNG", pdf, PDF, "a.png"),
        ("PNG named as PDF", png, PNG, "a.pdf"),
        ("PDF announced as HTML", pdf, "text/html", "a.pdf"),
        ("PDF announced as anything", pdf, "application/octet-stream", "a.pdf"),
        ("PDF announced as nothing", pdf, "", "a.pdf"),
        ("SVG announced as such", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "a.svg"),
    ]:
        yield File(what, content, media_type, name)


def of_other_kinds() -> Iterator[File]:
    """Other formats under an accepted name."""
    gif = io.BytesIO()
    Image.new("P", (4, 4)).save(gif, "GIF")
    tiff, webp = io.BytesIO(), io.BytesIO()
    Image.new("L", (4, 4)).save(tiff, "TIFF")
    Image.new("RGB", (4, 4)).save(webp, "WEBP")
    kinds = {
        "nothing": b"",
        "one byte": b"%",
        "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "HTML": b"<!doctype html><script>alert(1)</script>",
        "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "DOCM": zipped("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
        "OLE": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
        "RTF": rb"{\rtf1 {\object\objocx}}",
        "PostScript": b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n",
        "ZIP": zipped("a.pdf", pdfs.one_page()),
        "EICAR": EICAR,
        "EICAR zipped": zipped("eicar.com", EICAR),
        "Windows program": b"MZ" + b"\x90" * 200,
        "Linux program": b"\x7fELF" + b"\0" * 200,
        "shell script": b"#!/bin/sh\nrm -rf /\n",
        "GIF": gif.getvalue(),
        "GIFAR": gif.getvalue() + zipped("META-INF/MANIFEST.MF", b"Main-Class: x"),
        "TIFF": tiff.getvalue(),
        "WebP": webp.getvalue(),
        "PDF after a blank": b" " + pdfs.one_page(),
        "PDF after a byte order mark": b"\xef\xbb\xbf" + pdfs.one_page(),
    }
    for what, content in kinds.items():
        yield File(f"{what} as PDF", content)
    for what in ("SVG", "HTML", "GIF", "GIFAR", "WebP", "nothing"):
        yield File(f"{what} as PNG", kinds[what], PNG, "a.png")
        yield File(f"{what} as JPEG", kinds[what], JPEG, "a.jpg")


def active_pdfs() -> Iterator[File]:
    """PDFs that do something, ask for something, or carry files."""
    script = b"<< /S /JavaScript /JS (app.alert(1)) >>"
    file = {5: stream_of(EICAR), 6: b"<< /Type /Filespec /F (a.com) /EF << /F 5 0 R >> >>"}
    annotation = b"/Annots [<< /Type /Annot /Subtype %s /Rect [0 0 9 9] %s >>]"
    catalogs = {
        "script on opening": b"/OpenAction " + script,
        "script in the names": b"/Names << /JavaScript << /Names [(a) %s] >> >>" % script,
        "program on opening": b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        "address on opening": b"/OpenAction << /S /URI /URI (http://example.test) >>",
        "named action on opening": b"/OpenAction << /S /Named /N /Print >>",
        "program after going there": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /Launch /F (a) >> >>",
        "script after an address": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [%s] >>" % script,
        "script with escaped names": b"/OpenAction << /S /#4aava#53cript /#4a#53 (x) >>",
        "actions of the document": b"/AA << /WC %s >>" % script,
        "XFA": b"/AcroForm << /Fields [] /XFA (x) >>",
        "script in a field": b"/AcroForm << /Fields [<< /FT /Tx /T (a) /AA << /K %s >> >>] >>" % script,
        "form sent away": b"/AcroForm << /Fields [<< /FT /Btn /T (a) /A << /S /SubmitForm /F (http://x) >> >>] >>",
        "form filled from elsewhere": b"/AcroForm << /Fields [<< /FT /Btn /A << /S /ImportData /F (x) >> >>] >>",
        "portfolio": b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >> /Collection << >>",
    }
    for what, catalog in catalogs.items():
        yield File(what, pdfs.one_page(catalog, more=file if b"6 0 R" in catalog else None))
    pages = {
        "actions of a page": b"/AA << /O %s >>" % script,
        "script on a link": annotation % (b"/Link", b"/A " + script),
        "program on a link": annotation % (b"/Link", b"/A << /S /Launch /F (a) >>"),
        "another file on a link": annotation % (b"/Link", b"/A << /S /GoToR /F (a.pdf) /D [0 /Fit] >>"),
        "embedded file on a link": annotation % (b"/Link", b"/A << /S /GoToE /D [0 /Fit] >>"),
        "attachment": annotation % (b"/FileAttachment", b"/FS 6 0 R"),
        "rich media": annotation % (b"/RichMedia", b"/RichMediaContent << >>"),
        "film": annotation % (b"/Movie", b"/Movie << >>"),
        "sound": annotation % (b"/Sound", b""),
        "three dimensions": annotation % (b"/3D", b""),
        "screen": annotation % (b"/Screen", b"/A << /S /Rendition >>"),
    }
    for what, page in pages.items():
        yield File(what, pdfs.one_page(page=page, more=file if b"6 0 R" in page else None))
    yield File("script that nothing refers to", pdfs.one_page(more={5: script}))
    yield File("file that nothing refers to", pdfs.one_page(more={5: stream_of(EICAR)}))
    yield File("script deep in arrays", pdfs.one_page(b"/X [[[[[" + script + b"]]]]]"))
    hidden = pikepdf.open(io.BytesIO(pdfs.one_page(b"/OpenAction 5 0 R", more={5: script})))
    compressed = io.BytesIO()
    hidden.save(compressed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    yield File("script in a compressed object", compressed.getvalue())


def stream_of(content: bytes) -> bytes:
    """Return an embedded file."""
    return pdfs.deflated(content, b"/Type /EmbeddedFile")


def costly_or_broken_pdfs() -> Iterator[File]:
    """PDFs that cost too much, loop, hide behind a password, or are not PDFs for long."""
    plain = pikepdf.open(io.BytesIO(pdfs.one_page()))
    for what, encryption in {
        "password": pikepdf.Encryption(user="secret", owner="secret", R=6),
        "owner's password": pikepdf.Encryption(user="", owner="secret", R=6),
        "old password": pikepdf.Encryption(user="", owner="secret", R=4, aes=False, metadata=False),
    }.items():
        written = io.BytesIO()
        plain.save(written, encryption=encryption)
        yield File(what, written.getvalue())
    yield File("101 pages", pdfs.many_pages(101))
    yield File("10 000 pages", pdfs.many_pages(10_000))
    yield File("20 001 objects", pdfs.one_page(more={10 + n: b"null" for n in range(20_001)}))
    yield File("a million objects", pdfs.claimed_objects(1_000_000))
    yield File("deflated ten times", pdfs.nested_bomb(10, 120_000_000))
    yield File("deflated once, 101 MB", pdfs.nested_bomb(1, 101 * 1_048_576))
    yield File("deflated twice, 120 MB", pdfs.nested_bomb(2, 120_000_000))
    sixty = pdfs.stream(pdfs.zeros(60 * 1_048_576), b"/Filter /FlateDecode")
    yield File("twice 60 MB", pdfs.one_page(more={5: sixty, 6: sixty}))
    loop = pdfs.objects()
    loop[2] = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"
    yield File("page tree that contains itself", pdfs.written(loop))
    shared = pdfs.objects(more={5: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"})
    shared[2] = b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>"
    yield File("page tree without an end", pdfs.written(shared))
    yield File("cross-reference loop", pdfs.looping_xref())
    yield File("arrays 5 000 deep", pdfs.one_page(b"/X " + b"[" * 5000 + b"]" * 5000))
    none = pdfs.objects()
    none[2] = b"<< /Type /Pages /Kids [] /Count 0 >>"
    yield File("no page", pdfs.written(none))
    good = pdfs.one_page()
    yield File("no catalog", good.replace(b"/Root 1 0 R", b"/Root 9 0 R"))
    yield File("start elsewhere", good.replace(b"startxref\n", b"startxref\n9"))
    yield File("no end", good.replace(b"%%EOF", b""))
    yield File("header alone", b"%PDF-1.7\n%%EOF\n")
    yield File("noise", b"%PDF-1.7\n" + bytes(range(256)) * 64 + b"\n%%EOF\n")


def polyglots() -> Iterator[File]:
    """Files that are two things at once."""
    pdf, archive = pdfs.one_page(), zipped("a.js", b"alert(1)")
    yield File("PDF and ZIP", pdf + archive)
    yield File("PDF and ZIP, said to end well", pdf + archive + b"%%EOF\n")
    yield File("PDF and JAR", pdf + zipped("META-INF/MANIFEST.MF", b"Main-Class: x"))
    yield File("PDF and HTML", pdf + b"<html><script>alert(1)</script></html>")
    yield File("HTML and PDF", b"<html><!--" + pdf + b"--><script>alert(1)</script>")
    yield File("PDF and script", pdf + b"\n*/=1;alert(1)//")
    yield File("JPEG and ZIP", image("JPEG") + archive, JPEG, "a.jpg")
    yield File("JPEG and JAR", image("JPEG") + zipped("META-INF/MANIFEST.MF", b"x"), JPEG, "a.jpg")
    yield File("PNG and ZIP", image("PNG") + archive, PNG, "a.png")


def bad_images() -> Iterator[File]:
    """Pictures too large to decode, or that are none."""
    png = image("PNG")
    yield File("PNG of 3.6 billion pixels", claimed_png(60_000, 60_000), PNG, "a.png")
    yield File("PNG of too many pixels", claimed_png(6325, 6325), PNG, "a.png")
    yield File("JPEG of 3.6 billion pixels", claimed_jpeg(60_000, 60_000), JPEG, "a.jpg")
    yield File("PNG of no pixel", claimed_png(0, 0), PNG, "a.png")
    yield File("PNG signature alone", png[:8], PNG, "a.png")
    yield File("PNG with a wrong checksum", png.replace(b"IDAT", b"IDAT\0", 1), PNG, "a.png")
    yield File("PNG of noise", png[:8] + bytes(range(256)) * 8, PNG, "a.png")
    yield File("JPEG of noise", b"\xff\xd8\xff" + bytes(range(256)) * 8 + b"\xff\xd9", JPEG, "a.jpg")
    yield File("JPEG start alone", b"\xff\xd8\xff\xe0", JPEG, "a.jpg")
    yield File("JPEG start and end", b"\xff\xd8\xff\xd9", JPEG, "a.jpg")


def cut_short() -> Iterator[File]:
    """Good files cut at 64 places."""
    pdf = pdfs.written(pdfs.objects(content=b"0 0 m 9 9 l S " * 200))
    for what, content, media_type, name, count in [
        ("PDF", pdf, PDF, "a.pdf", 24),
        ("JPEG", image("JPEG", (400, 300)), JPEG, "a.jpg", 20),
        ("PNG", image("PNG", (400, 300)), PNG, "a.png", 20),
    ]:
        for at in pdfs.places(content, count):
            yield File(f"{what} cut at {at} of {len(content)}", content[:at], media_type, name)
