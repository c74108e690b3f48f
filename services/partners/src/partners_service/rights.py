"""What a structure and a person may do at a date. Pure: everything it needs comes in as arguments.

Two kinds of things close a door: being out of service (structure not active, portal not opened yet, account
suspended, charter not accepted) and not being trained. LUP training is a hard condition (LUP-01); MisAS
detector training is a soft one unless the caisse decides otherwise (MIS-21).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from partners_service.codes import AccountState, RightKind, StructureState, TrainingKind
from servicekit.workdays import add_months

OPENED_BY_TRAINING = {
    TrainingKind.LUP: RightKind.LUP,
    TrainingKind.MISAS_DETECTOR: RightKind.MISAS_DETECTOR,
}

RULE_OF_RIGHT = {RightKind.LUP: "LUP-01", RightKind.MISAS_DETECTOR: "MIS-21"}


@dataclass(frozen=True, slots=True)
class Holding:
    """A right held from a day until a day, both counted; by the whole structure when `account` is None.

    `until_on` None: without end. `ended_on`: taken back, no longer held from that day.
    """

    right: RightKind
    account: UUID | None
    from_on: date
    until_on: date | None
    ended_on: date | None = None

    @property
    def last_on(self) -> date | None:
        """Return the last day it is held; None without end."""
        if self.ended_on is None:
            return self.until_on
        taken_back = self.ended_on - timedelta(days=1)
        return taken_back if self.until_on is None else min(self.until_on, taken_back)

    def covers(self, on: date) -> bool:
        """Tell whether the right is held on that day."""
        if on < self.from_on or (self.until_on is not None and on > self.until_on):
            return False
        return self.ended_on is None or on < self.ended_on


@dataclass(frozen=True, slots=True)
class Step:
    """A state taken at an instant."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class StructureAt:
    """A structure on the day asked for."""

    state: StructureState | None
    portal_opened_on: date | None


@dataclass(frozen=True, slots=True)
class AccountAt:
    """An account on the day asked for; `assigned`: it held a role in the structure that day."""

    id: UUID
    state: AccountState | None
    assigned: bool
    charter_accepted: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """What the caisse decided: is MisAS training a hard condition, until when the urgency line exists (LUP-07)."""

    misas_training_required: bool
    lup_ends_on: date | None


@dataclass(frozen=True, slots=True)
class Block:
    """Why something is closed; a soft block (`hard` false) warns and lets pass. `right` None: everything is."""

    right: RightKind | None
    rule: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Rights:
    """What is open on a day: the portal at all, then each right, with the reasons of what is not."""

    on: date
    portal: bool
    open: frozenset[RightKind]
    held: tuple[Holding, ...]
    blocks: tuple[Block, ...]


def rights_at(
    on: date,
    structure: StructureAt,
    account: AccountAt | None,
    holdings: Iterable[Holding],
    policy: Policy,
) -> Rights:
    """Return what the structure, or one of its people when `account` is given, may do on that day."""
    blocks = [*_structure_blocks(on, structure), *(_account_blocks(account) if account else ())]
    portal = not blocks
    account_id = account.id if account else None
    held = tuple(h for h in holdings if h.account in {None, account_id} and h.covers(on))
    opened = set()
    for right in RightKind:
        missing = _missing(right, on, held, policy)
        if missing is not None:
            blocks.append(missing)
        if portal and (missing is None or not missing.hard):
            opened.add(right)
    return Rights(on=on, portal=portal, open=frozenset(opened), held=held, blocks=tuple(blocks))


def _structure_blocks(on: date, structure: StructureAt) -> Iterable[Block]:
    opened = structure.portal_opened_on
    if structure.state is not StructureState.ACTIVE or opened is None or on < opened:
        yield Block(None, "ESP-04", hard=True)


def _account_blocks(account: AccountAt) -> Iterable[Block]:
    if account.state not in {AccountState.INVITED, AccountState.ACTIVE} or not account.assigned:
        yield Block(None, "ESP-01", hard=True)
    elif not account.charter_accepted:
        yield Block(None, "charter", hard=True)


def _missing(right: RightKind, on: date, held: Sequence[Holding], policy: Policy) -> Block | None:
    if right is RightKind.LUP and policy.lup_ends_on is not None and on > policy.lup_ends_on:
        return Block(right, "LUP-07", hard=True)
    if any(h.right is right for h in held):
        return None
    hard = right is RightKind.LUP or policy.misas_training_required
    return Block(right, RULE_OF_RIGHT[right], hard=hard)


def state_on(steps: Sequence[Step], on: date, zone: ZoneInfo) -> str | None:
    """Return the state in which that day ended in the caisse's time zone; None before the first step."""
    state = None
    for step in sorted(steps, key=lambda s: s.at):
        if step.at.astimezone(zone).date() > on:
            break
        state = step.state
    return state


def valid_until(held_on: date, months: int | None) -> date | None:
    """Return the last day of a validity of `months`, date to date, shortened at the end of short months."""
    return None if months is None else add_months(held_on, months)
