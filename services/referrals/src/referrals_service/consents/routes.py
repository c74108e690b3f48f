"""Agreements for both sides: see on what a request rests, write down that it was taken back, print the receipt."""

from uuid import UUID

from fastapi import Response

from referrals_service.consents import views, withdrawing
from referrals_service.consents.queries import ConsentNotFound
from referrals_service.consents.schemas import ConsentOut, ConsentWithdrawalIn
from referrals_service.consents.views import NotWithdrawn
from referrals_service.consents.withdrawing import ConsentOver
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import FOLLOW, SUBMIT, TRIAGE
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.abilities import AGENT_ROLES, SENDER
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import StaleVersion, VersionRequired
from servicekit.letters.desk_schemas import PDF, PdfResponse
from servicekit.letters.typesetting import CannotBePrinted
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, set_etag

partner_consents = router("/api/v1/referrals/partner", tags=["consents"])
agent_consents = router("/api/v1/referrals/agent", tags=["consents"])

_READ = problems()
_WITHDRAW = problems(ConsentNotFound, ConsentOver, StaleVersion, VersionRequired)
_PRINT = {**problems(ConsentNotFound, NotWithdrawn, PersonNotFound, CannotBePrinted, ReadingBudgetSpent), **PDF}
_NAMED = ("technical", "identity")


@partner_consents.get(
    "/requests/{request_id}/consents",
    operation_id="partner_request_consents",
    responses=_READ,
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER]),
)
async def partner_list(request_id: UUID, session: DbSession, actor: CurrentActor) -> list[ConsentOut]:
    """List what the person agreed to for a request of the structure."""
    return await views.of_request(session, actor, request_id)


@partner_consents.post(
    "/consents/{consent_id}/withdraw",
    operation_id="partner_withdraw_consent",
    responses=_WITHDRAW,
    openapi_extra=access(Audience.PARTNER, purpose=SUBMIT, roles=[SENDER]),
)
async def partner_withdraw(
    consent_id: UUID,
    given: ConsentWithdrawalIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Write down that the person took an agreement back; the caisse is told and stops."""
    done = await withdrawing.withdraw(session, actor, consent_id, version, given)
    set_etag(response, done.version)
    return done


@partner_consents.get(
    "/consents/{consent_id}/receipt",
    operation_id="partner_consent_receipt",
    response_class=PdfResponse,
    responses=_PRINT,
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER], shows=_NAMED),
)
async def partner_receipt(consent_id: UUID, session: DbSession, actor: CurrentActor) -> PdfResponse:
    """Print the receipt of an agreement that was taken back, for the person."""
    return PdfResponse(await views.receipt(session, actor, consent_id))


@agent_consents.get(
    "/requests/{request_id}/consents",
    operation_id="agent_request_consents",
    responses=_READ,
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES),
)
async def agent_list(request_id: UUID, session: DbSession, actor: CurrentActor) -> list[ConsentOut]:
    """List what the person agreed to for a request."""
    return await views.of_request(session, actor, request_id)


@agent_consents.post(
    "/consents/{consent_id}/withdraw",
    operation_id="agent_withdraw_consent",
    responses=_WITHDRAW,
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES),
)
async def agent_withdraw(
    consent_id: UUID,
    given: ConsentWithdrawalIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Write down that the person took an agreement back; the structure is told."""
    done = await withdrawing.withdraw(session, actor, consent_id, version, given)
    set_etag(response, done.version)
    return done


@agent_consents.get(
    "/consents/{consent_id}/receipt",
    operation_id="agent_consent_receipt",
    response_class=PdfResponse,
    responses=_PRINT,
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES, shows=_NAMED),
)
async def agent_receipt(consent_id: UUID, session: DbSession, actor: CurrentActor) -> PdfResponse:
    """Print the receipt of an agreement that was taken back, for the person."""
    return PdfResponse(await views.receipt(session, actor, consent_id))
