"""The master keys of a service that seals what it keeps: its documents, what its works hold."""

import secrets
from functools import cached_property
from typing import Any, Self

from pydantic import Field, SecretStr, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.documents.keyring import KEY_BYTES, Keyring, Secrecy
from servicekit.settings import ServiceSettings


class KeyringSettings(ServiceSettings):
    """Settings of a service that seals; its keys have no default and stop the start."""

    document_keys: dict[str, dict[str, SecretStr]] = Field(
        description='master keys by class, `{"ordinary": {"<id>": "<64 hexadecimal digits>"}, …}`; old ones stay'
    )
    document_key_ids: dict[str, str] = Field(description='id of the key that wraps from now on, `{"ordinary": …}`')

    @classmethod
    def ephemeral(cls, **known: Any) -> Self:
        """Return settings for a contract or a test, with fresh keys."""
        keys = {
            "document_keys": {secrecy: {"ephemeral": secrets.token_hex(KEY_BYTES)} for secrecy in Secrecy},
            "document_key_ids": dict.fromkeys(Secrecy, "ephemeral"),
        }
        return super().ephemeral(**(keys | known))

    @model_validator(mode="after")
    def _refuse_bad_document_keys(self) -> Self:
        _ = self.keyring
        return self

    @cached_property
    def keyring(self) -> Keyring:
        """Return the keys, ready for use."""
        keys = {
            secrecy: {key_id: key.get_secret_value() for key_id, key in some.items()}
            for secrecy, some in self.document_keys.items()
        }
        return Keyring.of_hex(keys, self.document_key_ids)


def keyring_of(session: AsyncSession) -> Keyring:
    """Return the keys of the service that `session` works for."""
    settings = session.info["settings"]
    assert isinstance(settings, KeyringSettings)  # noqa: S101 - the service is assembled with these
    return settings.keyring
