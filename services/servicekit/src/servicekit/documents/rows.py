"""A document as a row, and the statements that every act on one shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Row, column, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.documents.keyring import Place, Secrecy, WrappedKey
from servicekit.documents.kinds import MediaType
from servicekit.documents.lifecycle import DocumentScan, DocumentState

_COLUMNS: Final = (
    "caisse",
    "id",
    "case_id",
    "structure_id",
    "side",
    "author",
    "item",
    "secrecy",
    "name",
    "media_type",
    "size_bytes",
    "state",
    "refused_for",
    "blob",
    "announced_at",
    "kept_at",
    "scanned_at",
)
_D: Final = table("documents", *(column(name) for name in _COLUMNS))
_ALL: Final = select(*_D.c)


@dataclass(frozen=True, slots=True)
class Document:
    """One document; `size_bytes` is what was announced, then what is kept, and both go into the limits."""

    caisse: str
    id: UUID
    case_id: UUID
    structure_id: UUID | None
    side: str
    author: str
    item: str
    secrecy: Secrecy
    name: str | None
    media_type: MediaType
    size_bytes: int
    state: DocumentState
    refused_for: str | None
    blob: UUID | None
    announced_at: datetime
    kept_at: datetime | None
    scanned_at: datetime | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Read a row."""
        values = dict(row._mapping)
        values["secrecy"] = Secrecy(values["secrecy"])
        values["media_type"] = MediaType(values["media_type"])
        values["state"] = DocumentState(values["state"])
        return cls(**values)

    @property
    def place(self) -> Place:
        """Return what its content and its key are bound to."""
        return Place(self.caisse, self.case_id, self.id, self.secrecy)

    @property
    def scan(self) -> DocumentScan:
        """Return what an antivirus said of it so far."""
        if self.state is DocumentState.QUARANTINE:
            return DocumentScan.WAITING
        return DocumentScan.CLEAN if self.scanned_at is not None else DocumentScan.NONE


async def of_case(session: AsyncSession, caisse: str, case_id: UUID) -> Sequence[Document]:
    """Return the documents of a case that exist for people: kept, in quarantine, or found infected."""
    shown = _ALL.where(
        _D.c.caisse == caisse,
        _D.c.case_id == case_id,
        _D.c.state.in_(["quarantine", "available"]) | ((_D.c.state == "refused") & (_D.c.refused_for == "infected")),
    ).order_by(_D.c.id)
    return [Document.of(row) for row in await session.execute(shown)]


async def one(session: AsyncSession, caisse: str, document_id: UUID, *, locked: bool = False) -> Document | None:
    """Return one document, whatever its state."""
    wanted = _ALL.where(_D.c.caisse == caisse, _D.c.id == document_id)
    row = (await session.execute(wanted.with_for_update() if locked else wanted)).one_or_none()
    return None if row is None else Document.of(row)


_KEY: Final = text("SELECT key_id, wrapped FROM document_keys WHERE caisse = :caisse AND document_id = :id")


async def key_of(session: AsyncSession, document: Document) -> WrappedKey | None:
    """Return the wrapped key of a document; None once it is erased."""
    found = (await session.execute(_KEY, {"caisse": document.caisse, "id": document.id})).one_or_none()
    return None if found is None else WrappedKey(found.key_id, bytes(found.wrapped))
