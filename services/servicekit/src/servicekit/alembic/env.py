"""Alembic environment of every service: runs as the owner role, one transaction, short lock waits."""

from alembic import context
from sqlalchemy import NullPool, create_engine, text

config = context.config
owner = f"{config.attributes['service']}_owner"

with create_engine(config.attributes["admin_url"], poolclass=NullPool).connect() as connection:
    connection.execute(text(f"SET ROLE {owner}"))
    # A migration that waits for a lock blocks every request behind it: give up soon and be run again.
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SELECT pg_advisory_lock(hashtext('migrations'))"))
    connection.commit()
    context.configure(connection=connection, target_metadata=config.attributes["metadata"])
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
