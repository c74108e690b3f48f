"""What is kept secret at rest: keys derived from the one master key of the settings.

Sealed content is AES-256-GCM bound to its purpose and its owner, so that a row cannot be moved to another
account. Keyed hashes (HMAC-SHA-256) find an address or count an IP without keeping it.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
import unicodedata
from typing import Final, Literal, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32

Sealed = Literal["email", "totp", "challenge", "signing_key"]
Indexed = Literal["email", "journal", "address", "browser"]


class Vault:
    """Seals, opens and fingerprints with keys that never leave it."""

    def __init__(self, master: bytes) -> None:
        if len(master) < _KEY_BYTES:
            raise ValueError("the sealing key must have at least 256 bits")
        self._sealing = AESGCM(_derive(master, b"sealing"))
        self._index_keys: dict[Indexed, bytes] = {
            "email": _derive(master, b"index:email"),
            "journal": _derive(master, b"index:journal"),
            "address": _derive(master, b"index:address"),
            "browser": _derive(master, b"index:browser"),
        }

    @classmethod
    def from_setting(cls, encoded: str) -> Self:
        """Read the master key as settings hold it: 256 bits or more in base64url."""
        try:
            return cls(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        except binascii.Error as error:
            raise ValueError("the sealing key is not base64url") from error

    def seal(self, purpose: Sealed, owner: UUID, content: bytes) -> bytes:
        """Encrypt `content` for one purpose and one owner."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORMAT + nonce + self._sealing.encrypt(nonce, content, _bound_to(purpose, owner))

    def open(self, purpose: Sealed, owner: UUID, sealed: bytes) -> bytes:
        """Decrypt; raise `ValueError` for content that was altered or belongs elsewhere."""
        if sealed[:1] != _FORMAT:
            raise ValueError("unknown sealing format")
        nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._sealing.decrypt(nonce, content, _bound_to(purpose, owner))
        except InvalidTag as error:
            raise ValueError("sealed content does not belong here") from error

    def email_key(self, email: str) -> bytes:
        """Return what a credential is found by."""
        return self._fingerprint("email", normalised_email(email))

    def journal_key(self, email: str) -> bytes:
        """Return how the journal names an address; another key than the credentials'."""
        return self._fingerprint("journal", normalised_email(email))

    def address_key(self, address: str) -> bytes:
        """Return what attempts from an IP address are counted under (/64 for IPv6: one subscriber)."""
        return self._fingerprint("address", network_of(address, 32, 64))

    def browser_proof(self, email_key: bytes, number: str) -> str:
        """Return what a browser shows to be known for an address, with the number it was given."""
        return self._fingerprint("browser", f"{email_key.hex()} {number}").hex()

    def _fingerprint(self, index: Indexed, content: str) -> bytes:
        return hmac.digest(self._index_keys[index], content.encode(), hashlib.sha256)


def normalised_email(email: str) -> str:
    """Return the one spelling under which an address is known."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def truncated_address(address: str) -> str:
    """Return an IP address cut short enough to name no one: /24, or /48 for IPv6."""
    return network_of(address, 24, 48)


def network_of(address: str, ipv4_bits: int, ipv6_bits: int) -> str:
    """Return the network of an address, "unknown" when the server gives none (a Unix socket)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    bits = ipv4_bits if parsed.version == 4 else ipv6_bits
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def new_token() -> str:
    """Return 256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return all that is kept of a cookie or a link. Plain SHA-256: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


def _derive(master: bytes, label: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=b"aller-vers gateway", info=label).derive(master)


def _bound_to(purpose: Sealed, owner: UUID) -> bytes:
    return purpose.encode() + owner.bytes
