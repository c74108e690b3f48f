"""The route of every service: guard, transaction, idempotency, handler, journal, commit, answer, in this order.

The answer is built before the commit and leaves after it, so what was acknowledged is durable, and the
stored answer of an Idempotency-Key is committed with the effect it answers for.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from sqlalchemy import LargeBinary, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from servicekit.access import Access, Actor, Audience
from servicekit.db import array_of_ids, new_id
from servicekit.errors import Unauthenticated
from servicekit.journal import of as journal_of
from servicekit.problems import STANDARD
from servicekit.tokens import Denied
from servicekit.writes import Attempt, attempt_of, replay

if TYPE_CHECKING:
    from servicekit.app import Service

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_COLUMNS = (
    "id, actor, client, audience, role, caisse, structure, unit, session_hash, txn, purpose, kind, action, "
    "resource, resource_ids, subjects, fields, status, before_sha256, after_sha256"
)
# Ids go as one text: the driver takes ten times as long to write an array of them one by one.
_VALUES = {"resource_ids": "CAST(:resource_ids AS uuid[])", "subjects": "CAST(:subjects AS uuid[])"}
_INSERT_JOURNAL = (
    f"INSERT INTO journal ({_COLUMNS}) VALUES ("  # noqa: S608 - column names are constants
    + ", ".join(_VALUES.get(name, f":{name}") for name in _COLUMNS.split(", "))
    + ")"
)
_TYPES = (
    bindparam("resource_ids", type_=Text),
    bindparam("subjects", type_=Text),
    bindparam("fields", type_=ARRAY(Text)),
)
_JOURNAL = text(_INSERT_JOURNAL).bindparams(*_TYPES)
# One statement for the journal entry and the stored answer: one round trip less on every change.
_JOURNAL_AND_ANSWER = text(
    f"WITH entry AS ({_INSERT_JOURNAL}) UPDATE idempotency "  # noqa: S608 - constants
    "SET status = :status, response = :response, etag = :etag "
    "WHERE client = :client AND sub = :actor AND route = :route AND key = :key"
).bindparams(*_TYPES, bindparam("response", type_=LargeBinary))

ANONYMOUS = Actor(
    sub="anyone",
    client="anyone",
    audience=Audience.ANYONE,
    role="",
    caisse="",
    structure=None,
    unit=None,
    purpose="",
    txn="",
    session_hash="",
    auth_time=0,
    stepup_at=None,
)


class UnjournalledRead(RuntimeError):
    """A route answered about people without saying about whom: a bug, and no answer leaves."""


class Steps:
    """The transactions of a route that streams: the handler opens them around what takes long, not over it."""

    def __init__(self, service: "Service", actor: Actor, declared: Access, action: str) -> None:
        self.service = service
        self._actor = actor
        self._declared = declared
        self._action = action

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that shows nobody anything and changes nothing: it is not journalled."""
        async with self._session() as session:
            yield session

    @asynccontextmanager
    async def change(self, status: int) -> AsyncIterator[AsyncSession]:
        """Open the transaction of a change, journalled with the status that will be answered, then committed."""
        async with self._session() as session:
            yield session
            await session.flush()
            await _journal(session, self._actor, self._declared, self._action, status, None, None, True)

    def _session(self) -> AbstractAsyncContextManager[AsyncSession]:
        database = self.service.database
        return database.session(database.scope_of(self._actor), settings=self.service.settings)


async def _current_steps(request: Request) -> Steps:
    steps: Steps = request.state.steps
    return steps


CurrentSteps = Annotated[Steps, Depends(_current_steps)]


class ServiceRoute(APIRoute):
    """A route that cannot exist without its access declaration, and enforces it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.declared = Access.of(options.get("openapi_extra"))
        options["responses"] = STANDARD | (options.get("responses") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # wider than Coroutine
        """Wrap FastAPI's handler in the transaction of the request."""
        handle = super().get_route_handler()
        declared = self.declared
        action = self.operation_id or self.name

        async def serve(request: Request) -> Response:
            service: Service = request.app.state.service
            actor = await _admit(request, service, declared)
            request.state.actor = actor
            if declared.streams:
                request.state.steps = Steps(service, actor, declared, action)
                return await handle(request)
            changes = request.method not in SAFE_METHODS and not declared.reads
            attempt = None
            if changes and declared.audience not in {Audience.ANYONE, Audience.SELF}:
                attempt = await attempt_of(request, actor, f"{request.method} {self.path_format}")
            scope = service.database.scope_of(actor)
            async with service.database.session(scope, settings=service.settings) as session:
                request.state.session = session
                if attempt is not None:
                    first_answer = await replay(session, attempt)
                    if first_answer is not None:
                        return first_answer
                response = await handle(request)
                await session.flush()  # the journal is written last, in Core, after every ORM change
                await _journal(session, actor, declared, action, response.status_code, attempt, response, changes)
            return response

        return serve


async def _admit(request: Request, service: "Service", declared: Access) -> Actor:
    if declared.audience is Audience.ANYONE:
        return ANONYMOUS
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    try:
        if scheme != "Bearer":
            raise Denied("no token")
        claims = await service.verifier.verify(token)
        actor = Actor(
            sub=claims.sub,
            client=claims.client,
            audience=Audience(claims.audience),
            role=claims.role,
            caisse=claims.caisse,
            structure=claims.structure,
            unit=claims.unit,
            purpose=claims.purp,
            txn=claims.txn,
            session_hash=claims.sid_h,
            auth_time=claims.auth_time,
            stepup_at=claims.stepup_at,
        )
    except (Denied, ValueError) as error:
        raise Unauthenticated("Connectez-vous pour continuer.") from error
    declared.check(actor)
    return actor


async def _journal(
    session: AsyncSession,
    actor: Actor,
    declared: Access,
    action: str,
    status: int,
    attempt: Attempt | None,
    response: Response | None,
    changes: bool,
) -> None:
    """Write the entry of this request; a read that should have named its subjects and did not is an error."""
    entry = journal_of(session)
    if not changes and not declared.journal:
        return
    if not changes and not entry.named:
        raise UnjournalledRead(action)
    values: dict[str, Any] = {
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
        "purpose": declared.purpose,
        "kind": "change" if changes else "read",
        "action": entry.action or action,
        "resource": entry.resource,
        "resource_ids": array_of_ids(entry.resource_ids),
        "subjects": array_of_ids(entry.subjects),
        "fields": sorted(entry.fields or declared.shows),
        "status": status,
        "before_sha256": entry.before_sha256,
        "after_sha256": entry.after_sha256,
    }
    if attempt is None or response is None:
        await session.execute(_JOURNAL, values)
        return
    answer = {
        "route": attempt.route,
        "key": attempt.key,
        "response": bytes(response.body),
        "etag": response.headers.get("etag"),
    }
    await session.execute(_JOURNAL_AND_ANSWER, values | answer)


def router(prefix: str, *, tags: Sequence[str] = ()) -> APIRouter:
    """Return a router whose routes declare their access; `prefix` is the full external path."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=ServiceRoute)
