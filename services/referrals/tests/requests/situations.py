"""Situations of requests: structures that refer, people to refer, advisers who answer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
from pydantic import validate_call

from referrals_service.jobs import jobs
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.statements import current_statement
from servicekit.access import Actor, Audience
from servicekit.testing import Client, ServiceUnderTest, an_actor

PARTNER = "/api/v1/referrals/partner/requests"
AGENT = "/api/v1/referrals/agent/requests"
KIND = "misas_referral"


def a_form(**changed: Any) -> dict[str, Any]:
    """Return the complete form of the second worked example, changed at will."""
    today = calendar_of("311").today()
    form: dict[str, Any] = {
        "kind": KIND,
        "scopes": ["renoncement_soins", "acces_droits"],
        "motives": ["attribuer_expliciter_droits", "orienter_ps", "plan_aide_financiere"],
        "renounced_care": [{"care_type": "dental_prosthesis", "reasons": ["out_of_pocket", "no_complementary"]}],
        "situation_note": "Mère d'un enfant de 2 ans, étudiante. Carte Vitale perdue.",
        "informed": {
            "informed_on": today.isoformat(),
            "agrees_to_be_called": True,
            "channel": "in_person",
            "statement_version": current_statement(today).version,
        },
        "phone": "06 12 34 56 78",
        "best_time": "après 18 h",
    }
    return form | changed


@dataclass(frozen=True, slots=True)
class World:
    """The service, and what can be arranged in it through its own routes."""

    under_test: ServiceUnderTest

    def client(self, actor: Actor | None) -> Client:
        """Return a client that acts as `actor`."""
        return self.under_test.client_as(actor)

    async def structure(self, *, caisse: str = "311", state: str = "active", kind: str = "ccas", **known: Any) -> Actor:
        """Return somebody acting for a structure whose portal is open, trained unless told otherwise."""
        actor = an_actor(Audience.PARTNER, "partner_user", caisse=caisse)
        await self.under_test.rows(
            "INSERT INTO partner_structures (caisse, structure_id, kind, department, state, portal_opened_on, "
            "nir_allowed) VALUES (%s, %s, %s, '31', %s, %s, true)",
            caisse,
            actor.structure,
            kind,
            state,
            known.get("opened_on", "2022-11-22"),
        )
        await self.employ(actor)
        if known.get("trained", True):
            await self.train(actor)
        return actor

    async def employ(self, actor: Actor) -> Actor:
        """Have partners announce that somebody acts for a structure."""
        await self.under_test.rows(
            "INSERT INTO partner_assignments (caisse, id, account, structure_id, role, from_on) "
            "VALUES (%s, %s, %s, %s, %s, '2024-01-01')",
            *(actor.caisse, uuid4(), actor.account_id, actor.structure, actor.role),
        )
        return actor

    async def train(
        self,
        actor: Actor,
        *,
        account: UUID | None = None,
        until_on: str | None = None,
        right: str = "misas_detector",
    ) -> None:
        """Give a structure, or one of its people, the right that a training opens."""
        await self.under_test.rows(
            'INSERT INTO partner_rights (caisse, id, structure_id, account, "right", from_on, until_on) '
            "VALUES (%s, %s, %s, %s, %s, '2024-01-01', %s)",
            actor.caisse,
            uuid4(),
            actor.structure,
            account,
            right,
            until_on,
        )

    async def adviser(
        self, role: str = "conseiller_misas", *, caisse: str = "311", unit: str | None = "misas"
    ) -> Actor:
        """Return an agent whose assignment partners announced."""
        actor = an_actor(Audience.AGENT, role, caisse=caisse, unit=unit)
        await self.under_test.rows(
            "INSERT INTO agent_assignments (caisse, id, account, role, unit, from_on) "
            "VALUES (%s, %s, %s, %s, %s, '2024-01-01')",
            caisse,
            uuid4(),
            actor.account_id,
            role,
            unit,
        )
        return actor

    async def run_jobs(self) -> None:
        """Run what was deferred, as the worker would: each in a transaction of the system's own."""
        service = self.under_test.app.state.service
        while deferred := await self.under_test.rows(
            "DELETE FROM jobs.procrastinate_jobs RETURNING id, task_name, args"
        ):
            for job in sorted(deferred, key=lambda row: int(row["id"])):
                work = validate_call(config={"arbitrary_types_allowed": True})(jobs.named(job["task_name"]).work)
                async with service.database.system_session("test", settings=service.settings) as session:
                    await work(session, **job["args"])

    async def setting(self, caisse: str, key: str, value: str) -> None:
        """Have a caisse choose a value of its own (JSON)."""
        await self.under_test.rows(
            "INSERT INTO request_settings (caisse, key, valid_from, value, source) "
            "VALUES (%s, %s, '2020-01-01', %s::jsonb, 'test')",
            caisse,
            key,
            value,
        )

    async def person(self, by: Actor, last_name: str = "Keller") -> UUID:
        """Register a person; return the id."""
        answer = await self.client(by).post(
            "/api/v1/referrals/partner/persons",
            {
                "first_names": "Vanessa",
                "last_name": last_name,
                "birth_on": "2002-05-17",
                "identifier": {"kind": "nir", "value": "255081416802538"},
                "contact": {"phone": "0612345678", "phone_kind": "own_mobile", "preferred_channel": "phone"},
                "household": {"adults": 1, "children": [{"birth_on": "2023-02-01"}]},
            },
        )
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def file(self, by: Actor, person: UUID | None = None, **options: Any) -> httpx.Response:
        """Send a complete request at once."""
        body = {"person_id": str(person or await self.person(by)), "form": options.pop("form", a_form())}
        return await self.client(by).post(f"{PARTNER}/file", body, **options)

    async def filed(self, by: Actor, person: UUID | None = None) -> dict[str, Any]:
        """Return the receipt of a request that was sent."""
        return ok(await self.file(by, person), 201)

    async def sent(self, by: Actor, form: dict[str, Any], person: UUID | None = None) -> dict[str, Any]:
        """Return the receipt of a request of any kind."""
        return ok(await self.file(by, person, form=form), 201)

    async def draft(self, by: Actor, person: UUID | None = None) -> dict[str, Any]:
        """Return the receipt of a draft."""
        body = {"kind": KIND, "person_id": str(person or await self.person(by))}
        return ok(await self.client(by).post(PARTNER, body), 201)

    async def taken(self, by: Actor, adviser: Actor, person: UUID | None = None) -> dict[str, Any]:
        """Return the receipt of a request that `adviser` took."""
        sent = await self.filed(by, person)
        return ok(await self.act(adviser, sent, "take"))

    async def act(
        self, by: Actor | None, receipt: dict[str, Any], verb: str, body: Any = None, **options: Any
    ) -> httpx.Response:
        """Do something to a request, from the version of the receipt unless told otherwise."""
        side = PARTNER if by is not None and by.audience is Audience.PARTNER else AGENT
        options.setdefault("if_match", receipt["version"])
        return await self.client(by).post(f"{side}/{receipt['id']}/{verb}", body, **options)

    async def shown(self, to: Actor, receipt: dict[str, Any]) -> dict[str, Any]:
        """Return a request as `to` sees it."""
        side = PARTNER if to.audience is Audience.PARTNER else AGENT
        return ok(await self.client(to).get(f"{side}/{receipt['id']}"))

    async def facts(self) -> list[dict[str, Any]]:
        """Return the facts about requests announced so far."""
        return [f for f in await self.under_test.facts() if not f["type"].startswith("person.")]

    async def row(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Return the row of a request, past every policy."""
        [row] = await self.under_test.rows("SELECT * FROM requests WHERE id = %s", receipt["id"])
        return row


def ok(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    """Return the body of an answer that had to succeed."""
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """Return the problem document of an answer that had to be refused."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{slug}", body
    return body


def fields(document: dict[str, Any]) -> dict[str, str | None]:
    """Return the fields that a refusal names, each with its rule."""
    return {error["field"]: error.get("rule") for error in document["errors"]}
