"""Reference data for choosing: every audience has its own route, all say the same."""

from collections.abc import Sequence

from partners_service.bodies import queries
from partners_service.bodies.schemas import BodyOut, UnitOut
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.route import router

PARTNER = router("/api/v1/partners/partner", tags=["bodies"])
AGENT = router("/api/v1/partners/agent", tags=["bodies"])
OFFICER = router("/api/v1/partners/officer", tags=["bodies"])

PURPOSE = "reference.read"


@PARTNER.get(
    "/bodies",
    summary="Organismes",
    openapi_extra=access(Audience.PARTNER, purpose=PURPOSE, journal=False),
)
async def list_bodies_for_partners(session: DbSession) -> Sequence[BodyOut]:
    """Les caisses et les services sociaux régionaux, avec les départements qu'ils servent."""
    return await queries.bodies(session)


@AGENT.get(
    "/bodies",
    summary="Organismes",
    openapi_extra=access(Audience.AGENT, purpose=PURPOSE, journal=False),
)
async def list_bodies_for_agents(session: DbSession) -> Sequence[BodyOut]:
    """Les caisses et les services sociaux régionaux, avec les départements qu'ils servent."""
    return await queries.bodies(session)


@OFFICER.get(
    "/bodies",
    summary="Organismes",
    openapi_extra=access(Audience.OFFICER, purpose=PURPOSE, journal=False),
)
async def list_bodies_for_officers(session: DbSession) -> Sequence[BodyOut]:
    """Les caisses et les services sociaux régionaux, avec les départements qu'ils servent."""
    return await queries.bodies(session)


@AGENT.get(
    "/units",
    summary="Unités de mon organisme",
    openapi_extra=access(Audience.AGENT, purpose=PURPOSE, journal=False),
)
async def list_units_for_agents(session: DbSession, actor: CurrentActor) -> Sequence[UnitOut]:
    """Les unités de l'organisme au titre duquel la session est ouverte."""
    return await queries.units(session, actor.caisse)


@OFFICER.get(
    "/units",
    summary="Unités de mon organisme",
    openapi_extra=access(Audience.OFFICER, purpose=PURPOSE, journal=False),
)
async def list_units_for_officers(session: DbSession, actor: CurrentActor) -> Sequence[UnitOut]:
    """Les unités de l'organisme au titre duquel la session est ouverte."""
    return await queries.units(session, actor.caisse)
