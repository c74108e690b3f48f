"""What outlives a crash, what does not, the antivirus, and keys that are replaced."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.documents import upkeep
from servicekit.documents.antivirus import Clamd
from servicekit.documents.keyring import Keyring, Secrecy
from servicekit.documents.settings import Documents
from servicekit.jobs import Task

from .files import a_pdf, added, announce, listed, opened, send, ticket
from .situations import World, ok, problem

# Split, so that an antivirus of the machine leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


@pytest.fixture
def documents(world: World) -> Iterator[Documents]:
    """Return what the service keeps documents with, put back as it was afterwards."""
    found: Documents = world.under_test.app.state.service.settings.documents
    before = dict(vars(found))
    yield found
    vars(found).update(before)


async def run(world: World, task: Task[Any], **arguments: Any) -> None:
    """Run a job as the worker does: one transaction of the system role."""
    service = world.under_test.app.state.service
    async with service.database.system_session(task.name, settings=service.settings) as session:
        await task.work(session, **arguments)


async def deferred(world: World, task: Task[Any]) -> list[dict[str, Any]]:
    """Return the arguments of the jobs that wait."""
    jobs = await world.under_test.rows("SELECT args FROM jobs.procrastinate_jobs WHERE task_name = %s", task.name)
    return [job["args"] for job in jobs]


def scheduled(name: str) -> Task[Any]:
    """Return a job that runs by itself."""
    return next(task for task in upkeep.SCHEDULED if task.name == name)


SWEEP, REWRAP = scheduled("documents.sweep"), scheduled("documents.rewrap")


async def test_what_was_acknowledged_is_there_and_leftovers_are_swept(
    world: World, partner: Actor, documents: Documents
) -> None:
    sent = await world.filed(partner)
    kept = await added(world, partner, sent)
    unfinished = ok(await announce(world, partner, sent, a_pdf()), 201)
    # As a process killed between the disk and the commit leaves it: a content that nothing refers to.
    orphan, recent = new_id(), new_id()
    documents.storage.put(orphan, b"sealed")
    documents.storage.put(recent, b"sealed")
    long_ago = time.time() - 7200
    import os

    [row] = await world.under_test.rows("SELECT blob FROM documents WHERE id = %s", kept)
    for blob in (orphan, row["blob"]):
        os.utime(documents.storage._path(blob), (long_ago, long_ago))
    await world.under_test.rows("UPDATE documents SET announced_at = announced_at - interval '2 hours'")
    await run(world, SWEEP)
    left = set(documents.storage.older_than(clock.system_now() + timedelta(seconds=1)))
    assert {row["blob"], recent} <= left
    assert orphan not in left
    assert (await opened(world, partner, sent, kept)).status_code == 200
    problem(await send(world, partner, unfinished["content_url"], a_pdf()), 404, "document-not-found")
    documents.storage.remove(recent)


async def test_an_upload_that_breaks_off_leaves_no_content(world: World, partner: Actor, documents: Documents) -> None:
    sent = await world.filed(partner)
    content = a_pdf()
    said = ok(await announce(world, partner, sent, content), 201)
    before = set(documents.storage.older_than(clock.system_now() + timedelta(seconds=1)))

    async def slowly() -> AsyncIterator[bytes]:
        for byte in content[:40]:
            yield bytes([byte])
            await asyncio.sleep(0.05)

    documents.limits = documents.limits.model_copy(update={"upload_seconds": 0.5})
    refused = problem(await send(world, partner, said["content_url"], slowly()), 422, "document-refused")
    assert refused["reason"] == "cut_short"
    assert set(documents.storage.older_than(clock.system_now() + timedelta(seconds=1))) == before


async def test_more_uploads_than_places_are_asked_to_come_back(
    world: World, partner: Actor, documents: Documents
) -> None:
    sent = await world.filed(partner)
    content = a_pdf()
    said = ok(await announce(world, partner, sent, content), 201)
    documents.receiving = asyncio.Semaphore(1)
    async with documents.receiving:
        problem(await send(world, partner, said["content_url"], content), 503, "unavailable")
    ok(await send(world, partner, said["content_url"], content))


async def test_fifty_at_once_are_all_taken_in_the_end(world: World, documents: Documents) -> None:
    """More than there are places, connections and inspectors: who is asked to come back does, and nothing is lost."""
    content = a_pdf()
    coming = []
    for n in range(10):
        partner = await world.structure()
        sent = await world.filed(partner, await world.person(partner, f"Durand {chr(65 + n)}"))
        for _ in range(5):
            coming.append((partner, ok(await announce(world, partner, sent, content), 201)["content_url"]))

    async def persist(partner: Actor, url: str) -> int:
        came_back = 0
        while (answer := await send(world, partner, url, content)).status_code == 503:
            came_back += 1
            await asyncio.sleep(0.5)
        ok(answer)
        return came_back

    came_back = await asyncio.gather(*(persist(partner, url) for partner, url in coming))
    assert len(came_back) == 50
    assert any(came_back)
    rows = await world.under_test.rows("SELECT state, blob FROM documents")
    assert [row["state"] for row in rows] == ["available"] * 50
    assert {row["blob"] for row in rows} <= set(documents.storage.older_than(clock.system_now() + timedelta(hours=1)))


async def test_a_document_erased_opens_never_again_even_from_a_copy(
    world: World, partner: Actor, documents: Documents
) -> None:
    draft = await world.draft(partner)
    document = await added(world, partner, draft)
    [row] = await world.under_test.rows("SELECT blob FROM documents")
    copy = documents.storage.get(row["blob"])
    assert b"%PDF" not in copy
    ok(
        await world.client(partner).post(
            f"/api/v1/referrals/partner/requests/{draft['id']}/documents/{document}/remove"
        )
    )
    assert await deferred(world, upkeep.REMOVE) == [{"blob": str(row["blob"])}]
    assert await world.under_test.rows("SELECT * FROM document_keys") == []
    await run(world, upkeep.REMOVE, blob=row["blob"])
    with pytest.raises(FileNotFoundError):
        documents.storage.get(row["blob"])


async def test_a_content_put_in_the_place_of_another_does_not_open(
    world: World, partner: Actor, documents: Documents
) -> None:
    sent = await world.filed(partner)
    first, second = await added(world, partner, sent), await added(world, partner, sent, a_pdf(2))
    rows = await world.under_test.rows("SELECT id, blob FROM documents ORDER BY id")
    path, other = (documents.storage._path(row["blob"]) for row in rows)
    path.write_bytes(other.read_bytes())
    assert (await opened(world, partner, sent, first)).status_code == 500
    assert (await opened(world, partner, sent, second)).status_code == 200


async def test_master_keys_are_replaced_and_the_old_ones_retired(
    world: World, partner: Actor, documents: Documents
) -> None:
    sent = await world.filed(partner)
    document = await added(world, partner, sent)
    old = documents.keyring
    fresh = {secrecy: uuid4().bytes + uuid4().bytes for secrecy in Secrecy}
    current = dict.fromkeys(Secrecy, "2027")
    documents.keyring = Keyring({s: {**old._keys[s], "2027": fresh[s]} for s in Secrecy}, current)
    assert (await opened(world, partner, sent, document)).status_code == 200
    await run(world, REWRAP)
    assert await world.under_test.rows("SELECT key_id FROM document_keys") == [{"key_id": "2027"}]
    documents.keyring = Keyring({s: {"2027": fresh[s]} for s in Secrecy}, current)
    assert (await opened(world, partner, sent, document)).status_code == 200


async def test_without_its_antivirus_a_document_stays_in_quarantine(
    world: World, partner: Actor, adviser: Actor, documents: Documents
) -> None:
    documents.antivirus = Clamd("127.0.0.1:1", seconds=2)
    taken = await world.taken(partner, adviser)
    document = await added(world, partner, taken)
    [line] = (await listed(world, adviser, taken))["items"]
    assert (line["state"], line["scan"], line["open"]) == ("quarantine", "waiting", False)
    problem(await ticket(world, adviser, taken, document), 409, "document-not-ready")
    assert await deferred(world, upkeep.SCAN) == [{"caisse": "311", "document_id": document}]
    with pytest.raises(Exception, match="ConnectionRefusedError"):
        await run(world, upkeep.SCAN, caisse="311", document_id=UUID(document))
    await run(world, scheduled("documents.scan_what_waits"))
    assert (await listed(world, adviser, taken))["items"][0]["state"] == "quarantine"


@asynccontextmanager
async def answering(answer: bytes, seconds: float = 0) -> AsyncIterator[Clamd]:
    """Answer over clamd's protocol what clamd answers in a case that is hard to bring about."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            await reader.readexactly(size)
        await asyncio.sleep(seconds)
        writer.write(answer + b"\0")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    async with server:
        yield Clamd(f"127.0.0.1:{server.sockets[0].getsockname()[1]}", seconds=20)


async def test_what_passes_the_limits_of_the_antivirus_is_not_destroyed(
    world: World, partner: Actor, adviser: Actor, documents: Documents
) -> None:
    taken = await world.taken(partner, adviser)
    available = await added(world, partner, taken)
    await world.under_test.rows("UPDATE documents SET scanned_at = now() - interval '31 days'")
    async with answering(b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND") as documents.antivirus:
        quarantined = await added(world, partner, taken, a_pdf(2), name="autre.pdf")
        for document in (available, quarantined):
            await run(world, upkeep.SCAN, caisse="311", document_id=UUID(document))
        shown = {d["id"]: (d["state"], d["scan"]) for d in (await listed(world, adviser, taken))["items"]}
        assert shown == {available: ("available", "clean"), quarantined: ("quarantine", "waiting")}
        assert len(await world.under_test.rows("SELECT 1 FROM document_keys")) == 2
        # What was found clean waits for its next month; what never was, for limits that let it through.
        await world.under_test.rows("DELETE FROM jobs.procrastinate_jobs")
        await run(world, scheduled("documents.scan_what_waits"))
        assert [job["document_id"] for job in await deferred(world, upkeep.SCAN)] == [quarantined]


async def test_a_scan_may_take_longer_than_a_transaction_may_stand_idle(
    world: World, partner: Actor, adviser: Actor, documents: Documents
) -> None:
    taken = await world.taken(partner, adviser)
    async with answering(b"stream: OK", seconds=1) as documents.antivirus:
        document = await added(world, partner, taken)
        service = world.under_test.app.state.service
        async with service.database.system_session(upkeep.SCAN.name, settings=service.settings) as session:
            await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '300ms'"))
            await upkeep.SCAN.work(session, caisse="311", document_id=UUID(document))
    assert (await listed(world, adviser, taken))["items"][0]["state"] == "available"


async def test_a_content_that_grew_beyond_the_limit_is_refused(
    world: World, partner: Actor, documents: Documents
) -> None:
    sent, content = await world.filed(partner), a_pdf()
    said = ok(await announce(world, partner, sent, content), 201)
    documents.limits = documents.limits.model_copy(update={"file_bytes": 100})
    refused = problem(await send(world, partner, said["content_url"], content), 422, "document-refused")
    assert refused["reason"] == "too_large"
    assert await world.under_test.rows("SELECT state FROM documents") == [{"state": "refused"}]


@pytest.mark.skipif(CLAMD is None, reason="clamd is not installed on this machine (Debian package clamav-daemon)")
async def test_a_real_antivirus_frees_what_is_clean_and_destroys_the_rest(
    world: World, partner: Actor, adviser: Actor, documents: Documents, tmp_path: Path
) -> None:
    process, documents.antivirus = _clamd(tmp_path)
    try:
        taken = await world.taken(partner, adviser)
        clean = await added(world, partner, taken)
        bad = await added(world, partner, taken, a_pdf(2), name="autre.pdf")
        # As a signature that came after the file: what is kept is what is scanned.
        [row] = await world.under_test.rows("SELECT * FROM documents WHERE id = %s", bad)
        await _keep_instead(world, documents, row, a_pdf() + EICAR)
        for document in (clean, bad):
            await run(world, upkeep.SCAN, caisse="311", document_id=UUID(document))
        shown = {d["id"]: d for d in (await listed(world, adviser, taken))["items"]}
        assert (shown[clean]["state"], shown[clean]["scan"], shown[clean]["open"]) == ("available", "clean", True)
        assert (shown[bad]["state"], shown[bad]["open"]) == ("refused", False)
        assert len(await world.under_test.rows("SELECT 1 FROM document_keys")) == 1
        # A month later, it is looked at again.
        await world.under_test.rows("DELETE FROM jobs.procrastinate_jobs")
        await run(world, scheduled("documents.scan_what_waits"))
        assert await deferred(world, upkeep.SCAN) == []
        await world.under_test.rows("UPDATE documents SET scanned_at = scanned_at - interval '31 days'")
        await run(world, scheduled("documents.scan_what_waits"))
        assert [job["document_id"] for job in await deferred(world, upkeep.SCAN)] == [clean]
    finally:
        process.terminate()
        process.wait(20)


async def _keep_instead(world: World, documents: Documents, row: dict[str, Any], content: bytes) -> None:
    from servicekit.documents.keyring import Place

    sealed, key = documents.keyring.seal(content, Place(row["caisse"], row["case_id"], row["id"], Secrecy.ORDINARY))
    documents.storage._path(row["blob"]).write_bytes(sealed)
    await world.under_test.rows(
        "UPDATE document_keys SET wrapped = %s, key_id = %s WHERE document_id = %s", key.wrapped, key.key_id, row["id"]
    )


def _clamd(folder: Path) -> tuple[subprocess.Popen[bytes], Clamd]:
    (folder / "signatures").mkdir()
    (folder / "signatures/eicar.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(
        f"Foreground yes\nLocalSocket {folder}/s\nDatabaseDirectory {folder}/signatures\n"
        "StreamMaxLength 64M\nAlertExceedsMax yes\nUser root\n"
    )
    assert CLAMD is not None
    process = subprocess.Popen([CLAMD, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (folder / "s").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return process, Clamd(str(folder / "s"), seconds=20)
