"""What people read for each code, in the words of their side. The front's catalogue says the rest."""

from collections.abc import Mapping
from typing import Final

from referrals_service.requests.codes import (
    PUBLIC_REASONS,
    AnswerOutcome,
    ClosingReason,
    CoarseState,
    Orientation,
    PublicReason,
    RefusalReason,
    RejectionReason,
    RequestKind,
    RequestState,
    Verb,
)

PARTNER: Final[Mapping[CoarseState, str]] = {
    CoarseState.DRAFT: "Brouillon",
    CoarseState.RECEIVED: "Reçue",
    CoarseState.UNDER_REVIEW: "À l'étude",
    CoarseState.WAITING_PARTNER: "À compléter",
    CoarseState.ANSWERED: "Répondue",
    CoarseState.TAKEN_ON: "Prise en charge",
    CoarseState.NOT_TAKEN_ON: "Non prise en charge",
    CoarseState.CLOSED: "Terminée",
    CoarseState.REDIRECTED: "Réorientée",
    CoarseState.WITHDRAWN: "Retirée",
    CoarseState.EXPIRED: "Brouillon expiré",
    CoarseState.ENTERED_IN_ERROR: "Saisie par erreur",
}

AGENT: Final[Mapping[RequestState, str]] = {
    RequestState.DRAFT: "Brouillon du partenaire",
    RequestState.SUBMITTED: "À prendre",
    RequestState.IN_PROGRESS: "En cours",
    RequestState.WAITING_PARTNER: "Complément attendu",
    RequestState.ANSWERED: "Répondue",
    RequestState.CLOSED: "Close",
    RequestState.REJECTED: "Non traitée",
    RequestState.QUALIFICATION: "Urgence à vérifier",
    RequestState.RELEVANCE_REVIEW: "Pertinence à l'étude",
    RequestState.ACCEPTED: "Acceptée",
    RequestState.REFUSED: "Non retenue",
    RequestState.TRIAGE: "À l'étude",
    RequestState.TAKEN_ON: "Prise en charge",
    RequestState.ENDED: "Terminée",
    RequestState.REDIRECTED: "Réorientée",
    RequestState.WITHDRAWN: "Retirée par le partenaire",
    RequestState.EXPIRED: "Expirée",
    RequestState.ENTERED_IN_ERROR: "Saisie par erreur",
}

KIND: Final[Mapping[RequestKind, str]] = {
    RequestKind.SEND_FILE: "Adresser un dossier",
    RequestKind.FOLLOW_UP: "Suivre une demande",
    RequestKind.MISAS_REFERRAL: "Saisine de la Mission Accompagnement Santé",
    RequestKind.APPOINTMENT: "Prendre rendez-vous",
    RequestKind.DOCUMENT: "Demander un document",
    RequestKind.CONTACT: "Être recontacté",
    RequestKind.URGENT: "Situation urgente",
    RequestKind.SS_REFERRAL: "Signalement au service social",
}

OUTCOME: Final[Mapping[AnswerOutcome, str]] = {
    AnswerOutcome.COMPLETE: "Dossier complet, transmis pour instruction",
    AnswerOutcome.INCOMPLETE: "Dossier incomplet",
    AnswerOutcome.TRANSFERRED: "Dossier transmis à l'organisme compétent",
    AnswerOutcome.STATUS_TOLD: "État de la demande communiqué",
    AnswerOutcome.CHASED: "Demande relancée",
    AnswerOutcome.NOT_FOUND: "Demande introuvable",
    AnswerOutcome.BOOKED: "Rendez-vous pris",
    AnswerOutcome.NO_SLOT: "Aucun créneau disponible",
    AnswerOutcome.DONE_ELSEWHERE: "Fait autrement",
    AnswerOutcome.DELIVERED: "Document remis",
    AnswerOutcome.NOT_DELIVERED: "Document non remis",
    AnswerOutcome.CALLED: "Personne rappelée",
    AnswerOutcome.MESSAGE: "Réponse par message",
    AnswerOutcome.RIGHT_OPENED: "Droit ouvert",
    AnswerOutcome.REGULARISED: "Situation régularisée",
    AnswerOutcome.PAID: "Paiement effectué",
    AnswerOutcome.APPOINTMENT: "Rendez-vous donné",
}

REJECTION: Final[Mapping[RejectionReason, str]] = {
    RejectionReason.WRONG_MOTIVE: "La demande ne relève pas de ce service.",
    RejectionReason.PERSON_CAN_ACT: "La personne peut faire cette démarche elle-même (compte ameli, 36 46).",
    RejectionReason.OTHER_CAISSE: "La personne relève d'une autre caisse.",
    RejectionReason.NOT_INSURED_HERE: "La personne relève d'un autre régime ou organisme.",
    RejectionReason.DUPLICATE: "La même démarche est déjà en cours.",
    RejectionReason.OTHER: "Voir le message de la caisse.",
}

CLOSING: Final[Mapping[ClosingReason, str]] = {
    ClosingReason.ANSWER_READ: "Réponse lue",
    ClosingReason.NO_NEWS: "Close après le délai de lecture",
    ClosingReason.INCOMPLETE: "Close sans suite : rien n'a été reçu pour compléter la demande",
}

PUBLIC_REASON: Final[Mapping[PublicReason, str]] = {
    PublicReason.OUT_OF_SCOPE: "La situation ne relève pas de la Mission Accompagnement Santé.",
    PublicReason.OTHER_BODY: "La personne relève d'un autre organisme.",
    PublicReason.ALREADY_KNOWN: "La caisse connaît déjà cette situation et la suit.",
}
"""The general wording of a refusal: the partner is never told which of the caisse's reasons it was."""

ORIENTATION: Final[Mapping[Orientation, str]] = {
    Orientation.CAF: "CAF",
    Orientation.MDPH: "MDPH",
    Orientation.CARSAT: "CARSAT",
    Orientation.CAISSE_RETRAITE: "Organisme de retraite",
    Orientation.CPAM_MISAS: "CPAM – MisAS",
    Orientation.CPAM_ASS: "CPAM – ASS",
    Orientation.CPAM_MATERNITE: "CPAM – parcours maternité",
    Orientation.CPAM_AME_PASS: "CPAM (AME) / PASS",
    Orientation.CPAM_AMELI: "CPAM / ameli",
    Orientation.EMPLOYEUR_CPAM: "Employeur puis CPAM",
    Orientation.SIAO_CCAS: "SIAO / CCAS",
    Orientation.CONSEIL_DEPARTEMENTAL: "Conseil départemental",
    Orientation.OTHER: "Autre",
}


def told_reason(verb: str, reason: str | None) -> str | None:
    """Return what the partner is told of why a step was made; null when there is nothing to tell."""
    if reason is None:
        return None
    match verb:
        case Verb.REFUSE:
            return PUBLIC_REASON[PUBLIC_REASONS[RefusalReason(reason)]]
        case Verb.ANSWER:
            return OUTCOME[AnswerOutcome(reason)]
        case Verb.REJECT:
            return REJECTION[RejectionReason(reason)]
        case Verb.CLOSE:
            return CLOSING[ClosingReason(reason)]
        case _:
            return None
