"""Lives of structures, accounts and trainings as tables: which act leads from where to where. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from partners_service.codes import AccountState, StructureState, TrainingState
from servicekit.errors import DomainError

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """An act leads to `target` from any of `sources`."""

    sources: frozenset[S]
    target: S


def _from(*sources: S, to: S) -> Move[S]:
    return Move(frozenset(sources), to)


class StructureAct(StrEnum):
    """What the partner desk does to a structure (workflows, part 1)."""

    REQUEST_REGISTRATION = "request_registration"
    APPROVE = "approve"
    REFUSE = "refuse"
    OPEN_PORTAL = "open_portal"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    CLOSE = "close"


class AccountAct(StrEnum):
    """What happens to an account."""

    ACCEPT_CHARTER = "accept_charter"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    AWAIT_AGAIN = "await_again"
    CLOSE = "close"


class TrainingAct(StrEnum):
    """What happens to the training of a person or of a structure."""

    PLAN = "plan"
    HOLD = "hold"
    ATTEND = "attend"
    MISS = "miss"
    CANCEL = "cancel"


STRUCTURE: Final[Mapping[StructureAct, Move[StructureState]]] = {
    StructureAct.REQUEST_REGISTRATION: _from(StructureState.PROSPECT, to=StructureState.REGISTRATION_REQUESTED),
    StructureAct.APPROVE: _from(StructureState.REGISTRATION_REQUESTED, to=StructureState.APPROVED),
    StructureAct.REFUSE: _from(StructureState.REGISTRATION_REQUESTED, to=StructureState.REFUSED),
    StructureAct.OPEN_PORTAL: _from(StructureState.APPROVED, to=StructureState.ACTIVE),
    StructureAct.SUSPEND: _from(StructureState.ACTIVE, to=StructureState.SUSPENDED),
    StructureAct.REACTIVATE: _from(StructureState.SUSPENDED, to=StructureState.ACTIVE),
    StructureAct.CLOSE: _from(
        StructureState.PROSPECT,
        StructureState.REGISTRATION_REQUESTED,
        StructureState.APPROVED,
        StructureState.ACTIVE,
        StructureState.SUSPENDED,
        to=StructureState.CLOSED,
    ),
}

ACCOUNT: Final[Mapping[AccountAct, Move[AccountState]]] = {
    # Also when active: the charter gets new versions, each to be accepted.
    AccountAct.ACCEPT_CHARTER: _from(AccountState.INVITED, AccountState.ACTIVE, to=AccountState.ACTIVE),
    AccountAct.SUSPEND: _from(AccountState.INVITED, AccountState.ACTIVE, to=AccountState.SUSPENDED),
    AccountAct.REACTIVATE: _from(AccountState.SUSPENDED, to=AccountState.ACTIVE),
    # For somebody who never came: lifting a suspension proves nothing about them.
    AccountAct.AWAIT_AGAIN: _from(AccountState.SUSPENDED, to=AccountState.INVITED),
    AccountAct.CLOSE: _from(AccountState.INVITED, AccountState.ACTIVE, AccountState.SUSPENDED, to=AccountState.CLOSED),
}

TRAINING: Final[Mapping[TrainingAct, Move[TrainingState]]] = {
    TrainingAct.PLAN: _from(TrainingState.REQUESTED, to=TrainingState.PLANNED),
    TrainingAct.HOLD: _from(TrainingState.PLANNED, to=TrainingState.HELD),
    TrainingAct.ATTEND: _from(TrainingState.HELD, to=TrainingState.ATTENDED),
    TrainingAct.MISS: _from(TrainingState.HELD, to=TrainingState.ABSENT),
    TrainingAct.CANCEL: _from(TrainingState.REQUESTED, TrainingState.PLANNED, to=TrainingState.CANCELLED),
}

IN_SERVICE: Final = frozenset({StructureState.APPROVED, StructureState.ACTIVE, StructureState.SUSPENDED})
"""States in which a structure counts as a partner: a second one with the same identifiers is a duplicate."""

OPEN_TO_INVITATIONS: Final = frozenset({StructureState.APPROVED, StructureState.ACTIVE})
"""States in which people may be invited: before the portal opens, so that they are ready on the day."""

# By list first: a member of one list equals the member of another that has the same code.
_FRENCH: Final[Mapping[type[StrEnum], Mapping[str, str]]] = {
    StructureState: {
        StructureState.PROSPECT: "à prospecter",
        StructureState.REGISTRATION_REQUESTED: "en attente d'approbation",
        StructureState.REFUSED: "refusée",
        StructureState.APPROVED: "approuvée",
        StructureState.ACTIVE: "active",
        StructureState.SUSPENDED: "suspendue",
        StructureState.CLOSED: "fermée",
    },
    AccountState: {
        AccountState.INVITED: "invité",
        AccountState.ACTIVE: "actif",
        AccountState.SUSPENDED: "suspendu",
        AccountState.CLOSED: "fermé",
    },
    TrainingState: {
        TrainingState.REQUESTED: "demandée",
        TrainingState.PLANNED: "planifiée",
        TrainingState.HELD: "tenue",
        TrainingState.ATTENDED: "suivie",
        TrainingState.ABSENT: "manquée",
        TrainingState.CANCELLED: "annulée",
    },
}


class TransitionRefused(DomainError):
    """The present state does not lead to the one asked for."""

    slug = "transition-refused"
    title = "Action impossible dans l'état actuel"

    def __init__(self, current: StrEnum, wanted: StrEnum) -> None:
        names = _FRENCH[type(current)]
        super().__init__(
            f"État actuel : {names[current]}. On ne peut pas passer à l'état : {names[wanted]}.",
            state=str(current),
        )


def follow(table: Mapping[A, Move[S]], act: A, current: S) -> S:
    """Return the state to which `act` leads from `current`; TransitionRefused when it does not."""
    move = table[act]
    if current not in move.sources:
        raise TransitionRefused(current, move.target)
    return move.target


def possible(table: Mapping[A, Move[S]], current: S) -> frozenset[A]:
    """Return the acts that are open from `current`."""
    return frozenset(act for act, move in table.items() if current in move.sources)
