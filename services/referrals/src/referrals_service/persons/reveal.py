"""Showing a number in full: step-up, a written reason, a row that stays (security notes, 2.3)."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import budget, queries
from referrals_service.persons.codes import IdentifierKind
from referrals_service.persons.models import NumberReveal, Person, PersonNumber
from referrals_service.persons.vault import Place
from referrals_service.persons.views import RevealedNumber
from referrals_service.settings import settings_of
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.errors import Conflict

RESOURCE = "person.number"


class NoNumber(Conflict):
    """The person has no number to show."""

    slug = "person-without-number"
    title = "Personne sans numéro"

    def __init__(self) -> None:
        super().__init__("Aucun numéro n'est enregistré pour cette personne.")


async def reveal(session: AsyncSession, actor: Actor, person: Person, reason: str) -> RevealedNumber:
    """Open the present number of a person the actor sees, and keep who asked and why."""
    present = (await queries.identifiers_of(session, person))[0]
    sealed = (
        await session.scalars(
            select(PersonNumber).where(PersonNumber.caisse == person.caisse, PersonNumber.identifier_id == present.id)
        )
    ).one_or_none()
    if sealed is None:
        raise NoNumber
    kind = IdentifierKind(present.kind)
    place = Place(person.caisse, person.id, present.id, kind)
    number = settings_of(session).vault.open(sealed.key_id, sealed.content, place)
    session.add(
        NumberReveal(
            caisse=person.caisse,
            person_id=person.id,
            identifier_id=present.id,
            account=actor.sub,
            reason=reason,
            at=clock.system_now(),
        )
    )
    await budget.spend(session, actor, [person.id])
    journal.read(session, RESOURCE, [person.id], resource_ids=[present.id], fields=["nir"])
    return RevealedNumber(kind=kind, value=number.spaced)
