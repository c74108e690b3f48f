"""Every SELECT on appointments. Each starts at what the actor may see."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.appointments.models import Appointment
from accompaniments_service.network.models import KnownPerson, PartnerStructure
from servicekit.access import Actor, Audience
from servicekit.errors import Forbidden, NotFound


class AppointmentNotFound(NotFound):
    """No such appointment, or not one this actor may see."""

    slug = "appointment-not-found"
    title = "Rendez-vous introuvable"

    def __init__(self) -> None:
        super().__init__("Ce rendez-vous n'existe pas ou ne vous est pas ouvert.")


class PersonNotFound(NotFound):
    """No such person in the register, or one whom this structure did not register."""

    slug = "person-not-found"
    title = "Personne introuvable"

    def __init__(self) -> None:
        super().__init__("Cette personne n'est pas connue ici. Si vous venez de l'enregistrer, patientez un instant.")


def visible_to(actor: Actor) -> Select[Appointment]:
    """Return the appointments `actor` may see: the caisse's for its agents, a structure's own for a partner."""
    mine = select(Appointment).where(Appointment.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        mine = mine.where(Appointment.structure_id == actor.structure_id)
    return mine


async def get_for_update(session: AsyncSession, actor: Actor, appointment_id: UUID) -> Appointment:
    """Return one appointment locked until the transaction ends; raise `AppointmentNotFound`."""
    one = visible_to(actor).where(Appointment.id == appointment_id).with_for_update()
    found = (await session.scalars(one)).one_or_none()
    if found is None:
        raise AppointmentNotFound
    return found


async def require_person(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    """Refuse a person whom the caisse, or the partner's structure, does not have; raise `PersonNotFound`."""
    known = select(KnownPerson.person_id).where(KnownPerson.caisse == actor.caisse, KnownPerson.person_id == person_id)
    if actor.audience is Audience.PARTNER:
        known = known.where(KnownPerson.structure_id == actor.structure_id)
    if await session.scalar(known) is None:
        raise PersonNotFound


async def require_open_portal(session: AsyncSession, actor: Actor) -> None:
    """Refuse a structure whose portal is not open (ESP-04)."""
    state = await session.scalar(
        select(PartnerStructure.state).where(
            PartnerStructure.caisse == actor.caisse, PartnerStructure.structure_id == actor.structure_id
        )
    )
    if state != "active":
        raise Forbidden("L'espace de votre structure n'est pas ouvert.", rule="ESP-04")
