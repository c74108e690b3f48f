"""Every refusal of the first guard, and what each leaves in the journal."""

import asyncio
import itertools
from datetime import timedelta
from uuid import UUID

import pytest

from .door import Browser, Door

THINGS = "/api/v1/echo/partner/things"
AUDIENCES = {
    "partner": "partner_user",
    "agent": "conseiller_misas",
    "officer": "dpo",
    "pilot": "pilote_regional",
}


async def refused(door: Door, slug: str) -> None:
    """Check that nothing reached the service, and that the refusal is in the journal under its name."""
    assert door.echo.seen == []
    assert [row["refusal"] for row in await door.journal()] == [slug]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_without_a_session(door: Door, method: str) -> None:
    headers = {"X-CSRF": "1", "Origin": door.settings.origin}
    answer = await door.http.request(method, THINGS, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/unauthenticated"
    assert answer.json()["txn"] == answer.headers["x-request-id"]
    await refused(door, "unauthenticated")
    [row] = await door.journal()
    assert (row["route"], row["service"], row["sub"], row["status"]) == (THINGS, "echo", "", 401)


@pytest.mark.parametrize(
    "cookie",
    ["x", "", "a" * 5000, "%00", "x; __Host-sid=y", "../../etc/passwd", "' OR 1=1 --"],
)
async def test_a_cookie_that_opens_nothing(door: Door, cookie: str) -> None:
    answer = await door.http.get(THINGS, headers={"Cookie": f"__Host-sid={cookie}"})
    assert answer.status_code == 401
    await refused(door, "unauthenticated")


async def test_two_cookies_are_none(door: Door) -> None:
    """A sub-domain could have planted one of them."""
    browser = await door.signed_in()
    for cookies in (f"__Host-sid={browser.cookie}; __Host-sid=x", f"__Host-sid=x; __Host-sid={browser.cookie}"):
        assert (await browser.get(THINGS, headers={"Cookie": cookies})).status_code == 401


@pytest.mark.parametrize("state", ["second_factor", "enrolment"])
async def test_half_signed_in(door: Door, state: str) -> None:
    browser = await door.signed_in(state=state)
    assert (await browser.get(THINGS)).status_code == 401
    await refused(door, "unauthenticated")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET ended_at = now()",
        "UPDATE accounts SET state = 'suspended'",
        "UPDATE sessions SET expires_at = now() - interval '1 second'",
        "UPDATE sessions SET seen_at = now() - interval '31 minutes'",
    ],
)
async def test_a_session_that_is_over(door: Door, change: str) -> None:
    browser = await door.signed_in()
    await door.rows(change)
    assert (await browser.get(THINGS)).status_code == 401


async def test_a_revocation_counts_within_a_second_and_at_once_where_it_matters(door: Door) -> None:
    browser = await door.signed_in()
    assert (await browser.get(THINGS)).status_code == 200
    await door.rows("UPDATE sessions SET ended_at = now()")
    assert (await browser.get("/api/v1/echo/partner/nir")).status_code == 401
    assert (await browser.get(THINGS)).status_code == 401, "the look-up for the NIR renewed what is known"


async def test_a_demotion_counts_at_once_where_it_matters(door: Door) -> None:
    browser = await door.signed_in()
    assert (await browser.get(THINGS)).status_code == 200
    await door.rows("UPDATE assignments SET ended_at = now()")
    answer = await browser.get("/api/v1/echo/partner/nir")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-for-your-role")


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(AUDIENCES, AUDIENCES)))
async def test_audiences_do_not_mix(door: Door, mine: str, theirs: str) -> None:
    browser = await door.signed_in(mine, AUDIENCES[mine])
    answer = await browser.get(f"/api/v1/echo/{theirs}/things")
    if mine == theirs:
        assert answer.status_code == 200
        assert answer.json()["claims"]["audience"] == mine
    else:
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-for-your-role")
        await refused(door, "not-for-your-role")
        [row] = await door.journal()
        assert (row["sub"], row["role"]) == (str(browser.account), AUDIENCES[mine])


async def test_roles_of_a_route(door: Door) -> None:
    user = await door.signed_in(role="partner_user")
    admin = await door.signed_in(role="partner_admin")
    assert (await user.get("/api/v1/echo/partner/admin")).status_code == 403
    assert (await admin.get("/api/v1/echo/partner/admin")).status_code == 200


async def test_no_role_chosen(door: Door) -> None:
    browser = await door.signed_in(with_role=False)
    assert (await browser.get(THINGS)).status_code == 403


@pytest.mark.parametrize(
    ("stepped_up", "status"),
    [(None, 403), (timedelta(minutes=11), 403), (timedelta(minutes=9), 200), (timedelta(0), 200)],
)
async def test_step_up(door: Door, stepped_up: timedelta | None, status: int) -> None:
    browser = await door.signed_in(stepped_up=stepped_up)
    answer = await browser.get("/api/v1/echo/partner/secret")
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"] == "/problems/step-up-required"
        await refused(door, "step-up-required")


# What a browser says of where a request comes from, and whether a change may go on.
CSRF, ORIGIN, SITE = "X-CSRF", "Origin", "Sec-Fetch-Site"
OURS = "http://portail.test"
FROM = [
    ({CSRF: "1", ORIGIN: OURS, SITE: "same-origin"}, True),
    ({CSRF: "1", ORIGIN: OURS, SITE: ""}, True),
    ({CSRF: "1", ORIGIN: "", SITE: "same-origin"}, True),
    ({CSRF: "1", ORIGIN: "", SITE: ""}, False),
    ({CSRF: "", ORIGIN: OURS, SITE: "same-origin"}, False),
    ({CSRF: "0", ORIGIN: OURS, SITE: "same-origin"}, False),
    ({CSRF: "true", ORIGIN: OURS, SITE: "same-origin"}, False),
    ({CSRF: "1", ORIGIN: "http://evil.test", SITE: "cross-site"}, False),
    ({CSRF: "1", ORIGIN: "http://evil.test", SITE: ""}, False),
    ({CSRF: "1", ORIGIN: "http://evil.test", SITE: "same-origin"}, False),
    ({CSRF: "1", ORIGIN: OURS, SITE: "cross-site"}, False),
    ({CSRF: "1", ORIGIN: OURS, SITE: "same-site"}, False),
    ({CSRF: "1", ORIGIN: OURS, SITE: "none"}, False),
    ({CSRF: "1", ORIGIN: "http://sub.portail.test", SITE: ""}, False),
    ({CSRF: "1", ORIGIN: "http://portail.test.evil.test", SITE: ""}, False),
    ({CSRF: "1", ORIGIN: "https://portail.test", SITE: ""}, False),
    ({CSRF: "1", ORIGIN: "http://portail.test:8080", SITE: ""}, False),
    ({CSRF: "1", ORIGIN: "http://PORTAIL.test", SITE: ""}, False),
    ({CSRF: "1", ORIGIN: "null", SITE: ""}, False),
]


@pytest.mark.parametrize(("headers", "passes"), FROM)
async def test_a_change_comes_from_our_own_pages(door: Door, headers: dict[str, str], passes: bool) -> None:
    browser = await door.signed_in()
    answer = await browser.post(THINGS, {}, headers=headers)
    if passes:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site")
        await refused(door, "cross-site")


@pytest.mark.parametrize(("headers", "passes"), FROM)
async def test_signing_in_is_a_change_too(door: Door, headers: dict[str, str], passes: bool) -> None:
    sent = {name: value for name, value in headers.items() if value}
    answer = await door.http.post("/api/v1/gateway/anyone/sign-out", headers=sent)
    assert (answer.status_code == 403) is not passes


async def test_a_simple_form_of_another_site(door: Door) -> None:
    browser = await door.signed_in()
    answer = await door.http.post(
        THINGS, data={"a": "b"}, headers={"Cookie": f"__Host-sid={browser.cookie}", ORIGIN: "http://evil.test"}
    )
    assert answer.status_code == 403
    assert door.echo.seen == []


async def test_no_preflight_is_answered(door: Door) -> None:
    answer = await door.http.options(
        THINGS, headers={ORIGIN: "http://evil.test", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


NOWHERE = [
    "/api/v1/echo/partner/nothing",
    "/api/v1/echo/partner/things/",
    "/api/v1/echo/partner//things",
    "/api/v1/echo/partner/things/a/b",
    "/api/v1/echo/partner/things/%2e%2e/%2e%2e/agent/things",
    "/api/v1/echo/partner/things/..%2f..%2fagent%2fthings",
    "/api/v1/echo/partner/../agent/things",
    "/api/v1/echo/partner/./things",
    "/api/v1/echo/partner/thing%73",
    "/api/v1/echo/partner/things%00",
    "/api/v1/echo/partner/things;a=b",
    "/api/v1/echo/partner/things%20",
    "/api/v1/echo/PARTNER/things",
    "/api/v1/other/partner/things",
    "/api/v1/echo",
    "/api/v1",
    "/api/",
    "/internal/facts",
    "/internal/rights",
    "/internal/",
    "/api/v1/echo/internal/facts",
    "/api/v1/echo/partner/../../../../internal/facts",
    "/api/v1/echo/partner/things/..%2F..%2F..%2F..%2F..%2Finternal%2Ffacts",
    "//internal/facts",
    "/api/v1/echo/partner/things?state=\u00e9",
]


@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_is_not_in_the_table_does_not_exist(door: Door, method: str, path: str) -> None:
    """Sent raw: a client library would tidy the path up."""
    browser = await door.signed_in()
    status = await _raw_status(door, browser, method, path)
    assert status in {400, 404}
    assert door.echo.seen == []
    for row in await door.journal():
        assert row["route"] == "unmatched", "a path that is not ours may hold anything, so it is not written down"


async def _raw_status(door: Door, browser: Browser, method: str, path: str) -> int:
    host, _, port = door.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    request = (
        f"{method} {path} HTTP/1.1\r\nHost: portail.test\r\nCookie: __Host-sid={browser.cookie}\r\nX-CSRF: 1\r\n"
        f"Origin: {door.settings.origin}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    writer.write(request.encode("latin-1"))
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"])
async def test_another_method(door: Door, method: str) -> None:
    browser = await door.signed_in()
    answer = await browser.request(method, THINGS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    await refused(door, "method-not-allowed")


async def test_a_path_parameter_is_not_in_the_journal(door: Door) -> None:
    browser = await door.signed_in(caisse="311")
    thing = UUID(int=7)
    assert (await browser.get(f"{THINGS}/{thing}?q=Dupont")).status_code == 200
    [row] = await door.journal()
    assert row["route"] == f"{THINGS}/{{thing_id}}"
    assert "Dupont" not in str(row)
    assert str(thing) not in str(row)
    assert (row["sub"], row["role"], row["caisse"]) == (str(browser.account), "partner_user", "311")
    assert row["session_hash"] == browser.session_id.hex
    assert row["address"] == "127.0.0.0/24"
    assert str(row["txn"]) == door.echo.seen[0]["headers"]["x-request-id"]
