"""The end of a detection: the number goes, the person closes to the mission, a record made for it keeps little.

Whoever declined, or was never reached, asked for nothing: what the list told of them beyond name and birth date is
forgotten, unless the register knows them otherwise. Name and birth date stay, so that the next list does not call
again (MIS-22).
"""

from typing import Final
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.detections import facts
from referrals_service.detections.codes import CampaignMode, DetectionState, TargetPopulation
from referrals_service.detections.models import Detection, DetectionCampaign
from referrals_service.persons import grants
from referrals_service.persons.codes import Channel
from referrals_service.persons.facts import Amended, PersonAmended, PersonSubject
from referrals_service.persons.models import Person, PersonGrant
from referrals_service.requests.models import Request
from servicekit import clock
from servicekit.facts import emit

_GROUPS: Final = ("contact", "household")


async def end(
    session: AsyncSession, detection: Detection, state: DetectionState, *, by: str, request_id: UUID | None = None
) -> None:
    """End a detection that is locked and to be offered."""
    if state is not DetectionState.ACCEPTED and detection.entered:
        await _forget_contact(session, detection)
    await grants.revoke(session, detection.caisse, by=by, person_id=detection.person_id, origin=detection.id)
    detection.state, detection.phone, detection.request_id = state, None, request_id
    detection.ended_at = clock.now()
    detection.version += 1
    await session.flush()
    found = select(DetectionCampaign.mode, DetectionCampaign.population).where(
        DetectionCampaign.caisse == detection.caisse, DetectionCampaign.id == detection.campaign_id
    )
    campaign = (await session.execute(found)).one()
    emit(
        session,
        facts.DetectionEnded(
            caisse=detection.caisse,
            subject=facts.DetectionSubject(
                detection=detection.id, campaign=detection.campaign_id, person=detection.person_id
            ),
            payload=facts.Ended(
                mode=CampaignMode(campaign.mode),
                population=None if campaign.population is None else TargetPopulation(campaign.population),
                state=state,
                unreached=detection.unreached,
                request=request_id,
            ),
        ),
    )


async def _forget_contact(session: AsyncSession, detection: Detection) -> None:
    caisse, person_id = detection.caisse, detection.person_id
    one = select(Person).where(Person.caisse == caisse, Person.id == person_id)
    person = (await session.scalars(one.with_for_update())).one()
    known_otherwise = select(
        exists().where(Request.caisse == caisse, Request.person_id == person_id),
        exists().where(
            PersonGrant.caisse == caisse,
            PersonGrant.person_id == person_id,
            PersonGrant.revoked_at.is_(None),
            PersonGrant.reason.is_(None),
            or_(PersonGrant.origin_id.is_(None), PersonGrant.origin_id != detection.id),
        ),
    )
    if any((await session.execute(known_otherwise)).one()):
        return
    person.phone = person.phone_kind = person.email = person.postcode = person.city = person.department = None
    person.address_lines, person.safe_hours, person.preferred_channel = [], None, Channel.VIA_STRUCTURE
    person.adults, person.children_born_on, person.household_note = 0, [], None
    person.version += 1
    person.updated_at = clock.now()
    await session.flush()
    subject = PersonSubject(person=person.id, structure=person.structure_id)
    emit(
        session,
        PersonAmended(caisse=caisse, subject=subject, payload=Amended(groups=list(_GROUPS), by="caisse")),
    )
