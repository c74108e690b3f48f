"""Closed lists of detections by campaign. Codes are frozen once published; labels are in the front's catalogue."""

from enum import StrEnum
from typing import Final


class CampaignMode(StrEnum):
    """How the people of a campaign were found: by a query in the caisse's data, or as a population (MIS-18)."""

    QUERY = "query"
    POPULATION = "population"


class TargetPopulation(StrEnum):
    """Populations that outreach targets (MIS-18)."""

    DISABLED = "disabled"
    SELF_EMPLOYED = "self_employed"
    ELDERLY = "elderly"
    YOUNG = "young"


class CampaignState(StrEnum):
    """Whether a campaign still brings people in and offers."""

    OPEN = "open"
    CLOSED = "closed"


class DetectionState(StrEnum):
    """What became of a detection. Declining is an ordinary end, not a failure (MIS-22)."""

    TO_OFFER = "to_offer"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    LAPSED = "lapsed"
    """The campaign ended before the person could be asked."""


class CallOutcome(StrEnum):
    """What a call gave."""

    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    CALL_BACK = "call_back"
    """Reached, and asks to be called another time."""
    ACCEPTED = "accepted"
    DECLINED = "declined"


UNREACHED: Final = frozenset({CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL, CallOutcome.WRONG_NUMBER})
"""Calls that count towards giving up."""
