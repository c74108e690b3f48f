"""The token endpoint: services and applications prove who they are and get a short token for one audience.

No shared secret exists: a client signs an assertion with its own key (RFC 7523), which counts once. A service
may ask only for what the internal routes of the contracts open to it, and may exchange a token it received
(RFC 8693) for another service's: caller, role, caisse and lifetime can only stay or shrink.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

from sqlalchemy.dialects.postgresql import insert

from gateway_service.front.models import UsedAssertion
from gateway_service.front.routing import Table
from gateway_service.oauth import issuing
from gateway_service.oauth.applications import Applications
from gateway_service.oauth.issuing import Mint, Subject
from servicekit import clock
from servicekit.assertions import Assertion, verify_assertion
from servicekit.db import Database
from servicekit.tokens import LEEWAY_SECONDS, Claims, Denied, KeySource, PublicKeys, Verifier

TOKEN_PATH: Final = "/oauth/token"  # noqa: S105 - an address
LONGEST_FORM: Final = 16_384
CLIENT_CREDENTIALS: Final = "client_credentials"
TOKEN_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a name
JWT_BEARER: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_TYPE: Final = "urn:ietf:params:oauth:token-type:jwt"
_PURPOSE: Final = "oauth.token"
_CAISSE_SCOPE: Final = "caisse:"
_PEOPLE: Final = frozenset({"partner", "agent", "officer", "pilot", "app"})


class OAuthRefusal(Exception):
    """An error of RFC 6749: `error` is its code."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Granted:
    """A token given, and to whom."""

    who: Subject
    token: str
    seconds: int
    exchanged: bool

    def body(self) -> dict[str, str | int]:
        """Return the answer as RFC 6749 and RFC 8693 write it."""
        answer: dict[str, str | int] = {
            "access_token": self.token,
            "token_type": "Bearer",
            "expires_in": self.seconds,
        }
        return answer | {"issued_token_type": JWT_TYPE} if self.exchanged else answer


class TokenEndpoint:
    """Answers `POST /oauth/token`."""

    def __init__(
        self,
        *,
        endpoints: frozenset[str],
        issuer: str,
        ring: KeySource,
        mint: Mint,
        table: Table,
        service_keys: Mapping[str, PublicKeys],
        applications: Applications,
        database: Database,
    ) -> None:
        self._endpoints = endpoints
        self._issuer = issuer
        self._ring = ring
        self._mint = mint
        self._table = table
        self._service_keys = service_keys
        self._applications = applications
        self._database = database

    async def grant(self, content_type: bytes, body: bytes, txn: str) -> Granted:
        """Return the token asked for, or raise `OAuthRefusal`."""
        form = _parse(content_type, body)
        client = await self._authenticate(form)
        match form.get("grant_type"):
            case "client_credentials" if client.startswith("app-"):
                return await self._to_application(client, form, txn)
            case "client_credentials":
                return self._to_service(client.removeprefix("svc-"), form, txn)
            case "urn:ietf:params:oauth:grant-type:token-exchange":
                return await self._exchange(client, form)
            case _:
                raise OAuthRefusal(400, "unsupported_grant_type", "grant_type")

    async def _authenticate(self, form: Mapping[str, str]) -> str:
        if form.get("client_assertion_type") != JWT_BEARER:
            raise OAuthRefusal(401, "invalid_client", "client_assertion_type")
        try:
            proof = await verify_assertion(form.get("client_assertion", ""), self._endpoints, self._keys_of)
        except Denied as error:
            raise OAuthRefusal(401, "invalid_client", "client_assertion") from error
        if form.get("client_id", proof.sub) != proof.sub:
            raise OAuthRefusal(401, "invalid_client", "client_id")
        await self._use_once(proof)
        return proof.sub

    async def _keys_of(self, client: str) -> PublicKeys | None:
        if client.startswith("app-"):
            return await self._applications.keys_of(client)
        return self._service_keys.get(client)

    async def _use_once(self, proof: Assertion) -> None:
        async with self._database.system_session(_PURPOSE) as session:
            first = await session.execute(
                insert(UsedAssertion)
                .values(
                    client=proof.sub,
                    jti=proof.jti,
                    expires_at=datetime.fromtimestamp(proof.exp + LEEWAY_SECONDS, UTC),
                )
                .on_conflict_do_nothing()
                .returning(UsedAssertion.jti)
            )
            seen_before = first.scalar_one_or_none() is None
        if seen_before:
            raise OAuthRefusal(401, "invalid_client", "client_assertion used before")

    async def _to_application(self, client: str, form: Mapping[str, str], txn: str) -> Granted:
        scope = form.get("scope", "")
        caisse = scope.removeprefix(_CAISSE_SCOPE)
        if caisse == scope or not await self._applications.works_for(client, caisse):
            raise OAuthRefusal(403, "invalid_scope", "scope is caisse:<code> of a caisse that granted something")
        who = issuing.application(client, caisse)
        return Granted(who, self._mint.access_token(who, txn), 300, exchanged=False)

    def _to_service(self, name: str, form: Mapping[str, str], txn: str) -> Granted:
        target, purpose = _asked(form)
        if purpose not in self._table.allowed.get((f"svc-{name}", target), frozenset()):
            raise OAuthRefusal(403, "invalid_target", "no internal route is open to this client for this purpose")
        who = issuing.service(name)
        return Granted(who, self._mint.txn_token(who, target, purpose, txn), 60, exchanged=False)

    async def _exchange(self, client: str, form: Mapping[str, str]) -> Granted:
        if not client.startswith("svc-"):
            raise OAuthRefusal(403, "unauthorized_client", "only services exchange tokens")
        if form.get("subject_token_type") != JWT_TYPE:
            raise OAuthRefusal(400, "invalid_request", "subject_token_type")
        target, purpose = _asked(form)
        try:
            # Only a token addressed to the asking service: one seen elsewhere is worth nothing to it.
            claims = await Verifier(self._issuer, client, self._ring).verify(form.get("subject_token", ""))
        except Denied as error:
            raise OAuthRefusal(400, "invalid_grant", "subject_token") from error
        now = int(clock.system_now().timestamp())
        if claims.exp <= now:
            raise OAuthRefusal(400, "invalid_grant", "subject_token")
        who = await self._narrowed(claims, client, target, purpose)
        token = self._mint.txn_token(who, target, purpose, claims.txn, until=claims.exp)
        return Granted(who, token, min(60, claims.exp - now), exchanged=True)

    async def _narrowed(self, claims: Claims, client: str, target: str, purpose: str) -> Subject:
        """Return the same caller through the asking service; refuse what neither could have had.

        Either the caller itself may call the target for the very purpose it came for, or the service may, on
        an internal route: then the caller goes along as who it is done for, and nothing of it grows.
        """
        if claims.audience not in _PEOPLE:
            raise OAuthRefusal(403, "invalid_grant", "a service asks for a token of its own")
        reaches = purpose == claims.purp and self._table.reaches(target, claims.audience, claims.role, purpose)
        if reaches and claims.audience == "app":
            reaches = await self._applications.allows(claims.sub, claims.caisse, target, purpose)
        delegated = purpose in self._table.allowed.get((client, target), frozenset())
        if not reaches and not delegated:
            raise OAuthRefusal(403, "invalid_scope", "wider than what was received")
        return Subject(
            sub=claims.sub,
            client=client,
            audience=claims.audience if reaches else "internal",
            role=claims.role,
            caisse=claims.caisse,
            structure=claims.structure,
            unit=claims.unit,
            acr=claims.acr,
            auth_time=claims.auth_time,
            stepup_at=claims.stepup_at,
            session_hash=claims.sid_h,
        )


def _parse(content_type: bytes, body: bytes) -> dict[str, str]:
    if content_type.split(b";")[0].strip().lower() != b"application/x-www-form-urlencoded":
        raise OAuthRefusal(400, "invalid_request", "content type")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError as error:
        raise OAuthRefusal(400, "invalid_request", "form") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthRefusal(400, "invalid_request", "repeated parameter")
    return form


def _asked(form: Mapping[str, str]) -> tuple[str, str]:
    """Return the service and the purpose asked for."""
    audience, purpose = form.get("audience", ""), form.get("scope", "")
    if not audience.startswith("svc-") or not purpose:
        raise OAuthRefusal(400, "invalid_request", "audience is svc-<name>, scope is one purpose")
    return audience.removeprefix("svc-"), purpose
