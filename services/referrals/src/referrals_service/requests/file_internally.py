"""A service of the caisse detects a situation and files it to the same queue (MIS-17, MIS-19).

No partner stands behind it: nobody but the mission follows it, and the detector is given its number.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import register
from referrals_service.persons.grants import TRIAGE
from referrals_service.persons.models import Person
from referrals_service.persons.queries import visible_to
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.filing import notices
from referrals_service.requests.forms.parts import Circumstances, require_complete, warnings_of
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.reporting import pass_to_social_service
from referrals_service.requests.schemas import FiledReceipt
from referrals_service.requests.schemas_agent import InternalFilingIn
from referrals_service.requests.write_request import Filing, write_request
from servicekit.access import Actor


async def file_internally(session: AsyncSession, actor: Actor, given: InternalFilingIn) -> FiledReceipt:
    """Register the person, or take one entrusted to the agent, and file.

    Raises `PersonNotFound`, `Invalid` with each error of the form, `AlreadyOpen`.
    """
    calendar = calendar_of(actor.caisse)
    today = calendar.today()
    form = given.form
    require_complete(form, Circumstances(today, calendar.department))
    settings = await settings_of(session, actor.caisse, today)
    if given.person is not None:
        person_id = (await register.register(session, actor, given.person)).id
    else:
        entrusted = visible_to(actor, TRIAGE).with_only_columns(Person.id).where(Person.id == given.person_id)
        found: UUID | None = await session.scalar(entrusted)
        if found is None:
            raise register.PersonNotFound
        person_id = found
    filing = Filing(
        person_id=person_id,
        form=form,
        queue=settings.queue_of(form.kind, form.topic),
        urgent=form.is_urgent,
        detector=given.detector_kind,
        mode=given.detection_mode,
        trained=None,
        today=today,
        due_on=calendar.deadline(today, settings.review_delay(form.kind).delay),
    )
    filed = await write_request(session, actor, filing, "request.file_internally")
    await pass_to_social_service(session, actor.caisse, filed.id, form.kind)
    return FiledReceipt(
        id=filed.id,
        version=1,
        state=filed.coarse,
        number=filed.number,
        due_on=filing.due_on,
        warnings=notices(warnings_of(form)),
    )
