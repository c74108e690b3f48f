"""Where a request of sign-in comes from: enough to throttle and to recognise, never enough to follow."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from gateway_service.sealing import truncated_address

BROWSER_COOKIE: Final = "__Host-browser"
_BROWSERS: Final = (
    ("Edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/")),
    ("Firefox", re.compile(r"(Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"(Chrome|CriOS|Chromium)/")),
    ("Safari", re.compile(r"Safari/")),
)
_SYSTEMS: Final = (
    ("Android", re.compile("Android")),
    ("iPhone ou iPad", re.compile("iPhone|iPad")),
    ("Windows", re.compile("Windows")),
    ("Mac", re.compile("Mac OS X|Macintosh")),
    ("Linux", re.compile("Linux|X11")),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The IP address (whole, only to count attempts), the device in two words, the request id.

    `browser` is the cookie of a browser that claims to have been here before.
    """

    address: str
    device: str
    txn: str
    browser: str | None

    @property
    def network(self) -> str:
        """Return the address as journals and lists of sessions keep it."""
        return truncated_address(self.address)


async def caller_of(request: Request) -> Caller:
    """Read where a request comes from; the front has put the browser's own address in the scope."""
    return Caller(
        address=request.client.host if request.client else "",
        device=device_of(request.headers.get("user-agent", "")),
        txn=getattr(request.state, "txn", ""),
        browser=request.cookies.get(BROWSER_COOKIE),
    )


def device_of(user_agent: str) -> str:
    """Name browser and system as their owner would, nothing more precise."""
    browser = next((name for name, shape in _BROWSERS if shape.search(user_agent)), "Navigateur inconnu")
    system = next((name for name, shape in _SYSTEMS if shape.search(user_agent)), "système inconnu")
    return f"{browser}, {system}"


CurrentCaller = Annotated[Caller, Depends(caller_of)]
