"""Where a request comes from, through the proxies that are ours and no others."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

from gateway_service.sealing import truncated_address

Network = IPv4Network | IPv6Network


class AddressReader:
    """Finds the browser's own address; `X-Forwarded-For` counts only as far as our proxies wrote it."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)

    def of(self, scope: Scope, headers: Mapping[bytes, bytes]) -> str:
        """Return the address, empty when the server knows none."""
        client = scope.get("client")
        peer: str = client[0] if client else ""
        if not self._trusted or not self._ours(peer):
            return peer
        for hop in reversed(headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
            if _parsed(hop.strip()) is None:
                return peer
            if not self._ours(hop.strip()):
                return hop.strip()
        return peer

    def _ours(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._trusted)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def journalled(address: str) -> str:
    """Return the address as journals keep it."""
    return truncated_address(address)
