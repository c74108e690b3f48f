"""Secrets are made once, are nobody else's to read, and reach only the service they belong to."""

import json
import re
from pathlib import Path

import pytest

from embedded.secrets import NEEDED, Secrets
from servicekit import tokens

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "secrets.json"


def test_they_are_made_once_and_only_their_owner_reads_them(path: Path) -> None:
    first = Secrets.of(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Secrets.of(path).environment("referrals") == first.environment("referrals")
    assert Secrets.of(path).password("gateway") == first.password("gateway")


def test_what_a_newer_version_needs_is_added_and_the_rest_stays(path: Path) -> None:
    Secrets.of(path)
    older = json.loads(path.read_text())
    del older["gateway"], older["referrals"]["NIR_INDEX_KEY"]
    path.write_text(json.dumps(older))
    Secrets.of(path)
    newer = json.loads(path.read_text())
    assert newer["partners"] == older["partners"]
    assert newer["referrals"]["NIR_KEYS"] == older["referrals"]["NIR_KEYS"]
    assert newer["referrals"]["NIR_INDEX_KEY"]
    assert newer["gateway"].keys() == NEEDED["gateway"].keys()


def test_a_service_gets_its_own_and_no_database_password_apart(path: Path) -> None:
    secrets = Secrets.of(path)
    given = secrets.environment("partners")
    assert set(given) == {"ALLER_SERVICE_KEY", "ALLER_DOCUMENT_KEYS", "ALLER_DOCUMENT_KEY_IDS"}
    assert given["ALLER_SERVICE_KEY"] != secrets.environment("referrals")["ALLER_SERVICE_KEY"]


def test_the_gateway_knows_the_services_by_keys_that_sign_nothing(path: Path) -> None:
    secrets = Secrets.of(path)
    public = secrets.public_keys()
    assert all("d" not in key for key in public.values())
    private = json.loads(secrets.environment("partners")["ALLER_SERVICE_KEY"])
    assert public["svc-partners"] == tokens.public_part(private)


def test_the_file_for_compose_has_each_variable_it_requires(path: Path) -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    required = set(re.findall(r"\$\{(\w+):\?", compose))
    written = Secrets.fresh().as_env_file("portail.exemple.fr")
    assert required == set(re.findall(r"^(\w+)='[^']+'$", written, re.MULTILINE))
