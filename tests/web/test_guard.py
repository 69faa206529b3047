"""Every class of address the guard knows, and the nearest address beside it that it lets through."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from umbmarket.web.guard import (
    AddressBlocked,
    AddressGuard,
    AddressKind,
    is_odd_spelling,
    literal_address,
    refusal,
)

REFUSED = [
    ("0.0.0.0", AddressKind.UNSPECIFIED),
    ("0.255.255.255", AddressKind.UNSPECIFIED),
    ("10.0.0.0", AddressKind.PRIVATE),
    ("10.255.255.255", AddressKind.PRIVATE),
    ("100.64.0.0", AddressKind.PRIVATE),
    ("100.127.255.255", AddressKind.PRIVATE),
    ("127.0.0.1", AddressKind.LOOPBACK),
    ("127.255.255.255", AddressKind.LOOPBACK),
    ("169.254.0.1", AddressKind.LINK_LOCAL),
    ("169.254.169.254", AddressKind.METADATA),
    ("169.254.170.2", AddressKind.METADATA),
    ("169.254.170.23", AddressKind.METADATA),
    ("100.100.100.200", AddressKind.METADATA),
    ("168.63.129.16", AddressKind.METADATA),
    ("192.0.0.192", AddressKind.METADATA),
    ("172.16.0.0", AddressKind.PRIVATE),
    ("172.31.255.255", AddressKind.PRIVATE),
    ("192.0.0.1", AddressKind.RESERVED),
    ("192.0.2.1", AddressKind.RESERVED),
    ("192.88.99.1", AddressKind.RESERVED),
    ("192.168.0.0", AddressKind.PRIVATE),
    ("192.168.255.255", AddressKind.PRIVATE),
    ("198.18.0.0", AddressKind.RESERVED),
    ("198.19.255.255", AddressKind.RESERVED),
    ("198.51.100.7", AddressKind.RESERVED),
    ("203.0.113.7", AddressKind.RESERVED),
    ("224.0.0.1", AddressKind.MULTICAST),
    ("239.255.255.255", AddressKind.MULTICAST),
    ("240.0.0.0", AddressKind.RESERVED),
    ("255.255.255.255", AddressKind.RESERVED),
    ("::", AddressKind.UNSPECIFIED),
    ("::1", AddressKind.LOOPBACK),
    ("::7f00:1", AddressKind.RESERVED),  # IPv4-compatible, withdrawn
    ("::ffff:127.0.0.1", AddressKind.LOOPBACK),
    ("::ffff:10.1.2.3", AddressKind.PRIVATE),
    ("::ffff:169.254.169.254", AddressKind.METADATA),
    ("::ffff:0:127.0.0.1", AddressKind.RESERVED),  # SIIT
    ("64:ff9b::127.0.0.1", AddressKind.LOOPBACK),
    ("64:ff9b::a9fe:a9fe", AddressKind.METADATA),
    ("64:ff9b:1::1", AddressKind.PRIVATE),
    ("100::1", AddressKind.RESERVED),
    ("2001::1", AddressKind.RESERVED),  # Teredo
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", AddressKind.RESERVED),
    ("2001:2::1", AddressKind.RESERVED),
    ("2001:20::1", AddressKind.RESERVED),
    ("2001:1ff:ffff::1", AddressKind.RESERVED),
    ("2001:db8::1", AddressKind.RESERVED),
    ("2002:7f00:1::", AddressKind.LOOPBACK),  # 6to4
    ("2002:a00:1::1", AddressKind.PRIVATE),
    ("2002:a9fe:a9fe::1", AddressKind.METADATA),
    ("2606:4700::200:5efe:192.168.1.1", AddressKind.PRIVATE),  # ISATAP
    ("2606:4700::5efe:127.0.0.1", AddressKind.LOOPBACK),
    ("3fff::1", AddressKind.RESERVED),
    ("4000::1", AddressKind.RESERVED),
    ("5f00::1", AddressKind.RESERVED),
    ("fc00::1", AddressKind.PRIVATE),
    ("fdff:ffff::1", AddressKind.PRIVATE),
    ("fd00:ec2::254", AddressKind.METADATA),
    ("fd00:ec2::23", AddressKind.METADATA),
    ("fd20:ce::254", AddressKind.METADATA),
    ("fd00:c1::a9fe:a9fe", AddressKind.METADATA),
    ("fd00:42::42", AddressKind.METADATA),
    ("fe80::1", AddressKind.LINK_LOCAL),
    ("fe80::1%eth0", AddressKind.LINK_LOCAL),
    ("2606:4700::1111%eth0", AddressKind.LINK_LOCAL),
    ("fec0::1", AddressKind.PRIVATE),
    ("ff02::1", AddressKind.MULTICAST),
]

ALLOWED = [
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:93.184.216.34",
    "64:ff9b::93.184.216.34",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2002:5db8:d822::1",
    "2606:4700::1111",
    "2606:4700::200:5efe:93.184.216.34",
    "3ffe::1",
]


@pytest.mark.parametrize(("address", "kind"), REFUSED)
def test_refused_addresses(address: str, kind: AddressKind) -> None:
    assert refusal(ip_address(address)) is kind


@pytest.mark.parametrize("address", ALLOWED)
def test_public_addresses(address: str) -> None:
    assert refusal(ip_address(address)) is None


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_an_embedded_address_is_judged_as_itself(number: int) -> None:
    plain = refusal(IPv4Address(number))
    assert refusal(IPv6Address((0xFFFF << 32) | number)) is plain
    assert refusal(IPv6Address((0x0064FF9B << 96) | number)) is plain
    assert refusal(IPv6Address((0x2002 << 112) | (number << 80))) is plain


@given(st.ip_addresses(v=4))
@settings(max_examples=200)
def test_nothing_python_calls_private_gets_through(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert refusal(address) is not None


@given(st.ip_addresses(v=6))
@settings(max_examples=200)
def test_only_global_unicast_ipv6_gets_through(address: IPv6Address) -> None:
    if refusal(address) is None:
        assert address.ipv4_mapped is not None or address in _ALLOWED_BLOCKS


class _Blocks:
    def __contains__(self, address: IPv6Address) -> bool:
        return int(address) >> 125 == 1 or int(address) >> 32 == 0x0064FF9B << 64


_ALLOWED_BLOCKS = _Blocks()

ODD = [
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0X7F.0.0.1",
    "0x7f.1",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "127.0.0.01",
    "1.2.3.4.5",
    "1.2.3.256",
    "999999999999",
    "example.0x",
    "example.com.80",
]


@pytest.mark.parametrize("host", ODD)
def test_odd_spellings_are_seen_and_refused(host: str) -> None:
    assert is_odd_spelling(host)
    with pytest.raises(AddressBlocked) as blocked:
        AddressGuard().check_name(host, 80)
    assert blocked.value.kind is AddressKind.ODD_SPELLING
    assert blocked.value.detail == (f"'{host.lower()}' is an unusual form of an IP address, which hides where it leads")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "example.com", "1e100.net", "0x.org", "a1.b2", ""])
def test_usual_spellings_are_not_odd(host: str) -> None:
    assert not is_odd_spelling(host)


def test_a_literal_is_read_with_and_without_brackets() -> None:
    assert literal_address("[::1]") == IPv6Address("::1")
    assert literal_address("::1") == IPv6Address("::1")
    assert literal_address("10.0.0.1") == IPv4Address("10.0.0.1")
    assert literal_address("10.0.0.01") is None
    assert literal_address("example.com") is None


@pytest.mark.parametrize(
    ("host", "kind", "detail"),
    [
        ("127.0.0.1", AddressKind.LOOPBACK, "127.0.0.1 is a loopback address (this machine)"),
        ("127.0.0.1.", AddressKind.LOOPBACK, "127.0.0.1 is a loopback address (this machine)"),
        ("[::ffff:7f00:1]", AddressKind.LOOPBACK, "::ffff:7f00:1 is a loopback address (this machine)"),
        ("169.254.169.254", AddressKind.METADATA, "169.254.169.254 is a cloud metadata address"),
        ("localhost", AddressKind.LOOPBACK, "'localhost' is a loopback address (this machine)"),
        ("LOCALHOST.", AddressKind.LOOPBACK, "'localhost' is a loopback address (this machine)"),
        ("localhost..", AddressKind.LOOPBACK, "'localhost' is a loopback address (this machine)"),
        ("127.0.0.1..", AddressKind.LOOPBACK, "127.0.0.1 is a loopback address (this machine)"),
        (
            "localhost.localdomain",
            AddressKind.LOCAL_NAME,
            "'localhost.localdomain' ends in '.localdomain', which exists only in a local network",
        ),
        ("nas.home..", AddressKind.LOCAL_NAME, "'nas.home' ends in '.home', which exists only in a local network"),
        ("wiki.corp", AddressKind.LOCAL_NAME, "'wiki.corp' ends in '.corp', which exists only in a local network"),
        ("a.localhost", AddressKind.LOOPBACK, "'a.localhost' is a loopback address (this machine)"),
        (
            "intranet",
            AddressKind.LOCAL_NAME,
            "'intranet' is a name without a domain, which exists only in a local network",
        ),
        (
            "metadata.google.internal",
            AddressKind.LOCAL_NAME,
            "'metadata.google.internal' ends in '.internal', which exists only in a local network",
        ),
        (
            "printer.local",
            AddressKind.LOCAL_NAME,
            "'printer.local' ends in '.local', which exists only in a local network",
        ),
        (
            "nas.home.arpa",
            AddressKind.LOCAL_NAME,
            "'nas.home.arpa' ends in '.home.arpa', which exists only in a local network",
        ),
        ("nas.lan", AddressKind.LOCAL_NAME, "'nas.lan' ends in '.lan', which exists only in a local network"),
    ],
)
def test_what_a_name_alone_gives_away(host: str, kind: AddressKind, detail: str) -> None:
    with pytest.raises(AddressBlocked) as blocked:
        AddressGuard().check_name(host, 443)
    assert (blocked.value.kind, blocked.value.detail) == (kind, detail)


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "example.com.",
        "8.8.8.8",
        "8.8.8.8.",
        "home.com",
        "my-corp.example",
        "localdomain.org",
        "2606:4700::1111",
        "notlocalhost.com",
        "local.com",
    ],
)
def test_names_that_may_be_looked_up(host: str) -> None:
    AddressGuard().check_name(host, 443)


def test_one_bad_address_condemns_the_name() -> None:
    guard = AddressGuard()
    with pytest.raises(AddressBlocked) as blocked:
        guard.check_addresses("Evil.example.com", 80, ["93.184.216.34", "10.0.0.5"])
    assert blocked.value.detail == "'evil.example.com' resolves to 10.0.0.5, a private address"


def test_good_addresses_come_back_in_order_and_once() -> None:
    found = AddressGuard().check_addresses("a.com", 80, ["2606:4700::1", "93.184.216.34", "2606:4700::1"])
    assert found == ("2606:4700::1", "93.184.216.34")


def test_a_resolver_that_gives_no_address_is_not_believed() -> None:
    with pytest.raises(AddressBlocked) as blocked:
        AddressGuard().check_addresses("a.com", 80, ["0x7f000001"])
    assert blocked.value.kind is AddressKind.RESERVED


def test_trust_is_for_one_host_and_port() -> None:
    guard = AddressGuard(trusted=[("Feed.corp", 8080), ("127.0.0.1", 5000), ("::1", 5000)])
    guard.check_name("feed.CORP.", 8080)
    guard.check_name("127.0.0.1", 5000)
    guard.check_name("[::1]", 5000)
    assert guard.check_addresses("feed.corp", 8080, ["10.0.0.5"]) == ("10.0.0.5",)
    with pytest.raises(AddressBlocked):
        guard.check_addresses("feed.corp", 8081, ["10.0.0.5"])
    with pytest.raises(AddressBlocked):
        guard.check_name("127.0.0.1", 5001)


def test_allow_private_hosts_lifts_everything() -> None:
    guard = AddressGuard(allow_private_hosts=True)
    for host in ("localhost", "127.1", "169.254.169.254", "intranet"):
        guard.check_name(host, 80)
    assert guard.check_addresses("x", 80, ["127.0.0.1"]) == ("127.0.0.1",)


@given(st.text(max_size=40), st.integers(0, 65535))
@settings(max_examples=200)
@example("", 0)
@example(".", 1)
@example("[", 1)
@example("%", 1)
def test_no_host_text_raises_anything_else(host: str, port: int) -> None:
    with suppress(AddressBlocked):
        AddressGuard().check_name(host, port)
