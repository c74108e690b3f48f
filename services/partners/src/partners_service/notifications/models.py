"""Notifications hold ids and codes: who, what kind, about which request, from which fact. Never a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from partners_service.base import Base, Code
from partners_service.notifications.kinds import Delivery, Mailing, NotificationChannel, NotificationKind
from servicekit.access import Audience
from servicekit.models import one_of


class FollowedRequest(Base):
    """Who has a request of `referrals` in charge; built from its facts, rebuilt at will."""

    __tablename__ = "followed_requests"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    assigned_to: Mapped[UUID | None]


class Notification(Base):
    """One fact about a request or an appointment, told to one account.

    `fact_id` makes it once, whatever is applied again.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        one_of("kind", NotificationKind),
        one_of("mailing", Mailing),
        Index("uq_notifications_fact", "caisse", "account_id", "fact_id", unique=True),
        Index("ix_notifications_mine", "caisse", "account_id", text("at DESC"), text("id DESC")),
        Index("ix_notifications_unread", "caisse", "account_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notifications_digest", "account_id", postgresql_where=text("mailing = 'for_digest'")),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    audience: Mapped[Audience] = mapped_column(Code(Audience))
    structure_id: Mapped[UUID | None]
    kind: Mapped[NotificationKind] = mapped_column(Code(NotificationKind))
    request_id: Mapped[UUID | None]
    appointment_id: Mapped[UUID | None]
    fact_id: Mapped[UUID]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailing: Mapped[Mailing] = mapped_column(Code(Mailing))


class NotificationChoice(Base):
    """How somebody wants a kind, where it is not the default."""

    __tablename__ = "notification_choices"
    __table_args__ = (one_of("kind", NotificationKind), one_of("channel", NotificationChannel))

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[NotificationKind] = mapped_column(Code(NotificationKind), primary_key=True)
    channel: Mapped[NotificationChannel] = mapped_column(Code(NotificationChannel))


class NotificationMail(Base):
    """An e-mail to an account, at once or the daily one: how far it is, and why it did not arrive.

    `refused_with` is the mail server's code; null with `undelivered`: no server took it in time.
    """

    __tablename__ = "notification_mails"
    __table_args__ = (
        one_of("state", Delivery),
        Index("ix_notification_mails_id", "id"),
        Index("ix_notification_mails_undelivered", "caisse", "id", postgresql_where=text("state = 'undelivered'")),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    count: Mapped[int]
    state: Mapped[Delivery] = mapped_column(Code(Delivery))
    attempts: Mapped[int]
    refused_with: Mapped[int | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
