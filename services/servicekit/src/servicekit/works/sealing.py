"""What a work holds of people is sealed with a key of its own, forgotten with it.

The key is wrapped by one drawn from the service's own secret. A replaced secret makes what works hold unreadable,
which is lost at most a few days before its time.
"""

import json
import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from servicekit.errors import Conflict
from servicekit.settings import ServiceSettings

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Forgotten(Conflict):
    """What the work held was erased when it expired, or its key is gone."""

    slug = "work-forgotten"
    title = "Contenu effacé"

    def __init__(self) -> None:
        super().__init__("Ce contenu a été effacé à son échéance. Recommencez si vous en avez besoin.")


def new_key(settings: ServiceSettings, work_id: UUID) -> bytes:
    """Return a fresh key for a work, wrapped: what its row keeps."""
    return _sealed(_wrapping(settings), f"key|{work_id}", os.urandom(_KEY_BYTES))


class Seal:
    """Seals and opens what one work holds; `place` is authenticated, so nothing opens elsewhere."""

    def __init__(self, settings: ServiceSettings, work_id: UUID, wrapped: bytes | None) -> None:
        if wrapped is None:
            raise Forgotten
        self._work_id = work_id
        self._cipher = AESGCM(_opened(_wrapping(settings), f"key|{work_id}", wrapped))

    def seal(self, place: str, content: bytes) -> bytes:
        """Return the content sealed for its place in the work."""
        return _sealed(self._cipher, f"{self._work_id}|{place}", content)

    def open(self, place: str, sealed: bytes) -> bytes:
        """Return what was sealed there."""
        return _opened(self._cipher, f"{self._work_id}|{place}", sealed)


def _wrapping(settings: ServiceSettings) -> AESGCM:
    secret = settings.service_key.get_secret_value()
    material = str(json.loads(secret).get("d", secret)).encode()
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, None, b"aller-vers keys of works").derive(material))


def _sealed(cipher: AESGCM, place: str, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, place.encode())


def _opened(cipher: AESGCM, place: str, sealed: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
    except InvalidTag as error:
        raise Forgotten from error
