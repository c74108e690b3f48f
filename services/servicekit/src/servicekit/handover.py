"""Handover: where more than facts must pass, the follower comes and reads it, by name and on the record.

The case opens from the fact alone; what is handed over arrives when it can. It is read in a job or a request,
never in a fact's handler, which must not wait for the network.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import NotFound
from servicekit.identity import ServiceIdentity, TokenSource, tls
from servicekit.problems import problems
from servicekit.route import router
from servicekit.settings import ServiceSettings

HANDOVER: Final = "handover.read"
"""Purpose of the tokens that read a handover."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What is handed over, and the people it is about."""

    content: BaseModel
    subjects: tuple[UUID, ...]


Give = Callable[[AsyncSession, str, UUID], Awaitable[Handover | None]]
"""`async def give(session, client, handover_id)`: None for what that client (`svc-gateway`) may not have."""


def handover_router(
    service: str, give: Give, *, content: Any, clients: Iterable[str], shows: Iterable[str]
) -> APIRouter:
    """Return `GET /internal/handovers/{id}`, journalled with the subjects that `give` names.

    `content` is the model handed over (or a union of models), `clients` the services that may ask.
    """
    handovers = router("/internal", tags=["internal"])

    @handovers.get(
        "/handovers/{handover_id}",
        operation_id=f"read_{service}_handover",
        response_model=content,
        responses=problems(NotFound),
        openapi_extra=access(
            Audience.INTERNAL, purpose=HANDOVER, clients=[f"svc-{client}" for client in clients], shows=shows
        ),
    )
    async def read(handover_id: UUID, session: DbSession, actor: CurrentActor) -> BaseModel:
        """Read what the fact of this id could not carry."""
        given = await give(session, actor.client, handover_id)
        if given is None:
            raise NotFound("Rien à transmettre sous cet identifiant.")
        journal.read(session, "handover", given.subjects, resource_ids=[handover_id])
        return given.content

    return handovers


ContentT = TypeVar("ContentT", bound=BaseModel)


class HandoverClient:
    """Reads the handovers of one source with the service's own identity."""

    def __init__(
        self, service: str, settings: ServiceSettings, source: str, token_source: TokenSource | None = None
    ) -> None:
        self._url = settings.peers[source]
        self._audience = f"svc-{source}"
        self._token = token_source or ServiceIdentity(service, settings)

    async def read(self, handover_id: UUID, model: type[ContentT]) -> ContentT | None:
        """Return what is handed over, None when there is nothing for us; `httpx.HTTPError` when it must wait."""
        headers = {"Authorization": f"Bearer {await self._token(self._audience, HANDOVER)}"}
        async with httpx.AsyncClient(base_url=self._url, timeout=5, verify=tls(), headers=headers) as http:
            answer = await http.get(f"/internal/handovers/{handover_id}")
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        return model.model_validate_json(answer.raise_for_status().content)
