"""Settings of a service that keeps documents: keys, folder, antivirus, limits."""

import asyncio
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Final

from pydantic import BaseModel, Field, field_validator
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.documents.antivirus import Clamd
from servicekit.documents.inspection import Inspector
from servicekit.documents.inspector.bounds import Bounds
from servicekit.documents.keys import KeyringSettings
from servicekit.documents.storage import LocalFolder

_MIB: Final = 1_048_576


class DocumentLimits(BaseModel):
    """How many, how large, how long (security notes, section 7)."""

    file_bytes: int = Field(default=10 * _MIB, ge=1)
    files_per_case: int = Field(default=5, ge=1, description="from each side")
    case_bytes: int = Field(default=50 * _MIB, ge=1)
    structure_month_bytes: int = Field(default=1024 * _MIB, ge=1)
    upload_seconds: float = Field(default=120, gt=0, description="for a whole file to arrive")
    uploads_at_once: int = Field(default=16, ge=1, description="beyond it, uploads are asked to come back")
    ticket_seconds: int = Field(default=60, ge=1)
    unfinished_minutes: int = Field(default=60, ge=1, description="then an upload that never ended is cleared away")


class InspectionLimits(BaseModel):
    """What one file may cost, in a process of its own (security notes, section 7)."""

    at_once: int = Field(default=2, ge=1)
    wall_seconds: float = Field(default=20, gt=0)
    cpu_seconds: int = Field(default=10, ge=1)
    memory_bytes: int = 512 * _MIB
    output_bytes: int = 64 * _MIB
    pdf_pages: int = 100
    pdf_objects: int = 20_000
    pdf_decompressed_bytes: int = 100 * _MIB
    image_pixels: int = 40_000_000


class Documents:
    """What a running service needs to take, keep and give documents."""

    def __init__(self, settings: "DocumentSettings") -> None:
        self.limits = settings.document_limits
        self.keyring = settings.keyring
        self.storage = LocalFolder(settings.documents_folder)
        self.antivirus = Clamd(settings.clamd) if settings.clamd else None
        self.receiving = asyncio.Semaphore(self.limits.uploads_at_once)
        inspection = settings.inspection_limits
        self.inspector = Inspector(
            Bounds(
                memory_bytes=inspection.memory_bytes,
                cpu_seconds=inspection.cpu_seconds,
                output_bytes=inspection.output_bytes,
                pages=inspection.pdf_pages,
                objects=inspection.pdf_objects,
                decompressed_bytes=inspection.pdf_decompressed_bytes,
                pixels=inspection.image_pixels,
            ),
            inspection.wall_seconds,
            asyncio.Semaphore(inspection.at_once),
        )


class DocumentSettings(KeyringSettings):
    """Settings of a service that keeps documents.

    A service names itself in `documents_of`: folders are never shared, since each is swept by its own service.
    """

    documents_of: ClassVar[str]

    documents_dir: Path | None = Field(default=None, description="absent: `documents` and the service, in data_dir")
    clamd: str | None = Field(default=None, description="`host:port` or socket path of clamd; absent: no antivirus")
    document_limits: DocumentLimits = DocumentLimits()
    inspection_limits: InspectionLimits = InspectionLimits()

    @field_validator("clamd")
    @classmethod
    def _nowhere_is_none(cls, value: str | None) -> str | None:
        return value or None

    @property
    def documents_folder(self) -> Path:
        """Return where sealed contents are kept."""
        return self.documents_dir or self.data_dir / "documents" / self.documents_of

    @cached_property
    def documents(self) -> Documents:
        """Return what takes, keeps and gives documents; one a process."""
        return Documents(self)


def documents_of(session: AsyncSession) -> Documents:
    """Return what the service that `session` works for keeps documents with."""
    settings = session.info["settings"]
    assert isinstance(settings, DocumentSettings)  # noqa: S101 - the service is assembled with these
    return settings.documents
