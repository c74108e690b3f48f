"""States and transitions of each kind of request. Pure: the tables that the code, the database's constraints,
the abilities sent to the front and the stateful test all read.

Specification: workflows, section 3. Two rows go beyond it: a request whose adviser left is taken again from
where it stood, and a redirected one is taken by the service it went to without changing state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from referrals_service.requests.codes import CoarseState, MisasState, Queue, RequestKind, Turn, Verb
from servicekit.errors import Conflict


class TransitionRefused(Conflict):
    """The request's state does not allow this act."""

    slug = "transition-refused"
    title = "Action impossible à ce stade"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """One kind's states: where each verb leads, what the partner sees, and who then has to act."""

    initial: str
    transitions: Mapping[str, Mapping[Verb, str]]
    coarse: Mapping[str, CoarseState]
    turn: Mapping[str, Turn]
    queue: Queue
    open: frozenset[str]
    """States in which the same step may not be asked for again (ESP-13)."""
    conversation: frozenset[str]
    """States in which both sides may write."""

    def allows(self, state: str, verb: Verb) -> bool:
        """Tell whether `verb` exists in `state`."""
        return verb in self.transitions[state]

    def after(self, state: str, verb: Verb) -> str:
        """Return the state that `verb` leads to; raise `TransitionRefused` when it does not exist here."""
        wanted = self.transitions[state].get(verb)
        if wanted is None:
            raise TransitionRefused(REFUSALS.get(verb, "Cette action n'est pas possible à ce stade."))
        return wanted


REFUSALS: Final[Mapping[Verb, str]] = {
    Verb.SUBMIT: "Cette demande n'est plus un brouillon : elle a déjà été envoyée, abandonnée ou a expiré.",
    Verb.DISCARD: "Seul un brouillon peut être abandonné. Une demande envoyée se retire.",
    Verb.WITHDRAW: "Cette demande ne peut plus être retirée : la caisse a déjà répondu, ou elle n'a pas été envoyée.",
    Verb.TAKE: "Cette demande n'est plus à prendre.",
    Verb.ASSIGN: "Cette demande ne peut plus être attribuée.",
    Verb.ACCEPT: "Seule une demande à l'étude peut être acceptée.",
    Verb.REFUSE: "Seule une demande à l'étude peut être refusée.",
    Verb.REDIRECT: "Seule une demande à l'étude peut être réorientée.",
}

_S = MisasState

MISAS: Final = Lifecycle(
    initial=_S.DRAFT,
    transitions={
        _S.DRAFT: {Verb.SUBMIT: _S.SUBMITTED, Verb.DISCARD: _S.WITHDRAWN, Verb.EXPIRE: _S.EXPIRED},
        _S.SUBMITTED: {
            Verb.TAKE: _S.RELEVANCE_REVIEW,
            Verb.ASSIGN: _S.RELEVANCE_REVIEW,
            Verb.WITHDRAW: _S.WITHDRAWN,
        },
        _S.RELEVANCE_REVIEW: {
            Verb.TAKE: _S.RELEVANCE_REVIEW,
            Verb.ASSIGN: _S.RELEVANCE_REVIEW,
            Verb.RELEASE: _S.RELEVANCE_REVIEW,
            Verb.REMIND: _S.RELEVANCE_REVIEW,
            Verb.ACCEPT: _S.ACCEPTED,
            Verb.REFUSE: _S.REFUSED,
            Verb.REDIRECT: _S.REDIRECTED,
            Verb.WITHDRAW: _S.WITHDRAWN,
        },
        _S.ACCEPTED: {Verb.ASSIGN: _S.ACCEPTED},
        _S.REFUSED: {},
        _S.REDIRECTED: {
            Verb.TAKE: _S.REDIRECTED,
            Verb.ASSIGN: _S.REDIRECTED,
            Verb.RELEASE: _S.REDIRECTED,
        },
        _S.WITHDRAWN: {},
        _S.EXPIRED: {},
    },
    coarse={
        _S.DRAFT: CoarseState.DRAFT,
        _S.SUBMITTED: CoarseState.RECEIVED,
        _S.RELEVANCE_REVIEW: CoarseState.UNDER_REVIEW,
        _S.ACCEPTED: CoarseState.TAKEN_ON,
        _S.REFUSED: CoarseState.NOT_TAKEN_ON,
        _S.REDIRECTED: CoarseState.REDIRECTED,
        _S.WITHDRAWN: CoarseState.WITHDRAWN,
        _S.EXPIRED: CoarseState.EXPIRED,
    },
    turn={
        _S.DRAFT: Turn.PARTNER,
        _S.SUBMITTED: Turn.CAISSE,
        _S.RELEVANCE_REVIEW: Turn.CAISSE,
        _S.ACCEPTED: Turn.NOBODY,
        _S.REFUSED: Turn.NOBODY,
        _S.REDIRECTED: Turn.NOBODY,
        _S.WITHDRAWN: Turn.NOBODY,
        _S.EXPIRED: Turn.NOBODY,
    },
    queue=Queue.MISAS,
    open=frozenset({_S.SUBMITTED, _S.RELEVANCE_REVIEW}),
    conversation=frozenset({_S.SUBMITTED, _S.RELEVANCE_REVIEW, _S.ACCEPTED}),
)

LIFECYCLES: Final[Mapping[RequestKind, Lifecycle]] = {RequestKind.MISAS_REFERRAL: MISAS}

OPEN: Final = frozenset({CoarseState.RECEIVED, CoarseState.UNDER_REVIEW})
"""Coarse states in which a caisse still owes an answer, whatever the kind."""
