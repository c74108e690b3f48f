"""The embedded PostgreSQL, for real: made, killed, restarted, run as root and refused with a word of help."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded import binaries
from embedded.errors import AlreadyRunning, PortTaken, StartFailed
from embedded.postgres import Cluster, is_postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder whose parents PostgreSQL may enter whoever it runs as."""
    with tempfile.TemporaryDirectory(prefix="aller-vers-") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "cluster"


def insert_until_killed(cluster: Cluster, acknowledged: list[int], enough: threading.Event) -> None:
    with psycopg.connect(cluster.admin_url, autocommit=True) as connection:
        try:
            for number in range(1_000_000):
                connection.execute("INSERT INTO marks VALUES (%s)", (number,))
                acknowledged.append(number)
                if number == 300:
                    enough.set()
        except psycopg.OperationalError:
            pass


def test_no_acknowledged_commit_is_lost_to_a_kill(folder: Path) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()
    with Cluster(folder) as cluster:
        with psycopg.connect(cluster.admin_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE marks (number int)")
        writer = threading.Thread(target=insert_until_killed, args=(cluster, acknowledged, enough))
        writer.start()
        assert enough.wait(30)
        cluster.process.kill()
        writer.join()
        assert cluster.process.exit_code == -signal.SIGKILL
    with Cluster(folder) as cluster, psycopg.connect(cluster.admin_url) as connection:
        kept = {row[0] for row in connection.execute("SELECT number FROM marks")}
        assert set(acknowledged) <= kept
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_server_left_by_a_killed_launcher_is_replaced(folder: Path, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is not None:
        (tmp_path / "unshare").symlink_to(unshare)
    program = (
        "import os, pathlib; from embedded.postgres import Cluster\n"
        f"cluster = Cluster(pathlib.Path({str(folder)!r})); cluster.start()\n"
        "print(cluster.process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    # Without setpriv within reach, the server outlives its launcher.
    killed = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    left = int(killed.stdout)
    assert is_postgres(left)
    with Cluster(folder) as cluster:
        assert cluster.process.pid != left
        assert not is_postgres(left)


def test_a_folder_in_use_is_refused(folder: Path) -> None:
    with Cluster(folder), pytest.raises(AlreadyRunning, match=f"in use by process {os.getpid()}"):
        Cluster(folder).start()


def test_a_taken_port_is_named_with_its_setting(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} is taken.*ALLER_POSTGRES_PORT"):
            Cluster(folder, port=port).start()


def test_data_of_another_version_is_refused_with_the_way_out(folder: Path) -> None:
    with Cluster(folder):
        pass
    (folder / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(StartFailed, match=r"made by PostgreSQL 14.*make reset"):
        Cluster(folder).start()


def test_a_password_is_asked_and_nothing_listens_elsewhere(folder: Path) -> None:
    with Cluster(folder, durable=False) as cluster:
        assert (folder / "password").stat().st_mode & 0o077 == 0
        wrong = f"postgresql://postgres:wrong@127.0.0.1:{cluster.port}/postgres"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        with psycopg.connect(cluster.admin_url) as connection:
            said = connection.execute("SHOW listen_addresses").fetchone()
            assert said == ("127.0.0.1",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_becomes_nobody(folder: Path, tmp_path: Path) -> None:
    # A namespace with every account mapped, in which no further namespace may be made, and the programs in a
    # folder that only root enters: both halves of the fallback are needed.
    package = binaries.find(tmp_path).bin.parents[1]
    hidden = tmp_path / "site"
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), hidden / name, symlinks=True)
    hidden.chmod(0o700)
    program = (
        "import os, pathlib, psutil; pathlib.Path('/proc/sys/user/max_user_namespaces').write_text('0')\n"
        f"import sys; sys.path.insert(0, {str(hidden)!r})\n"
        "from embedded.postgres import Cluster\n"
        f"with Cluster(pathlib.Path({str(folder)!r})) as cluster:\n"
        "    import psycopg; psycopg.connect(cluster.admin_url).close()\n"
        "    print(psutil.Process(cluster.process.pid).username(), 'programs' in str(cluster.process._command))"
    )
    waiting = ["unshare", "--user", "sh", "-c", 'read go; exec "$@"', "-", sys.executable, "-c", program]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        while Path(f"/proc/{child.pid}/ns/user").readlink() == Path("/proc/self/ns/user").readlink():
            time.sleep(0.01)
        for accounts in ("uid_map", "gid_map"):
            Path(f"/proc/{child.pid}/{accounts}").write_text("0 0 65536")
        said, complaint = child.communicate(b"go\n")
    assert said.split() == [b"nobody", b"True"], complaint.decode()
