"""The whole product as real processes, with the people of the demonstration in it; started once for the run."""

from collections.abc import Iterator

import pytest
from world import World

from embedded.demo.accounts import Company, found_caisse
from embedded.demo.cast import CAISSES
from embedded.demo.loading import publish
from embedded.system import RunSettings, System


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Start everything on free ports and let both caisses and their partners in, through real invitations."""
    settings = RunSettings.on_free_ports(tmp_path_factory.mktemp("system"), "demonstration")
    with System(settings) as system:
        company = Company(system.url, system.data_dir / "outbox")
        for caisse in CAISSES:
            found_caisse(company, system.environment_of("partners")["ALLER_DATABASE_URL"], caisse)
        publish(system, CAISSES)
        yield World(system, company)
        company.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what kills processes and ends sessions after everything that shares the system."""
    items.sort(key=lambda item: item.get_closest_marker("faults") is not None)
