"""A partner files a complete request at once: the front door's hot path."""

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests.codes import DetectionMode
from referrals_service.requests.filing import notices
from referrals_service.requests.front_door import admit
from referrals_service.requests.misas_form import complete, warnings_of
from referrals_service.requests.schemas import FiledReceipt, FilingIn
from referrals_service.requests.write_request import Filing, write_request
from servicekit.access import Actor


async def file_request(session: AsyncSession, actor: Actor, given: FilingIn) -> FiledReceipt:
    """Check everything, then write everything.

    Raises `PortalClosed`, `PersonNotFound`, `TrainingRequired`, `Invalid` with each error of the form,
    `AlreadyOpen`.
    """
    door = await admit(session, actor, given.person_id)
    door.require_training()
    filing = Filing(
        kind=given.kind,
        person_id=given.person_id,
        form=complete(given.form, door.today),
        detector=door.detector,
        mode=DetectionMode.EXTERNAL,
        trained=door.trained,
        today=door.today,
        due_on=door.calendar.deadline(door.today, door.settings.review_delay(given.kind).delay),
    )
    filed = await write_request(session, actor, filing, "request.file")
    return FiledReceipt(
        id=filed.id,
        version=1,
        state=filed.coarse,
        number=filed.number,
        due_on=filing.due_on,
        warnings=notices([*door.remarks, *warnings_of(given.form)]),
    )
