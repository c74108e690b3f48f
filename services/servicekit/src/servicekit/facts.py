"""Facts: what happened, written with the change and pulled by whoever needs to know.

A service describes each fact it publishes by a subclass of `Fact`, closed and coded:

    class StructureSubject(BaseModel):
        structure: UUID

    class Activated(BaseModel):
        portal_opened_on: date

    class StructureActivated(Fact[StructureSubject, Activated]):
        type: Literal["structure.activated"] = "structure.activated"

and announces it beside the change, once the row changed is locked: `emit(session, structure.activate(...))`.

**Why no fact is ever skipped.** A fact is written without a position. Reading the feed first stamps the facts
committed since: under an advisory lock held to the end of the transaction, each gets the next position. So
positions are given one reader at a time, always upwards, and a transaction that commits late simply gets
later ones; nothing is ever inserted below a position that somebody could have read. The lock is taken in one
statement and used in the next: under READ COMMITTED the second has a newer snapshot, and PostgreSQL lets the
lock go only after the commit can be seen, so it sees every earlier stamp. (Were the isolation ever stricter,
the unique index on `position` would turn the stale snapshot into an error.) A reader that does not get the
lock only reads; what it sees of the positions is a prefix, since whoever sees a stamp sees all earlier ones.

**Why the order respects causes.** Facts are stamped in the order of `written`, a sequence drawn when the fact
is inserted. Of two changes that wait for one another on a row, the second inserts its fact after the first
has committed: it has a higher number, and whoever sees it sees the first too. Neither holds for transaction
ids: every request takes one when it stores its Idempotency-Key, before it waits for the row. Nothing waits
for a horizon either, so a long transaction anywhere in the cluster delays no fact but its own, and a dump
restored elsewhere needs no repair: sequence and positions are data like any other.

**Cursors** name the last fact read: its position and its id. After a restore that lost facts a follower had
read, the fact at that position is another one or none, and the feed refuses the cursor instead of silently
skipping what was written in between.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Final, Generic
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, JsonValue
from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import registry
from typing_extensions import TypeVar

from servicekit import clock
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession, new_id
from servicekit.errors import Conflict
from servicekit.problems import problems
from servicekit.route import router
from servicekit.tables import facts

FOLLOW: Final = "facts.follow"
"""Purpose of the tokens that read a feed."""

SubjectT_co = TypeVar("SubjectT_co", covariant=True, default=dict[str, UUID | None])
PayloadT_co = TypeVar("PayloadT_co", covariant=True, default=dict[str, JsonValue])


class Fact(BaseModel, Generic[SubjectT_co, PayloadT_co]):
    """Something that happened: codes, dates and amounts; never a name, an e-mail, a NIR or free text.

    `type` is `<noun>.<past participle>`; `subject` holds the ids of what it is about, `caisse` whose it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    version: int = 1
    caisse: str
    subject: SubjectT_co
    payload: PayloadT_co


class Published(Fact[SubjectT_co, PayloadT_co]):
    """A fact as its feed gives it. A consumer reads it through a small model of its own, so more may come."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    at: datetime


class _Row:
    """A fact about to be inserted; mapped so that it goes out at flush, and away with its savepoint."""

    def __init__(self, **values: object) -> None:
        for column, value in values.items():
            setattr(self, column, value)


registry().map_imperatively(_Row, facts, exclude_properties=["written", "position"], eager_defaults=False)


def emit(session: AsyncSession, *announced: Fact[object, object]) -> None:
    """Write facts in the transaction of the change they tell: both are committed, or neither.

    Call it after the changed row is locked (`FOR UPDATE`, or a flushed change): that is what orders two
    changes of one row. The instant is the domain's.
    """
    at = clock.now()
    session.add_all(
        _Row(id=new_id(), at=at, **fact.model_dump(mode="json", include=set(Fact.model_fields))) for fact in announced
    )


# --- the feed ---------------------------------------------------------------------------------------------

STAMPED_AT_ONCE: Final = 2000
_LOCK: Final = 0x66616374  # "fact"; advisory locks are per database, and nothing else in one takes this number

_TAKE_TURN = text(
    "SELECT CASE WHEN EXISTS (SELECT FROM facts WHERE position IS NULL) "
    "THEN pg_try_advisory_xact_lock(:lock) ELSE false END"
).bindparams(lock=_LOCK)

_STAMP = text(
    """
    WITH oldest AS MATERIALIZED (
        SELECT id, row_number() OVER (ORDER BY written) AS rank
        FROM (SELECT id, written FROM facts WHERE position IS NULL ORDER BY written LIMIT :at_once) AS unstamped
    ), last AS (SELECT coalesce(max(position), 0) AS position FROM facts)
    UPDATE facts SET position = last.position + oldest.rank FROM oldest, last WHERE facts.id = oldest.id
    """
)

_AFTER = (
    select(facts).where(facts.c.position >= bindparam("position")).order_by(facts.c.position).limit(bindparam("most"))
)


class CursorRefused(Conflict):
    """The cursor names a fact that this feed does not hold: facts were lost, or it is another feed's."""

    slug = "feed-cursor-refused"
    title = "Position inconnue dans ce flux"

    def __init__(self) -> None:
        super().__init__("Le dernier fait lu n'existe pas dans ce flux. Relisez le flux depuis le début.")


class FeedItem(Published):
    """One fact, and the cursor that comes after it."""

    cursor: str


class FeedPage(BaseModel):
    """Facts in their order for good; `more` says that another page is already waiting."""

    items: list[FeedItem]
    next_cursor: str | None
    more: bool


Projection = Callable[[Published], Published | None]
"""What one follower gets of a fact: as it is, with less or other in it, or nothing."""


def everything(fact: Published) -> Published:
    """Show a fact as it is."""
    return fact


def only(*types: str) -> Projection:
    """Show the facts of these types as they are (`"account.*"` for all of a noun) and no others."""
    nouns = tuple(kind.removesuffix("*") for kind in types if kind.endswith(".*"))

    def projected(fact: Published) -> Published | None:
        return fact if fact.type in types or fact.type.startswith(nouns) else None

    return projected


async def read_feed(
    session: AsyncSession, after: str | None, limit: int, projection: Projection = everything
) -> FeedPage:
    """Stamp what was committed since the last reading, then return up to `limit` facts after the cursor.

    Raises `CursorRefused` for a cursor that does not name a fact of this feed.
    """
    if await session.scalar(_TAKE_TURN):
        await session.execute(_STAMP, {"at_once": STAMPED_AT_ONCE})
    position, last_id = _read_cursor(after) if after else (0, None)
    rows = (await session.execute(_AFTER, {"position": position, "most": limit + bool(after)})).all()
    if after:
        if not rows or (rows[0].position, rows[0].id) != (position, last_id):
            raise CursorRefused
        rows = rows[1:]
    items = []
    for row in rows:
        shown = projection(Published.model_validate(dict(row._mapping)))
        if shown is not None:
            items.append(FeedItem.model_construct(**shown.__dict__, cursor=_cursor(row.position, row.id)))
    last = _cursor(rows[-1].position, rows[-1].id) if rows else after
    return FeedPage.model_construct(items=items, next_cursor=last, more=len(rows) == limit)


def _cursor(position: int, fact_id: UUID) -> str:
    return base64.urlsafe_b64encode(position.to_bytes(8, "big") + fact_id.bytes).decode()


def _read_cursor(cursor: str) -> tuple[int, UUID]:
    try:
        named = base64.b64decode(cursor, altchars=b"-_", validate=True)
        return int.from_bytes(named[:8], "big", signed=True), UUID(bytes=named[8:])
    except ValueError as error:
        raise CursorRefused from error


def feed_router(service: str, projections: Mapping[str, Projection]) -> APIRouter:
    """Return `GET /internal/facts`, open to the followers named in `projections` and to nobody else.

    Not journalled: facts identify nobody, and each follower asks five times a second.
    """
    feed = router("/internal", tags=["internal"])
    by_client = {f"svc-{follower}": projection for follower, projection in projections.items()}

    @feed.get(
        "/facts",
        operation_id=f"follow_{service}",
        responses=problems(CursorRefused),
        openapi_extra=access(Audience.INTERNAL, purpose=FOLLOW, clients=by_client, journal=False),
    )
    async def follow(
        session: DbSession,
        actor: CurrentActor,
        after: Annotated[str | None, Query(max_length=64)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> FeedPage:
        """Read the facts after a cursor, oldest first; from the beginning without one."""
        return await read_feed(session, after, limit, by_client[actor.client])

    return feed
