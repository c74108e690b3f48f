"""Envelopes: each file under a key of its own, that key wrapped under the key of its class and caisse.

A file's key is 256 random bits, used for it alone (AES-256-GCM); a work has one for all that it holds. What
wraps it is derived for the caisse from a master key that has an id, so that master keys can be replaced one after
the other; each class of secrecy has its own.
Destroying the wrapped key erases the file, wherever copies of its content may be.
"""

import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
VERSION: Final = 1
_NONCE_BYTES: Final = 12


class Secrecy(StrEnum):
    """Which secret a file is under; each has keys of its own."""

    ORDINARY = "ordinary"
    SOCIAL = "social"
    MEDICAL = "medical"


class EnvelopeBroken(Exception):
    """An envelope does not open: altered, moved to another place, or its master key is gone."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which document of which case a content is: authenticated, so that content moved elsewhere does not open.

    What a work holds hangs on nothing but the work: its id stands for both.
    """

    caisse: str
    case_id: UUID
    document_id: UUID
    secrecy: Secrecy

    @property
    def label(self) -> bytes:
        """Return the additional authenticated data."""
        return "|".join(
            (str(self.document_id), str(self.case_id), self.caisse, self.secrecy.value, str(VERSION))
        ).encode()


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A file's key as the database keeps it: the nonce, then the ciphertext with its tag."""

    key_id: str
    wrapped: bytes


class Envelope:
    """The key of one place, in clear as long as this object lives; what is sealed in it does not open elsewhere."""

    def __init__(self, key: bytes, place: Place) -> None:
        self._cipher = AESGCM(key)
        self._label = place.label

    def seal(self, content: bytes, part: str = "") -> bytes:
        """Return the content sealed; `part` says which one it is where a place holds several."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, self._of(part))

    def open(self, sealed: bytes, part: str = "") -> bytes:
        """Return what was sealed as that part; raise `EnvelopeBroken` if it is not the one put there."""
        return _decrypt(self._cipher, sealed, self._of(part))

    def _of(self, part: str) -> bytes:
        return self._label + b"|" + part.encode() if part else self._label


class Keyring:
    """The master keys by class and id, held in memory only; `current` names those that wrap from now on."""

    def __init__(self, keys: Mapping[Secrecy, Mapping[str, bytes]], current: Mapping[Secrecy, str]) -> None:
        every = [key for of_class in keys.values() for key in of_class.values()]
        if set(keys) != set(Secrecy) or any(current.get(secrecy) not in keys[secrecy] for secrecy in Secrecy):
            raise ValueError("each class of secrecy needs keys, and a current one among them")
        if any(len(key) != KEY_BYTES for key in every):
            raise ValueError("a key of documents is not 32 bytes long")
        if len(set(every)) != len(every):
            raise ValueError("two classes of secrecy must not share a key")
        self._keys = {secrecy: dict(of_class) for secrecy, of_class in keys.items()}
        self._current = dict(current)

    @classmethod
    def of_hex(cls, keys: Mapping[str, Mapping[str, str]], current: Mapping[str, str]) -> Self:
        """Build it from keys written in hexadecimal, as the settings carry them."""
        return cls(
            {Secrecy(name): {k: bytes.fromhex(v) for k, v in some.items()} for name, some in keys.items()},
            {Secrecy(name): key_id for name, key_id in current.items()},
        )

    @property
    def classes(self) -> Sequence[Secrecy]:
        """Return the classes it has keys for: all."""
        return tuple(self._keys)

    def current(self, secrecy: Secrecy) -> str:
        """Return the id of the key that wraps from now on."""
        return self._current[secrecy]

    def new(self, place: Place) -> tuple[Envelope, WrappedKey]:
        """Return an envelope under a fresh key, and that key wrapped."""
        key = os.urandom(KEY_BYTES)
        return Envelope(key, place), self._wrap(key, place)

    def envelope(self, key: WrappedKey, place: Place) -> Envelope:
        """Return the envelope of a place; raise `EnvelopeBroken` if the key is not the one of this place."""
        return Envelope(self._unwrap(key, place), place)

    def seal(self, content: bytes, place: Place) -> tuple[bytes, WrappedKey]:
        """Return the content sealed under a fresh key, and that key wrapped."""
        envelope, key = self.new(place)
        return envelope.seal(content), key

    def open(self, sealed: bytes, key: WrappedKey, place: Place) -> bytes:
        """Return the content sealed at `place`; raise `EnvelopeBroken` if it is not the one put there."""
        return self.envelope(key, place).open(sealed)

    def rewrap(self, key: WrappedKey, place: Place) -> WrappedKey:
        """Return the same file's key under the current master key; the content is not touched."""
        return self._wrap(self._unwrap(key, place), place)

    def digests(self, content: bytes, caisse: str) -> tuple[bytes, ...]:
        """Return digests that nobody recomputes without the keys: the present one, then those of former keys."""
        masters = self._keys[Secrecy.ORDINARY]
        current = self._current[Secrecy.ORDINARY]
        keys = [masters[current], *(master for key_id, master in masters.items() if key_id != current)]
        ours = [hmac.digest(master, b"aller-vers digest|" + caisse.encode(), sha256) for master in keys]
        return tuple(hmac.digest(key, content, sha256) for key in ours)

    def _wrap(self, key: bytes, place: Place) -> WrappedKey:
        key_id, nonce = self.current(place.secrecy), os.urandom(_NONCE_BYTES)
        wrapped = self._wrapping(place, key_id).encrypt(nonce, key, _bound_to(place, key_id))
        return WrappedKey(key_id, nonce + wrapped)

    def _unwrap(self, key: WrappedKey, place: Place) -> bytes:
        if key.key_id not in self._keys[place.secrecy]:
            raise EnvelopeBroken("no such key")
        return _decrypt(self._wrapping(place, key.key_id), key.wrapped, _bound_to(place, key.key_id))

    def _wrapping(self, place: Place, key_id: str) -> AESGCM:
        master = self._keys[place.secrecy][key_id]
        return AESGCM(hmac.digest(master, b"aller-vers document key|" + place.caisse.encode(), sha256))


def _bound_to(place: Place, key_id: str) -> bytes:
    return b"key|" + key_id.encode() + b"|" + place.label


def _decrypt(cipher: AESGCM, sealed: bytes, label: bytes) -> bytes:
    if len(sealed) < _NONCE_BYTES:
        raise EnvelopeBroken("too short")
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label)
    except InvalidTag as error:
        raise EnvelopeBroken("not authentic in this place") from error
