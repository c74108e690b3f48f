"""What a service says about an import, and what the frame does with it: prepare, confirm, do, give back.

What is kept of a file is its rows, sealed, for as long as the setting says; the file itself is not kept.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.errors import DomainError, Invalid
from servicekit.imports import keys
from servicekit.imports.columns import Layout, Problem
from servicekit.sheets import reading
from servicekit.works.running import Kind, Pace
from servicekit.works.states import WorkState
from servicekit.works.tables import work_rows
from servicekit.works.work import Work, begin

UNCONFIRMED_KEPT: Final = timedelta(hours=24)
_AT_ONCE: Final = 25

ModelT = TypeVar("ModelT", bound=BaseModel)


class RowState(StrEnum):
    """What a row is, or became."""

    READY = "ready"
    FAULTY = "faulty"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Known:
    """What checking a row against the database found: what it would become, or why it would be refused."""

    becomes: RowState = RowState.CREATED
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row became."""

    state: RowState
    resource_id: UUID


@dataclass(frozen=True, slots=True)
class Repeats(Generic[ModelT]):
    """How a row is recognised that was done once, and what doing it again means.

    `key(row)` names what must not be done twice. `check(session, actor, done, mode)` says by line what rows
    would become, given with what they became before: unchanged, or updated; a line left out is a new one, since
    what it became no longer lives. `update(session, actor, row, resource_id)` does those to be updated.
    """

    key: Callable[[ModelT], str]
    check: Callable[[AsyncSession, Actor, Mapping[int, tuple[ModelT, UUID]], str], Awaitable[Mapping[int, Known]]]
    update: Callable[[AsyncSession, Actor, ModelT, UUID], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Importing(Generic[ModelT]):
    """One import.

    `modes` are the ways in which the person may have the file imported, the usual one first; or, where a file is
    imported into something, `about` is the pattern of its id, which then comes as the mode.
    `check(session, actor, rows, mode)` looks at all acceptable rows at once, by line number, and writes
    nothing. `apply(session, actor, row, mode)` does one row in a savepoint of its own, journalling what it
    changes; it recognises what is already there. `key(row)` names what must not be done twice where the domain
    cannot recognise it. `prepare(session, actor, mode, rows)` comes before some rows are done (and before a file
    is read, with none): it locks, refuses all, reads at once what `apply` needs for them and returns it.
    """

    kind: str
    filename: str
    layout: Layout[ModelT]
    check: Callable[[AsyncSession, Actor, Mapping[int, ModelT], str], Awaitable[Mapping[int, Known]]]
    apply: Callable[[AsyncSession, Actor, ModelT, str, Any], Awaitable[Outcome]]
    prepare: Callable[[AsyncSession, Actor, str, Sequence[ModelT]], Awaitable[Any]]
    most_rows: int
    modes: tuple[str, ...]
    repeats: Repeats[ModelT] | None = None
    kept: timedelta = timedelta(days=7)
    about: str | None = None

    async def upload(self, session: AsyncSession, actor: Actor, content: bytes, mode: str) -> Work:
        """Read a file and keep what its rows would become."""
        if not mode:
            missing = "Indiquez dans quoi ce fichier est importé."
            raise Invalid(missing, errors=[{"field": "mode", "message": missing}])
        await self.prepare(session, actor, mode, [])
        lines = await reading.read(content, most_lines=self.most_rows)
        if len(lines) < 2:
            raise Invalid("Ce fichier n'a aucune ligne sous ses titres de colonnes.")
        matched = self.layout.match(lines[0])
        cells = {line.number: self.layout.cells(matched, line) for line in lines[1:]}
        cells = {number: given for number, given in cells.items() if given}
        checked = {number: self.layout.check(given) for number, given in cells.items()}
        found = {number: list(problems) for number, (_, problems) in checked.items()}
        acceptable = {number: row for number, (row, _) in checked.items() if row is not None}
        self._refuse_twins(acceptable, found)
        known = await self._known(session, actor, acceptable, mode)
        for number, what in known.items():
            found[number].extend(what.problems)
        counts = Counter(
            str(RowState.FAULTY if problems else known[number].becomes) for number, problems in found.items()
        )
        work = await begin(
            session,
            actor,
            self.kind,
            state=WorkState.PREPARED,
            keep=UNCONFIRMED_KEPT,
            total=len(cells),
            parameters={"mode": mode, "expected": dict(counts), "ignored": list(matched.ignored)},
        )
        await self._keep(session, work, cells, found)
        return work

    def _refuse_twins(self, acceptable: dict[int, ModelT], found: dict[int, list[Problem]]) -> None:
        """Take the second of two rows with one key for a mistake."""
        if self.repeats is None:
            return
        first: dict[str, int] = {}
        for number, row in list(acceptable.items()):
            twin = first.setdefault(self.repeats.key(row), number)
            if twin != number:
                found[number].append(Problem(None, f"Cette ligne répète la ligne {twin}."))
                del acceptable[number]

    async def _known(
        self, session: AsyncSession, actor: Actor, acceptable: Mapping[int, ModelT], mode: str
    ) -> dict[int, Known]:
        known = dict(await self.check(session, actor, acceptable, mode))
        _, again = await self._repeated(session, actor, acceptable, mode)
        known |= again
        return {number: known.get(number, Known()) for number in acceptable}

    async def _keep(
        self,
        session: AsyncSession,
        work: Work,
        cells: Mapping[int, Mapping[str, str]],
        found: Mapping[int, Sequence[Problem]],
    ) -> None:
        seal = work.seal(session)
        rows = [
            {
                "caisse": work.caisse,
                "work_id": work.id,
                "rank": number,
                "holder": work.holder,
                "state": str(RowState.FAULTY if found[number] else RowState.READY),
                "problems": [problem.as_json() for problem in found[number]],
                "sealed": seal.seal(f"row|{number}", orjson.dumps(given)),
            }
            for number, given in cells.items()
        ]
        await session.execute(insert(work_rows), rows)

    def kind_of_work(self) -> Kind:
        """Return the work that does the import, for the service's `works.add`."""
        return Kind(self.kind, self._step)

    async def _step(self, session: AsyncSession, work: Work, pace: Pace) -> bool:
        while await self._some(session, work) == _AT_ONCE:
            if pace.over:
                return False
        return True

    async def _some(self, session: AsyncSession, work: Work) -> int:
        """Do the next rows; return how many there were."""
        seal = work.seal(session)
        ready = (
            select(work_rows.c.rank, work_rows.c.sealed)
            .where(
                work_rows.c.caisse == work.caisse,
                work_rows.c.work_id == work.id,
                work_rows.c.state == str(RowState.READY),
            )
            .order_by(work_rows.c.rank)
            .limit(_AT_ONCE)
        )
        rows = {
            rank: self.layout.check(orjson.loads(seal.open(f"row|{rank}", sealed)))
            for rank, sealed in (await session.execute(ready)).all()
        }
        given = {rank: row for rank, (row, _) in rows.items() if row is not None}
        # What was acceptable when it was sent and no longer is: the code changed in between.
        became: dict[int, Outcome | list[Problem]] = {r: problems for r, (row, problems) in rows.items() if row is None}
        noted = journal.of(session)
        of_rows = session.info["journal"] = journal.Journal()
        try:
            async with session.begin_nested():
                became |= await self._apply_all(session, work, given)
        except DomainError:
            # One of them is refused, which is rare once all were checked: each in a savepoint of its own, then.
            of_rows = journal.Journal()
            for rank, row in given.items():
                became[rank] = await self._apply_alone(session, work, rank, row, of_rows)
        _merge(noted, of_rows)
        session.info["journal"] = noted
        await self._write(session, work, became)
        return len(rows)

    async def _apply_all(
        self, session: AsyncSession, work: Work, rows: Mapping[int, ModelT]
    ) -> dict[int, Outcome | list[Problem]]:
        """Do rows, but for those whose keys say that they were done."""
        actor, mode = work.actor, work.parameters["mode"]
        context = await self.prepare(session, actor, mode, list(rows.values()))
        done, again = await self._repeated(session, actor, rows, mode)
        became: dict[int, Outcome | list[Problem]] = {}
        made = {}
        for rank, row in rows.items():
            repeated = again.get(rank)
            if repeated is None:
                became[rank] = outcome = await self.apply(session, actor, row, mode, context)
                if self.repeats is not None:
                    made[self.repeats.key(row)] = outcome.resource_id
            elif repeated.becomes is RowState.UPDATED and self.repeats is not None:
                became[rank] = await self.repeats.update(session, actor, row, done[rank])
            else:
                became[rank] = Outcome(RowState.UNCHANGED, done[rank])
        await session.flush()
        await keys.remember(session, actor, self.kind, made)
        return became

    async def _repeated(
        self, session: AsyncSession, actor: Actor, rows: Mapping[int, ModelT], mode: str
    ) -> tuple[Mapping[int, UUID], Mapping[int, Known]]:
        """Return what rows became when they were done before, and what those whose outcome lives would become."""
        if self.repeats is None:
            return {}, {}
        names = {rank: self.repeats.key(row) for rank, row in rows.items()}
        done = await keys.done_before(session, actor, self.kind, names)
        if not done:
            return {}, {}
        return done, await self.repeats.check(session, actor, {r: (rows[r], id_) for r, id_ in done.items()}, mode)

    async def _apply_alone(
        self, session: AsyncSession, work: Work, rank: int, row: ModelT, noted: journal.Journal
    ) -> Outcome | list[Problem]:
        of_row = session.info["journal"] = journal.Journal()
        try:
            async with session.begin_nested():
                became = await self._apply_all(session, work, {rank: row})
        except DomainError as refusal:
            return self.layout.of_refusal(refusal)
        _merge(noted, of_row)
        return became[rank]

    async def _write(self, session: AsyncSession, work: Work, became: Mapping[int, Outcome | list[Problem]]) -> None:
        """Write what became of rows, and count them."""
        written = []
        for rank, outcome in became.items():
            if isinstance(outcome, Outcome):
                state, problems, resource_id = outcome.state, [], outcome.resource_id
            else:
                state, problems, resource_id = RowState.FAULTY, [problem.as_json() for problem in outcome], None
            work.counts[str(state)] += 1
            work.done += 1
            written.append({"b_rank": rank, "state": str(state), "problems": problems, "resource_id": resource_id})
        if not written:
            return
        changed = update(work_rows).where(
            work_rows.c.caisse == work.caisse,
            work_rows.c.work_id == work.id,
            work_rows.c.rank == bindparam("b_rank"),
        )
        # Through the connection: the session's bulk update wants mapped classes.
        await (await session.connection()).execute(changed, written)


def _merge(noted: journal.Journal, row: journal.Journal) -> None:
    noted.named = noted.named or row.named
    noted.resource = row.resource or noted.resource
    noted.resource_ids.extend(row.resource_ids)
    noted.subjects = list(dict.fromkeys([*noted.subjects, *row.subjects]))


async def confirm(session: AsyncSession, work: Work, kept: timedelta) -> None:
    """Let a prepared import be done: its faulty rows are counted as they are, the others wait for their turn."""
    faulty = (
        select(func.count())
        .select_from(work_rows)
        .where(
            work_rows.c.caisse == work.caisse,
            work_rows.c.work_id == work.id,
            work_rows.c.state == str(RowState.FAULTY),
        )
    )
    work.done = (await session.execute(faulty)).scalar_one()
    work.counts = +Counter({str(RowState.FAULTY): work.done})
    work.expires_at = clock.now() + kept
