"""Bring the reference tables to the version of the files in this package, at the start of the service."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Table, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.base import Base
from partners_service.bodies import facts, reference
from partners_service.bodies.models import Body, BodyDepartment, ReferenceLoad
from partners_service.facts import Nothing
from servicekit import clock
from servicekit.facts import emit

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('partners reference'))")


async def load(session: AsyncSession) -> bool:
    """Write what is new or changed and announce each body concerned; False when there was nothing to do.

    Lines that left the files are never deleted: a body is marked closed, the rest stays for what names it.
    """
    await session.execute(_LOCK)
    known = await session.scalar(select(ReferenceLoad.version).order_by(ReferenceLoad.version.desc()).limit(1))
    if known is not None and known >= reference.VERSION:
        return False
    tables = reference.read().tables
    described = await _bodies(session)
    for name, rows in tables.items():
        await _upsert(session, Base.metadata.tables[name], rows)
    await _close_missing(session, [row["code"] for row in tables["bodies"]], clock.now().date())
    for code, body in (await _bodies(session)).items():
        if described.get(code) != body:
            emit(session, facts.BodyDescribed(caisse=code, subject=Nothing(), payload=body))
    session.add(ReferenceLoad(version=reference.VERSION, sha256=reference.fingerprint(), loaded_at=clock.system_now()))
    return True


async def _upsert(session: AsyncSession, table: Table, rows: Sequence[reference.Row]) -> None:
    keys = list(table.primary_key.columns)
    others = [column for column in table.columns if not column.primary_key]
    statement = insert(table)
    if others:
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=keys,
            set_={column.name: new[column.name] for column in others},
            where=tuple_(*others).is_distinct_from(tuple_(*(new[column.name] for column in others))),
        )
    else:
        statement = statement.on_conflict_do_nothing()
    await session.execute(statement, list(rows))


async def _close_missing(session: AsyncSession, present: list[str], on: date) -> None:
    await session.execute(update(Body).where(Body.code.not_in(present), Body.closed_on.is_(None)).values(closed_on=on))


async def _bodies(session: AsyncSession) -> dict[str, facts.Body]:
    """Return every open body as its fact describes it."""
    served: dict[str, list[str]] = {}
    for body, department in (await session.execute(select(BodyDepartment.body, BodyDepartment.department))).all():
        served.setdefault(body, []).append(department)
    statement = select(Body.code, Body.kind, Body.social_service, Body.time_zone).where(Body.closed_on.is_(None))
    return {
        row.code: facts.Body(
            kind=row.kind,
            departments=sorted(served.get(row.code, [])),
            social_service=row.social_service,
            time_zone=row.time_zone,
        )
        for row in (await session.execute(statement)).all()
    }
