"""The register for partner structures: their own persons, and nothing that tells about anybody else's."""

from uuid import UUID

from fastapi import Response, status
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import detail, proposals, queries, register
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.codes import IdentifierKind
from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.persons.models import Person
from referrals_service.persons.register import NumberNotAllowed, PersonNotFound
from referrals_service.persons.schemas import PersonAmend, PersonIds, PersonIn, PersonSearch
from referrals_service.persons.search import search
from referrals_service.persons.views import PartnerPerson, PersonsFound, RegisteredPerson
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Forbidden, StaleVersion, VersionRequired
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of, set_etag

partner_persons = router("/api/v1/referrals/partner/persons", tags=["partner"])

_REFERRERS = ("partner_user",)
_CARD = ("technical", "identity")
_RECORD = (*_CARD, "social")


class TakenOver(Forbidden):
    """The caisse has the person in charge: corrections are its own."""

    slug = "person-taken-over"
    title = "Fiche désormais tenue par la caisse"

    def __init__(self) -> None:
        super().__init__("La caisse a pris le relais : signalez-lui la correction par un message sur la demande.")


@partner_persons.post(
    "/search",
    operation_id="partner_search_persons",
    responses=problems(NumberNotAllowed, ReadingBudgetSpent),
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=_REFERRERS, shows=_CARD, reads=True),
)
async def search_persons(criteria: PersonSearch, session: DbSession, actor: CurrentActor) -> PersonsFound:
    """Find persons of the structure by the beginning of a name, a birth date or a number."""
    if criteria.sought_number is not None:
        await _require_collectable(session, actor, criteria.sought_number.kind, "identifier")
    return await search(session, actor, criteria)


@partner_persons.post(
    "/batch",
    operation_id="partner_name_persons",
    responses=problems(ReadingBudgetSpent),
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=_REFERRERS, shows=_CARD, reads=True),
)
async def name_persons(wanted: PersonIds, session: DbSession, actor: CurrentActor) -> PersonsFound:
    """Give the cards of persons of the structure; the others are left out."""
    cards = await register.card(session, actor, wanted.ids)
    return PersonsFound(items=list(cards.values()), more=False)


@partner_persons.post(
    "",
    operation_id="partner_register_person",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NumberNotAllowed),
    openapi_extra=access(Audience.PARTNER, purpose=SUBMIT, roles=_REFERRERS),
)
async def register_person(
    given: PersonIn, session: DbSession, actor: CurrentActor, response: Response
) -> RegisteredPerson:
    """Register a person; says which persons of the structure it resembles, never another structure's."""
    await _require_collectable(session, actor, given.identifier.kind, "identifier.value")
    person = await register.register(session, actor, given)
    likely = await proposals.of(session, queries.visible_to(actor), person)
    set_etag(response, person.version)
    return RegisteredPerson(id=person.id, version=person.version, state=None, duplicates=likely)


@partner_persons.get(
    "/{person_id}",
    operation_id="partner_read_person",
    responses=problems(PersonNotFound, ReadingBudgetSpent),
    openapi_extra=access(Audience.PARTNER, purpose=FOLLOW, roles=_REFERRERS, shows=_RECORD),
)
async def read_person(person_id: UUID, session: DbSession, actor: CurrentActor, response: Response) -> PartnerPerson:
    """Show the record of a person of the structure."""
    person = await queries.get(session, queries.visible_to(actor), person_id)
    if person is None:
        raise PersonNotFound
    set_etag(response, person.version)
    return await detail.for_partner(session, actor, person)


@partner_persons.post(
    "/{person_id}/amend",
    operation_id="partner_amend_person",
    responses=problems(PersonNotFound, TakenOver, NumberNotAllowed, StaleVersion, VersionRequired),
    openapi_extra=access(Audience.PARTNER, purpose=SUBMIT, roles=_REFERRERS),
)
async def amend_person(
    person_id: UUID,
    given: PersonAmend,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Correct or complete a person, until the caisse has taken over."""
    person = await _mine_for_update(session, actor, person_id)
    if given.identifier is not None:
        await _require_collectable(session, actor, given.identifier.kind, "identifier.value")
    await register.amend(session, actor, person, version, given)
    return receipt_of(response, person, None)


async def _mine_for_update(session: AsyncSession, actor: Actor, person_id: UUID) -> Person:
    person = await queries.get_for_update(session, queries.visible_to(actor), person_id)
    if person is not None:
        return person
    if await queries.get(session, queries.visible_to(actor, FOLLOW), person_id) is not None:
        raise TakenOver
    raise PersonNotFound


async def _require_collectable(session: AsyncSession, actor: Actor, kind: IdentifierKind, field: str) -> None:
    allowed = await queries.may_collect_nir(session, actor.caisse, actor.structure_id)
    register.require_collectable(kind, nir_allowed=allowed, field=field)
