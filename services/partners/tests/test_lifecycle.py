"""Lives as tables: complete, and saying what the workflow says."""

import pytest

from partners_service.codes import AccountState, StructureState, TrainingState
from partners_service.lifecycle import ACCOUNT, STRUCTURE, TRAINING, TransitionRefused, follow


def test_every_state_is_in_its_table() -> None:
    assert set(STRUCTURE) == set(StructureState)
    assert set(ACCOUNT) == set(AccountState)
    assert set(TRAINING) == set(TrainingState)


def test_every_state_but_the_first_ones_can_be_reached() -> None:
    for table, firsts in (
        (STRUCTURE, {StructureState.PROSPECT}),
        (ACCOUNT, {AccountState.INVITED}),
        (TRAINING, {TrainingState.REQUESTED}),
    ):
        reached = set(firsts)
        for _ in table:
            reached |= {target for state in reached for target in table[state]}  # type: ignore[index]  # three tables
        assert reached == set(table)


def test_only_the_transitions_of_the_workflow_are_allowed() -> None:
    said = {
        ("prospect", "registration_requested"),
        ("registration_requested", "approved"),
        ("registration_requested", "refused"),
        ("approved", "active"),
        ("active", "suspended"),
        ("suspended", "active"),
        *((state, "closed") for state in ("prospect", "registration_requested", "approved", "active", "suspended")),
    }
    assert {(str(a), str(b)) for a, targets in STRUCTURE.items() for b in targets} == said


def test_a_refusal_says_in_french_where_things_stand() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        follow(STRUCTURE, StructureState.CLOSED, StructureState.ACTIVE)
    assert refusal.value.detail == "État actuel : fermée. On ne peut pas passer à l'état : active."
    assert refusal.value.extra == {"state": "closed"}


def test_every_transition_can_be_refused_in_french() -> None:
    for table in (STRUCTURE, ACCOUNT, TRAINING):
        for current in table:
            for wanted in table:
                assert TransitionRefused(current, wanted).detail
