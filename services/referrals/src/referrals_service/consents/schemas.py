"""What is sent and answered about agreements. Outputs have no default."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from referrals_service.consents.codes import ConsentScope, ConsentState, WithdrawalEffect
from referrals_service.requests.codes import AgreementChannel, RequestKind, Side


class ConsentWithdrawalIn(BaseModel):
    """The person's word: which day it was said, and how. No reason is asked."""

    model_config = ConfigDict(extra="forbid")

    withdrawn_on: date
    channel: AgreementChannel


class ConsentAbilities(BaseModel):
    """What the reader may do to an agreement."""

    withdraw: bool


class ConsentOut(BaseModel):
    """An agreement: told what, for what, to whom, when, how, until when; and its end."""

    id: UUID
    version: int
    request_id: UUID
    scope: ConsentScope
    purpose: RequestKind
    recipient: str
    recipient_name: str
    statement_version: str
    told: Sequence[str]
    informed_on: date
    channel: AgreementChannel
    side: Side
    recorded_at: datetime
    expires_on: date
    state: ConsentState
    withdrawn_on: date | None
    withdrawn_channel: AgreementChannel | None
    withdrawn_side: Side | None
    effect: WithdrawalEffect | None
    abilities: ConsentAbilities
