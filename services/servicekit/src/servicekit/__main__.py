"""Commands of every service: `python -m servicekit serve|provision|migrate|contract PACKAGE`."""

import asyncio
import json
import os
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from servicekit import migrations, schema
from servicekit.app import Service
from servicekit.fact_schemas import write_fact_schemas
from servicekit.follower import Follower
from servicekit.settings import ServiceSettings

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Package = Annotated[str, typer.Argument(help="import package, for example referrals_service")]
AdminUrl = Annotated[str, typer.Option(envvar="ALLER_ADMIN_URL", help="superuser's URL of PostgreSQL")]


@cli.command()
def serve(
    package: Package,
    host: str = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="ALLER_PORT")] = 8000,
    workers: Annotated[int, typer.Option(envvar="ALLER_WORKERS")] = 1,
) -> None:
    """Serve one service until told to stop; requests under way are finished first."""
    uvicorn.run(
        f"{package}.app:build",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,  # uvicorn would let anybody on this machine choose the address it is known by
        timeout_graceful_shutdown=10,
        timeout_keep_alive=75,
    )


@cli.command()
def provision(package: Package, admin_url: AdminUrl) -> None:
    """Create the roles and the database of a service; the login's password comes from ALLER_DB_PASSWORD."""
    schema.provision(admin_url, migrations.service_of(package), os.environ["ALLER_DB_PASSWORD"])


@cli.command()
def migrate(package: Package, admin_url: AdminUrl, revision: str = "head") -> None:
    """Bring the database of a service to a revision."""
    migrations.upgrade(admin_url, package, revision)


@cli.command()
def contract(package: Package, folder: Path = Path("openapi")) -> None:
    """Write the OpenAPI document of a service, and the schemas of the facts it publishes, from its code."""
    settings: type[ServiceSettings] = import_module(f"{package}.settings").Settings
    document = import_module(f"{package}.app").assemble(settings.ephemeral()).openapi()
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / f"{migrations.service_of(package)}.json").write_text(text, encoding="utf-8")
    write_fact_schemas(package, folder / "facts")


@cli.command()
def replay(package: Package, source: Annotated[str, typer.Argument(help="the service followed")]) -> None:
    """Have a service forget what it followed of another, and follow it again from the first fact.

    Needed when the source refuses the cursor because a restore lost facts. May be run beside the service.
    """
    settings: type[ServiceSettings] = import_module(f"{package}.settings").Settings
    service: Service = import_module(f"{package}.app").assemble(settings()).state.service
    followers = {work.source: work for work in service.background if isinstance(work, Follower)}
    asyncio.run(followers[source].replay(service.database))


if __name__ == "__main__":
    cli()
