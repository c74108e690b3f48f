"""Labels of the codes that people write in files, as the front's catalogue says them."""

from collections.abc import Mapping
from typing import Final

from referrals_service.persons.codes import Channel, Civility, PhoneKind, Sex
from referrals_service.requests.codes import (
    AgreementChannel,
    CareType,
    ReferralMotive,
    ReferralScope,
    RenunciationReason,
)

REFERRAL_SCOPE: Final[Mapping[ReferralScope, str]] = {
    ReferralScope.RENONCEMENT_SOINS: "Renoncement aux soins",
    ReferralScope.ACCES_DROITS: "Difficulté d'accès aux droits",
    ReferralScope.ACCES_SOINS: "Difficulté d'accès à des soins",
}
REFERRAL_MOTIVE: Final[Mapping[ReferralMotive, str]] = {
    ReferralMotive.ATTRIBUER_EXPLICITER_DROITS: "Ouvrir ou expliquer ses droits (complémentaire santé solidaire…)",
    ReferralMotive.CHOIX_COMPLEMENTAIRE: "L'aider à choisir une complémentaire santé",
    ReferralMotive.PLAN_AIDE_FINANCIERE: "Réunir des aides financières (caisse, CCAS, mutuelle)",
    ReferralMotive.ORIENTER_PS: "L'orienter vers un professionnel de santé (médecin traitant…)",
    ReferralMotive.GUIDER_PARCOURS: "La guider dans un parcours de soins",
    ReferralMotive.MOBILISER_SANTE: "L'encourager à prendre soin de sa santé",
}
CARE_TYPE: Final[Mapping[CareType, str]] = {
    CareType.DENTAL: "Soins dentaires",
    CareType.DENTAL_PROSTHESIS: "Prothèses dentaires",
    CareType.GP: "Consultation d'un médecin généraliste",
    CareType.SPECIALIST: "Consultation d'un médecin spécialiste",
    CareType.OPTICAL: "Optique",
    CareType.HEARING: "Audition",
    CareType.HOSPITAL: "Hospitalisation",
    CareType.PHARMACY: "Pharmacie et appareillage",
    CareType.PARAMEDICAL: "Soins paramédicaux",
    CareType.OTHER: "Autre soin",
}
RENUNCIATION_REASON: Final[Mapping[RenunciationReason, str]] = {
    RenunciationReason.OUT_OF_POCKET: "Reste à charge trop élevé",
    RenunciationReason.ADVANCE_FEES: "Frais à avancer",
    RenunciationReason.NO_COMPLEMENTARY: "Absence de complémentaire santé",
    RenunciationReason.RIGHTS_UNKNOWN: "Méconnaissance de ses droits ou du parcours de soins",
    RenunciationReason.COMPLEX_PROCEDURES: "Complexité des démarches",
    RenunciationReason.APPOINTMENT_DELAY: "Délai de rendez-vous trop long",
    RenunciationReason.DISTANCE: "Éloignement géographique",
    RenunciationReason.MOBILITY: "Déplacement difficile, transport adapté",
    RenunciationReason.EQUIPMENT: "Cabinet non équipé (fauteuil adapté…)",
    RenunciationReason.PRIORITY_TO_RELATIVE: "La santé d'un proche passe avant",
    RenunciationReason.OTHER: "Autre raison",
}
AGREEMENT_CHANNEL: Final[Mapping[AgreementChannel, str]] = {
    AgreementChannel.IN_PERSON: "De vive voix",
    AgreementChannel.PHONE: "Par téléphone",
    AgreementChannel.WRITTEN: "Par écrit",
    AgreementChannel.ELECTRONIC: "Par voie électronique",
}
CIVILITY: Final[Mapping[Civility, str]] = {
    Civility.MADAME: "Madame",
    Civility.MONSIEUR: "Monsieur",
}
SEX: Final[Mapping[Sex, str]] = {
    Sex.FEMALE: "Femme",
    Sex.MALE: "Homme",
}
PHONE_KIND: Final[Mapping[PhoneKind, str]] = {
    PhoneKind.OWN_MOBILE: "Son mobile",
    PhoneKind.OWN_LANDLINE: "Son fixe",
    PhoneKind.RELATIVE: "Téléphone d'un proche",
    PhoneKind.STRUCTURE: "Téléphone de notre structure",
}
CHANNEL: Final[Mapping[Channel, str]] = {
    Channel.PHONE: "Téléphone",
    Channel.SMS: "SMS",
    Channel.EMAIL: "Courriel",
    Channel.MAIL: "Courrier",
    Channel.VIA_STRUCTURE: "Par notre structure",
}
