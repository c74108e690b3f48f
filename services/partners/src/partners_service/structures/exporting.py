"""Export of the directory of a caisse's structures."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service import labels
from partners_service.codes import StructureKind, StructureState
from partners_service.jobs import works
from partners_service.roles import PARTNER_DESK
from partners_service.structures import queries
from partners_service.structures.models import Structure
from servicekit.access import Actor, Audience
from servicekit.exports import Batch, ExportColumn, ExportIn, Exporting, export_router

_AT_ONCE: Final = 200


class StructuresWanted(ExportIn):
    """Which structures, and why."""

    state: StructureState | None = Field(default=None)
    kind: StructureKind | None = Field(default=None)


COLUMNS: Final = (
    ExportColumn("Nom"),
    ExportColumn("Type"),
    ExportColumn("SIRET"),
    ExportColumn("FINESS"),
    ExportColumn("Adresse"),
    ExportColumn("Code postal"),
    ExportColumn("Commune"),
    ExportColumn("Département"),
    ExportColumn("Téléphone"),
    ExportColumn("Prénom du référent", "identity"),
    ExportColumn("Nom du référent", "identity"),
    ExportColumn("Fonction du référent", "identity"),
    ExportColumn("Courriel du référent", "identity"),
    ExportColumn("Téléphone du référent", "identity"),
    ExportColumn("État"),
    ExportColumn("Portail ouvert le"),
)
"""The headings of the import, so that an export corrected by hand comes back in; then what only the portal decides."""


async def batch(
    session: AsyncSession, actor: Actor, parameters: Mapping[str, Any], position: list[str] | None
) -> Batch:
    """Return the next structures, by name."""
    statement = queries.visible_to(actor).order_by(Structure.name_key, Structure.id).limit(_AT_ONCE)
    if parameters["state"]:
        statement = statement.where(Structure.state == StructureState(parameters["state"]))
    if parameters["kind"]:
        statement = statement.where(Structure.kind == StructureKind(parameters["kind"]))
    if position is not None:
        statement = statement.where(queries.after(position[0], UUID(position[1])))
    found = (await session.scalars(statement)).all()
    last = found[-1] if len(found) == _AT_ONCE else None
    return Batch(
        rows=[
            [
                s.name,
                labels.KIND[s.kind],
                s.siret,
                s.finess,
                s.address_lines,
                s.postcode,
                s.commune,
                s.department,
                s.phone,
                s.referent_first_name,
                s.referent_last_name,
                s.referent_job_title,
                s.referent_email,
                s.referent_phone,
                labels.STATE[s.state],
                s.portal_opened_on,
            ]
            for s in found
        ],
        resource="structure",
        resource_ids=[s.id for s in found],
        position=last and [last.name_key, str(last.id)],
    )


EXPORTING: Final = Exporting("structures.export", "structures", COLUMNS, batch)

EXPORTS: Final = export_router(
    "/api/v1/partners/agent/exports/structures",
    EXPORTING,
    works,
    audience=Audience.AGENT,
    roles=PARTNER_DESK,
    purpose="partner.manage",
    operation="export_structures",
    asked=StructuresWanted,
)
