"""Erasing: the key is destroyed in the transaction; the sealed content, unreadable from then on, goes after it."""

from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.documents.upkeep import REMOVE
from servicekit.jobs import defer

_KEYS: Final = text("DELETE FROM document_keys WHERE caisse = :caisse AND document_id = ANY (:ids)")
_OF_CASE: Final = text(
    """
    SELECT id, blob FROM documents
    WHERE caisse = :caisse AND case_id = :case_id AND state <> 'erased' ORDER BY id FOR UPDATE
    """
)
_ONE: Final = text(
    "SELECT id, blob FROM documents WHERE caisse = :caisse AND id = :id AND state <> 'erased' FOR UPDATE"
)
_END: Final = text(
    """
    UPDATE documents SET state = 'erased', name = NULL, blob = NULL, refused_for = NULL, ended_at = :now
    WHERE caisse = :caisse AND id = ANY (:ids)
    """
)


async def erase(session: AsyncSession, caisse: str, document_id: UUID) -> bool:
    """Erase one document; False when there was nothing left to erase."""
    return await _erase(session, caisse, _ONE, {"id": document_id}) == 1


async def erase_case(session: AsyncSession, caisse: str, case_id: UUID) -> int:
    """Erase every document of a case; return how many."""
    return await _erase(session, caisse, _OF_CASE, {"case_id": case_id})


async def _erase(session: AsyncSession, caisse: str, which: TextClause, where: dict[str, UUID]) -> int:
    found = (await session.execute(which, {"caisse": caisse} | where)).all()
    ids = [row.id for row in found]
    if not ids:
        return 0
    await session.execute(_KEYS, {"caisse": caisse, "ids": ids})
    await session.execute(_END, {"caisse": caisse, "ids": ids, "now": clock.system_now()})
    for row in found:
        if row.blob is not None:
            await defer(session, REMOVE, blob=row.blob)
    return len(ids)
