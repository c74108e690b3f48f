"""Documents of a request: announced, received, removed, opened."""

from collections.abc import Iterable
from typing import Any, Final, Literal
from uuid import UUID

from fastapi import Request as HttpRequest
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from referrals_service.documents.access import may_add, may_open, may_read, may_remove
from referrals_service.documents.codes import DocumentItem
from referrals_service.documents.schemas import AnnouncedIn, DocumentReceipt
from referrals_service.persons import register
from referrals_service.requests import facts, queries
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, RequestKind
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.lifecycle import TransitionRefused
from referrals_service.requests.models import By, Request
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.documents import announcing, erasing, opening, receiving, rows
from servicekit.documents.keyring import Secrecy
from servicekit.documents.lifecycle import DocumentState
from servicekit.documents.refusals import DocumentNotFound, DocumentRefused
from servicekit.documents.rows import Document
from servicekit.documents.settings import documents_of
from servicekit.errors import Forbidden
from servicekit.facts import emit
from servicekit.route import Steps

RESOURCE: Final = "document"
EVENT: Final = "document"


async def announce(session: AsyncSession, actor: Actor, request_id: UUID, given: AnnouncedIn) -> Document:
    """Keep a place for a document of a request. Raises `DocumentRefused`, `DocumentLimit`, `TransitionRefused`."""
    # Locked, so that two files announced at once do not both take the last place.
    request = await queries.get_for_update(session, actor, request_id)
    _require(may_add(actor, await queries.detail(session, actor, request_id)), request)
    document = await announcing.announce(
        session,
        actor,
        announcing.Announced(
            case_id=request.id,
            structure_id=request.structure_id,
            item=given.item,
            secrecy=Secrecy.ORDINARY,
            name=given.name,
            media_type=given.media_type,
            size_bytes=given.size_bytes,
        ),
    )
    journal.change(session, "document.announce", RESOURCE, document.id, subjects=[request.person_id])
    return document


async def receive(
    http: HttpRequest, steps: Steps, actor: Actor, request_id: UUID, document_id: UUID
) -> DocumentReceipt:
    """Take the content of an announced document; nothing is locked and no transaction is open while it comes."""
    async with steps.look() as session:
        expected = await receiving.expected_content(session, actor.caisse, document_id, actor.sub)
        row = await queries.detail(session, actor, request_id)
        if expected.case_id != row.id:
            raise DocumentNotFound
        documents = documents_of(session)
    try:
        kept = await receiving.receive(http, expected, documents)
    except DocumentRefused as refused:
        async with steps.change(refused.status) as session:
            await receiving.refuse(session, expected, refused.reason)
            journal.change(session, "document.refuse", RESOURCE, expected.id, subjects=[row.person_id])
        raise
    async with steps.change(200) as session:
        request = await queries.get_for_update(session, actor, request_id)
        _require(may_add(actor, await queries.detail(session, actor, request_id)), request)
        state = await receiving.keep(session, expected, kept)
        if request.coarse != CoarseState.DRAFT:
            _tell(session, actor, request, expected)
        journal.change(session, "document.add", RESOURCE, expected.id, subjects=[request.person_id])
    return DocumentReceipt(id=expected.id, state=state)


def _require(allowed: bool, request: Request) -> None:
    if allowed:
        return
    if request.state not in request.lifecycle.conversation and request.coarse != CoarseState.DRAFT:
        raise TransitionRefused("On ne peut plus ajouter de document à cette demande.")
    raise Forbidden("Seul l'agent chargé de la demande peut adresser un document au partenaire.")


def _tell(session: AsyncSession, actor: Actor, request: Request, document: Document) -> None:
    """Let the other side know: what it has not seen, and whose turn it is."""
    by = By.of(actor)
    request.touch(EVENT, clock.now())
    request.hand_turn(by.side, expects_answer=False)
    if document.side == "partner":
        request.unread_by_caisse += 1
    else:
        request.unread_by_partner += 1
    announce_added(session, request, [document])


def announce_added(session: AsyncSession, request: Request, documents: Iterable[Document]) -> None:
    """Emit the fact of each document; those of a draft are announced when it is sent."""
    for document in documents:
        side: Literal["partner", "caisse"] = "partner" if document.side == "partner" else "caisse"
        emit(
            session,
            facts.RequestDocumentAdded(
                caisse=request.caisse,
                subject=request.subject,
                payload=facts.DocumentAdded(
                    kind=RequestKind(request.kind),
                    document=document.id,
                    side=side,
                    item=DocumentItem(document.item),
                    media_type=document.media_type.value,
                ),
            ),
        )


async def announce_sent(session: AsyncSession, request: Request) -> None:
    """Emit the facts of the documents that go with a request just sent."""
    announce_added(session, request, await rows.of_case(session, request.caisse, request.id))


async def remove(session: AsyncSession, actor: Actor, request_id: UUID, document_id: UUID) -> DocumentReceipt:
    """Remove a document for good: its key is destroyed at once."""
    await queries.get_for_update(session, actor, request_id)
    row = await queries.detail(session, actor, request_id)
    document = await _of(session, actor, row, document_id)
    if not may_remove(actor, row, document):
        raise Forbidden("Un document envoyé ne se retire plus. Signalez l'erreur par un message à la caisse.")
    await erasing.erase(session, actor.caisse, document.id)
    journal.change(session, "document.remove", RESOURCE, document.id, subjects=[row.person_id])
    return DocumentReceipt(id=document.id, state=DocumentState.ERASED)


async def ticket(session: AsyncSession, actor: Actor, request_id: UUID, document_id: UUID) -> tuple[str, Any]:
    """Return a ticket for a document, and when it expires."""
    row = await queries.detail(session, actor, request_id)
    document = await _of(session, actor, row, document_id)
    await _require_openable(session, actor, row, document)
    journal.read(session, RESOURCE, [row.person_id], resource_ids=[document.id])
    return await opening.issue(session, actor, document)


async def open_with(session: AsyncSession, actor: Actor, token: str) -> Response:
    """Give the document of a ticket; whether the actor may open it is looked at again."""
    document_id = await opening.use(session, actor, token)
    document = await rows.one(session, actor.caisse, document_id)
    if document is None:
        raise DocumentNotFound
    row = await queries.detail(session, actor, document.case_id)
    await _require_openable(session, actor, row, document)
    journal.read(session, RESOURCE, [row.person_id], resource_ids=[document.id])
    return await opening.content(session, document)


async def _of(session: AsyncSession, actor: Actor, row: Row[Any], document_id: UUID) -> Document:
    document = await rows.one(session, actor.caisse, document_id)
    if document is None or document.case_id != row.id:
        raise DocumentNotFound
    return document


async def _require_openable(session: AsyncSession, actor: Actor, row: Row[Any], document: Document) -> None:
    """Refuse a reader who may not, or no longer, open it; whoever is told of a person is counted."""
    if not may_read(actor, row, await register.card(session, actor, [row.person_id])):
        raise DocumentNotFound
    opening.require_openable(document)
    settings = await settings_of(session, actor.caisse, calendar_of(actor.caisse).today())
    if not may_open(actor, document, clock.system_now(), settings.document_reread_days):
        raise Forbidden(
            f"Un document envoyé se relit pendant {settings.document_reread_days} jours. Ce délai est passé."
        )
