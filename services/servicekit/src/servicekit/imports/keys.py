"""What keeps a row from being done twice: a digest of what names it, beside what it became.

Keyed, since names and birth dates are few enough to be tried one after the other against a plain digest by
whoever holds a copy of the table.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.access import Actor
from servicekit.documents.keys import keyring_of
from servicekit.works.tables import import_keys

_K = import_keys.c


def _about(actor: Actor, kind: str) -> dict[str, str]:
    return {"caisse": actor.caisse, "kind": kind, "structure": str(actor.structure or "")}


def _digests(session: AsyncSession, about: Mapping[str, str], name: str) -> tuple[bytes, ...]:
    content = "|".join(("import", about["kind"], about["structure"], name)).encode()
    return keyring_of(session).digests(content, about["caisse"])


async def done_before(session: AsyncSession, actor: Actor, kind: str, names: Mapping[int, str]) -> dict[int, UUID]:
    """Return what became of those of the named rows that were done once, whatever master key was current then."""
    if not names:
        return {}
    about = _about(actor, kind)
    digests = {rank: _digests(session, about, name) for rank, name in names.items()}
    own = [_K[column] == value for column, value in about.items()]
    wanted = [digest for some in digests.values() for digest in some]
    rows = await session.execute(select(_K.key, _K.resource_id).where(*own, _K.key.in_(wanted)))
    became = {bytes(row.key): row.resource_id for row in rows.all()}
    # The present key's first: it is the later one, when a row was done again since keys were replaced.
    found = {
        rank: next((became[digest] for digest in some if digest in became), None) for rank, some in digests.items()
    }
    return {rank: resource_id for rank, resource_id in found.items() if resource_id is not None}


async def remember(session: AsyncSession, actor: Actor, kind: str, became: Mapping[str, UUID]) -> None:
    """Keep what rows became, by their names; what one became before no longer lives."""
    if not became:
        return
    about = _about(actor, kind)
    rows = [about | {"key": _digests(session, about, name)[0], "resource_id": id_} for name, id_ in became.items()]
    statement = insert(import_keys).values(rows)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[*about, "key"], set_={"resource_id": statement.excluded.resource_id, "at": func.now()}
        )
    )
