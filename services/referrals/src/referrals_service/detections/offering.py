"""The mission is offered on the telephone: accepted, a referral is filed; declined, that is the end of it (MIS-22).

Nothing is opened without the person (MIS-18): until the call there is a name on a list; the agreement given on
the telephone is the referral's, dated of that day.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.detections import queries
from referrals_service.detections.campaigns import require_running
from referrals_service.detections.codes import UNREACHED, CallOutcome, DetectionState
from referrals_service.detections.ending import end
from referrals_service.detections.models import Detection, DetectionCall
from referrals_service.detections.schemas import Agreed, AgreedIn, CallIn
from referrals_service.persons.models import Person
from referrals_service.persons.queries import visible_to
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import AgreementChannel, DetectionMode, DetectorKind
from referrals_service.requests.file_internally import file_internally
from referrals_service.requests.forms.parts import InformedIn
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.schemas_agent import InternalFilingIn
from referrals_service.requests.statements import current_statement
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.errors import Conflict
from servicekit.writes import require_version

RESOURCE: Final = "detection"


class AlreadyEnded(Conflict):
    """Somebody offered already, or the campaign is over."""

    slug = "detection-ended"
    title = "Détection terminée"

    def __init__(self) -> None:
        super().__init__("Cette détection n'est plus à proposer : un collègue l'a traitée, ou la campagne est finie.")


async def log_call(session: AsyncSession, actor: Actor, detection_id: UUID, version: int, given: CallIn) -> Detection:
    """Keep what a call gave; after as many calls without reaching anybody as the caisse decided, give up.

    Raises `DetectionNotFound`, `AlreadyEnded`, `CampaignOver`, `PersonNotFound`.
    """
    detection = await _to_offer(session, actor, detection_id, version)
    _called(session, actor, detection, CallOutcome(given.outcome))
    if given.outcome is CallOutcome.DECLINED:
        await end(session, detection, DetectionState.DECLINED, by=actor.sub)
    elif given.outcome in UNREACHED:
        detection.unreached += 1
        if detection.unreached >= await calls_before_giving_up(session, actor.caisse):
            await end(session, detection, DetectionState.UNREACHABLE, by=actor.sub)
        else:
            detection.version += 1
    else:
        detection.version += 1
    await session.flush()
    journal.change(session, "detection.call", RESOURCE, detection.id, subjects=[detection.person_id])
    return detection


async def agree(session: AsyncSession, actor: Actor, detection_id: UUID, version: int, given: AgreedIn) -> Agreed:
    """File the referral that the person agreed to on the telephone, into the one queue there is (MIS-19).

    Raises as `log_call`, and as `file_internally`: `Invalid` with each error of the form, `AlreadyOpen`.
    """
    detection = await _to_offer(session, actor, detection_id, version)
    today = calendar_of(actor.caisse).today()
    told = InformedIn(
        informed_on=today,
        agrees_to_be_called=True,
        channel=AgreementChannel.PHONE,
        statement_version=current_statement(today).version,
    )
    campaign = await queries.campaign(session, actor, detection.campaign_id)
    form = given.form.model_copy(update={"informed": told, "phone": given.form.phone or detection.phone})
    filed = await file_internally(
        session,
        actor,
        InternalFilingIn(
            person_id=detection.person_id,
            detector_kind=DetectorKind.REQUETE,
            detection_mode=DetectionMode(campaign.mode),
            form=form,
        ),
    )
    _called(session, actor, detection, CallOutcome.ACCEPTED)
    await end(session, detection, DetectionState.ACCEPTED, by=actor.sub, request_id=filed.id)
    journal.change(session, "detection.agree", RESOURCE, detection.id, subjects=[detection.person_id])
    return Agreed(
        id=detection.id,
        version=detection.version,
        state=detection.state,
        request_id=filed.id,
        number=filed.number,
    )


async def calls_before_giving_up(session: AsyncSession, caisse: str) -> int:
    """Return after how many calls that reach nobody a detection ends."""
    return (await settings_of(session, caisse, calendar_of(caisse).today())).detection_calls


async def _to_offer(session: AsyncSession, actor: Actor, detection_id: UUID, version: int) -> Detection:
    detection = await queries.detection_for_update(session, actor, detection_id)
    if detection.state != DetectionState.TO_OFFER:
        raise AlreadyEnded
    require_version(detection.version, version)
    require_running(await queries.campaign(session, actor, detection.campaign_id))
    entrusted = visible_to(actor).with_only_columns(Person.id).where(Person.id == detection.person_id)
    if (await session.execute(select(entrusted.exists()))).scalar_one() is not True:
        raise PersonNotFound
    return detection


def _called(session: AsyncSession, actor: Actor, detection: Detection, outcome: CallOutcome) -> None:
    at = clock.now()
    detection.last_call_at = at
    session.add(
        DetectionCall(
            caisse=detection.caisse,
            detection_id=detection.id,
            id=new_id(),
            at=at,
            by=actor.sub,
            outcome=outcome,
        )
    )
