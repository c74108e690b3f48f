"""Sealing of identification numbers: unreadable at rest, findable by equality, per caisse.

Sealed with AES-256-GCM under a key derived for the caisse from a master key that has an id, so that master
keys can be replaced one after the other. Found through HMAC-SHA-256 under an index key of the caisse: the
same number has unrelated indexes in two caisses, so their registers cannot be joined.
"""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from referrals_service.persons.codes import IdentifierKind
from referrals_service.persons.identifiers import Number

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SealBrokenError(Exception):
    """A sealed number does not open: altered, moved from another row, or its master key is gone."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A number as the database keeps it. `content` is the nonce then the ciphertext with its tag."""

    key_id: str
    content: bytes
    blind_index: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """The row a number belongs to. It is authenticated, so a sealed number moved elsewhere does not open."""

    caisse: str
    person_id: UUID
    identifier_id: UUID
    kind: IdentifierKind

    def label(self, key_id: str) -> bytes:
        """Return the additional authenticated data."""
        return "|".join((self.caisse, str(self.person_id), str(self.identifier_id), self.kind, key_id)).encode()


class Vault:
    """The keys of the numbers, held in memory only; `key_id` is the one that seals from now on."""

    def __init__(self, master_keys: Mapping[str, bytes], key_id: str, index_key: bytes) -> None:
        if key_id not in master_keys:
            raise ValueError("the current key id names no key")
        if any(len(key) != KEY_BYTES for key in (*master_keys.values(), index_key)):
            raise ValueError("a key of the vault is not 32 bytes long")
        if index_key in master_keys.values():
            raise ValueError("the index key must not be one of the sealing keys")
        self._master_keys = dict(master_keys)
        self._key_id = key_id
        self._index_key = index_key
        self._cipher = lru_cache(maxsize=512)(self._derive_cipher)

    @classmethod
    def of_hex(cls, master_keys: Mapping[str, str], key_id: str, index_key: str) -> Self:
        """Build the vault from keys written in hexadecimal, as the settings carry them."""
        keys = {name: bytes.fromhex(key) for name, key in master_keys.items()}
        return cls(keys, key_id, bytes.fromhex(index_key))

    def seal(self, number: Number, place: Place) -> Sealed:
        """Seal `number` for the row `place`; sealing twice gives different content and the same index."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._cipher(self._key_id, place.caisse)
        content = nonce + cipher.encrypt(nonce, number.value.encode("ascii"), place.label(self._key_id))
        return Sealed(self._key_id, content, self.blind_index(number, place.caisse))

    def open(self, key_id: str, content: bytes, place: Place) -> Number:
        """Return the number sealed in the row `place`; raise `SealBrokenError` if it is not the one put there."""
        if key_id not in self._master_keys:
            raise SealBrokenError("no such key")
        nonce, ciphertext = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        try:
            value = self._cipher(key_id, place.caisse).decrypt(nonce, ciphertext, place.label(key_id))
        except InvalidTag as error:
            raise SealBrokenError("not authentic in this place") from error
        return Number(place.kind, value.decode("ascii"))

    def blind_index(self, number: Number, caisse: str) -> bytes:
        """Return the 32 bytes under which equal numbers of one caisse are found."""
        of_caisse = hmac.digest(self._index_key, b"aller-vers number index|" + caisse.encode(), sha256)
        return hmac.digest(of_caisse, number.indexed.encode("ascii"), sha256)

    def _derive_cipher(self, key_id: str, caisse: str) -> AESGCM:
        return AESGCM(hmac.digest(self._master_keys[key_id], b"aller-vers number seal|" + caisse.encode(), sha256))
