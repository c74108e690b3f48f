"""What is checked before anything enters: the structure's portal, the detector's training, the person.

One statement reads it all, since it stands on the path of every filing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Self
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.network.models import PartnerStructure
from referrals_service.persons.register import PersonNotFound
from referrals_service.requests.caisse_calendar import CaisseCalendar, calendar_of
from referrals_service.requests.caisse_settings import CaisseSettings, settings_on
from referrals_service.requests.codes import DetectorKind, Queue, RequestKind, TrainingRule, detector_of
from referrals_service.requests.forms.parts import Circumstances, Form, Remark
from servicekit import clock
from servicekit.access import Actor
from servicekit.errors import Conflict, Forbidden

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


class UrgentLineClosed(Conflict):
    """The sender is not trained for the urgency line today (LUP-01), or the caisse has ended it (LUP-07)."""

    slug = "urgent-line-closed"
    title = "Ligne d'urgence indisponible"

    @classmethod
    def untrained(cls) -> Self:
        """Return the refusal of whoever is not trained today."""
        return cls(
            "La ligne d'urgence est réservée aux partenaires formés, et votre formation n'est pas valable aujourd'hui. "
            "Envoyez une demande ordinaire, ou demandez la prochaine formation à votre caisse.",
            rule="LUP-01",
        )

    @classmethod
    def ended(cls) -> Self:
        """Return the refusal where the line has ended."""
        return cls(
            "Votre caisse a fermé sa ligne d'urgence. Envoyez une demande ordinaire et signalez qu'elle est urgente.",
            rule="LUP-07",
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
    """As a detector (MIS-21)."""
    lup_trained: bool
    settings: CaisseSettings
    calendar: CaisseCalendar
    today: date

    @property
    def circumstances(self) -> Circumstances:
        """Return where and when a form is sent."""
        return Circumstances(self.today, self.calendar.department)

    def require_training(self, kind: RequestKind) -> None:
        """Refuse an untrained sender: always at the urgency line (LUP-01), and to the mission where the caisse
        decided so (MIS-21); elsewhere a warning goes with the referral.
        """
        if kind is RequestKind.URGENT:
            if not self.settings.lup_is_open(self.today):
                raise UrgentLineClosed.ended()
            if not self.lup_trained:
                raise UrgentLineClosed.untrained()
        if kind is RequestKind.MISAS_REFERRAL and not self.trained and self._refuses_untrained:
            raise TrainingRequired

    @property
    def _refuses_untrained(self) -> bool:
        return self.settings.misas_training is TrainingRule.REFUSE

    def errors(self, form: Form) -> Iterator[Remark]:
        """Yield everything that keeps a form from being sent by this sender."""
        yield from form.errors(self.circumstances)
        if form.is_urgent and form.kind is not RequestKind.URGENT:
            if self.settings.lup_is_open(self.today):
                yield Remark("urgent", "Une demande urgente s'envoie par la ligne d'urgence.", "LUP-07")
            elif not self.lup_trained:
                yield Remark("urgent", "Seul un partenaire formé peut signaler une urgence.", "LUP-01")

    def remarks(self, kind: RequestKind) -> list[Remark]:
        """Return what the sender should know before sending."""
        return [UNTRAINED] if kind is RequestKind.MISAS_REFERRAL and not self.trained else []

    def queue_of(self, form: Form) -> Queue:
        """Return the queue where a form goes (ESP-03)."""
        return self.settings.queue_of(form.kind, form.topic)

    def due_on(self, form: Form) -> date:
        """Return by when an answer is owed to a form sent today."""
        kind = RequestKind.URGENT if form.is_urgent else form.kind
        return self.calendar.deadline(self.today, self.settings.review_delay(kind).delay)


_SETTINGS: Final = text(
    """
    SELECT DISTINCT ON (key) key, value FROM request_settings
    WHERE caisse = :caisse AND valid_from <= :day ORDER BY key, valid_from DESC
    """
)


async def settings_of(session: AsyncSession, caisse: str, day: date) -> CaisseSettings:
    """Return the settings of a caisse that day."""
    chosen = await session.execute(_SETTINGS, {"caisse": caisse, "day": day})
    return settings_on(day, {row.key: row.value for row in chosen})


# Written by hand and sent as it is: building the same statement from its parts costs more than running it.
# What lets a structure at a person is `persons.grants.open_to`, for following or for sending.
_ADMIT: Final = text(
    """
    SELECT s.kind, s.state, s.portal_opened_on,
        EXISTS (
            SELECT FROM partner_rights
            WHERE caisse = :caisse AND structure_id = :structure AND "right" = 'misas_detector'
                AND (account IS NULL OR account = :account) AND from_on <= :today
                AND (until_on IS NULL OR until_on >= :today) AND (ended_on IS NULL OR ended_on > :today)
        ) AS trained,
        EXISTS (
            SELECT FROM partner_rights
            WHERE caisse = :caisse AND structure_id = :structure AND "right" = 'lup'
                AND (account IS NULL OR account = :account) AND from_on <= :today
                AND (until_on IS NULL OR until_on >= :today) AND (ended_on IS NULL OR ended_on > :today)
        ) AS lup_trained,
        EXISTS (
            SELECT FROM person_grants
            WHERE caisse = :caisse AND person_id = :person AND holder_kind = 'structure' AND holder = :holder
                AND purpose IN ('referral.submit', 'referral.follow') AND revoked_at IS NULL
                AND from_at <= :now AND (until_at IS NULL OR until_at > :now)
        ) AS known,
        (
            SELECT jsonb_object_agg(key, value) FROM (
                SELECT DISTINCT ON (key) key, value FROM request_settings
                WHERE caisse = :caisse AND valid_from <= :today ORDER BY key, valid_from DESC
            ) latest
        ) AS chosen
    FROM (SELECT CAST(:structure AS uuid) AS id) here
    LEFT JOIN partner_structures s ON s.caisse = :caisse AND s.structure_id = here.id
    """
)


async def require_open(session: AsyncSession, actor: Actor) -> None:
    """Refuse a structure whose portal is closed, whoever the person would be. Raises `PortalClosed`."""
    statement = select(PartnerStructure.state, PartnerStructure.portal_opened_on).where(
        PartnerStructure.caisse == actor.caisse, PartnerStructure.structure_id == actor.structure_id
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None or found.state != ACTIVE or found.portal_opened_on is None:
        raise PortalClosed
    if found.portal_opened_on > calendar_of(actor.caisse).today():
        raise PortalClosed


async def admit(session: AsyncSession, actor: Actor, person_id: UUID, kind: RequestKind) -> Door:
    """Let a partner in with a person of its structure, taken over since or not.

    A structure trained for the urgency line reaches that door before its portal opens (LUP-07).
    Raises `PortalClosed`, or `PersonNotFound` for a person the structure may not refer.
    """
    calendar = calendar_of(actor.caisse)
    today = calendar.today()
    asked = {
        "caisse": actor.caisse,
        "structure": actor.structure_id,
        "holder": str(actor.structure_id),
        "account": actor.account_id,
        "person": person_id,
        "today": today,
        "now": clock.now(),
    }
    found = (await session.execute(_ADMIT, asked)).one()
    opened_on = found.portal_opened_on
    by_urgency = kind is RequestKind.URGENT and found.lup_trained
    if found.state != ACTIVE or (not by_urgency and (opened_on is None or opened_on > today)):
        raise PortalClosed
    if not found.known:
        raise PersonNotFound
    return Door(
        detector=detector_of(found.kind),
        trained=found.trained,
        lup_trained=found.lup_trained,
        settings=settings_on(today, found.chosen or {}),
        calendar=calendar,
        today=today,
    )
