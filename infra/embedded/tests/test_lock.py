"""The locks hold what the packages declare, at exact versions, with hashes and without any address."""

import importlib.metadata
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
SERVICES = sorted((ROOT / "services").glob("*/pyproject.toml"))
LAUNCHER = ROOT / "infra/embedded/pyproject.toml"
LOCKS = {
    ROOT / "requirements.txt": [*SERVICES, LAUNCHER, ROOT / "pyproject.toml"],
    ROOT / "infra/docker/requirements.txt": SERVICES,
}
OURS = {tomllib.loads(path.read_text())["project"]["name"] for path in [*SERVICES, LAUNCHER]}


def pins(lock: Path) -> dict[str, Requirement]:
    lines = [line.removesuffix("\\").strip() for line in lock.read_text().splitlines() if not line.startswith(" ")]
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}


def declared(pyproject: Path) -> Iterator[Requirement]:
    content = tomllib.loads(pyproject.read_text())
    yield from map(Requirement, content["project"]["dependencies"])
    yield from map(Requirement, content.get("dependency-groups", {}).get("dev", []))


def needed(requirements: Iterable[Requirement]) -> Iterator[Requirement]:
    """Walk what is declared and all that it needs on this machine."""
    seen: set[tuple[str, str]] = set()
    pending = [(each, "") for each in requirements if each.name not in OURS]
    while pending:
        requirement, extra = pending.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        yield requirement
        for wanted in ("", *requirement.extras):
            if (requirement.name, wanted) not in seen:
                seen.add((requirement.name, wanted))
                inner = importlib.metadata.requires(requirement.name) or []
                pending += [(each, wanted) for each in map(Requirement, inner)]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_each_pin_is_exact_and_hashed(lock: Path) -> None:
    blocks = re.split(r"\n(?! )", lock.read_text().strip())
    assert all(re.match(r"\S+==\S+ ", block) and "--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_the_lock_is_in_step_with_the_packages(lock: Path) -> None:
    locked = pins(lock)
    wanted = list(needed(requirement for path in LOCKS[lock] for requirement in declared(path)))
    for requirement in wanted:
        pin = locked.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement} is not locked: make lock"
        [version] = pin.specifier
        assert requirement.specifier.contains(version.version, prereleases=True), f"{pin} for {requirement}: make lock"
    reached = {canonicalize_name(requirement.name) for requirement in wanted}
    here = {name for name, pin in locked.items() if pin.marker is None or pin.marker.evaluate()}
    assert here == reached, "locked but needed by nothing: make lock"


def test_no_lock_names_a_registry() -> None:
    for lock in LOCKS:
        assert "://" not in lock.read_text()
    package_lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    installed = [entry for path, entry in package_lock["packages"].items() if path]
    assert not any("resolved" in entry for entry in installed)
    assert all("integrity" in entry for entry in installed)
