"""Documents through the real gateway and service: streamed in, refused with reasons, given back once, never lost."""

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pikepdf
import pytest
from journeys.filing import register
from PIL import Image
from world import World

from embedded.demo.portal import Portal, Refused, eventually

pytestmark = pytest.mark.system
OWN = "/referrals/partner/requests"
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
LIMIT = 10 * 1_048_576


def a_pdf(pages: int = 1, **catalog: Any) -> bytes:
    pdf, written = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        pdf.add_blank_page()
    for key, value in catalog.items():
        pdf.Root[f"/{key}"] = value
    pdf.save(written)
    return written.getvalue()


def a_picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(written, kind)
    return written.getvalue()


def locked() -> bytes:
    written = io.BytesIO()
    pikepdf.open(io.BytesIO(a_pdf())).save(written, encryption=pikepdf.Encryption(owner="x", user="", R=6))
    return written.getvalue()


def an_archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.js", "alert(1)")
    return written.getvalue()


def huge() -> bytes:
    png = a_picture("PNG")
    return png[:16] + (60_000).to_bytes(4, "big") * 2 + png[24:]


ACTION = pikepdf.Dictionary
HOSTILE = [
    ("active_content", a_pdf(OpenAction=ACTION(S=pikepdf.Name.JavaScript, JS="app.alert(1)")), PDF),
    ("active_content", a_pdf(OpenAction=ACTION(S=pikepdf.Name.Launch, F="cmd.exe")), PDF),
    ("embedded_files", a_pdf(Names=ACTION(EmbeddedFiles=ACTION(Names=pikepdf.Array([])))), PDF),
    ("encrypted", locked(), PDF),
    ("too_many_pages", a_pdf(101), PDF),
    ("unreadable", a_pdf()[:-60], PDF),
    ("two_formats", a_pdf() + an_archive(), PDF),
    ("wrong_type", b"<html><script>alert(1)</script></html>", PDF),
    ("wrong_type", an_archive(), PDF),
    ("types_disagree", a_picture("PNG"), PDF),
    ("too_many_pixels", huge(), PNG),
    ("two_formats", a_picture("JPEG") + an_archive(), JPEG),
    ("wrong_type", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", PNG),
]
NAMES = {PDF: "devis.pdf", PNG: "devis.png", JPEG: "devis.jpg"}


def draft(sender: Portal) -> dict[str, Any]:
    created: dict[str, Any] = sender.post(OWN, {"kind": "misas_referral", "person_id": register(sender)})
    return created


def announced(sender: Portal, request: dict[str, Any], size: int, media_type: str = PDF) -> str:
    said = {"item": "quote", "name": NAMES[media_type], "media_type": media_type, "size_bytes": size}
    url: str = sender.post(f"{OWN}/{request['id']}/documents", said)["content_url"]
    return url


def test_hostile_files_are_refused_with_a_reason_and_the_service_goes_on(world: World) -> None:
    sender = world.as_("fil-paul")
    request = draft(sender)
    before = world.system.process("referrals").pid
    for reason, content, media_type in HOSTILE:
        answer = sender.put_document(announced(sender, request, len(content), media_type), content, media_type)
        assert answer.status_code == 422, (reason, answer.text)
        # A parser may give up before it has seen what is wrong.
        assert answer.json()["reason"] in {reason, "unreadable"}, answer.text
    assert sender.get(f"{OWN}/{request['id']}/documents")["items"] == []
    assert world.system.process("referrals").pid == before


def test_a_large_file_streams_in_and_out_with_the_headers_of_a_file(world: World) -> None:
    sender = world.as_("fil-paul")
    request = draft(sender)
    content = a_picture("JPEG")
    content += b"\0" * (LIMIT - len(content))
    url = announced(sender, request, len(content), JPEG)

    def parts() -> Iterator[bytes]:
        for at in range(0, len(content), 65_536):
            yield content[at : at + 65_536]

    assert sender.put_document(url, parts(), JPEG).json()["state"] == "available"
    noise = io.BytesIO()
    Image.effect_noise((1500, 1500), 90).save(noise, "PNG")
    url = announced(sender, request, len(noise.getvalue()), PNG)
    document = sender.put_document(url, noise.getvalue(), PNG).json()["id"]
    ticket = sender.post(f"{OWN}/{request['id']}/documents/{document}/ticket")["url"]
    answer = sender.fetch(ticket)
    assert answer.status_code == 200
    # More than the gateway holds of an answer: it passed through.
    assert len(answer.content) > 1_000_000
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (1500, 1500)
    assert answer.headers["content-type"] == PNG
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert sender.fetch(ticket).status_code == 404
    second = sender.post(f"{OWN}/{request['id']}/documents/{document}/ticket")["url"]
    assert world.as_("ccas-yann").fetch(second).status_code == 404


@pytest.mark.faults
def test_what_was_acknowledged_outlives_a_kill_and_what_was_not_leaves_nothing(world: World) -> None:
    sender = world.as_("fil-paul")
    request = draft(sender)
    content = a_pdf(3)
    kept = sender.put_document(announced(sender, request, len(content)), content, PDF).json()["id"]
    halfway = announced(sender, request, len(content))
    begun = threading.Event()

    def slowly() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        begun.set()
        time.sleep(3)
        yield content[len(content) // 2 :]

    outcome: list[int] = []

    def send() -> None:
        apart = sender.copy()
        try:
            outcome.append(apart.put_document(halfway, slowly(), PDF).status_code)
        except httpx.HTTPError:
            outcome.append(0)
        finally:
            apart.close()

    sending = threading.Thread(target=send)
    sending.start()
    assert begun.wait(10)
    time.sleep(0.3)
    world.system.process("referrals").kill()
    sending.join(30)
    assert outcome
    assert outcome[0] != 200

    def again() -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = sender.get(f"{OWN}/{request['id']}/documents")
        except Refused:
            return None
        return found

    shown = eventually(again, "the service did not come back")
    assert [one["id"] for one in shown["items"]] == [kept]
    ticket = sender.post(f"{OWN}/{request['id']}/documents/{kept}/ticket")["url"]
    assert len(pikepdf.open(io.BytesIO(sender.fetch(ticket).content)).pages) == 3
    folder = world.system.data_dir / "documents/referrals"
    assert not list(folder.glob("**/*.part"))
    assert not [path for path in folder.rglob("*") if path.is_file() and path.read_bytes().startswith(b"%PDF")]
    # The place that was kept still takes the file.
    assert sender.put_document(halfway, content, PDF).status_code == 200
