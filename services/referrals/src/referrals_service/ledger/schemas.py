"""The ledger as it is shown. Outputs have no default; nothing that was written is repeated here."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from referrals_service.consents.codes import ConsentState
from referrals_service.ledger.codes import LedgerItem, RecipientKind
from referrals_service.requests.codes import AgreementChannel, Side


class OnAgreement(BaseModel):
    """The agreement on which something left, and what became of it since."""

    id: UUID
    informed_on: date
    channel: AgreementChannel
    state: ConsentState
    withdrawn_on: date | None


class LedgerEntry(BaseModel):
    """One thing that left. `detail` is a code (document) or a label (letter); names are asked of the directory."""

    id: UUID
    at: datetime
    item: LedgerItem
    detail: str | None
    side: Side
    recipient_kind: RecipientKind
    recipient: str | None
    recipient_name: str | None
    structure_id: UUID | None
    request_id: UUID | None
    request_number: str | None
    agreement: OnAgreement | None


class Ledger(BaseModel):
    """Everything that left, newest first; `caisse_name` keeps it."""

    caisse_name: str
    entries: Sequence[LedgerEntry]
    more: bool
