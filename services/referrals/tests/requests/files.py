"""Files as partners send them, and their way in and out."""

import io
from typing import Any

import httpx
import pikepdf
from PIL import Image

from servicekit.access import Actor, Audience

from .situations import AGENT, PARTNER, World, ok

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def a_pdf(pages: int = 1, *, script: bool = False) -> bytes:
    """Return a small PDF, with a script if asked."""
    pdf, written = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        pdf.add_blank_page()
    pdf.docinfo["/Author"] = "Someone who should not be known"
    if script:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.save(written)
    return written.getvalue()


def a_photo(size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a small JPEG."""
    written = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(written, "JPEG")
    return written.getvalue()


def documents_of(who: Actor, receipt: dict[str, Any]) -> str:
    """Return where the documents of a request are, for somebody."""
    side = PARTNER if who.audience is Audience.PARTNER else AGENT
    return f"{side}/{receipt['id']}/documents"


async def announce(world: World, by: Actor, receipt: dict[str, Any], content: bytes, **changed: Any) -> httpx.Response:
    """Say that a file is coming."""
    said = {"item": "quote", "name": "devis.pdf", "media_type": PDF, "size_bytes": len(content)} | changed
    return await world.client(by).post(documents_of(by, receipt), said)


async def send(world: World, by: Actor, url: str, content: Any, media_type: str = PDF) -> httpx.Response:
    """Send the content of a file."""
    return await world.client(by).request("PUT", url, content=content, headers={"Content-Type": media_type}, key="")


async def added(world: World, by: Actor, receipt: dict[str, Any], content: bytes | None = None, **changed: Any) -> str:
    """Add a document to a request; return its id."""
    content = content or a_pdf()
    said = ok(await announce(world, by, receipt, content, **changed), 201)
    ok(await send(world, by, said["content_url"], content, changed.get("media_type", PDF)))
    document: str = said["id"]
    return document


async def listed(world: World, to: Actor, receipt: dict[str, Any]) -> dict[str, Any]:
    """Return the documents of a request as somebody sees them."""
    return ok(await world.client(to).get(documents_of(to, receipt)))


async def ticket(world: World, to: Actor, receipt: dict[str, Any], document: str) -> httpx.Response:
    """Ask for a document."""
    return await world.client(to).post(f"{documents_of(to, receipt)}/{document}/ticket", key="")


async def opened(world: World, to: Actor, receipt: dict[str, Any], document: str) -> httpx.Response:
    """Get a document, ticket included."""
    return await world.client(to).get(ok(await ticket(world, to, receipt, document))["url"])
