"""Routes and assembly of the sample."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from sample_service.models import Note
from sample_service.settings import Settings
from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.app import create_app
from servicekit.db import DbSession, new_id
from servicekit.errors import Conflict, NotFound
from servicekit.pages import Page, PageQuery, paginate
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt, require_version, set_etag

PARTNER = router("/api/v1/sample/partner")
AGENT = router("/api/v1/sample/agent")
FOLLOW = access(Audience.PARTNER, purpose="note.follow", roles=["partner_user"], shows=["identity"])
WRITE = access(Audience.PARTNER, purpose="note.write", roles=["partner_user"])


class NoteIn(BaseModel):
    """What is written."""

    model_config = ConfigDict(extra="forbid")
    person_id: UUID
    text: str = Field(max_length=100)


class NoteOut(BaseModel):
    """What is read."""

    id: UUID
    text: str


@PARTNER.get("/notes", openapi_extra=FOLLOW)
async def list_notes(session: DbSession, page: PageQuery) -> Page[NoteOut]:
    """List the notes of the structure, newest first."""
    statement = select(Note.id, Note.text, Note.person_id)
    rows, cursor = await paginate(session, statement, [(Note.__table__.c.id, "desc")], page)
    journal.read(session, "note", [row.person_id for row in rows])
    items: Sequence[NoteOut] = [NoteOut(id=row.id, text=row.text) for row in rows]
    return Page(items=items, next_cursor=cursor)


@PARTNER.get("/forgetful", openapi_extra=FOLLOW)
async def forgetful(session: DbSession) -> list[UUID]:
    """Read people and forget to say so."""
    return list(await session.scalars(select(Note.person_id)))


@PARTNER.post("/notes", status_code=201, openapi_extra=WRITE)
async def write_note(body: NoteIn, session: DbSession, actor: CurrentActor) -> Receipt:
    """Write a note."""
    note = Note(caisse=actor.caisse, id=new_id(), structure_id=actor.structure_id, version=1, **body.model_dump())
    session.add(note)
    journal.change(session, "note.write", "note", note.id, subjects=[body.person_id], after={"text": body.text})
    if body.text == "slow":
        await session.flush()
        await asyncio.sleep(0.3)
    if body.text == "refuse":
        raise Conflict("Cette note est refusée.", rule="T-01")
    if body.text == "crash":
        raise ZeroDivisionError(body.text)
    return Receipt(id=note.id, version=1, state=None)


@PARTNER.put("/notes/{note_id}", openapi_extra=WRITE, responses=problems(NotFound))
async def rewrite_note(
    note_id: UUID, body: NoteIn, version: IfMatch, session: DbSession, response: Response
) -> Receipt:
    """Write a note again."""
    note = (await session.scalars(select(Note).where(Note.id == note_id).with_for_update())).one_or_none()
    if note is None:
        raise NotFound("Cette note n'existe pas.")
    require_version(note.version, version)
    note.text = body.text
    note.version += 1
    set_etag(response, note.version)
    return Receipt(id=note.id, version=note.version, state=None)


@AGENT.get("/notes/{note_id}", openapi_extra=access(Audience.AGENT, purpose="note.triage", step_up=True))
async def read_note(note_id: UUID, session: DbSession) -> NoteOut:
    """Read one note as the caisse, with a fresh second factor."""
    row = (await session.execute(select(Note.id, Note.text, Note.person_id).where(Note.id == note_id))).one_or_none()
    if row is None:
        raise NotFound("Cette note n'existe pas.")
    journal.read(session, "note", [row.person_id], resource_ids=[row.id])
    return NoteOut(id=row.id, text=row.text)


def assemble(settings: Settings) -> FastAPI:
    """Assemble the sample."""
    return create_app(settings, name="sample", title="Sample", description="", routers=[PARTNER, AGENT])
