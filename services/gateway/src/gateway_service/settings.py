"""Settings of the gateway. What protects something has no default; the rest are limits, each with its reason."""

import secrets
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from gateway_service.sealing import Vault
from servicekit import tokens
from servicekit.settings import ServiceSettings
from servicekit.tokens import PublicKeys


class Settings(ServiceSettings):
    """`ALLER_…` variables of the gateway. `peers` are the services it forwards to."""

    origin: str = Field(description="where browsers find the gateway: https://portail.exemple.fr")
    other_origins: frozenset[str] = Field(
        default=frozenset(), description="further origins of the same portal (another name of this machine)"
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(), description="networks whose X-Forwarded-For is believed; none: the socket's peer counts"
    )
    sealing_key: SecretStr = Field(description="256 bits in base64url: seals signing keys, TOTP secrets, addresses")
    service_keys: dict[str, dict[str, str]] = Field(
        description='public JWK of each service that may ask for tokens, `{"svc-partners": {…}}`'
    )

    contracts_dir: Path = Field(default=Path("openapi"), description="the committed OpenAPI documents")
    spa_dir: Path = Field(default=Path("frontend/dist"), description="the built browser application")

    smtp_url: SecretStr | None = Field(default=None, description="absent: e-mails are files in the outbox")
    mail_sender: str = "ne-pas-repondre@aller-vers.invalid"

    deadline_seconds: float = Field(default=5, description="for an answer to begin, and between two parts of it")
    file_deadline_seconds: float = Field(default=30, description="the same once a file was sent: it is looked at")
    connect_seconds: float = 1
    in_flight_limit: int = Field(default=200, description="beyond it, requests are refused rather than queued")
    connections_per_service: int = 100
    json_limit_bytes: int = 1_048_576
    upload_limit_bytes: int = Field(default=67_108_864, description="files are limited closer by each service")

    @property
    def origins(self) -> frozenset[str]:
        """Return every origin from which a browser may act."""
        return self.other_origins | {self.origin}

    @property
    def secure(self) -> bool:
        """Tell whether browsers come over TLS."""
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """Return the host name of the origin: the relying party of passkeys."""
        return urlsplit(self.origin).hostname or ""

    @property
    def token_endpoints(self) -> frozenset[str]:
        """Return the addresses of the one token endpoint: as services and as applications reach it."""
        return frozenset({f"{self.gateway_url}/oauth/token", f"{self.origin}/oauth/token"})

    def client_keys(self) -> dict[str, PublicKeys]:
        """Return the public keys of the services, by client id."""
        return {client: tokens.load_keys({"keys": [jwk]}) for client, jwk in self.service_keys.items()}

    def vault(self) -> Vault:
        """Return what seals and opens."""
        return Vault.from_setting(self.sealing_key.get_secret_value())

    @classmethod
    def ephemeral(cls, **known: Any) -> Self:
        """Return settings for a contract or a test, with fresh secrets."""
        nowhere = {
            "origin": "https://portail.test",
            "sealing_key": SecretStr(secrets.token_urlsafe(32)),
            "service_keys": {},
        }
        return super().ephemeral(**(nowhere | known))

    @field_validator("origin", "other_origins")
    @classmethod
    def _is_origin(cls, value: str | frozenset[str]) -> str | frozenset[str]:
        for origin in {value} if isinstance(value, str) else value:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
                raise ValueError("an origin is scheme://host[:port], nothing more")
        return value

    @model_validator(mode="after")
    def _refuse_unsafe_gateway(self) -> Self:
        self.vault()
        tokens.load_keys({"keys": list(self.service_keys.values())})
        if self.environment == "production" and not all(o.startswith("https://") for o in self.origins):
            raise ValueError("ALLER_ORIGIN must be https:// in production")
        return self
