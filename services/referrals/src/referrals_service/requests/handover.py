"""What accompaniments reads when a referral is accepted: the form, as coded, and who promised what by when.

Under the id of the request. No name, number nor telephone: whoever
needs them asks the register.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.ledger.codes import LedgerItem, RecipientKind
from referrals_service.ledger.recording import To, disclosed
from referrals_service.requests.codes import (
    AgreementChannel,
    CoarseState,
    DetectionMode,
    DetectorKind,
    ReferralMotive,
    ReferralScope,
    RequestKind,
)
from referrals_service.requests.companions import MisasReferral
from referrals_service.requests.models import Request
from referrals_service.requests.schemas import CareOut
from servicekit.handover import Handover, handover_router

ACCOMPANIMENTS: Final = "svc-accompaniments"


class AcceptedReferral(BaseModel):
    """An accepted MisAS referral, whole but for the person's identity."""

    id: UUID
    kind: RequestKind
    number: str
    caisse: str
    person_id: UUID
    structure_id: UUID | None
    sent_by: str
    detector_kind: DetectorKind
    detection_mode: DetectionMode
    submitted_at: datetime
    accepted_at: datetime
    adviser: UUID
    unit: str | None
    first_contact_due_on: date
    scopes: Sequence[ReferralScope]
    motives: Sequence[ReferralMotive]
    renounced_care: Sequence[CareOut]
    situation_note: str | None
    detector_note: str | None
    informed_on: date
    agreement_channel: AgreementChannel
    statement_version: str
    best_time: str | None


async def give(session: AsyncSession, client: str, handover_id: UUID) -> Handover | None:
    """Return an accepted referral to the service that accompanies; nothing to anybody else."""
    if client != ACCOMPANIMENTS:
        return None
    both = (
        select(Request, MisasReferral)
        .join(
            MisasReferral,
            (MisasReferral.caisse == Request.caisse) & (MisasReferral.request_id == Request.id),
        )
        .where(Request.id == handover_id, Request.coarse == CoarseState.TAKEN_ON)
    )
    found = (await session.execute(both)).one_or_none()
    if found is None:
        return None
    request, form = found
    content = AcceptedReferral(
        id=request.id,
        kind=request.kind,
        number=request.number,
        caisse=request.caisse,
        person_id=request.person_id,
        structure_id=request.structure_id,
        sent_by=request.author,
        detector_kind=request.detector_kind,
        detection_mode=request.detection_mode,
        submitted_at=request.submitted_at,
        accepted_at=request.decided_at,
        adviser=request.assigned_to,
        unit=request.unit,
        first_contact_due_on=request.first_contact_due_on,
        scopes=form.scopes,
        motives=form.motives,
        renounced_care=[CareOut.model_validate(care) for care in form.renounced_care],
        situation_note=form.situation_note,
        detector_note=form.detector_note,
        informed_on=form.informed_on,
        agreement_channel=form.agreement_channel,
        statement_version=form.statement_version,
        best_time=form.best_time,
    )
    await disclosed(
        session,
        request.caisse,
        [(request.person_id, request.id)],
        LedgerItem.HANDOVER,
        To(RecipientKind.SERVICE, "accompaniments"),
        actor=client,
        structure=None,
    )
    return Handover(content=content, subjects=(request.person_id,))


handovers = handover_router(
    "referrals",
    give,
    content=AcceptedReferral,
    clients=["accompaniments"],
    shows=["technical", "social", "care_need", "narrative"],
)
