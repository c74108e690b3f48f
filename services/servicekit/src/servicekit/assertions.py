"""RFC 7523 assertions: how services and applications prove who they are to the token endpoint."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from servicekit import clock, tokens
from servicekit.tokens import Code, Denied, Jwk, PublicKeys, SigningKey

ASSERTION_SECONDS: Final = 60
_TYP: Final = "client-authentication+jwt"
_TYPES = frozenset({_TYP, "JWT"})  # RFC 7523 named none; ordinary libraries of applications write JWT


class Assertion(BaseModel):
    """A verified proof; its `jti` must be remembered until `exp` so that it counts once."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    iss: Code
    sub: Code
    aud: str
    iat: int
    nbf: int
    exp: int
    jti: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


def sign_assertion(key: SigningKey | Jwk | str, client_id: str, token_endpoint: str) -> str:
    """Sign a single-use proof of being `client_id`, valid 60 seconds at `token_endpoint`."""
    now = int(clock.system_now().timestamp())
    assertion = Assertion(
        iss=client_id,
        sub=client_id,
        aud=token_endpoint,
        iat=now,
        nbf=now,
        exp=now + ASSERTION_SECONDS,
        jti=secrets.token_urlsafe(24),
    )
    signing_key = key if isinstance(key, SigningKey) else tokens.load_signing_key(key)
    return tokens.sign(signing_key, assertion.model_dump(), _TYP)


async def verify_assertion(
    assertion: str, token_endpoints: frozenset[str], keys_of: Callable[[str], Awaitable[PublicKeys | None]]
) -> Assertion:
    """Return who signed the assertion, or raise `Denied`. `keys_of` gives a client's registered keys.

    `token_endpoints` are the addresses under which the one endpoint is known (inside, outside).
    """
    unverified = tokens.read(assertion, _TYPES)
    client = unverified.payload.get("sub")
    if not isinstance(client, str):
        raise Denied("client")
    keys = await keys_of(client) or {}
    checked = unverified.check(keys.get(unverified.kid), Assertion)
    tokens.check_times(checked.iat, checked.nbf, checked.exp, ASSERTION_SECONDS)
    if checked.aud not in token_endpoints or checked.iss != checked.sub:
        raise Denied("audience or issuer")
    return checked
