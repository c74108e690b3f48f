"""A running system and the people in it."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from embedded.demo.accounts import Company
from embedded.demo.portal import Portal
from embedded.system import System
from servicekit import migrations


@dataclass
class World:
    """A running system and everybody's session."""

    system: System
    company: Company

    def as_(self, player: str) -> Portal:
        """Return the session of somebody of the cast."""
        return self.company.sessions[player]

    def rows(self, service: str, query: str, *parameters: object) -> list[dict[str, Any]]:
        """Read a service's database past every policy."""
        url = migrations.database_url(self.system.admin_url, f"{service}_service").replace("+psycopg", "")
        with psycopg.connect(url, row_factory=dict_row) as connection:
            return connection.execute(query, parameters).fetchall()
