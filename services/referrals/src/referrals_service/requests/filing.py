"""What a filing writes, whether it comes complete at once or from a draft: detail, fact, grant, receipt.

Drafts and complete requests share the refusal of a step that is already under way (ESP-13).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import TRIAGE, Holder, grant
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests import facts, labels, queries
from referrals_service.requests.codes import CoarseState, DetectionMode, DetectorKind, Queue, RequestKind
from referrals_service.requests.forms.follow_up import FollowUpIn
from referrals_service.requests.forms.misas import MisasForm, MisasFormIn
from referrals_service.requests.forms.parts import Form, Remark
from referrals_service.requests.front_door import Door
from referrals_service.requests.lifecycle import OPEN
from referrals_service.requests.models import R
from referrals_service.requests.schemas import Notice
from servicekit import journal
from servicekit.access import Actor
from servicekit.errors import Conflict, Invalid

RESOURCE: Final = "request"


class AlreadyOpen(Conflict):
    """The same step is already under way for this person (ESP-13)."""

    slug = "already-open"
    title = "Une demande est déjà en cours"


async def already_open(
    session: AsyncSession, actor: Actor, person_id: UUID, kind: RequestKind, topic: str
) -> AlreadyOpen:
    """Return the refusal: with the request to follow when it is the structure's own, with nothing else otherwise."""
    own = queries.rows_for(actor).where(
        R.person_id == person_id, R.kind == kind, R.topic == topic, R.coarse.in_(sorted(OPEN))
    )
    found = (await session.execute(own)).one_or_none()
    if found is None:
        return AlreadyOpen(
            "Une démarche du même type est déjà en cours pour cette personne. La caisse la traite : il n'est pas "
            "nécessaire d'en envoyer une autre.",
            rule="ESP-13",
        )
    return AlreadyOpen(
        f"Votre structure a déjà envoyé cette demande sous le numéro {found.number}. Suivez-la, ou écrivez à la "
        "caisse sur cette demande.",
        rule="ESP-13",
        existing={
            "id": str(found.id),
            "number": found.number,
            "state": found.coarse,
            "state_label": labels.PARTNER[CoarseState(found.coarse)],
        },
    )


def misas_values(form: MisasForm) -> dict[str, Any]:
    """Return what `misas_referrals` keeps of a form."""
    return {
        "scopes": list(form.scopes),
        "motives": list(form.motives),
        "renounced_care": [
            {"care_type": care.care_type, "detail": care.detail, "reasons": list(care.reasons)}
            for care in form.renounced_care
        ],
        "situation_note": form.situation_note,
        "informed_on": form.informed_on,
        "agreement_channel": form.agreement_channel,
        "statement_version": form.statement_version,
        "phone": form.phone,
        "best_time": form.best_time,
        "detector_note": form.detector_note,
    }


def kept_form(form: Form) -> dict[str, Any]:
    """Return a form as drafts and `request_details` keep it."""
    return form.model_dump(mode="json")


def submitted(
    caisse: str,
    subject: facts.RequestSubject,
    form: Form,
    *,
    queue: Queue,
    urgent: bool,
    detector: DetectorKind,
    mode: DetectionMode,
    trained: bool | None,
    due_on: date,
    origin: tuple[str, UUID] | None = None,
) -> facts.RequestSubmitted:
    """Return what others learn of a filing: codes only."""
    misas = form if isinstance(form, MisasFormIn) else None
    return facts.RequestSubmitted(
        caisse=caisse,
        subject=subject,
        payload=facts.Submitted(
            kind=form.kind,
            topic=form.topic or None,
            urgent=urgent,
            queue=queue,
            detector_kind=detector,
            detection_mode=mode,
            detector_trained=trained,
            scopes=misas.scopes if misas else [],
            motives=misas.motives if misas else [],
            renounced_care=[
                facts.Care(care_type=care.care_type, reasons=care.reasons)
                for care in (misas.renounced_care if misas else [])
                if care.care_type is not None
            ],
            due_on=due_on,
            origin_caisse=origin[0] if origin else None,
            origin=origin[1] if origin else None,
        ),
    )


async def require_sendable(session: AsyncSession, actor: Actor, door: Door, person_id: UUID, form: Form) -> None:
    """Raise `Invalid` with every error of a form that this sender cannot send for this person."""
    errors = [*door.errors(form), *await _earlier_errors(session, actor, person_id, form)]
    if errors:
        raise Invalid("Des informations manquent ou sont à corriger.", errors=[e.as_json() for e in errors])


async def _earlier_errors(session: AsyncSession, actor: Actor, person_id: UUID, form: Form) -> list[Remark]:
    if not isinstance(form, FollowUpIn) or form.about is None:
        return []
    own = queries.reached_by(actor, select(R.id)).where(
        R.id == form.about, R.person_id == person_id, R.number.is_not(None)
    )
    if await session.scalar(own) is not None:
        return []
    return [Remark("about", "Cette demande n'est pas une demande de votre structure pour cette personne.", "ESP-02")]


def unit_of(queue: Queue, department: str) -> str:
    """Return the code of the unit that works on a queue; a social service has one in each department."""
    return f"ss_{department.lower()}" if queue is Queue.SS else str(queue)


async def open_to_queue(
    session: AsyncSession, caisse: str, person_id: UUID, *, queue: Queue, department: str, origin: UUID, by: str
) -> None:
    """Let whoever works on the queue see the person while the request waits."""
    unit = Holder.unit(unit_of(queue, department))
    if not await grant(session, caisse, person_id, unit, TRIAGE, by=by, origin=origin):
        raise PersonNotFound


def note_filing(session: AsyncSession, action: str, request_id: UUID, person_id: UUID, form: Form) -> None:
    """Name the request and the person in the journal, with the fingerprint of what was sent."""
    journal.change(session, action, RESOURCE, request_id, subjects=[person_id], after=kept_form(form))


def notices(remarks: Iterable[Remark]) -> list[Notice]:
    """Return remarks as a receipt shows them."""
    return [Notice(field=r.field, message=r.message, rule=r.rule) for r in remarks]
