"""The browser application: read once at start, served from memory, compressed beforehand."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.types import Send

from gateway_service.front.security_headers import Headers, SecurityHeaders, new_nonce

NONCE_MARK: Final = b"__CSP_NONCE__"
_HASHED: Final = re.compile(r"/assets/.+[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$", re.ASCII)
_FOR_EVER: Final = b"public, max-age=31536000, immutable"
_ASK_AGAIN: Final = b"no-cache"
_WORTH_COMPRESSING: Final = 1024
_COMPRESSIBLE: Final = ("text/", "application/json", "image/svg+xml", "application/manifest")
_NOT_BUILT: Final = (
    b"<!doctype html><html lang='fr'><head><meta charset='utf-8'><title>Aller-vers</title></head><body><main>"
    b"<h1>L'application n'est pas construite</h1><p>Lancez <code>make run</code>, qui la construit.</p>"
    b"</main></body></html>"
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    compressed: bytes | None
    headers: tuple[tuple[bytes, bytes], ...]
    etag: bytes


class BrowserApplication:
    """Every file of the built front, by its path."""

    def __init__(self, folder: Path, security: SecurityHeaders) -> None:
        self._security = security
        index = folder / "index.html"
        self._index = index.read_bytes().split(NONCE_MARK) if index.is_file() else None
        self._assets: Mapping[str, Asset] = {
            "/" + path.relative_to(folder).as_posix(): _load(path, folder)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path != index and path.suffix not in {".gz", ".br", ".map"}
        }

    async def serve(self, method: str, path: str, headers: Mapping[bytes, bytes], send: Send) -> bool:
        """Answer a GET; False when there is no such file and a page was not what was asked for."""
        asset = self._assets.get(path)
        if asset is not None:
            await self._send_asset(method, asset, headers, send)
            return True
        if path.startswith("/assets/") or "text/html" not in headers.get(b"accept", b"").decode("latin-1"):
            return False
        await self._send_page(method, send)
        return True

    async def _send_asset(self, method: str, asset: Asset, headers: Mapping[bytes, bytes], send: Send) -> None:
        if headers.get(b"if-none-match") == asset.etag:
            await _send(send, 304, self._security.asset(list(asset.headers)), b"")
            return
        out = list(asset.headers)
        content = asset.content
        if asset.compressed is not None:
            out.append((b"vary", b"accept-encoding"))
            if b"gzip" in headers.get(b"accept-encoding", b""):
                content = asset.compressed
                out.append((b"content-encoding", b"gzip"))
        out.append((b"content-length", str(len(content)).encode()))
        await _send(send, 200, self._security.asset(out), b"" if method == "HEAD" else content)

    async def _send_page(self, method: str, send: Send) -> None:
        nonce = new_nonce()
        status = 200 if self._index is not None else 503
        page = nonce.encode().join(self._index) if self._index is not None else _NOT_BUILT
        headers: Headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(page)).encode()),
        ]
        await _send(send, status, self._security.page(headers, nonce), b"" if method == "HEAD" else page)


def _load(path: Path, folder: Path) -> Asset:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = kind.startswith(_COMPRESSIBLE)
    beside = path.with_name(path.name + ".gz")
    compressed = None
    if text and len(content) >= _WORTH_COMPRESSING:
        compressed = beside.read_bytes() if beside.is_file() else gzip.compress(content, 9, mtime=0)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'.encode()
    hashed = _HASHED.search("/" + path.relative_to(folder).as_posix()) is not None
    return Asset(
        content=content,
        compressed=compressed,
        etag=etag,
        headers=(
            (b"content-type", (kind + ("; charset=utf-8" if text else "")).encode()),
            (b"cache-control", _FOR_EVER if hashed else _ASK_AGAIN),
            (b"etag", etag),
        ),
    )


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
