"""PDFs written by hand, so that they can be exactly as wrong as wanted."""

import zlib
from collections.abc import Iterable, Mapping

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n" % (len(content), entries) + content + b"\nendstream"


def zeros(size: int) -> bytes:
    """Return that many zeros, deflated, without ever holding them."""
    deflate = zlib.compressobj(1)
    parts = [deflate.compress(b"\0" * min(1_048_576, size - at)) for at in range(0, size, 1_048_576)]
    return b"".join([*parts, deflate.flush()])


def deflated(content: bytes, entries: bytes = b"") -> bytes:
    """Return a compressed stream object."""
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + entries)


def objects(
    catalog: bytes = b"", page: bytes = b"", more: Mapping[int, bytes] | None = None, content: bytes = b"0 0 m 9 9 l S"
) -> dict[int, bytes]:
    """Return the objects of a document of one page, with entries added to its catalog and its page."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: PAGE[:-2] + page + b" >>",
        4: stream(content),
        **(more or {}),
    }


def written(parts: Mapping[int, bytes], trailer: bytes = b"", *, prev: int | None = None) -> bytes:
    """Return the file, with a correct cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets: dict[int, int] = {}
    for number, body in sorted(parts.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    size = max(parts) + 1
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    back = b"" if prev is None else b" /Prev %d" % prev
    out += b"trailer\n<< /Size %d /Root 1 0 R%s %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, back, trailer, start)
    return bytes(out)


def one_page(catalog: bytes = b"", page: bytes = b"", more: Mapping[int, bytes] | None = None) -> bytes:
    """Return a document of one page."""
    return written(objects(catalog, page, more))


def many_pages(count: int) -> bytes:
    """Return a document of `count` pages."""
    parts = objects()
    kids = b" ".join(b"%d 0 R" % (10 + n) for n in range(count))
    parts[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    parts |= {10 + n: PAGE for n in range(count)}
    return written(parts)


def looping_xref() -> bytes:
    """Return a document whose cross-reference table says that it follows itself."""
    plain = written(objects(), prev=0)
    start = plain.index(b"xref\n0")
    return plain.replace(b"/Prev 0 ", b"/Prev %d " % start)


def claimed_objects(count: int) -> bytes:
    """Return a document whose compressed cross-reference stream lists `count` objects."""
    parts = objects()
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in sorted(parts.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    rows = [b"\0" * 6, *(b"\1" + offsets[n].to_bytes(4, "big") + b"\0" for n in sorted(parts))]
    rows.append(b"\1" + start.to_bytes(4, "big") + b"\0")
    # All the rest are said to be the page's content once more.
    again = b"\1" + offsets[4].to_bytes(4, "big") + b"\0"
    table = b"".join(rows) + again * (count - len(rows))
    out += b"5 0 obj\n" + deflated(table, b"/Type /XRef /Size %d /W [1 4 1] /Root 1 0 R" % count) + b"\nendobj\n"
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def nested_bomb(times: int, size: int) -> bytes:
    """Return a document with a stream compressed `times` over."""
    content = zeros(size)
    for _ in range(times - 1):
        content = zlib.compress(content, 9)
    filters = b"/Filter [%s]" % b" ".join([b"/FlateDecode"] * times)
    return written(objects(more={5: stream(content, filters)}))


def places(content: bytes, count: int) -> Iterable[int]:
    """Return where to cut a file: places spread over it, the last just before its end."""
    last = len(content.rstrip()) - 2
    return sorted({1 + last * n // count for n in range(count)} | {last})
