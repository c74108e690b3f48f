"""What a row of a file of MisAS referrals says, and its columns."""

from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, model_validator

from referrals_service.persons.schemas import PersonIn
from referrals_service.requests import file_labels
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import AgreementChannel, CareType, ReferralMotive, ReferralScope, RequestKind
from referrals_service.requests.forms.misas import MisasFormIn
from referrals_service.requests.statements import current_statement
from referrals_service.texts import fold
from servicekit.imports import Column, Layout
from servicekit.imports.columns import code, codes, day, yes_or_no

_WITHOUT_NUMBER: Final = {"kind": "none", "none_reason": "not_collected"}


class ReferralRow(BaseModel):
    """A person and a form, as the API takes them; what a file never holds is completed."""

    model_config = ConfigDict(extra="forbid")

    person: PersonIn
    form: MisasFormIn
    says: frozenset[str] = frozenset()
    """What the row tells of the contact: an empty cell says nothing, and must not empty a record."""

    @property
    def name(self) -> tuple[str, str, date]:
        """Return what a person is recognised by: folded names and birth date."""
        return fold(self.person.last_name), fold(self.person.first_names), self.person.birth_on

    @property
    def key(self) -> str:
        """Return what makes two rows one referral: the person, and the day on which she agreed."""
        last_name, first_names, birth_on = self.name
        return "|".join([last_name, first_names, birth_on.isoformat(), str(self.form.informed.informed_on or "")])

    def form_of(self, caisse: str) -> MisasFormIn:
        """Return the form with the text that was shown with the template: the one in force."""
        version = current_statement(calendar_of(caisse).today()).version
        informed = self.form.informed
        told = informed.model_copy(update={"statement_version": informed.statement_version or version})
        return self.form.model_copy(update={"informed": told})

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        person, form = dict(given.get("person", {})), dict(given.get("form", {}))
        contact = dict(person.get("contact", {}))
        says = frozenset(contact)
        contact.setdefault("preferred_channel", "phone")
        person |= {"identifier": _WITHOUT_NUMBER, "contact": contact}
        form |= {"kind": RequestKind.MISAS_REFERRAL, "phone": contact.get("phone")}
        if "renounced_care" in form:
            form["renounced_care"] = list(form["renounced_care"].values())
        return {"person": person, "form": form, "says": says}


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
