"""What an agent does with letters: make them, follow a batch, read them again; and the desk of templates."""

from uuid import UUID

from fastapi import Response, status

from referrals_service.letters import making
from referrals_service.letters.composing import NoAddress, NoSafeMail, NoTelephone, first_letterhead
from referrals_service.letters.kinds import EDITORS, kinds
from referrals_service.letters.making import NobodyToWriteTo, NoLongerWaiting, NoSuchLetter
from referrals_service.letters.schemas import BatchIn, LetterIn, LetterOut
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import TRIAGE
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.abilities import AGENT_ROLES
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.queries import RequestNotFound
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid
from servicekit.letters.desk import template_desk
from servicekit.letters.desk_schemas import PDF, PdfResponse
from servicekit.letters.producing import LetterNotFound
from servicekit.letters.typesetting import CannotBePrinted
from servicekit.problems import problems
from servicekit.route import router
from servicekit.sheets.writing import MEDIA_TYPES, Format
from servicekit.works.results import RESULT_REFUSALS
from servicekit.works.routes import FILE_ANSWER, attachment
from servicekit.works.sealing import Forgotten
from servicekit.works.work import WorkNotFound
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
        RequestNotFound,
        PersonNotFound,
        NobodyToWriteTo,
        NoLongerWaiting,
        NoSuchLetter,
        NoAddress,
        NoSafeMail,
        NoTelephone,
        CannotBePrinted,
        ReadingBudgetSpent,
        Invalid,
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
    responses=problems(RequestNotFound, NoSuchLetter, NobodyToWriteTo, Invalid),
    openapi_extra=_LISTS,
)
async def make_letters(given: BatchIn, session: DbSession, actor: CurrentActor) -> Receipt:
    """Have the receipts of up to 200 requests printed by a job; follow it as a work."""
    return await making.make_batch(session, actor, given)


@agent_letters.get(
    "/letter-batches/{work_id}/file",
    operation_id="agent_print_letters",
    response_class=PdfResponse,
    responses={**problems(WorkNotFound, LetterNotFound, *RESULT_REFUSALS), **PDF},
    openapi_extra=_LISTS,
)
async def print_letters(work_id: UUID, session: DbSession, actor: CurrentActor) -> Response:
    """Give the letters of a batch in one PDF, to print them all at once."""
    content = await making.batch_pdf(session, actor, work_id)
    return attachment(content, "application/pdf", "accuses-de-reception.pdf")


@agent_letters.get(
    "/letter-batches/{work_id}/refused",
    operation_id="agent_letters_not_made",
    response_class=Response,
    responses=FILE_ANSWER | problems(WorkNotFound, Forgotten),
    openapi_extra=_LISTS,
)
async def letters_not_made(
    work_id: UUID, session: DbSession, actor: CurrentActor, form: Format = Format.XLSX
) -> Response:
    """Give the letters of a batch that were not made, each with the reason."""
    content = await making.refused_sheet(session, actor, work_id, form)
    return attachment(content, MEDIA_TYPES[form], f"lettres-non-produites.{form}")
