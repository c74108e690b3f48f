"""Numbers of requests by id, for lists kept elsewhere (notifications): no name, nothing beyond what is seen anyway."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from referrals_service.persons.grants import FOLLOW, TRIAGE
from referrals_service.requests import queries
from referrals_service.requests.abilities import AGENT_ROLES, SENDER
from referrals_service.requests.models import R
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.route import router

Ids = Annotated[list[UUID], Query(min_length=1, max_length=100)]


class RequestNumber(BaseModel):
    """The number of a request that the actor sees; ids that are not seen are left out."""

    id: UUID
    number: str


def _routes_for(audience: Audience, purpose: str, roles: Sequence[str]) -> APIRouter:
    numbers = router(f"/api/v1/referrals/{audience}", tags=[str(audience)])

    @numbers.get(
        "/request-numbers",
        operation_id=f"{audience}_request_numbers",
        openapi_extra=access(audience, purpose=purpose, roles=roles, journal=False),
    )
    async def read_numbers(ids: Ids, session: DbSession, actor: CurrentActor) -> list[RequestNumber]:
        """Give the numbers of requests by their ids."""
        wanted = queries.reached_by(actor, select(R.id, R.number)).where(R.id.in_(ids), R.number.is_not(None))
        return [RequestNumber(id=row.id, number=row.number or "") for row in (await session.execute(wanted)).all()]

    return numbers


NUMBERS = (
    _routes_for(Audience.PARTNER, FOLLOW, [SENDER]),
    _routes_for(Audience.AGENT, TRIAGE, sorted(AGENT_ROLES)),
)
