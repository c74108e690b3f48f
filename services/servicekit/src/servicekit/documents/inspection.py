"""Sends a file to the inspector's process and reads its verdict."""

import asyncio
import sys
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import IO, Final

import servicekit
from servicekit.documents.inspector.bounds import Bounds
from servicekit.documents.kinds import MediaType
from servicekit.documents.refusals import DocumentRefused, Reason, reason_of

_SOURCES: Final = str(Path(servicekit.__file__).parents[1])
# Isolated, without the environment: nothing but the sources is told, and no secret can be read back from it.
_PROGRAM: Final = (
    f"import sys; sys.path.insert(0, {_SOURCES!r}); "
    "from servicekit.documents.inspector.__main__ import main; main(sys.argv[1:])"
)


@dataclass(frozen=True, slots=True)
class Inspector:
    """Runs one process a file, a few at a time; whatever becomes of it, the service goes on."""

    bounds: Bounds
    wall_seconds: float
    places: asyncio.Semaphore

    async def rebuild(self, media_type: MediaType, received: IO[bytes], rebuilt: IO[bytes]) -> None:
        """Write into `rebuilt` the document of `received`; raises `DocumentRefused`."""
        async with self.places:
            status = await self._run(media_type, received, rebuilt)
        if status == 0:
            rebuilt.seek(0)
            return
        # Killed by a limit, or by what it was parsing: out of time, or beyond reading.
        killed = Reason.TOO_COMPLEX if status is None or status < 0 else Reason.UNREADABLE
        raise DocumentRefused(reason_of(status or 0) or killed)

    async def _run(self, media_type: MediaType, received: IO[bytes], rebuilt: IO[bytes]) -> int | None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-c",
            _PROGRAM,
            media_type.value,
            *map(str, astuple(self.bounds)),
            stdin=received,
            stdout=rebuilt,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self.wall_seconds):
                return await process.wait()
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
