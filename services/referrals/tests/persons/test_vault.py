"""Sealed numbers open only where they were put, and cannot be joined across caisses."""

import secrets
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals_service.persons.codes import IdentifierKind
from referrals_service.persons.identifiers import Number, parse
from referrals_service.persons.vault import Place, SealBrokenError, Vault

NUMBER = parse(IdentifierKind.NIR, "255081416802538")
PLACE = Place("311", UUID(int=1), UUID(int=2), IdentifierKind.NIR)


def a_vault() -> Vault:
    return Vault({"k1": secrets.token_bytes(32)}, "k1", secrets.token_bytes(32))


VAULT = a_vault()


def test_what_is_sealed_opens_in_its_place() -> None:
    sealed = VAULT.seal(NUMBER, PLACE)
    assert VAULT.open(sealed.key_id, sealed.content, PLACE) == NUMBER
    assert NUMBER.value.encode() not in sealed.content
    assert len(sealed.content) == 12 + 15 + 16


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, caisse="312"),
        replace(PLACE, person_id=UUID(int=9)),
        replace(PLACE, identifier_id=UUID(int=9)),
        replace(PLACE, kind=IdentifierKind.NIA),
    ],
)
def test_a_number_moved_to_another_row_does_not_open(elsewhere: Place) -> None:
    sealed = VAULT.seal(NUMBER, PLACE)
    with pytest.raises(SealBrokenError):
        VAULT.open(sealed.key_id, sealed.content, elsewhere)


@given(st.integers(0, 42), st.integers(0, 7))
def test_any_changed_bit_is_noticed(byte: int, bit: int) -> None:
    content = bytearray(VAULT.seal(NUMBER, PLACE).content)
    content[byte] ^= 1 << bit
    with pytest.raises(SealBrokenError):
        VAULT.open("k1", bytes(content), PLACE)


def test_two_seals_differ_and_share_the_index() -> None:
    one, two = VAULT.seal(NUMBER, PLACE), VAULT.seal(NUMBER, PLACE)
    assert one.content != two.content
    assert one.blind_index == two.blind_index
    assert len(one.blind_index) == 32


def test_indexes_cannot_be_joined_across_caisses_nor_vaults() -> None:
    indexes = {vault.blind_index(NUMBER, caisse) for vault in (VAULT, a_vault()) for caisse in ("311", "312")}
    assert len(indexes) == 4


def test_the_index_ignores_the_key_and_the_kind() -> None:
    waiting = Number(IdentifierKind.NIA, NUMBER.value)
    assert VAULT.blind_index(NUMBER, "311") == VAULT.blind_index(waiting, "311")


def test_master_keys_rotate_while_old_seals_still_open() -> None:
    old, index = secrets.token_bytes(32), secrets.token_bytes(32)
    before = Vault({"k1": old}, "k1", index)
    after = Vault({"k1": old, "k2": secrets.token_bytes(32)}, "k2", index)
    sealed = before.seal(NUMBER, PLACE)
    assert after.open(sealed.key_id, sealed.content, PLACE) == NUMBER
    assert after.seal(NUMBER, PLACE).key_id == "k2"
    assert after.blind_index(NUMBER, "311") == before.blind_index(NUMBER, "311")
    with pytest.raises(SealBrokenError):
        before.open("k2", after.seal(NUMBER, PLACE).content, PLACE)


@pytest.mark.parametrize(
    ("keys", "current", "index"),
    [
        ({"k1": b"short"}, "k1", bytes(32)),
        ({"k1": bytes(32)}, "k2", b"x" * 32),
        ({"k1": bytes(32)}, "k1", b"short"),
        ({"k1": bytes(32)}, "k1", bytes(32)),
    ],
)
def test_unsound_keys_are_refused(keys: dict[str, bytes], current: str, index: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        Vault(keys, current, index)
