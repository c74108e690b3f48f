"""Whose address a request comes from."""

from ipaddress import ip_network

import pytest

from gateway_service.addresses import AddressReader, journalled

OURS = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # not our proxy: what it says is worth nothing
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # what the browser wrote itself comes first
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_browser_s_own_address(peer: str, forwarded: str, address: str) -> None:
    scope = {"client": (peer, 1) if peer else None}
    assert AddressReader(OURS).of(scope, {b"x-forwarded-for": forwarded.encode()}) == address


def test_no_proxy_is_trusted_unless_named() -> None:
    scope = {"client": ("10.0.0.1", 1)}
    assert AddressReader([]).of(scope, {b"x-forwarded-for": b"198.51.100.1"}) == "10.0.0.1"


def test_the_journal_keeps_a_network() -> None:
    assert journalled("198.51.100.77") == "198.51.100.0/24"
    assert journalled("2001:db8:1:2:3::4") == "2001:db8:1::/48"
    assert journalled("") == "unknown"
