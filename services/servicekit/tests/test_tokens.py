"""Every forged, spoilt or misplaced token is refused; the genuine one is read back exactly."""

import base64
import json
import random
import string
import time
from collections.abc import Callable
from functools import partial

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose import jwk
from jose.backends.cryptography_backend import CryptographyECKey

from servicekit import tokens
from servicekit.keysource import InlineKeys
from servicekit.tokens import Claims, Denied, Verifier

from .forging import (
    AUDIENCE,
    ISSUER,
    KEY,
    KID,
    OTHER_KEY,
    PRIVATE_JWK,
    PURPOSES,
    b64,
    der_signature,
    es384,
    forge,
    good_claims,
    good_header,
    hs256,
    hs256_padded,
    of_length,
    public_bytes,
    resigned,
    rs256,
    signed_bytes,
    spare_bits,
    standard_alphabet,
    swapped,
    with_number,
    without,
)

VERIFIER = Verifier(ISSUER, AUDIENCE, InlineKeys(json.dumps({"keys": [dict(KEY.public_jwk)]})), purposes=PURPOSES)
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def now() -> int:
    return int(time.time())


VECTORS: dict[str, Callable[[], str]] = {
    # the algorithm
    "alg none, empty signature": lambda: forge(good_header(alg="none")).rpartition(".")[0] + ".",
    "alg none, kept signature": lambda: forge(good_header(alg="none")),
    "alg None": lambda: forge(good_header(alg="None")),
    "alg nOnE": lambda: forge(good_header(alg="nOnE")),
    "alg lower case": lambda: forge(good_header(alg="es256")),
    "alg with a space": lambda: forge(good_header(alg="ES256 ")),
    "alg is a part of ours": lambda: forge(good_header(alg="ES")),
    "alg empty": lambda: forge(good_header(alg="")),
    "alg null": lambda: forge(good_header(alg=None)),
    "alg in a list": lambda: forge(good_header(alg=["ES256"])),
    "HS256, public PEM as secret": lambda: hs256(public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
    "HS256, public DER as secret": lambda: hs256(public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
    "HS256, SSH text as secret": lambda: hs256(public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)),
    "HS256, point as secret": lambda: hs256(public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
    "HS256, JWK text as secret": lambda: hs256(json.dumps(dict(KEY.public_jwk)).encode()),
    "HS256 as long as ES256, DER": lambda: hs256_padded(public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
    "HS256 as long as ES256, PEM": lambda: hs256_padded(public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
    "ES384": es384,
    "ES384 announced, ES256 signature": lambda: forge(good_header(alg="ES384")),
    "ES512 announced": lambda: forge(good_header(alg="ES512")),
    "RS256": rs256,
    "PS256 announced": lambda: forge(good_header(alg="PS256")),
    # the header
    "typ JWT": lambda: forge(good_header(typ="JWT")),
    "typ of an access token": lambda: forge(good_header(typ="at+jwt")),
    "typ of an assertion": lambda: forge(good_header(typ="client-authentication+jwt")),
    "no typ": lambda: forge({"alg": "ES256", "kid": KID}),
    "no kid": lambda: forge({"alg": "ES256", "typ": "sas-txn+jwt"}),
    "no alg": lambda: forge({"kid": KID, "typ": "sas-txn+jwt"}),
    "jku": lambda: forge(good_header(jku="https://evil.invalid/jwks.json")),
    "x5u": lambda: forge(good_header(x5u="https://evil.invalid/cert.pem")),
    "x5c": lambda: forge(good_header(x5c=["MIIB"])),
    "embedded jwk": lambda: forge(good_header(jwk=dict(KEY.public_jwk))),
    "crit": lambda: forge(good_header(crit=["exp"])),
    "crit empty": lambda: forge(good_header(crit=[])),
    "zip": lambda: forge(good_header(zip="DEF")),
    "b64 false": lambda: forge(good_header(b64=False)),
    "cty": lambda: forge(good_header(cty="JWT")),
    "unknown kid": lambda: forge(good_header(kid=OTHER_KEY.kid)),
    "kid that walks": lambda: forge(good_header(kid="../../keys/public")),
    "kid with SQL": lambda: forge(good_header(kid="' OR '1'='1")),
    "kid empty": lambda: forge(good_header(kid="")),
    "kid too long": lambda: forge(good_header(kid="k" * 65)),
    "kid is a number": lambda: forge(good_header(kid=0)),
    "kid is a list": lambda: forge(good_header(kid=[KID])),
    "kid twice": lambda: forge(f'{{"alg":"ES256","kid":"other","kid":"{KID}","typ":"sas-txn+jwt"}}'),
    "alg twice": lambda: forge(f'{{"alg":"none","alg":"ES256","kid":"{KID}","typ":"sas-txn+jwt"}}'),
    "header is a list": lambda: forge('["ES256"]'),
    "header is null": lambda: forge("null"),
    "header is no JSON": lambda: forge("{alg:ES256}"),
    "header with a byte order mark": lambda: forge("\ufeff" + json.dumps(good_header())),
    # the claims
    **{f"without {claim}": partial(without, claim) for claim in good_claims()},
    "one claim too many": lambda: forge(admin=True),
    "aud in a list": lambda: forge(aud=[AUDIENCE]),
    "aud in a list among others": lambda: forge(aud=["svc-partners", AUDIENCE]),
    "aud of another service": lambda: forge(aud="svc-partners"),
    "aud empty": lambda: forge(aud=""),
    "aud null": lambda: forge(aud=None),
    "aud is a prefix": lambda: forge(aud="svc-ref"),
    "aud is longer": lambda: forge(aud="svc-referrals2"),
    "aud with a newline": lambda: forge(aud="svc-referrals\n"),
    "iss wrong": lambda: forge(iss="https://evil.invalid"),
    "iss is a prefix": lambda: forge(iss="https://gateway.tes"),
    "iss in a list": lambda: forge(iss=[ISSUER]),
    "exp past by 6 s": lambda: forge(iat=now() - 66, nbf=now() - 66, exp=now() - 6),
    "exp is text": lambda: forge(exp=str(now() + 60)),
    "exp is a float": lambda: forge(exp=now() + 59.5),
    "exp is true": lambda: forge(exp=True),
    "exp null": lambda: forge(exp=None),
    "exp NaN": lambda: with_number("exp", "NaN"),
    "exp Infinity": lambda: with_number("exp", "Infinity"),
    "exp 1e99": lambda: with_number("exp", "1e99"),
    "exp with 5000 digits": lambda: with_number("exp", "9" * 2000),
    "exp negative": lambda: forge(exp=-1),
    "exp of 61 s": lambda: forge(exp=now() + 61),
    "exp before iat": lambda: forge(iat=now() + 3, exp=now() + 2),
    "exp equals iat": lambda: forge(exp=now()),
    "iat in the future": lambda: forge(iat=now() + 10, nbf=now(), exp=now() + 60),
    "iat is text": lambda: forge(iat=str(now())),
    "nbf in the future": lambda: forge(nbf=now() + 10),
    "nbf is a float": lambda: forge(nbf=float(now())),
    "purpose outside the list": lambda: forge(purp="aid.decide"),
    "purpose empty": lambda: forge(purp=""),
    "purpose in a list": lambda: forge(purp=["referral.submit"]),
    "audience unknown": lambda: forge(audience="root"),
    "audience anyone": lambda: forge(audience="anyone"),
    "role in a list": lambda: forge(role=["dpo"]),
    "structure no UUID": lambda: forge(structure="1 OR 1=1"),
    "caisse with a comma": lambda: forge(caisse="311,312"),
    "caisse with a newline": lambda: forge(caisse="311\n"),
    "sub is a number": lambda: forge(sub=1),
    "step-up is text": lambda: forge(stepup_at="now"),
    "exp twice": lambda: forge(claims=json.dumps(good_claims())[:-1] + f', "exp": {now() + 60}}}'),
    "sub twice": lambda: forge(claims='{"sub": "x", ' + json.dumps(good_claims())[1:]),
    "nested duplicate": lambda: forge(claims=json.dumps(good_claims())[:-1] + ', "x": {"a":1,"a":2}}'),
    "payload is a list": lambda: forge(claims="[]"),
    "payload is deep": lambda: forge(claims="[" * 1300 + "]" * 1300),
    "payload is UTF-16": lambda: signed_bytes(json.dumps(good_claims()).encode("utf-16")),
    "payload is broken UTF-8": lambda: signed_bytes(b'{"sub": "\xff"}'),
    # the signature
    "signature of another key under our name": lambda: tokens.sign(
        tokens.SigningKey(KID, KEY.public_jwk, OTHER_KEY.private), good_claims(), "sas-txn+jwt"
    ),
    "signature absent": lambda: forge().rpartition(".")[0],
    "signature empty": lambda: forge().rpartition(".")[0] + ".",
    "signature truncated": lambda: forge()[:-1],
    "signature lengthened": lambda: forge() + "A",
    "signature all zero": lambda: resigned(bytes(64)),
    "signature r zero": lambda: resigned(bytes(32) + b"\x01" * 32),
    "signature r and s are the order": lambda: resigned(N.to_bytes(32, "big") * 2),
    "signature all ones": lambda: resigned(b"\xff" * 64),
    "r and s swapped": swapped,
    "DER signature": der_signature,
    "payload of one, signature of another": lambda: ".".join(
        [*forge(sub="a").split(".")[:2], forge(sub="b").split(".")[2]]
    ),
    # the text
    "spare bits of the header": lambda: spare_bits(0),
    "spare bits of the payload": lambda: spare_bits(1),
    "spare bits of the signature": lambda: spare_bits(2),
    "padded segments": lambda: "=.".join(forge().split(".")),
    "plain base64 alphabet": standard_alphabet,
    "4096 characters": lambda: of_length(4096),
    "4097 characters": lambda: of_length(4097),
    "one dot": lambda: ".".join(forge().split(".")[1:]),
    "three dots": lambda: forge() + ".AAAA",
    "four dots, as a JWE": lambda: forge() + ".AAAA.AAAA",
    "leading space": lambda: " " + forge(),
    "trailing newline": lambda: forge() + "\n",
    "inner newline": lambda: forge().replace(".", "\n.", 1),
    "JSON serialisation": lambda: json.dumps(
        dict(zip(("protected", "payload", "signature"), forge().split("."), strict=True))
    ),
    "fullwidth digits": lambda: forge().replace("1", "１"),
    "empty": lambda: "",
    "only dots": lambda: "..",
}


def test_the_list_of_vectors_is_long_enough() -> None:
    assert len(VECTORS) >= 60


@pytest.mark.parametrize("vector", VECTORS)
async def test_refused(vector: str) -> None:
    with pytest.raises(Denied) as refusal:
        await VERIFIER.verify(VECTORS[vector]())
    assert refusal.value.status == 401
    assert str(refusal.value) == refusal.value.detail == Denied("any").detail, "one body for every cause"


async def test_the_forger_s_tools_make_a_genuine_token() -> None:
    """Otherwise the vectors could be refused for a fault of the tools."""
    assert await VERIFIER.verify(forge()) == Claims.model_validate(good_claims())
    assert (await VERIFIER.verify(of_length(4095))).purp == "referral.submit"


async def test_mint_and_verify() -> None:
    claims = Claims.model_validate(good_claims())
    token = tokens.mint(KEY, claims)
    assert await VERIFIER.verify(token) == claims
    assert len(token) < 1000


@pytest.mark.parametrize("seconds", [0, -1, 61])
def test_a_lifetime_no_verifier_would_accept_is_not_minted(seconds: int) -> None:
    with pytest.raises(ValueError, match="lifetime"):
        tokens.mint(KEY, Claims.model_validate(good_claims(exp=good_claims()["iat"] + seconds)))


async def test_an_access_token_is_no_internal_token_and_the_reverse() -> None:
    gateway = Verifier(ISSUER, "gateway", VERIFIER.key_source, kind=tokens.ACCESS)
    claims = Claims.model_validate(good_claims(aud="gateway", exp=good_claims()["iat"] + 300))
    access = tokens.mint(KEY, claims, tokens.ACCESS)
    assert await gateway.verify(access) == claims
    with pytest.raises(Denied):
        await Verifier(ISSUER, "gateway", VERIFIER.key_source).verify(access)
    with pytest.raises(Denied):
        await gateway.verify(tokens.mint(KEY, Claims.model_validate(good_claims(aud="gateway"))))


async def test_leeway_is_five_seconds_and_no_more() -> None:
    at = now()
    assert (await VERIFIER.verify(forge(iat=at - 63, nbf=at - 63, exp=at - 3))).iat == at - 63
    assert (await VERIFIER.verify(forge(iat=at + 3, nbf=at + 3, exp=at + 60))).iat == at + 3


async def test_mutations_are_all_refused() -> None:
    """Flip bits, replace, drop and insert characters, a hundred thousand times: eleven seconds."""
    chance = random.Random(2026)
    alphabet = string.ascii_letters + string.digits + "-_"
    accepted = []
    genuine = forge()
    for index in range(100_000):
        if index % 5000 == 0:
            genuine = forge()  # still fresh however long the run, so only the change can be at fault
        mutated = _mutated(genuine, chance, alphabet)
        try:
            await VERIFIER.verify(mutated)
        except Denied:
            continue
        accepted.append(mutated)
    assert (await VERIFIER.verify(genuine)).aud == AUDIENCE
    assert accepted == []


def _mutated(genuine: str, chance: random.Random, alphabet: str) -> str:
    at = chance.randrange(len(genuine))
    match chance.randrange(5):
        case 0:  # one bit of the text
            changed = chr(ord(genuine[at]) ^ (1 << chance.randrange(7)))
            return genuine[:at] + changed + genuine[at + 1 :]
        case 1:  # one character of the alphabet
            return genuine[:at] + chance.choice(alphabet.replace(genuine[at], "")) + genuine[at + 1 :]
        case 2:
            return genuine[:at] + genuine[at + 1 :]
        case 3:
            return genuine[:at] + chance.choice(alphabet) + genuine[at:]
        case _:  # one bit of the decoded bytes, encoded again properly
            parts = genuine.split(".")
            which = chance.randrange(3)
            content = bytearray(base64.urlsafe_b64decode(parts[which] + "=="))
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            parts[which] = b64(bytes(content))
            return ".".join(parts)


BAD_KEYS: dict[str, Callable[[], object]] = {
    "private": lambda: PRIVATE_JWK,
    "symmetric": lambda: {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "use": "sig", "kid": "a"},
    "other curve": lambda: {**KEY.public_jwk, "crv": "P-384"},
    "other algorithm": lambda: {**KEY.public_jwk, "alg": "ES384"},
    "for encryption": lambda: {**KEY.public_jwk, "use": "enc"},
    "not on the curve": lambda: {**KEY.public_jwk, "y": KEY.public_jwk["x"]},
    "coordinate too short": lambda: {**KEY.public_jwk, "x": KEY.public_jwk["x"][:-1]},
    "one member too many": lambda: {**KEY.public_jwk, "x5u": "https://evil.invalid"},
    "kid that walks": lambda: {**KEY.public_jwk, "kid": "../a"},
    "kid absent": lambda: {m: v for m, v in KEY.public_jwk.items() if m != "kid"},
    "PEM text": lambda: public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
}


@pytest.mark.parametrize("bad", BAD_KEYS)
def test_a_key_that_is_not_exactly_ours_is_not_loaded(bad: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        tokens.load_keys({"keys": [BAD_KEYS[bad]()]})


def test_two_keys_of_one_name_are_not_loaded() -> None:
    with pytest.raises(ValueError, match="two keys"):
        tokens.load_keys({"keys": [dict(KEY.public_jwk)] * 2})


def test_a_public_key_does_not_sign() -> None:
    with pytest.raises(ValueError, match="private"):
        tokens.load_signing_key(dict(KEY.public_jwk))


def test_the_fast_backend_is_the_one_loaded() -> None:
    assert jwk.get_key("ES256") is CryptographyECKey
    assert type(KEY.private) is CryptographyECKey
