"""E-mails of sign-in: by SMTP when it is configured, else a file each in the outbox folder.

A message holds a link or a fact, never a name: an e-mail is read by whoever reads the mailbox.
"""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from gateway_service.settings import Settings
from servicekit import clock
from servicekit.db import new_id

SENDER_NAME: Final = "Aller-vers"
_SMTP_TIMEOUT_S: Final = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail says."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Mailer:
    """Sends letters. `smtp_url`: `smtp://` (STARTTLS when offered) or `smtps://`, user and password inside."""

    sender: str
    outbox: Path
    smtp_url: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the mailer that `settings` ask for."""
        smtp = settings.smtp_url
        return cls(
            settings.mail_sender, settings.data_dir / "outbox", smtp.get_secret_value() if smtp is not None else None
        )

    async def send(self, to: str, letter: Letter) -> None:
        """Send one letter; raises when it was not accepted, for the job to try again."""
        message = EmailMessage()
        message["From"] = formataddr((SENDER_NAME, self.sender))
        message["To"] = to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(clock.system_now())
        message["Message-ID"] = f"<{new_id()}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="quoted-printable")
        message["Content-Language"] = "fr"
        if self.smtp_url is None:
            await asyncio.to_thread(self._drop, message)
        else:
            await self._deliver(message, self.smtp_url)

    def _drop(self, message: EmailMessage) -> None:
        self.outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = new_id()
        unfinished = self.outbox / f".{name}.part"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(bytes(message))
        unfinished.rename(self.outbox / f"{name}.eml")

    async def _deliver(self, message: EmailMessage, smtp_url: str) -> None:
        server = urlsplit(smtp_url)
        await aiosmtplib.send(
            message,
            hostname=server.hostname,
            port=server.port,
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            timeout=_SMTP_TIMEOUT_S,
        )
