"""What a person is told before being reported, in its successive versions."""

import json
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from referrals_service.requests.codes import RequestKind


class InformationStatement(BaseModel):
    """One version of what is told; a request keeps the version under which the agreement was given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    kinds: frozenset[RequestKind]
    valid_from: date
    title: str
    paragraphs: tuple[str, ...]
    source: str
    legal_basis: str


@cache
def statements() -> tuple[InformationStatement, ...]:
    """Return every version, oldest first."""
    content = (files("referrals_service") / "data/information_statements.json").read_text(encoding="utf-8")
    found = [InformationStatement.model_validate(item) for item in json.loads(content)]
    return tuple(sorted(found, key=lambda s: s.valid_from))


def current_statement(day: date, kind: RequestKind = RequestKind.MISAS_REFERRAL) -> InformationStatement:
    """Return the version to use on `day` for a kind of request; the first one for a day before all."""
    of_kind = [s for s in statements() if kind in s.kinds]
    in_force = [s for s in of_kind if s.valid_from <= day]
    return in_force[-1] if in_force else of_kind[0]


def told_in(version: str) -> tuple[str, ...]:
    """Return what one version says; nothing for a version that was never published."""
    return next((s.paragraphs for s in statements() if s.version == version), ())


def is_told(version: str, kind: RequestKind) -> bool:
    """Tell whether `version` was ever published for a kind of request."""
    return any(s.version == version and kind in s.kinds for s in statements())
