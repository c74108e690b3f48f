"""The OpenAPI documents, for whoever is signed in."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from gateway_service.docs.page import public_part
from servicekit.access import Audience, access
from servicekit.errors import NotFound
from servicekit.problems import problems
from servicekit.route import router

routes = router("/api/v1/gateway/me", tags=["documentation"])


@routes.get(
    "/openapi/{service}.json",
    operation_id="read_contract",
    openapi_extra=access(Audience.SELF, purpose="documentation", journal=False),
    responses=problems(NotFound),
)
async def read_contract(service: str, request: Request) -> dict[str, Any]:
    """Return the public part of a service's contract."""
    contracts: Mapping[str, Mapping[str, Any]] = request.app.state.contracts
    if service not in contracts:
        raise NotFound("Ce service n'existe pas.")
    return public_part(contracts[service])
