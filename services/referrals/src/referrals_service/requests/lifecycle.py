"""States and transitions of each kind of request. Pure: the tables that the code, the database's constraints,
the abilities sent to the front and the stateful test all read.

Specification: workflows, sections 2 (portal), 3 (MisAS), 5 (social service) and 8 (urgency line). Beyond them: a
request whose agent left is taken again from where it stood, and a MisAS referral redirected inside the caisse is
taken by the service it went to without changing state. A state means the same to partners whatever the kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from referrals_service.requests.codes import CoarseState, Queue, RequestKind, RequestState, Turn, Verb
from servicekit.errors import Conflict


class TransitionRefused(Conflict):
    """The request's state does not allow this act."""

    slug = "transition-refused"
    title = "Action impossible à ce stade"


_S = RequestState

COARSE: Final[Mapping[str, CoarseState]] = {
    _S.DRAFT: CoarseState.DRAFT,
    _S.SUBMITTED: CoarseState.RECEIVED,
    _S.IN_PROGRESS: CoarseState.UNDER_REVIEW,
    _S.QUALIFICATION: CoarseState.UNDER_REVIEW,
    _S.RELEVANCE_REVIEW: CoarseState.UNDER_REVIEW,
    # SS-11: of a social service, a partner sees received, taken on, ended, and nothing else.
    _S.TRIAGE: CoarseState.RECEIVED,
    _S.WAITING_PARTNER: CoarseState.WAITING_PARTNER,
    _S.ANSWERED: CoarseState.ANSWERED,
    _S.ACCEPTED: CoarseState.TAKEN_ON,
    _S.TAKEN_ON: CoarseState.TAKEN_ON,
    _S.REFUSED: CoarseState.NOT_TAKEN_ON,
    _S.REJECTED: CoarseState.NOT_TAKEN_ON,
    _S.REDIRECTED: CoarseState.REDIRECTED,
    _S.CLOSED: CoarseState.CLOSED,
    _S.ENDED: CoarseState.CLOSED,
    _S.WITHDRAWN: CoarseState.WITHDRAWN,
    _S.EXPIRED: CoarseState.EXPIRED,
    _S.ENTERED_IN_ERROR: CoarseState.ENTERED_IN_ERROR,
}
"""What a partner sees of each state."""

_TURNS: Final[Mapping[CoarseState, Turn]] = {
    CoarseState.DRAFT: Turn.PARTNER,
    CoarseState.RECEIVED: Turn.CAISSE,
    CoarseState.UNDER_REVIEW: Turn.CAISSE,
    CoarseState.WAITING_PARTNER: Turn.PARTNER,
}


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """One kind's states: where each verb leads, what the partner sees, and who then has to act."""

    initial: str
    transitions: Mapping[str, Mapping[Verb, str]]
    queue: Queue
    """Where it goes when no routing says otherwise."""
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


def turn_in(state: str) -> Turn:
    """Return who has to act in a state."""
    return _TURNS.get(COARSE[state], Turn.NOBODY)


REFUSALS: Final[Mapping[Verb, str]] = {
    Verb.SUBMIT: "Cette demande n'est plus un brouillon : elle a déjà été envoyée, abandonnée ou a expiré.",
    Verb.DISCARD: "Seul un brouillon peut être abandonné. Une demande envoyée se retire.",
    Verb.WITHDRAW: "Cette demande ne peut plus être retirée : la caisse a déjà répondu, ou elle n'a pas été envoyée.",
    Verb.TAKE: "Cette demande n'est plus à prendre.",
    Verb.ASSIGN: "Cette demande ne peut plus être attribuée.",
    Verb.ACCEPT: "Seule une demande à l'étude peut être acceptée.",
    Verb.REFUSE: "Seule une demande à l'étude peut être refusée.",
    Verb.REDIRECT: "Seule une demande à l'étude peut être réorientée.",
    Verb.TRANSFER: "Seule une demande en cours peut être transmise à une autre caisse.",
    Verb.ASK: "On ne demande un complément que sur une demande en cours.",
    Verb.COMPLETE: "La caisse n'attend pas de complément sur cette demande.",
    Verb.ANSWER: "Seule une demande en cours reçoit une réponse.",
    Verb.REJECT: "Seule une demande en cours peut être refusée.",
    Verb.QUALIFY: "Seule une demande urgente à vérifier peut être qualifiée.",
    Verb.MAKE_ORDINARY: "Seule une demande urgente à vérifier peut devenir une demande ordinaire.",
    Verb.TAKE_ON: "Seul un signalement à l'étude peut être pris en charge.",
    Verb.END: "Ce signalement est déjà terminé, ou n'a pas été étudié.",
    Verb.CLOSE: "Seule une demande qui a reçu sa réponse peut être close.",
    Verb.REOPEN: "Cette demande ne peut pas être rouverte.",
    Verb.VOID: "Cette demande ne peut plus être signalée comme saisie par erreur.",
}

_DRAFT: Final[Mapping[Verb, str]] = {
    Verb.SUBMIT: _S.SUBMITTED,
    Verb.DISCARD: _S.WITHDRAWN,
    Verb.EXPIRE: _S.EXPIRED,
}
_OVER: Final[Mapping[str, Mapping[Verb, str]]] = {
    _S.WITHDRAWN: {},
    _S.EXPIRED: {},
}


def _sent(taken: str) -> Mapping[Verb, str]:
    return {Verb.TAKE: taken, Verb.ASSIGN: taken, Verb.WITHDRAW: _S.WITHDRAWN}


def _held(state: str, **more: str) -> Mapping[Verb, str]:
    """What can happen in a state where an agent has it in charge, or where it waits for another one."""
    return {
        Verb.TAKE: state,
        Verb.ASSIGN: state,
        Verb.RELEASE: state,
        Verb.REMIND: state,
        **{Verb(verb): after for verb, after in more.items()},
    }


MISAS: Final = Lifecycle(
    initial=_S.DRAFT,
    transitions={
        _S.DRAFT: _DRAFT,
        _S.SUBMITTED: {**_sent(_S.RELEVANCE_REVIEW), Verb.REMIND: _S.SUBMITTED},
        _S.RELEVANCE_REVIEW: _held(
            _S.RELEVANCE_REVIEW,
            accept=_S.ACCEPTED,
            refuse=_S.REFUSED,
            redirect=_S.REDIRECTED,
            withdraw=_S.WITHDRAWN,
        ),
        _S.ACCEPTED: {Verb.ASSIGN: _S.ACCEPTED},
        _S.REFUSED: {},
        _S.REDIRECTED: {
            Verb.TAKE: _S.REDIRECTED,
            Verb.ASSIGN: _S.REDIRECTED,
            Verb.RELEASE: _S.REDIRECTED,
        },
        **_OVER,
    },
    queue=Queue.MISAS,
    conversation=frozenset({_S.SUBMITTED, _S.RELEVANCE_REVIEW, _S.ACCEPTED}),
)

_IN_HAND: Final = _held(
    _S.IN_PROGRESS,
    ask=_S.WAITING_PARTNER,
    answer=_S.ANSWERED,
    reject=_S.REJECTED,
    redirect=_S.SUBMITTED,
    transfer=_S.REDIRECTED,
    withdraw=_S.WITHDRAWN,
    void=_S.ENTERED_IN_ERROR,
)
_PORTAL_STATES: Final[Mapping[str, Mapping[Verb, str]]] = {
    _S.IN_PROGRESS: _IN_HAND,
    _S.WAITING_PARTNER: {
        **_held(
            _S.WAITING_PARTNER,
            complete=_S.IN_PROGRESS,
            answer=_S.ANSWERED,
            reject=_S.REJECTED,
            close=_S.CLOSED,
            withdraw=_S.WITHDRAWN,
            void=_S.ENTERED_IN_ERROR,
        ),
    },
    _S.ANSWERED: {Verb.CLOSE: _S.CLOSED, Verb.REOPEN: _S.IN_PROGRESS, Verb.ASSIGN: _S.ANSWERED},
    _S.CLOSED: {Verb.REOPEN: _S.IN_PROGRESS},
    _S.REJECTED: {Verb.REOPEN: _S.IN_PROGRESS},
    _S.REDIRECTED: {},
    _S.ENTERED_IN_ERROR: {},
    **_OVER,
}
_TALKING: Final = frozenset({_S.SUBMITTED, _S.IN_PROGRESS, _S.WAITING_PARTNER, _S.ANSWERED})


def _portal(queue: Queue) -> Lifecycle:
    """Return the common frame of the portal: taken, completed, answered, closed (workflows, section 2)."""
    return Lifecycle(
        initial=_S.DRAFT,
        transitions={
            _S.DRAFT: _DRAFT,
            _S.SUBMITTED: {
                **_sent(_S.IN_PROGRESS),
                Verb.REMIND: _S.SUBMITTED,
                Verb.VOID: _S.ENTERED_IN_ERROR,
            },
            **_PORTAL_STATES,
        },
        queue=queue,
        conversation=_TALKING,
    )


URGENT: Final = Lifecycle(
    initial=_S.DRAFT,
    transitions={
        _S.DRAFT: {**_DRAFT, Verb.MAKE_ORDINARY: _S.DRAFT},
        _S.SUBMITTED: {
            **_sent(_S.QUALIFICATION),
            Verb.REMIND: _S.SUBMITTED,
            Verb.VOID: _S.ENTERED_IN_ERROR,
        },
        _S.QUALIFICATION: _held(
            _S.QUALIFICATION,
            qualify=_S.IN_PROGRESS,
            make_ordinary=_S.SUBMITTED,
            reject=_S.REJECTED,
            withdraw=_S.WITHDRAWN,
            void=_S.ENTERED_IN_ERROR,
        ),
        **{state: verbs for state, verbs in _PORTAL_STATES.items() if state != _S.REDIRECTED},
        _S.IN_PROGRESS: {verb: after for verb, after in _IN_HAND.items() if verb not in {Verb.REDIRECT, Verb.TRANSFER}},
    },
    queue=Queue.LUP,
    conversation=_TALKING | {_S.QUALIFICATION},
)

SOCIAL: Final = Lifecycle(
    initial=_S.DRAFT,
    transitions={
        _S.DRAFT: _DRAFT,
        _S.SUBMITTED: {
            **_sent(_S.TRIAGE),
            Verb.REMIND: _S.SUBMITTED,
            Verb.VOID: _S.ENTERED_IN_ERROR,
            # Taken on or ended by the social service of another body, which holds the linked report.
            Verb.TAKE_ON: _S.TAKEN_ON,
            Verb.END: _S.ENDED,
        },
        _S.TRIAGE: _held(
            _S.TRIAGE,
            take_on=_S.TAKEN_ON,
            end=_S.ENDED,
            withdraw=_S.WITHDRAWN,
            void=_S.ENTERED_IN_ERROR,
        ),
        _S.TAKEN_ON: {
            Verb.TAKE: _S.TAKEN_ON,
            Verb.ASSIGN: _S.TAKEN_ON,
            Verb.RELEASE: _S.TAKEN_ON,
            Verb.END: _S.ENDED,
        },
        _S.ENDED: {},
        _S.ENTERED_IN_ERROR: {},
        **_OVER,
    },
    queue=Queue.SS,
    # SS-11: nothing of the situation comes back.
    conversation=frozenset(),
)

LIFECYCLES: Final[Mapping[RequestKind, Lifecycle]] = {
    RequestKind.SEND_FILE: _portal(Queue.GDB),
    RequestKind.FOLLOW_UP: _portal(Queue.GDB),
    RequestKind.MISAS_REFERRAL: MISAS,
    RequestKind.APPOINTMENT: _portal(Queue.ACCUEIL),
    RequestKind.DOCUMENT: _portal(Queue.GDB),
    RequestKind.CONTACT: _portal(Queue.ACCUEIL),
    RequestKind.URGENT: URGENT,
    RequestKind.SS_REFERRAL: SOCIAL,
}

RUNNING: Final = frozenset({CoarseState.RECEIVED, CoarseState.UNDER_REVIEW})
"""Coarse states in which the caisse's clock runs, whatever the kind."""

OPEN: Final = RUNNING | {CoarseState.WAITING_PARTNER}
"""Coarse states in which a caisse still owes an answer, and the same step may not be asked for again (ESP-13)."""
