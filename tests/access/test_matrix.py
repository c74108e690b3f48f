"""Every route × every role, service and stranger, against the matrix a data-protection officer reads.

`matrix.csv` is written by hand, apart from the code: a route that is not in it, or that is declared otherwise,
turns the suite red. Each service is called directly, past the gateway, with real tokens.
"""

import asyncio
import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from embedded.system import PACKAGES
from partners_service.bodies.loading import load
from partners_service.roles import STANDINGS, Role
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.route import ServiceRoute
from servicekit.testing import ServiceUnderTest, a_service, a_token, an_actor, service_routes, service_under_test

MATRIX = Path(__file__).with_name("matrix.csv")
SERVICES = (*PACKAGES, "statistics")
NOBODY = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Row:
    """One route, as the matrix has it."""

    service: str
    method: str
    path: str
    audience: Audience
    who: frozenset[str]
    purpose: str
    step_up: bool

    def admits(self, actor: Actor) -> bool:
        """Say who may: the oracle, from the matrix alone."""
        if self.audience is Audience.ANYONE:
            return True
        if actor.audience is not self.audience:
            return False
        name = actor.client if self.audience in {Audience.INTERNAL, Audience.APP} else actor.role
        return "everybody" in self.who or name in self.who


def matrix() -> dict[tuple[str, str, str], Row]:
    with MATRIX.open(encoding="utf-8") as lines:
        return {
            (r["service"], r["method"], r["path"]): Row(
                r["service"],
                r["method"],
                r["path"],
                Audience(r["audience"]),
                frozenset(r["who"].split()),
                r["purpose"],
                r["needs"] == "step-up",
            )
            for r in csv.DictReader(lines)
        }


def everybody() -> list[Actor]:
    """Return somebody of each role, stepped up, then each service, then an application."""
    now = int(clock.system_now().timestamp())
    people = [
        an_actor(standing.audience, str(role), stepup_at=now)
        for role, standing in STANDINGS.items()
        if standing.audience is not Audience.APP
    ]
    application = an_actor(Audience.APP, str(Role.APPLICATION_INTERNE), sub="app-x", client="app-x", session_hash="")
    return [*people, *(a_service(name) for name in SERVICES), application]


@pytest.fixture(scope="module", params=PACKAGES.values())
async def service(request: pytest.FixtureRequest, admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test(request.param, admin_url) as it:
        if it.name == "partners":
            async with it.app.state.service.database.system_session("reference.load") as session:
                await load(session)
        if it.name == "accompaniments":
            await it.rows("INSERT INTO body_clocks VALUES ('311', '31', 'Europe/Paris') ON CONFLICT DO NOTHING")
        yield it


def guarded(service: ServiceUnderTest) -> list[Row]:
    """Return the rows that a token alone decides; the own account's routes also ask for a living session."""
    open_to = {Audience.ANYONE, Audience.SELF}
    return [row for row in matrix().values() if row.service == service.name and row.audience not in open_to]


def declared(service: ServiceUnderTest) -> dict[tuple[str, str, str], ServiceRoute]:
    return {
        (service.name, method, route.path): route
        for route in service_routes(service.app)
        for method in route.methods or ()
    }


async def test_the_matrix_lists_every_route_as_it_is_declared(service: ServiceUnderTest) -> None:
    routes = declared(service)
    rows = {key: row for key, row in matrix().items() if row.service == service.name}
    assert set(routes) == set(rows)
    for key, route in routes.items():
        access, row = route.declared, rows[key]
        assert (access.audience, access.purpose, access.step_up) == (row.audience, row.purpose, row.step_up), key


async def test_every_role_is_admitted_or_refused_as_the_matrix_says(service: ServiceUnderTest) -> None:
    rows = guarded(service)
    assert rows
    wrong: list[str] = []

    async def ask(row: Row, actor: Actor) -> None:
        path = row.path.replace("{service}", "partners")
        while "{" in path:
            path = path[: path.index("{")] + NOBODY + path[path.index("}") + 1 :]
        answer = await service.client_as(actor).request(row.method, path, purpose=row.purpose)
        refused = answer.status_code in {401, 403} and answer.json()["type"].endswith(
            ("/not-for-your-role", "/unauthenticated")
        )
        if refused is row.admits(actor) or answer.status_code >= 500:
            wrong.append(f"{row.method} {row.path} as {actor.role or actor.client}: {answer.status_code}")

    for row in rows:
        people = everybody()
        for some in range(0, len(people), 8):
            await asyncio.gather(*(ask(row, actor) for actor in people[some : some + 8]))
    assert wrong == []


async def test_nobody_gets_in_without_the_right_token(service: ServiceUnderTest) -> None:
    actors = everybody()
    nobody = service.client_as(None)
    for row in guarded(service):
        actor = next(a for a in actors if row.admits(a))
        path = row.path.replace("{", "").replace("}", "")
        elsewhere = a_token(actor, "elsewhere", row.purpose)
        wrong_purpose = a_token(actor, service.name, "something.else")
        for token, status in ((None, 401), ("x.y.z", 401), (elsewhere, 401), (wrong_purpose, 403)):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = await nobody.request(row.method, path, headers=headers)
            assert answer.status_code == status, (row, token)


async def test_a_stale_second_factor_does_not_pass_where_a_fresh_one_is_asked(service: ServiceUnderTest) -> None:
    old = int(clock.system_now().timestamp()) - 601
    for row in (r for r in guarded(service) if r.step_up):
        role = next(str(role) for role, s in STANDINGS.items() if row.admits(an_actor(s.audience, str(role))))
        audience = STANDINGS[Role(role)].audience
        path = row.path.replace("{", "").replace("}", "")
        answer = await service.client_as(an_actor(audience, role, stepup_at=old)).request(
            row.method, path, purpose=row.purpose
        )
        assert answer.json()["type"] == "/problems/step-up-required", row


def test_every_role_in_the_matrix_exists() -> None:
    known = {str(role): standing.audience for role, standing in STANDINGS.items()}
    for row in matrix().values():
        if row.audience in {Audience.PARTNER, Audience.AGENT, Audience.OFFICER, Audience.PILOT}:
            assert all(known[name] is row.audience for name in row.who - {"everybody"}), row
