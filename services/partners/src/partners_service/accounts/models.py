"""Accounts, the roles they hold, and invitations; the only ways their state changes."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from partners_service.accounts import facts
from partners_service.base import Base, Code
from partners_service.codes import AccountState, InvitationState, SuspensionReason
from partners_service.facts import Nothing, Suspended
from partners_service.lifecycle import ACCOUNT, AccountAct, follow
from partners_service.roles import Role
from partners_service.transitions import leave
from servicekit.access import Actor, Audience


class Account(Base):
    """A person who signs in: one row, one address, one audience, wherever the person holds roles.

    `caisse` and, for a partner, `structure_id` answer for the account: they alone suspend it. Anybody else
    where the person holds a role sees the account through that role (`assignments`) and may end the role.
    So the key is the id alone: the address must be unique in the whole country, which no table split by
    caisse could promise.

    `withheld` marks an address given by a structure although an account elsewhere has it already. To who
    invited it looks like any invitation; nothing was sent or announced, and the partner desk decides.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("audience IN ('partner', 'agent', 'officer', 'pilot')", name="audience"),
        CheckConstraint("(audience = 'partner') = (structure_id IS NOT NULL)", name="structure_iff_partner"),
        CheckConstraint("state IN ('invited', 'active', 'suspended', 'closed')", name="state"),
        CheckConstraint("state <> 'active' OR charter_accepted_at IS NOT NULL", name="charter_when_active"),
        CheckConstraint("NOT withheld OR state <> 'active'", name="withheld_never_active"),
        # Lets an assignment name the audience too, so that audiences cannot mix in one account.
        UniqueConstraint("id", "audience", name="uq_accounts_id_audience"),
        ForeignKeyConstraint(["caisse", "structure_id"], ["structures.caisse", "structures.id"]),
        Index("ix_accounts_caisse", "caisse", "structure_id"),
        Index(
            "uq_accounts_email_key",
            "email_key",
            unique=True,
            postgresql_where=text("NOT withheld AND state <> 'closed'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    caisse: Mapped[str] = mapped_column(ForeignKey("bodies.code"))
    structure_id: Mapped[UUID | None]
    audience: Mapped[Audience] = mapped_column(Code(Audience))
    state: Mapped[AccountState] = mapped_column(Code(AccountState))
    withheld: Mapped[bool]
    email: Mapped[str]
    email_key: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    name_key: Mapped[str]
    job_title: Mapped[str]
    charter_version: Mapped[str | None]
    charter_accepted_at: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]

    @property
    def display_name(self) -> str:
        """Return the name as people read it."""
        return f"{self.first_name} {self.last_name.upper()}"

    def accept_charter(self, charter_version: str, by: Actor, at: datetime) -> facts.AccountActivated:
        """The person accepts the charter of use, whatever the role it is signed in under."""
        self.charter_version = charter_version
        self.charter_accepted_at = at
        self._become(AccountAct.ACCEPT_CHARTER, by, at)
        return facts.AccountActivated(
            caisse=by.caisse,
            subject=self._subject,
            payload=facts.CharterAccepted(charter_version=charter_version),
        )

    def suspend(self, reason: SuspensionReason, by: Actor, at: datetime) -> facts.AccountSuspended:
        """The person may no longer sign in."""
        self._become(AccountAct.SUSPEND, by, at, reason)
        return facts.AccountSuspended(caisse=self.caisse, subject=self._subject, payload=Suspended(reason=reason))

    def reactivate(self, by: Actor, at: datetime) -> facts.AccountReactivated:
        """The suspension is lifted; somebody who never came is awaited again."""
        came = self.charter_accepted_at is not None
        self._become(AccountAct.REACTIVATE if came else AccountAct.AWAIT_AGAIN, by, at)
        return facts.AccountReactivated(
            caisse=self.caisse, subject=self._subject, payload=facts.Reactivated(state=self.state)
        )

    def close(self, by: Actor, at: datetime) -> facts.AccountClosed:
        """The account is closed for good; its address may be invited again."""
        self._become(AccountAct.CLOSE, by, at)
        return facts.AccountClosed(caisse=self.caisse, subject=self._subject, payload=Nothing())

    @property
    def _subject(self) -> facts.AccountSubject:
        return facts.AccountSubject(account=self.id)

    def enter(self, by: Actor, at: datetime) -> None:
        """It is opened, for somebody who is only invited yet."""
        self._leave(None, by, at)

    def _become(self, act: AccountAct, by: Actor, at: datetime, reason: StrEnum | None = None) -> None:
        before, self.state = self.state, follow(ACCOUNT, act, self.state)
        self.version += 1
        self._leave(before, by, at, reason)

    def _leave(self, before: AccountState | None, by: Actor, at: datetime, reason: StrEnum | None = None) -> None:
        # Written where it was done: a partner writes for the structure acted for, a caisse for its own.
        own = self.structure_id if by.caisse == self.caisse else None
        leave(
            self,
            by,
            by.caisse,
            before,
            self.state,
            at,
            structure_id=by.structure or own,
            account_id=self.id,
            reason=reason,
        )


class Assignment(Base):
    """A role that an account holds in a caisse, in a structure or a unit, from a day until a day (both counted)."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("(audience = 'partner') = (structure_id IS NOT NULL)", name="structure_iff_partner"),
        CheckConstraint("unit IS NULL OR audience = 'agent'", name="unit_for_agents"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates_in_order"),
        CheckConstraint("(ended_at IS NULL) = (ended_on IS NULL)", name="ended_on_iff_ended"),
        ForeignKeyConstraint(["account_id", "audience"], ["accounts.id", "accounts.audience"]),
        ForeignKeyConstraint(["caisse", "structure_id"], ["structures.caisse", "structures.id"]),
        ForeignKeyConstraint(["caisse", "unit"], ["units.body", "units.code"]),
        Index("ix_assignments_caisse_structure_id", "caisse", "structure_id"),
        Index("ix_assignments_account_id", "account_id", "caisse"),
        Index(
            "uq_assignments_open",
            "caisse",
            "account_id",
            "role",
            text("coalesce(structure_id::text, unit, '')"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    caisse: Mapped[str] = mapped_column(ForeignKey("bodies.code"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    audience: Mapped[Audience] = mapped_column(Code(Audience))
    role: Mapped[Role] = mapped_column(Code(Role))
    structure_id: Mapped[UUID | None]
    unit: Mapped[str | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int]

    def covers(self, on: date) -> bool:
        """Tell whether the role was held at the end of that day."""
        if on < self.from_on or (self.until_on is not None and on > self.until_on):
            return False
        return self.ended_on is None or on < self.ended_on

    def granted(self) -> facts.AssignmentGranted:
        """Return the fact of its grant."""
        return facts.AssignmentGranted(
            caisse=self.caisse,
            subject=self._subject,
            payload=facts.Granted(
                role=self.role,
                audience=self.audience,
                unit=self.unit,
                from_on=self.from_on,
                until_on=self.until_on,
            ),
        )

    def end(self, by: str, at: datetime, on: date) -> facts.AssignmentEnded:
        """The role is taken back at once; `on` is that day in the caisse."""
        self.ended_by, self.ended_at, self.ended_on = by, at, on
        self.version += 1
        return facts.AssignmentEnded(
            caisse=self.caisse,
            subject=self._subject,
            payload=facts.Ended(role=self.role, unit=self.unit, ended_on=on),
        )

    @property
    def _subject(self) -> facts.AssignmentSubject:
        return facts.AssignmentSubject(assignment=self.id, account=self.account_id, structure=self.structure_id)


class Invitation(Base):
    """A first connection offered to an address, for a limited time; the gateway makes the token and the e-mail."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'accepted', 'superseded', 'cancelled')", name="state"),
        Index("ix_invitations_account_id", "account_id", "id"),
        Index(
            "uq_invitations_pending",
            "account_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
    )

    caisse: Mapped[str] = mapped_column(ForeignKey("bodies.code"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[InvitationState] = mapped_column(Code(InvitationState))
    expires_at: Mapped[datetime]
    invited_by: Mapped[str]
    invited_at: Mapped[datetime]

    def sent(self, audience: Audience) -> facts.AccountInvited:
        """Return the fact from which the gateway sends the e-mail."""
        return facts.AccountInvited(
            caisse=self.caisse,
            subject=facts.InvitationSubject(account=self.account_id, invitation=self.id),
            payload=facts.Invited(audience=audience, expires_at=self.expires_at),
        )
