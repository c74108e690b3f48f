"""Starts the Django peer on the bench's PostgreSQL: two gunicorn workers, as a team would on two cores."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from embedded.demo.portal import eventually
from embedded.postgres import free_port

HERE = Path(__file__).parent
_SEED = """
import django; django.setup()
import datetime, uuid
from django.core.management import call_command
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.authtoken.models import Token
from peer.models import Membership, Person, Request
call_command("migrate", "auth", verbosity=0)
call_command("migrate", run_syncdb=True, verbosity=0)
user = User.objects.create(username="bench")
structure = uuid.uuid4()
Membership.objects.create(user=user, caisse="311", structure_id=structure)
born = datetime.date(1980, 1, 1)
people = [Person(caisse="311", last_name=f"N{i}", first_names="P", birth_on=born) for i in range(10_000)]
Person.objects.bulk_create(people)
now = timezone.now()
Request.objects.bulk_create(
    Request(caisse="311", structure_id=structure, number=f"311-2025-{i}", kind="misas_referral", state="accepted",
            person=p, created_at=now - datetime.timedelta(seconds=i), form={}) for i, p in enumerate(people))
print(Token.objects.create(user=user).key, people[0].id)
"""


@dataclass(frozen=True)
class Peer:
    """The running peer, with ten thousand persons and requests."""

    url: str
    token: str
    person_id: UUID


@contextmanager
def running_peer(admin_url: str) -> Iterator[Peer]:
    """Create the peer's database, seed it, and serve it until the block ends."""
    plain = make_url(admin_url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS peer"))
        connection.execute(sql.SQL("CREATE DATABASE peer"))
    url = plain.set(database="peer").render_as_string(hide_password=False)
    environment = os.environ | {
        "PEER_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "peer.settings",
        "PYTHONPATH": str(HERE),
    }
    seeded = subprocess.run(
        [sys.executable, "-c", _SEED], env=environment, cwd=HERE, check=True, capture_output=True, text=True
    )
    token, person_id = seeded.stdout.split()[-2:]
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "peer.wsgi",
        "--workers=2",
        f"--bind=127.0.0.1:{port}",
        "--log-level=error",
    ]
    with subprocess.Popen(command, env=environment, cwd=HERE) as process:
        try:
            peer = Peer(f"http://127.0.0.1:{port}", token, UUID(person_id))
            eventually(lambda: _answers(peer.url), "the peer did not start")
            yield peer
        finally:
            process.terminate()


def _answers(url: str) -> bool | None:
    try:
        httpx.get(f"{url}/list")
    except httpx.TransportError:
        return None
    return True
