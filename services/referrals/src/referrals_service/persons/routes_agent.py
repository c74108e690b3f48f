"""The register for agents of the caisse: find, open what is theirs or say why, amend, tell duplicates apart."""

from uuid import UUID

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import detail, proposals, queries, register
from referrals_service.persons.budget import ReadingBudgetSpent
from referrals_service.persons.grants import TRIAGE, open_with_reason
from referrals_service.persons.models import Person
from referrals_service.persons.queries import SEARCHING_ROLES
from referrals_service.persons.register import PersonNotFound
from referrals_service.persons.reveal import NoNumber, reveal
from referrals_service.persons.schemas import PersonAmend, PersonIds, PersonSearch, Reason
from referrals_service.persons.search import search
from referrals_service.persons.views import (
    AgentPerson,
    DuplicateProposals,
    PersonNeeds,
    PersonsFound,
    RevealedNumber,
)
from referrals_service.settings import settings_of
from servicekit.access import Actor, Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Forbidden, StaleVersion, StepUpRequired, VersionRequired
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, receipt_of, set_etag

agent_persons = router("/api/v1/referrals/agent/persons", tags=["agent"])

IN_CHARGE = sorted(SEARCHING_ROLES | {"manager_ss", "accueil", "agent_ass", "agent_ces", "agent_gdb", "agent_lup"})
"""Whoever may have a request in charge: they read the persons entrusted to them, and search nobody by that."""
_CARD = ("technical", "identity")
_RECORD = (*_CARD, "nir", "social")


class ReasonNeeded(Forbidden):
    """The agent can find this person but has no grant: opening takes a written reason."""

    slug = "person-reason-needed"
    title = "Motif d'ouverture nécessaire"

    def __init__(self) -> None:
        super().__init__("Cette personne ne vous est pas confiée. Indiquez pourquoi vous ouvrez sa fiche.")


@agent_persons.post(
    "/search",
    operation_id="agent_search_persons",
    responses=problems(ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=SEARCHING_ROLES, shows=_CARD, reads=True),
)
async def search_persons(criteria: PersonSearch, session: DbSession, actor: CurrentActor) -> PersonsFound:
    """Find persons of the caisse by the beginning of a name, a birth date or a number."""
    return await search(session, actor, criteria)


@agent_persons.post(
    "/batch",
    operation_id="agent_name_persons",
    responses=problems(ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=IN_CHARGE, shows=_CARD, reads=True),
)
async def name_persons(wanted: PersonIds, session: DbSession, actor: CurrentActor) -> PersonsFound:
    """Give the cards of persons entrusted to the agent or the unit; the others are left out."""
    cards = await register.card(session, actor, wanted.ids)
    return PersonsFound(items=list(cards.values()), more=False)


@agent_persons.get(
    "/{person_id}",
    operation_id="agent_read_person",
    responses=problems(PersonNotFound, ReasonNeeded, ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=IN_CHARGE, shows=_RECORD),
)
async def read_person(person_id: UUID, session: DbSession, actor: CurrentActor, response: Response) -> AgentPerson:
    """Show the record of a person entrusted to the agent or the unit, or opened with a reason."""
    person = await _entrusted(session, actor, person_id)
    set_etag(response, person.version)
    return await detail.for_agent(session, actor, person)


@agent_persons.get(
    "/{person_id}/needs",
    operation_id="agent_read_person_needs",
    responses=problems(PersonNotFound, ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=IN_CHARGE, shows=(*_CARD, "social")),
)
async def read_needs(person_id: UUID, session: DbSession, actor: CurrentActor) -> PersonNeeds:
    """Show what whoever calls or books must know of a person they may find: language, access, safe contact."""
    person = await queries.get(session, queries.findable_by(actor), person_id)
    if person is None:
        raise PersonNotFound
    return await detail.needs_shown(session, actor, person)


@agent_persons.post(
    "/{person_id}/open",
    operation_id="agent_open_person",
    responses=problems(PersonNotFound),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=SEARCHING_ROLES),
)
async def open_person(person_id: UUID, given: Reason, session: DbSession, actor: CurrentActor) -> Receipt:
    """Open a person nobody entrusted to the agent, for half an hour, with the reason kept for control."""
    person = await queries.get(session, queries.findable_by(actor), person_id)
    if person is None:
        raise PersonNotFound
    minutes = settings_of(session).opened_without_grant_minutes
    await open_with_reason(session, actor, person.id, given.reason, minutes)
    register.note_opened(session, person)
    return Receipt(id=person.id, version=person.version, state="open")


@agent_persons.post(
    "/{person_id}/amend",
    operation_id="agent_amend_person",
    responses=problems(PersonNotFound, ReasonNeeded, StaleVersion, VersionRequired),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=SEARCHING_ROLES),
)
async def amend_person(
    person_id: UUID,
    given: PersonAmend,
    version: IfMatch,
    session: DbSession,
    actor: CurrentActor,
    response: Response,
) -> Receipt:
    """Correct or complete a person; the journal keeps fingerprints of before and after."""
    person = await _entrusted(session, actor, person_id, for_update=True)
    await register.amend(session, actor, person, version, given)
    return receipt_of(response, person, None)


@agent_persons.post(
    "/{person_id}/nir/reveal",
    operation_id="agent_reveal_number",
    responses=problems(PersonNotFound, ReasonNeeded, NoNumber, StepUpRequired, ReadingBudgetSpent),
    openapi_extra=access(
        Audience.AGENT, purpose=TRIAGE, roles=SEARCHING_ROLES, shows=("nir",), step_up=True, reads=True
    ),
)
async def reveal_number(person_id: UUID, given: Reason, session: DbSession, actor: CurrentActor) -> RevealedNumber:
    """Show the present number in full, after a fresh second factor and with a written reason."""
    person = await _entrusted(session, actor, person_id)
    return await reveal(session, actor, person, given.reason)


@agent_persons.get(
    "/{person_id}/duplicates",
    operation_id="agent_list_duplicates",
    responses=problems(PersonNotFound, ReasonNeeded, ReadingBudgetSpent),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=SEARCHING_ROLES, shows=_CARD),
)
async def list_duplicates(person_id: UUID, session: DbSession, actor: CurrentActor) -> DuplicateProposals:
    """Propose the records of the caisse that may be the same person, with the reasons."""
    person = await _entrusted(session, actor, person_id)
    return DuplicateProposals(items=await proposals.shown(session, actor, person))


@agent_persons.post(
    "/{person_id}/duplicates/{other_id}/not-same",
    operation_id="agent_distinguish_persons",
    responses=problems(PersonNotFound, ReasonNeeded),
    openapi_extra=access(Audience.AGENT, purpose=TRIAGE, roles=SEARCHING_ROLES),
)
async def distinguish_persons(
    person_id: UUID, other_id: UUID, given: Reason, session: DbSession, actor: CurrentActor
) -> Receipt:
    """Say that two records are two persons; they are not proposed to one another again."""
    person = await _entrusted(session, actor, person_id, for_update=True)
    await proposals.distinguish(session, actor, person, other_id, given.reason)
    return Receipt(id=person.id, version=person.version, state="distinct")


async def _entrusted(session: AsyncSession, actor: Actor, person_id: UUID, *, for_update: bool = False) -> Person:
    """Return a person the actor holds a grant on; tell apart who may find them from who may not."""
    get = queries.get_for_update if for_update else queries.get
    person = await get(session, queries.visible_to(actor), person_id)
    if person is not None:
        return person
    if await queries.get(session, queries.findable_by(actor), person_id) is not None:
        raise ReasonNeeded
    raise PersonNotFound
