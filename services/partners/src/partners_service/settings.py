"""Settings of partners, beside those of every service; its keys seal what works hold."""

from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr

from servicekit.documents.keys import KeyringSettings


class Settings(KeyringSettings):
    """Where e-mails lead and how they leave; what a caisse may choose is data (`parameters`)."""

    origin: str = Field(description="where people find the portal: https://portail.exemple.fr")
    smtp_url: SecretStr | None = Field(default=None, description="absent: e-mails are files in the outbox")
    mail_sender: str = "ne-pas-repondre@aller-vers.invalid"
    mail_returns: Path | None = Field(
        default=None, description="Maildir where the relay delivers what comes back to mail_sender"
    )

    @classmethod
    def ephemeral(cls, **known: Any) -> Self:
        """Return settings for a contract or a test."""
        return super().ephemeral(**({"origin": "https://portail.test"} | known))
