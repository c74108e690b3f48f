"""Every closed list of partners, in one file: the codes in the API, the database and the front.

Codes are frozen once published. Lists that the field notes leave open (`partner_structure_kind`, `unit`) grow
by adding a code here and its label in the front's catalogue.
"""

from enum import StrEnum


class BodyKind(StrEnum):
    """What a body (a tenant) is: a fund that pays, or the social service of a region."""

    CPAM = "cpam"
    CGSS = "cgss"
    CCSS = "ccss"
    CSSM = "cssm"
    SOCIAL_SERVICE = "social_service"


class UnitKind(StrEnum):
    """Trade of a unit inside a body; a body may have several units of one kind, told apart by their code."""

    CAS = "cas"
    MISAS = "misas"
    ASS = "ass"
    LUP = "lup"
    SS = "ss"


class StructureKind(StrEnum):
    """What a partner structure is."""

    CCAS = "ccas"
    CONSEIL_DEPARTEMENTAL = "conseil_departemental"
    CAF = "caf"
    MISSION_LOCALE = "mission_locale"
    EPIDE = "epide"
    E2C = "e2c"
    HEBERGEMENT = "hebergement"
    ASSOCIATION = "association"
    CENTRE_SOCIAL = "centre_social"
    FRANCE_SERVICES = "france_services"
    PENITENTIAIRE = "penitentiaire"
    PASS = "pass"  # noqa: S105 - permanence d'accès aux soins de santé, no password
    SIAO = "siao"
    MJPM = "mjpm"
    CPTS = "cpts"
    MSP = "msp"
    PS = "ps"
    CLIC = "clic"
    DAC = "dac"
    ESMS = "esms"
    SPST = "spst"
    RESEAU_SOINS = "reseau_soins"
    CAP_EMPLOI = "cap_emploi"
    FRANCE_TRAVAIL = "france_travail"
    MDPH = "mdph"
    OC = "oc"
    UNIVERSITE = "universite"
    CFA = "cfa"
    FJT = "fjt"
    MAIRIE = "mairie"
    AFPA = "afpa"
    MEDIATEUR_NUMERIQUE = "mediateur_numerique"


class StructureState(StrEnum):
    """Where a structure stands between a first contact and its closing (workflows, part 1)."""

    PROSPECT = "prospect"
    REGISTRATION_REQUESTED = "registration_requested"
    REFUSED = "refused"
    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class RefusalReason(StrEnum):
    """Why a registration is refused."""

    DUPLICATE = "duplicate"
    OUT_OF_AREA = "out_of_area"
    NOT_A_PARTNER = "not_a_partner"
    INCOMPLETE = "incomplete"


class SuspensionReason(StrEnum):
    """Why a structure, or an account, may no longer act."""

    MISUSE = "misuse"
    AGREEMENT_ENDED = "agreement_ended"
    SECURITY = "security"
    ABSENCE = "absence"
    AT_OWN_REQUEST = "at_own_request"


class ClosingReason(StrEnum):
    """Why a structure is closed for good."""

    CEASED = "ceased"
    MERGED = "merged"
    AGREEMENT_ENDED = "agreement_ended"
    MISUSE = "misuse"
    AT_OWN_REQUEST = "at_own_request"
    REGISTERED_BY_MISTAKE = "registered_by_mistake"


class AccountState(StrEnum):
    """Whether a person can use the product; sign-in itself belongs to the gateway."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class InvitationState(StrEnum):
    """What became of an invitation; `pending` past its time is expired."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class TrainingKind(StrEnum):
    """What a partner was trained to (PAR-01, PAR-03, LUP-01, MIS-21)."""

    INITIAL = "initial"
    LUP = "lup"
    MISAS_DETECTOR = "misas_detector"
    PORTAL = "portal"
    WEBINAR = "webinar"


class TrainingState(StrEnum):
    """Where the training of a person or of a structure stands."""

    REQUESTED = "requested"
    PLANNED = "planned"
    HELD = "held"
    ATTENDED = "attended"
    ABSENT = "absent"
    CANCELLED = "cancelled"


class RightKind(StrEnum):
    """What a training opens: filing MisAS referrals as a trained detector, using the urgency line."""

    MISAS_DETECTOR = "misas_detector"
    LUP = "lup"
