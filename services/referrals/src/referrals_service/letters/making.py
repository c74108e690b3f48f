"""Producing the letters of requests, one or many, and finding them again."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import works
from referrals_service.letters.composing import to_person, to_structure
from referrals_service.letters.kinds import RECEIPT, kinds
from referrals_service.letters.schemas import BatchIn, LetterIn, LetterOut
from referrals_service.persons import queries as persons
from referrals_service.persons.models import Person
from referrals_service.requests import facts, queries
from referrals_service.requests.codes import RequestKind
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.lifecycle import OPEN
from referrals_service.requests.models import R
from referrals_service.requests.queries import RequestNotFound
from servicekit import journal
from servicekit.access import Actor
from servicekit.errors import Conflict
from servicekit.facts import emit
from servicekit.letters.batches import Batching, refused_of
from servicekit.letters.producing import Draft, LetterNotFound, bytes_of, produce
from servicekit.letters.tables import letters as letter_table
from servicekit.sheets.writing import Cell, Format, written
from servicekit.works import work as works_of
from servicekit.works.results import result_of
from servicekit.works.work import RESOURCE as WORK
from servicekit.writes import Receipt

LETTER: Final = "letter"
_L = letter_table.c


class NobodyToWriteTo(Conflict):
    """No structure sent the request: the caisse detected the situation itself."""

    slug = "no-structure-to-write-to"
    title = "Aucune structure à qui écrire"

    def __init__(self) -> None:
        super().__init__("Cette demande vient de la caisse elle-même : il n’y a pas de structure à qui écrire.")


class NoLongerWaiting(Conflict):
    """The request was answered, or withdrawn: a receipt would promise an answer that nobody waits for."""

    slug = "request-no-longer-waiting"
    title = "Demande déjà traitée"

    def __init__(self) -> None:
        super().__init__(
            "Cette demande a déjà reçu sa réponse, ou a été retirée : un accusé de réception annoncerait une réponse "
            "qui ne viendra plus."
        )


class NoSuchLetter(Conflict):
    """The letters of the caisse speak of a MisAS referral: of another request they would say what is not."""

    slug = "no-letter-for-this-kind"
    title = "Pas de lettre pour cette demande"

    def __init__(self) -> None:
        super().__init__(
            "Les modèles de lettres parlent d'une saisine de la Mission Accompagnement Santé. Pour cette demande, "
            "répondez ou écrivez sur le portail."
        )


async def make(session: AsyncSession, actor: Actor, request_id: UUID, given: LetterIn) -> Receipt:
    """Produce one letter. Raises `RequestNotFound`, `NoSuchLetter`, `NobodyToWriteTo`, `NoLongerWaiting`, `NoAddress`,
    `NoSafeMail`, `NoTelephone`, `PersonNotFound`.
    """
    [row] = await _rows(session, actor, [request_id])
    if given.recipient is not None:
        if not _waits(row):
            raise NoLongerWaiting
        draft = await _receipt(session, actor, row, given.recipient)
    else:
        letter_to = await to_person(session, actor, kinds()[given.kind], row)
        draft = Draft(about=row.id, structure_id=None, snapshot=letter_to)
    letter = await produce(session, actor, draft)
    _announce(session, actor, row, draft.snapshot.kind, for_structure=draft.structure_id is not None)
    journal.change(session, "letter.make", LETTER, letter, subjects=[row.person_id])
    return Receipt(id=letter, version=1, state=given.kind)


async def make_batch(session: AsyncSession, actor: Actor, given: BatchIn) -> Receipt:
    """Have receipts printed for many requests; all of them are the actor's to see, or none is made.

    Those that no longer wait for an answer are left out when their turn comes, with the reason.
    """
    rows = {row.id: row for row in await _rows(session, actor, [item.request_id for item in given.items])}
    drafts = [await _receipt(session, actor, rows[item.request_id], item.recipient) for item in given.items]
    work = await RECEIPTS.begin(session, actor, drafts)
    await works.start(session, work)
    subjects = [row.person_id for row in rows.values()]
    journal.change(session, f"{RECEIPTS.kind}.ask", WORK, work.id, subjects=subjects)
    return Receipt(id=work.id, version=work.version, state=work.state)


async def _visible(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in (await session.execute(queries.rows_for(actor).where(R.id.in_(ids)))).all()}


def _made(session: AsyncSession, actor: Actor, row: Any, draft: Draft, letter_id: UUID) -> None:
    _announce(session, actor, row, draft.snapshot.kind, for_structure=draft.structure_id is not None)
    journal.change(session, "letter.make", LETTER, letter_id, subjects=[row.person_id])


def _waits(row: Any) -> bool:
    return row.coarse in OPEN


def _refusal(row: Any) -> str | None:
    return None if _waits(row) else NoLongerWaiting().detail


RECEIPTS: Final = Batching("letters.batch", "Accusés de réception", _visible, _made, _refusal)
works.add(RECEIPTS.kind_of_work())


async def batch_pdf(session: AsyncSession, actor: Actor, work_id: UUID) -> bytes:
    """Return all the letters of a batch in one PDF. Raises `WorkNotFound`, `NotReady`, `Forgotten`.

    Raises `LetterNotFound` when one of them is about a request that the actor no longer sees.
    """
    work = await works_of.get(session, actor, work_id, kind=RECEIPTS.kind)
    content = await result_of(session, work)
    made = (
        await session.execute(select(_L.id, _L.about).where(_L.caisse == actor.caisse, _L.batch_id == work.id))
    ).all()
    seen = await _visible(session, actor, [letter.about for letter in made])
    if len(seen) < len(made):
        raise LetterNotFound
    subjects = [row.person_id for row in seen.values()]
    journal.read(session, LETTER, subjects, resource_ids=[letter.id for letter in made])
    return content


async def refused_sheet(session: AsyncSession, actor: Actor, work_id: UUID, form: Format) -> bytes:
    """Return which letters of a batch were not made, and why. Raises `WorkNotFound`, `Forgotten`."""
    work = await works_of.get(session, actor, work_id, kind=RECEIPTS.kind)
    refused = await refused_of(session, work)
    journal.read(session, WORK, (), resource_ids=[work.id])
    rows: list[list[Cell]] = [[one.reference, ", ".join(one.recipient), " ".join(one.reasons)] for one in refused]
    return written(form, ["Références", "Destinataire", "Motif du refus"], rows)


async def _receipt(session: AsyncSession, actor: Actor, row: Any, recipient: Sequence[str]) -> Draft:
    if row.structure_id is None:
        raise NobodyToWriteTo
    snapshot = await to_structure(session, actor, kinds()[RECEIPT], row, recipient)
    return Draft(about=row.id, structure_id=row.structure_id, snapshot=snapshot)


async def _rows(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> list[Any]:
    rows = await _visible(session, actor, ids)
    if len(rows) < len(ids):
        raise RequestNotFound
    if any(row.kind != RequestKind.MISAS_REFERRAL for row in rows.values()):
        raise NoSuchLetter
    return list(rows.values())


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
    one = select(letter_table).where(_L.caisse == actor.caisse, _L.id == letter_id)
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
    return await bytes_of(letter)


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
    )
