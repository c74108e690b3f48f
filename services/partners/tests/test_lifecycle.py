"""Lives as tables: complete, and saying what the workflow says."""

from enum import StrEnum

import pytest

from partners_service.codes import AccountState, StructureState, TrainingState
from partners_service.lifecycle import (
    ACCOUNT,
    STRUCTURE,
    TRAINING,
    AccountAct,
    StructureAct,
    TrainingAct,
    TransitionRefused,
    follow,
    possible,
)


def test_every_act_is_in_its_table() -> None:
    assert set(STRUCTURE) == set(StructureAct)
    assert set(ACCOUNT) == set(AccountAct)
    assert set(TRAINING) == set(TrainingAct)


def test_only_the_transitions_of_the_workflow_are_allowed() -> None:
    anything = ("prospect", "registration_requested", "approved", "active", "suspended")
    said = {
        ("prospect", "request_registration", "registration_requested"),
        ("registration_requested", "approve", "approved"),
        ("registration_requested", "refuse", "refused"),
        ("approved", "open_portal", "active"),
        ("active", "suspend", "suspended"),
        ("suspended", "reactivate", "active"),
        *((state, "close", "closed") for state in anything),
    }
    assert {(str(s), str(act), str(m.target)) for act, m in STRUCTURE.items() for s in m.sources} == said


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (StructureState.APPROVED, {"open_portal", "close"}),
        (StructureState.SUSPENDED, {"reactivate", "close"}),
        (StructureState.REFUSED, set()),
        (StructureState.CLOSED, set()),
    ],
)
def test_what_can_be_done_follows_from_the_state(state: StructureState, acts: set[str]) -> None:
    assert possible(STRUCTURE, state) == acts


def test_a_closed_account_stays_closed() -> None:
    assert possible(ACCOUNT, AccountState.CLOSED) == frozenset()


def test_a_training_is_attended_only_once_it_was_held() -> None:
    with pytest.raises(TransitionRefused):
        follow(TRAINING, TrainingAct.ATTEND, TrainingState.PLANNED)


def test_a_refusal_says_in_french_where_things_stand() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        follow(STRUCTURE, StructureAct.REACTIVATE, StructureState.CLOSED)
    assert refusal.value.detail == "État actuel : fermée. On ne peut pas passer à l'état : active."
    assert refusal.value.extra == {"state": "closed"}


@pytest.mark.parametrize("states", [StructureState, AccountState, TrainingState])
def test_every_state_has_a_french_name(states: type[StrEnum]) -> None:
    for current in states:
        for wanted in states:
            assert TransitionRefused(current, wanted).detail
