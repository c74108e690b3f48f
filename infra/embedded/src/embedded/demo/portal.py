"""A browser's worth of HTTP: what a signed-in person sends through the gateway."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pyotp

T = TypeVar("T")
_LINK = re.compile(r"/invitation#([A-Za-z0-9_-]+)")
_COOKIE = "__Host-sid"


class Refused(RuntimeError):
    """The product refused what the demonstration asked: the demonstration is wrong, or the product is."""


class Portal:
    """One person's session; the cookie is carried by hand, since `Secure` cookies stay home over http."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30, headers={"Origin": url, "X-CSRF": "1"})
        self._sid = ""
        self.authenticator: pyotp.TOTP | None = None
        """What shows the codes of somebody who came for the first time here."""

    @property
    def cookie(self) -> dict[str, str]:
        """Return the header that carries the session, for requests sent by other means."""
        return {"Cookie": f"{_COOKIE}={self._sid}"} if self._sid else {}

    def _send(self, method: str, path: str, body: Any = None, if_match: int | None = None) -> httpx.Response:
        headers = dict(self.cookie)
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid4())
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        answer = self._http.request(method, f"/api/v1{path}", json=body, headers=headers)
        if answer.is_error:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        given = re.search(rf"{_COOKIE}=([^;]+)", answer.headers.get("set-cookie", ""))
        if given:
            self._sid = given[1]
        return answer

    def get(self, path: str) -> Any:
        """Read."""
        return self._send("GET", path).json()

    def post(self, path: str, body: Any = None, if_match: int | None = None) -> Any:
        """Act."""
        answer = self._send("POST", path, body, if_match)
        return answer.json() if answer.content else None

    def send_file(self, path: str, content: bytes) -> Any:
        """Send a file as it is."""
        headers = self.cookie | {"Idempotency-Key": str(uuid4()), "Content-Type": "application/octet-stream"}
        answer = self._http.post(f"/api/v1{path}", content=content, headers=headers)
        if answer.is_error:
            raise Refused(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    def put(self, path: str, body: Any, if_match: int) -> Any:
        """Replace."""
        return self._send("PUT", path, body, if_match).json()

    def put_document(self, url: str, content: bytes | Iterator[bytes], media_type: str) -> httpx.Response:
        """Send a file as it is, to the address that its announcement gave; return the answer, whatever it is."""
        headers = self.cookie | {"Content-Type": media_type}
        return self._http.put(url, content=content, headers=headers)

    def fetch(self, url: str) -> httpx.Response:
        """Get what stands at an address that the product gave; return the answer, whatever it is."""
        return self._http.get(url, headers=self.cookie)

    def copy(self) -> "Portal":
        """Return the same session on a connection of its own, for what goes on meanwhile."""
        other = Portal(str(self._http.base_url))
        other._sid = self._sid
        return other

    def close(self) -> None:
        """Let the connection go; the session stays."""
        self._http.close()

    def first_connection(self, token: str, password: str) -> None:
        """Accept an invitation: choose a password, enrol an authenticator, and be signed in."""
        self.post("/gateway/anyone/invitation/accept", {"token": token, "password": password})
        self.authenticator = pyotp.TOTP(self.post("/gateway/anyone/enrolment/totp/start")["secret"])
        self.post("/gateway/anyone/enrolment/totp/confirm", {"code": self.authenticator.now()})

    def sign_in(self, email: str, password: str, authenticator: pyotp.TOTP) -> None:
        """Come again, with the authenticator's next code: the present one may have been used."""
        self.post("/gateway/anyone/sign-in", {"email": email, "password": password})
        self.post("/gateway/anyone/sign-in/totp", {"code": authenticator.at(datetime.now(UTC), counter_offset=1)})


def invitation_to(outbox: Path, email: str) -> str:
    """Wait for the invitation's e-mail and return the token of its link."""

    def look() -> str | None:
        for path in outbox.glob("*.eml"):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            if message["To"] == email and body is not None and (link := _LINK.search(body.get_content())):
                return link[1]
        return None

    return eventually(look, f"no invitation arrived for {email}")


def eventually(look: Callable[[], T | None], otherwise: str, seconds: float = 30) -> T:
    """Return what `look` finds, looking again until it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found is not None:
            return found
        time.sleep(0.1)
    raise Refused(otherwise)
