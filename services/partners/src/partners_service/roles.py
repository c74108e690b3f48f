"""The one list of roles: which audience each belongs to, and which identity of the access matrix it has.

Codes are those of the field's `role` list. An account has roles of one audience only. Where the matrix has no
identity of its own for a trade, the trade gets the narrowest identity that can do its work: reception, urgency
line, beneficiary management and examination centre work on requests assigned to them, like a MisAS adviser;
secretaries and the agents of the PDP instance prepare files, like an aid instructor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from partners_service.codes import UnitKind
from servicekit.access import Audience


class Identity(StrEnum):
    """Row of the access matrix."""

    P_REF = "P-REF"
    P_ADM = "P-ADM"
    MIS = "MIS"
    MIS_M = "MIS-M"
    ASS = "ASS"
    ASS_M = "ASS-M"
    INS = "INS"
    COM = "COM"
    MED = "MED"
    PIL = "PIL"
    DPO = "DPO"
    ADM = "ADM"
    APP = "APP"


class Role(StrEnum):
    """What a person does, in a caisse and a structure or unit, from a date until a date."""

    PARTNER_USER = "partner_user"
    PARTNER_ADMIN = "partner_admin"
    CONSEILLER_MISAS = "conseiller_misas"
    COORDINATEUR = "coordinateur"
    RESPONSABLE_UNITE = "responsable_unite"
    CHARGE_MISSION = "charge_mission"
    AGENT_ASS = "agent_ass"
    COMMISSION_ASS = "commission_ass"
    CSAM = "csam"
    ASSISTANT_SOCIAL = "assistant_social"
    MANAGER_SS = "manager_ss"
    RESPONSABLE_DEPARTEMENTALE = "responsable_departementale"
    SECRETAIRE = "secretaire"
    MEDECIN_CONSEIL = "medecin_conseil"
    AGENT_ADMIN_PDP = "agent_admin_pdp"
    COORDINATEUR_PDP = "coordinateur_pdp"
    ACCUEIL = "accueil"
    ACCUEIL_LOGISTIQUE = "accueil_logistique"
    DETECTEUR_INTERNE = "detecteur_interne"
    AGENT_LUP = "agent_lup"
    AGENT_GDB = "agent_gdb"
    AGENT_CES = "agent_ces"
    DPO = "dpo"
    ADMIN = "admin"
    REFERENT_SI = "referent_si"
    PILOTE_REGIONAL = "pilote_regional"
    PILOTE_NATIONAL = "pilote_national"
    RESPONSABLE_REGIONALE = "responsable_regionale"
    APPLICATION_INTERNE = "application_interne"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a role is in the access matrix, and the kinds of unit in which it is held.

    A role of a single kind of unit is always held in one; the others may do without.
    """

    audience: Audience
    identity: Identity
    units: frozenset[UnitKind] = frozenset()

    @property
    def needs_unit(self) -> bool:
        """Tell whether the role makes no sense outside a unit."""
        return len(self.units) == 1


_EVERY = frozenset(UnitKind)
_CAISSE = _EVERY - {UnitKind.SS}


def _agent(identity: Identity, units: frozenset[UnitKind]) -> Standing:
    return Standing(Audience.AGENT, identity, units)


STANDINGS: Final[Mapping[Role, Standing]] = {
    Role.PARTNER_USER: Standing(Audience.PARTNER, Identity.P_REF),
    Role.PARTNER_ADMIN: Standing(Audience.PARTNER, Identity.P_ADM),
    Role.CONSEILLER_MISAS: _agent(Identity.MIS, frozenset({UnitKind.MISAS})),
    Role.COORDINATEUR: _agent(Identity.MIS_M, _EVERY),
    Role.RESPONSABLE_UNITE: _agent(Identity.MIS_M, _EVERY),
    Role.CHARGE_MISSION: _agent(Identity.MIS, _EVERY),
    Role.AGENT_ASS: _agent(Identity.INS, frozenset({UnitKind.ASS})),
    Role.COMMISSION_ASS: _agent(Identity.COM, frozenset({UnitKind.ASS})),
    Role.CSAM: _agent(Identity.ASS, frozenset({UnitKind.SS})),
    Role.ASSISTANT_SOCIAL: _agent(Identity.ASS, frozenset({UnitKind.SS})),
    Role.MANAGER_SS: _agent(Identity.ASS_M, frozenset({UnitKind.SS})),
    Role.RESPONSABLE_DEPARTEMENTALE: _agent(Identity.ASS_M, frozenset({UnitKind.SS})),
    Role.SECRETAIRE: _agent(Identity.INS, _EVERY),
    Role.MEDECIN_CONSEIL: _agent(Identity.MED, _EVERY),
    Role.AGENT_ADMIN_PDP: _agent(Identity.INS, _EVERY),
    Role.COORDINATEUR_PDP: _agent(Identity.INS, _EVERY),
    Role.ACCUEIL: _agent(Identity.MIS, _CAISSE),
    Role.ACCUEIL_LOGISTIQUE: _agent(Identity.MIS, _CAISSE),
    Role.DETECTEUR_INTERNE: _agent(Identity.MIS, _EVERY),
    Role.AGENT_LUP: _agent(Identity.MIS, frozenset({UnitKind.LUP})),
    Role.AGENT_GDB: _agent(Identity.MIS, _CAISSE),
    Role.AGENT_CES: _agent(Identity.MIS, _CAISSE),
    Role.DPO: Standing(Audience.OFFICER, Identity.DPO),
    Role.ADMIN: Standing(Audience.OFFICER, Identity.ADM),
    Role.REFERENT_SI: Standing(Audience.OFFICER, Identity.ADM),
    Role.PILOTE_REGIONAL: Standing(Audience.PILOT, Identity.PIL),
    Role.PILOTE_NATIONAL: Standing(Audience.PILOT, Identity.PIL),
    Role.RESPONSABLE_REGIONALE: Standing(Audience.PILOT, Identity.PIL),
    Role.APPLICATION_INTERNE: Standing(Audience.APP, Identity.APP),
}

PARTNER_DESK: Final = (Role.COORDINATEUR, Role.RESPONSABLE_UNITE)
"""Who keeps the partners of a caisse (`partner.manage`)."""

ACCOUNT_OFFICERS: Final = (Role.ADMIN, Role.REFERENT_SI)
"""Who opens and closes the accounts of a body's own people."""


def roles_of(audience: Audience) -> frozenset[Role]:
    """Return every role of an audience."""
    return frozenset(role for role, standing in STANDINGS.items() if standing.audience is audience)
