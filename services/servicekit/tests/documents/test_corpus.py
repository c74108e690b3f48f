"""The corpus of security notes, section 7: nothing that should not be is taken, nothing good is refused."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from fastapi import Request

from servicekit import clock
from servicekit.db import new_id
from servicekit.documents.inspection import Inspector
from servicekit.documents.keyring import Secrecy
from servicekit.documents.kinds import clean_name, declared_type
from servicekit.documents.lifecycle import DocumentState
from servicekit.documents.receiving import receive
from servicekit.documents.refusals import DocumentRefused, Reason
from servicekit.documents.rows import Document
from servicekit.documents.settings import Documents, DocumentSettings

from . import good, hostile
from .hostile import File


class Settings(DocumentSettings):
    """Settings of nobody in particular."""

    documents_of = "sample"


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    """Return what takes documents, in a folder of its own."""
    return Settings.ephemeral(data_dir=tmp_path).documents


def announced(file: File) -> Document:
    """Say what is coming, as the announcement checks it; raises `DocumentRefused`."""
    name = clean_name(file.name)
    return Document(
        caisse="311",
        id=new_id(),
        case_id=uuid4(),
        structure_id=None,
        side="agent",
        author="x",
        item="other",
        secrecy=Secrecy.ORDINARY,
        name=name,
        media_type=declared_type(name, file.media_type),
        size_bytes=len(file.content),
        state=DocumentState.ANNOUNCED,
        refused_for=None,
        blob=None,
        announced_at=clock.system_now(),
        kept_at=None,
        scanned_at=None,
    )


def a_request(file: File) -> Request:
    """Return the file on its way in, in parts."""
    parts = [file.content[at : at + 65_536] for at in range(0, len(file.content), 65_536)] or [b""]
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": n + 1 < len(parts)} for n, part in enumerate(parts)
    ]

    async def arrive() -> dict[str, Any]:
        return messages.pop(0)

    headers = [(b"content-type", file.media_type.encode())]
    return Request({"type": "http", "method": "PUT", "headers": headers}, arrive)


async def taken(documents: Documents, file: File) -> bytes:
    """Send a file; return what is kept of it, or raise `DocumentRefused`."""
    expected = announced(file)
    kept = await receive(a_request(file), expected, documents)
    return documents.keyring.open(documents.storage.get(kept.blob), kept.key, expected.place)


async def each(documents: Documents, files: list[File]) -> AsyncIterator[tuple[File, bytes | Reason]]:
    """Send every file, two at a time, and yield what became of it."""
    places = asyncio.Semaphore(2)

    async def send(file: File) -> tuple[File, bytes | Reason]:
        async with places:
            try:
                return file, await taken(documents, file)
            except DocumentRefused as refused:
                return file, refused.reason

    for one in asyncio.as_completed([send(file) for file in files]):
        yield await one


async def test_no_hostile_file_is_taken_and_none_harms_the_service(documents: Documents) -> None:
    files = list(hostile.every())
    assert len(files) >= 120
    assert len({file.what for file in files}) == len(files)
    before = psutil.Process().memory_info().rss
    accepted, refused = [], {}
    async for file, outcome in each(documents, files):
        if isinstance(outcome, Reason):
            refused[file.what] = outcome
        else:
            accepted.append(file.what)
    assert accepted == []
    assert len(refused) == len(files)
    assert list(documents.storage.older_than(clock.system_now())) == []
    assert psutil.Process().memory_info().rss - before < 256 * 1_048_576
    for what, reason in {
        "script on opening": Reason.ACTIVE_CONTENT,
        "portfolio": Reason.EMBEDDED_FILES,
        "password": Reason.ENCRYPTED,
        "101 pages": Reason.TOO_MANY_PAGES,
        "a million objects": Reason.TOO_COMPLEX,
        "deflated ten times": Reason.TOO_COMPLEX,
        "PNG of 3.6 billion pixels": Reason.TOO_MANY_PIXELS,
        "PDF and ZIP": Reason.TWO_FORMATS,
        "PDF said to be PNG": Reason.TYPES_DISAGREE,
        "HTML as PDF": Reason.WRONG_TYPE,
        "nothing as PDF": Reason.EMPTY,
        "cross-reference loop": Reason.UNREADABLE,
    }.items():
        assert refused[what] is reason, what


async def test_every_good_file_is_taken_without_what_it_does_not_show(documents: Documents) -> None:
    files = list(good.every())
    assert len(files) == 60
    refused = {}
    async for file, outcome in each(documents, files):
        if isinstance(outcome, Reason):
            refused[file.what] = outcome
            continue
        assert good.MARK not in outcome, file.what
        assert b"<script" not in outcome, file.what
        assert outcome[:3] == file.content[:3], file.what
    assert refused == {}


async def test_a_photograph_is_shown_upright_once_its_orientation_is_gone(documents: Documents) -> None:
    import io

    from PIL import Image

    [turned] = [file for file in good.photographs() if file.what.endswith("turned 6")]
    with Image.open(io.BytesIO(turned.content)) as before:
        assert before.size == (60, 40)
    with Image.open(io.BytesIO(await taken(documents, turned))) as after:
        assert after.size == (40, 60)
        assert dict(after.getexif()) == {}


async def test_the_inspector_sees_no_environment_opens_nothing_and_outgrows_nothing(
    documents: Documents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser taken over could neither read the secrets of the service, nor reach anybody, nor take its memory."""
    probe = (
        "import os, resource, sys; from servicekit.documents.inspector import __main__ as inspector\n"
        "def look(content, bounds):\n"
        "    found = [str(sorted(os.environ))]\n"
        "    for attempt in (lambda: open('/etc/hostname'), lambda: __import__('socket').socket(), os.fork,\n"
        "                    lambda: bytes(bounds.memory_bytes)):\n"
        "        try:\n"
        "            attempt(); found.append('done')\n"
        "        except Exception as error:\n"
        "            found.append(type(error).__name__)\n"
        "    return repr(found).encode()\n"
        "import socket\n"
        "inspector._rebuilder = lambda kind: look\n"
        "inspector.main(sys.argv[1:])\n"
    )
    from servicekit.documents import inspection

    monkeypatch.setenv("ALLER_SECRET", "do not tell")
    monkeypatch.setattr(inspection, "_PROGRAM", inspection._PROGRAM.partition("from servicekit")[0] + "\n" + probe)
    inspector: Inspector = documents.inspector
    with documents.storage.scratch() as received, documents.storage.scratch() as said:
        await inspector.rebuild(announced(File("x", b"")).media_type, received, said)
        told = said.read().decode()
    assert "ALLER" not in told
    assert "PATH" not in told
    # As root a process may fork beyond RLIMIT_NPROC; files and sockets are refused to everybody.
    assert told.count("OSError") >= 2, told
    assert "MemoryError" in told
