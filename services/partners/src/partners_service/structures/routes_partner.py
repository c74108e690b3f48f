"""My structure, for its members."""

from fastapi import Response

from partners_service.accounts import queries as accounts
from partners_service.bodies.queries import name_of, today
from partners_service.standing import standing_of
from partners_service.structures import presenting, queries
from partners_service.structures.schemas import StructureForPartner
from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import NotFound
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import set_etag

PARTNER = router("/api/v1/partners/partner", tags=["structures"])


@PARTNER.get(
    "/structure",
    summary="Ma structure",
    responses=problems(NotFound),
    openapi_extra=access(Audience.PARTNER, purpose="structure.own"),
)
async def read_own_structure(session: DbSession, actor: CurrentActor, response: Response) -> StructureForPartner:
    """Ma structure, ce que ses formations et les miennes ouvrent aujourd'hui, et pourquoi le reste est fermé."""
    structure = await queries.get(session, actor, actor.structure_id)
    me = await accounts.me(session, actor)
    standing = await standing_of(session, structure, me, await today(session, actor.caisse))
    journal.read(session, "structure", (), resource_ids=[structure.id])
    set_etag(response, structure.version)
    return StructureForPartner(
        id=structure.id,
        name=structure.name,
        kind=structure.kind,
        caisse=structure.caisse,
        caisse_name=await name_of(session, structure.caisse),
        siret=structure.siret,
        finess=structure.finess,
        department=structure.department,
        address=presenting.address(structure),
        state=structure.state,
        portal_opened_on=structure.portal_opened_on,
        nir_allowed=structure.nir_allowed,
        max_accounts=structure.max_accounts,
        open_accounts=await queries.count_open_accounts(session, structure.caisse, structure.id),
        rights=[presenting.right(held) for held in standing.held],
        open_rights=sorted(standing.rights.open),
        blocks=[presenting.block(block) for block in standing.rights.blocks],
        version=structure.version,
    )
