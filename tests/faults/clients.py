"""Clients that give nothing up: what they do not know the end of they send again, with the same key."""

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from embedded.demo.portal import Portal

PATIENCE_SECONDS = 120.0
_AGAIN_AFTER_SECONDS = 0.25
_PASSING = frozenset({503, 504})
_UNDER_WAY = "/problems/idempotency-key-in-use"


class NotAcknowledged(AssertionError):
    """An answer that no outage explains, or none at all for longer than anybody waits."""


@dataclass(frozen=True)
class Attempt:
    """One sending: how it was answered, or nothing when the connection broke."""

    status: int | None
    txn: str | None
    """The reference that the answer carried; none when nothing of it was journalled."""
    problem: str


@dataclass
class Act:
    """One thing to do once: its key and its attempts until it was acknowledged."""

    path: str
    key: str = field(default_factory=lambda: str(uuid4()))
    attempts: list[Attempt] = field(default_factory=list)
    receipt: Any = None


class Insistent:
    """Somebody's session, used through a connection of its own; keeps a journal of every act.

    One thread each: what the acts did is compared with the databases once all have ended.
    """

    def __init__(self, url: str, portal: Portal) -> None:
        self._http = httpx.Client(
            base_url=f"{url}/api/v1", timeout=15, headers={"Origin": url, "X-CSRF": "1", **portal.cookie}
        )
        self.acts: list[Act] = []

    def post(self, path: str, body: Any, if_match: int | None = None) -> Any:
        """Act until it is acknowledged, and return the receipt."""
        act = Act(path)
        self.acts.append(act)
        headers = {"Idempotency-Key": act.key}
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            try:
                answer = self._http.post(path, json=body, headers=headers)
            except httpx.TransportError:
                act.attempts.append(Attempt(None, None, ""))
            else:
                problem = answer.json()["type"] if answer.is_error else ""
                act.attempts.append(Attempt(answer.status_code, answer.headers.get("X-Request-Id"), problem))
                if answer.is_success:
                    act.receipt = answer.json()
                    return act.receipt
                if answer.status_code not in _PASSING and problem != _UNDER_WAY:
                    raise NotAcknowledged(f"{path}: {answer.status_code} {answer.text}")
            time.sleep(_AGAIN_AFTER_SECONDS)
        raise NotAcknowledged(f"{path}: not acknowledged after {PATIENCE_SECONDS:.0f} s")

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()
