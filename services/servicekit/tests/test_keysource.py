"""Public keys are fetched from the gateway, follow its rotation and outlive its absence."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from servicekit import keysource
from servicekit.keysource import RemoteKeys, key_source

from .forging import KEY, OTHER_KEY


class Gateway:
    """A real HTTP server whose answer the test decides."""

    def __init__(self) -> None:
        self.status = 200
        self.body: bytes = b""
        self.asked = 0
        self.publish(KEY)
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gateway.asked += 1
                self.send_response(gateway.status)
                self.send_header("Content-Length", str(len(gateway.body)))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(gateway.body)

            def log_message(self, *_: Any) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/.well-known/jwks.json"

    def publish(self, *keys: Any) -> None:
        self.body = json.dumps({"keys": [dict(key.public_jwk) for key in keys]}).encode()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    it = Gateway()
    thread = threading.Thread(target=it.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield it
    it.server.shutdown()
    it.server.server_close()
    thread.join()


async def test_fetched_once_then_kept(gateway: Gateway) -> None:
    source = key_source(gateway.url)
    for _ in range(5):
        assert await source.find(KEY.kid) is not None
    assert gateway.asked == 1


async def test_a_new_name_is_asked_for_at_once_but_not_at_every_request(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = RemoteKeys(gateway.url)
    assert await source.find(KEY.kid) is not None
    gateway.publish(KEY, OTHER_KEY)
    assert await source.find(OTHER_KEY.kid) is None, "asked less than five seconds ago"
    monkeypatch.setattr(keysource, "RETRY_SECONDS", 0)
    assert await source.find(OTHER_KEY.kid) is not None
    assert gateway.asked == 2


async def test_a_flood_of_unknown_names_asks_once(gateway: Gateway) -> None:
    source = RemoteKeys(gateway.url)
    for index in range(200):
        assert await source.find(f"unknown-{index}") is None
    assert gateway.asked == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys": []}'),
        (200, b'{"keys": [{"kty": "oct", "k": "AA", "kid": "a"}]}'),
        (200, b'{"keys": [' + b" " * 70_000 + b"]}"),
    ],
)
async def test_the_last_good_keys_outlive_a_bad_answer(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes
) -> None:
    source = RemoteKeys(gateway.url)
    assert await source.find(KEY.kid) is not None
    monkeypatch.setattr(keysource, "RETRY_SECONDS", -1)
    monkeypatch.setattr(keysource, "FRESH_SECONDS", -1)
    gateway.status, gateway.body = status, body
    assert await source.find(KEY.kid) is not None
    assert gateway.asked == 2


async def test_the_last_good_keys_outlive_the_gateway(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    source = RemoteKeys(gateway.url)
    assert await source.find(KEY.kid) is not None
    monkeypatch.setattr(keysource, "RETRY_SECONDS", -1)
    monkeypatch.setattr(keysource, "FRESH_SECONDS", -1)
    gateway.server.shutdown()
    gateway.server.socket.close()
    assert await source.find(KEY.kid) is not None


async def test_a_withdrawn_key_is_forgotten_when_the_kept_ones_are_stale(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = RemoteKeys(gateway.url)
    assert await source.find(KEY.kid) is not None
    gateway.publish(OTHER_KEY)
    monkeypatch.setattr(keysource, "RETRY_SECONDS", -1)
    monkeypatch.setattr(keysource, "FRESH_SECONDS", -1)
    assert await source.find(KEY.kid) is None


async def test_inline_keys() -> None:
    source = key_source(json.dumps({"keys": [dict(KEY.public_jwk)]}))
    assert await source.find(KEY.kid) is not None
    assert await source.find(OTHER_KEY.kid) is None
