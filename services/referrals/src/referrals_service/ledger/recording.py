"""Writing down what leaves, in the transaction in which it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.ledger.codes import LedgerItem, RecipientKind
from referrals_service.ledger.models import Disclosure
from servicekit import clock
from servicekit.db import new_id


@dataclass(frozen=True, slots=True)
class To:
    """Who receives; `recipient` is a code of a body or service, or the id of a structure."""

    kind: RecipientKind
    recipient: str


async def disclosed(
    session: AsyncSession,
    caisse: str,
    about: Sequence[tuple[UUID, UUID]],
    item: LedgerItem,
    to: To,
    *,
    actor: str,
    structure: UUID | None,
) -> None:
    """Remember that an item left about each (person, request)."""
    if not about:
        return
    at = clock.now()
    rows = [
        {
            "caisse": caisse,
            "id": new_id(),
            "person_id": person,
            "request_id": request,
            "structure_id": structure,
            "at": at,
            "item": item,
            "recipient_kind": to.kind,
            "recipient": to.recipient,
            "actor": actor,
        }
        for person, request in about
    ]
    await session.execute(insert(Disclosure), rows)
