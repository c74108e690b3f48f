"""The keys that sign in these tests: pytest's own, and that of the processes which tests start and kill."""

from servicekit import testing, tokens
from servicekit.testing import a_service, a_token

PROCESS_KEY = tokens.generate_jwk()
KNOWN_KEYS = [testing.SIGNING_KEY.public_jwk, tokens.load_signing_key(PROCESS_KEY).public_jwk]


async def listener_token(audience: str, purpose: str) -> str:
    """Return the token that the gateway would give the listener."""
    return a_token(a_service("listener"), audience.removeprefix("svc-"), purpose)
