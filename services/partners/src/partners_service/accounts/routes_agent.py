"""Names behind ids, and who can be given work, for the agents of a caisse."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select

from partners_service.accounts import queries
from partners_service.accounts.models import Account, Assignment
from partners_service.accounts.schemas import AssignableAgent, DirectoryEntry
from partners_service.bodies.queries import today
from partners_service.codes import AccountState
from partners_service.fields import UnitCode
from partners_service.roles import Role
from partners_service.structures import queries as structures
from partners_service.structures.models import Structure
from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.pages import Key, Page, PageQuery, paginate
from servicekit.route import router

AGENT = router("/api/v1/partners/agent", tags=["accounts"])

READS = access(Audience.AGENT, purpose="directory.read", shows=["technical", "identity"])


@AGENT.get("/directory", summary="Noms derrière des identifiants", openapi_extra=READS)
async def read_directory(
    session: DbSession,
    actor: CurrentActor,
    ids: Annotated[list[UUID], Query(min_length=1, max_length=100)],
) -> Sequence[DirectoryEntry]:
    """Le nom des structures et des personnes de la caisse ; un identifiant inconnu ici n'a pas de ligne."""
    named = [
        DirectoryEntry(id=s.id, kind="structure", name=s.name, detail=s.commune)
        for s in await session.scalars(structures.visible_to(actor).where(Structure.id.in_(ids)))
    ]
    people = [
        DirectoryEntry(id=a.id, kind="account", name=a.display_name, detail=a.job_title)
        for a in await session.scalars(queries.accounts_visible_to(actor).where(Account.id.in_(ids)))
    ]
    journal.read(session, "directory", [p.id for p in people], resource_ids=[s.id for s in named])
    return [*named, *people]


@AGENT.get("/colleagues", summary="Agents à qui confier une demande", openapi_extra=READS)
async def list_assignable_agents(
    session: DbSession,
    actor: CurrentActor,
    page: PageQuery,
    role: Role | None = None,
    unit: UnitCode | None = None,
) -> Page[AssignableAgent]:
    """Les agents de la caisse en exercice aujourd'hui, une ligne par rôle tenu, par ordre alphabétique."""
    statement = (
        select(Account, Assignment, Account.name_key, Assignment.id)
        .join(Assignment, Assignment.account_id == Account.id)
        .where(
            Assignment.caisse == actor.caisse,
            Assignment.audience == Audience.AGENT,
            queries.held_on(await today(session, actor.caisse)),
            Account.state.in_([AccountState.INVITED, AccountState.ACTIVE]),
            ~Account.withheld,
        )
    )
    if role is not None:
        statement = statement.where(Assignment.role == role)
    if unit is not None:
        statement = statement.where(Assignment.unit == unit)
    keys: list[Key] = [(Account.__table__.c.name_key, "asc"), (Assignment.__table__.c.id, "asc")]
    rows, next_cursor = await paginate(session, statement, keys, page)
    journal.read(session, "account", [account.id for account, *_ in rows])
    items = [
        AssignableAgent(
            id=account.id,
            first_name=account.first_name,
            last_name=account.last_name,
            job_title=account.job_title,
            role=held.role,
            unit=held.unit,
        )
        for account, held, *_ in rows
    ]
    return Page(items=items, next_cursor=next_cursor)
