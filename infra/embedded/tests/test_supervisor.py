"""Real programs are killed, held and stopped; the supervisor brings back what it should and nothing else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from embedded.errors import StartFailed
from embedded.process import Process
from embedded.supervisor import Supervisor

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
TELLS_ITS_END = """
import signal, sys, time
def end(*_):
    time.sleep({delay})
    open({ends!r}, "a").write({name!r} + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
while True: time.sleep(1)
"""


def until(condition: Callable[[], bool], timeout_s: float = 10) -> float:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < timeout_s, "it never happened"
        time.sleep(0.01)
    return time.monotonic() - started


def program(tmp_path: Path, name: str, source: str) -> Process:
    log = tmp_path / f"{name}.log"
    before = log.read_text().count("up") if log.exists() else 0
    return Process(name, [sys.executable, "-c", source], log=log, ready=lambda _: log.read_text().count("up") > before)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(said.append)
    yield supervisor
    supervisor.stop()


def test_a_killed_program_is_back_within_a_second(tmp_path: Path, supervisor: Supervisor, said: list[str]) -> None:
    process = program(tmp_path, "service", SLEEPER)
    process.spawn()
    process.wait_ready()
    supervisor.watch(process)
    killed = process.pid
    process.kill()
    assert until(lambda: process.alive and process.pid != killed) < 1
    assert said == [f"service stopped by itself (exit -9), restarting; see {tmp_path}/service.log"]


def test_a_program_that_keeps_dying_is_tried_less_and_less(tmp_path: Path, supervisor: Supervisor) -> None:
    process = program(tmp_path, "broken", "import time; print(time.time(), flush=True); raise SystemExit(3)")
    process.spawn()
    supervisor.watch(process)
    until(lambda: process.log.read_text().count("\n") >= 4, timeout_s=20)
    first, second, third, fourth = map(float, process.log.read_text().split()[:4])
    assert second - first < third - second < fourth - third


def test_what_is_stopped_on_purpose_stays_down(tmp_path: Path, supervisor: Supervisor, said: list[str]) -> None:
    process = program(tmp_path, "service", SLEEPER)
    process.spawn()
    process.wait_ready()
    supervisor.watch(process)
    process.stop()
    time.sleep(0.5)
    assert not process.alive
    process.spawn()
    started = process.pid
    process.kill()
    until(lambda: process.alive and process.pid != started)
    assert len(said) == 1


def test_the_first_started_ends_last(tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    supervisor = Supervisor(print)
    for name, delay in (("database", 0), ("slow", 0.4), ("quick", 0)):
        source = TELLS_ITS_END.format(name=name, delay=delay, ends=str(ends))
        process = program(tmp_path, name, source)
        process.spawn()
        process.wait_ready()
        supervisor.watch(process)
    supervisor.stop()
    assert ends.read_text().split() == ["quick", "slow", "database"]


def test_a_program_that_ends_at_once_shows_why(tmp_path: Path) -> None:
    process = program(tmp_path, "service", "raise SystemExit('the key is missing')")
    process.spawn()
    with pytest.raises(StartFailed, match=r"service stopped while starting \(exit 1\)[\s\S]*the key is missing"):
        process.wait_ready()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_programs_end_with_a_launcher_that_is_killed(tmp_path: Path) -> None:
    source = (
        "import pathlib, sys, time; from embedded.process import Process\n"
        f"log = pathlib.Path({str(tmp_path / 'child.log')!r})\n"
        f"child = Process('child', [sys.executable, '-c', {SLEEPER!r}], log=log, ready=lambda _: True)\n"
        "child.spawn(); print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        child = int(launcher.stdout.readline())
        until(lambda: "up" in (tmp_path / "child.log").read_text())
        launcher.send_signal(signal.SIGKILL)
    until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_ctrl_c_in_the_terminal_does_not_reach_the_children(tmp_path: Path) -> None:
    process = program(tmp_path, "service", SLEEPER)
    process.spawn()
    try:
        assert os.getpgid(process.pid) != os.getpgrp()
    finally:
        process.stop()


def test_a_program_that_ignores_the_signal_is_killed_and_its_log_says_so(tmp_path: Path) -> None:
    source = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    )
    log = tmp_path / "deaf.log"
    deaf = Process(
        "deaf", [sys.executable, "-c", source], log=log, ready=lambda _: "up" in log.read_text(), patience_s=0.3
    )
    deaf.spawn()
    deaf.wait_ready()
    deaf.stop()
    assert deaf.exit_code == -signal.SIGKILL
    assert log.read_text().endswith("killed by the launcher: deaf had not stopped after 0 s\n")
