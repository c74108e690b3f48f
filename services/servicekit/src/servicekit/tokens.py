"""Signed tokens: the only module that knows python-jose, whose defaults accept what must be refused.

Everything is ES256 with keys loaded once as objects. A token is read strictly and by one parser (canonical
base64, exactly three header fields, no duplicate member, exactly our claims with exactly their types); the
library only checks the signature, with the one key named by `kid`, never one chosen from the header's `alg`.
Whatever is wrong is `Denied`, one 401 for every cause; the reason is for the journal only.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, NoReturn, Protocol, TypeVar
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk
from jose.backends.cryptography_backend import CryptographyECKey
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from servicekit import clock
from servicekit.errors import Unauthenticated

ALG: Final = "ES256"
LONGEST_TOKEN: Final = 4096
LEEWAY_SECONDS: Final = 5

# 86 characters are the 64 bytes of an ES256 signature
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}", re.ASCII)
_KID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_JWK_MEMBERS = frozenset({"kty", "crv", "alg", "use", "kid", "x", "y"})

if jwk.get_key(ALG) is not CryptographyECKey:
    raise RuntimeError("python-jose fell back to its pure Python curve arithmetic; refusing to start")

_Model = TypeVar("_Model", bound=BaseModel)
Jwk = Mapping[str, str]


class PublicKey(Protocol):
    """What is needed of a loaded key."""

    def verify(self, msg: bytes, sig: bytes) -> bool:
        """Tell whether `sig` (r and s, 64 bytes) signs `msg`."""


class PrivateKey(PublicKey, Protocol):
    """What is needed of a loaded key that signs."""

    def sign(self, msg: bytes) -> bytes:
        """Return r and s, 64 bytes."""


PublicKeys = Mapping[str, PublicKey]


class Denied(Unauthenticated):
    """The token is not accepted. `reason` is a constant text for the journal, never shown."""

    def __init__(self, reason: str) -> None:
        super().__init__("Votre accès n'a pas pu être vérifié. Reconnectez-vous puis recommencez.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Kind:
    """A family of tokens that no other family can be taken for."""

    typ: str
    seconds: int


TXN: Final = Kind("sas-txn+jwt", 60)
"""Internal: one request, one service."""
ACCESS: Final = Kind("at+jwt", 300)
"""What an internal application shows to the gateway."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class Claims(BaseModel):
    """What a token says: every member present, nothing more. Instants are seconds since the epoch.

    `sub` is an account's UUID, `svc-<name>` or `app-<id>`; `client` is the browser application (`spa`), the
    calling service or the application; `caisse` and `role` are codes, `caisse` empty for a service;
    `sid_h` is the hash of the session, empty without one.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    iss: str
    aud: Code
    sub: Code
    client: Code
    iat: int
    nbf: int
    exp: int
    jti: Code
    txn: Code
    purp: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)*$", max_length=64)]
    audience: Literal["partner", "agent", "officer", "pilot", "app", "internal", "me"]
    role: Code
    caisse: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,32}$")]
    structure: Annotated[UUID, Field(strict=False)] | None
    unit: Code | None
    acr: Literal["mfa", "client"]
    auth_time: int
    stepup_at: int | None
    sid_h: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, loaded once (parsing costs far more than a signature), and what is published of it."""

    kid: str
    public_jwk: Jwk
    private: PrivateKey


def generate_jwk() -> dict[str, str]:
    """Make a private P-256 key as a JWK; its `kid` is the RFC 7638 thumbprint."""
    numbers: dict[str, str] = CryptographyECKey(ec.generate_private_key(ec.SECP256R1()), ALG).to_dict()
    canonical = json.dumps({m: numbers[m] for m in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return {**numbers, "use": "sig", "kid": _encode(hashlib.sha256(canonical.encode()).digest())}


def public_part(private_jwk: Jwk | str) -> dict[str, str]:
    """Return what may be published of a private JWK."""
    return {member: value for member, value in _members(private_jwk).items() if member != "d"}


def load_signing_key(private_jwk: Jwk | str) -> SigningKey:
    """Load a private JWK made by `generate_jwk`; raises ValueError on anything else."""
    members = _members(private_jwk)
    public = public_part(members)
    load_keys({"keys": [public]})
    if "d" not in members:
        raise ValueError("not a private key")
    return SigningKey(members["kid"], public, _construct(members))


def load_keys(jwks: Mapping[str, object]) -> dict[str, PublicKey]:
    """Load a set of public JWKs; raises ValueError on anything that is not exactly an ES256 signature key."""
    entries = TypeAdapter(list[dict[str, str]]).validate_python(jwks.get("keys"), strict=True)
    keys: dict[str, PublicKey] = {}
    for entry in entries:
        expected = ("EC", "P-256", ALG, "sig")
        if set(entry) != _JWK_MEMBERS or tuple(entry[m] for m in ("kty", "crv", "alg", "use")) != expected:
            raise ValueError("unexpected key")
        if not (_KID.fullmatch(entry["kid"]) and all(_COORDINATE.fullmatch(entry[m]) for m in "xy")):
            raise ValueError("malformed key")
        if entry["kid"] in keys:
            raise ValueError("two keys of one name")
        keys[entry["kid"]] = _construct(entry)
    return keys


def mint(key: SigningKey, claims: Claims, kind: Kind = TXN) -> str:
    """Sign `claims`; refuses to make what a verifier would refuse for its length or lifetime."""
    if not 0 < claims.exp - claims.iat <= kind.seconds:
        raise ValueError("lifetime outside the kind's")
    return sign(key, claims.model_dump(mode="json"), kind.typ)


class KeySource(Protocol):
    """Where a verifier finds public keys (`servicekit.keysource`)."""

    async def find(self, kid: str) -> PublicKey | None:
        """Return the key of that name, or None when it is unknown."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks the tokens addressed to one audience.

    `purposes`, when given, is the closed list this verifier knows; anything else is refused.
    """

    issuer: str
    audience: str
    key_source: KeySource
    kind: Kind = TXN
    purposes: frozenset[str] | None = None

    async def verify(self, token: str) -> Claims:
        """Return what the token says, or raise `Denied`."""
        unverified = read(token, frozenset({self.kind.typ}))
        claims = unverified.check(await self.key_source.find(unverified.kid), Claims)
        check_times(claims.iat, claims.nbf, claims.exp, self.kind.seconds)
        if claims.aud != self.audience or claims.iss != self.issuer:
            raise Denied("audience or issuer")
        if self.purposes is not None and claims.purp not in self.purposes:
            raise Denied("purpose")
        return claims


@dataclass(frozen=True, slots=True)
class Unverified:
    """A token well written, of which nothing may be believed before `check`."""

    kid: str
    payload: dict[str, Any]
    signed: bytes
    signature: bytes

    def check(self, key: PublicKey | None, model: type[_Model]) -> _Model:
        """Return the payload once the signature is good and every member has its type."""
        if key is None:
            raise Denied("kid")
        if not key.verify(self.signed, self.signature):
            raise Denied("signature")
        try:
            return model.model_validate(self.payload)
        except ValidationError as error:
            raise Denied("claims") from error


def read(token: str, types: frozenset[str]) -> Unverified:
    """Take apart a token written the one way we write it."""
    if len(token) >= LONGEST_TOKEN or _SHAPE.fullmatch(token) is None:
        raise Denied("shape")
    try:
        header, payload, signature = (_decode(segment) for segment in token.split("."))
        fields = _strict_json(header)
        claims = _strict_json(payload)
    except (ValueError, RecursionError) as error:
        raise Denied("encoding") from error
    kid = fields.get("kid")
    if set(fields) != {"alg", "typ", "kid"} or fields["alg"] != ALG or fields["typ"] not in types:
        raise Denied("header")
    if not isinstance(kid, str) or _KID.fullmatch(kid) is None:
        raise Denied("kid")
    return Unverified(kid, claims, token.rpartition(".")[0].encode(), signature)


def check_times(iat: int, nbf: int, exp: int, seconds: int) -> None:
    """Refuse what is not valid now, or lives longer than `seconds`."""
    now = clock.system_now().timestamp()
    if not 0 < exp - iat <= seconds:
        raise Denied("lifetime")
    if exp <= now - LEEWAY_SECONDS:
        raise Denied("expired")
    if max(iat, nbf) > now + LEEWAY_SECONDS:
        raise Denied("not yet valid")


def sign(key: SigningKey, payload: dict[str, Any], typ: str) -> str:
    """Sign a payload the one way `read` accepts."""
    header = orjson.dumps({"alg": ALG, "kid": key.kid, "typ": typ})
    signed = f"{_encode(header)}.{_encode(orjson.dumps(payload))}"
    token = f"{signed}.{_encode(key.private.sign(signed.encode()))}"
    if len(token) >= LONGEST_TOKEN:
        raise ValueError("token too long")
    return token


def _decode(segment: str) -> bytes:
    decoded = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    if _encode(decoded) != segment:  # else the spare bits of the last character give a second valid text
        raise ValueError("not canonical")
    return decoded


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _strict_json(content: bytes) -> dict[str, Any]:
    parsed = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    if not isinstance(parsed, dict):
        raise Denied("not an object")
    return parsed


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate member")
    return members


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("not a number")


def _members(private_jwk: Jwk | str) -> dict[str, str]:
    if isinstance(private_jwk, str):
        return TypeAdapter(dict[str, str]).validate_json(private_jwk)
    return dict(private_jwk)


def _construct(members: Jwk) -> PrivateKey:
    key: PrivateKey = jwk.construct(dict(members), ALG)
    if type(key) is not CryptographyECKey:
        raise TypeError("cryptography backend missing")
    return key
