"""Nothing gets in but through the gateway, and through the gateway nothing but what it decides itself."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from world import World

from embedded.demo.portal import Portal
from embedded.system import PACKAGES, ROOT
from gateway_service.sealing import Vault
from servicekit import tokens
from servicekit.tokens import Claims, SigningKey

pytestmark = pytest.mark.system

METHODS = ("get", "post", "put", "patch", "delete")
SOMEBODY = "0193a2b4-0000-7000-8000-000000000001"
OWN = "/api/v1/referrals/partner/requests"


@dataclass(frozen=True)
class Operation:
    """One operation of a contract, with a path that can be called."""

    service: str
    method: str
    path: str
    access: dict[str, Any]

    @property
    def name(self) -> str:
        """Return how a failure names it."""
        return f"{self.method.upper()} {self.path}"


def _operations() -> list[Operation]:
    found = []
    for service in PACKAGES:
        contract = json.loads((ROOT / "openapi" / f"{service}.json").read_text(encoding="utf-8"))
        for template, operations in contract["paths"].items():
            path = template.replace("{service}", "partners")
            while "{" in path:
                path = path[: path.index("{")] + SOMEBODY + path[path.index("}") + 1 :]
            found += [Operation(service, m, path, operations[m]["x-access"]) for m in METHODS if m in operations]
    return found


OPERATIONS = _operations()
BEHIND = [operation for operation in OPERATIONS if operation.service != "gateway"]
INTERNAL = [operation for operation in BEHIND if operation.path.startswith("/internal/")]
CHANGES = [o for o in OPERATIONS if o.method != "get" and not o.path.startswith("/internal/")]


def test_the_contracts_were_read() -> None:
    assert len(OPERATIONS) > 100
    assert {operation.service for operation in INTERNAL} == {"partners", "referrals", "accompaniments"}


def _direct(world: World, service: str) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{world.system.settings.port_of(service)}", timeout=15)


@pytest.mark.parametrize("service", PACKAGES)
def test_without_a_token_every_route_is_401_and_only_health_answers(world: World, service: str) -> None:
    """T11: what the network lets through to a service's own port is refused by the service."""
    forged = {"X-User-Id": SOMEBODY, "X-Forwarded-User": "admin", "X-Caisse": "311", "Cookie": "__Host-sid=guess"}
    from_our_pages = {"Origin": world.system.url, "X-CSRF": "1"}
    wrong = []
    with _direct(world, service) as http:
        for path in ("/livez", "/readyz"):
            assert http.get(path).status_code == 200
        assert http.get("/metrics").status_code == 401
        for operation in OPERATIONS:
            if operation.service != service or operation.access["audience"] == "anyone":
                continue
            for headers in (from_our_pages, from_our_pages | forged):
                answer = http.request(operation.method, operation.path, headers=headers)
                if answer.status_code != 401 or answer.headers["content-type"] != "application/problem+json":
                    wrong.append(f"{operation.name}: {answer.status_code}")
    assert wrong == []


def _keys(world: World) -> SigningKey:
    """Return the very key the running gateway signs with: what is refused below is refused for its content."""
    vault = Vault.from_setting(world.system.environment_of("gateway")["ALLER_SEALING_KEY"])
    row = world.rows("gateway", "SELECT id, private_sealed FROM signing_keys ORDER BY use_from_at LIMIT 1")[0]
    return tokens.load_signing_key(vault.open("signing_key", row["id"], bytes(row["private_sealed"])).decode())


def _claims(operation: Operation, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    declared = operation.access
    audience = declared["audience"]
    client = declared["clients"][0] if audience == "internal" else "spa"
    return {
        "iss": "https://gateway.aller-vers.internal",
        "aud": f"svc-{operation.service}",
        "sub": client if audience == "internal" else SOMEBODY,
        "client": client,
        "iat": now,
        "nbf": now,
        "exp": now + 60,
        "jti": uuid4().hex,
        "txn": str(uuid4()),
        "purp": declared["purpose"],
        "audience": audience,
        "role": declared["roles"][0] if declared["roles"] else {"internal": "service"}.get(audience, "partner_user"),
        "caisse": "" if audience == "internal" else "311",
        "structure": SOMEBODY if audience == "partner" else None,
        "unit": "misas" if audience == "agent" else None,
        "acr": "client" if audience == "internal" else "mfa",
        "auth_time": now,
        "stepup_at": now,
        "sid_h": "" if audience == "internal" else uuid4().hex,
    } | changed


def _segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bad_tokens(operation: Operation, key: SigningKey) -> dict[str, str]:
    """Return tokens of which each is wrong in one way."""
    long_ago = int(time.time()) - 120
    other = "svc-partners" if operation.service == "referrals" else "svc-referrals"
    expired = _claims(operation, iat=long_ago, nbf=long_ago, exp=long_ago + 60)
    stranger = tokens.load_signing_key(tokens.generate_jwk())
    good = tokens.sign(key, _claims(operation), tokens.TXN.typ)
    header, payload, signature = good.split(".")
    unsigned = _segment(json.dumps({"alg": "none", "typ": tokens.TXN.typ, "kid": key.kid}).encode())
    wider = _segment(json.dumps(_claims(operation, caisse="751")).encode())
    impostor = SigningKey(key.kid, stranger.public_jwk, stranger.private)
    return {
        "other audience": tokens.sign(key, _claims(operation, aud=other), tokens.TXN.typ),
        "the gateway's audience": tokens.sign(key, _claims(operation, aud="svc-gateway"), tokens.TXN.typ),
        "other issuer": tokens.sign(key, _claims(operation, iss="https://elsewhere.test"), tokens.TXN.typ),
        "expired": tokens.sign(key, expired, tokens.TXN.typ),
        "not yet valid": tokens.sign(key, _claims(operation, nbf=int(time.time()) + 600), tokens.TXN.typ),
        "an application's kind": tokens.sign(key, _claims(operation), tokens.ACCESS.typ),
        "unknown key": tokens.sign(stranger, _claims(operation), tokens.TXN.typ),
        "another key under our name": tokens.sign(impostor, _claims(operation), tokens.TXN.typ),
        "unsigned": f"{unsigned}.{payload}.",
        "unsigned but shaped": f"{unsigned}.{payload}.{signature}",
        "payload replaced": f"{header}.{wider}.{signature}",
        "signature cut": good[:-8],
        "not a token": "e30",
    }


def test_a_token_wrong_in_any_way_is_401_on_every_route(world: World) -> None:
    key = _keys(world)
    accepted = []
    for service in sorted({operation.service for operation in BEHIND}):
        with _direct(world, service) as http:
            for operation in BEHIND:
                if operation.service != service:
                    continue
                for flaw, token in _bad_tokens(operation, key).items():
                    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
                    answer = http.request(operation.method, operation.path, headers=headers)
                    if answer.status_code != 401:
                        accepted.append(f"{flaw}: {operation.name}: {answer.status_code}")
    assert accepted == []


def test_a_good_token_of_the_same_make_is_accepted_and_a_wrong_purpose_is_not(world: World) -> None:
    """Without this, the refusals above could have any cause."""
    key = _keys(world)
    wrong = []
    with ExitStack() as stack:
        doors = {o.service: stack.enter_context(_direct(world, o.service)) for o in BEHIND}
        for operation in BEHIND:
            http = doors[operation.service]
            token = tokens.mint(key, Claims.model_validate(_claims(operation)))
            answer = http.request(operation.method, operation.path, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code in {401, 403} or answer.is_server_error:
                wrong.append(f"{operation.name}: {answer.status_code} {answer.text}")
            other = tokens.mint(key, Claims.model_validate(_claims(operation, purp="other.purpose")))
            refused = http.request(operation.method, operation.path, headers={"Authorization": f"Bearer {other}"})
            if refused.status_code != 403:
                wrong.append(f"{operation.name} for another purpose: {refused.status_code}")
    assert wrong == []


def test_internal_routes_do_not_exist_through_the_gateway(world: World) -> None:
    key = _keys(world)
    cookie = world.as_("fil-paul").cookie
    with httpx.Client(base_url=world.system.url, timeout=15) as http:
        for operation in INTERNAL:
            bearer = {"Authorization": f"Bearer {tokens.sign(key, _claims(operation), tokens.TXN.typ)}"}
            for path in (
                operation.path,
                f"/api/v1/{operation.service}{operation.path}",
                f"/api/v1/{operation.service}/partner/..{operation.path}",
                f"/api/v1/{operation.service}/partner/%2e%2e%2f%2e%2e{operation.path}",
                f"/{operation.path}",
                f"/api/v1/{operation.service}//{operation.path}",
            ):
                for headers in ({}, cookie, bearer, cookie | bearer):
                    answer = http.get(path, headers=headers)
                    assert answer.status_code == 404, f"{path}: {answer.status_code}"
                    assert answer.json()["type"] == "/problems/not-found"


@pytest.fixture(scope="module")
def gateway(world: World) -> Iterator[httpx.Client]:
    """Return the way in, without anybody's session."""
    with httpx.Client(base_url=world.system.url, timeout=15) as http:
        yield http


def _read_as(gateway: httpx.Client, portal: Portal, **headers: str) -> httpx.Response:
    return gateway.get(OWN, headers=portal.cookie | headers)


def test_what_a_client_says_of_itself_changes_nothing(world: World, gateway: httpx.Client) -> None:
    portal = world.as_("fil-paul")
    plain = _read_as(gateway, portal)
    assert plain.status_code == 200
    other = str(world.company.structures["escale"])
    said = {
        "X-User-Id": str(world.company.accounts["misas-nadia"]),
        "X-User-Role": "conseiller_misas",
        "X-User-Caisse": "751",
        "X-Caisse": "751",
        "X-Structure": other,
        "X-Role": "admin",
        "X-Audience": "agent",
        "X-Purpose": "referral.triage",
        "X-Forwarded-User": "admin",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "elsewhere.test",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/internal",
        "X-Original-URL": "/internal/facts",
        "X-Rewrite-URL": "/internal/facts",
        "X-HTTP-Method-Override": "DELETE",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9;host=elsewhere.test",
        "X-Request-Id": "11111111-2222-3333-4444-555555555555",
    }
    for name, value in said.items():
        assert _read_as(gateway, portal, **{name: value}).json() == plain.json(), name
    together = _read_as(gateway, portal, **said)
    assert together.json() == plain.json()

    txn = together.headers["X-Request-Id"]
    assert txn != said["X-Request-Id"]
    traced = world.rows(
        "gateway", "SELECT sub, role, caisse, structure, address FROM request_journal WHERE txn=%s", txn
    )
    assert [(row["sub"], row["role"], row["caisse"], row["structure"]) for row in traced] == [
        (str(world.company.accounts["fil-paul"]), "partner_user", "311", world.company.structures["le-fil"])
    ]
    assert "203.0.113" not in traced[0]["address"]
    read = world.rows("referrals", "SELECT actor, caisse, structure FROM journal WHERE txn = %s", txn)
    assert [(row["actor"], row["caisse"], row["structure"]) for row in read] == [
        (str(world.company.accounts["fil-paul"]), "311", world.company.structures["le-fil"])
    ]


def test_a_token_sent_by_a_client_gives_nothing(world: World, gateway: httpx.Client) -> None:
    """Even one of our own making, signed with our own key, for the very route."""
    key = _keys(world)
    reads = Operation(
        "referrals",
        "get",
        OWN,
        {"audience": "partner", "clients": [], "purpose": "referral.follow", "roles": ["partner_user"]},
    )
    escale = {"sub": str(world.company.accounts["escale-hugo"]), "caisse": "751"}
    structure: UUID = world.company.structures["escale"]
    token = tokens.sign(key, _claims(reads, **escale, structure=str(structure)), tokens.TXN.typ)
    with _direct(world, "referrals") as http:
        assert http.get(OWN, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    portal = world.as_("fil-paul")
    for value in (f"Bearer {token}", "Bearer nothing", "Basic YWRtaW46YWRtaW4="):
        assert _read_as(gateway, portal, Authorization=value).status_code == 401
        alone = gateway.get(OWN, headers={"Authorization": value})
        assert alone.status_code == 401


def test_a_change_that_does_not_come_from_our_pages_is_refused(world: World) -> None:
    """T14, on every route that changes anything, signed in or not."""
    ours = {"Origin": world.system.url, "X-CSRF": "1"}
    foreign: dict[str, dict[str, str]] = {
        "no X-CSRF": {"Origin": world.system.url},
        "another X-CSRF": ours | {"X-CSRF": "0"},
        "no Origin": {"X-CSRF": "1"},
        "foreign Origin": ours | {"Origin": "https://elsewhere.test"},
        "null Origin": ours | {"Origin": "null"},
        "our name, another port": ours | {"Origin": f"{world.system.url}0"},
        "cross-site": ours | {"Sec-Fetch-Site": "cross-site"},
        "a sub-domain": ours | {"Sec-Fetch-Site": "same-site"},
        "an address typed in": ours | {"Sec-Fetch-Site": "none"},
    }
    cookie = world.as_("fil-paul").cookie
    passed = []
    with httpx.Client(base_url=world.system.url, timeout=15) as http:
        for rank, operation in enumerate(CHANGES):
            flaws = foreign if rank % 10 == 0 else {k: foreign[k] for k in ("no X-CSRF", "no Origin", "foreign Origin")}
            for flaw, headers in flaws.items():
                answer = http.request(operation.method, operation.path, headers=cookie | headers)
                if answer.status_code != 403 or answer.json()["type"] != "/problems/cross-site":
                    passed.append(f"{flaw}: {operation.name}: {answer.status_code}")
        assert passed == []
        registered = http.post("/api/v1/referrals/partner/persons/search", headers=cookie | ours, json={})
        assert registered.status_code != 403
