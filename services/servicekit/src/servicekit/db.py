"""One request, one transaction, one scope: how a service meets its database.

The scope (database role and `app.*` settings that row-level security reads) is set at every BEGIN with
transaction-local settings, so nothing can leak through the pool to the next request.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat
from fastapi import Depends, Request
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from servicekit.access import DATABASE_ROLES, Actor
from servicekit.journal import Journal

NO_SCOPE = "a session was used without a scope"
_SCOPE_KEYS = ("caisse", "structure", "role", "unit", "purpose", "sub")
_PUSH_SCOPE = text(
    "SELECT set_config('role', :db_role, true), "
    + ", ".join(f"set_config('app.{key}', :{key}, true)" for key in _SCOPE_KEYS)
)


def new_id() -> UUID:
    """Return a UUIDv7: unguessable enough for an id, ordered in time for the indexes."""
    return uuid_utils.compat.uuid7()


def array_of_ids(ids: Iterable[UUID]) -> str:
    """Return ids as PostgreSQL writes an array, for `CAST(:ids AS uuid[])`."""
    return f"{{{','.join(map(str, ids))}}}"


@dataclass(frozen=True, slots=True)
class Scope:
    """The database role a transaction works under, and what its policies compare rows with."""

    db_role: str
    settings: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, str]:
        """Return every setting, the absent ones empty: a policy then matches no row."""
        return {"db_role": self.db_role} | {key: self.settings.get(key, "") for key in _SCOPE_KEYS}


class ScopedSession(Session):
    """A session that emits its scope whenever a transaction begins; without a scope it refuses to begin."""


@event.listens_for(ScopedSession, "after_begin")
def _push_scope(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise TypeError(NO_SCOPE)
    connection.execute(_PUSH_SCOPE, scope.parameters())


async def act_for(session: AsyncSession, actor: Actor) -> None:
    """Go on in the scope of `actor`, until the end of the transaction: what a job does in somebody's name."""
    service = session.info["scope"].db_role.rpartition("_")[0]
    scope = scope_in(service, actor)
    session.info["scope"] = scope
    await session.execute(_PUSH_SCOPE, scope.parameters())


def scope_in(service: str, actor: Actor) -> Scope:
    """Return the scope in which `actor` may work in a service."""
    return Scope(
        db_role=f"{service}_{DATABASE_ROLES[actor.audience]}",
        settings={
            "caisse": actor.caisse,
            "structure": str(actor.structure or ""),
            "role": actor.role,
            "unit": actor.unit or "",
            "purpose": actor.purpose,
            "sub": actor.sub,
        },
    )


class Database:
    """The engine of one service, and the sessions opened on it."""

    def __init__(self, service: str, url: str, pool_size: int = 20, pool_wait_seconds: float = 1) -> None:
        self.service = service
        self.engine: AsyncEngine = create_async_engine(
            url,
            # No overflow: its connections are closed when given back, and opening one costs more than most requests.
            pool_size=pool_size,
            max_overflow=0,
            pool_use_lifo=True,
            pool_timeout=pool_wait_seconds,
            connect_args={"connect_timeout": 2, "application_name": service},
        )

    def scope_of(self, actor: Actor) -> Scope:
        """Return the scope in which `actor` may work."""
        return scope_in(self.service, actor)

    def system_scope(self, purpose: str) -> Scope:
        """Return the scope of followers, jobs and the feed."""
        return Scope(
            db_role=f"{self.service}_system",
            settings={"sub": f"svc-{self.service}", "purpose": purpose, "role": "system"},
        )

    @asynccontextmanager
    async def session(self, scope: Scope, **info: Any) -> AsyncIterator[AsyncSession]:
        """Open a scoped transaction, committed at the end of the block and rolled back if it raises."""
        async with AsyncSession(
            self.engine,
            sync_session_class=ScopedSession,
            expire_on_commit=False,
            info={"scope": scope, "journal": Journal(), **info},
        ) as session:
            await _begin(session)
            yield session
            await session.commit()

    @asynccontextmanager
    async def system_session(self, purpose: str, **info: Any) -> AsyncIterator[AsyncSession]:
        """Open a transaction of the service itself, outside any request."""
        async with self.session(self.system_scope(purpose), **info) as session:
            yield session

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


async def _begin(session: AsyncSession) -> None:
    """Begin now rather than at the first statement, so that a connection lost while idle is replaced unseen.

    Cheaper than a ping at each checkout: it costs nothing while the database stays up.
    """
    try:
        await session.connection()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        await session.rollback()
        await session.connection()


async def current_session(request: Request) -> AsyncSession:
    """Return the transaction that `ServiceRoute` opened for this request."""
    session: AsyncSession = request.state.session
    return session


DbSession = Annotated[AsyncSession, Depends(current_session)]
