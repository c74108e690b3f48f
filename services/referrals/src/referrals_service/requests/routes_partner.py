"""What a partner does to its structure's requests."""

from uuid import UUID

from fastapi import Response, status

from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests import answering, completing, drafts, messages, voiding, withdraw
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.answering import ReopeningTooLate
from referrals_service.requests.file_request import file_request
from referrals_service.requests.filing import AlreadyOpen
from referrals_service.requests.forms.every import FormIn
from referrals_service.requests.front_door import PortalClosed, TrainingRequired, UrgentLineClosed
from referrals_service.requests.lifecycle import TransitionRefused
from referrals_service.requests.queries import RequestNotFound
from referrals_service.requests.schemas import (
    CompleteIn,
    DraftIn,
    DraftReceipt,
    FiledReceipt,
    FilingIn,
    MessageIn,
    MessageReceipt,
    ReopenIn,
    VoidIn,
    WithdrawIn,
)
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid, StaleVersion, VersionRequired
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, tagged

partner_acts = router("/api/v1/referrals/partner/requests", tags=["partner"])

_CHANGES = (RequestNotFound, TransitionRefused, StaleVersion, VersionRequired)
_SUBMIT = access(Audience.PARTNER, purpose=SUBMIT, roles=[SENDER])
_FOLLOW = access(Audience.PARTNER, purpose=FOLLOW, roles=[SENDER])


@partner_acts.post(
    "",
    operation_id="partner_draft_request",
    status_code=status.HTTP_201_CREATED,
    responses=problems(PortalClosed, PersonNotFound),
    openapi_extra=_SUBMIT,
)
async def draft_request(given: DraftIn, session: DbSession, actor: CurrentActor, response: Response) -> DraftReceipt:
    """Begin a request for a person of the structure; it is kept as a draft until it is sent."""
    return tagged(response, await drafts.create_draft(session, actor, given))


@partner_acts.post(
    "/file",
    operation_id="partner_file_request",
    status_code=status.HTTP_201_CREATED,
    responses=problems(PortalClosed, PersonNotFound, TrainingRequired, UrgentLineClosed, AlreadyOpen, Invalid),
    openapi_extra=_SUBMIT,
)
async def file_complete_request(
    given: FilingIn, session: DbSession, actor: CurrentActor, response: Response
) -> FiledReceipt:
    """Send a complete request at once, without a draft."""
    return tagged(response, await file_request(session, actor, given))


@partner_acts.put(
    "/{request_id}/form",
    operation_id="partner_save_form",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_SUBMIT,
)
async def save_form(
    request_id: UUID,
    form: FormIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> DraftReceipt:
    """Keep what was typed so far; any field may still be missing."""
    return tagged(response, await drafts.save_form(session, actor, request_id, version, form))


@partner_acts.post(
    "/{request_id}/submit",
    operation_id="partner_submit_request",
    responses=problems(
        *_CHANGES, PortalClosed, PersonNotFound, TrainingRequired, UrgentLineClosed, AlreadyOpen, Invalid
    ),
    openapi_extra=_SUBMIT,
)
async def submit_request(
    request_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> FiledReceipt:
    """Send a draft; everything that is missing is listed field by field and the draft stays."""
    return tagged(response, await drafts.submit_draft(session, actor, request_id, version))


@partner_acts.post(
    "/{request_id}/discard",
    operation_id="partner_discard_request",
    responses=problems(*_CHANGES),
    openapi_extra=_SUBMIT,
)
async def discard_request(
    request_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Throw a draft away with what was typed."""
    return tagged(response, await drafts.discard_draft(session, actor, request_id, version))


@partner_acts.post(
    "/{request_id}/withdraw",
    operation_id="partner_withdraw_request",
    responses=problems(*_CHANGES),
    openapi_extra=_SUBMIT,
)
async def withdraw_request(
    request_id: UUID,
    given: WithdrawIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Take a request back before the caisse has answered."""
    return tagged(response, await withdraw.withdraw(session, actor, request_id, version, given))


@partner_acts.post(
    "/{request_id}/complete",
    operation_id="partner_complete_request",
    responses=problems(*_CHANGES),
    openapi_extra=_SUBMIT,
)
async def complete_request(
    request_id: UUID,
    given: CompleteIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Tell the caisse that what was missing is there now: its clock goes on."""
    return tagged(response, await completing.complete(session, actor, request_id, version, given))


@partner_acts.post(
    "/{request_id}/close",
    operation_id="partner_close_request",
    responses=problems(*_CHANGES),
    openapi_extra=_FOLLOW,
)
async def close_request(
    request_id: UUID,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Close a request whose answer was read."""
    return tagged(response, await answering.close_read(session, actor, request_id, version))


@partner_acts.post(
    "/{request_id}/reopen",
    operation_id="partner_reopen_request",
    responses=problems(*_CHANGES, AlreadyOpen, ReopeningTooLate),
    openapi_extra=_SUBMIT,
)
async def reopen_request(
    request_id: UUID,
    given: ReopenIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Ask again about a request that was answered and is not settled."""
    return tagged(response, await answering.reopen(session, actor, request_id, version, given))


@partner_acts.post(
    "/{request_id}/void",
    operation_id="partner_void_request",
    responses=problems(*_CHANGES),
    openapi_extra=_SUBMIT,
)
async def void_request(
    request_id: UUID,
    given: VoidIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Say that a request was entered in error: it is kept and counts nowhere."""
    return tagged(response, await voiding.void(session, actor, request_id, version, given))


@partner_acts.post(
    "/{request_id}/make-ordinary",
    operation_id="partner_make_request_ordinary",
    responses=problems(*_CHANGES, Invalid),
    openapi_extra=_SUBMIT,
)
async def make_request_ordinary(
    request_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> DraftReceipt:
    """Go on with an urgent draft as an ordinary request, nothing retyped."""
    return tagged(response, await drafts.make_draft_ordinary(session, actor, request_id, version))


@partner_acts.post(
    "/{request_id}/messages",
    operation_id="partner_post_message",
    status_code=status.HTTP_201_CREATED,
    responses=problems(RequestNotFound, TransitionRefused),
    openapi_extra=_FOLLOW,
)
async def post_message(request_id: UUID, given: MessageIn, session: DbSession, actor: CurrentActor) -> MessageReceipt:
    """Write to the caisse; it is then the caisse's turn."""
    return await messages.post(session, actor, request_id, given.text, expects_answer=True)


@partner_acts.post(
    "/{request_id}/read",
    operation_id="partner_mark_request_read",
    responses=problems(RequestNotFound),
    openapi_extra=_FOLLOW,
)
async def mark_request_read(request_id: UUID, session: DbSession, actor: CurrentActor) -> Receipt:
    """Say that what the caisse wrote was seen."""
    return await messages.mark_read(session, actor, request_id)
