"""Whatever comes in is answered or refused with a problem document; nothing makes the service stumble."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners_service.structures.schemas import RegistrationIn
from servicekit.testing import ServiceUnderTest

from .situations import DESK, OFFICER, PARTNER, Town, a_person, a_registration

NASTY = ["\x00", "a\x00b", "\ud800", "\u202e", "'; DROP TABLE accounts; --", "<b>x</b>", "𝕏" * 200, "é" * 5000, "%"]


@pytest.mark.parametrize("field", ["name", "siret", "finess", "department", "phone", "kind", "address", "referent"])
async def test_no_text_breaks_a_registration(town: Town, field: str) -> None:
    for nasty in NASTY:
        body = json.dumps(a_registration(**{field: nasty})).encode()
        answer = await town.desk.request(
            "POST", f"{DESK}/structures", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in {201, 422}, (nasty, answer.text)
        if answer.status_code == 201:
            seen = (await town.desk.get(f"{DESK}/structures/{answer.json()['id']}")).json()
            assert seen[field] == nasty, "text is kept as it was typed"


@pytest.mark.parametrize("field", ["email", "first_name", "last_name", "job_title", "role", "unit", "from_on"])
async def test_no_text_breaks_an_invitation(town: Town, field: str) -> None:
    for nasty in NASTY:
        body = json.dumps(a_person(role="conseiller_misas", unit="misas") | {field: nasty}).encode()
        answer = await town.officer().request(
            "POST", f"{OFFICER}/accounts", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in {201, 422}, (nasty, answer.text)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%25%5C_",
        "q=" + "x" * 101,
        "limit=0",
        "limit=101",
        "limit=abc",
        "cursor=%00",
        "cursor=" + base64.urlsafe_b64encode(b'["a\\u0000", "x"]').decode(),
        "cursor=" + base64.urlsafe_b64encode(b'["a", "x"]').decode(),
        "cursor=" + base64.urlsafe_b64encode(b"[1, 2]").decode(),
        "cursor=" + base64.urlsafe_b64encode(b"{}").decode(),
        "state=gone",
        "kind=%00",
    ],
)
async def test_no_query_breaks_a_list(town: Town, query: str) -> None:
    answer = await town.desk.get(f"{DESK}/structures?{query}")

    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "2024-02-29", "2023-02-29", "hier", ""])
async def test_no_day_breaks_a_training_or_a_right(town: Town, under_test: ServiceUnderTest, on: str) -> None:
    structure = await town.structure()
    body = {"kind": "lup", "on": on, "attended": on < "2026"}

    answer = await town.desk.post(f"{structure.path}/trainings", body)

    assert answer.status_code in {201, 422}
    assert (await under_test.rows("SELECT 1 FROM structures")) != []


@pytest.mark.parametrize("header", ["abc", "-1", "99999999999", '"1', "*"])
async def test_no_version_breaks_an_act(town: Town, header: str) -> None:
    structure = await town.structure("approved")

    answer = await town.desk.post(f"{structure.path}/open-portal", {}, headers={"If-Match": header})

    assert answer.status_code in {412, 422}, "never taken for the present version"


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(RegistrationIn.model_fields)), json_values)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_value_of_any_field_breaks_a_registration(town: Town, field: str, value: Any) -> None:
    body = json.dumps(a_registration(**{field: value})).encode()

    answer = await town.desk.request(
        "POST", f"{DESK}/structures", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code in {201, 422}, answer.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"kind": 1e999}'])
async def test_no_body_breaks_an_invitation(town: Town, body: bytes) -> None:
    admin = await (await town.structure()).member("partner_admin")

    answer = await admin.client.request(
        "POST", f"{PARTNER}/invitations", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
