"""The file that a work made: kept sealed with it, handed over once it is done."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import Conflict
from servicekit.works.sealing import Forgotten
from servicekit.works.states import WorkState
from servicekit.works.tables import work_parts
from servicekit.works.work import Work

_RESULT: Final = "result"


class NotReady(Conflict):
    """The work is not done, was stopped, or made nothing."""

    slug = "result-not-ready"
    title = "Fichier non disponible"

    def __init__(self) -> None:
        super().__init__("Ce travail n'est pas terminé, a été arrêté, ou n'a rien produit.")


RESULT_REFUSALS: Final = (NotReady, Forgotten)


def a_part(work: Work, name: str, rank: int) -> Mapping[str, Any]:
    """Return the key of a part of what a work holds, and whose it is."""
    return {"caisse": work.caisse, "work_id": work.id, "name": name, "rank": rank, "holder": work.holder}


async def keep_result(session: AsyncSession, work: Work, content: bytes) -> None:
    """Keep the file that a work made."""
    sealed = work.seal(session).seal(f"{_RESULT}|0", content)
    await session.execute(insert(work_parts).values(**a_part(work, _RESULT, 0), sealed=sealed))


async def result_of(session: AsyncSession, work: Work) -> bytes:
    """Return the file that a work made. Raises `NotReady`, `Forgotten`."""
    if work.state is WorkState.EXPIRED:
        raise Forgotten
    if work.state is not WorkState.DONE:
        raise NotReady
    seal = work.seal(session)
    kept = select(work_parts.c.sealed).where(
        work_parts.c.caisse == work.caisse, work_parts.c.work_id == work.id, work_parts.c.name == _RESULT
    )
    sealed = await session.scalar(kept)
    if sealed is None:
        raise NotReady
    return seal.open(f"{_RESULT}|0", sealed)
