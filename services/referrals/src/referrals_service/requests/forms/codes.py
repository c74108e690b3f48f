"""Closed lists of the forms. Codes are frozen once published; labels are in the front's catalogue."""

from enum import StrEnum


class FileType(StrEnum):
    """Files that a partner sends for a person (ESP-02)."""

    C2S = "c2s"
    AFFILIATION = "affiliation"
    AME = "ame"
    ASS_AID = "ass_aid"


class EarlierChannel(StrEnum):
    """Where something asked for outside the portal was sent."""

    POST = "post"
    DESK = "desk"
    AMELI = "ameli"
    PHONE = "phone"
    LUP = "lup"
    OTHER = "other"


class AppointmentPlace(StrEnum):
    """Where appointments are asked for (ESP-02)."""

    ACCUEIL = "accueil"
    CES = "ces"


class AppointmentSubject(StrEnum):
    """What an appointment is about (ESP-06); an open list."""

    AME = "ame"
    C2S = "c2s"
    INVALIDITE = "invalidite"
    EPS = "eps"
    NUMERIQUE = "numerique"
    EFFET_SEUIL_C2S = "effet_seuil_c2s"
    TABACOLOGUE = "tabacologue"
    PSYCHOLOGUE = "psychologue"
    DIABETE = "diabete"
    OTHER = "other"


class HalfDay(StrEnum):
    """When somebody may come or be called."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    ANY = "any"


class DocumentType(StrEnum):
    """Documents that a partner asks for (ESP-06); an open list."""

    ATTESTATION_DROITS = "attestation_droits"
    REEDITION_PRISE_EN_CHARGE = "reedition_prise_en_charge"
    OTHER = "other"


class Delivery(StrEnum):
    """To whom a document goes."""

    PERSON = "person"
    STRUCTURE = "structure"


class NonAutonomy(StrEnum):
    """Why the person cannot do it alone through ameli or the 36 46 (ESP-05)."""

    NO_ACCOUNT = "no_account"
    NO_EQUIPMENT = "no_equipment"
    NOT_AT_EASE = "not_at_ease"
    LANGUAGE = "language"
    READING = "reading"
    DISABILITY = "disability"
    NO_ADDRESS = "no_address"
    OTHER = "other"


class UrgentType(StrEnum):
    """What the urgency line is asked for (LUP-03)."""

    AFFILIATION = "affiliation"
    C2S = "c2s"
    AME = "ame"
    SUIVI = "suivi"
    IJ = "ij"
    INVALIDITE = "invalidite"


class UrgentSituation(StrEnum):
    """Where the person stands: one of the two makes it urgent (LUP-02)."""

    RIGHTS_NOT_CLAIMED = "rights_not_claimed"
    IMMINENT_BREAK = "imminent_break"


class CareNeed(StrEnum):
    """Which care cannot wait (LUP-02): a category, never a diagnosis."""

    CONSULTATION = "consultation"
    HOSPITAL = "hospital"
    TREATMENT_RENEWAL = "treatment_renewal"
    EXAMINATION = "examination"
    CHILDBIRTH = "childbirth"
    OTHER = "other"


class CoverState(StrEnum):
    """What is known of a cover when the urgency is reported (LUP-08)."""

    OPEN = "open"
    NONE = "none"
    ENDING = "ending"
    UNKNOWN = "unknown"


class InvalidityCase(StrEnum):
    """Which of the two cases makes an invalidity pension urgent (LUP-05)."""

    PAYMENT_SUSPENDED = "payment_suspended"
    INITIAL_REQUEST = "initial_request"


class SocialMotive(StrEnum):
    """What the social service takes on: the eight of SS-04, then the public of its second axis (SS-03)."""

    INFO_ALD = "info_ald"
    INFO_INVALIDITE = "info_invalidite"
    PASSAGE_INVALIDITE = "passage_invalidite"
    RETOUR_EMPLOI = "retour_emploi"
    REINSERTION_PRO = "reinsertion_pro"
    DIFFICULTES_FINANCIERES = "difficultes_financieres"
    DROITS_ARRET = "droits_arret"
    AIDE_DOMICILE_NON_RETRAITES = "aide_domicile_non_retraites"
    MALADIE_CHRONIQUE_ISOLEMENT = "maladie_chronique_isolement"
    PERTE_AUTONOMIE = "perte_autonomie"
    IMPACT_ARRET = "impact_arret"
    NON_RECOURS = "non_recours"
    AIDANT = "aidant"


class Scheme(StrEnum):
    """Which scheme insures the person (SS-01)."""

    REGIME_GENERAL = "regime_general"
    SLM = "slm"
    TI = "ti"
    MSA = "msa"
    AME = "ame"
    AUTRE = "autre"
    UNKNOWN = "unknown"


class ContactReply(StrEnum):
    """How the caisse answers a request to be contacted (ESP-10)."""

    CALL = "call"
    MESSAGE = "message"
