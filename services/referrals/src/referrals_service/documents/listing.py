"""The documents of a request as each side sees them, and what would help it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.documents.access import may_add, may_open, may_read, may_remove
from referrals_service.documents.acts import RESOURCE
from referrals_service.documents.checklist import checklist
from referrals_service.documents.codes import DocumentItem
from referrals_service.documents.schemas import ChecklistLine, DocumentLimitsOut, DocumentOut, RequestDocuments
from referrals_service.persons import register
from referrals_service.requests import queries, views
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import RequestKind
from referrals_service.requests.front_door import settings_of
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.documents import rows
from servicekit.documents.lifecycle import DocumentState
from servicekit.documents.rows import Document
from servicekit.documents.settings import documents_of


async def listed(session: AsyncSession, actor: Actor, request_id: UUID) -> RequestDocuments:
    """Return the documents of a request; none to an agent who only shares the work out."""
    row = await queries.detail(session, actor, request_id)
    today = calendar_of(actor.caisse).today()
    settings = await settings_of(session, actor.caisse, today)
    cards = await register.card(session, actor, [row.person_id])
    readable = may_read(actor, row, cards)
    found = await rows.of_case(session, actor.caisse, row.id) if readable else []
    journal.read(session, RESOURCE, [row.person_id], resource_ids=[document.id for document in found])
    side = "partner" if actor.audience is Audience.PARTNER else "agent"
    limits = documents_of(session).limits
    sent = [document for document in found if document.side == side and document.state is not DocumentState.REFUSED]
    given = {document.item for document in found if document.side == "partner"}
    return RequestDocuments(
        withheld=not readable,
        items=[_shown(actor, row, document, settings.document_reread_days) for document in found],
        checklist=[
            ChecklistLine(item=item, need=need, given=item in given)
            for item, need in (checklist(RequestKind(row.kind), _calls_for(row), today) if readable else ())
        ],
        limits=DocumentLimitsOut(file_bytes=limits.file_bytes, files_left=max(0, limits.files_per_case - len(sent))),
        add=may_add(actor, row),
    )


def _shown(actor: Actor, row: Row[Any], document: Document, reread_days: int) -> DocumentOut:
    return DocumentOut(
        id=document.id,
        item=DocumentItem(document.item),
        name=document.name,
        media_type=document.media_type,
        size_bytes=document.size_bytes,
        side="partner" if document.side == "partner" else "caisse",
        state=document.state,
        scan=document.scan,
        kept_at=document.kept_at,
        open=may_open(actor, document, clock.system_now(), reread_days),
        remove=may_remove(actor, row, document),
    )


def _calls_for(row: Row[Any]) -> Sequence[str]:
    form = views.form_of(row)
    return [] if form is None else form.calls_for
