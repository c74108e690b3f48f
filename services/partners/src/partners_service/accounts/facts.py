"""What partners publishes about accounts and the roles they hold."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from partners_service.codes import AccountState
from partners_service.facts import Nothing, Part, Suspended, UnitCode
from partners_service.roles import Role
from servicekit.access import Audience
from servicekit.facts import Fact

AccountAudience = Literal[Audience.PARTNER, Audience.AGENT, Audience.OFFICER, Audience.PILOT]


class AccountSubject(Part):
    """The account it is about."""

    account: UUID


class InvitationSubject(AccountSubject):
    """The account invited, and the id under which the gateway fetches the address to write to."""

    invitation: UUID


class AssignmentSubject(Part):
    """A role held by an account; in a structure for a partner."""

    assignment: UUID
    account: UUID
    structure: UUID | None


class Invited(Part):
    """For which audience, and until when the invitation can be used."""

    audience: AccountAudience
    expires_at: datetime


class AccountInvited(Fact[InvitationSubject, Invited]):
    """A person without an account is invited; the address comes by handover, to the gateway only."""

    type: Literal["account.invited"] = "account.invited"


class CharterAccepted(Part):
    """Which version of the charter of use."""

    charter_version: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{1,2}$")]


class AccountActivated(Fact[AccountSubject, CharterAccepted]):
    """A person accepted the charter of use: at the first connection, or when it has a new version."""

    type: Literal["account.activated"] = "account.activated"


class AccountSuspended(Fact[AccountSubject, Suspended]):
    """A person may no longer sign in, in any caisse or structure."""

    type: Literal["account.suspended"] = "account.suspended"


class Reactivated(Part):
    """Back to what it was before: active, or invited and never come."""

    state: AccountState


class AccountReactivated(Fact[AccountSubject, Reactivated]):
    """A suspension was lifted."""

    type: Literal["account.reactivated"] = "account.reactivated"


class AccountClosed(Fact[AccountSubject, Nothing]):
    """An account is closed for good."""

    type: Literal["account.closed"] = "account.closed"


class Granted(Part):
    """Which role, in which unit, from a day until a day, both counted."""

    role: Role
    audience: AccountAudience
    unit: UnitCode | None
    from_on: date
    until_on: date | None


class AssignmentGranted(Fact[AssignmentSubject, Granted]):
    """An account holds a role in `caisse`."""

    type: Literal["assignment.granted"] = "assignment.granted"


class Ended(Part):
    """Which role it was; from this day it is no longer held."""

    role: Role
    unit: UnitCode | None
    ended_on: date


class AssignmentEnded(Fact[AssignmentSubject, Ended]):
    """A role was taken back, with effect at once."""

    type: Literal["assignment.ended"] = "assignment.ended"
