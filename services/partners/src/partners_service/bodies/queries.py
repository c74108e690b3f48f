"""Reading the bodies: the same for everybody."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.bodies.models import Body, BodyDepartment, Department, Unit
from partners_service.bodies.schemas import BodyOut, UnitOut
from servicekit import clock


async def zone_of(session: AsyncSession, code: str) -> ZoneInfo:
    """Return the time zone in which a body counts its days."""
    return ZoneInfo((await session.execute(select(Body.time_zone).where(Body.code == code))).scalar_one())


async def today(session: AsyncSession, code: str) -> date:
    """Return the present day where the body is."""
    return clock.today(await zone_of(session, code))


async def name_of(session: AsyncSession, code: str) -> str:
    """Return the name of a body."""
    return (await session.execute(select(Body.name).where(Body.code == code))).scalar_one()


async def department_exists(session: AsyncSession, code: str) -> bool:
    """Tell whether this is the code of a department."""
    return await session.get(Department, code) is not None


async def departments(session: AsyncSession) -> Sequence[Department]:
    """Return every department."""
    return (await session.scalars(select(Department))).all()


async def bodies(session: AsyncSession) -> Sequence[BodyOut]:
    """Return every open body, by code."""
    departments = func.array_agg(BodyDepartment.department).label("departments")
    statement = (
        select(Body.code, Body.name, Body.kind, Body.social_service, departments)
        .join(BodyDepartment, BodyDepartment.body == Body.code)
        .where(Body.closed_on.is_(None))
        .group_by(Body.code)
        .order_by(Body.code)
    )
    return [
        BodyOut(
            code=row.code,
            name=row.name,
            kind=row.kind,
            departments=sorted(row.departments),
            social_service=row.social_service,
        )
        for row in (await session.execute(statement)).all()
    ]


async def units(session: AsyncSession, body: str) -> Sequence[UnitOut]:
    """Return the units of a body, by code."""
    statement = select(Unit.code, Unit.name, Unit.kind, Unit.site).where(Unit.body == body).order_by(Unit.code)
    return [
        UnitOut(code=row.code, name=row.name, kind=row.kind, site=row.site)
        for row in (await session.execute(statement)).all()
    ]
