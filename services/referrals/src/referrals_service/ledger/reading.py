"""The ledger, gathered from what already remembers what left: no second copy can differ from it.

Policies decide what of it exists for the reader: a structure finds its own requests and what was addressed to it,
an agent and the officer the caisse's. What people wrote is never read here.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents.codes import ConsentState
from referrals_service.ledger.codes import LedgerItem, RecipientKind
from referrals_service.ledger.schemas import Ledger, LedgerEntry, OnAgreement
from referrals_service.letters.composing import body_name
from referrals_service.letters.kinds import kinds
from referrals_service.persons import queries as persons
from referrals_service.persons.models import Person
from referrals_service.persons.register import RESOURCE, PersonNotFound
from referrals_service.requests import queries as requests
from referrals_service.requests.codes import AgreementChannel, RedirectTarget, Side
from referrals_service.requests.models import R
from referrals_service.requests.queries import RequestNotFound
from servicekit import journal
from servicekit.access import Actor

AT_MOST: Final = 1000

_ENTRIES: Final = text(
    """
    WITH mine AS (
        SELECT caisse, id, number, structure_id, submitted_at FROM requests
        WHERE caisse = :caisse AND person_id = :person AND submitted_at IS NOT NULL
            AND (CAST(:request AS uuid) IS NULL OR id = :request)
    ), gone AS (
        SELECT t.id, t.at, CASE t.verb WHEN 'submit' THEN 'request' WHEN 'redirect' THEN 'redirection'
                ELSE 'reception' END AS item,
            NULL AS detail, t.side,
            CASE WHEN t.verb = 'redirect' AND t.target IN ('queue', 'lup') THEN 'service' ELSE 'body' END AS kind,
            CASE WHEN t.verb <> 'redirect' THEN t.caisse ELSE coalesce(t.target_body, t.target) END AS recipient,
            t.structure_id, t.request_id
        FROM request_transitions t JOIN mine ON mine.caisse = t.caisse AND mine.id = t.request_id
        WHERE t.verb IN ('submit', 'redirect', 'receive')
        UNION ALL
        SELECT m.id, m.at, 'message', NULL, m.side,
            CASE m.side WHEN 'partner' THEN 'body' ELSE 'structure' END,
            CASE m.side WHEN 'partner' THEN m.caisse ELSE m.structure_id::text END, m.structure_id, m.request_id
        FROM request_messages m JOIN mine ON mine.caisse = m.caisse AND mine.id = m.request_id
        UNION ALL
        SELECT d.id, greatest(d.kept_at, mine.submitted_at), 'document', d.item,
            CASE d.side WHEN 'partner' THEN 'partner' ELSE 'caisse' END,
            CASE WHEN d.side = 'partner' THEN 'body' ELSE 'structure' END,
            CASE WHEN d.side = 'partner' THEN d.caisse ELSE d.structure_id::text END, d.structure_id, d.case_id
        FROM documents d JOIN mine ON mine.caisse = d.caisse AND mine.id = d.case_id
        WHERE d.kept_at IS NOT NULL
        UNION ALL
        SELECT l.id, l.made_at, 'letter', l.kind, 'caisse',
            CASE WHEN l.structure_id IS NULL THEN 'person' ELSE 'structure' END,
            l.structure_id::text, l.structure_id, l.about
        FROM letters l JOIN mine ON mine.caisse = l.caisse AND mine.id = l.about
        UNION ALL
        SELECT p.id, p.at, p.item, NULL, CASE WHEN p.structure_id IS NULL THEN 'caisse' ELSE 'partner' END,
            p.recipient_kind, p.recipient, p.structure_id, p.request_id
        FROM person_disclosures p
        WHERE p.caisse = :caisse AND p.person_id = :person
            AND (CAST(:request AS uuid) IS NULL OR p.request_id = :request)
    )
    SELECT gone.*, mine.number, c.id AS consent_id, c.informed_on, c.channel, c.state, c.withdrawn_on
    FROM gone LEFT JOIN mine ON mine.id = gone.request_id
    LEFT JOIN LATERAL (
        SELECT id, informed_on, channel, state, withdrawn_on FROM consents
        WHERE caisse = :caisse AND request_id = gone.request_id
        -- The last one given before; the first one for the filing itself, which is written a moment before it.
        ORDER BY recorded_at <= gone.at DESC, CASE WHEN recorded_at <= gone.at THEN recorded_at END DESC, recorded_at
        LIMIT 1
    ) c ON true
    ORDER BY gone.at DESC, gone.id DESC LIMIT :limit
    """
).bindparams(bindparam("person", type_=Uuid), bindparam("request", type_=Uuid))


async def of_request(session: AsyncSession, actor: Actor, request_id: UUID) -> Ledger:
    """Return what left through one request that the actor sees. Raises `RequestNotFound`."""
    one = requests.reached_by(actor, select(R.person_id)).where(R.id == request_id)
    person_id: UUID | None = await session.scalar(one)
    if person_id is None:
        raise RequestNotFound
    return await _gathered(session, actor, person_id, request_id)


async def of_entrusted(session: AsyncSession, actor: Actor, person_id: UUID) -> Ledger:
    """Return everything that left about a person open to the actor. Raises `PersonNotFound`."""
    shown = persons.visible_to(actor).with_only_columns(Person.id).where(Person.id == person_id)
    if await session.scalar(shown) is None:
        raise PersonNotFound
    return await _gathered(session, actor, person_id, None)


async def for_officer(session: AsyncSession, actor: Actor, person_id: UUID) -> Ledger:
    """Return the same to the data-protection officer, who sees no name by it. Raises `PersonNotFound`."""
    # The register itself has nothing for the officer: nothing left of a person without a request.
    known = select(R.id).where(R.caisse == actor.caisse, R.person_id == person_id, R.submitted_at.is_not(None))
    if await session.scalar(known.limit(1)) is None:
        raise PersonNotFound
    return await _gathered(session, actor, person_id, None)


async def _gathered(session: AsyncSession, actor: Actor, person_id: UUID, request_id: UUID | None) -> Ledger:
    asked = {"caisse": actor.caisse, "person": person_id, "request": request_id, "limit": AT_MOST + 1}
    rows = (await session.execute(_ENTRIES, asked)).all()
    journal.read(session, RESOURCE, [person_id], resource_ids=[request_id or person_id])
    return Ledger(
        caisse_name=body_name(actor.caisse), entries=[_entry(row) for row in rows[:AT_MOST]], more=len(rows) > AT_MOST
    )


def _entry(row: Row[*tuple[Any, ...]]) -> LedgerEntry:
    kind = RecipientKind(row.kind)
    if row.recipient == RedirectTarget.SOCIAL_SERVICE:
        # The caisse of the person has a social service of its own.
        kind = RecipientKind.SERVICE
    return LedgerEntry(
        id=row.id,
        at=row.at,
        item=LedgerItem(row.item),
        detail=kinds()[row.detail].label if row.item == LedgerItem.LETTER else row.detail,
        side=Side(row.side),
        recipient_kind=kind,
        recipient=row.recipient,
        recipient_name=body_name(row.recipient) if kind is RecipientKind.BODY else None,
        structure_id=row.structure_id,
        request_id=row.request_id,
        request_number=row.number,
        agreement=None
        if row.consent_id is None
        else OnAgreement(
            id=row.consent_id,
            informed_on=row.informed_on,
            channel=AgreementChannel(row.channel),
            state=ConsentState(row.state),
            withdrawn_on=row.withdrawn_on,
        ),
    )
