"""The referrals service beside the gateway, for what the gateway adds: same code, same database, keys of our own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from embedded.demo.portal import eventually
from embedded.postgres import free_port
from embedded.system import System
from servicekit.testing import ISSUER, JWKS


@contextmanager
def second_referrals(system: System) -> Iterator[str]:
    """Serve a second referrals process whose tokens the bench can sign; yield its address."""
    port = free_port()
    own = {"ALLER_JWKS": JWKS, "ALLER_ISSUER": ISSUER, "ALLER_PORT": str(port), "ALLER_ENVIRONMENT": "test"}
    environment = os.environ | system.environment_of("referrals") | own
    command = [sys.executable, "-m", "servicekit", "serve", "referrals_service"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            eventually(lambda: _ready(url), "the second referrals did not start", seconds=60)
            yield url
        finally:
            process.terminate()


def _ready(url: str) -> bool | None:
    try:
        return True if httpx.get(f"{url}/readyz").is_success else None
    except httpx.TransportError:
        return None
