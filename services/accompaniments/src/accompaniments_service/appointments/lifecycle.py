"""States of an appointment and where each act leads. Pure: the code, the database and the screens read it.

What became of a past appointment can be corrected (a person marked absent who sat in the other waiting room);
what was cancelled or moved is over, and is booked anew.
"""

from collections.abc import Mapping
from typing import Final

from accompaniments_service.codes import AppointmentState, Verb
from servicekit.errors import Conflict

_S, _V = AppointmentState, Verb

_OUTCOMES: Final = {_V.SEE: _S.SEEN, _V.EXCUSE: _S.EXCUSED, _V.MISS: _S.NO_SHOW}


def _but(verb: Verb) -> Mapping[Verb, AppointmentState]:
    return {other: state for other, state in _OUTCOMES.items() if other is not verb}


TRANSITIONS: Final[Mapping[AppointmentState, Mapping[Verb, AppointmentState]]] = {
    _S.BOOKED: {
        **_OUTCOMES,
        _V.MOVE: _S.MOVED,
        _V.CANCEL_FOR_PERSON: _S.CANCELLED_BY_PERSON,
        _V.CANCEL_BY_SERVICE: _S.CANCELLED_BY_SERVICE,
    },
    _S.SEEN: _but(_V.SEE),
    _S.EXCUSED: _but(_V.EXCUSE),
    _S.NO_SHOW: _but(_V.MISS),
    _S.CANCELLED_BY_PERSON: {},
    _S.CANCELLED_BY_SERVICE: {},
    _S.MOVED: {},
}

HOLDING: Final = frozenset({_S.BOOKED, _S.SEEN, _S.EXCUSED, _S.NO_SHOW})
"""States in which the place is taken: the exclusion constraint counts them and no others."""

OUTCOME_VERBS: Final = frozenset(_OUTCOMES)
"""Acts that say what became of an appointment; none exists before it begins."""


class TransitionRefused(Conflict):
    """The appointment's state does not allow this act."""

    slug = "transition-refused"
    title = "Action impossible à ce stade"


def after(state: AppointmentState, verb: Verb) -> AppointmentState:
    """Return the state that `verb` leads to; raise `TransitionRefused` when it does not exist here."""
    wanted = TRANSITIONS[state].get(verb)
    if wanted is None:
        raise TransitionRefused("Ce rendez-vous n'est plus à venir : il a été tenu, déplacé ou annulé.")
    return wanted
