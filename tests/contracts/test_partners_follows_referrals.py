"""What partners reads of the facts of referrals, against what referrals publishes."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from partners_service.notifications.followers import referrals
from referrals_service.app import FOLLOWERS
from servicekit import clock
from servicekit.fact_schemas import fact_types
from servicekit.facts import Published

PUBLISHED = {kind.model_fields["type"].default: kind for kind in fact_types("referrals_service")}
FOLLOWED = referrals().models


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
    fact = Published(id=uuid4(), at=clock.now(), type=kind, caisse="311", subject={}, payload={})
    assert FOLLOWERS["partners"](fact) is fact
