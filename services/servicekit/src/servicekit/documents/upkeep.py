"""Jobs of documents: what the antivirus has not seen, what nobody refers to, keys under an old master key."""

import asyncio
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.db import array_of_ids
from servicekit.documents.antivirus import AntivirusAway, Clamd, Verdict
from servicekit.documents.keyring import WrappedKey
from servicekit.documents.opening import opened
from servicekit.documents.rows import Document, key_of, one
from servicekit.documents.settings import documents_of
from servicekit.jobs import Task, defer
from servicekit.telemetry import log

RESCAN_DAYS: Final = 30
AT_ONCE: Final = 200

_CLEAN: Final = text(
    """
    UPDATE documents SET state = 'available', scanned_at = :now
    WHERE caisse = :caisse AND id = :id
    """
)
_INFECTED: Final = text(
    """
    UPDATE documents SET state = 'refused', refused_for = 'infected', blob = NULL, scanned_at = :now, ended_at = :now
    WHERE caisse = :caisse AND id = :id
    """
)
_STILL_CLEAN: Final = text(
    """
    UPDATE documents SET scanned_at = :now
    WHERE caisse = :caisse AND id = :id AND state = 'available' AND scanned_at IS NOT NULL
    """
)
_WAIT_FOR_CLAMD: Final = text("SELECT set_config('idle_in_transaction_session_timeout', :within, true)")
_FORGET_KEY: Final = text("DELETE FROM document_keys WHERE caisse = :caisse AND document_id = :id")
_TO_SCAN: Final = text(
    """
    SELECT caisse, id FROM documents
    WHERE blob IS NOT NULL AND (state = 'quarantine' OR scanned_at IS NULL OR scanned_at < :before)
    ORDER BY state = 'quarantine' DESC, scanned_at NULLS FIRST LIMIT :most
    """
)
_UNFINISHED: Final = text(
    """
    DELETE FROM documents
    WHERE announced_at < :before
      AND (state = 'announced' OR (state = 'refused' AND refused_for <> 'infected'))
    """
)
_OLD_TICKETS: Final = text("DELETE FROM document_tickets WHERE expires_at < :now")
_REFERRED: Final = text("SELECT blob FROM documents WHERE blob = ANY (CAST(:blobs AS uuid[]))")
_OLD_KEYS: Final = text(
    """
    SELECT d.caisse, d.id, k.key_id, k.wrapped FROM document_keys k
    JOIN documents d ON d.caisse = k.caisse AND d.id = k.document_id
    WHERE d.secrecy = :secrecy AND k.key_id <> :current LIMIT :most FOR UPDATE OF k SKIP LOCKED
    """
)
_REWRAP: Final = text(
    "UPDATE document_keys SET key_id = :key_id, wrapped = :wrapped WHERE caisse = :caisse AND document_id = :id"
)


async def _scan(session: AsyncSession, caisse: str, document_id: UUID) -> None:
    """Have the antivirus look at one document: it becomes available, or is destroyed.

    What passes the antivirus's limits stays where it is: in quarantine, or available if it was found clean once.
    An antivirus that does not answer fails the job, which is tried again; the document stays where it is too.
    """
    documents = documents_of(session)
    document = await one(session, caisse, document_id, locked=True)
    if documents.antivirus is None or document is None or document.blob is None:
        return
    key = await key_of(session, document)
    if key is None:
        return
    plain = await asyncio.to_thread(opened, documents, document, key)
    verdict = await _asked(session, documents.antivirus, plain)
    where: dict[str, Any] = {"caisse": caisse, "id": document_id, "now": clock.system_now()}
    if verdict is Verdict.CLEAN:
        await session.execute(_CLEAN, where)
        return
    if verdict is Verdict.NOT_EXAMINED:
        log.warning("a document passes the antivirus's limits", document=str(document_id), state=document.state)
        await session.execute(_STILL_CLEAN, where)
        return
    log.warning("the antivirus found something in a document", document=str(document_id))
    await session.execute(_INFECTED, where)
    await session.execute(_FORGET_KEY, where)
    await defer(session, REMOVE, blob=document.blob)


async def _asked(session: AsyncSession, antivirus: Clamd, content: bytes) -> Verdict:
    """Ask for a verdict with the transaction open, for longer than it may stand idle elsewhere."""
    await session.execute(_WAIT_FOR_CLAMD, {"within": f"{antivirus.seconds + 10:.0f}s"})
    return await antivirus.scan(content)


async def _scan_what_waits(session: AsyncSession) -> None:
    """Send to the antivirus what it has not seen, and again what it saw a month ago."""
    documents = documents_of(session)
    if documents.antivirus is None:
        return
    try:
        await _asked(session, documents.antivirus, b"")
    except AntivirusAway:
        log.warning("the antivirus is away: documents stay in quarantine")
        return
    before = clock.system_now() - timedelta(days=RESCAN_DAYS)
    for row in (await session.execute(_TO_SCAN, {"before": before, "most": AT_ONCE})).all():
        await defer(session, SCAN, caisse=row.caisse, document_id=row.id)


async def _remove(session: AsyncSession, blob: UUID) -> None:
    """Remove a sealed content that nobody can open any longer."""
    await asyncio.to_thread(documents_of(session).storage.remove, blob)


async def _sweep(session: AsyncSession) -> None:
    """Clear away uploads that never ended, contents that no document refers to, and spent tickets.

    A content is on the disk before its document says so: only what is old enough counts as left behind.
    """
    documents = documents_of(session)
    now = clock.system_now()
    before = now - timedelta(minutes=documents.limits.unfinished_minutes)
    await session.execute(_UNFINISHED, {"before": before})
    await session.execute(_OLD_TICKETS, {"now": now})
    found = await asyncio.to_thread(lambda: list(documents.storage.older_than(before)))
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        kept = set(await session.scalars(_REFERRED, {"blobs": array_of_ids(some)}))
        for blob in set(some) - kept:
            log.info("a content that no document refers to is removed", blob=str(blob))
            await asyncio.to_thread(documents.storage.remove, blob)


async def _rewrap(session: AsyncSession) -> None:
    """Wrap keys anew under the current master keys, so that an old one can be retired."""
    keyring = documents_of(session).keyring
    for secrecy in keyring.classes:
        where = {"secrecy": secrecy.value, "current": keyring.current(secrecy), "most": AT_ONCE}
        for row in (await session.execute(_OLD_KEYS, where)).all():
            document: Document | None = await one(session, row.caisse, row.id)
            assert document is not None  # noqa: S101 - joined just above
            anew = keyring.rewrap(WrappedKey(row.key_id, bytes(row.wrapped)), document.place)
            values = {"caisse": row.caisse, "id": row.id, "key_id": anew.key_id, "wrapped": anew.wrapped}
            await session.execute(_REWRAP, values)


SCAN: Final = Task("documents.scan", _scan)
REMOVE: Final = Task("documents.remove", _remove)
SCHEDULED: Final = (
    Task("documents.scan_what_waits", _scan_what_waits, cron="*/5 * * * *"),
    Task("documents.sweep", _sweep, cron="*/10 * * * *"),
    Task("documents.rewrap", _rewrap, cron="23 * * * *"),
)
TASKS: Final = (SCAN, REMOVE, *SCHEDULED)
"""What a service that keeps documents adds to its jobs: `jobs.include(*TASKS)`."""
