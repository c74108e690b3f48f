"""Facts that partners publishes. Ids stand in `subject`, codes and dates in `payload`; never a name or e-mail.

`caisse` is the tenant where the change was made: of an assignment, the caisse that it opens.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from partners_service.codes import (
    AccountState,
    BodyKind,
    ClosingReason,
    RefusalReason,
    RightKind,
    StructureKind,
    StructureState,
    SuspensionReason,
    TrainingKind,
)
from partners_service.roles import Role
from servicekit.access import Audience
from servicekit.facts import Fact

BodyCode = Annotated[str, Field(pattern=r"^[0-9A-Z_]{3,40}$")]
DepartmentCode = Annotated[str, Field(pattern=r"^(?:\d{2}|2[AB]|9[78]\d)$")]
UnitCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{2,20}$")]
AccountAudience = Literal[Audience.PARTNER, Audience.AGENT, Audience.OFFICER, Audience.PILOT]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(_Part):
    """The type says it all."""


class StructureSubject(_Part):
    """The structure it is about."""

    structure: UUID


class AccountSubject(_Part):
    """The account it is about."""

    account: UUID


class InvitationSubject(AccountSubject):
    """The account invited, and the id under which the gateway fetches the address to write to."""

    invitation: UUID


class AssignmentSubject(_Part):
    """A role held by an account; in a structure for a partner."""

    assignment: UUID
    account: UUID
    structure: UUID | None


class RightSubject(_Part):
    """A right held by one person of a structure, or by the whole structure when `account` is null."""

    right: UUID
    structure: UUID
    account: UUID | None


class TrainingSubject(_Part):
    """The training of one person of a structure, or of the whole structure when `account` is null."""

    training: UUID
    structure: UUID
    account: UUID | None


class Body(_Part):
    """A tenant: where it is, and which regional body carries its social service."""

    kind: BodyKind
    departments: list[DepartmentCode]
    social_service: BodyCode | None
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z]+/[A-Za-z_]+$")]


class BodyDescribed(Fact[Nothing, Body]):
    """A body entered the reference data or changed in it; the latest description holds."""

    type: Literal["body.described"] = "body.described"


class Registered(_Part):
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


class Refused(_Part):
    """Why."""

    reason: RefusalReason


class StructureRefused(Fact[StructureSubject, Refused]):
    """A registration was refused."""

    type: Literal["structure.refused"] = "structure.refused"


class StructureApproved(Fact[StructureSubject, Nothing]):
    """A registration was approved; the portal is not open yet."""

    type: Literal["structure.approved"] = "structure.approved"


class Activated(_Part):
    """Since when the portal is open to the structure (ESP-04)."""

    portal_opened_on: date


class StructureActivated(Fact[StructureSubject, Activated]):
    """The portal was opened to a structure."""

    type: Literal["structure.activated"] = "structure.activated"


class Suspended(_Part):
    """Why."""

    reason: SuspensionReason


class StructureSuspended(Fact[StructureSubject, Suspended]):
    """Nobody may act for the structure until further notice; its requests are kept."""

    type: Literal["structure.suspended"] = "structure.suspended"


class StructureReactivated(Fact[StructureSubject, Nothing]):
    """A suspension was lifted."""

    type: Literal["structure.reactivated"] = "structure.reactivated"


class Closed(_Part):
    """Why."""

    reason: ClosingReason


class StructureClosed(Fact[StructureSubject, Closed]):
    """A structure left for good; its people's roles in it end with it."""

    type: Literal["structure.closed"] = "structure.closed"


class NirRule(_Part):
    """Whether the structure may type a NIR."""

    nir_allowed: bool


class StructureNirRuleChanged(Fact[StructureSubject, NirRule]):
    """The data-protection officer decided whether the structure may type a NIR."""

    type: Literal["structure.nir_rule_changed"] = "structure.nir_rule_changed"


class Invited(_Part):
    """For which audience, and until when the invitation can be used."""

    audience: AccountAudience
    expires_at: datetime


class AccountInvited(Fact[InvitationSubject, Invited]):
    """A person without an account is invited; the address comes by handover, to the gateway only."""

    type: Literal["account.invited"] = "account.invited"


class CharterAccepted(_Part):
    """Which version of the charter of use."""

    charter_version: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{1,2}$")]


class AccountActivated(Fact[AccountSubject, CharterAccepted]):
    """A person accepted the charter of use: at the first connection, or when it has a new version."""

    type: Literal["account.activated"] = "account.activated"


class AccountSuspended(Fact[AccountSubject, Suspended]):
    """A person may no longer sign in, in any caisse or structure."""

    type: Literal["account.suspended"] = "account.suspended"


class Reactivated(_Part):
    """Back to what it was before: active, or invited and never come."""

    state: AccountState


class AccountReactivated(Fact[AccountSubject, Reactivated]):
    """A suspension was lifted."""

    type: Literal["account.reactivated"] = "account.reactivated"


class AccountClosed(Fact[AccountSubject, Nothing]):
    """An account is closed for good."""

    type: Literal["account.closed"] = "account.closed"


class Granted(_Part):
    """Which role, in which unit, from a day until a day, both counted."""

    role: Role
    audience: AccountAudience
    unit: UnitCode | None
    from_on: date
    until_on: date | None


class AssignmentGranted(Fact[AssignmentSubject, Granted]):
    """An account holds a role in `caisse`."""

    type: Literal["assignment.granted"] = "assignment.granted"


class Ended(_Part):
    """Which role it was; from this day it is no longer held."""

    role: Role
    unit: UnitCode | None
    ended_on: date


class AssignmentEnded(Fact[AssignmentSubject, Ended]):
    """A role was taken back, with effect at once."""

    type: Literal["assignment.ended"] = "assignment.ended"


class RightGained(_Part):
    """Which right, from a day until a day, both counted."""

    right: RightKind
    from_on: date
    until_on: date | None


class RightGranted(Fact[RightSubject, RightGained]):
    """A training opened a right (LUP-01, MIS-21)."""

    type: Literal["right.granted"] = "right.granted"


class RightLost(_Part):
    """Which right; from this day it is no longer held."""

    right: RightKind
    ended_on: date


class RightEnded(Fact[RightSubject, RightLost]):
    """A right was taken back before its term."""

    type: Literal["right.ended"] = "right.ended"


class Planned(_Part):
    """Which training, and for which day."""

    kind: TrainingKind
    on: date


class TrainingPlanned(Fact[TrainingSubject, Planned]):
    """A training is planned."""

    type: Literal["training.planned"] = "training.planned"


class Recorded(_Part):
    """Which training was held on which day, and whether it was attended."""

    kind: TrainingKind
    on: date
    attended: bool


class TrainingRecorded(Fact[TrainingSubject, Recorded]):
    """Attendance of a training was recorded."""

    type: Literal["training.recorded"] = "training.recorded"


class TrainingCancelled(Fact[TrainingSubject, Nothing]):
    """A training will not take place."""

    type: Literal["training.cancelled"] = "training.cancelled"
