"""Giving a document back: a ticket for one session, one document, one purpose, one minute; then the content, once."""

import asyncio
import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from servicekit import clock
from servicekit.access import Actor
from servicekit.documents.keyring import EnvelopeBroken, WrappedKey
from servicekit.documents.lifecycle import DocumentState
from servicekit.documents.refusals import DocumentNotFound, DocumentNotReady
from servicekit.documents.rows import Document, key_of
from servicekit.documents.settings import Documents, documents_of
from servicekit.errors import NotFound
from servicekit.telemetry import log

_ISSUE: Final = text(
    """
    INSERT INTO document_tickets (token_hash, caisse, document_id, sub, session_hash, purpose, expires_at)
    VALUES (:token_hash, :caisse, :document, :sub, :session, :purpose, :expires_at)
    """
)
_USE: Final = text(
    """
    DELETE FROM document_tickets
    WHERE caisse = :caisse AND token_hash = :token_hash AND sub = :sub AND session_hash = :session
      AND purpose = :purpose
    RETURNING document_id, expires_at
    """
)


class TicketSpent(NotFound):
    """The ticket was used, has expired, or is somebody else's: one answer for all three."""

    slug = "document-ticket-spent"
    title = "Lien expiré"

    def __init__(self) -> None:
        super().__init__("Ce lien ne sert qu'une fois, pendant une minute. Demandez le document de nouveau.")


async def issue(session: AsyncSession, actor: Actor, document: Document) -> tuple[str, datetime]:
    """Return a ticket for a document, and when it expires. The caller has checked that the actor may open it."""
    require_openable(document)
    ticket = secrets.token_urlsafe(32)
    expires_at = clock.system_now() + timedelta(seconds=documents_of(session).limits.ticket_seconds)
    given = _bound(actor, ticket) | {"document": document.id, "expires_at": expires_at}
    await session.execute(_ISSUE, given)
    return ticket, expires_at


async def use(session: AsyncSession, actor: Actor, ticket: str) -> UUID:
    """Return the document a ticket was for; it has no second use."""
    found = (await session.execute(_USE, _bound(actor, ticket))).one_or_none()
    if found is None or found.expires_at <= clock.system_now():
        raise TicketSpent
    document_id: UUID = found.document_id
    return document_id


async def content(session: AsyncSession, document: Document) -> Response:
    """Return the content of a document, to be saved and never shown in a page of ours."""
    require_openable(document)
    key = await key_of(session, document)
    if key is None or document.blob is None:
        raise DocumentNotFound
    plain = await asyncio.to_thread(opened, documents_of(session), document, key)
    return Response(
        plain,
        media_type=document.media_type.value,
        headers={
            "Content-Disposition": _disposition(document.name or "document"),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def opened(documents: Documents, document: Document, key: WrappedKey) -> bytes:
    """Return the content in clear; raises `EnvelopeBroken`, `FileNotFoundError`."""
    assert document.blob is not None  # noqa: S101 - a kept document has a content (checked by the table)
    try:
        return documents.keyring.open(documents.storage.get(document.blob), key, document.place)
    except (EnvelopeBroken, FileNotFoundError) as error:
        log.error("a document does not open", document=str(document.id), error_type=type(error).__qualname__)
        raise


def require_openable(document: Document) -> None:
    """Refuse a document that nobody may open yet, or any more."""
    if document.state is DocumentState.AVAILABLE:
        return
    if document.state is DocumentState.QUARANTINE:
        raise DocumentNotReady("Ce document attend d'être vérifié par l'antivirus. Revenez dans un instant.")
    raise DocumentNotFound


def _bound(actor: Actor, ticket: str) -> dict[str, object]:
    return {
        "token_hash": hashlib.sha256(ticket.encode()).digest(),
        "caisse": actor.caisse,
        "sub": actor.sub,
        "session": actor.session_hash,
        "purpose": actor.purpose,
    }


def _disposition(name: str) -> str:
    """Return the header of RFC 6266: the name for every browser, then in full."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace('"', "'") or "document"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
