"""Migrations of a service: run them, undo them, and tell whether models and database agree."""

from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, NullPool, create_engine, make_url

from servicekit.tables import foundation


def service_of(package: str) -> str:
    """Return the service a package implements (`referrals_service` → `referrals`)."""
    return package.removesuffix("_service")


def database_url(admin_url: str, package: str) -> str:
    """Return the administrator's URL of the database of a service."""
    url = make_url(admin_url).set(drivername="postgresql+psycopg", database=f"aller_{service_of(package)}")
    return url.render_as_string(hide_password=False)


def _config(admin_url: str, package: str) -> Config:
    module = import_module(package)
    assert module.__file__ is not None  # noqa: S101 - a regular package has a file
    config = Config()
    config.set_main_option("script_location", str(files("servicekit") / "alembic"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(Path(module.__file__).parents[2] / "migrations/versions"))
    config.attributes |= {
        "admin_url": database_url(admin_url, package),
        "service": service_of(package),
        "metadata": metadata_of(package),
    }
    return config


def metadata_of(package: str) -> list[MetaData]:
    """Return what the code believes the database to be: the service's own tables and the foundation."""
    models: MetaData = import_module(f"{package}.models").Base.metadata
    return [models, foundation]


def upgrade(admin_url: str, package: str, revision: str = "head") -> None:
    """Bring the database of a service to `revision`."""
    command.upgrade(_config(admin_url, package), revision)


def downgrade(admin_url: str, package: str, revision: str = "base") -> None:
    """Take the database of a service back to `revision`."""
    command.downgrade(_config(admin_url, package), revision)


def drift(admin_url: str, package: str) -> list[Any]:
    """Return the differences between the migrated database and the models; empty when they agree."""
    engine = create_engine(database_url(admin_url, package), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata_of(package)))  # type: ignore[arg-type]  # a list is accepted
