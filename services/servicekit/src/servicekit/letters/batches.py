"""Producing letters: one at once, or hundreds by a job that prints a few in each transaction.

Whoever asks for a batch reads the names, under their own grants and journal; the rows of the letters are written
then, whole but for their fingerprint. The job only prints. Killed in the middle, it begins again at the first
letter without a fingerprint: none is made twice, none is left out.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.errors import NotFound
from servicekit.letters.snapshot import Snapshot
from servicekit.letters.tables import batches, letters
from servicekit.letters.typesetting import CannotBePrinted, fingerprint, typesetter
from servicekit.telemetry import log

AT_ONCE: Final = 25
LONGEST_SECONDS: Final = 0.4
"""How long one transaction of a batch may print."""

_L, _B = letters.c, batches.c
TO_PRINT: Final = (_L.sha256.is_(None), _L.refusal.is_(None))


class LetterNotFound(NotFound):
    """No such letter, or not one this actor may read."""

    slug = "letter-not-found"
    title = "Lettre introuvable"

    def __init__(self) -> None:
        super().__init__("Cette lettre n’existe pas ou ne vous est pas ouverte.")


class BatchNotFound(NotFound):
    """No such batch in this caisse."""

    slug = "letter-batch-not-found"
    title = "Lot introuvable"

    def __init__(self) -> None:
        super().__init__("Ce lot de lettres n’existe pas.")


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to produce: what it is about, and the structure that may read it too."""

    about: UUID
    structure_id: UUID | None
    snapshot: Snapshot


def _row(actor: Actor, draft: Draft, **known: Any) -> dict[str, Any]:
    return {
        "caisse": actor.caisse,
        "id": new_id(),
        "about": draft.about,
        "structure_id": draft.structure_id,
        "kind": draft.snapshot.kind,
        "language": draft.snapshot.language,
        "template_number": draft.snapshot.version,
        "snapshot": draft.snapshot.model_dump(mode="json"),
        "made_by": actor.sub,
        "made_at": clock.now(),
        **known,
    }


async def produce(session: AsyncSession, actor: Actor, draft: Draft) -> UUID:
    """Print one letter and keep it; return its id. Raises `CannotBePrinted`."""
    row = _row(actor, draft, sha256=fingerprint(await typesetter().pdf(draft.snapshot)))
    await session.execute(insert(letters).values(row))
    made: UUID = row["id"]
    return made


async def begin(session: AsyncSession, actor: Actor, kind: str, drafts: Iterable[Draft]) -> UUID:
    """Write a batch and its letters, to be printed by a job; return its id."""
    batch_id = new_id()
    rows = [_row(actor, draft, batch_id=batch_id) for draft in drafts]
    batch = {
        "caisse": actor.caisse,
        "id": batch_id,
        "kind": kind,
        "total": len(rows),
        "printed": 0,
        "refused": 0,
        "created_by": actor.sub,
        "created_at": clock.now(),
    }
    await session.execute(insert(batches).values(batch))
    await session.execute(insert(letters), rows)
    return batch_id


async def print_some(session: AsyncSession, caisse: str, batch_id: UUID) -> bool:
    """Print the next letters of a batch; tell whether others are left. For a job, in the system's role."""
    mine = (_B.caisse == caisse, _B.id == batch_id)
    held = await session.execute(select(_B.id).where(*mine, _B.finished_at.is_(None)).with_for_update())
    if held.one_or_none() is None:
        return False
    waiting = (
        select(_L.id, _L.snapshot)
        .where(_L.caisse == caisse, _L.batch_id == batch_id, *TO_PRINT)
        .order_by(_L.id)
        .limit(AT_ONCE)
    )
    until = time.monotonic() + LONGEST_SECONDS
    for row in (await session.execute(waiting)).all():
        done: dict[str, Any]
        try:
            done = {"sha256": fingerprint(await typesetter().pdf(Snapshot.model_validate(row.snapshot)))}
        except CannotBePrinted as refusal:
            done = {"refusal": refusal.slug}
        await session.execute(update(letters).where(_L.caisse == caisse, _L.id == row.id).values(done))
        if time.monotonic() > until:
            break
    return await _count(session, mine, caisse, batch_id)


async def _count(session: AsyncSession, mine: Iterable[ColumnElement[bool]], caisse: str, batch_id: UUID) -> bool:
    counted = (
        await session.execute(
            select(
                func.count(_L.sha256).label("printed"),
                func.count(_L.refusal).label("refused"),
                func.count().label("total"),
            ).where(_L.caisse == caisse, _L.batch_id == batch_id)
        )
    ).one()
    left = counted.total - counted.printed - counted.refused
    await session.execute(
        update(batches)
        .where(*mine)
        .values(printed=counted.printed, refused=counted.refused, finished_at=None if left else clock.now())
    )
    return bool(left)


async def bytes_of(row: Row[*tuple[Any, ...]]) -> bytes:
    """Return the letter of a row of `letters` as it was made, printed again from its snapshot."""
    pdf = await typesetter().pdf(Snapshot.model_validate(row.snapshot))
    if row.sha256 is not None and fingerprint(pdf) != bytes(row.sha256):
        # The words are those of the snapshot all the same; the engine or a sheet changed, which a test forbids.
        log.error("a letter was printed with other bytes than the first time", letter=str(row.id))
    return pdf
