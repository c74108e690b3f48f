"""The orientation and the motives of the social service: one model, three audiences, a route each.

Nothing about a person is asked, shown or kept: answers are codes, in a body and never in an address. The only trace
is a count of the motives that stopped before the form (SS-05), without who.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query
from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.network.models import PartnerRight
from referrals_service.orientation import counting, views
from referrals_service.orientation.codes import Territory, UrgentDoor
from referrals_service.orientation.engine import NoSuchAnswer, check, walk
from referrals_service.orientation.schemas import (
    Counted,
    OrientationAnswer,
    OrientationIn,
    RefusedMotiveIn,
    RefusedMotiveTimes,
    SocialServiceMotives,
)
from referrals_service.orientation.table import current_table
from referrals_service.requests.abilities import MANAGERS, SENDER
from referrals_service.requests.caisse_calendar import CaisseCalendar, calendar_of
from servicekit import journal
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid
from servicekit.problems import problems
from servicekit.route import router

ASK: Final = "orientation.ask"
STEER: Final = "orientation.steer"
MAYOTTE: Final = "976"


def _routes_for(audience: Audience, roles: Sequence[str] = ()) -> APIRouter:
    asked = router(f"/api/v1/referrals/{audience}", tags=[str(audience)])

    @asked.post(
        "/orientation",
        operation_id=f"{audience}_orientation",
        responses=problems(Invalid),
        openapi_extra=access(audience, purpose=ASK, roles=roles, journal=False, reads=True),
    )
    async def orient(given: OrientationIn, session: DbSession, actor: CurrentActor) -> OrientationAnswer:
        """Ask the next question that still matters, or say who takes it, why, by which rules and what to do."""
        calendar = calendar_of(actor.caisse)
        table = current_table(calendar.today())
        try:
            check(table, given.answers)
        except NoSuchAnswer as error:
            raise _no_such_answer(error.code) from error
        facts = await _facts(session, actor, calendar)
        return views.orientation(table, facts, walk(table, facts, given.answers), actor.caisse)

    @asked.get(
        "/social-service-motives",
        operation_id=f"{audience}_social_service_motives",
        openapi_extra=access(audience, purpose=ASK, roles=roles, journal=False),
    )
    async def motives(actor: CurrentActor) -> SocialServiceMotives:
        """List what the social service takes on, and what it does not with who does (SS-03, SS-04, SS-05)."""
        return views.motives(current_table(calendar_of(actor.caisse).today()), actor.caisse)

    @asked.post(
        "/refused-motives",
        operation_id=f"{audience}_count_refused_motive",
        openapi_extra=access(audience, purpose=ASK, roles=roles),
    )
    async def stopped(given: RefusedMotiveIn, session: DbSession, actor: CurrentActor) -> Counted:
        """Count that a motive the social service does not take was stopped before the form (SS-05)."""
        today = calendar_of(actor.caisse).today()
        await counting.count(session, actor, given.motive, today)
        return Counted(on_day=today)

    return asked


ORIENTATION: Final = (
    _routes_for(Audience.PARTNER, [SENDER]),
    _routes_for(Audience.AGENT),
    _routes_for(Audience.APP),
)

steering: Final = router("/api/v1/referrals/agent", tags=["agent"])


@steering.get(
    "/refused-motives",
    operation_id="agent_refused_motives",
    openapi_extra=access(Audience.AGENT, purpose=STEER, roles=sorted(MANAGERS)),
)
async def refused_motives(
    session: DbSession, actor: CurrentActor, from_on: Annotated[date, Query()], until_on: Annotated[date, Query()]
) -> list[RefusedMotiveTimes]:
    """Say how often each refused motive was stopped in the caisse, both days counted; ten lines, always."""
    journal.read(session, "refused_motive_count", ())
    found = await counting.counts(session, actor, from_on, until_on)
    return [RefusedMotiveTimes(motive=motive, times=times) for motive, times in found.items()]


async def _facts(session: AsyncSession, actor: Actor, calendar: CaisseCalendar) -> dict[str, str]:
    """Return what is known without asking: the urgency line (LUP-01) and the territory."""
    return {
        "urgent_door": UrgentDoor.OPEN if await _may_use_lup(session, actor, calendar.today()) else UrgentDoor.CLOSED,
        "territory": Territory.MAYOTTE if calendar.department == MAYOTTE else Territory.ELSEWHERE,
    }


async def _may_use_lup(session: AsyncSession, actor: Actor, today: date) -> bool:
    """Tell whether the urgency line is for this caller today: agents hand over to it, partners must be trained."""
    if actor.audience is not Audience.PARTNER:
        return actor.audience is Audience.AGENT
    right = PartnerRight
    held = exists().where(
        right.caisse == actor.caisse,
        right.structure_id == actor.structure_id,
        right.right == "lup",
        or_(right.account.is_(None), right.account == actor.account_id),
        right.from_on <= today,
        or_(right.until_on.is_(None), right.until_on >= today),
        or_(right.ended_on.is_(None), right.ended_on > today),
    )
    return bool(await session.scalar(select(held)))


def _no_such_answer(code: str) -> Invalid:
    message = "Cette question ou cette réponse n'existe pas dans l'orientation en vigueur."
    return Invalid("Reprenez l'orientation depuis le début.", errors=[{"field": f"answers.{code}", "message": message}])
