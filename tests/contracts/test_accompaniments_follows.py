"""What accompaniments reads of the facts of partners and of referrals, against what those publish."""

from typing import Any

import pytest
from pydantic import BaseModel

from accompaniments_service.network.partners import partners
from accompaniments_service.network.register import referrals
from partners_service.internal import ACCOMPANIMENTS
from servicekit import clock
from servicekit.db import new_id
from servicekit.fact_schemas import fact_types
from servicekit.facts import Published

FOLLOWED = [
    (follower.source, kind, model) for follower in (partners(), referrals()) for kind, model in follower.models.items()
]


def members(model: type[BaseModel], part: str) -> dict[str, Any]:
    """Return the fields of a fact's subject or payload."""
    annotation = model.model_fields[part].annotation
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return dict(annotation.model_fields)


@pytest.mark.parametrize(
    ("source", "kind", "followed"), FOLLOWED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_fact_that_is_followed_is_published_with_what_is_read_of_it(
    source: str, kind: str, followed: type[BaseModel]
) -> None:
    published = {k.model_fields["type"].default: k for k in fact_types(f"{source}_service")}[kind]
    assert published.model_fields["version"].default == 1
    for part in ("subject", "payload"):
        assert set(members(followed, part)) <= set(members(published, part))


def test_partners_lets_through_what_is_followed_of_it() -> None:
    for kind in partners().models:
        fact = Published(
            id=new_id(), at=clock.now(), type=kind, caisse="311", subject=dict[str, Any](), payload=dict[str, Any]()
        )
        assert ACCOMPANIMENTS(fact) is fact, kind
