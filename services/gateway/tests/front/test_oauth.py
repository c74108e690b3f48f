"""Tokens for services and applications: one proof each, nothing wider than what was declared or received."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from gateway_service.oauth.issuing import Subject, application, person, service
from gateway_service.oauth.token_endpoint import JWT_BEARER, JWT_TYPE, TOKEN_EXCHANGE
from servicekit import tokens
from servicekit.assertions import sign_assertion
from servicekit.clock import system_now
from servicekit.db import new_id
from servicekit.keysource import RemoteKeys
from servicekit.tokens import Verifier

from .door import PARTNERS_JWK, REFERRALS_JWK, Door
from .echo import ISSUER

APP_JWK = tokens.generate_jwk()
KEYS = {"svc-referrals": REFERRALS_JWK, "svc-partners": PARTNERS_JWK, "app-agenda": APP_JWK}
INSIDE, OUTSIDE = "http://gateway.test/oauth/token", "http://portail.test/oauth/token"


def form(client: str = "svc-referrals", **changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_assertion_type": JWT_BEARER,
        "client_assertion": sign_assertion(KEYS[client], client, INSIDE),
        "audience": "svc-echo",
        "scope": "rights.check",
    }
    return {name: value for name, value in (known | changed).items() if value is not None}


async def ask(door: Door, client: str = "svc-referrals", **changed: Any) -> httpx.Response:
    return await door.http.post("/oauth/token", data=form(client, **changed))


async def claims_of(door: Door, answer: httpx.Response) -> tokens.Claims:
    assert answer.status_code == 200, answer.text
    source = RemoteKeys(f"{door.url}/.well-known/jwks.json")
    return await Verifier(ISSUER, "svc-echo", source).verify(answer.json()["access_token"])


async def test_a_service_gets_a_token_for_what_is_open_to_it(door: Door) -> None:
    answer = await ask(door)
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 60
    assert answer.headers["cache-control"] == "no-store"
    claims = await claims_of(door, answer)
    assert (claims.sub, claims.client, claims.audience, claims.purp) == (
        "svc-referrals",
        "svc-referrals",
        "internal",
        "rights.check",
    )
    assert (claims.caisse, claims.structure, claims.exp - claims.iat) == ("", None, 60)
    [row] = await door.journal()
    assert (row["route"], row["sub"], row["status"]) == ("/oauth/token", "svc-referrals", 200)


async def test_the_outside_address_of_the_endpoint_counts_too(door: Door) -> None:
    assertion = sign_assertion(REFERRALS_JWK, "svc-referrals", OUTSIDE)
    assert (await ask(door, client_assertion=assertion)).status_code == 200


@pytest.mark.parametrize(
    ("client", "audience", "scope"),
    [
        ("svc-referrals", "svc-echo", "thing.follow"),
        ("svc-referrals", "svc-echo", "sign_in"),
        ("svc-referrals", "svc-gateway", "rights.check"),
        ("svc-referrals", "svc-nothing", "rights.check"),
        ("svc-partners", "svc-echo", "rights.check"),
        ("svc-partners", "svc-echo", "facts.follow"),
        ("svc-referrals", "svc-echo", "rights.check facts.follow"),
    ],
)
async def test_nothing_else_is_open_to_it(door: Door, client: str, audience: str, scope: str) -> None:
    answer = await ask(door, client, audience=audience, scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (403, "invalid_target")
    [row] = await door.journal()
    assert (row["status"], row["refusal"]) == (403, "invalid_target")


async def test_a_proof_counts_once(door: Door) -> None:
    used = form()
    answers = await asyncio.gather(*(door.http.post("/oauth/token", data=used) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    assert {answer.json()["error"] for answer in answers if answer.status_code == 401} == {"invalid_client"}


@pytest.mark.parametrize(
    "changed",
    [
        {"client_assertion": None},
        {"client_assertion": "a.b.c"},
        {"client_assertion_type": None},
        {"client_assertion_type": "client_secret"},
        {"client_id": "svc-partners"},
        {"client_assertion": sign_assertion(PARTNERS_JWK, "svc-referrals", INSIDE)},
        {"client_assertion": sign_assertion(REFERRALS_JWK, "svc-referrals", "http://evil.test/oauth/token")},
        {"client_assertion": sign_assertion(REFERRALS_JWK, "svc-unknown", INSIDE), "client_id": None},
        {"client_assertion": sign_assertion(APP_JWK, "app-agenda", INSIDE), "client_id": "app-agenda"},
    ],
)
async def test_a_client_that_does_not_prove_itself(door: Door, changed: dict[str, Any]) -> None:
    answer = await ask(door, **changed)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "application/json"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"a", "application/x-www-form-urlencoded"),
        (b"a=\xff", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=b" % n for n in range(30)), "application/x-www-form-urlencoded"),
    ],
)
async def test_a_malformed_form(door: Door, content: bytes, kind: str) -> None:
    answer = await door.http.post("/oauth/token", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_form_too_long(door: Door) -> None:
    assert (await ask(door, more="a" * 20_000)).status_code == 413


async def test_an_unknown_grant_type(door: Door) -> None:
    for kind in ("password", "authorization_code", "refresh_token", ""):
        assert (await ask(door, grant_type=kind)).json()["error"] == "unsupported_grant_type"


# --- exchange


def received(door: Door, who: Subject, purpose: str = "thing.follow", service_name: str = "referrals") -> str:
    """Return a token that a service received with a request."""
    token: str = door.app.state.engine.mint.txn_token(who, service_name, purpose, str(new_id()))
    return token


def somebody(**changed: Any) -> Subject:
    known: dict[str, Any] = {
        "sub": str(new_id()),
        "client": "spa",
        "audience": "partner",
        "role": "partner_user",
        "caisse": "311",
        "structure": new_id(),
        "acr": "mfa",
        "session_hash": "session",
    }
    return Subject(**(known | changed))


async def exchange(door: Door, subject: str, client: str = "svc-referrals", **changed: Any) -> httpx.Response:
    known = {
        "grant_type": TOKEN_EXCHANGE,
        "subject_token": subject,
        "subject_token_type": JWT_TYPE,
        "scope": "thing.follow",
    }
    return await ask(door, client, **(known | changed))


async def test_an_exchange_keeps_the_caller_and_names_the_service(door: Door) -> None:
    who = somebody()
    answer = await exchange(door, received(door, who))
    claims = await claims_of(door, answer)
    assert (claims.sub, claims.role, claims.caisse, claims.structure) == (who.sub, who.role, "311", who.structure)
    assert (claims.audience, claims.client, claims.sid_h) == ("partner", "svc-referrals", "session")
    assert claims.purp == "thing.follow"
    assert answer.json()["issued_token_type"] == JWT_TYPE


async def test_an_exchange_lives_no_longer_than_what_was_received(door: Door) -> None:
    mint = door.app.state.engine.mint
    until = int(system_now().timestamp()) + 20
    token = mint.txn_token(somebody(), "referrals", "thing.follow", str(new_id()), until=until)
    assert (await claims_of(door, await exchange(door, token))).exp == until


async def test_an_internal_route_is_reached_on_somebody_s_behalf(door: Door) -> None:
    who = somebody()
    claims = await claims_of(door, await exchange(door, received(door, who), scope="rights.check"))
    assert (claims.audience, claims.client, claims.purp) == ("internal", "svc-referrals", "rights.check")
    assert (claims.sub, claims.caisse, claims.structure) == (who.sub, who.caisse, who.structure)


@pytest.mark.parametrize(
    ("who", "purpose", "wanted"),
    [
        # another purpose than the one received
        (somebody(), "thing.follow", {"scope": "thing.file"}),
        (somebody(), "thing.file", {"scope": "thing.follow"}),
        # a purpose no route of that audience has
        (somebody(audience="agent", role="conseiller_misas"), "thing.file", {"scope": "thing.file"}),
        # an internal purpose that is another service's
        (somebody(), "thing.follow", {"scope": "handover.read"}),
        # another service, where nothing is open
        (somebody(), "thing.follow", {"audience": "svc-gateway"}),
        (somebody(), "thing.follow", {"audience": "svc-partners"}),
        # an application without the grant over there
        (application("app-agenda", "311"), "thing.export", {"scope": "thing.export"}),
    ],
)
async def test_an_exchange_never_widens(door: Door, who: Subject, purpose: str, wanted: dict[str, str]) -> None:
    answer = await exchange(door, received(door, who, purpose), **wanted)
    assert (answer.status_code, answer.json()["error"]) == (403, "invalid_scope")


async def test_a_token_addressed_to_another_service_is_not_exchanged(door: Door) -> None:
    answer = await exchange(door, received(door, somebody(), service_name="partners"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_service_s_own_token_is_not_exchanged(door: Door) -> None:
    answer = await exchange(door, received(door, service("partners"), "facts.follow"), scope="facts.follow")
    assert (answer.status_code, answer.json()["error"]) == (403, "invalid_grant")


@pytest.mark.parametrize(
    "changed",
    [{"subject_token": "a.b.c"}, {"subject_token": None}, {"subject_token_type": None}, {"audience": "echo"}],
)
async def test_a_malformed_exchange(door: Door, changed: dict[str, Any]) -> None:
    answer = await exchange(door, received(door, somebody()), **changed)
    assert answer.status_code == 400


async def test_a_session_token_does_not_open_the_front(door: Door) -> None:
    """An internal token is for services; at the door it is worth nothing."""
    browser = await door.signed_in()
    session = await door.app.state.gate.sessions.resolve(browser.cookie)
    token = received(door, person(session, session.active), service_name="echo")
    answer = await door.http.get("/api/v1/echo/partner/things", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert json.loads(answer.text)["type"] == "/problems/unauthenticated"
