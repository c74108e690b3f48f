"""Minting: who somebody is, said to one service for one purpose, for a minute."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from gateway_service.oauth.keys import KeyRing
from gateway_service.sign_in.sessions import OpenSession, Role
from servicekit import clock, tokens
from servicekit.tokens import ACCESS, TXN, Claims, Kind

BROWSER: Final = "spa"
SERVICE_ROLE: Final = "service"
APPLICATION_ROLE: Final = "application_interne"
APPLICATION_PURPOSE: Final = "application"
"""Purpose of an access token: none in particular, each call is checked against the grants."""
ACCESS_AUDIENCE: Final = "gateway"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts, as the gateway has established it; members as in `tokens.Claims`."""

    sub: str
    client: str
    audience: str
    role: str
    caisse: str
    structure: UUID | None = None
    unit: str | None = None
    acr: Literal["mfa", "client"] = "client"
    auth_time: int = 0
    stepup_at: int | None = None
    session_hash: str = ""


def person(session: OpenSession, role: Role) -> Subject:
    """Return a person acting under the active role of an open session."""
    return Subject(
        sub=str(session.account_id),
        client=BROWSER,
        audience=role.audience,
        role=role.role,
        caisse=role.caisse,
        structure=role.structure_id,
        unit=role.unit,
        acr="mfa",
        auth_time=_seconds(session.auth_time) or 0,
        stepup_at=_seconds(session.stepup_at),
        session_hash=session.session_hash,
    )


def person_on_own_account(session: OpenSession) -> Subject:
    """Return a person acting on the own account, with or without a role to act under."""
    return Subject(
        sub=str(session.account_id),
        client=BROWSER,
        audience="me",
        role=session.active.role if session.active else "none",
        caisse=session.active.caisse if session.active else "",
        acr="mfa",
        auth_time=_seconds(session.auth_time) or 0,
        stepup_at=_seconds(session.stepup_at),
        session_hash=session.session_hash,
    )


def service(name: str) -> Subject:
    """Return a service acting for itself."""
    return Subject(f"svc-{name}", f"svc-{name}", "internal", SERVICE_ROLE, "")


def application(client_id: str, caisse: str) -> Subject:
    """Return an internal application acting for one caisse."""
    return Subject(client_id, client_id, "app", APPLICATION_ROLE, caisse)


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())


class Mint:
    """Signs what the gateway has established about a caller."""

    def __init__(self, issuer: str, ring: KeyRing) -> None:
        self._issuer = issuer
        self._ring = ring

    def txn_token(self, who: Subject, service: str, purpose: str, txn: str, *, until: int | None = None) -> str:
        """Return a token for one service and one purpose; `until` (seconds) shortens its minute."""
        return self._mint(who, f"svc-{service}", purpose, txn, TXN, until)

    def access_token(self, who: Subject, txn: str) -> str:
        """Return what an application shows to the gateway, for five minutes."""
        return self._mint(who, ACCESS_AUDIENCE, APPLICATION_PURPOSE, txn, ACCESS, None)

    async def own_token(self, audience: str, purpose: str) -> str:
        """Return a token of the gateway itself for another service (`servicekit.identity.TokenSource`)."""
        return self._mint(service("gateway"), audience, purpose, secrets.token_hex(16), TXN, None)

    def _mint(self, who: Subject, aud: str, purpose: str, txn: str, kind: Kind, until: int | None) -> str:
        now = int(clock.system_now().timestamp())
        exp = now + kind.seconds
        claims = Claims.model_validate(
            {
                "iss": self._issuer,
                "aud": aud,
                "sub": who.sub,
                "client": who.client,
                "iat": now,
                "nbf": now,
                "exp": exp if until is None else min(exp, until),
                "jti": secrets.token_urlsafe(16),
                "txn": txn,
                "purp": purpose,
                "audience": who.audience,
                "role": who.role,
                "caisse": who.caisse,
                "structure": who.structure,
                "unit": who.unit,
                "acr": who.acr,
                "auth_time": who.auth_time,
                "stepup_at": who.stepup_at,
                "sid_h": who.session_hash,
            }
        )
        return tokens.mint(self._ring.current(), claims, kind)
