"""What the partner desk does about trainings (PAR-01, LUP-01, MIS-21)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from fastapi import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.accounts import queries as accounts
from partners_service.accounts.models import Assignment
from partners_service.bodies.queries import today
from partners_service.codes import TrainingState
from partners_service.lifecycle import STRUCTURE, TransitionRefused, possible
from partners_service.parameters import parameters_of
from partners_service.rights import OPENED_BY_TRAINING
from partners_service.roles import PARTNER_DESK
from partners_service.structures import queries as structures
from partners_service.structures.models import Structure
from partners_service.trainings.models import RightHeld, Training
from partners_service.trainings.schemas import AttendanceIn, TrainingIn
from servicekit import clock, journal
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession, new_id
from servicekit.errors import Conflict, Invalid, NotFound, StaleVersion
from servicekit.facts import emit
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of, require_version

DESK = router("/api/v1/partners/agent", tags=["trainings"])

MANAGES = access(Audience.AGENT, purpose="partner.manage", roles=PARTNER_DESK)
REFUSALS = problems(NotFound, TransitionRefused, StaleVersion)


@DESK.post(
    "/structures/{structure_id}/trainings",
    status_code=201,
    summary="Planifier ou enregistrer une formation",
    responses=problems(NotFound, Conflict, Invalid),
    openapi_extra=MANAGES,
)
async def add_training(
    structure_id: UUID, body: TrainingIn, session: DbSession, actor: CurrentActor
) -> Sequence[Receipt]:
    """Planifie une formation, ou enregistre celle qui a eu lieu. Une formation LUP ou MisAS suivie ouvre son
    droit, pour la durée que la caisse a fixée, à la structure entière ou aux personnes nommées."""
    structure = await structures.get(session, actor, structure_id)
    if not possible(STRUCTURE, structure.state):
        raise Conflict("Cette structure est refusée ou fermée.", state=str(structure.state))
    present = await today(session, actor.caisse)
    if body.attended and body.on > present:
        message = "Une formation à venir ne peut pas avoir été suivie."
        raise Invalid(message, errors=[{"field": "on", "message": message}])
    await _require_members(session, actor, structure, body.account_ids)
    at = clock.now()
    named: Sequence[UUID | None] = body.account_ids or [None]
    receipts = []
    for account_id in named:
        training = Training(
            caisse=actor.caisse,
            id=new_id(),
            structure_id=structure.id,
            account_id=account_id,
            kind=body.kind,
            state=TrainingState.PLANNED,
            on_date=body.on,
            version=1,
            created_at=at,
        )
        session.add(training)
        training.enter(actor, at)
        emit(session, training.planned())
        if body.attended:
            await _record(session, actor, training, at, attended=True)
        receipts.append(Receipt(id=training.id, version=training.version, state=training.state))
    journal.change(session, "add_training", "structure", structure.id, subjects=body.account_ids)
    return receipts


@DESK.post(
    "/trainings/{training_id}/record",
    summary="Enregistrer la présence",
    responses=REFUSALS | problems(Invalid),
    openapi_extra=MANAGES,
)
async def record_training(
    training_id: UUID,
    body: AttendanceIn,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Dit si une formation planifiée a été suivie ; suivie, elle ouvre le droit de son type."""
    training = await _for_change(session, actor, training_id, version)
    if training.on_date is not None and training.on_date > await today(session, actor.caisse):
        raise Invalid("Cette formation n'a pas encore eu lieu.")
    await _record(session, actor, training, clock.now(), attended=body.attended)
    journal.change(session, "record_training", "training", training.id, subjects=_about(training))
    return receipt_of(response, training, training.state)


@DESK.post(
    "/trainings/{training_id}/cancel",
    summary="Annuler une formation",
    responses=REFUSALS,
    openapi_extra=MANAGES,
)
async def cancel_training(
    training_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Annule une formation qui n'a pas eu lieu."""
    training = await _for_change(session, actor, training_id, version)
    emit(session, training.cancel(actor, clock.now()))
    journal.change(session, "cancel_training", "training", training.id, subjects=_about(training))
    return receipt_of(response, training, training.state)


@DESK.post(
    "/rights/{right_id}/end",
    summary="Retirer un droit",
    responses=problems(NotFound, Conflict, StaleVersion),
    openapi_extra=MANAGES,
)
async def end_right(
    right_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
) -> Receipt:
    """Retire avant son terme un droit ouvert par une formation, avec effet immédiat."""
    statement = select(RightHeld).where(RightHeld.caisse == actor.caisse, RightHeld.id == right_id).with_for_update()
    held = (await session.scalars(statement)).one_or_none()
    if held is None:
        raise NotFound("Ce droit n'existe pas dans votre caisse.")
    require_version(held.version, version)
    present = await today(session, actor.caisse)
    last_on = held.holding.last_on
    if last_on is not None and last_on < present:
        raise Conflict("Ce droit a déjà pris fin.")
    emit(session, held.end(present))
    journal.change(session, "end_right", "right", held.id)
    return receipt_of(response, held, "ended")


async def _for_change(session: AsyncSession, actor: Actor, training_id: UUID, version: int) -> Training:
    statement = select(Training).where(Training.caisse == actor.caisse, Training.id == training_id).with_for_update()
    training = (await session.scalars(statement)).one_or_none()
    if training is None:
        raise NotFound("Cette formation n'existe pas dans votre caisse.")
    require_version(training.version, version)
    return training


async def _record(session: AsyncSession, actor: Actor, training: Training, at: datetime, *, attended: bool) -> None:
    training.hold(actor, at)
    emit(session, training.record(actor, at, attended=attended))
    if training.kind not in OPENED_BY_TRAINING:
        return
    parameters = await parameters_of(session, training.caisse, training.on_date or date.max)
    right = training.opens(parameters.months_of(training.kind))
    if right is not None:
        session.add(right)
        emit(session, right.granted())


async def _require_members(
    session: AsyncSession, actor: Actor, structure: Structure, account_ids: Sequence[UUID]
) -> None:
    """Refuse a training of somebody who holds no role in the structure."""
    statement = accounts.roles_visible_to(actor).where(
        Assignment.structure_id == structure.id,
        Assignment.account_id.in_(account_ids),
        Assignment.ended_at.is_(None),
    )
    members = {role.account_id for role in await session.scalars(statement)}
    if members != set(account_ids):
        message = "Une des personnes nommées n'a pas de rôle dans cette structure."
        raise Invalid(message, errors=[{"field": "account_ids", "message": message}])


def _about(training: Training) -> list[UUID]:
    return [training.account_id] if training.account_id else []
