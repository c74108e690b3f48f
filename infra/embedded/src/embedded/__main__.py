"""Commands of the embedded way: `python -m embedded up|reset|secrets`."""

import http.client
import json
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from pydantic import ValidationError

from embedded.console import Console
from embedded.errors import CannotRun
from embedded.secrets import Secrets
from embedded.system import RunSettings, System, erase

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def up() -> None:
    """Start the whole product with demonstration data; Ctrl-C stops it."""
    console = Console()
    told_to_stop = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if told_to_stop.is_set():
            return
        told_to_stop.set()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    settings = RunSettings()
    system = System(settings, console)
    try:
        _forget_unfinished_demonstration(settings, console)
        system.start()
        _load_demonstration(system, console)
        _welcome(system, console)
        threading.Event().wait()
    except KeyboardInterrupt:
        console.say("\nStopping…")
    finally:
        system.stop()
    console.say("Stopped.")


@cli.command()
def reset() -> None:
    """Erase the data folder: databases, secrets, logs."""
    _erase(RunSettings(), Console())


@cli.command("secrets")
def new_secrets(
    domain: Annotated[str, typer.Argument(help="name under which browsers reach the portal")],
    path: Annotated[Path, typer.Argument(help="file to write")],
) -> None:
    """Make the secrets of a new installation for docker-compose.yml."""
    if path.exists():
        raise CannotRun(f"{path} exists; secrets that seal data are never overwritten.")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(Secrets.fresh().as_env_file(domain))


def _load_demonstration(system: System, console: Console) -> None:
    """Load the demonstration data once: `embedded.demo.load(system)` works through the product's own code."""
    loaded, unfinished = (system.data_dir / f"demonstration-{state}" for state in ("loaded", "unfinished"))
    if loaded.exists() or system.settings.environment != "demonstration":
        return
    with console.step("Demonstration data"):
        unfinished.touch()
        import_module("embedded.demo").load(system)
        unfinished.rename(loaded)


def _forget_unfinished_demonstration(settings: RunSettings, console: Console) -> None:
    """Erase data whose loading was interrupted: it was only half of what the demonstration tells."""
    if (settings.data_dir / "demonstration-unfinished").exists():
        _erase(settings, console)


def _erase(settings: RunSettings, console: Console) -> None:
    if settings.admin_url is not None:
        raise CannotRun(
            "The databases are in a PostgreSQL that is not ours to empty (ALLER_ADMIN_URL or DATABASE_URL): drop "
            f"those called aller_… there, and erase {settings.data_dir} with them, for its secrets seal their data."
        )
    erase(settings.data_dir.absolute(), console.say)


def _welcome(system: System, console: Console) -> None:
    console.say(f"\nAller-vers answers at {system.url}   (logs in {system.data_dir / 'logs'}; Ctrl-C stops)\n")
    connection = http.client.HTTPConnection("127.0.0.1", system.settings.port, timeout=10)
    connection.request("GET", "/api/v1/gateway/anyone/demonstration/accounts")
    answer = connection.getresponse()
    if answer.status == http.HTTPStatus.OK:
        for account in json.loads(answer.read()):
            console.say(f"  {account['email']:<44} {account['password']:<24} {account['label']}")
    connection.close()


def main() -> None:
    """Run a command; what a person can put right is said plainly, without a traceback."""
    try:
        cli()
    except (CannotRun, ValidationError, OSError) as error:
        sys.exit(f"\n✗ {error}")


if __name__ == "__main__":
    main()
