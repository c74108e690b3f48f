"""Who may do what to a request they see. Pure: sent with each request, and checked again by each act.

What somebody may see is decided before, in `queries.visible_to`; here everything refused is a 403.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from pydantic import BaseModel

from referrals_service.requests.codes import Queue, RequestKind, RequestState, Verb
from referrals_service.requests.lifecycle import LIFECYCLES, Lifecycle, TransitionRefused
from referrals_service.requests.lifecycle import REFUSALS as LIFECYCLE_REFUSALS
from servicekit.access import Actor
from servicekit.errors import Forbidden

QUEUE_ROLES: Final[Mapping[Queue, frozenset[str]]] = {
    Queue.MISAS: frozenset({"conseiller_misas", "responsable_unite", "coordinateur"}),
    Queue.SS: frozenset({"csam", "assistant_social", "manager_ss"}),
    Queue.LUP: frozenset({"agent_lup"}),
    Queue.ASS: frozenset({"agent_ass"}),
    Queue.GDB: frozenset({"agent_gdb"}),
    Queue.ACCUEIL: frozenset({"accueil"}),
    Queue.CES: frozenset({"agent_ces"}),
}
"""Who works on each queue."""

MANAGERS: Final = frozenset({"responsable_unite", "coordinateur", "manager_ss"})
"""Who shares the work of a queue out, without reading what partners wrote (access matrix, MIS-M and ASS-M)."""

QUEUE_OF_ROLE: Final[Mapping[str, Queue]] = {role: queue for queue, roles in QUEUE_ROLES.items() for role in roles}

AGENT_ROLES: Final = frozenset(QUEUE_OF_ROLE)
DETECTOR_ROLES: Final = frozenset(
    {"detecteur_interne", "accueil", "agent_ass", "agent_gdb", "agent_ces", "agent_lup", *QUEUE_ROLES[Queue.MISAS]}
)
"""Who refers from inside the caisse (MIS-01, MIS-17); the social service is another body and has its own way in."""
MISAS_ROLES: Final = QUEUE_ROLES[Queue.MISAS]
MISAS_MANAGERS: Final = MISAS_ROLES & MANAGERS
SENDER: Final = "partner_user"


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a request decides who may act on it."""

    kind: RequestKind
    state: str
    queue: Queue
    assigned_to: UUID | None
    has_sender: bool
    """Whether a structure of the caisse sent it and can be written to."""

    @property
    def lifecycle(self) -> Lifecycle:
        """Return the lifecycle of the request's kind."""
        return LIFECYCLES[self.kind]


class PartnerRequestAbilities(BaseModel):
    """What the sender's structure may do now."""

    edit: bool
    submit: bool
    discard: bool
    make_ordinary: bool
    withdraw: bool
    complete: bool
    close: bool
    reopen: bool
    void: bool
    write: bool


class AgentRequestAbilities(BaseModel):
    """What this agent may do now."""

    take: bool
    assign: bool
    accept: bool
    refuse: bool
    redirect: bool
    transfer: bool
    ask: bool
    answer: bool
    reject: bool
    qualify: bool
    make_ordinary: bool
    take_on: bool
    end: bool
    reopen: bool
    void: bool
    write: bool


_SENDERS_VERBS: Final = (
    Verb.SUBMIT,
    Verb.DISCARD,
    Verb.WITHDRAW,
    Verb.COMPLETE,
    Verb.REOPEN,
    Verb.VOID,
)
_HOLDERS_VERBS: Final = (
    Verb.ACCEPT,
    Verb.REFUSE,
    Verb.REDIRECT,
    Verb.TRANSFER,
    Verb.ASK,
    Verb.ANSWER,
    Verb.REJECT,
    Verb.QUALIFY,
    Verb.MAKE_ORDINARY,
    Verb.TAKE_ON,
    Verb.END,
    Verb.VOID,
)
"""What only the agent in charge does."""


def partner_abilities(role: str, lifecycle: Lifecycle, state: str) -> PartnerRequestAbilities:
    """Return what a role of the structure that sent a request may do to it."""
    may = role == SENDER
    allows = lifecycle.allows
    return PartnerRequestAbilities(
        edit=may and allows(state, Verb.SUBMIT),
        # Nothing came for what is missing: the caisse closes such a request, not its sender.
        close=may and state == RequestState.ANSWERED and allows(state, Verb.CLOSE),
        # Once sent, only the urgency line decides that a request is not urgent.
        make_ordinary=may and allows(state, Verb.SUBMIT) and allows(state, Verb.MAKE_ORDINARY),
        write=may and state in lifecycle.conversation,
        **{verb.value: may and allows(state, verb) for verb in _SENDERS_VERBS},
    )


def require_partner(actor: Actor, request: "Acted", verb: Verb) -> None:
    """Refuse an act of the sender that the state does not know."""
    request.lifecycle.after(request.state, verb)
    if getattr(partner_abilities(actor.role, request.lifecycle, request.state), verb.value) is not True:
        raise TransitionRefused(LIFECYCLE_REFUSALS.get(verb, "Cette action n'est pas possible à ce stade."))


class Acted(Protocol):
    """What of a request decides what its sender may do."""

    @property
    def lifecycle(self) -> Lifecycle:
        """Return the lifecycle of its kind."""

    @property
    def state(self) -> str:
        """Return where it stands."""


def agent_abilities(actor: Actor, request: Standing) -> AgentRequestAbilities:
    """Return what `actor`, an agent who sees `request`, may do to it."""
    works_here = QUEUE_OF_ROLE.get(actor.role) is request.queue
    mine = request.assigned_to is not None and str(request.assigned_to) == actor.sub
    manages = works_here and actor.role in MANAGERS
    allows = request.lifecycle.allows
    return AgentRequestAbilities(
        take=works_here and request.assigned_to is None and allows(request.state, Verb.TAKE),
        assign=works_here and (mine or manages) and allows(request.state, Verb.ASSIGN),
        # What was answered is nobody's any more: whoever works on the queue puts it back there.
        reopen=works_here and allows(request.state, Verb.REOPEN),
        write=works_here and mine and request.has_sender and request.state in request.lifecycle.conversation,
        **{verb.value: works_here and mine and allows(request.state, verb) for verb in _HOLDERS_VERBS},
    )


def require_agent(actor: Actor, request: Standing, verb: Verb) -> None:
    """Refuse an act of the caisse: first when the state does not know it, then when it is not the actor's to do."""
    request.lifecycle.after(request.state, verb)
    if getattr(agent_abilities(actor, request), verb.value) is not True:
        raise Forbidden(_REFUSALS.get(verb, "Seul l'agent chargé de la demande peut faire cela."))


_REFUSALS: Final[Mapping[Verb, str]] = {
    Verb.TAKE: "Cette demande attend un autre service que le vôtre.",
    Verb.ASSIGN: "Seuls l'agent chargé de la demande et les responsables du service peuvent l'attribuer.",
    Verb.ACCEPT: "Seul l'agent chargé de la demande peut l'accepter.",
    Verb.REFUSE: "Seul l'agent chargé de la demande peut la refuser.",
    Verb.REDIRECT: "Seul l'agent chargé de la demande peut la réorienter.",
}
