"""Before a byte travels: is such a file taken, and is there room for it?"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.documents.keyring import Secrecy
from servicekit.documents.kinds import MediaType, clean_name, declared_type
from servicekit.documents.lifecycle import DocumentState
from servicekit.documents.refusals import DocumentLimit, DocumentRefused, Reason
from servicekit.documents.rows import Document
from servicekit.documents.settings import DocumentLimits, documents_of

_USED: Final = text(
    """
    SELECT count(*) FILTER (WHERE side = :side) AS files, coalesce(sum(size_bytes), 0) AS bytes
    FROM documents
    WHERE caisse = :caisse AND case_id = :case_id AND state IN ('announced', 'quarantine', 'available')
    """
)
_SENT: Final = text(
    """
    SELECT coalesce(sum(size_bytes), 0) AS bytes FROM documents
    WHERE caisse = :caisse AND structure_id = :structure AND side = 'partner' AND announced_at >= :since
      AND state <> 'refused'
    """
)
_INSERT: Final = text(
    """
    INSERT INTO documents (caisse, id, case_id, structure_id, side, author, item, secrecy, name, media_type,
                           size_bytes, state, announced_at)
    VALUES (:caisse, :id, :case_id, :structure_id, :side, :author, :item, :secrecy, :name, :media_type,
            :size_bytes, :state, :announced_at)
    """
)


@dataclass(frozen=True, slots=True)
class Announced:
    """What somebody says is coming, and where it belongs. `item` is a code of the service's own list."""

    case_id: UUID
    structure_id: UUID | None
    item: str
    secrecy: Secrecy
    name: str
    media_type: str
    size_bytes: int


async def announce(session: AsyncSession, actor: Actor, coming: Announced) -> Document:
    """Keep a place for a file. The caller has locked the case, so that two at once cannot both take the last place.

    Raises `DocumentRefused`, `DocumentLimit`.
    """
    limits = documents_of(session).limits
    name = clean_name(coming.name)
    media_type = declared_type(name, coming.media_type)
    if coming.size_bytes < 1:
        raise DocumentRefused(Reason.EMPTY)
    if coming.size_bytes > limits.file_bytes:
        raise DocumentRefused(Reason.TOO_LARGE)
    side = "partner" if actor.audience is Audience.PARTNER else "agent"
    await _require_room(session, actor, coming, side, limits)
    document = _new(actor, coming, side, name, media_type)
    values = {column: getattr(document, column) for column in Document.__dataclass_fields__}
    await session.execute(_INSERT, {key: v for key, v in values.items() if v is not None or key == "structure_id"})
    return document


def _new(actor: Actor, coming: Announced, side: str, name: str, media_type: MediaType) -> Document:
    return Document(
        caisse=actor.caisse,
        id=new_id(),
        case_id=coming.case_id,
        structure_id=coming.structure_id,
        side=side,
        author=actor.sub,
        item=coming.item,
        secrecy=coming.secrecy,
        name=name,
        media_type=media_type,
        size_bytes=coming.size_bytes,
        state=DocumentState.ANNOUNCED,
        refused_for=None,
        blob=None,
        announced_at=clock.system_now(),
        kept_at=None,
        scanned_at=None,
    )


async def _require_room(
    session: AsyncSession, actor: Actor, coming: Announced, side: str, limits: DocumentLimits
) -> None:
    where = {"caisse": actor.caisse, "case_id": coming.case_id, "side": side}
    used = (await session.execute(_USED, where)).one()
    if used.files >= limits.files_per_case:
        raise DocumentLimit(
            f"Il y a déjà {used.files} documents : c'est le maximum. Regroupez des pages dans un même PDF.",
            limit="files_per_case",
        )
    if used.bytes + coming.size_bytes > limits.case_bytes:
        raise DocumentLimit("Les documents de ce dossier sont trop lourds au total.", limit="case_bytes")
    if side == "partner" and coming.structure_id is not None:
        month = clock.system_now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        sent = await session.scalar(_SENT, {"caisse": actor.caisse, "structure": coming.structure_id, "since": month})
        if (sent or 0) + coming.size_bytes > limits.structure_month_bytes:
            raise DocumentLimit(
                "Votre structure a envoyé beaucoup de documents ce mois-ci. Adressez-vous à la coordination de votre "
                "caisse.",
                limit="structure_month_bytes",
            )
