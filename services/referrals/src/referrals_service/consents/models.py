"""The table of agreements: one row each, kept as the proof of what was said, with its end."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base
from referrals_service.consents import codes
from referrals_service.requests.codes import AgreementChannel, Side
from servicekit.db import new_id
from servicekit.models import one_of


class Consent(Base):
    """An agreement of a person: told what, for which purpose, to whom, when, how, until when.

    `purpose` is the kind of request it was given for, `recipient` the body that receives. `structure_id` is the
    request's. `origin_id` is the agreement of another body that this one continues, after a transfer.
    """

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "person_id"], ["persons.caisse", "persons.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["caisse", "request_id"], ["requests.caisse", "requests.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["caisse", "request_id", "structure_id"],
            ["requests.caisse", "requests.id", "requests.structure_id"],
            ondelete="CASCADE",
        ),
        Index(
            "uq_consents_given", "caisse", "request_id", "scope", unique=True, postgresql_where=text("state = 'given'")
        ),
        Index("ix_consents_person", "caisse", "person_id"),
        Index("ix_consents_request", "caisse", "request_id"),
        Index("ix_consents_expiring", "expires_on", "id", postgresql_where=text("state = 'given'")),
        Index("ix_consents_origin", "origin_caisse", "origin_id", postgresql_where=text("origin_id IS NOT NULL")),
        one_of("scope", codes.ConsentScope),
        one_of("state", codes.ConsentState),
        one_of("channel", AgreementChannel),
        one_of("side", Side),
        one_of("withdrawn_channel", AgreementChannel),
        one_of("withdrawn_side", Side),
        one_of("effect", codes.WithdrawalEffect),
        CheckConstraint("expires_on > informed_on", name="expires_after"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_on IS NOT NULL AND withdrawn_channel IS NOT NULL "
            "AND withdrawn_by IS NOT NULL AND withdrawn_side IS NOT NULL AND effect IS NOT NULL)",
            name="withdrawn_whole",
        ),
        CheckConstraint("withdrawn_on >= informed_on", name="withdrawn_after"),
        CheckConstraint("(state = 'given') = (ended_at IS NULL)", name="ended_once_over"),
        CheckConstraint("(origin_caisse IS NULL) = (origin_id IS NULL)", name="origin_whole"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    request_id: Mapped[UUID]
    structure_id: Mapped[UUID | None]
    scope: Mapped[str]
    purpose: Mapped[str]
    recipient: Mapped[str]
    statement_version: Mapped[str]
    informed_on: Mapped[date]
    channel: Mapped[str]
    side: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    expires_on: Mapped[date]
    state: Mapped[str]
    version: Mapped[int]
    ended_at: Mapped[datetime | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_channel: Mapped[str | None]
    withdrawn_side: Mapped[str | None]
    withdrawn_by: Mapped[str | None]
    effect: Mapped[str | None]
    origin_caisse: Mapped[str | None]
    origin_id: Mapped[UUID | None]
