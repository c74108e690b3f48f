"""What an agent does with letters: make them, follow a batch, read them again; and the desk of templates."""

from uuid import UUID

from fastapi import status

from referrals_service.letters import making
from referrals_service.letters.composing import NoAddress, first_letterhead
from referrals_service.letters.kinds import EDITORS, kinds
from referrals_service.letters.making import NobodyToWriteTo
from referrals_service.letters.schemas import BatchIn, BatchOut, LetterIn, LetterOut
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import TRIAGE
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.abilities import AGENT_ROLES
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.queries import RequestNotFound
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid
from servicekit.letters.batches import BatchNotFound, LetterNotFound
from servicekit.letters.desk import template_desk
from servicekit.letters.desk_schemas import PDF, PdfResponse
from servicekit.letters.typesetting import CannotBePrinted
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import Receipt

agent_letters = router("/api/v1/referrals/agent", tags=["letters"])
templates = template_desk(
    "referrals",
    tuple(kinds().values()),
    editors=EDITORS,
    head=first_letterhead,
    today=lambda caisse: calendar_of(caisse).today(),
)

_LISTS = access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES)
_READS = access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES, shows=["technical", "identity"])
_FOLLOWS = access(Audience.AGENT, purpose=TRIAGE, roles=AGENT_ROLES, journal=False)


@agent_letters.get(
    "/requests/{request_id}/letters",
    operation_id="agent_request_letters",
    responses=problems(RequestNotFound),
    openapi_extra=_LISTS,
)
async def list_letters(request_id: UUID, session: DbSession, actor: CurrentActor) -> list[LetterOut]:
    """List the letters made about a request, newest first."""
    return [making.shown(row) for row in await making.of_request(session, actor, request_id)]


@agent_letters.post(
    "/requests/{request_id}/letters",
    operation_id="agent_make_letter",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        RequestNotFound, PersonNotFound, NobodyToWriteTo, NoAddress, CannotBePrinted, ReadingBudgetSpent, Invalid
    ),
    openapi_extra=_READS,
)
async def make_letter(request_id: UUID, given: LetterIn, session: DbSession, actor: CurrentActor) -> Receipt:
    """Produce a letter: the receipt for the structure, or the letter to a person who cannot be reached."""
    return await making.make(session, actor, request_id, given)


@agent_letters.get(
    "/letters/{letter_id}",
    operation_id="agent_read_letter",
    response_class=PdfResponse,
    responses={**problems(LetterNotFound), **PDF},
    openapi_extra=_READS,
)
async def read_letter(letter_id: UUID, session: DbSession, actor: CurrentActor) -> PdfResponse:
    """Give a letter as PDF, the same bytes each time."""
    return PdfResponse(await making.pdf_of(session, actor, letter_id))


@agent_letters.post(
    "/letter-batches",
    operation_id="agent_make_letters",
    status_code=status.HTTP_201_CREATED,
    responses=problems(RequestNotFound, NobodyToWriteTo, Invalid),
    openapi_extra=_LISTS,
)
async def make_letters(given: BatchIn, session: DbSession, actor: CurrentActor) -> Receipt:
    """Have the receipts of up to 200 requests printed by a job; follow it under the receipt's id."""
    return await making.make_batch(session, actor, given)


@agent_letters.get("/letter-batches", operation_id="agent_letter_batches", openapi_extra=_FOLLOWS)
async def list_batches(session: DbSession, actor: CurrentActor) -> list[BatchOut]:
    """List the latest batches that the agent began."""
    return await making.batches_of(session, actor)


@agent_letters.get(
    "/letter-batches/{batch_id}",
    operation_id="agent_letter_batch",
    responses=problems(BatchNotFound),
    openapi_extra=_FOLLOWS,
)
async def read_batch(batch_id: UUID, session: DbSession, actor: CurrentActor) -> BatchOut:
    """Tell how far a batch is."""
    [found] = await making.batches_of(session, actor, batch_id)
    return found
