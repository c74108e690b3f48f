"""Settings every service has. They come from `ALLER_…` variables; a secret without a value stops the start."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What a service needs to start. No field that protects something has a default."""

    model_config = SettingsConfigDict(env_prefix="ALLER_", extra="ignore", frozen=True)

    environment: Literal["production", "demonstration", "test"]
    database_url: SecretStr = Field(description="postgresql+psycopg:// URL of this service's login role")
    issuer: str = Field(default="https://gateway.aller-vers.internal", description="`iss` of internal tokens")
    jwks: str = Field(description="URL of the gateway's public keys, or the key set itself as JSON")
    gateway_url: str = Field(description="where the gateway answers, for tokens of the service's own")
    service_key: SecretStr = Field(description="private JWK with which the service signs its assertions")
    peers: dict[str, str] = Field(
        default_factory=dict, description='base URLs of the services it reads, `{"partners": "http://…"}`'
    )
    metrics_token: SecretStr | None = Field(default=None, description="bearer of /metrics; absent: closed")
    data_dir: Path = Path(".data")
    pool_size: int = 20
    pool_wait_seconds: float = Field(default=1, description="how long a request waits for a connection of the pool")
    workers: int = 1

    @classmethod
    def ephemeral(cls, **known: Any) -> Self:
        """Return settings for a contract or a test: what is not `known` is nowhere, and every secret is fresh."""
        nowhere = {
            "environment": "test",
            "database_url": "postgresql+psycopg://nowhere.invalid/none",
            "jwks": '{"keys": []}',
            "gateway_url": "http://gateway.invalid",
            "service_key": "{}",
        }
        return cls.model_validate(nowhere | known)

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if self.environment != "production":
            return self
        url = self.database_url.get_secret_value()
        if any(weak in url for weak in (":postgres@", ":password@", ":changeme@", ":@")):
            raise ValueError("ALLER_DATABASE_URL carries no real password")
        if self.jwks.startswith("{"):
            raise ValueError("ALLER_JWKS must be the gateway's URL in production, so that keys can rotate")
        return self
