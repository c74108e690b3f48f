"""The routing table: which paths exist, for whom, and where they lead. Compiled from the contracts, nothing else.

A route without a declared access does not exist; an internal one is never routed. Two tables come out: what
browsers and applications may call, and what each service may ask a token for.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from servicekit.access import Access, Audience

GATEWAY: Final = "gateway"
METHODS: Final = ("get", "post", "put", "patch", "delete")
OWN_AUDIENCES: Final = frozenset({Audience.ANYONE, Audience.SELF})
"""Audiences only the gateway itself may serve: no role stands behind them, so no scope either."""
FRESH_GROUPS: Final = frozenset({"nir", "social_secret", "medical", "medical_conclusion"})

# Ids, codes and slugs. Whatever must be escaped in a URL is no part of a path of ours, so there is nothing for
# two parsers to disagree about (encoded slashes, dot segments, control characters).
_SEGMENT = re.compile(r"[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*", re.ASCII)


class BadContract(ValueError):
    """A contract declares something that must not be routed; the gateway does not start."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: its service, its template (`/api/v1/…/{id}`), who may call it."""

    service: str
    method: str
    template: str
    access: Access
    summary: str

    @property
    def fresh(self) -> bool:
        """Tell whether the session must be read again from the database: a revocation counts at once."""
        return self.access.step_up or bool(self.access.shows & FRESH_GROUPS)


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Every public route, and what services may ask of one another."""

    routes: tuple[Route, ...]
    allowed: Mapping[tuple[str, str], frozenset[str]]
    """(calling client, called service) → purposes, from the internal routes."""
    _root: _Node

    def find(self, path: str) -> Mapping[str, Route] | None:
        """Return the routes of a path by method, None when the path does not exist."""
        node = self._root
        for segment in path[1:].split("/"):
            if not _SEGMENT.fullmatch(segment):
                return None
            step = node.children.get(segment) or node.parameter
            if step is None:
                return None
            node = step
        return node.routes or None

    def reaches(self, service: str, audience: str, role: str, purpose: str) -> bool:
        """Tell whether somebody of that audience and role could call the service for that purpose at all."""
        return any(
            route.service == service
            and route.access.audience == audience
            and route.access.purpose == purpose
            and (not route.access.roles or role in route.access.roles)
            for route in self.routes
        )


def load(folder: Path, services: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Read the committed contract of each service; a missing one is an error, not a smaller API."""
    contracts = {}
    for service in services:
        path = folder / f"{service}.json"
        try:
            contracts[service] = json.loads(path.read_bytes())
        except OSError as error:
            raise BadContract(f"no contract of {service} in {folder}") from error
    return contracts


def compile_table(contracts: Mapping[str, Mapping[str, Any]]) -> Table:
    """Compile the contracts, by service; raises `BadContract`."""
    routes: list[Route] = []
    allowed: dict[tuple[str, str], set[str]] = {}
    for service, contract in contracts.items():
        for route in _routes_of(service, contract):
            if route.access.audience is Audience.INTERNAL:
                for client in route.access.clients:
                    allowed.setdefault((client, service), set()).add(route.access.purpose)
            else:
                routes.append(route)
    root = _Node()
    for route in routes:
        _plant(root, route)
    return Table(tuple(routes), {pair: frozenset(purposes) for pair, purposes in allowed.items()}, root)


def _routes_of(service: str, contract: Mapping[str, Any]) -> Iterable[Route]:
    for template, operations in contract["paths"].items():
        for method in METHODS:
            operation = operations.get(method)
            if operation is None:
                continue
            try:
                access = Access.of(operation)
            except (LookupError, ValueError) as error:
                raise BadContract(f"{service}: {method} {template} declares no access") from error
            _check(service, template, access)
            yield Route(service, method.upper(), template, access, operation.get("summary", ""))


def _check(service: str, template: str, access: Access) -> None:
    internal = template.startswith("/internal/")
    if internal != (access.audience is Audience.INTERNAL):
        raise BadContract(f"{service}: {template} mixes internal and public")
    if internal:
        return
    if not template.startswith(f"/api/v1/{service}/{access.audience}/"):
        raise BadContract(f"{service}: {template} is not where its audience belongs")
    if access.audience in OWN_AUDIENCES and service != GATEWAY:
        raise BadContract(f"{service}: {template} would be open to anybody")


def _plant(root: _Node, route: Route) -> None:
    node = root
    for segment in route.template[1:].split("/"):
        if segment.startswith("{"):
            node.parameter = node.parameter or _Node()
            node = node.parameter
        elif _SEGMENT.fullmatch(segment):
            node = node.children.setdefault(segment, _Node())
        else:
            raise BadContract(f"{route.template} could never be called")
    if route.method in node.routes:
        raise BadContract(f"{route.method} {route.template} is declared twice")
    node.routes[route.method] = route
