"""Producing the letters of requests, one or many, and finding them again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import jobs
from referrals_service.letters.composing import to_person, to_structure
from referrals_service.letters.kinds import RECEIPT, kinds
from referrals_service.letters.schemas import BatchIn, BatchOut, LetterIn, LetterOut
from referrals_service.persons import queries as persons
from referrals_service.persons.models import Person
from referrals_service.requests import facts, queries
from referrals_service.requests.codes import RequestKind
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.models import R
from referrals_service.requests.queries import RequestNotFound
from servicekit import journal
from servicekit.access import Actor
from servicekit.errors import Conflict
from servicekit.facts import emit
from servicekit.jobs import defer
from servicekit.letters import batches
from servicekit.letters.batches import BatchNotFound, Draft, LetterNotFound
from servicekit.letters.tables import batches as batch_table
from servicekit.letters.tables import letters as letter_table
from servicekit.writes import Receipt

LETTER = "letter"
_L = letter_table.c


class NobodyToWriteTo(Conflict):
    """No structure sent the request: the caisse detected the situation itself."""

    slug = "no-structure-to-write-to"
    title = "Aucune structure à qui écrire"

    def __init__(self) -> None:
        super().__init__("Cette demande vient de la caisse elle-même : il n’y a pas de structure à qui écrire.")


@jobs.task("letters.print_batch")
async def print_batch(session: AsyncSession, caisse: str, batch_id: UUID) -> None:
    """Print the next letters of a batch, and have the rest printed by the next job."""
    if await batches.print_some(session, caisse, batch_id):
        await defer(session, print_batch, caisse, batch_id)


async def make(session: AsyncSession, actor: Actor, request_id: UUID, given: LetterIn) -> Receipt:
    """Produce one letter. Raises `RequestNotFound`, `NobodyToWriteTo`, `NoAddress`, `PersonNotFound`."""
    [row] = await _rows(session, actor, [request_id])
    if given.recipient is not None:
        draft = await _receipt(session, actor, row, given.recipient)
    else:
        draft = Draft(row.id, None, await to_person(session, actor, kinds()[given.kind], row))
    letter = await batches.produce(session, actor, draft)
    _announce(session, actor, row, given.kind, for_structure=draft.structure_id is not None)
    journal.change(session, "letter.make", LETTER, letter, subjects=[row.person_id])
    return Receipt(id=letter, version=1, state=given.kind)


async def make_batch(session: AsyncSession, actor: Actor, given: BatchIn) -> Receipt:
    """Have receipts printed for many requests; all of them are the actor's to see, or none is made."""
    rows = {row.id: row for row in await _rows(session, actor, [item.request_id for item in given.items])}
    drafts = [await _receipt(session, actor, rows[item.request_id], item.recipient) for item in given.items]
    batch = await batches.begin(session, actor, RECEIPT, drafts)
    await defer(session, print_batch, actor.caisse, batch)
    for row in rows.values():
        _announce(session, actor, row, RECEIPT, for_structure=True)
    journal.change(session, "letter.make_batch", LETTER, batch, subjects=[row.person_id for row in rows.values()])
    return Receipt(id=batch, version=1, state="running")


async def _receipt(session: AsyncSession, actor: Actor, row: Any, recipient: Sequence[str]) -> Draft:
    if row.structure_id is None:
        raise NobodyToWriteTo
    return Draft(row.id, row.structure_id, await to_structure(session, actor, kinds()[RECEIPT], row, recipient))


async def _rows(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    rows = (await session.execute(queries.rows_for(actor).where(R.id.in_(ids)))).all()
    if len(rows) < len(ids):
        raise RequestNotFound
    return rows


def _announce(session: AsyncSession, actor: Actor, row: Any, letter: str, *, for_structure: bool) -> None:
    subject = facts.RequestSubject(request=row.id, person=row.person_id, structure=row.structure_id)
    payload = facts.LetterMade(kind=RequestKind(row.kind), letter=letter, for_structure=for_structure)
    emit(session, facts.RequestLetterMade(caisse=actor.caisse, subject=subject, payload=payload))


async def of_request(session: AsyncSession, actor: Actor, request_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the letters of a request that the actor sees, newest first. Raises `RequestNotFound`."""
    [row] = await _rows(session, actor, [request_id])
    columns = [column for column in letter_table.c if column is not _L.snapshot]
    mine = select(*columns).where(_L.caisse == actor.caisse, _L.about == row.id)
    journal.read(session, RESOURCE, [row.person_id], resource_ids=[row.id], fields=["technical"])
    return (await session.execute(mine.order_by(_L.id.desc()))).all()


async def pdf_of(session: AsyncSession, actor: Actor, letter_id: UUID) -> bytes:
    """Return a letter about a request that the actor sees; one to the person takes a grant too."""
    one = select(letter_table).where(_L.caisse == actor.caisse, _L.id == letter_id, _L.refusal.is_(None))
    letter = (await session.execute(one)).one_or_none()
    if letter is None:
        raise LetterNotFound
    about = (await session.execute(queries.rows_for(actor).where(R.id == letter.about))).one_or_none()
    if about is None:
        raise LetterNotFound
    if kinds()[letter.kind].addressee == "person":
        shown = persons.visible_to(actor).where(Person.id == about.person_id).with_only_columns(Person.id)
        if (await session.execute(shown)).one_or_none() is None:
            raise LetterNotFound
    journal.read(session, LETTER, [about.person_id], resource_ids=[letter_id])
    return await batches.bytes_of(letter)


def shown(row: Any) -> LetterOut:
    """Return a letter as agents list it."""
    kind = kinds()[row.kind]
    return LetterOut(
        id=row.id,
        request_id=row.about,
        kind=row.kind,
        label=kind.label,
        addressee=kind.addressee,
        language=row.language,
        template_number=row.template_number,
        made_at=row.made_at,
        made_by=UUID(row.made_by),
        batch_id=row.batch_id,
        printed=None if row.refusal is not None else row.sha256 is not None,
    )


async def batches_of(session: AsyncSession, actor: Actor, batch_id: UUID | None = None) -> list[BatchOut]:
    """Return the latest batches that the actor began, or that one. Raises `BatchNotFound`."""
    b = batch_table.c
    mine = select(batch_table).where(b.caisse == actor.caisse, b.created_by == actor.sub)
    if batch_id is not None:
        mine = mine.where(b.id == batch_id)
    rows = (await session.execute(mine.order_by(b.id.desc()).limit(20))).all()
    if batch_id is not None and not rows:
        raise BatchNotFound
    return [
        BatchOut(
            id=row.id,
            kind=row.kind,
            label=kinds()[row.kind].label,
            total=row.total,
            printed=row.printed,
            refused=row.refused,
            created_at=row.created_at,
            finished_at=row.finished_at,
        )
        for row in rows
    ]
