"""Having works done: step after step, each a job and a transaction in the name of who asked.

works = Works(jobs, still)
works.add(Kind("structures.import", step))

async def step(session: AsyncSession, work: Work, pace: Pace) -> bool:
    # do some of it until pace.over, move work.done, work.position; True when all of it is done

Before each step the service says whether who asked may still act (`still`): a role that ended, an account that was
suspended, a structure that was closed stop the work there, and what it holds is erased.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock, journal, tables
from servicekit.access import Actor
from servicekit.db import act_for, new_id
from servicekit.documents.keyring import WrappedKey
from servicekit.documents.keys import keyring_of
from servicekit.errors import DomainError
from servicekit.jobs import Jobs, Task, defer
from servicekit.works import work as works_of
from servicekit.works.sealing import SECRECY, place_of
from servicekit.works.states import UNDER_WAY, WorkState
from servicekit.works.tables import import_keys, work_parts, work_rows, works
from servicekit.works.work import Work

STEP_SECONDS: Final = 0.3
GIVEN_UP_AFTER: Final = timedelta(minutes=20)
"""A work that nothing moves any more has met a bug: a dead process is replaced in a minute and a half."""
REGISTER_KEPT: Final = timedelta(days=366)
KEYS_KEPT: Final = timedelta(days=400)
_AT_ONCE: Final = 100
_GIVEN_UP: Final = "Ce travail s'est arrêté sur une erreur. Prévenez l'assistance, puis recommencez."


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a step may last."""

    until: float

    @property
    def over(self) -> bool:
        """Tell whether the step has lasted enough: the rest is for the next one."""
        return time.monotonic() >= self.until


Still = Callable[[AsyncSession, Actor], Awaitable[str | None]]
"""Why somebody may no longer act in a role, in French; None as long as they may. Asked in the system's scope."""

Step = Callable[[AsyncSession, Work, Pace], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work; `name` is stored with each, and the word of the journal for its changes."""

    name: str
    step: Step


@dataclass
class Works:
    """The kinds of work of a service, run by its jobs."""

    jobs: Jobs
    still: Still
    _kinds: dict[str, Kind] = field(default_factory=dict)
    _step: Task[[str, UUID, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Declare the tasks that do works and forget them."""
        self._step = self.jobs.task("works.step")(self._do_step)
        self.jobs.every("works.forget", cron="*/5 * * * *")(forget)
        self.jobs.every("works.rewrap", cron="41 * * * *")(rewrap)

    def add(self, kind: Kind) -> None:
        """Declare a kind of work."""
        if kind.name in self._kinds:
            raise ValueError(f"two kinds of work are called {kind.name}")
        self._kinds[kind.name] = kind

    async def start(self, session: AsyncSession, work: Work) -> None:
        """Have a work done, once the transaction is committed."""
        work.state = WorkState.WAITING
        await works_of.save(session, work)
        await defer(session, self._step, work.caisse, work.id, work.turn)

    async def _do_step(self, session: AsyncSession, caisse: str, work_id: UUID, turn: int) -> None:
        wanted = select(works).where(works.c.caisse == caisse, works.c.id == work_id).with_for_update()
        row = (await session.execute(wanted)).one_or_none()
        if row is None:
            return
        work = Work.of(row)
        # A step that was committed by a process that died before saying so comes again: it is another's turn.
        if work.state not in UNDER_WAY or work.turn != turn:
            return
        why_not = await self.still(session, work.actor)
        if why_not is not None:
            work.end(WorkState.REVOKED, why_not)
            work.expires_at = clock.now()
            await works_of.save(session, work)
            return
        await act_for(session, work.actor)
        work.state = WorkState.RUNNING
        work.started_at = work.started_at or clock.now()
        try:
            async with session.begin_nested():
                over = await self._kinds[work.kind].step(session, work, Pace(time.monotonic() + STEP_SECONDS))
        except DomainError as refusal:
            work = Work.of(row)
            work.end(WorkState.FAILED, refusal.detail)
            await works_of.save(session, work)
            return
        work.turn += 1
        if over:
            work.end(WorkState.DONE)
        await works_of.save(session, work)
        await _note(session, work)
        if not over:
            await defer(session, self._step, work.caisse, work.id, work.turn)


async def _note(session: AsyncSession, work: Work) -> None:
    """Write in the journal whom this step read or changed, in the name of who asked."""
    noted, actor = journal.of(session), work.actor
    if not (noted.named or work.state is WorkState.DONE):
        return
    entry = {
        "id": new_id(),
        "actor": actor.sub,
        "client": actor.client,
        "audience": str(actor.audience),
        "role": actor.role,
        "caisse": actor.caisse,
        "structure": actor.structure,
        "unit": actor.unit,
        "session_hash": actor.session_hash,
        "txn": actor.txn,
        "purpose": actor.purpose,
        "kind": "change",
        "action": work.kind,
        "resource": noted.resource or works_of.RESOURCE,
        "resource_ids": noted.resource_ids if noted.named else [work.id],
        "subjects": noted.subjects,
        "fields": sorted(noted.fields),
        "status": 200,
    }
    await session.execute(insert(tables.journal).values(entry))


async def forget(session: AsyncSession) -> None:
    """Erase what expired works hold, give up those that stand still, and end the register after a year."""
    now = clock.now()
    stuck = works.c.state.in_(sorted(UNDER_WAY)) & (works.c.moved_at < now - GIVEN_UP_AFTER)
    given_up = {"state": str(WorkState.FAILED), "problem": _GIVEN_UP, "ended_at": now, "version": works.c.version + 1}
    await session.execute(update(works).where(stuck).values(given_up))
    due = (
        select(works.c.caisse, works.c.id, works.c.state)
        .where(works.c.key.is_not(None), works.c.expires_at < now, works.c.state.not_in(sorted(UNDER_WAY)))
        .order_by(works.c.expires_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for caisse, work_id, state in (await session.execute(due)).all():
        for table in (work_rows, work_parts):
            await session.execute(delete(table).where(table.c.caisse == caisse, table.c.work_id == work_id))
        # An import that was done stays done; what waited for somebody, or to be fetched, has expired.
        held = state == WorkState.PREPARED
        exported = (works.c.state == str(WorkState.DONE)) & works.c.reason.is_not(None)
        await session.execute(
            update(works)
            .where(works.c.caisse == caisse, works.c.id == work_id)
            .values(key=None, key_id=None, position=None, version=works.c.version + 1)
        )
        await session.execute(
            update(works)
            .where(works.c.caisse == caisse, works.c.id == work_id, or_(held, exported))
            .values(state=str(WorkState.EXPIRED))
        )
    await session.execute(delete(works).where(works.c.created_at < now - REGISTER_KEPT))
    await session.execute(delete(import_keys).where(import_keys.c.at < now - KEYS_KEPT))


async def rewrap(session: AsyncSession) -> None:
    """Wrap keys anew under the current master key, so that an old one can be retired."""
    keyring = keyring_of(session)
    old = (
        select(works.c.caisse, works.c.id, works.c.key_id, works.c.key)
        .where(works.c.key.is_not(None), works.c.key_id != keyring.current(SECRECY))
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for row in (await session.execute(old)).all():
        anew = keyring.rewrap(WrappedKey(row.key_id, bytes(row.key)), place_of(row.caisse, row.id))
        one = update(works).where(works.c.caisse == row.caisse, works.c.id == row.id)
        await session.execute(one.values(key_id=anew.key_id, key=anew.wrapped))
