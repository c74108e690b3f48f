"""What the browser points at while one types is what the service would point at (ESP-14)."""

import json
from pathlib import Path

from referrals_service.passages import found_in

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "frontend/src/testing/free-text-cases.json").read_text(encoding="utf-8"))


def test_both_sides_know_the_same_words() -> None:
    service = ROOT / "services/referrals/src/referrals_service/data/free_text.json"
    assert (ROOT / "frontend/src/lib/free-text.json").read_bytes() == service.read_bytes()


def test_the_cases_that_the_browser_is_held_to_hold_here() -> None:
    for text, passages in CASES["found"]:
        assert [(p.what.value, text[p.start : p.end]) for p in found_in(text)] == [tuple(p) for p in passages], text
    for text in CASES["left_alone"]:
        assert found_in(text) == [], text
