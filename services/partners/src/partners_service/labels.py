"""What people read for codes in the files that come in and go out, as the front's catalogue says it."""

from collections.abc import Mapping
from typing import Final

from partners_service.codes import StructureKind, StructureState

KIND: Final[Mapping[StructureKind, str]] = {
    StructureKind.CCAS: "CCAS",
    StructureKind.CONSEIL_DEPARTEMENTAL: "Conseil départemental (MDS, PMI)",
    StructureKind.CAF: "CAF",
    StructureKind.MISSION_LOCALE: "Mission locale",
    StructureKind.EPIDE: "EPIDE",
    StructureKind.E2C: "École de la 2e chance",
    StructureKind.HEBERGEMENT: "Centre d'hébergement",
    StructureKind.ASSOCIATION: "Association",
    StructureKind.CENTRE_SOCIAL: "Centre social",
    StructureKind.FRANCE_SERVICES: "France services (MFS, ex-MSAP)",
    StructureKind.PENITENTIAIRE: "Établissement pénitentiaire",
    StructureKind.PASS: "PASS / établissement de santé",
    StructureKind.SIAO: "SIAO",
    StructureKind.MJPM: "Mandataire judiciaire",
    StructureKind.CPTS: "CPTS",
    StructureKind.MSP: "Maison de santé pluriprofessionnelle",
    StructureKind.PS: "Professionnel de santé",
    StructureKind.CLIC: "CLIC",
    StructureKind.DAC: "DAC",
    StructureKind.ESMS: "Établissement médico-social",
    StructureKind.SPST: "SPST",
    StructureKind.RESEAU_SOINS: "Réseau de soins",
    StructureKind.CAP_EMPLOI: "Cap emploi",
    StructureKind.FRANCE_TRAVAIL: "France Travail (Pôle emploi)",
    StructureKind.MDPH: "MDPH",
    StructureKind.OC: "Organisme complémentaire",
    StructureKind.UNIVERSITE: "Université / CROUS",
    StructureKind.CFA: "CFA",
    StructureKind.FJT: "Foyer jeunes travailleurs",
    StructureKind.MAIRIE: "Mairie",
    StructureKind.AFPA: "AFPA",
    StructureKind.MEDIATEUR_NUMERIQUE: "Médiateur du numérique",
}

STATE: Final[Mapping[StructureState, str]] = {
    StructureState.PROSPECT: "Prospect",
    StructureState.REGISTRATION_REQUESTED: "Inscription demandée",
    StructureState.REFUSED: "Refusée",
    StructureState.APPROVED: "Approuvée",
    StructureState.ACTIVE: "Active",
    StructureState.SUSPENDED: "Suspendue",
    StructureState.CLOSED: "Fermée",
}
