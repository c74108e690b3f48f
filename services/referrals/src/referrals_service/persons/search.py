"""Finding a person: by the beginning of a name, a birth date, a number of the register or an identifier."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import queries, register
from referrals_service.persons.schemas import PersonSearch
from referrals_service.persons.views import PersonsFound
from referrals_service.settings import settings_of
from servicekit.access import Actor

SHOWN: Final = 20
"""Each result counts in the reading budget: a search that is too wide is refined, not paged through."""


async def search(session: AsyncSession, actor: Actor, criteria: PersonSearch) -> PersonsFound:
    """Return the first persons that meet the criteria, journalled and counted; `more` says there are others."""
    sought = criteria.sought_number
    index = None if sought is None else settings_of(session).vault.blind_index(sought, actor.caisse)
    branches = queries.matching(queries.findable_by(actor), criteria, index)
    found = {
        row.id: row for branch in branches for row in await session.execute(queries.as_cards(branch).limit(SHOWN + 1))
    }
    first = sorted(found.values(), key=lambda row: (row.last_name_key, row.first_names_key, row.id))[:SHOWN]
    return PersonsFound(items=await register.show(session, actor, first), more=len(found) > SHOWN)
