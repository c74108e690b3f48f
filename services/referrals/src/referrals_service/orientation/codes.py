"""Closed lists of the orientation. What may be answered is in the table, which is data; these are what code acts on."""

from enum import StrEnum


class NextStep(StrEnum):
    """What to do with an answer: a kind of request of the portal, or something that is none."""

    SEND_FILE = "send_file"
    FOLLOW_UP = "follow_up"
    MISAS_REFERRAL = "misas_referral"
    APPOINTMENT = "appointment"
    DOCUMENT = "document"
    CONTACT = "contact"
    URGENT = "urgent"
    SS_REFERRAL = "ss_referral"
    HOSPITAL_DISCHARGE = "hospital_discharge"
    AID = "aid"
    PDP = "pdp"
    SELF_SERVICE = "self_service"
    """The person does it alone, or helped: ameli, 36 46 (ESP-11)."""
    OUTSIDE = "outside"
    """Another body; the answer says which and how to reach it."""


class Origin(StrEnum):
    """Where a row comes from, as the rules say of themselves."""

    SOURCE = "source"
    EXTERNAL = "external"
    PROPOSAL = "proposal"


class RefusedMotive(StrEnum):
    """What the social service does not take on (SS-05)."""

    CSS_AME_COMPLEMENTAIRE = "css_ame_complementaire"
    AIDE_APPAREILLAGE = "aide_appareillage"
    MATERNITE = "maternite"
    RETRAITE = "retraite"
    ATTESTATION_EMPLOYEUR = "attestation_employeur"
    AIDE_DOMICILE_RETRAITES = "aide_domicile_retraites"
    SANS_TITRE_SEJOUR = "sans_titre_sejour"
    LOGEMENT = "logement"
    APA = "apa"
    CARTE_VITALE = "carte_vitale"


class UrgentDoor(StrEnum):
    """Whether the urgency line is open to whoever asks, on the day (LUP-01)."""

    OPEN = "open"
    CLOSED = "closed"


class Territory(StrEnum):
    """Where the caisse is, for what the law does not say everywhere alike."""

    MAYOTTE = "mayotte"
    ELSEWHERE = "elsewhere"
