"""A work as the code handles it: begun, read, moved on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.documents.keyring import WrappedKey
from servicekit.documents.keys import keyring_of
from servicekit.errors import Conflict, NotFound
from servicekit.works.sealing import Seal, place_of
from servicekit.works.states import CANCELLABLE, WorkState
from servicekit.works.tables import work_rows, works

RESOURCE: Final = "work"
_OF_ACTOR: Final = ("sub", "client", "role", "caisse", "unit", "purpose", "txn", "session_hash", "auth_time")


class WorkNotFound(NotFound):
    """No such work, or another person's."""

    slug = "work-not-found"
    title = "Travail introuvable"

    def __init__(self) -> None:
        super().__init__("Ce travail n'existe pas, ou a été lancé par quelqu'un d'autre ou dans un autre rôle.")


class WorkOver(Conflict):
    """It is too late, or too early, for what is asked of a work."""

    slug = "work-over"
    title = "Ce travail n'en est plus là"

    def __init__(self, detail: str = "Ce travail est déjà terminé, annulé ou expiré.") -> None:
        super().__init__(detail)


@dataclass(slots=True)
class Work:
    """One work. `counts` are rows by outcome; `position` is whatever its kind needs to take up again."""

    id: UUID
    caisse: str
    kind: str
    state: WorkState
    actor: Actor
    done: int
    total: int | None
    counts: Counter[str]
    parameters: dict[str, Any]
    position: Any
    reason: str | None
    problem: str | None
    version: int
    turn: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime
    key_id: str | None
    key: bytes | None = field(repr=False)

    @classmethod
    def of(cls, row: Row[*tuple[Any, ...]]) -> Self:
        """Read a row of `works`."""
        known = row._mapping
        plain = {name: known[name] for name in cls.__slots__ if name not in {"state", "actor", "counts"}}
        return cls(
            **plain, state=WorkState(known["state"]), actor=_actor(known["actor"]), counts=Counter(known["counts"])
        )

    @property
    def holder(self) -> str:
        """Return whose it is, as the policies compare it."""
        return holder_of(self.actor)

    def seal(self, session: AsyncSession) -> Seal:
        """Return what seals and opens what it holds; raises `Forgotten` once that was erased."""
        key = WrappedKey(self.key_id, bytes(self.key)) if self.key_id is not None and self.key is not None else None
        return Seal.of(keyring_of(session), place_of(self.caisse, self.id), key)

    def end(self, state: WorkState, problem: str | None = None) -> None:
        """Leave the work as it ends."""
        self.state, self.problem, self.ended_at = state, problem, clock.now()


def holder_of(actor: Actor) -> str:
    """Return account, role and structure in one text: whose works an actor sees."""
    return f"{actor.sub}|{actor.role}|{actor.structure or ''}"


async def begin(
    session: AsyncSession,
    actor: Actor,
    kind: str,
    *,
    state: WorkState,
    keep: timedelta,
    total: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> Work:
    """Write a new work of the actor's; `keep` is how long what it holds may be kept.

    `parameters` are codes, dates and ids. `Works.start` has it done.
    """
    now, work_id = clock.now(), new_id()
    _, key = keyring_of(session).new(place_of(actor.caisse, work_id))
    values = {
        "caisse": actor.caisse,
        "id": work_id,
        "holder": holder_of(actor),
        "actor": {name: getattr(actor, name) for name in _OF_ACTOR}
        | {"audience": str(actor.audience), "structure": actor.structure and str(actor.structure)},
        "kind": kind,
        "state": str(state),
        "turn": 0,
        "done": 0,
        "total": total,
        "counts": {},
        "parameters": dict(parameters or {}),
        "reason": reason,
        "key_id": key.key_id,
        "key": key.wrapped,
        "version": 1,
        "created_at": now,
        "moved_at": now,
        "expires_at": now + keep,
    }
    written = await session.execute(insert(works).values(values).returning(works))
    return Work.of(written.one())


async def get(session: AsyncSession, actor: Actor, work_id: UUID, *, kind: str | None = None) -> Work:
    """Return a work of the actor's; `kind` when only that kind will do."""
    return await _one(session, actor, work_id, kind, lock=False)


async def get_for_change(session: AsyncSession, actor: Actor, work_id: UUID, *, kind: str | None = None) -> Work:
    """Return a work of the actor's, locked: a step under way ends first."""
    return await _one(session, actor, work_id, kind, lock=True)


async def _one(session: AsyncSession, actor: Actor, work_id: UUID, kind: str | None, *, lock: bool) -> Work:
    statement = select(works).where(
        works.c.caisse == actor.caisse, works.c.id == work_id, works.c.holder == holder_of(actor)
    )
    if kind is not None:
        statement = statement.where(works.c.kind == kind)
    row = (await session.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise WorkNotFound
    return Work.of(row)


async def save(session: AsyncSession, work: Work) -> None:
    """Write where a work now stands."""
    work.version += 1
    values = {
        "state": str(work.state),
        "turn": work.turn,
        "done": work.done,
        "total": work.total,
        "counts": dict(work.counts),
        "parameters": work.parameters,
        "position": work.position,
        "problem": work.problem,
        "version": work.version,
        "started_at": work.started_at,
        "ended_at": work.ended_at,
        "expires_at": work.expires_at,
        "moved_at": clock.now(),
    }
    await session.execute(update(works).where(works.c.caisse == work.caisse, works.c.id == work.id).values(values))


async def cancel(session: AsyncSession, work: Work) -> None:
    """Stop a work before its next step; what was done stays done, what was only looked at is erased."""
    if work.state not in CANCELLABLE:
        raise WorkOver
    if work.state is WorkState.PREPARED:
        own = (work_rows.c.caisse == work.caisse, work_rows.c.work_id == work.id)
        await session.execute(delete(work_rows).where(*own))
    work.end(WorkState.CANCELLED)
    await save(session, work)


def _actor(kept: Mapping[str, Any]) -> Actor:
    structure = kept["structure"]
    return Actor(
        **{name: kept[name] for name in _OF_ACTOR},
        audience=Audience(kept["audience"]),
        structure=UUID(structure) if structure else None,
        stepup_at=None,
    )
