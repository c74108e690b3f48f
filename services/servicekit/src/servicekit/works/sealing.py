"""What a work holds of people is sealed under a key of its own, from the service's keyring, and forgotten with it."""

from typing import Final, Self
from uuid import UUID

from servicekit.documents.keyring import Envelope, EnvelopeBroken, Keyring, Place, Secrecy, WrappedKey
from servicekit.errors import Conflict

SECRECY: Final = Secrecy.ORDINARY
"""Secrets and medical groups never enter a work (`exports.NEVER`)."""


class Forgotten(Conflict):
    """What the work held was erased when it expired, or its key is gone."""

    slug = "work-forgotten"
    title = "Contenu effacé"

    def __init__(self) -> None:
        super().__init__("Ce contenu a été effacé à son échéance. Recommencez si vous en avez besoin.")


def place_of(caisse: str, work_id: UUID) -> Place:
    """Return where what a work holds is sealed."""
    return Place(caisse, work_id, work_id, SECRECY)


class Seal:
    """Seals and opens what one work holds, part by part."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope

    @classmethod
    def of(cls, keyring: Keyring, place: Place, key: WrappedKey | None) -> Self:
        """Return that of a work. Raises `Forgotten`."""
        if key is None:
            raise Forgotten
        try:
            return cls(keyring.envelope(key, place))
        except EnvelopeBroken as error:
            raise Forgotten from error

    def seal(self, part: str, content: bytes) -> bytes:
        """Return the content sealed as a part of the work."""
        return self._envelope.seal(content, part)

    def open(self, part: str, sealed: bytes) -> bytes:
        """Return what was sealed as that part. Raises `Forgotten`."""
        try:
            return self._envelope.open(sealed, part)
        except EnvelopeBroken as error:
            raise Forgotten from error
