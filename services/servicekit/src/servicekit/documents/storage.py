"""Where sealed contents are kept. The protocol is what an S3-compatible store would have to do; the folder does it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final, Protocol
from uuid import UUID

_PART: Final = ".part"


class Storage(Protocol):
    """Keeps sealed contents by id. A content is written once and never changed."""

    def put(self, blob: UUID, content: bytes) -> None:
        """Keep a content; once this returns it outlives a crash, and half of it is never seen."""

    def get(self, blob: UUID) -> bytes:
        """Return a content; raises `FileNotFoundError`."""

    def remove(self, blob: UUID) -> None:
        """Forget a content, present or not."""

    def older_than(self, instant: datetime) -> Iterator[UUID]:
        """Yield what was written before `instant`, and clear what was never finished."""


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A folder of this machine, readable by its owner only."""

    folder: Path

    def put(self, blob: UUID, content: bytes) -> None:
        """Write beside, force to the disk, rename, force the folder's entry."""
        path = self._path(blob)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(_PART)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        for parent in (path.parent, self.folder):
            _force(parent)

    def get(self, blob: UUID) -> bytes:
        """Read it whole."""
        return self._path(blob).read_bytes()

    def remove(self, blob: UUID) -> None:
        """Unlink it."""
        self._path(blob).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> Iterator[UUID]:
        """Look through the folder."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            try:
                written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except FileNotFoundError:
                continue
            if written_at >= instant:
                continue
            if path.suffix == _PART:
                path.unlink(missing_ok=True)
            else:
                yield UUID(path.name)

    def scratch(self) -> IO[bytes]:
        """Return a file without a name: it is gone with the process, whatever ends it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whoever asks closes it.
        return TemporaryFile(dir=self.folder)

    def _path(self, blob: UUID) -> Path:
        # The last digits are random in a UUIDv7, the first are a date.
        return self.folder / blob.hex[-2:] / str(blob)


def _force(folder: Path) -> None:
    entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
