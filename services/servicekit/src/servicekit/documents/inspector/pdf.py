"""PDF: refused for what it does or hides, else written again without metadata."""

import io
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from servicekit.documents.inspector.bounds import Bounds, Unfit
from servicekit.documents.refusals import Reason

# Keys of dictionaries, and types of actions and annotations, that make a PDF do something or carry files.
_ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
_ACTIVE_NAMES: Final = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/RichMedia",
        "/RichMediaExecute",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/3D",
        "/Screen",
        "/GoToE",
        "/GoToR",
    }
)
_FILE_KEYS: Final = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF"})
_METADATA: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
_DEEPEST: Final = 100
_ZIP_END: Final = b"PK\x05\x06"
_TAIL: Final = 70_000


def rebuild(content: bytes, bounds: Bounds) -> bytes:
    """Return the document written anew; raise `Unfit`, or whatever the parser raises of a damaged one."""
    _require_one_format(content)
    try:
        pdf = pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Unfit(Reason.ENCRYPTED) from None
    except Exception:
        # Some ciphers ask for randomness from a device, which nothing may open here.
        if b"/Encrypt" in content:
            raise Unfit(Reason.ENCRYPTED) from None
        raise
    if pdf.is_encrypted:
        raise Unfit(Reason.ENCRYPTED)
    declared = int(pdf.trailer.get("/Size", 0))
    if declared > bounds.objects * 2 or len(pdf.objects) > bounds.objects:
        raise Unfit(Reason.TOO_COMPLEX)
    # What the tree says, before walking it; then what it holds.
    if int(pdf.Root.Pages.get("/Count", 0)) > bounds.pages or len(pdf.pages) > bounds.pages:
        raise Unfit(Reason.TOO_MANY_PAGES)
    if len(pdf.pages) == 0:
        raise Unfit(Reason.UNREADABLE)
    decompressed = 0
    for thing in pdf.objects:
        _refuse_active(thing)
        if isinstance(thing, pikepdf.Stream):
            decompressed += _size_of(thing)
            if decompressed > bounds.decompressed_bytes:
                raise Unfit(Reason.TOO_COMPLEX)
    _open_plainly(pdf)
    _forget_metadata(pdf)
    written = io.BytesIO()
    pdf.save(written, fix_metadata_version=False, compress_streams=True, deterministic_id=True)
    return written.getvalue()


def _require_one_format(content: bytes) -> None:
    tail = content[-_TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise Unfit(Reason.UNREADABLE)
    if tail[end + 5 :].strip(b"\r\n\t \0\x0c\x1a"):
        raise Unfit(Reason.TWO_FORMATS)
    if _ZIP_END in tail:
        raise Unfit(Reason.TWO_FORMATS)


def _refuse_active(thing: Any) -> None:
    for key, value in _within(thing):
        if key in _ACTIVE_KEYS:
            raise Unfit(Reason.ACTIVE_CONTENT)
        if key in _FILE_KEYS:
            raise Unfit(Reason.EMBEDDED_FILES)
        if key in {"/S", "/Subtype", "/Type"} and isinstance(value, pikepdf.Name):
            if str(value) in _ACTIVE_NAMES:
                raise Unfit(Reason.ACTIVE_CONTENT)
            if str(value) == "/EmbeddedFile":
                raise Unfit(Reason.EMBEDDED_FILES)


def _within(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield keys and values of an object and of what stands directly in it; references are visited by themselves."""
    pending = [(thing, 0)]
    while pending:
        one, depth = pending.pop()
        if depth > _DEEPEST:
            raise RecursionError
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            found = list(one.items())
            yield from ((str(key), value) for key, value in found)
            inner = [value for _, value in found]
        elif isinstance(one, pikepdf.Array):
            inner = list(one)
        else:
            continue
        pending += [
            (value, depth + 1)
            for value in inner
            if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
        ]


def _size_of(stream: Any) -> int:
    try:
        return len(stream.read_bytes())
    except pikepdf.PdfError:
        # An image's own compression (JPEG, CCITT, JBIG2) is kept as it is.
        return len(stream.read_raw_bytes())


def _open_plainly(pdf: Any) -> None:
    """Drop where the document opens (office suites write it everywhere); refuse anything else on opening."""
    action = pdf.Root.get("/OpenAction")
    if action is None:
        return
    kind = action.get("/S") if isinstance(action, pikepdf.Dictionary) else None
    if kind is not None and str(kind) != "/GoTo":
        raise Unfit(Reason.ACTIVE_CONTENT)
    if not isinstance(action, pikepdf.Array | pikepdf.Dictionary):
        raise Unfit(Reason.ACTIVE_CONTENT)
    del pdf.Root["/OpenAction"]


def _forget_metadata(pdf: Any) -> None:
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for key in _METADATA:
                if key in thing:
                    del thing[key]
