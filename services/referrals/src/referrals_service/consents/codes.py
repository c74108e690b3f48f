"""Closed lists of agreements. Codes are frozen once published; labels are in the front's catalogue."""

from enum import StrEnum


class ConsentScope(StrEnum):
    """What was agreed to. Two agreements, never one for the other (notes of the domain, point 2)."""

    TO_BE_REPORTED = "to_be_reported"
    """Attested by the detector: what the form says goes to the caisse, which may call."""
    TO_BE_ACCOMPANIED = "to_be_accompanied"
    """Recorded by the adviser who calls."""


class ConsentState(StrEnum):
    """Whether it still holds."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class WithdrawalEffect(StrEnum):
    """What taking it back did to the request that rests on it."""

    REQUEST_WITHDRAWN = "request_withdrawn"
    TO_STOP = "to_stop"
    """Somebody has the person in charge already: they close what they began, and share nothing more."""
    NOTHING_OPEN = "nothing_open"
