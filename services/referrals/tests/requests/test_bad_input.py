"""Input nobody should send: refused by a problem document, never by a failure."""

import json
from typing import Any
from uuid import uuid4

import pytest

from servicekit.access import Actor

from .situations import AGENT, KIND, PARTNER, World, a_form

JSON = {"Content-Type": "application/json"}
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    "",
    "\x00",
    "\ud800",
    "😀" * 300,
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "x" * 5000,
    [],
    [[]],
    {},
    {"a": {"b": []}},
    ["\x00"],
]


def spoilt(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the body with each of its members replaced by each odd value, and with one too many."""
    bodies = [body | {name: value} for name in body for value in ODD]
    return [*bodies, body | {"\ud800": 1}, body | {"unexpected": "x"}]


async def test_odd_values_in_every_member_are_refused_or_taken_but_never_fail(
    world: World, partner: Actor, adviser: Actor
) -> None:
    person = await world.person(partner)
    draft = await world.draft(partner, person)
    taken = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    form = a_form()
    attempts = [
        (partner, "PUT", f"{PARTNER}/{draft['id']}/form", form),
        (partner, "PUT", f"{PARTNER}/{draft['id']}/form", {"informed": form["informed"]}),
        (partner, "POST", PARTNER, {"kind": KIND, "person_id": str(uuid4())}),
        (partner, "POST", f"{PARTNER}/file", {"person_id": str(uuid4()), "form": form}),
        (partner, "POST", f"{PARTNER}/{taken['id']}/withdraw", {"reason": "none", "message": "x"}),
        (adviser, "POST", f"{AGENT}/take", {"ids": [str(uuid4())]}),
        (adviser, "POST", f"{AGENT}/{taken['id']}/assign", {"account_id": str(uuid4())}),
        (adviser, "POST", f"{AGENT}/{taken['id']}/refuse", {"reason": "none", "orientation": "caf", "message": "x"}),
        (adviser, "POST", f"{AGENT}/{taken['id']}/redirect", {"target": "none", "body": "811", "message": "x"}),
    ]
    for actor, method, path, body in attempts:
        client = world.client(actor)
        for odd in spoilt(body):
            answer = await client.request(method, path, content=json.dumps(odd), if_match=99, headers=JSON)
            assert answer.status_code < 500, (path, odd, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=%00",
        "cursor=W10",
        "cursor=WyJ4IiwieCJd",
        "cursor=WyI5OTk5LTEyLTMxVDIzOjU5OjU5KzAwOjAwIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0",
        "cursor=" + "A" * 600,
        "state=%00",
        "q=%00",
        "q=%F0%9F%98%80",
        "q=" + "9" * 31,
        "q=" + "9" * 30,
        "sort=random()",
        "turn=",
    ],
)
async def test_odd_queries_are_refused_or_find_nothing(
    world: World, partner: Actor, adviser: Actor, query: str
) -> None:
    for actor, path in ((partner, PARTNER), (adviser, AGENT)):
        answer = await world.client(actor).get(f"{path}?{query}")
        assert answer.status_code in {200, 422}, answer.text


@pytest.mark.parametrize("odd", ["x", "%00", "01a2023f", "..%2F..", "0" * 40])
async def test_an_id_that_is_none_is_refused(world: World, partner: Actor, odd: str) -> None:
    assert (await world.client(partner).get(f"{PARTNER}/{odd}")).status_code in {404, 422}
