"""Batches: a work that produces letters by the hundred, then one PDF of all of them to be printed at once.

    RECEIPTS = Batching("letters.batch", "Accusés de réception", visible, made, refusal)
    works.add(RECEIPTS.kind_of_work())

Whoever asks for a batch reads the names, under their own grants and journal; what is to be written waits in the
work, sealed. A step produces some letters: each is there with its row done, or neither is. A letter that cannot be
made leaves its row with the reason; the others are made all the same.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.access import Actor
from servicekit.letters.producing import Draft, produce
from servicekit.letters.snapshot import Snapshot
from servicekit.letters.tables import letters
from servicekit.letters.typesetting import CannotBePrinted, typesetter
from servicekit.works.results import keep_result
from servicekit.works.running import Kind, Pace
from servicekit.works.states import WorkState
from servicekit.works.tables import work_rows
from servicekit.works.work import Work, begin

AT_ONCE: Final = 25
KEPT: Final = timedelta(days=7)
_OUT_OF_SIGHT: Final = "Cette demande ne vous est plus ouverte."


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter of a batch that was not made."""

    reference: str
    recipient: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batching:
    """One kind of batch; `title` is that of its PDF.

    `visible(session, actor, abouts)` gives what letters are about, as far as the actor still sees it.
    `made(session, actor, about, draft, letter_id)` announces and journals a letter just made.
    `refusal(about)` tells the reader, in French, why a letter may not be made about that, if so.
    """

    kind: str
    title: str
    visible: Callable[[AsyncSession, Actor, Sequence[UUID]], Awaitable[Mapping[UUID, Any]]]
    made: Callable[[AsyncSession, Actor, Any, Draft, UUID], None]
    refusal: Callable[[Any], str | None]

    async def begin(self, session: AsyncSession, actor: Actor, drafts: Sequence[Draft]) -> Work:
        """Write a batch with what it has to make; `Works.start` has it done."""
        work = await begin(session, actor, self.kind, state=WorkState.WAITING, keep=KEPT, total=len(drafts))
        seal = work.seal(session)
        rows = [
            {
                "caisse": work.caisse,
                "work_id": work.id,
                "rank": rank,
                "holder": work.holder,
                "state": "ready",
                "problems": [],
                "sealed": seal.seal(f"row|{rank}", draft.model_dump_json().encode()),
            }
            for rank, draft in enumerate(drafts, start=1)
        ]
        await session.execute(insert(work_rows), rows)
        return work

    def kind_of_work(self) -> Kind:
        """Return the work that makes a batch, for the service's `works.add`."""
        return Kind(self.kind, self._step)

    async def _step(self, session: AsyncSession, work: Work, pace: Pace) -> bool:
        waiting = await _rows(session, work, "ready", AT_ONCE)
        if not waiting:
            await self._bind(session, work)
            return True
        seen = await self.visible(session, work.actor, [draft.about for draft, _ in waiting.values()])
        for rank, (draft, _) in waiting.items():
            done = await self._one(session, work, seen.get(draft.about), draft)
            one = (work_rows.c.caisse == work.caisse, work_rows.c.work_id == work.id, work_rows.c.rank == rank)
            await session.execute(update(work_rows).where(*one).values(done))
            work.counts[done["state"]] += 1
            work.done += 1
            if pace.over:
                break
        return False

    async def _one(self, session: AsyncSession, work: Work, about: Any | None, draft: Draft) -> dict[str, Any]:
        if about is None:
            return {"state": "faulty", "problems": [_OUT_OF_SIGHT]}
        reason = self.refusal(about)
        if reason is not None:
            return {"state": "faulty", "problems": [reason]}
        try:
            letter_id = await produce(session, work.actor, draft, batch_id=work.id)
        except CannotBePrinted as refusal:
            return {"state": "faulty", "problems": [refusal.detail]}
        self.made(session, work.actor, about, draft, letter_id)
        return {"state": "created", "resource_id": letter_id}

    async def _bind(self, session: AsyncSession, work: Work) -> None:
        """Keep one PDF of all the letters, in the order in which they were asked for."""
        made = await session.scalars(
            select(letters.c.snapshot)
            .where(letters.c.caisse == work.caisse, letters.c.batch_id == work.id)
            .order_by(letters.c.id)
        )
        snapshots = [Snapshot.model_validate(snapshot) for snapshot in made]
        if snapshots:
            await keep_result(session, work, await typesetter().bundle(snapshots, self.title))


async def refused_of(session: AsyncSession, work: Work) -> list[Refused]:
    """Return the letters of a batch that were not made. Raises `Forgotten`."""
    found = await _rows(session, work, "faulty", None)
    return [
        Refused(draft.snapshot.reference, draft.snapshot.recipient, tuple(reasons)) for draft, reasons in found.values()
    ]


async def _rows(
    session: AsyncSession, work: Work, state: str, most: int | None
) -> dict[int, tuple[Draft, Sequence[str]]]:
    seal = work.seal(session)
    found = (
        select(work_rows.c.rank, work_rows.c.sealed, work_rows.c.problems)
        .where(work_rows.c.caisse == work.caisse, work_rows.c.work_id == work.id, work_rows.c.state == state)
        .order_by(work_rows.c.rank)
        .limit(most)
    )
    return {
        row.rank: (Draft.model_validate_json(seal.open(f"row|{row.rank}", row.sealed)), row.problems)
        for row in (await session.execute(found)).all()
    }
