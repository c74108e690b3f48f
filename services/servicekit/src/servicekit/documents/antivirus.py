"""ClamAV, asked over clamd's socket. What was not surely found clean is not called clean."""

import asyncio
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_CHUNK: Final = 65_536
_LONGEST_ANSWER: Final = 4096
_LIMIT_PASSED: Final = b"stream: Heuristics.Limits."
"""How `AlertExceedsMax` answers, with FOUND at the end like a virus."""


class Verdict(StrEnum):
    """What clamd says of a content."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_EXAMINED = "not_examined"
    """It passes a limit of clamd's: nothing was found, and not all was looked at."""


class AntivirusAway(Exception):
    """clamd does not answer, or not to the point: the content stays where it is."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """One clamd, at `host:port` or the path of its socket.

    Its `StreamMaxLength` must exceed our limit, and `AlertExceedsMax yes` be set: without it, clamd calls clean
    what it did not look at.
    """

    address: str
    seconds: float = 60

    async def scan(self, content: bytes) -> Verdict:
        """Return the verdict; raises `AntivirusAway`."""
        try:
            async with asyncio.timeout(self.seconds):
                answer = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise AntivirusAway(type(error).__qualname__) from error
        if answer == b"stream: OK":
            return Verdict.CLEAN
        if answer.startswith(_LIMIT_PASSED) and answer.endswith(b" FOUND"):
            return Verdict.NOT_EXAMINED
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            return Verdict.FOUND
        raise AntivirusAway("unexpected answer")

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                part = content[start : start + _CHUNK]
                writer.write(struct.pack("!I", len(part)) + part)
                await writer.drain()
            writer.write(struct.pack("!I", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1]
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.address.startswith("/"):
            return await asyncio.open_unix_connection(self.address, limit=_LONGEST_ANSWER)
        host, _, port = self.address.rpartition(":")
        return await asyncio.open_connection(host, int(port), limit=_LONGEST_ANSWER)
