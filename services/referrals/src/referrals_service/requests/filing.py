"""What a filing writes, whether it comes complete at once or from a draft: detail, fact, grant, receipt.

Drafts and complete requests share the refusal of a step that is already under way (ESP-13).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import TRIAGE, Holder, grant
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests import facts, labels, queries
from referrals_service.requests.codes import CoarseState, DetectionMode, DetectorKind, Queue, RequestKind
from referrals_service.requests.lifecycle import OPEN
from referrals_service.requests.misas_form import MisasForm, Remark
from referrals_service.requests.models import R
from referrals_service.requests.schemas import Notice
from servicekit import journal
from servicekit.access import Actor
from servicekit.errors import Conflict

RESOURCE: Final = "request"


class AlreadyOpen(Conflict):
    """The same step is already under way for this person (ESP-13)."""

    slug = "already-open"
    title = "Une demande est déjà en cours"


async def already_open(session: AsyncSession, actor: Actor, person_id: UUID, kind: RequestKind) -> AlreadyOpen:
    """Return the refusal: with the request to follow when it is the structure's own, with nothing else otherwise."""
    own = queries.rows_for(actor).where(R.person_id == person_id, R.kind == kind, R.coarse.in_(sorted(OPEN)))
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


def submitted(
    caisse: str,
    subject: facts.RequestSubject,
    form: MisasForm,
    *,
    kind: RequestKind,
    queue: Queue,
    detector: DetectorKind,
    mode: DetectionMode,
    trained: bool | None,
    due_on: date,
    origin: tuple[str, UUID] | None = None,
) -> facts.RequestSubmitted:
    """Return what others learn of a filing: codes only."""
    return facts.RequestSubmitted(
        caisse=caisse,
        subject=subject,
        payload=facts.Submitted(
            kind=kind,
            queue=queue,
            detector_kind=detector,
            detection_mode=mode,
            detector_trained=trained,
            scopes=form.scopes,
            motives=form.motives,
            renounced_care=[facts.Care(care_type=c.care_type, reasons=c.reasons) for c in form.renounced_care],
            due_on=due_on,
            origin_caisse=origin[0] if origin else None,
            origin=origin[1] if origin else None,
        ),
    )


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


def note_filing(session: AsyncSession, action: str, request_id: UUID, person_id: UUID, form: MisasForm) -> None:
    """Name the request and the person in the journal, with the fingerprint of what was sent."""
    journal.change(session, action, RESOURCE, request_id, subjects=[person_id], after=misas_values(form))


def notices(remarks: Iterable[Remark]) -> list[Notice]:
    """Return remarks as a receipt shows them."""
    return [Notice(field=r.field, message=r.message, rule=r.rule) for r in remarks]
