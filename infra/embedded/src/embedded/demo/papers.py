"""Papers that go with some referrals: drawn here, sent through the product's own routes."""

import io
from datetime import datetime
from typing import Final

from PIL import Image, ImageDraw

from embedded.demo.backstage import Backstage
from servicekit.access import Actor

PDF, JPEG = "application/pdf", "image/jpeg"
PAPERS: Final = (
    ("quote", "Devis prothèse dentaire.pdf", PDF, ("DEVIS (fictif)", "Couronne céramo-métallique", "540,00 €")),
    ("resources", "Avis d'imposition.pdf", PDF, ("AVIS D'IMPOSITION (fictif)", "Revenu fiscal : 9 120 €")),
    ("cover", "carte mutuelle.jpg", JPEG, ("CARTE DE TIERS PAYANT (fictive)", "Mutuelle de démonstration")),
)


async def attach(service: Backstage, at: datetime, actor: Actor, request: str, *, count: int) -> None:
    """Send the first papers of the list with a request."""
    for item, name, media_type, lines in PAPERS[:count]:
        content = drawn(lines, "PDF" if media_type == PDF else "JPEG")
        said = {"item": item, "name": name, "media_type": media_type, "size_bytes": len(content)}
        announced = await service.post(at, actor, f"{request}/documents", said)
        await service.send_file(at, actor, announced["content_url"], content, media_type)


def drawn(lines: tuple[str, ...], kind: str) -> bytes:
    """Return a sheet with these lines on it."""
    sheet = Image.new("L", (620, 877), 255)
    pen = ImageDraw.Draw(sheet)
    for n, line in enumerate(lines):
        pen.text((60, 80 + 60 * n), line, fill=0, font_size=28)
    written = io.BytesIO()
    sheet.save(written, kind)
    return written.getvalue()
