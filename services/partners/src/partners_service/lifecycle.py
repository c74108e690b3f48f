"""Lives of structures, accounts and trainings as tables of what may follow what. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from partners_service.codes import AccountState, StructureState, TrainingState
from servicekit.errors import DomainError

STRUCTURE: Final[Mapping[StructureState, frozenset[StructureState]]] = {
    StructureState.PROSPECT: frozenset({StructureState.REGISTRATION_REQUESTED, StructureState.CLOSED}),
    StructureState.REGISTRATION_REQUESTED: frozenset(
        {StructureState.APPROVED, StructureState.REFUSED, StructureState.CLOSED}
    ),
    StructureState.REFUSED: frozenset(),
    StructureState.APPROVED: frozenset({StructureState.ACTIVE, StructureState.CLOSED}),
    StructureState.ACTIVE: frozenset({StructureState.SUSPENDED, StructureState.CLOSED}),
    StructureState.SUSPENDED: frozenset({StructureState.ACTIVE, StructureState.CLOSED}),
    StructureState.CLOSED: frozenset(),
}

ACCOUNT: Final[Mapping[AccountState, frozenset[AccountState]]] = {
    AccountState.INVITED: frozenset({AccountState.ACTIVE, AccountState.SUSPENDED, AccountState.CLOSED}),
    AccountState.ACTIVE: frozenset({AccountState.SUSPENDED, AccountState.CLOSED}),
    # Back to `invited` for somebody who never came: lifting a suspension proves nothing about them.
    AccountState.SUSPENDED: frozenset({AccountState.ACTIVE, AccountState.INVITED, AccountState.CLOSED}),
    AccountState.CLOSED: frozenset(),
}

TRAINING: Final[Mapping[TrainingState, frozenset[TrainingState]]] = {
    TrainingState.REQUESTED: frozenset({TrainingState.PLANNED, TrainingState.CANCELLED}),
    TrainingState.PLANNED: frozenset({TrainingState.HELD, TrainingState.CANCELLED}),
    TrainingState.HELD: frozenset({TrainingState.ATTENDED, TrainingState.ABSENT}),
    TrainingState.ATTENDED: frozenset(),
    TrainingState.ABSENT: frozenset(),
    TrainingState.CANCELLED: frozenset(),
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


S = TypeVar("S", bound=StrEnum)


def follow(table: Mapping[S, frozenset[S]], current: S, wanted: S) -> S:
    """Return `wanted` if `current` leads to it; TransitionRefused otherwise."""
    if wanted not in table[current]:
        raise TransitionRefused(current, wanted)
    return wanted
