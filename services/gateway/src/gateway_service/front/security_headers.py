"""Security headers of every answer, and the proof that a change comes from our own pages."""

import secrets
from collections.abc import Mapping
from typing import Final

from gateway_service.front.refusals import CrossSite

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Headers = list[tuple[bytes, bytes]]

_EVERYWHERE: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"x-frame-options", b"DENY"),
)
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_NO_STORE: Final = (b"cache-control", b"no-store")
_NOTHING: Final = (
    b"content-security-policy",
    b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
)
_PAGE: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)


class SecurityHeaders:
    """Adds to an answer the headers of its kind, in place of what came from behind."""

    def __init__(self, *, secure: bool) -> None:
        common = [*_EVERYWHERE, *([_HSTS] if secure else [])]
        self._api: Headers = [*common, _NO_STORE, _NOTHING]
        self._asset: Headers = [*common, _NOTHING]
        self._common = common
        self._ours = frozenset(name for name, _ in [*_EVERYWHERE, _HSTS, _NO_STORE, _NOTHING])

    def api(self, headers: Headers) -> Headers:
        """Return the headers of an answer of the API: never stored, nothing to run or show in it."""
        return [header for header in headers if header[0] not in self._ours] + self._api

    def asset(self, headers: Headers) -> Headers:
        """Return the headers of a file of the browser application; how long it is kept is its own affair."""
        return [*headers, *self._asset]

    def page(self, headers: Headers, nonce: str) -> Headers:
        """Return the headers of a page whose styles carry `nonce`."""
        policy = (b"content-security-policy", _PAGE.format(nonce=nonce).encode())
        return [*headers, *self._common, _NO_STORE, policy]


def new_nonce() -> str:
    """Return a nonce for one page."""
    return secrets.token_urlsafe(18)


def refuse_cross_site(method: str, headers: Mapping[bytes, bytes], origins: frozenset[str]) -> None:
    """Refuse a change unless a page of ours certainly sent it.

    The header `X-CSRF` cannot be sent across origins without a preflight, which nobody answers; what the
    browser says of the origin must agree, and it must say something.
    """
    if method in SAFE_METHODS:
        return
    site = headers.get(b"sec-fetch-site")
    origin = headers.get(b"origin")
    if headers.get(b"x-csrf") != b"1" or (site is None and origin is None):
        raise CrossSite
    if site is not None and site != b"same-origin":
        raise CrossSite
    if origin is not None and origin.decode("latin-1") not in origins:
        raise CrossSite
