"""Kinds of notifications and the ways they reach people. Codes are frozen once published."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from servicekit.access import Audience


class NotificationKind(StrEnum):
    """What happened."""

    REQUEST_TAKEN = "request_taken"
    REQUEST_ACCEPTED = "request_accepted"
    REQUEST_REFUSED = "request_refused"
    REQUEST_REDIRECTED = "request_redirected"
    MESSAGE_FROM_CAISSE = "message_from_caisse"
    LETTER_RECEIVED = "letter_received"
    REQUEST_WITHDRAWN = "request_withdrawn"
    MESSAGE_FROM_PARTNER = "message_from_partner"
    FIRST_CONTACT_LATE = "first_contact_late"
    DOCUMENT_FROM_CAISSE = "document_from_caisse"
    DOCUMENT_FROM_PARTNER = "document_from_partner"
    APPOINTMENT_MOVED = "appointment_moved"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_NEAR = "appointment_near"
    APPOINTMENT_CHANGED_BY_PARTNER = "appointment_changed_by_partner"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_EXPIRED = "consent_expired"
    COMPLETION_ASKED = "completion_asked"
    REQUEST_COMPLETED = "request_completed"
    REQUEST_ANSWERED = "request_answered"
    REQUEST_CLOSED = "request_closed"
    REQUEST_REOPENED = "request_reopened"
    REQUEST_LATE = "request_late"


class NotificationChannel(StrEnum):
    """How somebody wants a kind: seen in the application only, by e-mail too, in the daily e-mail, or not at all."""

    APPLICATION = "application"
    EMAIL = "email"
    DIGEST = "digest"
    NONE = "none"


class Mailing(StrEnum):
    """What becomes of a notification by e-mail."""

    NONE = "none"
    ASKED = "asked"
    """A letter of its own was written."""
    FOR_DIGEST = "for_digest"
    IN_DIGEST = "in_digest"


class Delivery(StrEnum):
    """How far an e-mail is."""

    WAITING = "waiting"
    SENT = "sent"
    UNDELIVERED = "undelivered"


_Channels = Mapping[NotificationKind, NotificationChannel]

_PARTNER: Final[_Channels] = {
    NotificationKind.REQUEST_TAKEN: NotificationChannel.APPLICATION,
    NotificationKind.REQUEST_ACCEPTED: NotificationChannel.EMAIL,
    NotificationKind.REQUEST_REFUSED: NotificationChannel.EMAIL,
    NotificationKind.REQUEST_REDIRECTED: NotificationChannel.EMAIL,
    NotificationKind.MESSAGE_FROM_CAISSE: NotificationChannel.EMAIL,
    NotificationKind.LETTER_RECEIVED: NotificationChannel.APPLICATION,
    NotificationKind.DOCUMENT_FROM_CAISSE: NotificationChannel.EMAIL,
    NotificationKind.APPOINTMENT_MOVED: NotificationChannel.EMAIL,
    NotificationKind.APPOINTMENT_CANCELLED: NotificationChannel.EMAIL,
    NotificationKind.APPOINTMENT_NEAR: NotificationChannel.DIGEST,
    NotificationKind.CONSENT_WITHDRAWN: NotificationChannel.EMAIL,
    NotificationKind.CONSENT_EXPIRED: NotificationChannel.APPLICATION,
    NotificationKind.COMPLETION_ASKED: NotificationChannel.EMAIL,
    NotificationKind.REQUEST_ANSWERED: NotificationChannel.EMAIL,
    NotificationKind.REQUEST_CLOSED: NotificationChannel.APPLICATION,
    NotificationKind.REQUEST_REOPENED: NotificationChannel.APPLICATION,
    NotificationKind.REQUEST_LATE: NotificationChannel.APPLICATION,
}
_AGENT: Final[_Channels] = {
    NotificationKind.MESSAGE_FROM_PARTNER: NotificationChannel.APPLICATION,
    NotificationKind.REQUEST_WITHDRAWN: NotificationChannel.APPLICATION,
    NotificationKind.DOCUMENT_FROM_PARTNER: NotificationChannel.APPLICATION,
    NotificationKind.APPOINTMENT_CHANGED_BY_PARTNER: NotificationChannel.APPLICATION,
    NotificationKind.FIRST_CONTACT_LATE: NotificationChannel.DIGEST,
    NotificationKind.CONSENT_WITHDRAWN: NotificationChannel.EMAIL,
    NotificationKind.CONSENT_EXPIRED: NotificationChannel.APPLICATION,
    NotificationKind.REQUEST_COMPLETED: NotificationChannel.APPLICATION,
    NotificationKind.REQUEST_LATE: NotificationChannel.DIGEST,
}
DEFAULTS: Final[Mapping[Audience, _Channels]] = {Audience.PARTNER: _PARTNER, Audience.AGENT: _AGENT}
"""What each audience is told of, and how until a person chooses otherwise."""
