"""Commands of partners: `python -m partners_service invite-administrator`."""

import asyncio
from uuid import UUID

import typer

from partners_service.accounts.schemas import StaffInvitationIn
from partners_service.bootstrap import invite_first_administrator
from partners_service.roles import Role
from partners_service.settings import Settings
from servicekit.db import Database

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.callback()
def _commands() -> None:
    """Run one command on the service's database."""


@cli.command()
def invite_administrator(caisse: str, email: str, first_name: str, last_name: str, job_title: str) -> None:
    """Invite the first administrator of a body, by its code (`311`)."""
    person = StaffInvitationIn(
        email=email, first_name=first_name, last_name=last_name, job_title=job_title, role=Role.ADMIN
    )
    typer.echo(f"invitation {asyncio.run(_invite(caisse, person))}")


async def _invite(caisse: str, person: StaffInvitationIn) -> UUID:
    database = Database("partners", Settings().database_url.get_secret_value(), pool_size=1)
    try:
        return await invite_first_administrator(database, caisse, person)
    finally:
        await database.close()


if __name__ == "__main__":
    cli()
