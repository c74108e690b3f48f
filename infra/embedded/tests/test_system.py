"""The whole product as real processes, which are killed and have their database taken away."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from embedded.errors import CannotRun
from embedded.system import PACKAGES, RunSettings, System, erase

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="aller-vers-") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "data"


@pytest.fixture(scope="module")
def settings(folder: Path) -> RunSettings:
    return RunSettings.on_free_ports(folder)


@pytest.fixture(scope="module")
def system(settings: RunSettings) -> Iterator[System]:
    with System(settings) as system:
        yield system


def within(seconds: float, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def ready(settings: RunSettings, service: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{settings.port_of(service)}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_every_service_answers_and_none_lets_in_without_a_token(system: System, settings: RunSettings) -> None:
    for service in PACKAGES:
        assert ready(settings, service)
    answer = httpx.get(f"http://127.0.0.1:{settings.partners_port}/api/v1/partners/agent/structures")
    assert answer.status_code == 401


@pytest.mark.parametrize("name", ["postgres", *PACKAGES])
def test_a_killed_process_comes_back(system: System, settings: RunSettings, name: str) -> None:
    process = system.process(name)
    killed = process.pid
    process.kill()
    within(2, lambda: process.alive and process.pid != killed)
    within(60, lambda: all(ready(settings, service) for service in PACKAGES))


def test_a_database_stopped_for_a_while_needs_no_manual_act(system: System, settings: RunSettings) -> None:
    pids = {service: system.process(service).pid for service in PACKAGES}
    system.process("postgres").stop()
    within(5, lambda: not any(ready(settings, service) for service in PACKAGES))
    time.sleep(3)
    system.process("postgres").spawn()
    within(15, lambda: all(ready(settings, service) for service in PACKAGES))
    assert {service: system.process(service).pid for service in PACKAGES} == pids


def test_a_second_start_on_the_same_data_is_refused_while_the_first_runs(system: System) -> None:
    with pytest.raises(CannotRun, match=f"in use by process {os.getpid()}"):
        System(system.settings).start()
    with pytest.raises(CannotRun, match="in use"):
        erase(system.data_dir, print)
