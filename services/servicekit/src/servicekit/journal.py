"""The journal of persons read and of changes made, written in the transaction of the reading or the change.

A request leaves one entry. A read that names nobody is a bug and is not answered (`ServiceRoute`); a change
is always written, named after its operation, whether or not the route adds to it. Content never enters:
before and after are hashes.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(slots=True)
class Journal:
    """What the request under way has read or changed so far."""

    named: bool = False
    action: str | None = None
    resource: str | None = None
    resource_ids: list[UUID] = field(default_factory=list)
    subjects: list[UUID] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    before_sha256: bytes | None = None
    after_sha256: bytes | None = None


def of(session: AsyncSession) -> Journal:
    """Return the journal of the request that `session` serves."""
    journal: Journal = session.info["journal"]
    return journal


def read(
    session: AsyncSession,
    resource: str,
    subjects: Iterable[UUID],
    *,
    resource_ids: Iterable[UUID] = (),
    fields: Iterable[str] = (),
) -> None:
    """Note that `subjects` (person ids; none for an empty list) are about to be shown.

    `fields` are the groups shown when they are narrower than what the route declares.
    """
    journal = of(session)
    journal.named = True
    journal.resource = resource
    journal.subjects = list(dict.fromkeys([*journal.subjects, *subjects]))
    journal.resource_ids.extend(resource_ids)
    journal.fields.update(fields)


def change(
    session: AsyncSession,
    action: str,
    resource: str,
    resource_id: UUID,
    *,
    subjects: Iterable[UUID] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Name what is being changed, about whom, and fingerprint its content before and after."""
    journal = of(session)
    journal.named = True
    journal.action = action
    journal.resource = resource
    journal.resource_ids.append(resource_id)
    journal.subjects = list(dict.fromkeys([*journal.subjects, *subjects]))
    journal.before_sha256 = _sha256(before)
    journal.after_sha256 = _sha256(after)


def _sha256(content: Mapping[str, Any] | None) -> bytes | None:
    if content is None:
        return None
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)).digest()
