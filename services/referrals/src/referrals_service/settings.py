"""Settings of referrals, beside those of every service."""

import secrets
from functools import cached_property
from typing import Any, Self

from pydantic import BaseModel, Field, SecretStr, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.vault import KEY_BYTES, Vault
from servicekit.documents.settings import DocumentSettings


class ReadingBudget(BaseModel):
    """How many distinct persons an account may be shown; limits proposed in the security notes (T3)."""

    soft_per_hour: int = Field(default=60, ge=1, description="above: an alert, nothing is refused")
    hard_per_day: int = Field(default=200, ge=1, description="above, over the last 24 hours: refused")


class Settings(DocumentSettings):
    """Settings of referrals; the keys of the vault have no default and stop the start."""

    documents_of = "referrals"

    nir_keys: dict[str, SecretStr] = Field(
        description='master keys that seal the numbers, `{"<key id>": "<64 hexadecimal digits>"}`; old ones stay'
    )
    nir_key_id: str = Field(description="id of the master key that seals from now on")
    nir_index_key: SecretStr = Field(
        description="64 hexadecimal digits; changing it makes every number unfindable until it is indexed anew"
    )
    reading_budget: ReadingBudget = ReadingBudget()
    reading_budgets_by_role: dict[str, ReadingBudget] = Field(
        default_factory=dict, description="for the roles that need another budget, by code of role"
    )
    opened_without_grant_minutes: int = Field(
        default=30, ge=1, le=240, description="how long a person opened with a written reason stays open"
    )

    @classmethod
    def ephemeral(cls, **known: Any) -> Self:
        """Return settings for a contract or a test, with fresh keys."""
        keys = {
            "nir_keys": {"ephemeral": secrets.token_hex(KEY_BYTES)},
            "nir_key_id": "ephemeral",
            "nir_index_key": secrets.token_hex(KEY_BYTES),
        }
        return super().ephemeral(**(keys | known))

    @model_validator(mode="after")
    def _refuse_bad_keys(self) -> Self:
        _ = self.vault
        return self

    @cached_property
    def vault(self) -> Vault:
        """Return the keys, ready for use."""
        keys = {name: key.get_secret_value() for name, key in self.nir_keys.items()}
        return Vault.of_hex(keys, self.nir_key_id, self.nir_index_key.get_secret_value())

    def budget_of(self, role: str) -> ReadingBudget:
        """Return the reading budget of a role."""
        return self.reading_budgets_by_role.get(role, self.reading_budget)


def settings_of(session: AsyncSession) -> Settings:
    """Return the settings of the service that `session` works for."""
    settings = session.info["settings"]
    assert isinstance(settings, Settings)  # noqa: S101 - the service is assembled with these
    return settings
