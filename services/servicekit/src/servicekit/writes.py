"""Habits of every change: a receipt for an answer, a version to change from, a key to retry with."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.access import Actor
from servicekit.errors import Invalid, KeyInUse, KeyRequired, KeyReused, StaleVersion, VersionRequired
from servicekit.tables import idempotency

_LOCK_NOT_AVAILABLE = "55P03"


class Receipt(BaseModel):
    """What a command answers: ids, version and state only, since it is stored to be replayed."""

    id: UUID
    version: int
    state: str | None


ReceiptT = TypeVar("ReceiptT", bound=Receipt)


async def _if_match(if_match: Annotated[str | None, Header(alias="If-Match")] = None) -> int:
    if if_match is None:
        raise VersionRequired("Indiquez la version du dossier que vous modifiez (en-tête If-Match).")
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not tag.isdecimal() or len(tag) > 9:
        raise Invalid("La version indiquée dans If-Match n'est pas valide.")
    return int(tag)


IfMatch = Annotated[int, Depends(_if_match)]


def set_etag(response: Response, version: int) -> None:
    """Tell the version that was read, for the `If-Match` of a later change."""
    response.headers["ETag"] = f'"{version}"'


class Versioned(Protocol):
    """A row that is changed from a version."""

    @property
    def id(self) -> UUID:
        """Which one."""

    @property
    def version(self) -> int:
        """As it is now."""


def receipt_of(response: Response, row: Versioned, state: str | None) -> Receipt:
    """Answer a change of a row: its version is told for the next one."""
    return tagged(response, Receipt(id=row.id, version=row.version, state=state))


def tagged(response: Response, receipt: ReceiptT) -> ReceiptT:
    """Answer a receipt, its version told for the next change."""
    set_etag(response, receipt.version)
    return receipt


def require_version(present: int, wanted: int) -> None:
    """Refuse a change made from another version than the present one."""
    if present != wanted:
        raise StaleVersion(
            "Quelqu'un a modifié ce dossier depuis que vous l'avez ouvert. Comparez avant d'enregistrer.",
            version=present,
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One use of an Idempotency-Key: by whom, on which route, with which content."""

    client: str
    sub: str
    route: str
    key: UUID
    body_sha256: bytes


async def attempt_of(request: Request, actor: Actor, route: str) -> Attempt:
    """Read the key of a change; the route's path parameters count as content."""
    header = request.headers.get("idempotency-key")
    if header is None:
        raise KeyRequired("Une modification doit porter un en-tête Idempotency-Key (un UUID par action).")
    try:
        key = UUID(header.strip('"'))
    except ValueError as error:
        raise Invalid("L'en-tête Idempotency-Key doit être un UUID.") from error
    content = hashlib.sha256(request.url.path.encode())
    content.update(await request.body())
    return Attempt(actor.client, actor.sub, route, key, content.digest())


async def replay(session: AsyncSession, attempt: Attempt) -> Response | None:
    """Claim the key for this transaction, or return the answer given the first time.

    The claim is an uncommitted row: a second request with the same key waits for the first to end, then
    replays its answer if it committed or does the work itself if it did not.
    """
    row = {
        "client": attempt.client,
        "sub": attempt.sub,
        "route": attempt.route,
        "key": attempt.key,
        "body_sha256": attempt.body_sha256,
    }
    claim = insert(idempotency).values(row).on_conflict_do_nothing().returning(idempotency.c.key)
    try:
        claimed = (await session.execute(claim)).scalar_one_or_none()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise KeyInUse("Cette demande est déjà en cours. Attendez sa réponse avant de recommencer.") from error
        raise
    if claimed is not None:
        return None
    first = (
        await session.execute(
            select(idempotency.c.body_sha256, idempotency.c.status, idempotency.c.response, idempotency.c.etag).where(
                *(idempotency.c[name] == row[name] for name in ("client", "sub", "route", "key"))
            )
        )
    ).one()
    if first.body_sha256 != attempt.body_sha256:
        raise KeyReused("Cette clé a déjà servi pour une autre demande. Utilisez une nouvelle clé.")
    headers = {"Idempotent-Replayed": "true"} | ({"ETag": first.etag} if first.etag else {})
    return Response(first.response, first.status, headers=headers, media_type="application/json")
