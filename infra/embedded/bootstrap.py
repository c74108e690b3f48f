"""Make `.venv` from the lock, with the standard library alone: `python3 infra/embedded/bootstrap.py`.

Nothing is done when nothing changed since the last time.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).absolute().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WORKSPACE = [*sorted((ROOT / "services").glob("*/pyproject.toml")), ROOT / "infra/embedded/pyproject.toml"]


def main() -> None:
    """Bring `.venv` in step with the lock and the packages of the workspace."""
    stamp = VENV / ".installed"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted and runs(python()):
        return
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    make_venv()
    install()
    stamp.write_text(wanted)
    print(f"  ✓ {'Python packages':<34} {time.monotonic() - started:6.1f} s", flush=True)


def fingerprint() -> str:
    """Return what `.venv` depends on: the lock, the packages' declarations, this folder and this Python."""
    content = b"".join(path.read_bytes() for path in (LOCK, *WORKSPACE))
    return f"{hashlib.sha256(content).hexdigest()} {ROOT} {sys.version}"


def python() -> str:
    """Return the Python of `.venv`."""
    return str(VENV / "bin" / "python")


def runs(*command: str) -> bool:
    """Tell whether a command starts and ends well."""
    try:
        return subprocess.run([*command, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make `.venv` unless a working one is there."""
    if runs(python()):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0 and "ensurepip" in made.stdout + made.stderr and apt_install("python3-venv"):
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        sys.exit(f"✗ {' '.join(command)} failed:\n{made.stdout}{made.stderr}")


def browser() -> None:
    """Install Chromium for the browser tests, or say that they will be skipped."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    started = time.monotonic()
    if apt_install("chromium"):
        print(f"  ✓ {'Chromium':<34} {time.monotonic() - started:6.1f} s", flush=True)
    else:
        print("  – No Chromium here and apt cannot install it: the browser tests will be skipped.", flush=True)


def apt_install(package: str) -> bool:
    """Install a Debian package where that needs no question: as root, or with sudo that asks nothing."""
    if shutil.which("apt-get") is None:
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not shutil.which("sudo"):
        return False
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-qy", "--no-install-recommends", package]):
        done = subprocess.run([*sudo, "apt-get", *arguments], env=quiet, capture_output=True, check=False)
    return done.returncode == 0


def install() -> None:
    """Install uv with pip, what the lock says with uv (thirty times faster), and name where our sources are."""
    block = re.search(r"^uv==(?:.*\\\n)*.*\n", LOCK.read_text(), re.MULTILINE)
    if block is None:
        sys.exit("✗ requirements.txt does not lock uv: run `make lock`.")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
        only_uv.write(block[0])
        only_uv.flush()
        run(
            python(),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            only_uv.name,
        )
    run(python(), "-m", "uv", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK))
    # What an editable install writes, without a build.
    [packages] = VENV.glob("lib/python3*/site-packages")
    sources = "".join(f"{path.parent / 'src'}\n" for path in WORKSPACE)
    (packages / "aller_vers.pth").write_text(sources, encoding="utf-8")


def run(*command: str) -> None:
    """Run a command in the environment being made; end with what it said when it fails."""
    alone = {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
    if CERTIFICATES.exists():  # the network of an organisation often has an authority of its own
        alone["UV_SYSTEM_CERTS"] = "true"
    done = subprocess.run(command, env=os.environ | alone, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"✗ {' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    browser() if sys.argv[1:] == ["browser"] else main()
