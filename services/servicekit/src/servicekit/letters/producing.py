"""Producing a letter, and finding its bytes again: they are made anew from its snapshot."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import insert
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.errors import NotFound
from servicekit.letters.snapshot import Snapshot
from servicekit.letters.tables import letters
from servicekit.letters.typesetting import fingerprint, typesetter
from servicekit.telemetry import log


class LetterNotFound(NotFound):
    """No such letter, or not one this actor may read."""

    slug = "letter-not-found"
    title = "Lettre introuvable"

    def __init__(self) -> None:
        super().__init__("Cette lettre n’existe pas ou ne vous est pas ouverte.")


class Draft(BaseModel):
    """A letter to produce: what it is about, and the structure that may read it too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: UUID
    structure_id: UUID | None
    snapshot: Snapshot


async def produce(session: AsyncSession, actor: Actor, draft: Draft, *, batch_id: UUID | None = None) -> UUID:
    """Print one letter and keep it; return its id. Raises `CannotBePrinted`."""
    letter_id = new_id()
    row = {
        "caisse": actor.caisse,
        "id": letter_id,
        "about": draft.about,
        "structure_id": draft.structure_id,
        "batch_id": batch_id,
        "kind": draft.snapshot.kind,
        "language": draft.snapshot.language,
        "template_number": draft.snapshot.version,
        "snapshot": draft.snapshot.model_dump(mode="json"),
        "sha256": fingerprint(await typesetter().pdf(draft.snapshot)),
        "made_by": actor.sub,
        "made_at": clock.now(),
    }
    await session.execute(insert(letters).values(row))
    return letter_id


async def bytes_of(row: Row[*tuple[Any, ...]]) -> bytes:
    """Return the letter of a row of `letters` as it was made, printed again from its snapshot."""
    pdf = await typesetter().pdf(Snapshot.model_validate(row.snapshot))
    if fingerprint(pdf) != bytes(row.sha256):
        # The words are those of the snapshot all the same; the engine or a sheet changed, which a test forbids.
        log.error("a letter was printed with other bytes than the first time", letter=str(row.id))
    return pdf
