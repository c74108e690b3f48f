"""The templates of a caisse, version by version, and its letterhead. What it did not write, the service ships.

A version is edited as the one draft of its kind and language, then published with what changed and from which
day; published ones never change. The one in force on a day is the latest published with a day not after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.errors import NotFound, StaleVersion
from servicekit.letters import markup
from servicekit.letters.kinds import Kind, Text
from servicekit.letters.snapshot import Letterhead
from servicekit.letters.tables import letterheads, templates
from servicekit.writes import Receipt, require_version

FALLBACK: Final = "fr"
SHIPPED: Final = 0
"""Number of the text that the service ships."""

_T = templates.c


class NoDraft(NotFound):
    """Nothing to publish nor to discard."""

    slug = "letter-draft-not-found"
    title = "Aucun brouillon"

    def __init__(self) -> None:
        super().__init__("Ce modèle n’a pas de brouillon en cours.")


@dataclass(frozen=True, slots=True)
class Found:
    """The text to use: in which language, and which version of it."""

    language: str
    number: int
    text: Text


async def in_force(session: AsyncSession, caisse: str, kind: Kind, language: str, on: date) -> Found:
    """Return the text for `language` on a day: the caisse's, else the shipped one, else the same in French."""
    for wanted in dict.fromkeys((language, FALLBACK)):
        published = (
            select(_T.number, _T.subject, _T.body)
            .where(
                _T.caisse == caisse,
                _T.kind == kind.code,
                _T.language == wanted,
                _T.state == "published",
                _T.valid_from <= on,
            )
            .order_by(_T.valid_from.desc(), _T.number.desc())
            .limit(1)
        )
        row = (await session.execute(published)).one_or_none()
        if row is not None:
            return Found(wanted, row.number, Text(row.subject, row.body))
        if wanted in kind.shipped:
            return Found(wanted, SHIPPED, kind.shipped[wanted])
    raise LookupError(f"{kind.code} is shipped in no language")


async def versions(session: AsyncSession, caisse: str, kind: str, language: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what the caisse wrote for one kind and language, newest first."""
    mine = select(templates).where(_T.caisse == caisse, _T.kind == kind, _T.language == language)
    return (await session.execute(mine.order_by(_T.number.desc()))).all()


async def overview(session: AsyncSession, caisse: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return every version of the caisse without its text."""
    columns = (_T.kind, _T.language, _T.number, _T.state, _T.version, _T.valid_from, _T.updated_at)
    return (await session.execute(select(*columns).where(_T.caisse == caisse).order_by(_T.number.desc()))).all()


async def save_draft(
    session: AsyncSession, actor: Actor, kind: Kind, language: str, text: Text, version: int
) -> Receipt:
    """Keep what is typed, mistakes included; version 0 begins a draft. Raises `StaleVersion`."""
    now = clock.now()
    row = await _draft(session, actor.caisse, kind.code, language)
    if row is not None:
        require_version(row.version, version)
        changed = {"subject": text.subject, "body": text.body, "updated_by": actor.sub, "updated_at": now}
        await session.execute(
            update(templates)
            .where(_T.caisse == actor.caisse, _T.id == row.id)
            .values(**changed, version=row.version + 1)
        )
        return Receipt(id=row.id, version=row.version + 1, state="draft")
    require_version(0, version)
    mine = (_T.caisse == actor.caisse, _T.kind == kind.code, _T.language == language)
    last = await session.scalar(select(func.coalesce(func.max(_T.number), 0)).where(*mine))
    draft_id = new_id()
    try:
        await session.execute(
            insert(templates).values(
                caisse=actor.caisse,
                id=draft_id,
                kind=kind.code,
                language=language,
                number=(last or 0) + 1,
                state="draft",
                version=1,
                subject=text.subject,
                body=text.body,
                created_by=actor.sub,
                created_at=now,
                updated_by=actor.sub,
                updated_at=now,
            )
        )
    except IntegrityError as error:  # a colleague began one at the same moment
        raise StaleVersion("Un collègue vient de commencer un brouillon. Rechargez la page.", version=1) from error
    return Receipt(id=draft_id, version=1, state="draft")


async def publish(
    session: AsyncSession, actor: Actor, kind: Kind, language: str, note: str, valid_from: date, version: int
) -> Receipt:
    """Put the draft in force from a day on. Raises `NoDraft`, `StaleVersion`, `TextRefused`."""
    row = await _the_draft(session, actor.caisse, kind.code, language)
    require_version(row.version, version)
    markup.check(kind, Text(row.subject, row.body))
    published: dict[str, str | date | datetime] = {
        "state": "published",
        "note": note,
        "valid_from": valid_from,
        "published_by": actor.sub,
        "published_at": clock.now(),
    }
    await session.execute(
        update(templates).where(_T.caisse == actor.caisse, _T.id == row.id).values(**published, version=row.version + 1)
    )
    return Receipt(id=row.id, version=row.version + 1, state="published")


async def discard(session: AsyncSession, actor: Actor, kind: Kind, language: str, version: int) -> Receipt:
    """Throw the draft away. Raises `NoDraft`, `StaleVersion`."""
    row = await _the_draft(session, actor.caisse, kind.code, language)
    require_version(row.version, version)
    await session.execute(delete(templates).where(_T.caisse == actor.caisse, _T.id == row.id))
    return Receipt(id=row.id, version=row.version, state=None)


async def _draft(session: AsyncSession, caisse: str, kind: str, language: str) -> Row[*tuple[Any, ...]] | None:
    one = select(templates).where(_T.caisse == caisse, _T.kind == kind, _T.language == language, _T.state == "draft")
    return (await session.execute(one.with_for_update())).one_or_none()


async def _the_draft(session: AsyncSession, caisse: str, kind: str, language: str) -> Row[*tuple[Any, ...]]:
    row = await _draft(session, caisse, kind, language)
    if row is None:
        raise NoDraft
    return row


async def letterhead(session: AsyncSession, caisse: str) -> tuple[int, Letterhead | None]:
    """Return the caisse's letterhead and its number; 0 and None while it wrote none."""
    mine = select(letterheads.c.number, letterheads.c.head).where(letterheads.c.caisse == caisse)
    row = (await session.execute(mine.order_by(letterheads.c.number.desc()).limit(1))).one_or_none()
    return (0, None) if row is None else (row.number, Letterhead.model_validate(row.head))


async def write_letterhead(session: AsyncSession, actor: Actor, head: Letterhead, version: int) -> int:
    """Add a version of the letterhead; return its number. Raises `StaleVersion`."""
    number, _ = await letterhead(session, actor.caisse)
    require_version(number, version)
    row = {
        "caisse": actor.caisse,
        "number": number + 1,
        "head": head.model_dump(mode="json"),
        "created_by": actor.sub,
        "created_at": clock.now(),
    }
    try:
        await session.execute(insert(letterheads).values(row))
    except IntegrityError as error:
        raise StaleVersion("Un collègue vient de modifier l’en-tête. Rechargez la page.", version=number + 1) from error
    return number + 1
