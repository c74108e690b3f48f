"""docker-compose.yml and its images, as far as they can be checked without a container engine.

The very commands of the images are run on this machine, with the environment that compose would give them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from embedded.postgres import Cluster, free_port
from embedded.process import Process
from embedded.secrets import Secrets
from embedded.supervisor import stop_in_order
from embedded.system import PACKAGES
from servicekit.settings import ServiceSettings

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = {"prepare", "front"}
DOCKERFILES = sorted((ROOT / "infra/docker").glob("*.Dockerfile"))
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])((?:[^{}]|\$\{\w+\})*))?\}")


def interpolated(text: str, known: Mapping[str, str]) -> str:
    """Replace `${NAME}`, `${NAME:?message}` and `${NAME:-default}` as compose does."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if known.get(name):
            return known[name]
        assert kind == "-", f"{name} has no value"
        return interpolated(rest, known)

    return VARIABLE.sub(value, text)


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    written = Secrets.fresh().as_env_file("portail.exemple.fr")
    return dict(re.findall(r"^(\w+)='(.*)'$", written, re.MULTILINE))


def environment(service: str, secrets: Mapping[str, str]) -> dict[str, str]:
    return {name: interpolated(str(value), secrets) for name, value in SERVICES[service]["environment"].items()}


@pytest.mark.parametrize("name", SERVICES)
def test_each_container_is_locked_down(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in {"root", "0", "0:0"}
    assert "privileged" not in service
    assert service["restart"] == ("no" if name in ONE_SHOT else "unless-stopped")
    assert (name in ONE_SHOT) != ("healthcheck" in service)
    assert ":" in service["image"] or "build" in service, "an image of others has a version"


def test_only_caddy_is_public() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"caddy": ["80:80", "443:443", "443:443/udp"], "mail": ["127.0.0.1:8025:8025"]}
    on_network = {
        network: {name for name, service in SERVICES.items() if network in service.get("networks", [])}
        for network in COMPOSE["networks"]
    }
    assert on_network["public"] == {"caddy"}
    assert on_network["edge"] == {"caddy", "gateway"}
    assert on_network["data"] == {"postgres", "prepare", *PACKAGES}
    internal = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    assert internal == {"edge", "inside", "data"}


def test_no_secret_has_a_default_and_each_is_refused_when_missing() -> None:
    used = {found[1] for found in VARIABLE.finditer(TEXT)}
    required = set(re.findall(r"\$\{(\w+):\?", TEXT))
    optional = set(re.findall(r"\$\{(\w+):-", TEXT))
    assert used == required | optional
    assert not required & optional
    assert optional == {"ALLER_SMTP_URL", "ALLER_MAIL_SENDER", "ALLER_CLAMD"}


def test_what_starts_waits_for_what_it_needs() -> None:
    for service in PACKAGES:
        assert SERVICES[service]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert SERVICES["prepare"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES["gateway"]["depends_on"]["front"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("service", PACKAGES)
def test_each_variable_is_a_setting_and_each_setting_without_default_is_given(
    service: str, secrets: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = environment(service, secrets)
    settings: type[ServiceSettings] = import_module(f"{PACKAGES[service]}.settings").Settings
    known = {f"ALLER_{name.upper()}" for name in settings.model_fields}
    assert set(given) <= known
    for name in os.environ:
        if name.startswith("ALLER_"):
            monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert settings().environment == "production"


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_each_dockerfile_is_pinned_small_and_not_root(path: Path) -> None:
    lines = [line for line in path.read_text().replace("\\\n", " ").splitlines() if line and line[0] not in "# "]
    instructions = [tuple(line.split(maxsplit=1)) for line in lines]
    bases = [argument.split()[0] for word, argument in instructions if word == "FROM"]
    assert all(re.search(r":\d", base) for base in bases)
    assert "ADD" not in {word for word, _ in instructions}
    users = [argument for word, argument in instructions if word == "USER"]
    assert users[-1:] == ["10001:10001"]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for word, argument in instructions:
        if word == "COPY" and "--from" not in argument:
            for source in argument.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert any(source.startswith(kept[1:]) for kept in ignored if kept.startswith("!")), source
        if word == "RUN" and "pip install" in argument:
            assert "--require-hashes" in argument
            assert "--no-cache-dir" in argument
        if word in {"CMD", "ENTRYPOINT"}:
            assert isinstance(json.loads(argument), list), "a shell would keep the stop signal to itself"


def image_environment() -> dict[str, str]:
    """Return the variables of the Python image, with this repository in the place of /app."""
    dockerfile = (ROOT / "infra/docker/python.Dockerfile").read_text().replace("\\\n", " ")
    [line] = re.findall(r"^ENV (.*)$", dockerfile, re.MULTILINE)
    variables = dict(part.split("=", 1) for part in line.split())
    paths = variables["PYTHONPATH"].replace("/app", str(ROOT)).split(":")
    assert {Path(path) for path in paths} == set((ROOT / "services").glob("*/src"))
    return variables | {"PYTHONPATH": ":".join(paths)}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="aller-vers-") as folder, Cluster(Path(folder), durable=False) as it:
        yield it


def passes(healthcheck: list[str], env: Mapping[str, str], _process: Process) -> bool:
    return subprocess.run(healthcheck, env=env, capture_output=True, check=False).returncode == 0


def test_the_commands_of_the_images_start_the_product(
    cluster: Cluster, secrets: Mapping[str, str], tmp_path: Path
) -> None:
    ports = {service: free_port() for service in PACKAGES}

    def here(text: str) -> str:
        for service, port in ports.items():
            text = text.replace(f"http://{service}:8000", f"http://127.0.0.1:{port}")
        password = cluster.admin_url.split("@")[0].rsplit(":", 1)[1]
        text = text.replace("@postgres:5432", f"@127.0.0.1:{cluster.port}")
        return text.replace(secrets["POSTGRES_PASSWORD"], password).replace("/app/openapi", str(ROOT / "openapi"))

    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    base = {"PATH": path, "HOME": str(tmp_path), **image_environment()}

    def given(service: str) -> dict[str, str]:
        return base | {name: here(value) for name, value in environment(service, secrets).items()}

    prepare = SERVICES["prepare"]["entrypoint"]
    done = subprocess.run(prepare, cwd=ROOT, env=given("prepare"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    dockerfile = (ROOT / "infra/docker/python.Dockerfile").read_text()
    [entrypoint] = re.findall(r"^ENTRYPOINT (.*)$", dockerfile, re.MULTILINE)
    processes = []
    try:
        for service, port in ports.items():
            moved = {"0.0.0.0": "127.0.0.1", "8000": str(port)}
            command = [moved.get(word, word) for word in SERVICES[service]["command"]]
            test = [word.replace("8000", str(port)) for word in SERVICES[service]["healthcheck"]["test"][1:]]
            process = Process(
                service,
                [*json.loads(entrypoint), *command],
                log=tmp_path / f"{service}.log",
                ready=partial(passes, test, base),
                env=given(service),
            )
            process.spawn()
            processes.append(process)
        for process in processes:
            process.wait_ready()
    finally:
        stop_in_order(processes)
    assert all("stopped" in process.tail() for process in processes), "stopped in order, not killed"
