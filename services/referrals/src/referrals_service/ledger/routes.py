"""The ledger of what left: of one request for its structure, of a person for the agent in charge and the DPO."""

from uuid import UUID

from referrals_service.ledger import reading
from referrals_service.ledger.schemas import Ledger
from referrals_service.persons.grants import FOLLOW, TRIAGE
from referrals_service.persons.register import PersonNotFound
from referrals_service.persons.routes_agent import IN_CHARGE
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.queries import RequestNotFound
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.problems import problems
from servicekit.route import router

ledgers = router("/api/v1/referrals", tags=["ledger"])


@ledgers.get(
    "/partner/requests/{request_id}/ledger",
    operation_id="partner_request_ledger",
    responses=problems(RequestNotFound),
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER]),
)
async def partner_ledger(request_id: UUID, session: DbSession, actor: CurrentActor) -> Ledger:
    """Tell what left through a request of the structure: what, to whom, when, on which agreement."""
    return await reading.of_request(session, actor, request_id)


@ledgers.get(
    "/agent/persons/{person_id}/ledger",
    operation_id="agent_person_ledger",
    responses=problems(PersonNotFound),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=IN_CHARGE),
)
async def agent_ledger(person_id: UUID, session: DbSession, actor: CurrentActor) -> Ledger:
    """Tell everything that left about a person entrusted to the agent or the unit."""
    return await reading.of_entrusted(session, actor, person_id)


@ledgers.get(
    "/officer/persons/{person_id}/ledger",
    operation_id="officer_person_ledger",
    responses=problems(PersonNotFound),
    openapi_extra=access(Audience.OFFICER, purpose="security.audit", roles=["dpo"], shows=["technical", "audit"]),
)
async def officer_ledger(person_id: UUID, session: DbSession, actor: CurrentActor) -> Ledger:
    """Tell the data-protection officer everything that left about a person, who asks for it."""
    return await reading.for_officer(session, actor, person_id)
