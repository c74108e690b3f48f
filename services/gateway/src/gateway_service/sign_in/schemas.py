"""What the sign-in API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
Password = Annotated[str, Field(max_length=1024)]
"""Bounded only so that a request stays small; the policy speaks for itself."""
Code = Annotated[str, Field(max_length=40)]
Token = Annotated[str, Field(max_length=200)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
FactorKind = Literal["passkey", "totp", "recovery_code"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignIn(_In):
    """Address and password."""

    email: Email
    password: Password


class CodeIn(_In):
    """A code of six digits, or a recovery code."""

    code: Code


class TotpIn(_In):
    """The first code of a new authenticator, and what its owner calls it."""

    code: Code
    label: Label = "Application de codes"


class PasskeyProof(_In):
    """What `navigator.credentials.get()` returned, as JSON."""

    credential: dict[str, JsonValue]


class PasskeyIn(_In):
    """What `navigator.credentials.create()` returned, as JSON, and what its owner calls it."""

    credential: dict[str, JsonValue]
    label: Label = "Clé d'accès"


class LinkIn(_In):
    """The token of a link, from after its `#`."""

    token: Token


class LinkPassword(_In):
    """The token of a link, and the password chosen."""

    token: Token
    password: Password


class EmailIn(_In):
    """An address."""

    email: Email


class NewPassword(_In):
    """The present password, and the one to replace it."""

    current: Password
    new: Password


class SwitchIn(_In):
    """The role to act under."""

    assignment_id: UUID


class RoleOut(BaseModel):
    """One role the account may act under: one audience, one caisse."""

    audience: Literal["partner", "agent", "officer", "pilot"]
    role: str
    caisse: str
    structure_id: UUID | None
    unit: str | None


class ActiveRole(RoleOut):
    """The role the session acts under."""

    assignment_id: UUID


class AssignmentOut(RoleOut):
    """A role to choose from."""

    id: UUID


class SessionView(BaseModel):
    """Where the browser stands: what it may do next.

    `second_factor`: give one of `factors`. `enrolment`: set one up. `open`: work, under `active`; when that
    is null, choose one of `assignments`, and without any there is nothing to do here any more.
    """

    state: Literal["anonymous", "second_factor", "enrolment", "open"]
    account_id: UUID | None
    active: ActiveRole | None
    assignments: list[AssignmentOut]
    factors: list[FactorKind]
    idle_expires_at: datetime | None
    absolute_expires_at: datetime | None
    stepup_until: datetime | None
    demonstration: bool


class InvitationView(BaseModel):
    """For which address an invitation is, and until when."""

    email_masked: str
    expires_at: datetime


class TotpSetupOut(BaseModel):
    """What an authenticator needs, to scan (`qr_svg`, one SVG element) or to type (`secret`)."""

    secret: str
    otpauth_uri: str
    qr_svg: str


class Enrolled(BaseModel):
    """The second factor is set. `recovery_codes` are shown this once, at the first connection only."""

    recovery_codes: list[str]
    session: SessionView


class RecoveryCodes(BaseModel):
    """Ten new codes; the earlier ones no longer work."""

    recovery_codes: list[str]


class PasskeyOptions(BaseModel):
    """What to give to `navigator.credentials`, under `publicKey`."""

    public_key: dict[str, JsonValue]


class SessionOut(BaseModel):
    """One of the account's sessions."""

    id: UUID
    device: str
    address: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    factor: FactorKind
    current: bool


class SessionList(BaseModel):
    """The account's open sessions, the latest first; three at most."""

    items: list[SessionOut]


class FactorOut(BaseModel):
    """One second factor of the account."""

    id: UUID
    kind: Literal["passkey", "totp"]
    label: str
    created_at: datetime
    last_used_at: datetime | None


class FactorList(BaseModel):
    """How the account proves its owner."""

    items: list[FactorOut]
    recovery_codes_left: int
