"""The routes of an import: its template, upload, preview, confirmation, corrected file."""

from collections.abc import Iterable
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel
from sqlalchemy import select

from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid
from servicekit.imports.columns import MissingColumns
from servicekit.imports.importing import Importing, RowState, confirm
from servicekit.problems import problems
from servicekit.route import router
from servicekit.sheets.reading import FileTooLarge, UnreadableFile
from servicekit.sheets.writing import MEDIA_TYPES, Format, written
from servicekit.works import work as works_of
from servicekit.works.routes import CONFIRM_REFUSALS, FILE_ANSWER, attachment, prepared
from servicekit.works.running import Works
from servicekit.works.sealing import Forgotten
from servicekit.works.states import WorkState
from servicekit.works.tables import work_rows
from servicekit.works.work import RESOURCE, WorkNotFound
from servicekit.writes import IfMatch, Receipt, receipt_of

_FIRST_ROWS: Final = 10
_MOST_FAULTY: Final = 200
_FILE: Final = {
    "requestBody": {
        "required": True,
        "description": "CSV (UTF-8 ou Windows-1252, `;` ou `,`) ou classeur .xlsx, 5 Mo au plus",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
REASON: Final = "Motif du refus"
LINE: Final = "Ligne du fichier"


class RowProblem(BaseModel):
    """What is wrong with a row; `column` is the heading concerned."""

    column: str | None
    message: str


class PreviewRow(BaseModel):
    """A row of the file: `line` as a spreadsheet shows it, `cells` in the order of the headings."""

    line: int
    cells: list[str]
    problems: list[RowProblem]


class Preview(BaseModel):
    """What an import would do."""

    headings: list[str]
    ignored: list[str]
    """Headings of the file that no column answers to."""
    expected: dict[str, int]
    """Rows by what they would become."""
    first: list[PreviewRow]
    faulty: list[PreviewRow]
    """The faulty rows, the first two hundred of them."""
    version: int


def import_router(
    prefix: str,
    importing: Importing[Any],
    works: Works,
    *,
    audience: Audience,
    roles: Iterable[str],
    purpose: str,
    shows: Iterable[str],
    operation: str,
) -> APIRouter:
    """Return the routes of one import under `prefix`.

    `shows` are the groups that its rows hold; `operation` begins the name of each operation.
    """
    works.add(importing.kind_of_work())
    routes = router(prefix, tags=["imports"])
    roles = list(roles)
    changes = access(audience, purpose=purpose, roles=roles)
    reads = access(audience, purpose=purpose, roles=roles, shows=shows)
    modes = importing.about or "|".join(importing.modes)

    @routes.get(
        "/template",
        operation_id=f"{operation}_template",
        summary="Modèle de fichier",
        response_class=Response,
        responses=FILE_ANSWER,
        openapi_extra=access(audience, purpose=purpose, roles=roles, journal=False),
    )
    async def template(form: Format = Format.XLSX) -> Response:
        """Donne un fichier avec les titres attendus et une ligne d'exemple."""
        columns = importing.layout.columns
        content = written(form, [c.heading for c in columns], [[c.example for c in columns]])
        return attachment(content, MEDIA_TYPES[form], f"modele-{importing.filename}.{form}")

    @routes.post(
        "",
        operation_id=f"{operation}_upload",
        summary="Envoyer un fichier à importer",
        status_code=status.HTTP_201_CREATED,
        responses=problems(UnreadableFile, MissingColumns, Invalid, FileTooLarge),
        openapi_extra=changes | _FILE,
    )
    async def upload(
        request: Request,
        session: DbSession,
        actor: CurrentActor,
        response: Response,
        mode: Annotated[str, Query(pattern=f"^({modes})$", description=modes)] = (*importing.modes, "")[0],
    ) -> Receipt:
        """Lit et vérifie le fichier sans rien changer ; l'import attend ensuite d'être confirmé."""
        content = await request.body()
        work = await importing.upload(session, actor, content, mode)
        journal.change(session, f"{importing.kind}.upload", RESOURCE, work.id)
        return receipt_of(response, work, work.state)

    @routes.get(
        "/{work_id}/preview",
        operation_id=f"{operation}_preview",
        summary="Ce que ferait l'import",
        responses=problems(WorkNotFound, Forgotten),
        openapi_extra=reads,
    )
    async def preview(work_id: UUID, session: DbSession, actor: CurrentActor) -> Preview:
        """Montre les premières lignes, et chaque ligne refusée avec ses raisons."""
        work = await works_of.get(session, actor, work_id, kind=importing.kind)
        seal = work.seal(session)
        rows = select(work_rows.c.rank, work_rows.c.sealed, work_rows.c.problems).where(
            work_rows.c.caisse == work.caisse, work_rows.c.work_id == work.id
        )
        ordered = rows.order_by(work_rows.c.rank)

        def shown(row: Any) -> PreviewRow:
            given = orjson.loads(seal.open(f"row|{row.rank}", row.sealed))
            cells = [given.get(column.path, "") for column in importing.layout.columns]
            return PreviewRow(line=row.rank, cells=cells, problems=row.problems)

        first = (await session.execute(ordered.limit(_FIRST_ROWS))).all()
        faulty = (
            await session.execute(ordered.where(work_rows.c.state == str(RowState.FAULTY)).limit(_MOST_FAULTY))
        ).all()
        journal.read(session, RESOURCE, (), resource_ids=[work.id])
        return Preview(
            headings=list(importing.layout.headings),
            ignored=work.parameters["ignored"],
            expected=work.parameters["expected"],
            first=[shown(row) for row in first],
            faulty=[shown(row) for row in faulty],
            version=work.version,
        )

    @routes.post(
        "/{work_id}/confirm",
        operation_id=f"{operation}_confirm",
        summary="Lancer l'import",
        responses=problems(*CONFIRM_REFUSALS),
        openapi_extra=changes,
    )
    async def confirm_import(
        work_id: UUID, version: IfMatch, session: DbSession, actor: CurrentActor, response: Response
    ) -> Receipt:
        """Importe les lignes acceptées ; les lignes refusées restent dans un fichier à corriger."""
        work = await prepared(session, actor, work_id, importing.kind, version)
        await confirm(session, work, importing.kept)
        await works.start(session, work)
        journal.change(session, f"{importing.kind}.confirm", RESOURCE, work.id)
        return receipt_of(response, work, work.state)

    @routes.get(
        "/{work_id}/corrections",
        operation_id=f"{operation}_corrections",
        summary="Fichier à corriger",
        response_class=Response,
        responses=FILE_ANSWER | problems(WorkNotFound, Forgotten, NothingToCorrect),
        openapi_extra=reads,
    )
    async def corrections(
        work_id: UUID, session: DbSession, actor: CurrentActor, form: Format = Format.XLSX
    ) -> Response:
        """Donne les lignes refusées, avec leurs raisons, dans un fichier à corriger et à envoyer de nouveau."""
        work = await works_of.get(session, actor, work_id, kind=importing.kind)
        seal = work.seal(session)
        faulty = (
            select(work_rows.c.rank, work_rows.c.sealed, work_rows.c.problems)
            .where(
                work_rows.c.caisse == work.caisse,
                work_rows.c.work_id == work.id,
                work_rows.c.state == str(RowState.FAULTY),
            )
            .order_by(work_rows.c.rank)
        )
        rows = []
        for row in (await session.execute(faulty)).all():
            given = orjson.loads(seal.open(f"row|{row.rank}", row.sealed))
            told = " ".join(
                f"{problem['column']} : {problem['message']}" if problem["column"] else problem["message"]
                for problem in row.problems
            )
            rows.append([*(given.get(column.path, "") for column in importing.layout.columns), told, row.rank])
        if not rows or work.state is WorkState.CANCELLED:
            raise NothingToCorrect
        journal.read(session, RESOURCE, (), resource_ids=[work.id])
        content = written(form, [*importing.layout.headings, REASON, LINE], rows)
        return attachment(content, MEDIA_TYPES[form], f"{importing.filename}-a-corriger.{form}")

    return routes


class NothingToCorrect(WorkNotFound):
    """No row was refused."""

    slug = "nothing-to-correct"
    title = "Rien à corriger"
