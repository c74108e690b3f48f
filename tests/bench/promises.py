"""What we promise, as ratios taken in one run: absolute figures drift with the machine."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Promise:
    """One promise; `at_least` or `at_most` says on which side of `limit` the measure must be."""

    area: str
    what: str
    side: Literal["at_least", "at_most"]
    limit: float
    unit: str

    def kept(self, measured: float) -> bool:
        """Tell whether the measure keeps the promise."""
        return measured >= self.limit if self.side == "at_least" else measured <= self.limit


FILING_BARE = Promise("Front door", "filing through the gateway / Django REST bare insert", "at_least", 1.0, "×")
FILING_EQUAL = Promise("Front door", "filing through the gateway / Django REST doing equal work", "at_least", 2.0, "×")
GATEWAY_CPU = Promise("Gateway", "CPU added a request", "at_most", 1.0, "ms")
GATEWAY_THROUGHPUT = Promise("Gateway", "filing through the gateway / direct to the service", "at_least", 0.8, "×")
LIST_SCALE = Promise("Lists", "p99 of the own list at 1 M requests / at 10 k", "at_most", 1.3, "×")
LIST_PEER = Promise("Lists", "own list of 50 / Django REST list of 50", "at_least", 4.0, "×")
SEARCH_NAME = Promise("Search", "p95 by name prefix in 1 M persons, policies on", "at_most", 50, "ms")
SEARCH_NUMBER = Promise("Search", "p95 by request number in 1 M requests, policies on", "at_most", 50, "ms")
SEARCH_NIR = Promise("Search", "p95 by identifier in 1 M persons, policies on", "at_most", 50, "ms")
FEED_VISIBLE = Promise("Facts", "p95 until a change shows on the other side", "at_most", 1000, "ms")
