"""What partners publishes about structures."""

from datetime import date
from typing import Literal
from uuid import UUID

from partners_service.codes import ClosingReason, RefusalReason, StructureKind, StructureState
from partners_service.facts import DepartmentCode, Nothing, Part, Suspended
from servicekit.facts import Fact


class StructureSubject(Part):
    """The structure it is about."""

    structure: UUID


class Registered(Part):
    """What is known of a structure, as codes."""

    kind: StructureKind
    department: DepartmentCode
    state: StructureState
    nir_allowed: bool


class StructureRegistered(Fact[StructureSubject, Registered]):
    """A structure is known to the caisse, as a prospect or with a request to be registered."""

    type: Literal["structure.registered"] = "structure.registered"


class StructureAmended(Fact[StructureSubject, Registered]):
    """What is known of a structure was corrected."""

    type: Literal["structure.amended"] = "structure.amended"


class StructureRegistrationRequested(Fact[StructureSubject, Registered]):
    """A prospect asked to be registered."""

    type: Literal["structure.registration_requested"] = "structure.registration_requested"


class Refused(Part):
    """Why."""

    reason: RefusalReason


class StructureRefused(Fact[StructureSubject, Refused]):
    """A registration was refused."""

    type: Literal["structure.refused"] = "structure.refused"


class StructureApproved(Fact[StructureSubject, Nothing]):
    """A registration was approved; the portal is not open yet."""

    type: Literal["structure.approved"] = "structure.approved"


class Activated(Part):
    """Since when the portal is open to the structure (ESP-04)."""

    portal_opened_on: date


class StructureActivated(Fact[StructureSubject, Activated]):
    """The portal was opened to a structure."""

    type: Literal["structure.activated"] = "structure.activated"


class StructureSuspended(Fact[StructureSubject, Suspended]):
    """Nobody may act for the structure until further notice; its requests are kept."""

    type: Literal["structure.suspended"] = "structure.suspended"


class StructureReactivated(Fact[StructureSubject, Nothing]):
    """A suspension was lifted."""

    type: Literal["structure.reactivated"] = "structure.reactivated"


class Closed(Part):
    """Why."""

    reason: ClosingReason


class StructureClosed(Fact[StructureSubject, Closed]):
    """A structure left for good; its people's roles in it end with it."""

    type: Literal["structure.closed"] = "structure.closed"


class NirRule(Part):
    """Whether the structure may type a NIR."""

    nir_allowed: bool


class StructureNirRuleChanged(Fact[StructureSubject, NirRule]):
    """The data-protection officer decided whether the structure may type a NIR."""

    type: Literal["structure.nir_rule_changed"] = "structure.nir_rule_changed"
