"""Import of MisAS referrals: each row a person of the structure and a form, kept as a draft or sent at once.

No identification number comes in a file: a person enters without, and the number is completed on the record. A
person the structure already registered under the same name and birth date is not registered again. A row that
was done once, whoever of the structure sent it, is not done twice (ESP-13 holds beside for what is still open).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy import tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import works
from referrals_service.persons import queries, register
from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.persons.models import Person
from referrals_service.persons.schemas import PersonIn
from referrals_service.requests import drafts, file_labels
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import AgreementChannel, CareType, ReferralMotive, ReferralScope, RequestKind
from referrals_service.requests.file_request import file_request
from referrals_service.requests.filing import AlreadyOpen
from referrals_service.requests.front_door import require_open
from referrals_service.requests.misas_form import MisasFormIn, errors_of
from referrals_service.requests.schemas import DraftIn, FilingIn
from referrals_service.requests.statements import current_statement
from referrals_service.texts import fold
from servicekit.access import Actor, Audience
from servicekit.errors import Conflict, Invalid
from servicekit.imports import Column, Importing, Known, Layout, Outcome, Problem, RowState, import_router
from servicekit.imports.columns import code, codes, day, yes_or_no

DRAFT: Final = "draft"
FILE: Final = "file"
_KIND: Final = RequestKind.MISAS_REFERRAL
_WITHOUT_NUMBER: Final = {"kind": "none", "none_reason": "not_collected"}


class ReferralRow(BaseModel):
    """A person and a form, as the API takes them; what a file never holds is completed."""

    model_config = ConfigDict(extra="forbid")

    person: PersonIn
    form: MisasFormIn

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        person, form = dict(given.get("person", {})), dict(given.get("form", {}))
        contact = dict(person.get("contact", {}))
        contact.setdefault("preferred_channel", "phone")
        person |= {"identifier": _WITHOUT_NUMBER, "contact": contact}
        form["phone"] = contact.get("phone")
        if "renounced_care" in form:
            form["renounced_care"] = list(form["renounced_care"].values())
        return {"person": person, "form": form}


def _children(cell: str) -> list[dict[str, date]]:
    return [{"birth_on": day(part)} for part in cell.replace(";", "|").split("|") if part.strip()]


def _lines(cell: str) -> list[str]:
    return [cell]


_CARE: Final = "form.renounced_care.0"

LAYOUT: Final = Layout(
    ReferralRow,
    (
        Column("person.civility", "Civilité", example="Madame", read=code(file_labels.CIVILITY)),
        Column("person.first_names", "Prénoms", ("Prénom",), True, "Sofia"),
        Column("person.last_name", "Nom", ("Nom d'usage", "Nom de famille"), True, "Delmas"),
        Column("person.birth_name", "Nom de naissance", ("Nom de jeune fille",)),
        Column("person.birth_on", "Date de naissance", ("Né(e) le", "Naissance"), True, "12/03/1989", read=day),
        Column("person.birth_place", "Lieu de naissance", example="Toulouse"),
        Column("person.contact.phone", "Téléphone", ("Tél", "Portable"), True, "06 12 34 56 78", digits=10),
        Column(
            "person.contact.phone_kind",
            "À qui est le téléphone",
            (),
            True,
            "Son mobile",
            read=code(file_labels.PHONE_KIND),
        ),
        Column("person.contact.email", "Courriel", ("E-mail",)),
        Column("person.contact.address.lines", "Adresse", ("Voie",), read=_lines),
        Column("person.contact.address.postcode", "Code postal", ("CP",), digits=5),
        Column("person.contact.address.city", "Commune", ("Ville",)),
        Column("person.contact.preferred_channel", "Contact préféré", read=code(file_labels.CHANNEL)),
        Column("person.contact.safe_hours", "Heures où appeler sans risque"),
        Column("person.contact.interpreter", "Interprète", example="non", read=yes_or_no),
        Column("person.household.adults", "Adultes au foyer", ("Adultes",), True, "1"),
        Column("person.household.children", "Enfants nés le", ("Enfants",), example="02/05/2023", read=_children),
        Column(
            "form.scopes",
            "Objet de la saisine",
            ("Objet",),
            True,
            file_labels.REFERRAL_SCOPE[ReferralScope.RENONCEMENT_SOINS],
            read=codes(file_labels.REFERRAL_SCOPE),
        ),
        Column(
            "form.motives",
            "Aide attendue",
            ("Motif", "Motifs"),
            True,
            file_labels.REFERRAL_MOTIVE[ReferralMotive.ORIENTER_PS],
            read=codes(file_labels.REFERRAL_MOTIVE),
        ),
        Column(
            f"{_CARE}.care_type",
            "Soin abandonné",
            ("Soin",),
            False,
            file_labels.CARE_TYPE[CareType.DENTAL],
            read=code(file_labels.CARE_TYPE),
        ),
        Column(f"{_CARE}.detail", "Précision sur le soin"),
        Column(
            f"{_CARE}.reasons",
            "Raisons du renoncement",
            ("Raison",),
            False,
            "Reste à charge trop élevé",
            read=codes(file_labels.RENUNCIATION_REASON),
        ),
        Column("form.situation_note", "Situation", ("Situation de la personne",)),
        Column("form.informed.informed_on", "Personne informée le", ("Informée le",), True, "12/03/2026", read=day),
        Column("form.informed.agrees_to_be_called", "Accepte d'être appelée", ("Accord",), True, "oui", read=yes_or_no),
        Column(
            "form.informed.channel",
            "Accord donné",
            ("Mode d'accord",),
            True,
            file_labels.AGREEMENT_CHANNEL[AgreementChannel.IN_PERSON],
            read=code(file_labels.AGREEMENT_CHANNEL),
        ),
        Column("form.best_time", "Meilleur moment pour appeler", ("Meilleur moment",)),
        Column("form.detector_note", "Note pour la mission", ("Note",)),
    ),
)


@dataclass(frozen=True, slots=True)
class Register:
    """The persons of the structure that rows may be about, by name and birth date."""

    persons: dict[tuple[str, str, date], list[Person]]


async def prepare(session: AsyncSession, actor: Actor, mode: str, rows: Sequence[ReferralRow]) -> Register:  # noqa: ARG001 - what the frame calls
    """Refuse a structure whose portal is closed (ESP-04); find its persons."""
    await require_open(session, actor)
    found: dict[tuple[str, str, date], list[Person]] = {}
    names = {_name(row) for row in rows}
    if names:
        same = tuple_(Person.last_name_key, Person.first_names_key, Person.birth_on).in_(names)
        for person in (await session.scalars(queries.visible_to(actor, FOLLOW).where(same))).all():
            found.setdefault((person.last_name_key, person.first_names_key, person.birth_on), []).append(person)
    return Register(found)


async def check(session: AsyncSession, actor: Actor, rows: Mapping[int, ReferralRow], mode: str) -> dict[int, Known]:
    """Tell which rows could not be done; a row to be sent must hold all that the form asks for."""
    known = await prepare(session, actor, mode, list(rows.values()))
    found = {}
    for line, row in rows.items():
        problems = [Problem(None, _HOMONYMS)] if len(known.persons.get(_name(row), [])) > 1 else []
        if mode == FILE:
            errors = errors_of(_with_statement(row.form, actor), calendar_of(actor.caisse).today())
            problems += [Problem(LAYOUT.heading(f"form.{error.field}"), error.message) for error in errors]
        found[line] = Known(problems=tuple(problems))
    return found


_HOMONYMS: Final = (
    "Votre structure connaît plusieurs personnes de ce nom et de cette date de naissance : saisissez cette demande "
    "dans le formulaire."
)


async def apply(session: AsyncSession, actor: Actor, row: ReferralRow, mode: str, known: Register) -> Outcome:
    """Register the person if the structure does not know her, then keep or send the request."""
    persons = known.persons.get(_name(row), [])
    if len(persons) > 1:
        raise Conflict(_HOMONYMS)
    person = persons[0] if persons else await register.register(session, actor, row.person)
    form = _with_statement(row.form, actor)
    if mode == DRAFT:
        draft = await drafts.create_draft(session, actor, DraftIn(kind=_KIND, person_id=person.id))
        await drafts.save_form(session, actor, draft.id, draft.version, form)
        return Outcome(RowState.CREATED, draft.id)
    try:
        filed = await file_request(session, actor, FilingIn(kind=_KIND, person_id=person.id, form=form))
    except AlreadyOpen as refusal:
        existing = refusal.extra.get("existing")
        if not isinstance(existing, dict):
            raise
        return Outcome(RowState.UNCHANGED, UUID(str(existing["id"])))
    except Invalid as refusal:
        raise _under_form(refusal) from refusal
    return Outcome(RowState.CREATED, filed.id)


def _under_form(refusal: Invalid) -> Invalid:
    errors = refusal.extra.get("errors")
    named = (
        [e | {"field": f"form.{e['field']}"} for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    )
    return Invalid(refusal.detail, errors=[*named])


def _name(row: ReferralRow) -> tuple[str, str, date]:
    return fold(row.person.last_name), fold(row.person.first_names), row.person.birth_on


def _with_statement(form: MisasFormIn, actor: Actor) -> MisasFormIn:
    """Return the form with the text that was shown with the template: the one in force."""
    version = current_statement(calendar_of(actor.caisse).today()).version
    informed = form.informed.model_copy(update={"statement_version": form.informed.statement_version or version})
    return form.model_copy(update={"informed": informed})


def key(row: ReferralRow) -> str:
    """Return what makes two rows one referral: the person, and the day on which she agreed."""
    last_name, first_names, birth_on = _name(row)
    return "|".join([last_name, first_names, birth_on.isoformat(), str(row.form.informed.informed_on or "")])


IMPORTING: Final = Importing(
    kind="requests.import",
    filename="saisines",
    layout=LAYOUT,
    check=check,
    apply=apply,
    prepare=prepare,
    key=key,
    most_rows=500,
    modes=(DRAFT, FILE),
)

IMPORTS: Final = import_router(
    "/api/v1/referrals/partner/imports/requests",
    IMPORTING,
    works,
    audience=Audience.PARTNER,
    roles=[SENDER],
    purpose=SUBMIT,
    shows=["technical", "identity", "social", "care_need", "narrative"],
    operation="import_requests",
)
