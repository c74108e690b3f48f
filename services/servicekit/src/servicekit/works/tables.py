"""The tables of works, in each service that has some (`works_in` its metadata, `create_works` in a migration).

`holder` is whose a work is: account, role and structure in one text, so that a policy is one equality.
"""

from typing import Final

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from servicekit.tables import NAMING_CONVENTION

_works_metadata: Final = MetaData(naming_convention=NAMING_CONVENTION)

works: Final = Table(
    "works",
    _works_metadata,
    Column("caisse", Text, primary_key=True),
    Column("id", UUID, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("actor", JSONB, nullable=False),  # in whose name it is done: ids and codes of the token, no name
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("turn", Integer, nullable=False),  # the step it waits for; a step done twice finds another one
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("counts", JSONB, nullable=False),  # rows by outcome
    Column("parameters", JSONB, nullable=False),
    Column("position", JSONB),  # where the next step takes up
    Column("reason", Text),
    Column("problem", Text),  # why it failed, in French, nothing personal
    Column("key", LargeBinary),  # seals what it holds, wrapped under the master `key_id`; null once that is forgotten
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("key_id", Text),
    Index("ix_works_exports", "caisse", "created_at", "id", postgresql_where=text("reason IS NOT NULL")),
    Index("ix_works_own", "caisse", "holder", "created_at", "id"),
    Index("ix_works_to_forget", "expires_at", postgresql_where=text("key IS NOT NULL")),
    Index("ix_works_under_way", "moved_at", postgresql_where=text("state IN ('waiting', 'running')")),
)

work_rows: Final = Table(
    "work_rows",
    _works_metadata,
    Column("caisse", Text, primary_key=True),
    Column("work_id", UUID, primary_key=True),
    Column("rank", Integer, primary_key=True),  # the line of the file
    Column("holder", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("problems", JSONB, nullable=False),
    Column("resource_id", UUID),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["caisse", "work_id"], ["works.caisse", "works.id"], ondelete="CASCADE"),
    Index("ix_work_rows_ready", "caisse", "work_id", "rank", postgresql_where=text("state = 'ready'")),
)

work_parts: Final = Table(
    "work_parts",
    _works_metadata,
    Column("caisse", Text, primary_key=True),
    Column("work_id", UUID, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["caisse", "work_id"], ["works.caisse", "works.id"], ondelete="CASCADE"),
)

import_keys: Final = Table(
    "import_keys",
    _works_metadata,
    Column("caisse", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("structure", Text, primary_key=True),  # empty for the caisse's own imports
    Column("key", LargeBinary, primary_key=True),
    Column("resource_id", UUID, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index(None, "at"),
)


def works_in(metadata: MetaData) -> None:
    """Add the tables of works to what a service believes its database to be."""
    for table in _works_metadata.sorted_tables:
        table.to_metadata(metadata)
