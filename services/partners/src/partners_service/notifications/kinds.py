"""Kinds of notifications and the ways they reach people. Codes are frozen once published."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from servicekit.access import Audience


class Kind(StrEnum):
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


class Channel(StrEnum):
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


_PARTNER: Final[Mapping[Kind, Channel]] = {
    Kind.REQUEST_TAKEN: Channel.APPLICATION,
    Kind.REQUEST_ACCEPTED: Channel.EMAIL,
    Kind.REQUEST_REFUSED: Channel.EMAIL,
    Kind.REQUEST_REDIRECTED: Channel.EMAIL,
    Kind.MESSAGE_FROM_CAISSE: Channel.EMAIL,
    Kind.LETTER_RECEIVED: Channel.APPLICATION,
}
_AGENT: Final[Mapping[Kind, Channel]] = {
    Kind.MESSAGE_FROM_PARTNER: Channel.APPLICATION,
    Kind.REQUEST_WITHDRAWN: Channel.APPLICATION,
    Kind.FIRST_CONTACT_LATE: Channel.DIGEST,
}
DEFAULTS: Final[Mapping[Audience, Mapping[Kind, Channel]]] = {Audience.PARTNER: _PARTNER, Audience.AGENT: _AGENT}
"""What each audience is told of, and how until a person chooses otherwise."""
