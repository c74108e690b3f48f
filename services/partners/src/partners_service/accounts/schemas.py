"""Accounts, roles and invitations as they come in and as each audience sees them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from partners_service.codes import AccountState, SuspensionReason
from partners_service.fields import Email, In, JobTitle, Name, UnitCode
from partners_service.roles import Role

PartnerRole = Literal[Role.PARTNER_USER, Role.PARTNER_ADMIN]


def _each_once(roles: list[PartnerRole]) -> list[PartnerRole]:
    return list(dict.fromkeys(roles))


PartnerRoles = Annotated[list[PartnerRole], Field(min_length=1, max_length=2), AfterValidator(_each_once)]


class PersonIn(In):
    """Who is invited."""

    email: Email = Field(examples=["nadia.benali@ccas-muret.example"])
    first_name: Name = Field(examples=["Nadia"])
    last_name: Name = Field(examples=["Benali"])
    job_title: JobTitle = Field(examples=["Travailleuse sociale"])


class PartnerInvitationIn(PersonIn):
    """Somebody invited into a structure."""

    roles: PartnerRoles = Field(examples=[[Role.PARTNER_ADMIN, Role.PARTNER_USER]])
    """What the person may do there, one role at a time; the first connection opens under the first one."""


class AssignmentIn(In):
    """A role of a body's own people, in a unit or not, from a day until a day."""

    role: Role
    unit: UnitCode | None = None
    from_on: date | None = None
    until_on: date | None = None


class StaffInvitationIn(PersonIn, AssignmentIn):
    """Somebody of the body invited to a role."""


class PartnerRoleIn(In):
    """The role somebody takes in the structure, in place of the one held."""

    role: PartnerRole


class AccountSuspensionIn(In):
    """Why the account is suspended."""

    reason: SuspensionReason


class CharterIn(In):
    """The version of the charter of use that is accepted."""

    version: str = Field(pattern=r"^[0-9]{4}-[0-9]{1,2}$", examples=["2026-1"])


class Charter(BaseModel):
    """The charter of use: the version in force, and the one the person accepted."""

    version: str
    accepted_version: str | None
    accepted_at: datetime | None
    accepted: bool


class Me(BaseModel):
    """My account, and the role the session is open under."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    job_title: str
    state: AccountState
    role: Role
    caisse: str
    caisse_name: str
    unit: str | None
    charter: Charter
    version: int


class ColleagueAbilities(BaseModel):
    """What the reader may do about a colleague."""

    suspend: bool
    reactivate: bool
    change_role: bool
    remove: bool


class RoleInStructure(BaseModel):
    """One role somebody holds in a structure; `id` and `version` are the assignment's."""

    id: UUID
    role: Role
    version: int


class Colleague(BaseModel):
    """Somebody of my structure, with every role held there. `version` is the account's."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    job_title: str
    roles: list[RoleInStructure]
    state: AccountState
    invitation_expires_at: datetime | None
    version: int
    abilities: ColleagueAbilities


class AssignableAgent(BaseModel):
    """Somebody of the caisse who can be given work, under one of their roles."""

    id: UUID
    first_name: str
    last_name: str
    job_title: str
    role: Role
    unit: str | None


class DirectoryEntry(BaseModel):
    """The name behind an id."""

    id: UUID
    kind: Literal["structure", "account"]
    name: str
    detail: str


class AssignmentOut(BaseModel):
    """A role held."""

    id: UUID
    role: Role
    unit: str | None
    from_on: date
    until_on: date | None
    version: int


class StaffAccount(BaseModel):
    """Somebody of the body; `own`: this body answers for the account, not only for the role."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    job_title: str
    state: AccountState
    own: bool
    invitation_expires_at: datetime | None
    assignments: list[AssignmentOut]
    version: int
