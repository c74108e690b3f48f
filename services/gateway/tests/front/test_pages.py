"""Security headers on everything, the browser application, the documentation, the health of the gateway."""

import gzip
import re
from html.parser import HTMLParser

import httpx
import pytest

from gateway_service.front.security_headers import SecurityHeaders

from .door import Door

HTML = {"Accept": "text/html,application/xhtml+xml"}
SCRIPT = "/assets/index-Ab12Cd34.js"

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
PLACES = [
    ("GET", "/"),
    ("GET", SCRIPT),
    ("GET", "/favicon.svg"),
    ("GET", "/assets/nothing.js"),
    ("GET", "/api/v1/echo/partner/things"),
    ("POST", "/api/v1/echo/partner/things"),
    ("GET", "/api/v1/gateway/anyone/session"),
    ("GET", "/api/docs"),
    ("GET", "/.well-known/jwks.json"),
    ("POST", "/oauth/token"),
    ("GET", "/livez"),
    ("GET", "/metrics"),
    ("GET", "/internal/facts"),
]


@pytest.mark.parametrize(("method", "path"), PLACES)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_security_headers_are_everywhere(door: Door, method: str, path: str, accept: str) -> None:
    answer = await door.http.request(method, path, headers={"Accept": accept})
    for name, value in EVERYWHERE.items():
        assert answer.headers.get_list(name) == [value]
    [policy] = answer.headers.get_list("content-security-policy")
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert len(answer.headers.get_list("cache-control")) == 1
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "server" not in answer.headers
    if path.startswith(("/api/", "/oauth/", "/internal/")):
        assert answer.headers["cache-control"] == "no-store"


def test_hsts_once_browsers_come_over_tls() -> None:
    secured, plain = SecurityHeaders(secure=True), SecurityHeaders(secure=False)
    hsts = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
    for kind in ("api", "asset"):
        assert hsts in getattr(secured, kind)([])
        assert hsts not in getattr(plain, kind)([])
    assert hsts in secured.page([], "nonce")


async def test_the_page_and_its_nonce(door: Door) -> None:
    first, second = [await door.http.get("/demandes/nouvelle", headers=HTML) for _ in range(2)]
    nonces = []
    for page in (first, second):
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-store"
        policy = page.headers["content-security-policy"]
        nonce = re.search(r"style-src 'self' 'nonce-([\w-]{24})'", policy)
        assert nonce is not None
        assert page.text.count(nonce[1]) == 2
        assert "__CSP_NONCE__" not in page.text
        assert "script-src 'self';" in policy
        assert "connect-src 'self';" in policy
        nonces.append(nonce[1])
    assert nonces[0] != nonces[1]


async def test_a_path_that_did_not_ask_for_a_page(door: Door) -> None:
    answer = await door.http.get("/demandes/nouvelle", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/assets/missing.js", "/assets/", "/assets/../index.html", "/assets/..%2findex.html", "/%2e%2e/etc/passwd"]
)
async def test_a_missing_asset_is_not_a_page(door: Door, path: str) -> None:
    answer = await door.http.request("GET", httpx.URL(door.url + path), headers=HTML)
    assert answer.status_code == 404 or "csp-nonce" in answer.text
    assert "root:" not in answer.text
    if path.startswith("/assets/") and ".." not in path:
        assert answer.status_code == 404


async def test_an_asset(door: Door) -> None:
    answer = await door.http.get(SCRIPT, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) < 200
    plain = await door.http.get(SCRIPT, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    assert len(gzip.compress(plain.content)) < len(plain.content)
    again = await door.http.get(SCRIPT, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await door.http.head(SCRIPT)
    assert (head.status_code, head.content) == (200, b"")


async def test_a_file_without_a_hash_is_asked_again(door: Door) -> None:
    answer = await door.http.get("/favicon.svg")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "image/svg+xml; charset=utf-8",
        "no-cache",
    )


async def test_documentation_is_behind_sign_in(door: Door) -> None:
    page = await door.http.get("/api/docs", headers=HTML)
    assert (page.status_code, page.headers["location"]) == (303, "/")
    assert (await door.http.get("/api/docs")).status_code == 401
    assert (await door.http.get("/api/v1/gateway/me/openapi/echo.json")).status_code == 401


class _Outline(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_the_documentation_shows_the_access_of_every_route(door: Door) -> None:
    browser = await door.signed_in()
    answer = await browser.get("/api/docs", headers=HTML)
    assert answer.status_code == 200
    page = _Outline(answer.text)
    table = door.app.state.table
    for route in table.routes:
        assert f"{route.method} {route.template}" in page.text
        assert route.access.purpose in page.text
    assert "/internal/" not in page.text
    assert "partner_admin" in page.text
    assert "NIR" in page.text
    assert "à confirmer depuis moins de dix minutes" in page.text
    assert len([tag for tag, _ in page.tags if tag == "article"]) == len(table.routes)


async def test_the_documentation_page_stands_alone_and_is_accessible(door: Door) -> None:
    browser = await door.signed_in()
    answer = await browser.get("/api/docs", headers=HTML)
    page = _Outline(answer.text)
    tags = [tag for tag, _ in page.tags]
    assert {"script", "link", "img", "iframe"}.isdisjoint(tags)
    assert all(not (attributes.get("href") or "").startswith("http") for _, attributes in page.tags)
    assert not [attributes for _, attributes in page.tags if "style" in attributes or "onclick" in attributes]
    [style] = [attributes for tag, attributes in page.tags if tag == "style"]
    assert f"'nonce-{style['nonce']}'" in answer.headers["content-security-policy"]
    assert dict(page.tags)["html"] == {"lang": "fr"}
    assert tags.count("h1") == tags.count("main") == 1
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    targets = {
        (attributes.get("href") or "")[1:]
        for _, attributes in page.tags
        if (attributes.get("href") or "").startswith("#")
    }
    assert targets <= set(identifiers)
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")


async def test_a_contract_for_whoever_is_signed_in(door: Door) -> None:
    browser = await door.signed_in()
    answer = await browser.get("/api/v1/gateway/me/openapi/echo.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Écho"
    assert not [path for path in answer.json()["paths"] if path.startswith("/internal/")]
    assert (await browser.get("/api/v1/gateway/me/openapi/nothing.json")).status_code == 404
    own = (await browser.get("/api/v1/gateway/me/openapi/gateway.json")).json()
    assert "/api/v1/gateway/anyone/sign-in" in own["paths"]


async def test_health(door: Door) -> None:
    assert (await door.http.get("/livez")).json() == {"status": "alive"}
    assert (await door.http.get("/readyz")).json() == {"status": "ready", "troubles": []}
    assert (await door.http.get("/metrics")).status_code == 401


async def test_somebody_without_a_role_reaches_the_own_account(door: Door) -> None:
    browser = await door.signed_in(with_role=False)
    assert (await browser.get("/api/v1/gateway/me/openapi/echo.json")).status_code == 200
    assert (await browser.get("/api/v1/gateway/me/sessions")).status_code == 200
