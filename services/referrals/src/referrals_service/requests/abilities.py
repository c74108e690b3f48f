"""Who may do what to a request they see. Pure: sent with each request, and checked again by each act.

What somebody may see is decided before, in `queries.visible_to`; here everything refused is a 403.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from referrals_service.requests.codes import Queue, RequestKind, Verb
from referrals_service.requests.lifecycle import LIFECYCLES, Lifecycle
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
    withdraw: bool
    write: bool


class AgentRequestAbilities(BaseModel):
    """What this agent may do now."""

    take: bool
    assign: bool
    accept: bool
    refuse: bool
    redirect: bool
    write: bool


def partner_abilities(role: str, lifecycle: Lifecycle, state: str) -> PartnerRequestAbilities:
    """Return what a role of the structure that sent a request may do to it."""
    may = role == SENDER
    allows = lifecycle.allows
    return PartnerRequestAbilities(
        edit=may and allows(state, Verb.SUBMIT),
        submit=may and allows(state, Verb.SUBMIT),
        discard=may and allows(state, Verb.DISCARD),
        withdraw=may and allows(state, Verb.WITHDRAW),
        write=may and state in lifecycle.conversation,
    )


def agent_abilities(actor: Actor, request: Standing) -> AgentRequestAbilities:
    """Return what `actor`, an agent who sees `request`, may do to it."""
    works_here = QUEUE_OF_ROLE.get(actor.role) is request.queue
    mine = request.assigned_to is not None and str(request.assigned_to) == actor.sub
    manages = works_here and actor.role in MANAGERS
    allows = request.lifecycle.allows
    return AgentRequestAbilities(
        take=works_here and request.assigned_to is None and allows(request.state, Verb.TAKE),
        assign=works_here and (mine or manages) and allows(request.state, Verb.ASSIGN),
        accept=works_here and mine and allows(request.state, Verb.ACCEPT),
        refuse=works_here and mine and allows(request.state, Verb.REFUSE),
        redirect=works_here and mine and allows(request.state, Verb.REDIRECT),
        write=works_here and mine and request.has_sender and request.state in request.lifecycle.conversation,
    )


def require_agent(actor: Actor, request: Standing, verb: Verb) -> None:
    """Refuse an act of the caisse: first when the state does not know it, then when it is not the actor's to do."""
    request.lifecycle.after(request.state, verb)
    if getattr(agent_abilities(actor, request), verb.value) is not True:
        raise Forbidden(_REFUSALS[verb])


_REFUSALS: Final[Mapping[Verb, str]] = {
    Verb.TAKE: "Cette demande attend un autre service que le vôtre.",
    Verb.ASSIGN: "Seuls l'agent chargé de la demande et les responsables du service peuvent l'attribuer.",
    Verb.ACCEPT: "Seul l'agent chargé de la demande peut l'accepter.",
    Verb.REFUSE: "Seul l'agent chargé de la demande peut la refuser.",
    Verb.REDIRECT: "Seul l'agent chargé de la demande peut la réorienter.",
}
