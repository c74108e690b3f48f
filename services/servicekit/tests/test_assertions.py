"""A client proves who it is with a signature of its own key, for one token endpoint, within a minute."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from servicekit import tokens
from servicekit.assertions import sign_assertion, verify_assertion
from servicekit.tokens import Denied, PublicKeys

from .forging import KEY, KID, OTHER_KEY, PRIVATE_JWK, forge, good_header

ENDPOINT = "http://gateway.test/oauth/token"
CLIENT = "svc-referrals"


async def keys_of(client: str) -> PublicKeys | None:
    return tokens.load_keys({"keys": [dict(KEY.public_jwk)]}) if client == CLIENT else None


async def test_a_service_proves_who_it_is() -> None:
    for key in (KEY, PRIVATE_JWK, json.dumps(PRIVATE_JWK)):
        assertion = await verify_assertion(sign_assertion(key, CLIENT, ENDPOINT), frozenset({ENDPOINT}), keys_of)
        assert (assertion.sub, assertion.aud) == (CLIENT, ENDPOINT)


async def test_no_two_assertions_share_an_id() -> None:
    made = {
        (await verify_assertion(sign_assertion(KEY, CLIENT, ENDPOINT), frozenset({ENDPOINT}), keys_of)).jti
        for _ in range(20)
    }
    assert len(made) == 20


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": ENDPOINT,
        "iat": now,
        "nbf": now,
        "exp": now + 60,
        "jti": "YXNzZXJ0aW9uLWlkLTAwMQ",
    } | changed


def _forged(**changed: Any) -> str:
    return forge(good_header(typ="JWT"), _claims(**changed))


async def test_an_ordinary_library_s_header_is_accepted() -> None:
    assert (await verify_assertion(_forged(), frozenset({ENDPOINT}), keys_of)).sub == CLIENT


VECTORS: dict[str, Callable[[], str]] = {
    "another endpoint": lambda: sign_assertion(KEY, CLIENT, "http://evil.test/oauth/token"),
    "endpoint in a list": lambda: _forged(aud=[ENDPOINT]),
    "unknown client": lambda: sign_assertion(KEY, "svc-unknown", ENDPOINT),
    "client is a number": lambda: _forged(sub=1, iss=1),
    "issuer is not the subject": lambda: _forged(iss="svc-partners"),
    "another client's key": lambda: sign_assertion(OTHER_KEY, CLIENT, ENDPOINT),
    "another client's key under our name": lambda: sign_assertion(
        tokens.SigningKey(KID, KEY.public_jwk, OTHER_KEY.private), CLIENT, ENDPOINT
    ),
    "an internal token": forge,
    "typ of an internal token": lambda: forge(good_header(), _claims()),
    "expired": lambda: _forged(iat=int(time.time()) - 70, nbf=int(time.time()) - 70, exp=int(time.time()) - 10),
    "valid for an hour": lambda: _forged(exp=int(time.time()) + 3600),
    "not yet": lambda: _forged(iat=int(time.time()) + 20, exp=int(time.time()) + 60),
    "short id": lambda: _forged(jti="1"),
    "one claim too many": lambda: _forged(role="admin"),
    "unsigned": lambda: forge(good_header(typ="JWT", alg="none"), _claims()),
}


@pytest.mark.parametrize("vector", VECTORS)
async def test_refused(vector: str) -> None:
    with pytest.raises(Denied):
        await verify_assertion(VECTORS[vector](), frozenset({ENDPOINT}), keys_of)


@pytest.mark.parametrize("claim", _claims())
async def test_refused_without(claim: str) -> None:
    claims = _claims()
    del claims[claim]
    with pytest.raises(Denied):
        await verify_assertion(forge(good_header(typ="JWT"), claims), frozenset({ENDPOINT}), keys_of)
