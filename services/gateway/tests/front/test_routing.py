"""The table comes from the contracts, and a contract that opens too much stops the start."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway_service.front.routing import BadContract, compile_table, load
from servicekit.access import Audience, access

from .door import a_contracts_folder
from .echo import CONTRACT


def test_every_public_operation_is_there_and_no_internal_one() -> None:
    table = compile_table({"echo": CONTRACT})
    declared = {
        (method.upper(), path)
        for path, item in CONTRACT["paths"].items()
        for method in item
        if not path.startswith("/internal/")
    }
    assert {(route.method, route.template) for route in table.routes} == declared
    for method, template in declared:
        found = table.find(template.replace("{thing_id}", "0193a2b4-0000-7000-8000-000000000001"))
        assert found is not None
        assert found[method].template == template


def test_what_services_may_ask_comes_from_the_internal_routes() -> None:
    assert compile_table({"echo": CONTRACT}).allowed == {
        ("svc-gateway", "echo"): {"facts.follow"},
        ("svc-referrals", "echo"): {"facts.follow", "rights.check"},
    }


def test_a_word_goes_before_a_parameter() -> None:
    path = "/api/v1/echo/partner/things"
    contract = copy.deepcopy(CONTRACT)
    contract["paths"][f"{path}/file"] = {"post": access(Audience.PARTNER, purpose="thing.file")}
    table = compile_table({"echo": contract})
    found = table.find(f"{path}/file")
    assert found is not None
    assert list(found) == ["POST"]


def test_reaching() -> None:
    table = compile_table({"echo": CONTRACT})
    assert table.reaches("echo", "partner", "partner_user", "thing.file")
    assert not table.reaches("echo", "agent", "conseiller_misas", "thing.file")
    assert not table.reaches("echo", "partner", "partner_user", "rights.check")
    assert not table.reaches("other", "partner", "partner_user", "thing.file")


def _with(path: str, operation: dict[str, Any], method: str = "get") -> dict[str, Any]:
    contract = copy.deepcopy(CONTRACT)
    contract["paths"][path] = {method: operation}
    return contract


DANGEROUS: dict[str, Callable[[], dict[str, Any]]] = {
    "no declaration": lambda: _with("/api/v1/echo/partner/more", {"summary": "open"}),
    "unknown audience": lambda: _with("/api/v1/echo/root/more", {"x-access": {"audience": "root"}}),
    "another audience's place": lambda: _with("/api/v1/echo/partner/more", access(Audience.AGENT, purpose="a.b")),
    "another service's place": lambda: _with("/api/v1/referrals/partner/more", access(Audience.PARTNER, purpose="a.b")),
    "outside the API": lambda: _with("/more", access(Audience.PARTNER, purpose="a.b")),
    "for anyone": lambda: _with("/api/v1/echo/anyone/more", access(Audience.ANYONE, purpose="a.b")),
    "for oneself": lambda: _with("/api/v1/echo/me/more", access(Audience.SELF, purpose="a.b")),
    "public under internal": lambda: _with("/internal/more", access(Audience.PARTNER, purpose="a.b")),
    "internal in public": lambda: _with(
        "/api/v1/echo/internal/more", access(Audience.INTERNAL, purpose="a.b", clients=["svc-x"])
    ),
    "never callable": lambda: _with("/api/v1/echo/partner/été", access(Audience.PARTNER, purpose="a.b")),
}


@pytest.mark.parametrize("contract", DANGEROUS)
def test_a_dangerous_contract_is_refused(contract: str) -> None:
    with pytest.raises(BadContract):
        compile_table({"echo": DANGEROUS[contract]()})


def test_two_operations_in_one_place_are_refused() -> None:
    contract = _with("/api/v1/echo/partner/things/{other_name}", access(Audience.PARTNER, purpose="a.b"))
    with pytest.raises(BadContract, match="twice"):
        compile_table({"echo": contract})


def test_a_missing_contract_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadContract, match="referrals"):
        load(a_contracts_folder(tmp_path), ["echo", "referrals"])
    assert load(tmp_path, ["echo"]) == {"echo": json.loads(json.dumps(CONTRACT))}


def test_the_committed_contracts_compile_and_every_route_can_be_called() -> None:
    contracts = load(Path(__file__).parents[4] / "openapi", ["gateway", "partners", "referrals"])
    table = compile_table(contracts)
    assert table.routes
    for route in table.routes:
        path = re.sub(r"\{\w+\}", "0193a2b4-0000-7000-8000-000000000001", route.template)
        found = table.find(path)
        assert found is not None, path
        assert found[route.method].template == route.template
    assert {"facts.follow", "handover.read"} <= table.allowed["svc-gateway", "partners"]
