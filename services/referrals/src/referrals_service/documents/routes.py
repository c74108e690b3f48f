"""Documents over HTTP: the same acts for both sides, each behind its own audience, roles and purpose."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, status
from starlette.responses import Response

from referrals_service.documents import acts, listing
from referrals_service.documents.schemas import (
    AnnouncedIn,
    AnnouncedOut,
    DocumentReceipt,
    RequestDocuments,
    TicketOut,
)
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import FOLLOW, SUBMIT, TRIAGE
from referrals_service.requests.abilities import AGENT_ROLES, SENDER
from referrals_service.requests.lifecycle import TransitionRefused
from referrals_service.requests.queries import RequestNotFound
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.documents.kinds import MediaType
from servicekit.documents.opening import TicketSpent
from servicekit.documents.refusals import DocumentLimit, DocumentNotFound, DocumentNotReady, DocumentRefused
from servicekit.errors import Forbidden, Unavailable
from servicekit.problems import problems
from servicekit.route import CurrentSteps, router

_SHOWS = ("technical", "documents")
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = {"requestBody": {"required": True, "content": dict.fromkeys(MediaType, _BINARY)}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "Le document, à enregistrer.", "content": dict.fromkeys(MediaType, _BINARY)}
}
Ticket = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")]


@dataclass(frozen=True, slots=True)
class _Side:
    """One side's way in: who, and for what it reads and writes."""

    audience: Audience
    roles: frozenset[str]
    reads_for: str
    writes_for: str

    def reading(self, *, reads: bool = False) -> dict[str, Any]:
        return access(self.audience, purpose=self.reads_for, roles=self.roles, shows=_SHOWS, reads=reads)

    def writing(self, *, streams: bool = False) -> dict[str, Any]:
        return access(self.audience, purpose=self.writes_for, roles=self.roles, streams=streams)


def _documents(side: _Side) -> APIRouter:
    name = side.audience.value
    routes = router(f"/api/v1/referrals/{name}", tags=[name])
    of_request = "/requests/{request_id}/documents"

    @routes.get(
        of_request,
        operation_id=f"{name}_list_documents",
        responses=problems(RequestNotFound),
        openapi_extra=side.reading(),
    )
    async def list_documents(request_id: UUID, session: DbSession, actor: CurrentActor) -> RequestDocuments:
        """List the documents of a request, both ways, and what would help it."""
        return await listing.listed(session, actor, request_id)

    @routes.post(
        of_request,
        operation_id=f"{name}_announce_document",
        status_code=status.HTTP_201_CREATED,
        responses=problems(RequestNotFound, DocumentRefused, DocumentLimit, TransitionRefused, Forbidden),
        openapi_extra=side.writing(),
    )
    async def announce_document(
        request_id: UUID, given: AnnouncedIn, session: DbSession, actor: CurrentActor
    ) -> AnnouncedOut:
        """Say which file is coming; what can be refused is refused before it travels."""
        document = await acts.announce(session, actor, request_id, given)
        path = f"{routes.prefix}{of_request.format(request_id=request_id)}/{document.id}/content"
        return AnnouncedOut(id=document.id, content_url=path)

    @routes.put(
        f"{of_request}/{{document_id}}/content",
        operation_id=f"{name}_send_document",
        responses=problems(RequestNotFound, DocumentNotFound, DocumentRefused, DocumentNotReady, Unavailable),
        openapi_extra=side.writing(streams=True) | _CONTENT,
    )
    async def send_document(
        request_id: UUID, document_id: UUID, request: Request, steps: CurrentSteps, actor: CurrentActor
    ) -> DocumentReceipt:
        """Send the content of an announced file as it is; it is checked, rebuilt and sealed before the answer."""
        return await acts.receive(request, steps, actor, request_id, document_id)

    @routes.post(
        f"{of_request}/{{document_id}}/remove",
        operation_id=f"{name}_remove_document",
        responses=problems(RequestNotFound, DocumentNotFound, Forbidden),
        openapi_extra=side.writing(),
    )
    async def remove_document(
        request_id: UUID, document_id: UUID, session: DbSession, actor: CurrentActor
    ) -> DocumentReceipt:
        """Remove a document for good: a partner from a draft, the agent in charge what was sent by error."""
        return await acts.remove(session, actor, request_id, document_id)

    @routes.post(
        f"{of_request}/{{document_id}}/ticket",
        operation_id=f"{name}_ask_for_document",
        responses=problems(RequestNotFound, DocumentNotFound, DocumentNotReady, Forbidden),
        openapi_extra=side.reading(reads=True),
    )
    async def ask_for_document(
        request_id: UUID, document_id: UUID, session: DbSession, actor: CurrentActor
    ) -> TicketOut:
        """Ask for a document: one address, for one minute, one use and this session."""
        token, expires_at = await acts.ticket(session, actor, request_id, document_id)
        return TicketOut(url=f"{routes.prefix}/documents/{token}", expires_at=expires_at)

    @routes.get(
        "/documents/{ticket}",
        operation_id=f"{name}_open_document",
        response_class=Response,
        responses=problems(TicketSpent, DocumentNotReady, Forbidden, ReadingBudgetSpent) | _FILE,
        openapi_extra=side.reading(),
    )
    async def open_document(ticket: Ticket, session: DbSession, actor: CurrentActor) -> Response:
        """Get a document with its ticket, to be saved: it is never shown in a page."""
        return await acts.open_with(session, actor, ticket)

    return routes


partner_documents = _documents(_Side(Audience.PARTNER, frozenset({SENDER}), FOLLOW, SUBMIT))
agent_documents = _documents(_Side(Audience.AGENT, AGENT_ROLES, TRIAGE, TRIAGE))
