"""What partners reads of the facts of referrals and accompaniments, against what these publish."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from accompaniments_service.app import FOLLOWERS as OF_ACCOMPANIMENTS
from partners_service.notifications.followers import accompaniments, referrals
from referrals_service.app import FOLLOWERS as OF_REFERRALS
from servicekit import clock
from servicekit.fact_schemas import fact_types
from servicekit.facts import Projection, Published

SOURCES = (
    ("referrals_service", referrals(), OF_REFERRALS),
    ("accompaniments_service", accompaniments(), OF_ACCOMPANIMENTS),
)
FOLLOWED = [
    (package, kind, model, shown["partners"])
    for package, follower, shown in SOURCES
    for kind, model in sorted(follower.models.items())
]


def members(model: type[BaseModel], part: str) -> dict[str, Any]:
    """Return the fields of a fact's subject or payload."""
    annotation = model.model_fields[part].annotation
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return dict(annotation.model_fields)


@pytest.mark.parametrize(("package", "kind", "followed", "shown"), FOLLOWED, ids=[kind for _, kind, _, _ in FOLLOWED])
def test_every_fact_that_is_followed_is_published_with_what_is_read_of_it(
    package: str, kind: str, followed: type[BaseModel], shown: Projection
) -> None:
    [published] = [one for one in fact_types(package) if one.model_fields["type"].default == kind]
    assert published.model_fields["version"].default == 1
    for part in ("subject", "payload"):
        assert set(members(followed, part)) <= set(members(published, part))
    fact = Published(id=uuid4(), at=clock.now(), type=kind, caisse="311", subject={}, payload={})
    assert shown(fact) is fact
