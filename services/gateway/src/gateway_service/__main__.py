"""Acts on the gateway that no screen offers: `python -m gateway_service replace-keys`."""

import asyncio

import typer

from gateway_service.front.routing import GATEWAY
from gateway_service.oauth.keys import KeyRing
from gateway_service.settings import Settings
from servicekit.db import Database

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.callback()
def _group() -> None:
    """Keep the command's name even while it is alone."""


@cli.command()
def replace_keys() -> None:
    """Emergency: withdraw every signing key at once. Tokens alive die as verifiers notice, within five minutes."""
    settings = Settings()

    async def replace() -> None:
        database = Database(GATEWAY, settings.database_url.get_secret_value())
        try:
            await KeyRing(settings.vault()).replace_at_once(database)
        finally:
            await database.close()

    asyncio.run(replace())
    typer.echo("keys replaced")


if __name__ == "__main__":
    cli()
