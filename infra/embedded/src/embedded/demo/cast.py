"""Who is in the demonstration: two caisses, their people, partner structures and theirs. Nobody is real."""

from dataclasses import dataclass
from datetime import date

PASSWORD = "quinze-lettres-suffisent"  # noqa: S105 - shown on the sign-in page of the demonstration


@dataclass(frozen=True)
class Player:
    """An account to try."""

    key: str
    first_name: str
    last_name: str
    job_title: str
    role: str
    email: str
    description: str
    unit: str | None = None
    also: str | None = None
    """A second role in the same structure, which the session switches to."""

    @property
    def roles(self) -> list[str]:
        """Return the roles held, the one the first session opens under first."""
        return [self.role] if self.also is None else [self.role, self.also]

    @property
    def label(self) -> str:
        """Return the name the sign-in page shows."""
        return f"{self.first_name} {self.last_name.upper()} · {self.job_title}"


@dataclass(frozen=True)
class Structure:
    """A partner structure and its people; the first is its administrator."""

    key: str
    kind: str
    name: str
    siret: str
    address: dict[str, str]
    people: tuple[Player, ...]
    detector_trained_on: date | None
    nir_allowed: bool = False
    lup_trained_on: date | None = None


@dataclass(frozen=True)
class Caisse:
    """A caisse, its own people (the first is its administrator) and its structures."""

    code: str
    department: str
    people: tuple[Player, ...]
    structures: tuple[Structure, ...]

    def with_role(self, role: str) -> list[Player]:
        """Return the caisse's people of a role."""
        return [player for player in self.people if player.role == role]


def _luhn(body: str) -> str:
    digits = [int(c) * (2 if i % 2 == 0 else 1) for i, c in enumerate(reversed(body))]
    return str(-sum(d - 9 if d > 9 else d for d in digits) % 10)


def _siret(rank: int) -> str:
    siren = f"9990000{rank}"
    body = siren + _luhn(siren) + "0001"
    return body + _luhn(body)


TRAINED = date(2026, 3, 12)

HAUTE_GARONNE = Caisse(
    "311",
    "31",
    people=(
        Player(
            "admin-311",
            "Marc",
            "Daubin",
            "Administrateur",
            "admin",
            "marc.daubin@cpam31.example",
            "Comptes des agents, caisse 311",
        ),
        Player(
            "coordination-311",
            "Claire",
            "Estève",
            "Coordinatrice des partenariats",
            "coordinateur",
            "claire.esteve@cpam31.example",
            "Structures partenaires, formations, attribution des demandes",
            "cas",
        ),
        Player(
            "misas-nadia",
            "Nadia",
            "Benali",
            "Conseillère MisAS",
            "conseiller_misas",
            "nadia.benali@cpam31.example",
            "Étudie les saisines de la caisse 311",
            "misas",
        ),
        Player(
            "misas-thomas",
            "Thomas",
            "Lacaze",
            "Conseiller MisAS",
            "conseiller_misas",
            "thomas.lacaze@cpam31.example",
            "Étudie les saisines de la caisse 311",
            "misas",
        ),
        Player(
            "responsable-311",
            "Hélène",
            "Vidal",
            "Responsable d'unité",
            "responsable_unite",
            "helene.vidal@cpam31.example",
            "Répartit le travail de la MisAS",
            "misas",
        ),
        Player(
            "gdb-sonia",
            "Sonia",
            "Marty",
            "Gestionnaire des bénéficiaires",
            "agent_gdb",
            "sonia.marty@cpam31.example",
            "Traite les dossiers, suivis et documents demandés par les partenaires",
        ),
        Player(
            "accueil-karim",
            "Karim",
            "Haddad",
            "Conseiller d'accueil",
            "accueil",
            "karim.haddad@cpam31.example",
            "Donne les rendez-vous et rappelle les personnes",
        ),
        Player(
            "lup-ines",
            "Inès",
            "Cazaux",
            "Agente de la ligne d'urgence",
            "agent_lup",
            "ines.cazaux@cpam31.example",
            "Vérifie les urgences signalées par les partenaires formés",
            "lup",
        ),
        Player(
            "dpo-311",
            "Béatrice",
            "Arnal",
            "Déléguée à la protection des données",
            "dpo",
            "beatrice.arnal@cpam31.example",
            "Décide quelles structures peuvent donner un NIR",
        ),
    ),
    structures=(
        Structure(
            "ccas-muret",
            "ccas",
            "CCAS de Muret",
            _siret(1),
            {"lines": "3 place de la République", "postcode": "31600", "commune": "Muret"},
            (
                Player(
                    "ccas-camille",
                    "Camille",
                    "Roux",
                    "Responsable du CCAS",
                    "partner_admin",
                    "camille.roux@ccas-muret.example",
                    "Gère les comptes de sa structure ; saisit aussi la MisAS, en changeant de rôle",
                    also="partner_user",
                ),
                Player(
                    "ccas-yann",
                    "Yann",
                    "Peyre",
                    "Travailleur social",
                    "partner_user",
                    "yann.peyre@ccas-muret.example",
                    "Saisit la MisAS ; sa structure peut donner le NIR",
                ),
            ),
            TRAINED,
            nir_allowed=True,
            lup_trained_on=TRAINED,
        ),
        Structure(
            "le-fil",
            "association",
            "Association Le Fil",
            _siret(2),
            {"lines": "18 rue des Acacias", "postcode": "31000", "commune": "Toulouse"},
            (
                Player(
                    "fil-amina",
                    "Amina",
                    "Sow",
                    "Coordinatrice de l'accueil",
                    "partner_admin",
                    "amina.sow@le-fil.example",
                    "Gère sa structure : comptes et rôles",
                ),
                Player(
                    "fil-paul",
                    "Paul",
                    "Castaing",
                    "Bénévole",
                    "partner_user",
                    "paul.castaing@le-fil.example",
                    "Saisit la MisAS ; sa structure ne peut pas donner le NIR",
                ),
            ),
            TRAINED,
        ),
        Structure(
            "ml-comminges",
            "mission_locale",
            "Mission locale du Comminges (fictive)",
            _siret(3),
            {"lines": "2 avenue de la Gare", "postcode": "31800", "commune": "Saint-Gaudens"},
            (
                Player(
                    "ml-ines",
                    "Inès",
                    "Fontan",
                    "Conseillère en insertion",
                    "partner_admin",
                    "ines.fontan@ml-comminges.example",
                    "Gère sa structure",
                ),
                Player(
                    "ml-jordan",
                    "Jordan",
                    "Ribes",
                    "Conseiller en insertion",
                    "partner_user",
                    "jordan.ribes@ml-comminges.example",
                    "Structure non formée : un avertissement s'affiche",
                ),
            ),
            None,
        ),
    ),
)

PARIS = Caisse(
    "751",
    "75",
    people=(
        Player(
            "admin-751",
            "Odile",
            "Morel",
            "Administratrice",
            "admin",
            "odile.morel@cpam75.example",
            "Comptes des agents, caisse 751",
        ),
        Player(
            "coordination-751",
            "Karim",
            "Haddad",
            "Coordinateur des partenariats",
            "coordinateur",
            "karim.haddad@cpam75.example",
            "Structures partenaires de la caisse 751",
            "cas",
        ),
        Player(
            "misas-lucie",
            "Lucie",
            "Girard",
            "Conseillère MisAS",
            "conseiller_misas",
            "lucie.girard@cpam75.example",
            "Étudie les saisines de la caisse 751",
            "misas",
        ),
    ),
    structures=(
        Structure(
            "escale",
            "hebergement",
            "Centre d'hébergement L'Escale",
            _siret(4),
            {"lines": "41 boulevard des Écoles", "postcode": "75019", "commune": "Paris"},
            (
                Player(
                    "escale-rosa",
                    "Rosa",
                    "Pereira",
                    "Éducatrice",
                    "partner_admin",
                    "rosa.pereira@escale.example",
                    "À Paris : gère les comptes de sa structure ; saisit aussi la MisAS, en changeant de rôle",
                    also="partner_user",
                ),
                Player(
                    "escale-hugo",
                    "Hugo",
                    "Kone",
                    "Éducateur",
                    "partner_user",
                    "hugo.kone@escale.example",
                    "Structure d'une autre caisse : ne voit rien de la Haute-Garonne",
                ),
            ),
            TRAINED,
        ),
    ),
)

CAISSES = (HAUTE_GARONNE, PARIS)
