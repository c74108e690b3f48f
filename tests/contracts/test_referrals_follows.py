"""What referrals reads of the facts of partners and accompaniments, and knows of bodies, against what these publish."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from accompaniments_service.app import FOLLOWERS as OF_ACCOMPANIMENTS
from partners_service.bodies import reference
from referrals_service.network.appointments import accompaniments
from referrals_service.network.followers import partners
from referrals_service.orientation.table import departments
from referrals_service.requests.caisse_calendar import calendar_of, is_caisse
from servicekit import clock
from servicekit.fact_schemas import fact_types
from servicekit.facts import Published

PUBLISHED = {
    kind.model_fields["type"].default: kind
    for package in ("partners_service", "accompaniments_service")
    for kind in fact_types(package)
}
FOLLOWED = partners().models | accompaniments().models


def members(model: type[BaseModel], part: str) -> dict[str, Any]:
    """Return the fields of a fact's subject or payload."""
    annotation = model.model_fields[part].annotation
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return dict(annotation.model_fields)


@pytest.mark.parametrize("kind", sorted(FOLLOWED))
def test_every_fact_that_is_followed_is_published_with_what_is_read_of_it(kind: str) -> None:
    published, followed = PUBLISHED[kind], FOLLOWED[kind]
    assert published.model_fields["version"].default == 1
    for part in ("subject", "payload"):
        assert set(members(followed, part)) <= set(members(published, part))


@pytest.mark.parametrize("kind", sorted(accompaniments().models))
def test_every_fact_of_appointments_that_is_followed_is_shown(kind: str) -> None:
    fact = Published(id=uuid4(), at=clock.now(), type=kind, caisse="311", subject={}, payload={})
    assert OF_ACCOMPANIMENTS["referrals"](fact) is fact


def test_both_services_know_the_same_bodies() -> None:
    tables = reference.read().tables
    first: dict[str, str] = {}
    for row in tables["body_departments"]:
        first.setdefault(row["body"], row["department"])
    for body in tables["bodies"]:
        calendar = calendar_of(body["code"])
        assert calendar.social_service == body["social_service"]
        assert calendar.department == first[body["code"]]
        assert is_caisse(body["code"]) is (body["social_service"] is not None)


def test_the_orientation_asks_for_the_departments_that_have_a_caisse() -> None:
    tables = reference.read().tables
    caisses = {body["code"] for body in tables["bodies"] if body["social_service"] is not None}
    served = {row["department"] for row in tables["body_departments"] if row["body"] in caisses}
    known = {row["code"]: row["name"] for row in tables["departments"]}
    assert departments() == {code: known[code] for code in known if code in served}
