"""E-mails that come back: reports of non-delivery (RFC 3464) that a relay delivers to a Maildir.

Anybody may write to the address that e-mails come from: a report is read for two things, the Message-ID of what was
sent and a code, and what is not one is put aside for a person (`cur`, as read).
"""

import re
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

LARGEST_BYTES: Final = 1_000_000
NO_CODE: Final = 500
"""A server that refuses for good and gives no code of its own."""
_OURS: Final = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
_CODE: Final = re.compile(r"\b5\d\d\b")


class Returned(NamedTuple):
    """A file of the Maildir; what was sent (`known_as` of the `Mailer`), null if it is no failure of ours; a code."""

    file: Path
    known_as: UUID | None
    code: int

    def put_aside(self) -> None:
        """Leave it in the mailbox, read."""
        seen = self.file.parent.parent / "cur"
        seen.mkdir(mode=0o700, exist_ok=True)
        self.file.rename(seen / f"{self.file.name.partition(':')[0]}:2,S")


def returned(maildir: Path, most: int) -> list[Returned]:
    """Return up to `most` new files of a Maildir, oldest first by name."""
    new = maildir / "new"
    files = sorted(file for file in new.iterdir() if file.is_file()) if new.is_dir() else []
    return [_read(file) for file in files[:most]]


def _read(file: Path) -> Returned:
    if file.stat().st_size > LARGEST_BYTES:
        return Returned(file, None, NO_CODE)
    try:
        report = message_from_bytes(file.read_bytes(), policy=policy.compat32)
        code = _failure(report)
        return Returned(file, _original(report) if code else None, code or NO_CODE)
    except Exception:  # noqa: BLE001 - a file of a stranger: whatever it does to the parser, it is put aside
        return Returned(file, None, NO_CODE)


def _failure(report: Message) -> int | None:
    """Return the code of the first address refused for good."""
    if report.get_content_type() != "multipart/report" or report.get_param("report-type") != "delivery-status":
        return None
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for group in part.get_payload():
            if isinstance(group, Message) and str(group.get("Action", "")).strip().lower() == "failed":
                found = _CODE.search(str(group.get("Diagnostic-Code", "")))
                return int(found[0]) if found else NO_CODE
    return None


def _original(report: Message) -> UUID | None:
    for part in report.walk():
        kind, content = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(content, list):
            sent = content[0]
        elif kind == "text/rfc822-headers" and isinstance(content, str):
            sent = message_from_string(content)
        else:
            continue
        found = _OURS.match(str(sent.get("Message-ID", "")).strip()) if isinstance(sent, Message) else None
        return UUID(found[1]) if found else None
    return None
