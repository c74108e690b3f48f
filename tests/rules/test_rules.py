"""The ledger of rules holds, and would be found not to."""

from dataclasses import replace

import pytest
from rules.ledger import Ledger, Rule, Waiting, read, scan

INVENTED = {"MIS-90": Rule("MIS-90", "misas", "One."), "MIS-91": Rule("MIS-91", "misas", "Two.")}
HOLDS = Ledger(
    rules=INVENTED,
    code={"MIS-90": ("services/a/src/a.py",)},
    tests={"MIS-90": ("services/a/tests/test_a.py",)},
    not_yet={"MIS-91": Waiting("statistics", "The annual report.")},
    partly={},
)


def test_every_rule_is_applied_and_proved_or_waits_for_somebody() -> None:
    ledger = read()
    assert len(ledger.rules) == 144
    assert list(ledger.faults()) == []


def test_what_is_said_to_wait_says_for_what() -> None:
    ledger = read()
    assert all(w.by.strip() and w.why.strip() for w in [*ledger.not_yet.values(), *ledger.partly.values()])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (replace(HOLDS, code={}), "MIS-90: neither named by code"),
        (replace(HOLDS, tests={}), "MIS-90: applied by services/a/src/a.py, and no test names it."),
        (replace(HOLDS, not_yet={}), "MIS-91: neither named by code"),
        (replace(HOLDS, not_yet={**HOLDS.not_yet, "MIS-90": Waiting("a", "b")}), "MIS-90: declared not yet applied"),
        (replace(HOLDS, tests={**HOLDS.tests, "MIS-91": ("x.py",)}), "MIS-91: declared not yet applied"),
        (replace(HOLDS, partly={"MIS-92": Waiting("a", "b")}), "MIS-92: in rules/standing.yaml, not in"),
        (replace(HOLDS, code={**HOLDS.code, "MIS-99": ("x.py",)}), "MIS-99: named by code, not in"),
        (replace(HOLDS, tests={**HOLDS.tests, "MIS-99": ("x.py",)}), "MIS-99: named by a test, not in"),
        (replace(HOLDS, twice=("MIS-91",)), "MIS-91: said twice"),
    ],
)
def test_what_does_not_hold_is_told(broken: Ledger, fault: str) -> None:
    assert list(HOLDS.faults()) == []
    assert any(told.startswith(fault) for told in broken.faults())


def test_ids_are_read_whole_and_code_is_told_from_tests() -> None:
    code, tests = scan(
        [
            ("services/a/src/a.py", "See MIS-02 and ESP-14; not MISAS-02, XESP-14, SP-141, UTF-16 nor 20-SP-01."),
            ("services/a/tests/test_a.py", '"SP-01"'),
            ("frontend/src/features/a.test.tsx", "ESP-14"),
        ],
        {"MIS", "ESP", "SP"},
    )
    assert code == {"MIS-02": ("services/a/src/a.py",), "ESP-14": ("services/a/src/a.py",)}
    assert tests == {"SP-01": ("services/a/tests/test_a.py",), "ESP-14": ("frontend/src/features/a.test.tsx",)}
