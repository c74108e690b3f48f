"""A file arrives: counted while it is read, looked at apart, sealed, kept. No transaction is open meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import IO, Final
from uuid import UUID

from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import ClientDisconnect

from servicekit import clock
from servicekit.db import new_id
from servicekit.documents.keyring import WrappedKey
from servicekit.documents.kinds import LONGEST_MAGIC, require_magic
from servicekit.documents.lifecycle import DocumentState
from servicekit.documents.refusals import DocumentNotFound, DocumentNotReady, DocumentRefused, Reason
from servicekit.documents.rows import Document, one
from servicekit.documents.settings import Documents, documents_of
from servicekit.documents.upkeep import SCAN
from servicekit.errors import Unavailable
from servicekit.jobs import defer

_BUFFER: Final = 1_048_576

_KEEP: Final = text(
    """
    UPDATE documents SET state = :state, blob = :blob, size_bytes = :size, kept_at = :now
    WHERE caisse = :caisse AND id = :id
    """
)
_KEY: Final = text(
    """
    INSERT INTO document_keys (caisse, document_id, structure_id, key_id, wrapped)
    VALUES (:caisse, :id, :structure, :key_id, :wrapped)
    """
)
_REFUSE: Final = text(
    """
    UPDATE documents SET state = 'refused', refused_for = :reason, ended_at = :now
    WHERE caisse = :caisse AND id = :id AND state = 'announced'
    """
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A content on the disk, sealed; nobody refers to it yet."""

    blob: UUID
    size_bytes: int
    key: WrappedKey


async def receive(request: Request, expected: Document, documents: Documents) -> Kept:
    """Take the body of `request` as the content of `expected`; raises `DocumentRefused`.

    What is on the disk when this returns is swept away unless `keep` commits.
    """
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != expected.media_type:
        raise DocumentRefused(Reason.TYPES_DISAGREE)
    if documents.receiving.locked():
        raise Unavailable("Beaucoup de documents arrivent en ce moment. Recommencez dans un instant.")
    async with documents.receiving, AsyncExitStack() as stack:
        received = stack.enter_context(await asyncio.to_thread(documents.storage.scratch))
        rebuilt = stack.enter_context(await asyncio.to_thread(documents.storage.scratch))
        try:
            async with asyncio.timeout(documents.limits.upload_seconds):
                await _take(request.stream(), received, expected)
        except (TimeoutError, ClientDisconnect) as error:
            raise DocumentRefused(Reason.CUT_SHORT) from error
        await documents.inspector.rebuild(expected.media_type, received, rebuilt)
        return await asyncio.to_thread(_keep_sealed, rebuilt, expected, documents)


async def _take(stream: AsyncIterator[bytes], received: IO[bytes], expected: Document) -> None:
    size, waiting, looked = 0, bytearray(), False
    async for part in stream:
        size += len(part)
        if size > expected.size_bytes:
            raise DocumentRefused(Reason.TOO_LARGE)
        waiting += part
        if not looked and size >= LONGEST_MAGIC:
            require_magic(expected.media_type, bytes(waiting[:LONGEST_MAGIC]))
            looked = True
        if len(waiting) >= _BUFFER:
            await asyncio.to_thread(received.write, bytes(waiting))
            waiting.clear()
    if size == 0:
        raise DocumentRefused(Reason.EMPTY)
    if size < expected.size_bytes:
        raise DocumentRefused(Reason.CUT_SHORT)
    if not looked:
        require_magic(expected.media_type, bytes(waiting))
    await asyncio.to_thread(_finish, received, bytes(waiting))


def _finish(received: IO[bytes], rest: bytes) -> None:
    received.write(rest)
    received.flush()
    received.seek(0)


def _keep_sealed(rebuilt: IO[bytes], expected: Document, documents: Documents) -> Kept:
    content = rebuilt.read(documents.limits.file_bytes + 1)
    if len(content) > documents.limits.file_bytes:
        # An image may weigh more once it is written anew; an antivirus has its limits too.
        raise DocumentRefused(Reason.TOO_LARGE)
    sealed, key = documents.keyring.seal(content, expected.place)
    blob = new_id()
    documents.storage.put(blob, sealed)
    return Kept(blob, len(content), key)


async def expected_content(session: AsyncSession, caisse: str, document_id: UUID, author: str) -> Document:
    """Return a document whose content may come now, from the one who announced it."""
    document = await one(session, caisse, document_id)
    if document is None or document.author != author:
        raise DocumentNotFound
    _require_announced(document)
    return document


async def keep(session: AsyncSession, expected: Document, kept: Kept) -> DocumentState:
    """Make a content the document's, and have it scanned where an antivirus is configured."""
    present = await one(session, expected.caisse, expected.id, locked=True)
    if present is None:
        raise DocumentNotFound
    _require_announced(present)
    state = DocumentState.AVAILABLE if documents_of(session).antivirus is None else DocumentState.QUARANTINE
    where = {"caisse": expected.caisse, "id": expected.id}
    now = clock.system_now()
    await session.execute(_KEEP, where | {"state": state, "blob": kept.blob, "size": kept.size_bytes, "now": now})
    key = {"structure": expected.structure_id, "key_id": kept.key.key_id, "wrapped": kept.key.wrapped}
    await session.execute(_KEY, where | key)
    if state is DocumentState.QUARANTINE:
        await defer(session, SCAN, caisse=expected.caisse, document_id=expected.id)
    return state


async def refuse(session: AsyncSession, expected: Document, reason: Reason) -> None:
    """Give the place of a refused file back."""
    where = {"caisse": expected.caisse, "id": expected.id, "reason": reason.value, "now": clock.system_now()}
    await session.execute(_REFUSE, where)


def _require_announced(document: Document) -> None:
    if document.state is not DocumentState.ANNOUNCED:
        raise DocumentNotReady("Ce document a déjà été reçu. Rechargez la page pour le voir.")
