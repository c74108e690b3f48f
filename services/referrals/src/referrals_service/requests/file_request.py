"""A partner files a complete request at once: the front door's hot path."""

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests.codes import DetectionMode
from referrals_service.requests.filing import notices, require_sendable
from referrals_service.requests.forms.parts import warnings_of
from referrals_service.requests.front_door import admit
from referrals_service.requests.reporting import pass_to_social_service
from referrals_service.requests.schemas import FiledReceipt, FilingIn
from referrals_service.requests.write_request import Filing, write_request
from servicekit.access import Actor


async def file_request(session: AsyncSession, actor: Actor, given: FilingIn) -> FiledReceipt:
    """Check everything, then write everything.

    Raises `PortalClosed`, `PersonNotFound`, `TrainingRequired`, `UrgentLineClosed`, `Invalid` with each error of
    the form, `AlreadyOpen`.
    """
    form = given.form
    door = await admit(session, actor, given.person_id, form.kind)
    door.require_training(form.kind)
    await require_sendable(session, actor, door, given.person_id, form)
    filing = Filing(
        person_id=given.person_id,
        form=form,
        queue=door.queue_of(form),
        urgent=form.is_urgent,
        detector=door.detector,
        mode=DetectionMode.EXTERNAL,
        trained=door.trained,
        today=door.today,
        due_on=door.due_on(form),
    )
    filed = await write_request(session, actor, filing, "request.file")
    await pass_to_social_service(session, actor.caisse, filed.id, form.kind)
    return FiledReceipt(
        id=filed.id,
        version=1,
        state=filed.coarse,
        number=filed.number,
        due_on=filing.due_on,
        warnings=notices([*door.remarks(form.kind), *warnings_of(form)]),
    )
