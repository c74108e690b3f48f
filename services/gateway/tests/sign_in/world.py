"""The people, browsers and mailboxes that the tests of sign-in are told with."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pyotp
from fastapi import FastAPI
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, validate_call

from gateway_service.account.deliveries import fetch_address, receive_address, send_invitation, send_notice, send_reset
from gateway_service.followers import HANDLERS, follow_partners
from gateway_service.settings import Settings
from gateway_service.sign_in.gate import Gate
from servicekit import clock
from servicekit.db import new_id
from servicekit.facts import FOLLOW
from servicekit.jobs import Task

ORIGIN = "https://portail.test"
API = "/api/v1/gateway"
PASSWORD = "la pluie tombe sur le canal"
OTHER_PASSWORD = "le vent se leve derriere la colline"
A_MINUTE = timedelta(seconds=60)


async def _no_token(_audience: str, _purpose: str) -> str:
    raise AssertionError("facts are handed to the handlers here; nothing is fetched")


FOLLOWER = follow_partners(_no_token)
WORK: dict[str, Task[Any]] = {task.name: task for task in (send_invitation, send_reset, send_notice)}


@dataclass
class Browser:
    """A browser at one IP address: keeps cookies, sends JSON."""

    http: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        """Read."""
        return await self.http.get(API + path)

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """Act."""
        return await self.http.post(API + path, json=body)

    @property
    def cookie(self) -> str | None:
        """Return the session's cookie."""
        return self.http.cookies.get("__Host-sid")

    async def state(self) -> dict[str, Any]:
        """Return where the browser stands."""
        answer = await self.get("/anyone/session")
        assert answer.status_code == 200
        view: dict[str, Any] = answer.json()
        return view


@dataclass
class Person:
    """Somebody with an account, a password and an authenticator application."""

    account_id: UUID
    email: str
    password: str = PASSWORD
    secret: str = ""
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """Return what the authenticator shows now, or `steps` half minutes later."""
        return pyotp.TOTP(self.secret).at(int(clock.system_now().timestamp()) + 30 * steps)


@dataclass
class World:
    """The running gateway and everything around it."""

    app: FastAPI
    settings: Settings
    gate: Gate
    admin: psycopg.AsyncConnection[dict[str, Any]]
    outbox: Path
    move_clock: Callable[[timedelta], None]
    _browsers: list[httpx.AsyncClient] = field(default_factory=list)
    _enrolled: dict[str, tuple[Person, dict[str, list[Any]]]] = field(default_factory=dict)

    def browser(self, address: str = "203.0.113.7", agent: str = "Firefox/140.0 (Windows NT 10.0)") -> Browser:
        """Open a browser that has never been here."""
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=(address, 50000), raise_app_exceptions=False),
            base_url=ORIGIN,
            headers={"User-Agent": agent},
        )
        self._browsers.append(http)
        return Browser(http)

    def settle(self) -> None:
        """Move to the beginning of a half minute, so that codes read and codes verified are of one step."""
        self.move_clock(timedelta(seconds=30.5 - clock.system_now().timestamp() % 30))

    async def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """Run SQL as the superuser, to see what the API does not show."""
        cursor = await self.admin.execute(query, parameters)
        return await cursor.fetchall() if cursor.description is not None else []

    async def fact(
        self, kind: str, *, caisse: str = "311", payload: Any = None, at: datetime | None = None, **subject: UUID | None
    ) -> datetime:
        """Have a fact of `partners` take effect, as the follower does it; return when it happened."""
        at = at or clock.now()
        fact = {
            "id": new_id(),
            "at": at,
            "type": kind,
            "caisse": caisse,
            "subject": subject,
            "payload": payload or {},
        }
        async with self.gate.database.system_session(FOLLOW) as session:
            await HANDLERS[kind](session, FOLLOWER.models[kind].model_validate(fact))
        return at

    async def grant(
        self,
        account: UUID,
        role: str = "partner_admin",
        audience: str = "partner",
        *,
        caisse: str = "311",
        structure: UUID | None = None,
        unit: str | None = None,
        from_on: date | None = None,
        until_on: date | None = None,
    ) -> UUID:
        """Give an account a role; return the assignment."""
        assignment = new_id()
        payload = {
            "role": role,
            "audience": audience,
            "unit": unit,
            "from_on": str(from_on or clock.now().date() - timedelta(days=2)),
            "until_on": str(until_on) if until_on else None,
        }
        if audience == "partner" and structure is None:
            structure = new_id()
            await self.fact("structure.activated", structure=structure)
        await self.fact(
            "assignment.granted",
            caisse=caisse,
            payload=payload,
            assignment=assignment,
            account=account,
            structure=structure if audience == "partner" else None,
        )
        return assignment

    async def invite(self, email: str, account: UUID | None = None) -> tuple[UUID, str]:
        """Invite an address as `partners` does; return the account and the token that the e-mail carried."""
        account = account or new_id()
        invitation = new_id()
        await self.fact("account.invited", account=account, invitation=invitation)
        await self.receive_address(invitation, email)
        await self.deliver()
        return account, self.token_for(email)

    async def receive_address(self, invitation: UUID, email: str) -> None:
        """Hand an address over, as the job does that asked `partners` for it."""
        async with self.gate.database.system_session("job") as session:
            await receive_address(session, self.gate.vault, invitation, email)

    async def enrol(self, email: str, **role: Any) -> Person:
        """Give somebody an account that has come through the first connection, with a code application.

        The first time the connection is really made; later tests find its rows again, for the ten recovery
        codes alone take a dozen runs of Argon2.
        """
        if email in self._enrolled:
            person, rows = self._enrolled[email]
            await self.rows("INSERT INTO accounts (id, state) VALUES (%s, 'active')", person.account_id)
            for table, records in rows.items():
                for record in records:
                    query = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)"
                    await self.rows(query, Jsonb(record))
            await self.grant(person.account_id, **role)
            return person
        person = await self.enrol_truly(email, **role)
        rows = {}
        for table in ("credentials", "factors", "recovery_codes"):
            query = f"SELECT to_jsonb(t) AS record FROM {table} t WHERE account_id = %s"
            rows[table] = [row["record"] for row in await self.rows(query, person.account_id)]
        for factor in rows["factors"]:
            factor["last_step"] = None
        self._enrolled[email] = (person, rows)
        return person

    async def enrol_truly(self, email: str, **role: Any) -> Person:
        """Bring somebody through the first connection, with a code application."""
        account, token = await self.invite(email)
        await self.grant(account, **role)
        browser = self.browser()
        assert (await browser.post("/anyone/invitation/accept", token=token, password=PASSWORD)).status_code == 200
        secret = (await browser.post("/anyone/enrolment/totp/start")).json()["secret"]
        person = Person(account, email, secret=secret)
        done = await browser.post("/anyone/enrolment/totp/confirm", code=person.code())
        assert done.status_code == 200, done.text
        person.recovery_codes = done.json()["recovery_codes"]
        assert (await browser.post("/anyone/sign-out")).status_code == 204
        self.move_clock(A_MINUTE)
        return person

    async def signed_in(self, person: Person, browser: Browser | None = None) -> Browser:
        """Sign somebody in with both factors."""
        browser = browser or self.browser()
        first = await browser.post("/anyone/sign-in", email=person.email, password=person.password)
        assert first.json()["state"] == "second_factor", first.text
        second = await browser.post("/anyone/sign-in/totp", code=person.code())
        assert second.json()["state"] == "open", second.text
        self.move_clock(A_MINUTE)
        return browser

    async def deliver(self) -> None:
        """Let the jobs that are due run, but for those that ask `partners` something and the worker's own."""
        for job in await self.rows("DELETE FROM jobs.procrastinate_jobs RETURNING task_name, args"):
            if job["task_name"] in {fetch_address.name, "jobs.take_up_stalled"}:
                continue
            work = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(WORK[job["task_name"]].work)
            async with self.gate.database.system_session("job", settings=self.settings) as session:
                await work(session, **job["args"])

    def mails(self, to: str) -> list[EmailMessage]:
        """Return the e-mails sent to an address, the latest last."""
        found = []
        for path in sorted(self.outbox.glob("*.eml")):
            message = BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
            if message["To"] == to:
                found.append(message)
        return found

    def token_for(self, email: str) -> str:
        """Return the token of the latest link sent to an address."""
        link = re.search(rf"{ORIGIN}/[a-z-]+#([\w-]{{43}})\n", self.mails(email)[-1].get_content())
        assert link is not None
        return link[1]

    async def events(self, *kinds: str) -> list[dict[str, Any]]:
        """Return the journal of sign-ins, of some kinds."""
        return await self.rows("SELECT * FROM sign_in_events WHERE event = ANY(%s) ORDER BY id", list(kinds))
