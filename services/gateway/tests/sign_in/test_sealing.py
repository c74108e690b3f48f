"""What is sealed opens only where it belongs."""

import secrets
from uuid import uuid4

import pytest

from gateway_service.sealing import Vault, network_of, new_token, token_hash, truncated_address

VAULT = Vault(secrets.token_bytes(32))


def test_sealed_content_opens_for_its_owner_and_purpose_only() -> None:
    owner = uuid4()
    sealed = VAULT.seal("totp", owner, b"secret")
    assert b"secret" not in sealed
    assert VAULT.open("totp", owner, sealed) == b"secret"
    assert VAULT.seal("totp", owner, b"secret") != sealed
    for purpose, other, content in [
        ("totp", uuid4(), sealed),
        ("email", owner, sealed),
        ("totp", owner, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        ("totp", owner, b"\x02" + sealed[1:]),
        ("totp", owner, b""),
    ]:
        with pytest.raises(ValueError, match="seal"):
            VAULT.open(purpose, other, content)  # type: ignore[arg-type]  # a list of mixed literals
    with pytest.raises(ValueError, match="seal"):
        Vault(secrets.token_bytes(32)).open("totp", owner, sealed)


def test_addresses_are_known_under_one_spelling_and_two_unrelated_hashes() -> None:
    assert VAULT.email_key(" Marie@Asso.FR ") == VAULT.email_key("marie@asso.fr")
    assert VAULT.email_key("marie@asso.fr") != VAULT.journal_key("marie@asso.fr")
    assert VAULT.email_key("marie@asso.fr") != Vault(secrets.token_bytes(32)).email_key("marie@asso.fr")


def test_a_short_master_key_is_refused() -> None:
    with pytest.raises(ValueError, match="256 bits"):
        Vault.from_setting("AAAA")


def test_addresses_are_cut_short() -> None:
    assert truncated_address("203.0.113.77") == "203.0.113.0/24"
    assert truncated_address("2001:db8:1:2:3::4") == "2001:db8:1::/48"
    assert truncated_address("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert truncated_address("testclient") == "unknown"
    assert network_of("2001:db8:1:2:3::4", 32, 64) == "2001:db8:1:2::/64"
    assert VAULT.address_key("203.0.113.77") != VAULT.address_key("203.0.113.78")
    assert VAULT.address_key("2001:db8:1:2::5") == VAULT.address_key("2001:db8:1:2:ffff::6")


def test_tokens_have_256_bits_and_only_their_hash_is_kept() -> None:
    tokens = {new_token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert {len(token) for token in tokens} == {43}
    assert len(token_hash(new_token())) == 32
