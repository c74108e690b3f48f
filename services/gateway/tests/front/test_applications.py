"""Internal applications: registered by a caisse, granted purpose by purpose, stopped within a second."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from gateway_service.oauth.token_endpoint import JWT_BEARER
from servicekit import clock, tokens
from servicekit.assertions import sign_assertion

from .door import Browser, Door

PARIS = ZoneInfo("Europe/Paris")
OFFICER = "/api/v1/gateway/officer"
THINGS = "/api/v1/echo/app/things"
APP_JWK = tokens.generate_jwk()


async def an_officer(door: Door, caisse: str = "311", role: str = "admin", **known: Any) -> Browser:
    return await door.signed_in("officer", role, caisse=caisse, **({"stepped_up": timedelta(0)} | known))


async def act(officer: Browser, path: str, body: Any = None, if_match: int | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid4())} | ({"If-Match": f'"{if_match}"'} if if_match else {})
    return await officer.post(OFFICER + path, body, headers=headers)


def an_application(name: str = "app-agenda", jwk: dict[str, str] = APP_JWK) -> dict[str, Any]:
    return {"id": name, "label": "Agenda de la caisse", "public_jwk": tokens.public_part(jwk)}


def a_grant(purpose: str = "thing.export", **changed: Any) -> dict[str, Any]:
    until = clock.today(PARIS) + timedelta(days=30)
    return {"service": "echo", "purpose": purpose, "until_on": str(until)} | changed


async def token(door: Door, caisse: str = "311", name: str = "app-agenda", jwk: Any = APP_JWK) -> httpx.Response:
    endpoint = f"{door.settings.origin}/oauth/token"
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": sign_assertion(jwk, name, endpoint),
        "scope": f"caisse:{caisse}",
    }
    return await door.http.post("/oauth/token", data=form)


async def call(door: Door, access_token: str, method: str = "GET", path: str = THINGS) -> httpx.Response:
    return await door.http.request(method, path, headers={"Authorization": f"Bearer {access_token}"})


@pytest.fixture
async def granted(door: Door) -> str:
    """Register the application with one grant; return its access token."""
    officer = await an_officer(door)
    assert (await act(officer, "/applications", an_application())).status_code == 201
    assert (await act(officer, "/applications/app-agenda/grants", a_grant())).status_code == 201
    answer = await token(door)
    assert answer.status_code == 200, answer.text
    assert answer.json()["expires_in"] == 300
    access_token: str = answer.json()["access_token"]
    return access_token


async def test_an_application_does_what_it_was_granted_and_no_more(door: Door, granted: str) -> None:
    answer = await call(door, granted)
    assert answer.status_code == 200, answer.text
    claims = answer.json()["claims"]
    assert (claims["sub"], claims["audience"], claims["role"]) == ("app-agenda", "app", "application_interne")
    assert (claims["caisse"], claims["purp"], claims["acr"]) == ("311", "thing.export", "client")
    refused = await call(door, granted, "POST")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-for-your-role")
    last = (await door.journal())[-1]
    assert (last["sub"], last["caisse"], last["status"]) == ("app-agenda", "311", 403)


@pytest.mark.parametrize(
    "path", ["/api/v1/echo/partner/things", "/api/v1/echo/agent/things", "/api/v1/gateway/me/sessions"]
)
async def test_an_application_is_nobody_on_people_s_routes(door: Door, granted: str, path: str) -> None:
    assert (await call(door, granted, path=path)).status_code == 403


async def test_a_cookie_beside_the_token_changes_nothing(door: Door, granted: str) -> None:
    browser = await door.signed_in()
    answer = await browser.get("/api/v1/echo/partner/things", headers={"Authorization": f"Bearer {granted}"})
    assert answer.status_code == 403
    answer = await browser.get("/api/v1/echo/partner/things", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
    answer = await browser.get(THINGS)
    assert answer.status_code == 403


@pytest.mark.parametrize("header", ["Bearer", "Basic YTpi", "bearer x", "Bearer a.b.c"])
async def test_another_authorization(door: Door, header: str) -> None:
    answer = await door.http.get(THINGS, headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_grant_counts_in_its_caisse_only(door: Door, granted: str) -> None:
    answer = await token(door, "751")
    assert (answer.status_code, answer.json()["error"]) == (403, "invalid_scope")
    other = await an_officer(door, "751")
    assert (await act(other, "/applications/app-agenda/grants", a_grant())).status_code == 404
    assert (await other.get(f"{OFFICER}/applications")).json() == []


async def test_an_end_counts_within_a_second(door: Door, granted: str) -> None:
    officer = await an_officer(door)
    [application] = (await officer.get(f"{OFFICER}/applications")).json()
    [grant] = application["grants"]
    assert (await call(door, granted)).status_code == 200
    assert (await act(officer, f"/grants/{grant['id']}/end")).status_code == 200
    await asyncio.sleep(0.6)
    assert (await call(door, granted)).status_code == 403
    assert (await token(door)).status_code == 403
    assert (await act(officer, "/applications/app-agenda/grants", a_grant())).status_code == 201


async def test_a_suspension_counts_within_a_second_and_can_be_lifted(door: Door, granted: str) -> None:
    officer = await an_officer(door)
    assert (await act(officer, "/applications/app-agenda/suspend", if_match=7)).status_code == 412
    suspended = await act(officer, "/applications/app-agenda/suspend", if_match=1)
    assert suspended.json() == {"id": "app-agenda", "version": 2, "state": "suspended"}
    await asyncio.sleep(0.6)
    assert (await call(door, granted)).status_code == 403
    assert (await token(door)).status_code == 401
    assert (await act(officer, "/applications/app-agenda/reactivate", if_match=2)).status_code == 200
    await asyncio.sleep(0.6)
    assert (await call(door, granted)).status_code == 200


async def test_an_expired_grant_is_none(door: Door, granted: str) -> None:
    await door.rows("UPDATE application_grants SET until_at = now()")
    await asyncio.sleep(0.6)
    assert (await call(door, granted)).status_code == 403


@pytest.mark.parametrize("role", ["dpo"])
async def test_only_administrators_manage_them(door: Door, role: str) -> None:
    officer = await an_officer(door, role=role)
    assert (await officer.get(f"{OFFICER}/applications")).status_code == 403


async def test_a_change_asks_for_the_second_factor_again(door: Door) -> None:
    officer = await an_officer(door, stepped_up=timedelta(minutes=11))
    answer = await act(officer, "/applications", an_application())
    assert answer.json()["type"] == "/problems/step-up-required"
    assert (await officer.get(f"{OFFICER}/applications")).status_code == 200


BAD = [
    an_application("agenda"),
    an_application("app-Agenda"),
    an_application("app-" + "a" * 60),
    an_application() | {"public_jwk": APP_JWK},
    an_application() | {"public_jwk": {"kty": "oct", "k": "AA"}},
    an_application() | {"label": ""},
    an_application() | {"state": "active"},
]


@pytest.mark.parametrize("body", BAD)
async def test_an_application_that_is_not_registered(door: Door, body: dict[str, Any]) -> None:
    officer = await an_officer(door)
    assert (await act(officer, "/applications", body)).status_code == 422
    assert await door.rows("SELECT 1 FROM applications") == []


@pytest.mark.parametrize(
    "body",
    [
        a_grant("thing.follow"),
        a_grant("rights.check"),
        a_grant(service="nothing"),
        a_grant(until_on="2020-01-01"),
        a_grant(until_on="2099-01-01"),
        a_grant(caisse="751"),
    ],
)
async def test_a_grant_that_is_not_given(door: Door, granted: str, body: dict[str, Any]) -> None:
    officer = await an_officer(door)
    assert (await act(officer, "/applications/app-agenda/grants", body)).status_code == 422


async def test_a_name_and_a_grant_are_taken_once(door: Door, granted: str) -> None:
    officer, other = await an_officer(door), await an_officer(door, "751")
    assert (await act(other, "/applications", an_application())).status_code == 409
    assert (await act(officer, "/applications/app-agenda/grants", a_grant())).status_code == 409
    assert (await act(officer, "/applications/app-nobody/grants", a_grant())).status_code == 404
    assert (await act(other, f"/grants/{uuid4()}/end")).status_code == 404
