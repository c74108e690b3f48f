"""Import of a directory of partners: each row is a structure, entered, corrected, or left as it is.

A structure is recognised by its SIRET, else its FINESS, else its name in its commune; so the same file sent again
changes nothing. What a row leaves empty of a structure already known stays as it is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service import labels
from partners_service.bodies.models import Department
from partners_service.bodies.queries import departments, today
from partners_service.codes import StructureKind, StructureState
from partners_service.identifiers import name_key
from partners_service.jobs import works
from partners_service.lifecycle import STRUCTURE, possible
from partners_service.parameters import Parameters, parameters_of
from partners_service.roles import PARTNER_DESK
from partners_service.structures import presenting, queries
from partners_service.structures.models import Structure
from partners_service.structures.registering import amend, missing, one_at_a_time, register
from partners_service.structures.schemas import AddressIn, ReferentIn, StructureIn
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.errors import Conflict
from servicekit.facts import emit
from servicekit.imports import Column, Importing, Known, Layout, Outcome, Problem, RowState, import_router
from servicekit.imports.columns import code

PROSPECT: Final = "prospect"
REGISTRATION: Final = "registration"

LAYOUT: Final = Layout(
    StructureIn,
    (
        Column("name", "Nom", ("Nom de la structure", "Structure", "Raison sociale"), True, "CCAS de Muret"),
        Column(
            "kind",
            "Type",
            ("Type de structure", "Nature"),
            True,
            labels.KIND[StructureKind.CCAS],
            read=code(labels.KIND),
        ),
        Column("siret", "SIRET", ("N° SIRET", "Numéro SIRET"), example="26310390500018", digits=14),
        Column("finess", "FINESS", ("N° FINESS", "Numéro FINESS", "FINESS géographique"), digits=9),
        Column("address.lines", "Adresse", ("Voie", "Adresse postale"), True, "3 place de la République"),
        Column("address.postcode", "Code postal", ("CP",), True, "31600", digits=5),
        Column("address.commune", "Commune", ("Ville",), True, "Muret"),
        Column("department", "Département", ("Code département", "Dép"), True, "31", digits=2),
        Column("phone", "Téléphone", ("Tél", "Téléphone de la structure"), digits=10, example="05 61 00 00 00"),
        Column("referent.first_name", "Prénom du référent", ("Référent prénom",), example="Camille"),
        Column("referent.last_name", "Nom du référent", ("Référent nom",), example="Roux"),
        Column("referent.job_title", "Fonction du référent", ("Référent fonction",), example="Responsable du CCAS"),
        Column(
            "referent.email",
            "Courriel du référent",
            ("Référent courriel", "E-mail du référent", "Courriel", "E-mail"),
            example="camille.roux@ccas-muret.example",
        ),
        Column("referent.phone", "Téléphone du référent", ("Référent téléphone",), digits=10),
    ),
)


class Present:
    """The structures that rows may be about, found by each sign a row may carry."""

    def __init__(self, structures: Iterable[Structure]) -> None:
        self._by: dict[tuple[str, ...], list[Structure]] = {}
        for structure in structures:
            self.add(structure)

    def add(self, structure: Structure) -> None:
        """Know of one more."""
        for sign in _signs(structure.siret, structure.finess, structure.name_key, structure.commune_key):
            self._by.setdefault(sign, []).append(structure)

    def matching(self, row: StructureIn) -> list[Structure]:
        """Return whom a row is about: the surest sign decides. Another SIRET is another structure."""
        for sign in _keys(row):
            found = self._by.get(sign, [])
            if sign[0] == "name":
                found = [s for s in found if not (row.siret and s.siret and s.siret != row.siret)]
            if found:
                return found
        return []


@dataclass(frozen=True, slots=True)
class Directory:
    """What a step needs to know of the caisse; the structures it enters are added as it goes."""

    present: Present
    parameters: Parameters
    departments: Sequence[Department]
    """Held so that each row finds its own in the session, without asking for it."""


async def check(session: AsyncSession, actor: Actor, rows: Mapping[int, StructureIn], mode: str) -> dict[int, Known]:
    """Tell what each row would become."""
    present = Present(await _present(session, actor, rows.values()))
    codes = {department.code for department in await departments(session)}
    first: dict[tuple[str, ...], int] = {}
    found: dict[int, Known] = {}
    for line, given in rows.items():
        row = given
        problems = [
            Problem(None, f"Cette ligne répète la ligne {twin}.")
            for twin in {first.setdefault(key, line) for key in _keys(row)} - {line}
        ]
        if row.department not in codes:
            problems.append(Problem("Département", "Ce département n'existe pas."))
        twins = present.matching(row)
        becomes = RowState.CREATED
        if twins:
            problems += [Problem(None, message) for message in _refusals(twins)]
            becomes = RowState.UNCHANGED if _same(twins[0], _completed(twins[0], row)) else RowState.UPDATED
            row = _completed(twins[0], row)
        if mode == REGISTRATION or (twins and twins[0].state is not StructureState.PROSPECT):
            problems += [
                Problem("SIRET" if error["field"] == "siret" else "Courriel du référent", str(error["message"]))
                for error in missing(row)
                if isinstance(error, dict)
            ]
        found[line] = Known(becomes, tuple(problems))
    return found


async def prepare(session: AsyncSession, actor: Actor, mode: str, rows: Sequence[StructureIn]) -> Directory:  # noqa: ARG001 - what the frame calls
    """Let one import at a time enter structures in a caisse, so that two of one file do not enter them twice."""
    await one_at_a_time(session, actor.caisse)
    parameters = await parameters_of(session, actor.caisse, await today(session, actor.caisse))
    return Directory(Present(await _present(session, actor, rows)), parameters, await departments(session))


async def apply(session: AsyncSession, actor: Actor, row: StructureIn, mode: str, known: Directory) -> Outcome:
    """Enter a structure, or correct the one that is recognised."""
    twins = known.present.matching(row)
    for message in _refusals(twins):
        raise Conflict(message)
    if not twins:
        structure, registered = await register(
            session, actor, row, clock.now(), prospect=mode == PROSPECT, parameters=known.parameters
        )
        journal.change(session, "register_structure", "structure", structure.id)
        emit(session, registered)
        known.present.add(structure)
        return Outcome(RowState.CREATED, structure.id)
    structure, completed = twins[0], _completed(twins[0], row)
    if _same(structure, completed):
        return Outcome(RowState.UNCHANGED, structure.id)
    emit(session, await amend(session, actor, structure, completed, clock.now()))
    journal.change(session, "amend_structure", "structure", structure.id)
    return Outcome(RowState.UPDATED, structure.id)


async def _present(session: AsyncSession, actor: Actor, rows: Iterable[StructureIn]) -> Sequence[Structure]:
    """Return the structures that rows may be about, in one reading; those that left or were refused do not count."""
    rows = list(rows)
    if not rows:
        return []
    names = [(name_key(row.name), name_key(row.address.commune)) for row in rows]
    statement = queries.visible_to(actor).where(
        Structure.state.not_in([StructureState.CLOSED, StructureState.REFUSED]),
        or_(
            Structure.siret.in_([row.siret for row in rows if row.siret]),
            Structure.finess.in_([row.finess for row in rows if row.finess]),
            tuple_(Structure.name_key, Structure.commune_key).in_(names),
        ),
    )
    return (await session.scalars(statement.order_by(Structure.id))).all()


def _signs(siret: str | None, finess: str | None, name: str, commune: str) -> list[tuple[str, ...]]:
    known = [("siret", siret), ("finess", finess)]
    return [*((sign, value) for sign, value in known if value), ("name", name, commune)]


def _keys(row: StructureIn) -> list[tuple[str, ...]]:
    return _signs(row.siret, row.finess, name_key(row.name), name_key(row.address.commune))


def _refusals(twins: Sequence[Structure]) -> list[str]:
    if len(twins) > 1:
        return ["Plusieurs structures de la caisse répondent à cette ligne : précisez le SIRET."]
    if twins and not possible(STRUCTURE, twins[0].state):
        return ["Cette structure ne peut plus être corrigée."]
    return []


def _completed(known: Structure, row: StructureIn) -> StructureIn:
    """Return the row with what it leaves empty taken from what is known."""
    referent = presenting.referent(known)
    return row.model_copy(
        update={
            "siret": row.siret or known.siret,
            "finess": row.finess or known.finess,
            "phone": row.phone or known.phone,
            "referent": row.referent or (referent and ReferentIn.model_construct(**referent.model_dump())),
        }
    )


def _same(known: Structure, row: StructureIn) -> bool:
    referent = presenting.referent(known)
    return (
        known.kind,
        known.name,
        known.siret,
        known.finess,
        known.department,
        AddressIn.model_construct(**presenting.address(known).model_dump()),
        known.phone,
        referent and referent.model_dump(),
    ) == (
        row.kind,
        row.name,
        row.siret,
        row.finess,
        row.department,
        row.address,
        row.phone,
        row.referent and row.referent.model_dump(),
    )


IMPORTING: Final = Importing(
    kind="structures.import",
    filename="structures",
    layout=LAYOUT,
    check=check,
    apply=apply,
    prepare=prepare,
    most_rows=3_000,
    modes=(PROSPECT, REGISTRATION),
)

IMPORTS: Final = import_router(
    "/api/v1/partners/agent/imports/structures",
    IMPORTING,
    works,
    audience=Audience.AGENT,
    roles=PARTNER_DESK,
    purpose="partner.manage",
    shows=["technical", "identity"],
    operation="import_structures",
)
