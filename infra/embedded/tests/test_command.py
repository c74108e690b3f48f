"""`python -m embedded up`, as `make run` starts it and a person interrupts it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from embedded.process import KILLED
from embedded.system import PACKAGES, RunSettings

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


@pytest.fixture
def settings() -> Iterator[RunSettings]:
    with tempfile.TemporaryDirectory(prefix="aller-vers-") as name:
        Path(name).chmod(0o755)
        yield RunSettings.on_free_ports(Path(name) / "data")


def command(settings: RunSettings, *arguments: str) -> tuple[list[str], dict[str, str]]:
    ports = [name for name in RunSettings.model_fields if name.endswith("port")]
    names = (*ports, "data_dir", "durable", "environment")
    env = {f"ALLER_{name.upper()}": str(getattr(settings, name)) for name in names}
    return [sys.executable, "-m", "embedded", *arguments], os.environ | env


def run_until_it_answers(settings: RunSettings, said: Path) -> list[psutil.Process]:
    """Start, wait for the address, interrupt; return the processes there were, which have all ended."""
    line, env = command(settings, "up")
    with said.open("w") as out, subprocess.Popen(line, env=env, stdout=out, stderr=subprocess.STDOUT) as launcher:
        deadline = time.monotonic() + 180
        while f"answers at http://localhost:{settings.port} " not in said.read_text():
            assert launcher.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        family = psutil.Process(launcher.pid).children(recursive=True)
        launcher.send_signal(signal.SIGINT)
        assert launcher.wait(60) == 0
    assert not [process for process in family if process.is_running()]
    logs = (settings.data_dir / "logs").glob("*.log")
    assert not [line for log in logs for line in log.read_text().splitlines() if line.startswith(KILLED)]
    return family


def test_it_starts_stops_on_ctrl_c_and_starts_again_on_what_it_left(settings: RunSettings, tmp_path: Path) -> None:
    said = tmp_path / "said"
    for _ in range(2):
        family = run_until_it_answers(settings, said)
        assert len(family) > len(PACKAGES)
        assert said.read_text().endswith("Stopping…\nStopped.\n")
    logs = {path.stem for path in (settings.data_dir / "logs").glob("*.log")}
    assert logs == {"postgres", *PACKAGES}

    line, env = command(settings, "reset")
    assert subprocess.run(line, env=env, check=False).returncode == 0
    assert not settings.data_dir.exists()


def test_a_taken_port_is_said_in_one_line(settings: RunSettings) -> None:
    line, env = command(settings, "up")
    with subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(settings.port)]) as other:
        while not psutil.Process(other.pid).net_connections():
            time.sleep(0.05)
        done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
        other.kill()
    assert done.returncode == 1
    assert done.stderr.strip() == (f"✗ Port {settings.port} is taken. Free it, or choose another with ALLER_PORT=….")


def test_a_folder_that_is_not_ours_is_never_erased(settings: RunSettings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "thesis.odt").touch()
    line, env = command(settings, "reset")
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    assert "does not look like a data folder" in done.stderr
    assert (settings.data_dir / "thesis.odt").exists()


def test_databases_in_a_postgresql_given_to_us_are_never_erased(settings: RunSettings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "lock").touch()
    line, env = command(settings, "reset")
    given = {"ALLER_ADMIN_URL": "postgresql://postgres:secret@127.0.0.1:1/postgres"}
    done = subprocess.run(line, env=env | given, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not ours to empty" in done.stderr
    assert "secret@" not in done.stderr
    assert (settings.data_dir / "lock").exists()
