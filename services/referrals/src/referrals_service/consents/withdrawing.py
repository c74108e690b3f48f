"""A person takes an agreement back: what was open on it closes, whoever received something is told.

Nobody has to be in charge to write this down: the person may say it to the structure or to any agent who sees the
request, and is not asked why. A request that waits for its answer is withdrawn. Where somebody already has the
person in charge, everybody else loses sight of the person at once, and that agent keeps it for the days that a
refused request stays readable, to close what was begun. What another body received on it stops there too.
"""

from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.consents import facts, queries
from referrals_service.consents.codes import ConsentScope, ConsentState, WithdrawalEffect
from referrals_service.consents.models import Consent
from referrals_service.consents.schemas import ConsentWithdrawalIn
from referrals_service.jobs import jobs
from referrals_service.persons.grants import TRIAGE, Holder, grant, revoke
from referrals_service.requests import facts as request_facts
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import (
    AgreementChannel,
    CoarseState,
    RequestKind,
    Side,
    Verb,
    WithdrawalReason,
)
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.models import By, Request
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.errors import Conflict, Invalid
from servicekit.facts import emit
from servicekit.jobs import defer
from servicekit.writes import Receipt, require_version

RESOURCE: Final = "consent"
RECEIPT_TIME: Final = timedelta(hours=12)


class ConsentOver(Conflict):
    """It was already taken back."""

    slug = "consent-over"
    title = "Accord déjà retiré"

    def __init__(self) -> None:
        super().__init__("Cet accord a déjà été retiré : les échanges qui reposaient sur lui sont arrêtés.")


async def withdraw(
    session: AsyncSession, actor: Actor, consent_id: UUID, version: int, given: ConsentWithdrawalIn
) -> Receipt:
    """Write down that the person took an agreement back. Raises `ConsentNotFound`, `ConsentOver`, `Invalid`."""
    consent, request = await queries.get_for_update(session, actor, consent_id)
    if consent.state == ConsentState.WITHDRAWN:
        raise ConsentOver
    require_version(consent.version, version)
    if not consent.informed_on <= given.withdrawn_on <= calendar_of(actor.caisse).today():
        message = "Indiquez un jour passé, depuis que la personne a donné son accord."
        raise Invalid(message, errors=[{"field": "withdrawn_on", "message": message}])
    await _end(session, consent, request, By.of(actor), given)
    journal.change(session, "consent.withdraw", RESOURCE, consent.id, subjects=[consent.person_id])
    return Receipt(id=consent.id, version=consent.version, state=consent.state)


async def _end(session: AsyncSession, consent: Consent, request: Request, by: By, given: ConsentWithdrawalIn) -> None:
    effect = await _stop(session, request, by)
    consent.state, consent.effect, consent.ended_at = ConsentState.WITHDRAWN, effect, clock.now()
    consent.withdrawn_on, consent.withdrawn_channel = given.withdrawn_on, given.channel
    consent.withdrawn_side, consent.withdrawn_by = by.side, by.actor
    consent.version += 1
    await session.flush()
    emit(
        session,
        facts.ConsentWithdrawn(
            caisse=consent.caisse,
            subject=subject_of(consent),
            payload=facts.Withdrawn(
                scope=ConsentScope(consent.scope),
                purpose=consent.purpose,
                side=_side(by),
                channel=given.channel,
                effect=effect,
            ),
        ),
    )
    # A report to the social service is held by another body from the day it is sent.
    if request.coarse == CoarseState.REDIRECTED or request.kind == RequestKind.SS_REFERRAL:
        await defer(session, withdraw_elsewhere, caisse=consent.caisse, consent_id=consent.id)


async def _stop(session: AsyncSession, request: Request, by: By) -> WithdrawalEffect:
    """Close what is open on the agreement that this request rests on; tell what that was."""
    at = clock.now()
    if request.lifecycle.allows(request.state, Verb.WITHDRAW):
        step = request.step(Verb.WITHDRAW, by, at, reason=WithdrawalReason.PERSON_DECLINES)
        session.add(step)
        await session.flush()
        emit(
            session,
            request_facts.RequestWithdrawn(
                caisse=request.caisse,
                subject=request.subject,
                payload=request_facts.Withdrawn(
                    kind=RequestKind(request.kind), reason=WithdrawalReason.PERSON_DECLINES
                ),
            ),
        )
        effect = WithdrawalEffect.REQUEST_WITHDRAWN
    elif request.coarse in {CoarseState.TAKEN_ON, CoarseState.REDIRECTED}:
        effect = WithdrawalEffect.TO_STOP
    else:
        effect = WithdrawalEffect.NOTHING_OPEN
    await revoke(session, request.caisse, by=by.actor, person_id=request.person_id, origin=request.id)
    await _let_finish(session, request, by, effect)
    if by.side is not Side.CAISSE:
        request.unread_by_caisse += 1
    elif request.structure_id is not None:
        request.unread_by_partner += 1
    return effect


async def _let_finish(session: AsyncSession, request: Request, by: By, effect: WithdrawalEffect) -> None:
    """Leave the person open to the agent who closes what was begun, and to the one who hands over the receipt."""
    now = clock.now()
    until = {by.actor: now + RECEIPT_TIME} if by.side is Side.CAISSE else {}
    if effect is WithdrawalEffect.TO_STOP and request.assigned_to is not None:
        settings = await settings_of(session, request.caisse, calendar_of(request.caisse).today())
        until[str(request.assigned_to)] = now + timedelta(days=settings.refused_readable_days)
    for account, end in until.items():
        holder = Holder.account(account)
        await grant(
            session,
            request.caisse,
            request.person_id,
            holder,
            TRIAGE,
            by=by.actor,
            until=end,
            origin=request.id,
        )


@jobs.task("consents.withdraw_elsewhere")
async def withdraw_elsewhere(session: AsyncSession, caisse: str, consent_id: UUID) -> None:
    """Take back, in the bodies that received the request, the agreements that continue one taken back here."""
    taken_back = (
        await session.scalars(select(Consent).where(Consent.caisse == caisse, Consent.id == consent_id))
    ).one()
    continued = select(Consent).where(Consent.origin_caisse == caisse, Consent.origin_id == consent_id)
    for consent in (await session.scalars(continued.order_by(Consent.caisse, Consent.id))).all():
        one = select(Request).where(Request.caisse == consent.caisse, Request.id == consent.request_id)
        request = (await session.scalars(one.with_for_update())).one()
        await session.refresh(consent, with_for_update=True)
        if consent.state == ConsentState.WITHDRAWN or taken_back.withdrawn_on is None:
            continue
        word = ConsentWithdrawalIn(
            withdrawn_on=taken_back.withdrawn_on, channel=AgreementChannel(str(taken_back.withdrawn_channel))
        )
        await _end(session, consent, request, By.system(), word)


def subject_of(consent: Consent) -> facts.ConsentSubject:
    """Return what a fact about an agreement is about."""
    return facts.ConsentSubject(
        consent=consent.id, request=consent.request_id, person=consent.person_id, structure=consent.structure_id
    )


def _side(by: By) -> Literal["partner", "caisse", "system"]:
    if by.side is Side.PARTNER:
        return "partner"
    return "caisse" if by.side is Side.CAISSE else "system"
