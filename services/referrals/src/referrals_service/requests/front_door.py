"""What is checked before anything enters: the structure's portal, the detector's training, the person.

One statement reads it all, since it stands on the path of every filing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, and_, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import ScalarSelect

from referrals_service.network.models import PartnerRight, PartnerStructure
from referrals_service.persons import queries as persons
from referrals_service.persons.grants import FOLLOW
from referrals_service.persons.models import Person
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.caisse_calendar import CaisseCalendar, calendar_of
from referrals_service.requests.caisse_settings import CaisseSettings, settings_on
from referrals_service.requests.codes import DetectorKind, TrainingRule, detector_of
from referrals_service.requests.companions import RequestSetting
from referrals_service.requests.misas_form import Remark
from servicekit.access import Actor
from servicekit.errors import Conflict, Forbidden

MISAS_DETECTOR: Final = "misas_detector"
ACTIVE: Final = "active"


class PortalClosed(Forbidden):
    """The structure is not active, or its portal is not open yet (ESP-04)."""

    slug = "portal-closed"
    title = "Portail fermé pour votre structure"

    def __init__(self) -> None:
        super().__init__(
            "Votre structure ne peut pas envoyer de demande pour le moment. Adressez-vous à la coordination de "
            "votre caisse.",
            rule="ESP-04",
        )


class TrainingRequired(Conflict):
    """The caisse takes referrals from trained detectors only (MIS-21)."""

    slug = "training-required"
    title = "Formation de détecteur nécessaire"

    def __init__(self) -> None:
        super().__init__(
            "Votre caisse demande d'avoir suivi la formation de détecteur avant de saisir la Mission "
            "Accompagnement Santé. Demandez une formation à sa coordination ; votre brouillon est conservé.",
            rule="MIS-21",
        )


UNTRAINED: Final = Remark(
    "training",
    "Vous n'avez pas encore suivi la formation de détecteur. Votre saisine part tout de même ; demandez à votre "
    "caisse la date de la prochaine formation.",
    "MIS-21",
)


@dataclass(frozen=True, slots=True)
class Door:
    """What an admitted sender comes in with."""

    detector: DetectorKind
    trained: bool
    settings: CaisseSettings
    calendar: CaisseCalendar
    today: date

    def require_training(self) -> None:
        """Refuse an untrained detector where the caisse decided so; elsewhere a warning goes with the request."""
        if not self.trained and self.settings.misas_training is TrainingRule.REFUSE:
            raise TrainingRequired

    @property
    def remarks(self) -> list[Remark]:
        """Return what the sender should know before sending."""
        return [] if self.trained else [UNTRAINED]


def chosen_settings(caisse: str, day: date) -> ScalarSelect[Any]:
    """Return the caisse's own settings in force that day, as one JSON object."""
    latest = (
        select(RequestSetting.key, RequestSetting.value)
        .where(RequestSetting.caisse == caisse, RequestSetting.valid_from <= day)
        .ext(distinct_on(RequestSetting.key))
        .order_by(RequestSetting.key, RequestSetting.valid_from.desc())
        .subquery()
    )
    return select(func.jsonb_object_agg(latest.c.key, latest.c.value)).scalar_subquery()


async def settings_of(session: AsyncSession, caisse: str, day: date) -> CaisseSettings:
    """Return the settings of a caisse that day."""
    chosen: Mapping[str, Any] | None = await session.scalar(select(chosen_settings(caisse, day)))
    return settings_on(day, chosen or {})


async def admit(session: AsyncSession, actor: Actor, person_id: UUID) -> Door:
    """Let a partner in with a person of its structure.

    Raises `PortalClosed`, or `PersonNotFound` for a person the structure may not refer.
    """
    calendar = calendar_of(actor.caisse)
    today = calendar.today()
    here = select(literal(actor.structure_id, Uuid).label("structure_id")).subquery()
    trained = exists().where(
        PartnerRight.caisse == actor.caisse,
        PartnerRight.structure_id == here.c.structure_id,
        PartnerRight.right == MISAS_DETECTOR,
        or_(PartnerRight.account.is_(None), PartnerRight.account == actor.account_id),
        PartnerRight.from_on <= today,
        or_(PartnerRight.until_on.is_(None), PartnerRight.until_on >= today),
        or_(PartnerRight.ended_on.is_(None), PartnerRight.ended_on > today),
    )
    # A person the caisse took over earlier may be referred again.
    of_ours = persons.visible_to(actor, FOLLOW)
    known = of_ours.with_only_columns(Person.id).where(Person.id == person_id).exists()
    found = (
        await session.execute(
            select(
                PartnerStructure.kind,
                PartnerStructure.state,
                PartnerStructure.portal_opened_on,
                trained.label("trained"),
                known.label("known"),
                chosen_settings(actor.caisse, today).label("chosen"),
            )
            .select_from(here)
            .outerjoin(
                PartnerStructure,
                and_(
                    PartnerStructure.caisse == actor.caisse,
                    PartnerStructure.structure_id == here.c.structure_id,
                ),
            )
        )
    ).one()
    opened_on = found.portal_opened_on
    if found.state != ACTIVE or opened_on is None or opened_on > today:
        raise PortalClosed
    if not found.known:
        raise PersonNotFound
    return Door(
        detector=detector_of(found.kind),
        trained=found.trained,
        settings=settings_on(today, found.chosen or {}),
        calendar=calendar,
        today=today,
    )
