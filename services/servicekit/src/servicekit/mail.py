"""E-mails: by SMTP when it is configured, else a file each in the outbox folder.

A message holds a link or a fact, never a name: an e-mail is read by whoever reads the mailbox.
"""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
from pydantic import SecretStr

from servicekit import clock
from servicekit.db import new_id

SENDER_NAME: Final = "Aller-vers"
_SMTP_TIMEOUT_S: Final = 10
_FOR_GOOD: Final = 500


class MailSettings(Protocol):
    """What a service that writes e-mails says of itself."""

    @property
    def smtp_url(self) -> SecretStr | None:
        """Relay; None: e-mails are files in the outbox."""

    @property
    def mail_sender(self) -> str:
        """Address that e-mails come from."""

    @property
    def data_dir(self) -> Path:
        """Folder that holds the outbox."""


class MailRefused(Exception):
    """The address is refused for good; `code` is the server's (550: nobody there). Trying again serves nothing."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


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
    def of(cls, settings: MailSettings) -> Self:
        """Return the mailer that `settings` ask for."""
        smtp = settings.smtp_url
        return cls(
            settings.mail_sender, settings.data_dir / "outbox", smtp.get_secret_value() if smtp is not None else None
        )

    async def send(self, to: str, letter: Letter, *, known_as: UUID | None = None) -> None:
        """Send one letter; raises `MailRefused` for an address refused for good, otherwise what went wrong.

        `known_as` makes the Message-ID, by which a letter sent twice is known for a double.
        """
        message = EmailMessage()
        message["From"] = formataddr((SENDER_NAME, self.sender))
        message["To"] = to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(clock.system_now())
        message["Message-ID"] = f"<{known_as or new_id()}@{self.sender.rpartition('@')[2]}>"
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
        try:
            await aiosmtplib.send(
                message,
                hostname=server.hostname,
                port=server.port,
                username=unquote(server.username) if server.username else None,
                password=unquote(server.password) if server.password else None,
                use_tls=server.scheme == "smtps",
                timeout=_SMTP_TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            codes = [each.code for each in refusal.recipients]
            if codes and all(code >= _FOR_GOOD for code in codes):
                raise MailRefused(codes[0]) from None  # its message quotes the address
            raise
