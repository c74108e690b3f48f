"""Partner structures: what is known of them, and the only ways their state changes."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from partners_service.base import Base, Code
from partners_service.codes import (
    ClosingReason,
    RefusalReason,
    StructureKind,
    StructureState,
    SuspensionReason,
)
from partners_service.facts import Nothing, Suspended
from partners_service.lifecycle import STRUCTURE, StructureAct, follow
from partners_service.structures import facts
from partners_service.transitions import leave
from servicekit.access import Actor

_IN_SERVICE = text("state IN ('approved', 'active', 'suspended')")


class Structure(Base):
    """A place, a service or an association whose people refer persons to one caisse.

    An organisation that works with two caisses is two structures, one for each tenant.
    `name_key` and `commune_key` are the names without accents, case or punctuation (`identifiers.name_key`).
    """

    __tablename__ = "structures"
    __table_args__ = (
        CheckConstraint(
            "state IN ('prospect', 'registration_requested', 'refused', 'approved', 'active', 'suspended', 'closed')",
            name="state",
        ),
        CheckConstraint("siret IS NULL OR siret ~ '^[0-9]{14}$'", name="siret"),
        CheckConstraint("finess IS NULL OR finess ~ '^(2[AB]|[0-9]{2})[0-9]{7}$'", name="finess"),
        CheckConstraint(
            "state IN ('prospect', 'closed') OR siret IS NOT NULL OR finess IS NOT NULL", name="identified"
        ),
        CheckConstraint("state IN ('prospect', 'closed') OR referent_email IS NOT NULL", name="has_referent"),
        CheckConstraint("state <> 'active' OR portal_opened_on IS NOT NULL", name="opened_when_active"),
        CheckConstraint(
            "state NOT IN ('prospect', 'registration_requested', 'refused', 'approved') OR portal_opened_on IS NULL",
            name="not_opened_before",
        ),
        Index("ix_structures_caisse_name_key", "caisse", "name_key", "id"),
        # Another service asks for a structure by its id alone.
        Index("uq_structures_id", "id", unique=True),
        Index("uq_structures_siret_in_service", "caisse", "siret", unique=True, postgresql_where=_IN_SERVICE),
        Index(
            "uq_structures_name_in_service",
            "caisse",
            "name_key",
            "commune_key",
            unique=True,
            postgresql_where=_IN_SERVICE,
        ),
    )

    caisse: Mapped[str] = mapped_column(ForeignKey("bodies.code"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[StructureState] = mapped_column(Code(StructureState))
    kind: Mapped[StructureKind] = mapped_column(Code(StructureKind))
    name: Mapped[str]
    name_key: Mapped[str]
    siret: Mapped[str | None]
    finess: Mapped[str | None]
    department: Mapped[str] = mapped_column(ForeignKey("departments.code"))
    address_lines: Mapped[str]
    postcode: Mapped[str]
    commune: Mapped[str]
    commune_key: Mapped[str]
    phone: Mapped[str | None]
    referent_first_name: Mapped[str | None]
    referent_last_name: Mapped[str | None]
    referent_job_title: Mapped[str | None]
    referent_email: Mapped[str | None]
    referent_phone: Mapped[str | None]
    nir_allowed: Mapped[bool]
    portal_opened_on: Mapped[date | None]
    max_accounts: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    def enter(self, by: Actor, at: datetime) -> facts.StructureRegistered:
        """It becomes known to the caisse, in the state it was made with."""
        leave(self, by, self.caisse, None, self.state, at, structure_id=self.id)
        return facts.StructureRegistered(caisse=self.caisse, subject=self._subject, payload=self._known)

    def amended(self, at: datetime) -> facts.StructureAmended:
        """What is known of it was just corrected."""
        self._touch(at)
        return facts.StructureAmended(caisse=self.caisse, subject=self._subject, payload=self._known)

    def request_registration(self, by: Actor, at: datetime) -> facts.StructureRegistrationRequested:
        """A prospect asks to be registered."""
        self._become(StructureAct.REQUEST_REGISTRATION, by, at)
        return facts.StructureRegistrationRequested(caisse=self.caisse, subject=self._subject, payload=self._known)

    def approve(self, by: Actor, at: datetime) -> facts.StructureApproved:
        """The partner desk found it to be a partner, and not a duplicate."""
        self._become(StructureAct.APPROVE, by, at)
        return facts.StructureApproved(caisse=self.caisse, subject=self._subject, payload=Nothing())

    def refuse(self, reason: RefusalReason, by: Actor, at: datetime) -> facts.StructureRefused:
        """The partner desk refuses the registration."""
        self._become(StructureAct.REFUSE, by, at, reason)
        return facts.StructureRefused(caisse=self.caisse, subject=self._subject, payload=facts.Refused(reason=reason))

    def open_portal(self, opened_on: date, by: Actor, at: datetime) -> facts.StructureActivated:
        """The portal opens to it (ESP-04)."""
        self._become(StructureAct.OPEN_PORTAL, by, at)
        self.portal_opened_on = opened_on
        return facts.StructureActivated(
            caisse=self.caisse, subject=self._subject, payload=facts.Activated(portal_opened_on=opened_on)
        )

    def suspend(self, reason: SuspensionReason, by: Actor, at: datetime) -> facts.StructureSuspended:
        """Nobody acts for it until further notice."""
        self._become(StructureAct.SUSPEND, by, at, reason)
        return facts.StructureSuspended(caisse=self.caisse, subject=self._subject, payload=Suspended(reason=reason))

    def reactivate(self, by: Actor, at: datetime) -> facts.StructureReactivated:
        """The suspension is lifted; the portal keeps the date it was opened on."""
        self._become(StructureAct.REACTIVATE, by, at)
        return facts.StructureReactivated(caisse=self.caisse, subject=self._subject, payload=Nothing())

    def close(self, reason: ClosingReason, by: Actor, at: datetime) -> facts.StructureClosed:
        """It leaves for good."""
        self._become(StructureAct.CLOSE, by, at, reason)
        return facts.StructureClosed(caisse=self.caisse, subject=self._subject, payload=facts.Closed(reason=reason))

    def decide_nir(self, at: datetime, *, allowed: bool) -> facts.StructureNirRuleChanged:
        """The data-protection officer decides whether it may type a NIR (décret 2019-341)."""
        self.nir_allowed = allowed
        self._touch(at)
        return facts.StructureNirRuleChanged(
            caisse=self.caisse, subject=self._subject, payload=facts.NirRule(nir_allowed=allowed)
        )

    @property
    def _subject(self) -> facts.StructureSubject:
        return facts.StructureSubject(structure=self.id)

    @property
    def _known(self) -> facts.Registered:
        return facts.Registered(
            kind=self.kind, department=self.department, state=self.state, nir_allowed=self.nir_allowed
        )

    def _become(self, act: StructureAct, by: Actor, at: datetime, reason: StrEnum | None = None) -> None:
        before, self.state = self.state, follow(STRUCTURE, act, self.state)
        self._touch(at)
        leave(self, by, self.caisse, before, self.state, at, structure_id=self.id, reason=reason)

    def _touch(self, at: datetime) -> None:
        self.version += 1
        self.changed_at = at
