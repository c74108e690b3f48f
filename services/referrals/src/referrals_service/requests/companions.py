"""What hangs on a request: the detail of its kind, its transitions, its messages; and what a caisse decided.

Composite foreign keys keep a row from being hung on a request of another structure.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base
from referrals_service.requests import codes
from servicekit.models import one_of, some_of


def _of_a_request() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    return (
        ForeignKeyConstraint(["caisse", "request_id"], ["requests.caisse", "requests.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["caisse", "request_id", "structure_id"],
            ["requests.caisse", "requests.id", "requests.structure_id"],
            ondelete="CASCADE",
        ),
    )


class MisasReferral(Base):
    """What a MisAS referral holds beside the request: scopes, cares given up, agreement to be called."""

    __tablename__ = "misas_referrals"
    __table_args__ = (
        *_of_a_request(),
        some_of("scopes", codes.ReferralScope),
        some_of("motives", codes.ReferralMotive),
        one_of("agreement_channel", codes.AgreementChannel),
        CheckConstraint(
            "NOT scopes @> ARRAY['renoncement_soins'] OR jsonb_array_length(renounced_care) > 0",
            name="renouncement_names_care",
        ),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    motives: Mapped[list[str]] = mapped_column(ARRAY(Text))
    renounced_care: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    situation_note: Mapped[str | None]
    informed_on: Mapped[date]
    agreement_channel: Mapped[str]
    statement_version: Mapped[str]
    attested_by: Mapped[str]
    phone: Mapped[str]
    best_time: Mapped[str | None]
    detector_note: Mapped[str | None]


class RequestDetail(Base):
    """What a request of any other kind holds beside it: its form as sent, and who attests the agreement.

    An urgent request that goes on as an ordinary one has a form of each kind.
    """

    __tablename__ = "request_details"
    __table_args__ = (*_of_a_request(), one_of("kind", codes.RequestKind))

    caisse: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    attested_by: Mapped[str]
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)


class RequestTransition(Base):
    """One step of a request's life: who, when, from what, to what, why. Never changed, never removed.

    `reason` is a code of the verb's list; `message` is what the other side is told; `items` are the pieces that
    the caisse asked for, until `until_on`.
    """

    __tablename__ = "request_transitions"
    __table_args__ = (*_of_a_request(), one_of("verb", codes.Verb), one_of("side", codes.Side))

    caisse: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    at: Mapped[datetime]
    side: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    verb: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    reason: Mapped[str | None]
    orientation: Mapped[str | None]
    target: Mapped[str | None]
    target_body: Mapped[str | None]
    assignee: Mapped[UUID | None]
    items: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    until_on: Mapped[date | None]
    message: Mapped[str | None]


class RequestMessage(Base):
    """Something one side wrote to the other; `read_at` is when the other side first opened it."""

    __tablename__ = "request_messages"
    __table_args__ = (
        *_of_a_request(),
        one_of("side", codes.Side),
        CheckConstraint("(read_at IS NULL) = (read_by IS NULL)", name="read_by_somebody"),
        Index(None, "caisse", "request_id", "side", postgresql_where=text("read_at IS NULL")),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    at: Mapped[datetime]
    side: Mapped[str]
    author: Mapped[str]
    text: Mapped[str]
    expects_answer: Mapped[bool]
    read_at: Mapped[datetime | None]
    read_by: Mapped[str | None]


class RequestSetting(Base):
    """A caisse's own value of a setting, in force from a day until a later one replaces it."""

    __tablename__ = "request_settings"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    source: Mapped[str]
    legal_basis: Mapped[str | None]


class QueueDelay(Base):
    """How long answers took lately in a caisse: the median, over `answered` requests. Says nothing of one."""

    __tablename__ = "queue_delays"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    measured_at: Mapped[datetime]
    window_days: Mapped[int]
    answered: Mapped[int]
    median_days: Mapped[float]
