"""Tools of a forger: tokens built by hand, byte by byte, where the product's own code would refuse to."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from servicekit import tokens

ISSUER = "https://gateway.test"
AUDIENCE = "svc-referrals"
PURPOSES = frozenset({"referral.submit", "referral.follow"})

PRIVATE_JWK = tokens.generate_jwk()
KEY = tokens.load_signing_key(PRIVATE_JWK)
KID = KEY.kid
OTHER_KEY = tokens.load_signing_key(tokens.generate_jwk())


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def good_claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "0193a2b4-0000-7000-8000-000000000001",
        "client": "spa",
        "iat": now,
        "nbf": now,
        "exp": now + 60,
        "jti": "Zm9yZ2VkLXRva2VuLWlk",
        "txn": "0193a2b4-0000-7000-8000-0000000000ff",
        "purp": "referral.submit",
        "audience": "partner",
        "role": "partner_user",
        "caisse": "311",
        "structure": "0193a2b4-0000-7000-8000-000000000002",
        "unit": None,
        "acr": "mfa",
        "auth_time": now,
        "stepup_at": None,
        "sid_h": "c2Vzc2lvbi1oYXNo",
    } | changed


def good_header(**changed: Any) -> dict[str, Any]:
    return {"alg": "ES256", "kid": KID, "typ": "sas-txn+jwt"} | changed


def private_numbers() -> ec.EllipticCurvePrivateKey:
    numbers = {m: int.from_bytes(unb64(PRIVATE_JWK[m]), "big") for m in ("x", "y", "d")}
    public = ec.EllipticCurvePublicNumbers(numbers["x"], numbers["y"], ec.SECP256R1())
    return ec.EllipticCurvePrivateNumbers(numbers["d"], public).private_key()


PRIVATE = private_numbers()


def raw_signature(signing_input: bytes) -> bytes:
    r, s = decode_dss_signature(PRIVATE.sign(signing_input, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def forge(
    header: dict[str, Any] | str | None = None, claims: dict[str, Any] | str | None = None, **changed: Any
) -> str:
    """Sign, with the genuine key, whatever header and payload; text goes in as it is."""
    head = header if isinstance(header, str) else json.dumps(good_header() if header is None else header)
    body = claims if isinstance(claims, str) else json.dumps(claims or good_claims(**changed))
    signing_input = f"{b64(head.encode())}.{b64(body.encode())}"
    return f"{signing_input}.{b64(raw_signature(signing_input.encode()))}"


def without(claim: str) -> str:
    claims = good_claims()
    del claims[claim]
    return forge(claims=claims)


def with_number(claim: str, written: str) -> str:
    """Write a claim's value as raw JSON text."""
    return forge(claims=json.dumps(good_claims(**{claim: "@@"})).replace('"@@"', written))


def hs256(secret: bytes) -> str:
    signing_input = f"{b64(json.dumps(good_header(alg='HS256')).encode())}.{b64(json.dumps(good_claims()).encode())}"
    return f"{signing_input}.{b64(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"


def hs256_padded(secret: bytes) -> str:
    """Give an HMAC the length of an ES256 signature, so that only the algorithm can refuse it."""
    head, body, signature = hs256(secret).split(".")
    return f"{head}.{body}.{b64(unb64(signature) * 2)}"


def public_bytes(encoding: serialization.Encoding, shape: serialization.PublicFormat) -> bytes:
    return PRIVATE.public_key().public_bytes(encoding, shape)


def rs256() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signing_input = f"{b64(json.dumps(good_header(alg='RS256')).encode())}.{b64(json.dumps(good_claims()).encode())}"
    signature = key.sign(signing_input.encode(), rsa_padding.PKCS1v15(), hashes.SHA256())
    return f"{signing_input}.{b64(signature)}"


def es384() -> str:
    key = ec.generate_private_key(ec.SECP384R1())
    signing_input = f"{b64(json.dumps(good_header(alg='ES384')).encode())}.{b64(json.dumps(good_claims()).encode())}"
    r, s = decode_dss_signature(key.sign(signing_input.encode(), ec.ECDSA(hashes.SHA384())))
    return f"{signing_input}.{b64(r.to_bytes(48, 'big') + s.to_bytes(48, 'big'))}"


def resigned(signature: bytes) -> str:
    head, body, _ = forge().split(".")
    return f"{head}.{body}.{b64(signature)}"


def swapped() -> str:
    head, body, signature = forge().split(".")
    raw = unb64(signature)
    return f"{head}.{body}.{b64(raw[32:] + raw[:32])}"


def der_signature() -> str:
    head, body, _ = forge().split(".")
    return f"{head}.{body}.{b64(PRIVATE.sign(f'{head}.{body}'.encode(), ec.ECDSA(hashes.SHA256())))}"


def of_length(length: int) -> str:
    """Return a genuine token of exactly `length` characters, by spaces in its JSON."""
    shortest = len(forge())
    for more in range((length - shortest) * 3 // 4 - 4, (length - shortest) * 3 // 4 + 4):
        for in_header in range(4):
            token = forge(json.dumps(good_header()) + " " * in_header, _padded(more))
            if len(token) == length:
                return token
    raise AssertionError("no such length")


def _padded(spaces: int) -> str:
    return json.dumps(good_claims()) + " " * spaces


def spare_bits(segment: int) -> str:
    """Change bits that a lenient base64 decoder ignores: another text, the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for spaces in range(4):
        parts = forge(claims=_padded(spaces)).split(".")
        if segment == 0:
            parts = forge(header=json.dumps(good_header()) + " " * spaces).split(".")
        if len(parts[segment]) % 4 == 0:
            continue
        last = alphabet.index(parts[segment][-1])
        parts[segment] = parts[segment][:-1] + alphabet[last ^ 1]
        token = ".".join(parts)
        if segment < 2:  # sign again, so that only canonical encoding can refuse it
            signing_input = ".".join(parts[:2])
            token = f"{signing_input}.{b64(raw_signature(signing_input.encode()))}"
        return token
    raise AssertionError("no spare bits")


def signed_bytes(payload: bytes) -> str:
    """Sign a payload that is no text."""
    signing_input = f"{b64(json.dumps(good_header()).encode())}.{b64(payload)}"
    return f"{signing_input}.{b64(raw_signature(signing_input.encode()))}"


def standard_alphabet() -> str:
    """Write a genuine token with the `+` and `/` of ordinary base64."""
    while True:
        token = forge()
        changed = token.replace("-", "+").replace("_", "/")
        if changed != token:
            return changed
