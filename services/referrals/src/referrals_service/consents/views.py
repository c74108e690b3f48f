"""Agreements as both sides see them, and the receipt of one that was taken back."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents import queries
from referrals_service.consents.codes import ConsentScope, ConsentState, WithdrawalEffect
from referrals_service.consents.models import Consent
from referrals_service.consents.schemas import ConsentAbilities, ConsentOut
from referrals_service.consents.withdrawing import RESOURCE
from referrals_service.letters import composing
from referrals_service.requests.codes import AgreementChannel, RequestKind, Side
from referrals_service.requests.statements import told_in
from servicekit import journal
from servicekit.access import Actor
from servicekit.errors import Conflict
from servicekit.letters.typesetting import typesetter


class NotWithdrawn(Conflict):
    """The agreement holds: there is no receipt to give."""

    slug = "consent-not-withdrawn"
    title = "Accord toujours en vigueur"

    def __init__(self) -> None:
        super().__init__("Cet accord n'a pas été retiré : il n'y a pas de reçu à imprimer.")


async def of_request(session: AsyncSession, actor: Actor, request_id: UUID) -> list[ConsentOut]:
    """Return the agreements on which a request rests, newest first."""
    found = await queries.of_request(session, actor, request_id)
    journal.read(
        session, RESOURCE, {consent.person_id for consent in found}, resource_ids=[consent.id for consent in found]
    )
    return [shown(consent) for consent in found]


def shown(consent: Consent) -> ConsentOut:
    """Return one agreement."""
    return ConsentOut(
        id=consent.id,
        version=consent.version,
        request_id=consent.request_id,
        scope=ConsentScope(consent.scope),
        purpose=RequestKind(consent.purpose),
        recipient=consent.recipient,
        recipient_name=composing.body_name(consent.recipient),
        statement_version=consent.statement_version,
        told=told_in(consent.statement_version),
        informed_on=consent.informed_on,
        channel=AgreementChannel(consent.channel),
        side=Side(consent.side),
        recorded_at=consent.recorded_at,
        expires_on=consent.expires_on,
        state=ConsentState(consent.state),
        withdrawn_on=consent.withdrawn_on,
        withdrawn_channel=None if consent.withdrawn_channel is None else AgreementChannel(consent.withdrawn_channel),
        withdrawn_side=None if consent.withdrawn_side is None else Side(consent.withdrawn_side),
        effect=None if consent.effect is None else WithdrawalEffect(consent.effect),
        abilities=ConsentAbilities(withdraw=consent.state != ConsentState.WITHDRAWN),
    )


async def receipt(session: AsyncSession, actor: Actor, consent_id: UUID) -> bytes:
    """Print what is handed to the person: what they took back, when, and what stops. Raises `NotWithdrawn`."""
    consent = await queries.get(session, actor, consent_id)
    if consent.withdrawn_on is None or consent.effect is None:
        raise NotWithdrawn
    snapshot = await composing.consent_receipt(
        session,
        actor,
        consent.person_id,
        request_id=consent.request_id,
        recipient=composing.body_name(consent.recipient),
        given_on=consent.informed_on,
        withdrawn_on=consent.withdrawn_on,
        effect=WithdrawalEffect(consent.effect),
    )
    journal.read(session, RESOURCE, [consent.person_id], resource_ids=[consent.id])
    return await typesetter().pdf(snapshot)
