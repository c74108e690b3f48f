"""What a structure does with letters: read those addressed to it, print the sheet to be signed."""

from uuid import UUID

from referrals_service.letters import composing, making
from referrals_service.letters.kinds import kinds
from referrals_service.letters.schemas import PartnerLetterOut
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.queries import RequestNotFound
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.letters.desk_schemas import PDF, PdfResponse
from servicekit.letters.producing import LetterNotFound
from servicekit.letters.typesetting import CannotBePrinted, typesetter
from servicekit.problems import problems
from servicekit.route import router

partner_letters = router("/api/v1/referrals/partner", tags=["letters"])

_FOLLOWS = access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER])


@partner_letters.get(
    "/requests/{request_id}/letters",
    operation_id="partner_request_letters",
    responses=problems(RequestNotFound),
    openapi_extra=_FOLLOWS,
)
async def list_letters(request_id: UUID, session: DbSession, actor: CurrentActor) -> list[PartnerLetterOut]:
    """List the letters that the caisse addressed to the structure about a request."""
    rows = await making.of_request(session, actor, request_id)
    return [
        PartnerLetterOut(id=row.id, kind=row.kind, label=kinds()[row.kind].label, made_at=row.made_at) for row in rows
    ]


@partner_letters.get(
    "/letters/{letter_id}",
    operation_id="partner_read_letter",
    response_class=PdfResponse,
    responses={**problems(LetterNotFound), **PDF},
    openapi_extra=_FOLLOWS,
)
async def read_letter(letter_id: UUID, session: DbSession, actor: CurrentActor) -> PdfResponse:
    """Give a letter addressed to the structure, as PDF."""
    return PdfResponse(await making.pdf_of(session, actor, letter_id))


@partner_letters.get(
    "/persons/{person_id}/misas-sheet",
    operation_id="partner_misas_sheet",
    response_class=PdfResponse,
    responses={**problems(PersonNotFound, CannotBePrinted, ReadingBudgetSpent), **PDF},
    openapi_extra=access(Audience.PARTNER, purpose=SUBMIT, roles=[SENDER], shows=["technical", "identity"]),
)
async def misas_sheet(person_id: UUID, session: DbSession, actor: CurrentActor) -> PdfResponse:
    """Print the sheet of information and agreement that the person signs, in the person's language if it exists."""
    return PdfResponse(await typesetter().pdf(await composing.sheet_of(session, actor, person_id)))
