"""Random lives of a referral through the API, against a model written from the specification alone.

The model knows nothing of the code's own table: what it expects is workflows, section 3, and who may act.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from servicekit.access import Actor

from .situations import PARTNER, World, a_form, ok

T = TypeVar("T")

ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": ("accepted", {}),
    "refuse": ("refused", {"reason": "duplicate"}),
    "redirect": ("redirected", {"target": "lup"}),
}
COARSE = {
    "draft": "draft",
    "submitted": "received",
    "relevance_review": "under_review",
    "accepted": "taken_on",
    "refused": "not_taken_on",
    "redirected": "redirected",
    "withdrawn": "withdrawn",
}
SOMEBODY = st.integers(0, 1)


class LifeOfAReferral(RuleBasedStateMachine):
    """Runs in a thread of its own; each call goes to the service on the tests' event loop."""

    world: World
    loop: asyncio.AbstractEventLoop
    partner: Actor
    advisers: tuple[Actor, Actor]

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    @initialize()
    def draft(self) -> None:
        """Begin with a draft whose form is complete."""
        self.receipt = self.call(self.world.draft(self.partner))
        path = f"{PARTNER}/{self.receipt['id']}/form"
        self.receipt = ok(self.call(self.world.client(self.partner).put(path, a_form(), if_match=1)))
        self.state, self.sent, self.steps = "draft", False, 1
        self.holder: int | None = None

    def attempt(self, by: Actor, verb: str, body: dict[str, Any] | None, *, stale: bool, expected: int | str) -> None:
        """Act, and compare: a status for a refusal, a state for a success that a stale version must stop."""
        version = self.receipt["version"] + (1 if stale else 0)
        answer = self.call(self.world.act(by, self.receipt, verb, body, if_match=version))
        if isinstance(expected, int):
            assert answer.status_code == expected, answer.text
        elif stale:
            assert answer.status_code == 412, answer.text
        else:
            self.receipt = ok(answer)
            self.state = expected
            self.steps += 1

    @rule(verb=st.sampled_from(["submit", "discard", "withdraw"]), stale=st.booleans())
    def sender_acts(self, verb: str, stale: bool) -> None:
        """Drafts are sent or thrown away, requests withdrawn until the answer."""
        where: dict[str, dict[str, str]] = {
            "submit": {"draft": "submitted"},
            "discard": {"draft": "withdrawn"},
            "withdraw": {"submitted": "withdrawn", "relevance_review": "withdrawn"},
        }
        body = {"reason": "mistake"} if verb == "withdraw" else None
        self.attempt(self.partner, verb, body, stale=stale, expected=where[verb].get(self.state, 409))
        self.sent = self.sent or self.state == "submitted"

    def unseen(self) -> bool:
        """Drafts, and what went to another service, do not exist for the mission."""
        return not self.sent or self.state == "redirected"

    def expected_of_taking(self) -> int | str:
        if self.unseen():
            return 404
        return "relevance_review" if self.state == "submitted" else 409

    def expected_of_answering(self, who: int, wanted: str) -> int | str:
        if self.unseen():
            return 404
        if self.state != "relevance_review":
            return 409
        return wanted if self.holder == who else 403

    def expected_of_handing_on(self, who: int, other: int) -> int | str:
        if self.unseen():
            return 404
        if self.state not in {"submitted", "relevance_review"}:
            return 409
        if self.state == "submitted" or self.holder != who:
            return 403
        return 422 if other == who else "relevance_review"

    @rule(who=SOMEBODY, stale=st.booleans())
    def somebody_takes(self, who: int, stale: bool) -> None:
        """One adviser has it."""
        expected = self.expected_of_taking()
        self.attempt(self.advisers[who], "take", None, stale=stale, expected=expected)
        if isinstance(expected, str) and not stale:
            self.holder = who

    @rule(who=SOMEBODY, verb=st.sampled_from(sorted(ANSWERS)), stale=st.booleans())
    def somebody_answers(self, who: int, verb: str, stale: bool) -> None:
        """Only whoever has it, only while it is under review."""
        wanted, body = ANSWERS[verb]
        expected = self.expected_of_answering(who, wanted)
        self.attempt(self.advisers[who], verb, body, stale=stale, expected=expected)

    @rule(who=SOMEBODY, other=SOMEBODY)
    def somebody_hands_on(self, who: int, other: int) -> None:
        """Whoever has it may give it to the colleague."""
        body = {"account_id": self.advisers[other].sub}
        expected = self.expected_of_handing_on(who, other)
        self.attempt(self.advisers[who], "assign", body, stale=False, expected=expected)
        if isinstance(expected, str):
            self.holder = other

    @invariant()
    def what_is_kept_agrees(self) -> None:
        """State, what the partner sees, number, history and facts tell one story."""
        if not hasattr(self, "state"):
            return
        row = self.call(self.world.row(self.receipt))
        assert (row["state"], row["coarse"]) == (self.state, COARSE[self.state])
        assert (row["number"] is not None) == self.sent
        assert row["version"] == self.receipt["version"]
        history = self.call(
            self.world.under_test.rows(
                "SELECT from_state, to_state FROM request_transitions WHERE request_id = %s ORDER BY id",
                self.receipt["id"],
            )
        )
        assert len(history) == self.steps
        assert [step["from_state"] for step in history[1:]] == [step["to_state"] for step in history[:-1]]
        assert history[-1]["to_state"] == self.state
        facts = self.call(
            self.world.under_test.rows(
                "SELECT type FROM facts WHERE subject->>'request' = %s ORDER BY written", self.receipt["id"]
            )
        )
        drafts = 1 if self.sent or self.state == "draft" else 2
        assert len(facts) == self.steps - drafts


async def test_random_lives_follow_the_specification(world: World, partner: Actor, adviser: Actor) -> None:
    class Here(LifeOfAReferral):
        pass

    Here.world, Here.loop, Here.partner = world, asyncio.get_running_loop(), partner
    Here.advisers = (adviser, await world.adviser())
    short = settings(
        max_examples=8,
        stateful_step_count=10,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, Here, settings=short)
