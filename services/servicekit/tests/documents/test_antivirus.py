"""A real clamd, where there is one, with a signature of our own; and what happens while there is none."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicekit.documents.antivirus import AntivirusAway, Clamd, Verdict

from .hostile import EICAR

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
CONFIGURATION = """
Foreground yes
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
LogFile {folder}/clamd.log
StreamMaxLength 1M
MaxFileSize 800K
AlertExceedsMax yes
{user}
"""


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    """Start clamd with one signature: that of the file every antivirus is tried with."""
    if CLAMD is None:
        pytest.skip("clamd is not installed on this machine (Debian package clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    (folder / "signatures/eicar.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
    configuration = folder / "clamd.conf"
    user = "User root" if Path("/proc/self").stat().st_uid == 0 else ""
    configuration.write_text(CONFIGURATION.format(folder=folder, user=user))
    process = subprocess.Popen([CLAMD, "--config-file", str(configuration)], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (folder / "clamd.sock").exists():
            assert process.poll() is None, (folder / "clamd.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield Clamd(str(folder / "clamd.sock"), seconds=20)
    finally:
        process.terminate()
        process.wait(20)


async def test_clamd_tells_clean_from_found(clamd: Clamd) -> None:
    assert await clamd.scan(b"bonjour") is Verdict.CLEAN
    assert await clamd.scan(b"\0" * 300_000) is Verdict.CLEAN
    assert await clamd.scan(EICAR) is Verdict.FOUND
    assert await clamd.scan(b"x" * 200_000 + EICAR) is Verdict.FOUND


async def test_what_clamd_did_not_look_at_is_not_clean(clamd: Clamd) -> None:
    with pytest.raises(AntivirusAway):
        await clamd.scan(b"x" * 1_100_000)


@pytest.mark.parametrize("limit", ["MaxFileSize", "MaxScanSize", "MaxRecursion", "MaxScanTime"])
async def test_what_passes_a_limit_is_neither_clean_nor_found(limit: str) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(10)
        writer.write(f"stream: Heuristics.Limits.Exceeded.{limit} FOUND\0".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    async with server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert await Clamd(address, seconds=5).scan(b"x") is Verdict.NOT_EXAMINED


async def test_a_real_clamd_says_that_its_limits_are_passed(clamd: Clamd) -> None:
    assert await clamd.scan(b"x" * 900_000) is Verdict.NOT_EXAMINED


async def test_an_antivirus_that_does_not_answer_calls_nothing_clean(tmp_path: Path) -> None:
    with pytest.raises(AntivirusAway):
        await Clamd(str(tmp_path / "nothing.sock")).scan(b"x")
    with pytest.raises(AntivirusAway):
        await Clamd("127.0.0.1:1").scan(b"x")


@pytest.mark.parametrize("answer", [b"", b"stream: OK", b"stream: x ERROR\0", b"OK\0", b"\0", b"x" * 9000 + b"\0"])
async def test_an_odd_answer_calls_nothing_clean(answer: bytes) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(10)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(AntivirusAway):
            await Clamd(f"127.0.0.1:{port}", seconds=5).scan(b"x")
