"""Situations that tests start from, reached through the API as people would reach them."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.testing import Client, ServiceUnderTest, an_actor

DESK = "/api/v1/partners/agent"
PARTNER = "/api/v1/partners/partner"
OFFICER = "/api/v1/partners/officer"
CHARTER = "2026-1"

_numbers = count(1)


def a_siret() -> str:
    """Return a valid SIRET, another each time."""
    digits = f"{next(_numbers):08d}"
    siren = digits + _key(digits)
    return siren + "0001" + _key(siren + "0001")


def _key(digits: str) -> str:
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if rank % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def a_registration(**known: Any) -> dict[str, Any]:
    """Return a complete registration; what is `known` replaces the rest."""
    number = next(_numbers)
    return {
        "kind": "ccas",
        "name": f"CCAS de la commune {number}",
        "siret": a_siret(),
        "department": "31",
        "address": {"lines": "3 place de la République", "postcode": "31600", "commune": "Muret"},
        "referent": {
            "first_name": "Camille",
            "last_name": "Roux",
            "job_title": "Responsable",
            "email": f"camille{number}@ccas.example",
        },
    } | known


def a_person(**known: Any) -> dict[str, Any]:
    """Return somebody to invite, another address each time."""
    number = next(_numbers)
    return {
        "email": f"personne{number}@structure.example",
        "first_name": "Nadia",
        "last_name": f"Benali{number}",
        "job_title": "Travailleuse sociale",
    } | known


@dataclass
class Town:
    """One caisse and its partner desk."""

    service: ServiceUnderTest
    caisse: str = "311"
    desk: Client = field(init=False)

    def __post_init__(self) -> None:
        self.desk = self.service.client_as(an_actor(Audience.AGENT, "coordinateur", caisse=self.caisse, unit="cas"))

    def officer(self, role: str = "admin") -> Client:
        """Return an officer of the caisse, without an account, who has just given a second factor."""
        proved_at = int(clock.system_now().timestamp())
        return self.service.client_as(an_actor(Audience.OFFICER, role, caisse=self.caisse, stepup_at=proved_at))

    def officer_of_the_desk(self) -> Client:
        """Return somebody of the partner desk, who has just given a second factor."""
        proved_at = int(clock.system_now().timestamp())
        actor = an_actor(Audience.AGENT, "coordinateur", caisse=self.caisse, unit="cas", stepup_at=proved_at)
        return self.service.client_as(actor)

    async def employ(self, client: Client) -> Client:
        """Give somebody of the desk, or of the officers, an account and the role they act in, as of last year."""
        actor = client.actor
        assert actor is not None
        person = a_person()
        await self.service.rows(
            "INSERT INTO accounts (id, caisse, audience, state, withheld, email, email_key, first_name, last_name, "
            "name_key, job_title, charter_version, charter_accepted_at, version, created_at) "
            "VALUES (%s, %s, %s, 'active', false, %s, %s, 'Nadia', 'Benali', 'benali', 'Agent', %s, now(), 1, now())",
            *(actor.sub, actor.caisse, str(actor.audience), person["email"], person["email"], CHARTER),
        )
        await self.service.rows(
            "INSERT INTO assignments (caisse, id, account_id, audience, role, unit, from_on, granted_by, granted_at, "
            "version) VALUES (%s, gen_random_uuid(), %s, %s, %s, %s, now() - interval '1 year', 'test', now(), 1)",
            *(actor.caisse, actor.sub, str(actor.audience), actor.role, actor.unit),
        )
        return client

    async def structure(self, state: str = "active", **known: Any) -> "Structure":
        """Return a structure in a state."""
        answer = await self.desk.post(f"{DESK}/structures", a_registration(**known))
        assert answer.status_code == 201, answer.text
        structure = Structure(self, UUID(answer.json()["id"]), answer.json()["version"])
        for act in {
            "registration_requested": [],
            "approved": ["approve"],
            "active": ["approve", "open-portal"],
            "suspended": ["approve", "open-portal", "suspend"],
            "closed": ["close"],
            "refused": ["refuse"],
        }[state]:
            await structure.act(act)
        return structure


BODIES = {
    "approve": None,
    "open-portal": {"opened_on": "2023-01-09"},
    "suspend": {"reason": "misuse"},
    "reactivate": None,
    "close": {"reason": "ceased"},
    "refuse": {"reason": "duplicate"},
}


@dataclass
class Structure:
    """A structure and its version as last seen."""

    town: Town
    id: UUID
    version: int

    @property
    def path(self) -> str:
        """Return its address for the desk."""
        return f"{DESK}/structures/{self.id}"

    async def act(self, act: str, body: Any = None) -> None:
        """Do an act of the desk that must succeed."""
        answer = await self.town.desk.post(
            f"{self.path}/{act}", BODIES[act] if body is None else body, if_match=self.version
        )
        assert answer.status_code == 200, answer.text
        self.version = answer.json()["version"]

    async def read(self) -> dict[str, Any]:
        """Read it as the desk does."""
        answer = await self.town.desk.get(self.path)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def person(self, email: str) -> dict[str, Any]:
        """Read one of its people as the desk does, with the first of its roles at hand."""
        [found] = [p for p in (await self.read())["people"] if p["email"] == email]
        role = found["roles"][0]
        known: dict[str, Any] = found
        return known | {"role": role["role"], "assignment_id": role["id"], "assignment_version": role["version"]}

    async def member(self, *roles: str, came: bool = True, **known: Any) -> "Member":
        """Invite somebody, who comes and accepts the charter unless told otherwise, under the first role."""
        person = a_person(**known)
        answer = await self.town.desk.post(f"{self.path}/invitations", person | {"roles": roles or ["partner_user"]})
        assert answer.status_code == 201, answer.text
        found = await self.person(person["email"])
        role = found["role"]
        actor = an_actor(Audience.PARTNER, role, sub=found["account_id"], caisse=self.town.caisse, structure=self.id)
        member = Member(self, actor, person["email"], UUID(answer.json()["id"]))
        if came:
            await member.accept_charter()
        return member


@dataclass
class Member:
    """Somebody of a structure."""

    structure: Structure
    actor: Actor
    email: str
    invitation: UUID

    @property
    def client(self) -> Client:
        """Return a client that acts as this person, in this structure."""
        return self.structure.town.service.client_as(self.actor)

    @property
    def id(self) -> UUID:
        """Return the account."""
        return self.actor.account_id

    async def accept_charter(self) -> None:
        """Come for the first time."""
        answer = await self.client.post(f"{PARTNER}/me/charter", {"version": CHARTER})
        assert answer.status_code == 200, answer.text

    async def row(self) -> dict[str, Any]:
        """Read the person as the desk does."""
        return await self.structure.person(self.email)


async def a_staff_member(
    town: Town, role: str = "conseiller_misas", unit: str | None = "misas", *, came: bool = True, **known: Any
) -> Client:
    """Return somebody of the caisse, invited by its administrator."""
    person = a_person(**known)
    answer = await town.officer().post(f"{OFFICER}/accounts", person | {"role": role, "unit": unit})
    assert answer.status_code == 201, answer.text
    [row] = await town.service.rows(
        "SELECT id, audience FROM accounts WHERE email = %s AND NOT withheld", person["email"]
    )
    actor = an_actor(Audience(row["audience"]), role, sub=str(row["id"]), caisse=town.caisse, unit=unit)
    client = town.service.client_as(actor)
    if came:
        accepted = await client.post(f"/api/v1/partners/{row['audience']}/me/charter", {"version": CHARTER})
        assert accepted.status_code == 200, accepted.text
    return client
