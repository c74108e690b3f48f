"""Situations of the register: who is there, who may see whom."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit.access import Actor, Audience
from servicekit.testing import Client, ServiceUnderTest, an_actor

PARTNER = "/api/v1/referrals/partner/persons"
AGENT = "/api/v1/referrals/agent/persons"
NIR = "255081416802538"


def a_person(**changed: Any) -> dict[str, Any]:
    """Return what a partner types about Amina Benali, changed at will; nobody real."""
    person: dict[str, Any] = {
        "civility": "madame",
        "first_names": "Amina Zohra",
        "last_name": "Benali",
        "birth_name": "Haddad",
        "birth_on": "1985-03-12",
        "birth_place": "Oran",
        "sex": "female",
        "identifier": {"kind": "none", "none_reason": "not_collected"},
        "contact": {
            "phone": "06 12 34 56 78",
            "phone_kind": "own_mobile",
            "email": "amina@exemple.fr",
            "address": {"lines": ["3 rue des Lilas"], "postcode": "31600", "city": "Muret", "department": "31"},
            "preferred_channel": "phone",
            "safe_hours": "Le matin seulement",
            "language": "ar",
            "interpreter": True,
            "safe_moments": ["weekday_morning"],
            "cautions": ["person_only"],
            "access_needs": ["easy_to_read"],
        },
        "household": {"adults": 1, "children": [{"birth_on": "2015-06-01"}], "note": "Hébergée chez sa sœur"},
    }
    return person | changed


@dataclass(frozen=True, slots=True)
class Here:
    """A structure of Haute-Garonne with somebody acting for it, and an adviser of its caisse."""

    under_test: ServiceUnderTest
    partner: Actor
    adviser: Actor

    def client(self, actor: Actor) -> Client:
        """Return a client that acts as `actor`."""
        return self.under_test.client_as(actor)

    async def register(self, by: Actor | None = None, **changed: Any) -> UUID:
        """Register a person as a partner does; return the id."""
        answer = await self.client(by or self.partner).post(PARTNER, a_person(**changed))
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def entrust(self, person_id: UUID, to: Actor, **grant: Any) -> None:
        """Give an agent a person in charge, behind the API."""
        values = {"holder_kind": "account", "holder": to.sub, "purpose": "referral.triage"} | grant
        await self.under_test.rows(
            "INSERT INTO person_grants (caisse, id, person_id, structure_id, holder_kind, holder, purpose, "
            "from_at, until_at, granted_by) SELECT caisse, gen_random_uuid(), id, structure_id, %s, %s, %s, "
            "now() - interval '1 hour', %s::timestamptz, 'test' FROM persons WHERE id = %s",
            values["holder_kind"],
            values["holder"],
            values["purpose"],
            values.get("until_at"),
            person_id,
        )


async def a_structure(under_test: ServiceUnderTest, *, nir_allowed: bool, caisse: str = "311") -> Actor:
    """Return somebody acting for a structure that partners announced as active."""
    actor = an_actor(Audience.PARTNER, "partner_user", caisse=caisse)
    await under_test.rows(
        "INSERT INTO partner_structures (caisse, structure_id, kind, department, state, nir_allowed) "
        "VALUES (%s, %s, 'association', '31', 'active', %s)",
        caisse,
        actor.structure,
        nir_allowed,
    )
    return actor
