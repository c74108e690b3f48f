"""Closed lists of the register. Codes are frozen once published; labels are in the front's catalogue."""

from enum import StrEnum


class Civility(StrEnum):
    """How the person wishes to be addressed."""

    MADAME = "madame"
    MONSIEUR = "monsieur"


class Sex(StrEnum):
    """Sex at the civil registry."""

    FEMALE = "female"
    MALE = "male"


class IdentifierKind(StrEnum):
    """Which number Assurance Maladie knows the person by."""

    NIR = "nir"
    """Registration number of the civil repertory."""
    NIA = "nia"
    """Waiting number of somebody being registered; has the shape of a NIR and becomes it."""
    NNP = "nnp"
    """Provisional national number, no longer given since 31 December 2022."""
    MIG = "mig"
    """Number of a migrant in transit."""
    NONE = "none"
    """No number; the reason is kept."""


class NoNumberReason(StrEnum):
    """Why a person has no number here."""

    NOT_COLLECTED = "not_collected"
    """The structure may not collect it, or did not."""
    UNKNOWN_TO_PERSON = "unknown_to_person"
    NEVER_REGISTERED = "never_registered"
    REGISTRATION_UNDER_WAY = "registration_under_way"
    STATE_MEDICAL_AID = "state_medical_aid"
    """AME: no number, or not one that identifies."""
    DEPENDENT_MINOR = "dependent_minor"
    """A child known under a parent's number."""


class PhoneKind(StrEnum):
    """Whose telephone it is."""

    OWN_MOBILE = "own_mobile"
    OWN_LANDLINE = "own_landline"
    RELATIVE = "relative"
    STRUCTURE = "structure"


class Channel(StrEnum):
    """How the person prefers to be reached."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    MAIL = "mail"
    VIA_STRUCTURE = "via_structure"


class AccessNeed(StrEnum):
    """What the person needs to understand, to be received, to come. What it comes from is nobody's business here."""

    EASY_TO_READ = "easy_to_read"
    """Letters in *facile à lire et à comprendre* (FALC)."""
    EXPLAINED_ALOUD = "explained_aloud"
    WRITTEN_EXCHANGES = "written_exchanges"
    STEP_FREE_ACCESS = "step_free_access"
    ACCOMPANIED = "accompanied"
    CANNOT_TRAVEL = "cannot_travel"


class ContactCaution(StrEnum):
    """What must not be done to reach the person: it could put them at risk."""

    NO_VOICE_MESSAGE = "no_voice_message"
    NO_SMS = "no_sms"
    NO_HOME_MAIL = "no_home_mail"
    NO_HOME_VISIT = "no_home_visit"
    PERSON_ONLY = "person_only"
    """Say who calls, and why, to nobody but the person."""


class SafeMoment(StrEnum):
    """When a call puts nobody at risk; none told means that it was not asked."""

    WEEKDAY_MORNING = "weekday_morning"
    WEEKDAY_MIDDAY = "weekday_midday"
    WEEKDAY_AFTERNOON = "weekday_afternoon"
    WEEKDAY_EVENING = "weekday_evening"
    SATURDAY = "saturday"


class HolderKind(StrEnum):
    """To whom a grant is given."""

    ACCOUNT = "account"
    UNIT = "unit"
    STRUCTURE = "structure"


class DuplicateReason(StrEnum):
    """Why two records may be one person."""

    SAME_NUMBER = "same_number"
    SAME_NAME_AND_BIRTH = "same_name_and_birth"
    CLOSE_NAME_AND_BIRTH = "close_name_and_birth"
    SAME_PHONE_AND_BIRTH = "same_phone_and_birth"
