"""Closed lists of the ledger. Codes are frozen once published; labels are in the front's catalogue."""

from enum import StrEnum


class LedgerItem(StrEnum):
    """What left, or came from another body."""

    REQUEST = "request"
    """Identity, contact, situation and agreement, as the form says them."""
    MESSAGE = "message"
    DOCUMENT = "document"
    LETTER = "letter"
    REDIRECTION = "redirection"
    RECEPTION = "reception"
    """The whole request, from another body."""
    EXPORT = "export"
    """A line with name, birth date and town, in a table handed over."""
    HANDOVER = "handover"
    """The form without identity, to the service that accompanies."""


class RecipientKind(StrEnum):
    """To whom."""

    BODY = "body"
    SERVICE = "service"
    STRUCTURE = "structure"
    PERSON = "person"
