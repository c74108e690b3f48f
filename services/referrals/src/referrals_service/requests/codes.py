"""Closed lists of requests. Codes are frozen once published; labels are in `labels.py` and the front."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RequestKind(StrEnum):
    """What is asked (ESP-02, LUP-03, SS-04). Each kind has its own lifecycle and its own form."""

    SEND_FILE = "send_file"
    FOLLOW_UP = "follow_up"
    MISAS_REFERRAL = "misas_referral"
    APPOINTMENT = "appointment"
    DOCUMENT = "document"
    CONTACT = "contact"
    URGENT = "urgent"
    SS_REFERRAL = "ss_referral"


class RequestState(StrEnum):
    """States of a request inside the caisse; each kind knows some of them."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    WAITING_PARTNER = "waiting_partner"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    QUALIFICATION = "qualification"
    """The urgency line re-checks the criteria."""
    RELEVANCE_REVIEW = "relevance_review"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TRIAGE = "triage"
    """The social service calls back."""
    TAKEN_ON = "taken_on"
    ENDED = "ended"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


class CoarseState(StrEnum):
    """What a partner sees of any request, whatever its kind."""

    DRAFT = "draft"
    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    WAITING_PARTNER = "waiting_partner"
    ANSWERED = "answered"
    TAKEN_ON = "taken_on"
    NOT_TAKEN_ON = "not_taken_on"
    CLOSED = "closed"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


class Verb(StrEnum):
    """What can happen to a request; every transition row carries one."""

    CREATE = "create"
    SUBMIT = "submit"
    DISCARD = "discard"
    EXPIRE = "expire"
    TAKE = "take"
    ASSIGN = "assign"
    RELEASE = "release"
    """The adviser's assignment to the caisse ended: the request waits for another one."""
    ACCEPT = "accept"
    REFUSE = "refuse"
    REDIRECT = "redirect"
    TRANSFER = "transfer"
    """To another caisse, where a linked request opens."""
    WITHDRAW = "withdraw"
    REMIND = "remind"
    """A deadline passed; the state does not change."""
    ASK = "ask"
    """The caisse names what is missing; its clock stops."""
    COMPLETE = "complete"
    """The sender gave what was missing; the clock goes on."""
    ANSWER = "answer"
    REJECT = "reject"
    QUALIFY = "qualify"
    MAKE_ORDINARY = "make_ordinary"
    """Not urgent: the same request goes on as an ordinary one, nothing retyped."""
    TAKE_ON = "take_on"
    END = "end"
    CLOSE = "close"
    REOPEN = "reopen"
    VOID = "void"
    """Entered in error."""
    RECEIVE = "receive"
    """Arrived from another caisse."""


class Turn(StrEnum):
    """Who has to act next."""

    PARTNER = "partner"
    CAISSE = "caisse"
    NOBODY = "nobody"


class Side(StrEnum):
    """Which side of a conversation somebody stands on."""

    PARTNER = "partner"
    CAISSE = "caisse"
    SYSTEM = "system"


class Queue(StrEnum):
    """Where a caisse's services wait for work (ESP-03)."""

    MISAS = "misas"
    SS = "ss"
    LUP = "lup"
    ASS = "ass"
    GDB = "gdb"
    ACCUEIL = "accueil"
    CES = "ces"


class ReferralScope(StrEnum):
    """What a MisAS referral is about (MIS-02)."""

    RENONCEMENT_SOINS = "renoncement_soins"
    ACCES_DROITS = "acces_droits"
    ACCES_SOINS = "acces_soins"


class ReferralMotive(StrEnum):
    """What the detector expects of the mission."""

    ATTRIBUER_EXPLICITER_DROITS = "attribuer_expliciter_droits"
    CHOIX_COMPLEMENTAIRE = "choix_complementaire"
    PLAN_AIDE_FINANCIERE = "plan_aide_financiere"
    ORIENTER_PS = "orienter_ps"
    GUIDER_PARCOURS = "guider_parcours"
    MOBILISER_SANTE = "mobiliser_sante"


class CareType(StrEnum):
    """Types of care a person gave up."""

    DENTAL = "dental"
    DENTAL_PROSTHESIS = "dental_prosthesis"
    GP = "gp"
    SPECIALIST = "specialist"
    OPTICAL = "optical"
    HEARING = "hearing"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    PARAMEDICAL = "paramedical"
    OTHER = "other"


class RenunciationReason(StrEnum):
    """Why care was given up."""

    OUT_OF_POCKET = "out_of_pocket"
    ADVANCE_FEES = "advance_fees"
    NO_COMPLEMENTARY = "no_complementary"
    RIGHTS_UNKNOWN = "rights_unknown"
    COMPLEX_PROCEDURES = "complex_procedures"
    APPOINTMENT_DELAY = "appointment_delay"
    DISTANCE = "distance"
    MOBILITY = "mobility"
    EQUIPMENT = "equipment"
    PRIORITY_TO_RELATIVE = "priority_to_relative"
    OTHER = "other"


class DetectorKind(StrEnum):
    """Who detected the situation: services of the caisse (MIS-17), then partners."""

    ACCUEIL = "accueil"
    PFS = "pfs"
    MEDIATION = "mediation"
    SERVICE_MEDICAL = "service_medical"
    CES = "ces"
    SERVICE_SOCIAL = "service_social"
    PRADO = "prado"
    GDB = "gdb"
    CAS = "cas"
    DAM = "dam"
    ASS = "ass"
    REQUETE = "requete"
    PS = "ps"
    ASSOCIATION = "association"
    CCAS = "ccas"
    CENTRE_SOCIAL = "centre_social"
    PARTENAIRE = "partenaire"


EXTERNAL_DETECTORS = frozenset(
    {
        DetectorKind.PS,
        DetectorKind.ASSOCIATION,
        DetectorKind.CCAS,
        DetectorKind.CENTRE_SOCIAL,
        DetectorKind.PARTENAIRE,
    }
)


def detector_of(structure_kind: str) -> DetectorKind:
    """Return the detector's kind that a structure counts under; most are « autre partenaire »."""
    if structure_kind in EXTERNAL_DETECTORS:
        return DetectorKind(structure_kind)
    return DetectorKind.PARTENAIRE


class DetectionMode(StrEnum):
    """How the situation came to light; there is one entry point whatever the mode (MIS-19)."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    QUERY = "query"
    POPULATION = "population"


class AgreementChannel(StrEnum):
    """How the person gave the agreement to be reported and called."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


class RefusalReason(StrEnum):
    """Why the mission does not take a referral on; seen by the caisse only."""

    NOT_RELEVANT = "not_relevant"
    OTHER_SCHEME = "other_scheme"
    DUPLICATE = "duplicate"
    ALREADY_ACCOMPANIED = "already_accompanied"


class PublicReason(StrEnum):
    """The general reason that the partner is told."""

    OUT_OF_SCOPE = "out_of_scope"
    OTHER_BODY = "other_body"
    ALREADY_KNOWN = "already_known"


PUBLIC_REASONS = {
    RefusalReason.NOT_RELEVANT: PublicReason.OUT_OF_SCOPE,
    RefusalReason.OTHER_SCHEME: PublicReason.OTHER_BODY,
    RefusalReason.DUPLICATE: PublicReason.ALREADY_KNOWN,
    RefusalReason.ALREADY_ACCOMPANIED: PublicReason.ALREADY_KNOWN,
}


class Orientation(StrEnum):
    """Where a partner is told to go after a refusal."""

    CAF = "caf"
    MDPH = "mdph"
    CARSAT = "carsat"
    CAISSE_RETRAITE = "caisse_retraite"
    CPAM_MISAS = "cpam_misas"
    CPAM_ASS = "cpam_ass"
    CPAM_MATERNITE = "cpam_maternite"
    CPAM_AME_PASS = "cpam_ame_pass"  # noqa: S105 - PASS is a hospital desk, not a password
    CPAM_AMELI = "cpam_ameli"
    EMPLOYEUR_CPAM = "employeur_cpam"
    SIAO_CCAS = "siao_ccas"
    CONSEIL_DEPARTEMENTAL = "conseil_departemental"
    OTHER = "other"


class RedirectTarget(StrEnum):
    """Who the caisse hands a referral to, without the partner keying anything again."""

    SOCIAL_SERVICE = "social_service"
    """Complex psycho-social situations (MIS-15)."""
    OTHER_CAISSE = "other_caisse"
    """The person lives elsewhere."""
    LUP = "lup"
    QUEUE = "queue"
    """Another service of the same caisse."""


class AnswerOutcome(StrEnum):
    """What the caisse's answer comes to; each kind knows some of them (workflows, sections 2 and 8)."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    TRANSFERRED = "transferred"
    STATUS_TOLD = "status_told"
    CHASED = "chased"
    NOT_FOUND = "not_found"
    BOOKED = "booked"
    NO_SLOT = "no_slot"
    DONE_ELSEWHERE = "done_elsewhere"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    CALLED = "called"
    MESSAGE = "message"
    RIGHT_OPENED = "right_opened"
    REGULARISED = "regularised"
    PAID = "paid"
    APPOINTMENT = "appointment"


OUTCOMES: Final[Mapping[RequestKind, frozenset[AnswerOutcome]]] = {
    RequestKind.SEND_FILE: frozenset({AnswerOutcome.COMPLETE, AnswerOutcome.INCOMPLETE, AnswerOutcome.TRANSFERRED}),
    RequestKind.FOLLOW_UP: frozenset({AnswerOutcome.STATUS_TOLD, AnswerOutcome.CHASED, AnswerOutcome.NOT_FOUND}),
    RequestKind.APPOINTMENT: frozenset({AnswerOutcome.BOOKED, AnswerOutcome.NO_SLOT, AnswerOutcome.DONE_ELSEWHERE}),
    RequestKind.DOCUMENT: frozenset({AnswerOutcome.DELIVERED, AnswerOutcome.NOT_DELIVERED}),
    RequestKind.CONTACT: frozenset({AnswerOutcome.CALLED, AnswerOutcome.MESSAGE}),
    RequestKind.URGENT: frozenset(
        {AnswerOutcome.RIGHT_OPENED, AnswerOutcome.REGULARISED, AnswerOutcome.PAID, AnswerOutcome.APPOINTMENT}
    ),
}


class RejectionReason(StrEnum):
    """Why the caisse does not treat a request of the portal; the partner is told (workflows, sections 2 and 8)."""

    WRONG_MOTIVE = "wrong_motive"
    PERSON_CAN_ACT = "person_can_act"
    OTHER_CAISSE = "other_caisse"
    NOT_INSURED_HERE = "not_insured_here"
    DUPLICATE = "duplicate"
    OTHER = "other"


class ClosingReason(StrEnum):
    """Why a request was closed."""

    ANSWER_READ = "answer_read"
    NO_NEWS = "no_news"
    INCOMPLETE = "incomplete"
    """Nothing came within the delay for what was missing."""


class WithdrawalReason(StrEnum):
    """Why the sender takes a referral back."""

    PERSON_DECLINES = "person_declines"
    RESOLVED = "resolved"
    MISTAKE = "mistake"
    OTHER = "other"


class TrainingRule(StrEnum):
    """What a caisse does when the detector was not trained (MIS-21)."""

    WARN = "warn"
    REFUSE = "refuse"
