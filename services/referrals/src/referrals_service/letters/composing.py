"""What a letter about a request says: values read now, under the grants of whoever asks, and kept as they were."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.letters.kinds import CALL_BACK, CONSENT_RECEIPT, EASY_TO_READ, EFFECTS, SHEET, kinds
from referrals_service.persons import queries as persons
from referrals_service.persons import register
from referrals_service.persons.codes import AccessNeed, ContactCaution
from referrals_service.persons.models import Person
from referrals_service.requests import queries as requests
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.models import R
from referrals_service.requests.statements import current_statement
from servicekit.access import Actor
from servicekit.errors import Conflict
from servicekit.letters import shelf
from servicekit.letters.kinds import Day, Kind, Value
from servicekit.letters.snapshot import Letterhead, Snapshot
from servicekit.letters.typography import LANGUAGES


class NoAddress(Conflict):
    """The register holds no address for the person."""

    slug = "person-without-address"
    title = "Adresse manquante"

    def __init__(self) -> None:
        super().__init__(
            "Aucune adresse postale n’est enregistrée pour cette personne. Complétez sa fiche, puis recommencez."
        )


class NoSafeMail(Conflict):
    """The person asked that nothing be sent home."""

    slug = "no-safe-mail"
    title = "Pas de courrier au domicile"

    def __init__(self) -> None:
        super().__init__(
            "Cette personne a demandé de ne recevoir aucun courrier à son domicile. Joignez-la autrement, ou, si elle "
            "a changé d’avis, modifiez d’abord sa fiche."
        )


class NoTelephone(Conflict):
    """The letterhead gives no telephone, and the letter asks to call the number at its top."""

    slug = "letterhead-without-telephone"
    title = "Numéro de téléphone manquant"

    def __init__(self) -> None:
        super().__init__(
            "Cette lettre demande à la personne de rappeler le numéro indiqué en haut, et l’en-tête de votre caisse "
            "n’en donne aucun. Faites-le ajouter dans « Modèles de lettres », puis recommencez."
        )


_TELEPHONE: Final = re.compile(
    r"(?<!\d)(?:(?:(?:\+|00)\d{2,3}[\s.]?(?:\(0\)[\s.]?)?|0)[1-9](?:[\s.-]?\d{2}){4}|36[\s.]?46)(?!\d)"
)
"""A French number as people write it, or the short number of the Assurance Maladie."""


@cache
def _names() -> Mapping[str, str]:
    with (files("referrals_service") / "data/body_names.csv").open(encoding="utf-8") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def body_name(code: str) -> str:
    """Return the name of a body; KeyError for a code that is none."""
    return _names()[code]


def first_letterhead(caisse: str) -> Letterhead:
    """Return the letterhead of a body that wrote none: its name and the mission's, no address that could be wrong."""
    return Letterhead(name=body_name(caisse), lines=("Mission Accompagnement Santé",), place="")


async def _head(session: AsyncSession, caisse: str) -> Letterhead:
    _, found = await shelf.letterhead(session, caisse)
    return found or first_letterhead(caisse)


async def snapshot(
    session: AsyncSession,
    caisse: str,
    kind: Kind,
    *,
    language: str,
    recipient: Sequence[str],
    reference: str,
    values: dict[str, Value],
) -> Snapshot:
    """Return the letter that `kind` makes today, in `language` if the caisse has it, else in French."""
    today = calendar_of(caisse).today()
    found = await shelf.in_force(session, caisse, kind, language, today)
    return Snapshot(
        kind=kind.code,
        language=found.language,
        version=found.number,
        subject=found.text.subject,
        body=found.text.body,
        on=today,
        letterhead=await _head(session, caisse),
        recipient=tuple(recipient),
        reference=reference,
        values=values,
    )


async def to_structure(session: AsyncSession, actor: Actor, kind: Kind, row: Any, recipient: Sequence[str]) -> Snapshot:
    """Return a letter to the structure that sent a request. It names nobody."""
    values: dict[str, Value] = {
        "numero": row.number,
        "recue_le": Day(on=calendar_of(actor.caisse).day_of(row.submitted_at)),
        "reponse_le": Day(on=row.due_on),
    }
    return await snapshot(
        session,
        actor.caisse,
        kind,
        language="fr",
        recipient=recipient,
        reference=f"Nos références : {row.number}",
        values=values,
    )


async def to_person(session: AsyncSession, actor: Actor, kind: Kind, row: Any) -> Snapshot:
    """Return a letter to the person a request is about.

    It is easy to read for who needs it so, where that text exists. Raises `NoAddress`, `NoSafeMail`,
    `PersonNotFound` without a grant, `NoTelephone` for a letter that asks to be called.
    """
    person = await _read(session, actor, row.person_id)
    if ContactCaution.NO_HOME_MAIL in person.cautions:
        raise NoSafeMail
    asks_to_be_called = kind.code == CALL_BACK
    if AccessNeed.EASY_TO_READ in person.access_needs and person.language == shelf.FALLBACK:
        kind = kinds()[EASY_TO_READ.get(kind.code, kind.code)]
    if person.postcode is None or person.city is None:
        raise NoAddress
    name = register.display_name(person.first_names, person.last_name)
    letter = await snapshot(
        session,
        actor.caisse,
        kind,
        language=person.language if person.language in LANGUAGES else shelf.FALLBACK,
        recipient=(name, *person.address_lines, f"{person.postcode} {person.city}"),
        reference=f"Nos références : {row.number}",
        values={"nom": name, "numero": row.number},
    )
    if asks_to_be_called and not any(_TELEPHONE.search(line) for line in letter.letterhead.lines):
        raise NoTelephone
    return letter


async def sheet_of(session: AsyncSession, actor: Actor, person_id: UUID) -> Snapshot:
    """Return the sheet of information and agreement of a person. Raises `PersonNotFound` without a grant."""
    person = await _read(session, actor, person_id)
    statement = current_statement(calendar_of(actor.caisse).today())
    values: dict[str, Value] = {
        "nom": register.display_name(person.first_names, person.last_name),
        "information": statement.paragraphs,
        "version": statement.version,
    }
    language = person.language if person.language in LANGUAGES else shelf.FALLBACK
    return await snapshot(
        session, actor.caisse, kinds()[SHEET], language=language, recipient=(), reference="", values=values
    )


async def consent_receipt(
    session: AsyncSession,
    actor: Actor,
    person_id: UUID,
    *,
    request_id: UUID,
    recipient: str,
    given_on: date,
    withdrawn_on: date,
    effect: str,
) -> Snapshot:
    """Return the receipt of an agreement taken back, to be handed to the person. Raises `PersonNotFound`."""
    person = await _read(session, actor, person_id)
    number = await session.scalar(requests.rows_for(actor).with_only_columns(R.number).where(R.id == request_id))
    values: dict[str, Value] = {
        "nom": register.display_name(person.first_names, person.last_name),
        "numero": number or "",
        "destinataire": recipient,
        "donne_le": Day(on=given_on),
        "retire_le": Day(on=withdrawn_on),
        "effet": EFFECTS[effect],
    }
    return await snapshot(
        session,
        actor.caisse,
        kinds()[CONSENT_RECEIPT],
        language=shelf.FALLBACK,
        recipient=(),
        reference=f"Nos références : {number}",
        values=values,
    )


async def _read(session: AsyncSession, actor: Actor, person_id: UUID) -> Person:
    person = await persons.get(session, persons.visible_to(actor), person_id)
    if person is None:
        raise register.PersonNotFound
    await register.note_shown(session, actor, [person.id])
    return person
