"""Secrets of an installation: made once, kept in one file that only its owner may read.

`environment()` gives them as the services' settings name them; `as_env_file()` as docker-compose.yml does.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from servicekit import tokens


def _password() -> str:
    return secrets.token_urlsafe(24)


def _private_jwk() -> str:
    return json.dumps(tokens.generate_jwk(), separators=(",", ":"))


def _hex_256() -> str:
    return secrets.token_hex(32)


def _base64url_256() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def _first_nir_key() -> str:
    return json.dumps({"first": _hex_256()}, separators=(",", ":"))


_SECRECY = ("ordinary", "social", "medical")


def _first_document_keys() -> str:
    return json.dumps({secrecy: {"first": _hex_256()} for secrecy in _SECRECY}, separators=(",", ":"))


def _first_document_key_ids() -> str:
    return json.dumps(dict.fromkeys(_SECRECY, "first"), separators=(",", ":"))


_DOCUMENTS: dict[str, Callable[[], str]] = {
    "DOCUMENT_KEYS": _first_document_keys,
    "DOCUMENT_KEY_IDS": _first_document_key_ids,
}
_COMMON: dict[str, Callable[[], str]] = {"DB_PASSWORD": _password, "SERVICE_KEY": _private_jwk}
NEEDED: Mapping[str, Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "partners": _COMMON | _DOCUMENTS,
        "referrals": _COMMON
        | _DOCUMENTS
        | {"NIR_KEYS": _first_nir_key, "NIR_KEY_ID": lambda: "first", "NIR_INDEX_KEY": _hex_256},
        "accompaniments": _COMMON,
        "gateway": _COMMON | {"SEALING_KEY": _base64url_256},
    }
)
"""What each service keeps secret, under the name of its setting without `ALLER_`, and how to make it."""


class Secrets:
    """The secrets of one installation, by service and name."""

    def __init__(self, values: Mapping[str, Mapping[str, str]]) -> None:
        self._values = values

    @classmethod
    def of(cls, path: Path) -> "Secrets":
        """Read the file, after adding what it lacks. What it has never changes: data is sealed with it."""
        known: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
        complete = {
            service: {name: known.get(service, {}).get(name) or make() for name, make in needed.items()}
            for service, needed in NEEDED.items()
        }
        if complete != known:
            _write_private(path, json.dumps(known | complete, indent=1))
        return cls(complete)

    @classmethod
    def fresh(cls) -> "Secrets":
        """Make the secrets of a new installation."""
        return cls({service: {name: make() for name, make in needed.items()} for service, needed in NEEDED.items()})

    def password(self, service: str) -> str:
        """Return the password of the database login of a service."""
        return self._values[service]["DB_PASSWORD"]

    def environment(self, service: str) -> dict[str, str]:
        """Return the secrets of one service as its settings read them, and none of another's."""
        return {f"ALLER_{name}": value for name, value in self._values[service].items() if name != "DB_PASSWORD"}

    def public_keys(self) -> dict[str, dict[str, str]]:
        """Return by which public key the gateway recognises each service, `{"svc-partners": JWK}`."""
        return {f"svc-{service}": tokens.public_part(values["SERVICE_KEY"]) for service, values in self._values.items()}

    def as_env_file(self, domain: str) -> str:
        """Return the secrets as docker-compose.yml names them (`PARTNERS_DB_PASSWORD=…`)."""
        lines = [
            f"{service.upper()}_{name}='{value}'"
            for service, values in self._values.items()
            for name, value in values.items()
        ]
        clients = json.dumps(self.public_keys(), separators=(",", ":"))
        first = [f"ALLER_DOMAIN='{domain}'", f"POSTGRES_PASSWORD='{_password()}'"]
        return "\n".join([*first, *lines, f"GATEWAY_SERVICE_KEYS='{clients}'"]) + "\n"


def _write_private(path: Path, content: str) -> None:
    """Write beside and rename, so that a crash leaves the old file whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
