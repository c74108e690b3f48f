"""Access is declared on the route: one audience, its roles, one purpose, the groups of fields it shows.

The declaration is exported as `x-access` in the OpenAPI document; the gateway compiles its first guard from
it, `ServiceRoute` enforces it again, and the access matrix is generated from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Depends, Request

from servicekit import clock
from servicekit.errors import Forbidden, NotForYourRole, StepUpRequired

STEP_UP_SECONDS = 600


class Audience(StrEnum):
    """Who a route is for. Routes are never shared between audiences, nor audiences mixed in an account."""

    ANYONE = "anyone"
    """Nobody in particular: sign-in."""
    SELF = "me"
    """Whoever is signed in, acting on the own account."""
    PARTNER = "partner"
    AGENT = "agent"
    OFFICER = "officer"
    PILOT = "pilot"
    APP = "app"
    """An internal application, with its own grants."""
    INTERNAL = "internal"
    """Another service; never routed from outside."""


DATABASE_ROLES = {
    Audience.ANYONE: "system",
    Audience.SELF: "system",
    Audience.INTERNAL: "system",
    Audience.PARTNER: "partner",
    Audience.AGENT: "agent",
    Audience.OFFICER: "officer",
    Audience.PILOT: "pilot",
    Audience.APP: "app",
}
"""Suffix of the database role under which each audience works (`referrals_partner`)."""

FIELD_GROUPS = frozenset(
    [
        "technical",
        "identity",
        "nir",
        "rights",
        "social",
        "money",
        "care_need",
        "narrative",
        "social_secret",
        "medical",
        "documents",
        "decision",
        "medical_conclusion",
        "audit",
    ]
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the verified token says; a service never believes anything else about the caller."""

    sub: str
    client: str
    audience: Audience
    role: str
    caisse: str
    structure: UUID | None
    unit: str | None
    purpose: str
    txn: str
    session_hash: str
    auth_time: int
    stepup_at: int | None

    @property
    def account_id(self) -> UUID:
        """Return the person's account; only human audiences have one."""
        return UUID(self.sub)

    @property
    def structure_id(self) -> UUID:
        """Return the partner structure acted for; only the partner audience has one."""
        if self.structure is None:
            raise Forbidden("Cette action est réservée aux structures partenaires.")
        return self.structure


@dataclass(frozen=True, slots=True)
class Access:
    """The declaration of one route, as read back from its `x-access`."""

    audience: Audience
    purpose: str
    roles: frozenset[str]
    clients: frozenset[str]
    shows: frozenset[str]
    journal: bool
    step_up: bool
    reads: bool
    streams: bool = False

    @classmethod
    def of(cls, openapi_extra: dict[str, Any] | None) -> Self:
        """Read the declaration of a route; a route without one does not exist."""
        declared = (openapi_extra or {}).get("x-access")
        if declared is None:
            raise LookupError("a route has no access declaration")
        return cls(
            audience=Audience(declared["audience"]),
            purpose=declared["purpose"],
            roles=frozenset(declared["roles"]),
            clients=frozenset(declared["clients"]),
            shows=frozenset(declared["shows"]),
            journal=declared["journal"],
            step_up=declared["step_up"],
            reads=declared["reads"],
            streams=declared.get("streams", False),
        )

    def check(self, actor: Actor) -> None:
        """Refuse an actor for whom the route was not declared."""
        admitted = (
            (actor.audience is self.audience or self.audience is Audience.SELF)
            and actor.purpose == self.purpose
            and (not self.roles or actor.role in self.roles)
            and (not self.clients or actor.client in self.clients)
        )
        if not admitted:
            raise NotForYourRole("Changez de rôle actif, ou adressez-vous à la personne qui gère les accès.")
        if self.step_up and not stepped_up(actor):
            raise StepUpRequired("Confirmez votre identité avec votre second facteur pour continuer.")


def stepped_up(actor: Actor) -> bool:
    """Tell whether the actor gave a second factor in the last ten minutes."""
    if actor.stepup_at is None:
        return False
    return clock.system_now().timestamp() - actor.stepup_at <= STEP_UP_SECONDS


def access(
    audience: Audience,
    *,
    purpose: str,
    roles: Iterable[str] = (),
    clients: Iterable[str] = (),
    shows: Iterable[str] = ("technical",),
    journal: bool = True,
    step_up: bool = False,
    reads: bool = False,
    streams: bool = False,
) -> dict[str, Any]:
    """Declare who may call a route; the value of its `openapi_extra`.

    `roles` (people) or `clients` (services, applications) narrow the audience; empty means all of it.
    `journal=False` is for reference data and the own account only: elsewhere a read that names nobody in
    the journal is turned into an error. `reads=True` marks a POST that changes nothing (a search whose
    criteria must not stand in a URL): it is journalled as a read and takes no Idempotency-Key.
    `streams=True` is for a body taken as it comes: no transaction is open meanwhile, the handler opens its own
    (`CurrentSteps`), and no Idempotency-Key is asked for.
    """
    unknown = set(shows) - FIELD_GROUPS
    if unknown:
        raise ValueError(f"unknown field groups: {sorted(unknown)}")
    clients = frozenset(clients)
    if audience is Audience.INTERNAL and not clients:
        raise ValueError("an internal route names the services that may call it")
    return {
        "x-access": {
            "audience": str(audience),
            "purpose": purpose,
            "roles": sorted(roles),
            "clients": sorted(clients),
            "shows": sorted(shows),
            "journal": journal,
            "step_up": step_up,
            "reads": reads,
            **({"streams": True} if streams else {}),
        }
    }


async def current_actor(request: Request) -> Actor:
    """Return the actor that `ServiceRoute` admitted."""
    actor: Actor = request.state.actor
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]
