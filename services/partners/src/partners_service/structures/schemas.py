"""Structures as they come in and as each audience sees them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from partners_service.accounts.schemas import PartnerRole, RoleInStructure
from partners_service.codes import (
    AccountState,
    ClosingReason,
    RefusalReason,
    RightKind,
    StructureKind,
    StructureState,
    SuspensionReason,
    TrainingKind,
    TrainingState,
)
from partners_service.fields import DepartmentCode, Email, Finess, In, JobTitle, Line, Name, Phone, Postcode, Siret
from partners_service.lifecycle import StructureAct


class AddressIn(In):
    """Where the structure is."""

    lines: Line = Field(examples=["3 place de la République"])
    postcode: Postcode = Field(examples=["31600"])
    commune: Name = Field(examples=["Muret"])


class ReferentIn(In):
    """Who answers for the structure to the caisse."""

    first_name: Name = Field(examples=["Camille"])
    last_name: Name = Field(examples=["Roux"])
    job_title: JobTitle = Field(examples=["Responsable du CCAS"])
    email: Email = Field(examples=["camille.roux@ccas-muret.example"])
    phone: Phone | None = Field(default=None, examples=["05 61 00 00 00"])


class StructureIn(In):
    """What is known of a structure. SIRET or FINESS, and the referent, may be missing of a prospect only."""

    kind: StructureKind
    name: Name = Field(examples=["CCAS de Muret"])
    siret: Siret | None = None
    finess: Finess | None = None
    department: DepartmentCode
    address: AddressIn
    phone: Phone | None = None
    referent: ReferentIn | None = None
    max_accounts: int | None = Field(default=None, ge=1, le=500)


class RegistrationIn(StructureIn):
    """A structure that enters: as a prospect, or with a request to be registered."""

    prospect: bool = False


class RefusalIn(In):
    """Why the registration is refused."""

    reason: RefusalReason


class OpeningIn(In):
    """Since which day the portal is open to the structure; today when absent."""

    opened_on: date | None = None


class SuspensionIn(In):
    """Why nobody may act until further notice."""

    reason: SuspensionReason


class ClosingIn(In):
    """Why the structure leaves for good."""

    reason: ClosingReason


class NirDecisionIn(In):
    """Whether the structure may type a NIR; décret 2019-341 lists who may."""

    allowed: bool


class Address(BaseModel):
    """Where the structure is."""

    lines: str
    postcode: str
    commune: str


class Referent(BaseModel):
    """Who answers for the structure to the caisse."""

    first_name: str
    last_name: str
    job_title: str
    email: str
    phone: str | None


class RightOut(BaseModel):
    """A right held; by the structure, or by one person when `account_id` is given."""

    id: UUID
    right: RightKind
    account_id: UUID | None
    from_on: date
    until_on: date | None
    version: int


class BlockOut(BaseModel):
    """Why a right (or everything when null) is closed; a soft block warns and lets pass."""

    right: RightKind | None
    rule: str
    hard: bool


class StructureItem(BaseModel):
    """A structure in a list of the caisse."""

    id: UUID
    name: str
    kind: StructureKind
    commune: str
    department: str
    siret: str | None
    state: StructureState
    portal_opened_on: date | None
    changed_at: datetime


class StructureForPartner(BaseModel):
    """My structure."""

    id: UUID
    name: str
    kind: StructureKind
    caisse: str
    caisse_name: str
    siret: str | None
    finess: str | None
    department: str
    address: Address
    state: StructureState
    portal_opened_on: date | None
    nir_allowed: bool
    max_accounts: int
    open_accounts: int
    rights: list[RightOut]
    open_rights: list[RightKind]
    blocks: list[BlockOut]
    version: int


class PersonOfStructure(BaseModel):
    """Somebody with a role in the structure; `withheld`: the address belongs to an account elsewhere."""

    account_id: UUID
    first_name: str
    last_name: str
    email: str
    job_title: str
    roles: list[RoleInStructure]
    state: AccountState
    withheld: bool
    own: bool
    """Whether this caisse answers for the account; if not, it can only end the role."""
    invitation_expires_at: datetime | None
    version: int


class TrainingOut(BaseModel):
    """A training of the structure, or of one of its people."""

    id: UUID
    kind: TrainingKind
    state: TrainingState
    on: date | None
    account_id: UUID | None
    version: int


class TransitionOut(BaseModel):
    """A change of state of the structure."""

    at: datetime
    from_state: StructureState | None
    to_state: StructureState
    reason: str | None
    by: str


class StructureForAgent(BaseModel):
    """A structure as its caisse sees it."""

    id: UUID
    name: str
    kind: StructureKind
    siret: str | None
    finess: str | None
    department: str
    address: Address
    phone: str | None
    referent: Referent | None
    state: StructureState
    portal_opened_on: date | None
    nir_allowed: bool
    max_accounts: int
    people: list[PersonOfStructure]
    trainings: list[TrainingOut]
    rights: list[RightOut]
    history: list[TransitionOut]
    possible: list[StructureAct]
    """What the reader's role and the present state allow."""
    invites: bool
    """Whether the reader may invite people into it now."""
    proposed_roles: list[PartnerRole]
    """What to propose for the next person invited: both roles as long as nobody administers the structure."""
    version: int
