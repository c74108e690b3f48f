"""Rights at a date, against a plain reading of the rules."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners_service.codes import AccountState, RightKind, StructureState
from partners_service.rights import (
    AccountAt,
    Holding,
    Policy,
    Step,
    StructureAt,
    rights_at,
    state_on,
    valid_until,
)

ON = date(2026, 3, 12)
ACTIVE = StructureAt(StructureState.ACTIVE, portal_opened_on=date(2023, 1, 9))
SOFT = Policy(misas_training_required=False, lup_ends_on=None)
SOMEBODY = UUID(int=1)
OPEN_ACCOUNT = AccountAt(SOMEBODY, AccountState.ACTIVE, assigned=True, charter_accepted=True)
LUP = Holding(RightKind.LUP, None, date(2025, 3, 12), date(2027, 3, 12))


def test_an_untrained_structure_files_misas_referrals_with_a_warning_and_has_no_urgency_line() -> None:
    rights = rights_at(ON, ACTIVE, None, [], SOFT)

    assert rights.portal
    assert rights.open == {RightKind.MISAS_DETECTOR}
    assert {(b.right, b.rule, b.hard) for b in rights.blocks} == {
        (RightKind.MISAS_DETECTOR, "MIS-21", False),
        (RightKind.LUP, "LUP-01", True),
    }


def test_a_caisse_may_make_detector_training_a_hard_condition() -> None:
    rights = rights_at(ON, ACTIVE, None, [], Policy(misas_training_required=True, lup_ends_on=None))

    assert rights.open == frozenset()


@pytest.mark.parametrize(
    ("on", "open_"),
    [
        (date(2025, 3, 11), False),
        (date(2025, 3, 12), True),
        (date(2027, 3, 12), True),
        (date(2027, 3, 13), False),
    ],
)
def test_a_training_opens_its_right_from_its_day_to_the_last_day_of_its_validity(on: date, open_: bool) -> None:
    assert (RightKind.LUP in rights_at(on, ACTIVE, None, [LUP], SOFT).open) is open_


def test_the_urgency_line_ends_when_the_caisse_ends_it() -> None:
    rights = rights_at(ON, ACTIVE, None, [LUP], Policy(misas_training_required=False, lup_ends_on=ON - timedelta(1)))

    assert RightKind.LUP not in rights.open
    assert "LUP-07" in {b.rule for b in rights.blocks}
    same_day = rights_at(ON, ACTIVE, None, [LUP], Policy(misas_training_required=False, lup_ends_on=ON))
    assert RightKind.LUP in same_day.open


@pytest.mark.parametrize(
    "structure",
    [
        StructureAt(None, None),
        StructureAt(StructureState.APPROVED, None),
        StructureAt(StructureState.ACTIVE, ON + timedelta(1)),
        StructureAt(StructureState.SUSPENDED, date(2023, 1, 9)),
        StructureAt(StructureState.CLOSED, date(2023, 1, 9)),
    ],
)
def test_a_structure_out_of_service_may_do_nothing(structure: StructureAt) -> None:
    rights = rights_at(ON, structure, OPEN_ACCOUNT, [LUP], SOFT)

    assert not rights.portal
    assert rights.open == frozenset()
    assert "ESP-04" in {b.rule for b in rights.blocks}


@pytest.mark.parametrize(
    ("account", "rule"),
    [
        (AccountAt(SOMEBODY, AccountState.SUSPENDED, assigned=True, charter_accepted=True), "ESP-01"),
        (AccountAt(SOMEBODY, AccountState.CLOSED, assigned=True, charter_accepted=True), "ESP-01"),
        (AccountAt(SOMEBODY, None, assigned=True, charter_accepted=True), "ESP-01"),
        (AccountAt(SOMEBODY, AccountState.ACTIVE, assigned=False, charter_accepted=True), "ESP-01"),
        (AccountAt(SOMEBODY, AccountState.ACTIVE, assigned=True, charter_accepted=False), "charter"),
    ],
)
def test_a_person_out_of_service_may_do_nothing(account: AccountAt, rule: str) -> None:
    rights = rights_at(ON, ACTIVE, account, [LUP], SOFT)

    assert not rights.portal
    assert rights.open == frozenset()
    assert rule in {b.rule for b in rights.blocks}


def test_the_training_of_one_person_opens_nothing_to_another() -> None:
    personal = Holding(RightKind.LUP, SOMEBODY, ON, None)
    other = AccountAt(uuid4(), AccountState.ACTIVE, assigned=True, charter_accepted=True)

    assert RightKind.LUP in rights_at(ON, ACTIVE, OPEN_ACCOUNT, [personal], SOFT).open
    assert RightKind.LUP not in rights_at(ON, ACTIVE, other, [personal], SOFT).open
    assert RightKind.LUP not in rights_at(ON, ACTIVE, None, [personal], SOFT).open


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
holdings = st.builds(
    Holding,
    right=st.sampled_from(RightKind),
    account=st.sampled_from([None, SOMEBODY, UUID(int=2)]),
    from_on=days,
    until_on=st.none() | days,
    ended_on=st.none() | days,
)
structures = st.builds(StructureAt, state=st.sampled_from([None, *StructureState]), portal_opened_on=st.none() | days)
accounts = st.none() | st.builds(
    AccountAt,
    id=st.just(SOMEBODY),
    state=st.sampled_from([None, *AccountState]),
    assigned=st.booleans(),
    charter_accepted=st.booleans(),
)
policies = st.builds(Policy, misas_training_required=st.booleans(), lup_ends_on=st.none() | days)


def day_by_day(
    on: date, structure: StructureAt, account: AccountAt | None, held: list[Holding], policy: Policy
) -> set[RightKind]:
    """Tell the open rights by walking every day of every holding: slow, and written from the rules alone."""
    if structure.state != "active" or structure.portal_opened_on is None or structure.portal_opened_on > on:
        return set()
    if account and not (account.state in ("invited", "active") and account.assigned and account.charter_accepted):
        return set()
    trained = set()
    for h in held:
        if h.account is not None and (account is None or h.account != account.id):
            continue
        day, last = h.from_on, h.until_on or date(2031, 1, 1)
        while day <= last and (h.ended_on is None or day < h.ended_on):
            if day == on:
                trained.add(h.right)
                break
            day += timedelta(days=1)
    rights = {RightKind.LUP} & trained
    if policy.lup_ends_on and on > policy.lup_ends_on:
        rights = set()
    if RightKind.MISAS_DETECTOR in trained or not policy.misas_training_required:
        rights.add(RightKind.MISAS_DETECTOR)
    return rights


@given(days, structures, accounts, st.lists(holdings, max_size=5), policies)
def test_the_open_rights_are_those_of_a_day_by_day_reading(
    on: date, structure: StructureAt, account: AccountAt | None, held: list[Holding], policy: Policy
) -> None:
    rights = rights_at(on, structure, account, held, policy)

    assert rights.open == day_by_day(on, structure, account, held, policy)
    assert rights.portal or not rights.open
    for kind in set(RightKind) - rights.open:
        assert any(b.hard and b.right in {None, kind} for b in rights.blocks), "what is closed says why"


@pytest.mark.parametrize(
    ("held_on", "months", "last"),
    [
        (date(2025, 3, 12), 24, date(2027, 3, 12)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 1, 1), None, None),
    ],
)
def test_validity_is_counted_date_to_date(held_on: date, months: int | None, last: date | None) -> None:
    assert valid_until(held_on, months) == last


def test_the_state_of_a_day_is_the_one_it_ended_in_where_the_caisse_is() -> None:
    steps = [
        Step(datetime(2026, 3, 1, 9, tzinfo=UTC), "approved"),
        Step(datetime(2026, 3, 10, 23, 30, tzinfo=UTC), "active"),
        Step(datetime(2026, 3, 11, 23, 30, tzinfo=UTC), "suspended"),
    ]
    paris, cayenne = ZoneInfo("Europe/Paris"), ZoneInfo("America/Cayenne")

    assert state_on(steps, date(2026, 2, 28), paris) is None
    assert state_on(steps, date(2026, 3, 10), paris) == "approved"
    assert state_on(steps, date(2026, 3, 10), cayenne) == "active"
    assert state_on(steps, date(2026, 3, 11), paris) == "active"
    assert state_on(steps, date(2026, 4, 1), paris) == "suspended"
