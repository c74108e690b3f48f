"""The alarm, the tidying up, and e-mails that really leave."""

import asyncio
from collections.abc import MutableMapping
from datetime import timedelta
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from gateway_service.jobs import jobs
from gateway_service.sign_in.upkeep import purge, watch
from servicekit import clock
from servicekit.mail import Letter, Mailer

from .world import World

EMAIL = "marie.dupont@secours.example"


async def run_watch(world: World) -> None:
    async with world.gate.database.system_session("job") as session:
        await watch.work(session)


async def guesses(world: World, how_many: int) -> None:
    await world.rows(
        "INSERT INTO attempts (id, throttle, key, at) SELECT gen_random_uuid(), 'address', '\\x00', %s "
        "FROM generate_series(1, %s)",
        clock.system_now(),
        how_many,
    )


async def test_a_thousand_wrong_guesses_in_five_minutes_raise_the_alarm_once(
    world: World, logs: list[MutableMapping[str, Any]]
) -> None:
    await guesses(world, 999)
    await run_watch(world)
    assert await world.events("under_attack") == []
    await guesses(world, 1)
    await run_watch(world)
    await run_watch(world)
    assert len(await world.events("under_attack")) == 1
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("sign-in is under attack", "error")]
    world.move_clock(timedelta(minutes=5, seconds=1))
    await run_watch(world)
    assert len(await world.events("under_attack")) == 1


async def test_an_invitation_that_was_never_used_loses_its_address(world: World) -> None:
    await world.invite(EMAIL)
    world.move_clock(timedelta(hours=72 + 25))
    async with world.gate.database.system_session("job") as session:
        await purge.work(session)
    [row] = await world.rows("SELECT email_sealed, token_hash, withdrawn_at FROM invitations")
    assert (row["email_sealed"], row["token_hash"]) == (None, None)
    assert row["withdrawn_at"] is not None


async def test_the_worker_of_the_service_sends_what_was_deferred(world: World) -> None:
    await world.enrol(EMAIL)
    worker = asyncio.create_task(jobs.run(world.app.state.service))
    try:
        await world.browser().post("/anyone/password/forgotten", email=EMAIL)
        for _ in range(200):
            subjects = [mail["Subject"] for mail in world.mails(EMAIL)]
            if "Choisir un nouveau mot de passe" in subjects:
                break
            await asyncio.sleep(0.05)
        assert "Choisir un nouveau mot de passe" in subjects
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


class Server:
    """The least of an SMTP server: takes every message whole."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk with one client."""
        recipients: list[str] = []
        writer.write(b"220 post.test ESMTP\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipients.append(line.decode().split("<")[1].split(">")[0])
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                message = await reader.readuntil(b"\r\n.\r\n")
                self.taken.append((recipients, message[:-3]))
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")
            await writer.drain()
            if verb == b"QUIT":
                break
        writer.close()


async def test_with_smtp_configured_e_mails_leave_by_it(world: World, tmp_path: Path) -> None:
    post = Server()
    server = await asyncio.start_server(post.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = world.settings.model_copy(
        update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), "data_dir": tmp_path}
    )
    async with server:
        await Mailer.of(settings).send(EMAIL, Letter("Votre accès à Aller-vers", "Bonjour,\n\nà bientôt.\n"))
    [(recipients, content)] = post.taken
    message = BytesParser(policy=default).parsebytes(content)
    assert recipients == [EMAIL]
    assert message["Subject"] == "Votre accès à Aller-vers"
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "fr")
    assert "à bientôt" in message.get_content()
    assert not (tmp_path / "outbox").exists()


async def test_a_server_that_is_away_fails_the_job(tmp_path: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - any refusal to connect
        await Mailer("a@b.example", tmp_path, "smtp://127.0.0.1:1").send(EMAIL, Letter("s", "t"))


async def test_without_smtp_e_mails_are_private_files(tmp_path: Path) -> None:
    await Mailer("a@b.example", tmp_path / "outbox").send(EMAIL, Letter("Sujet", "Texte"))
    [path] = (tmp_path / "outbox").glob("*.eml")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
