"""Which addresses a document may make us connect to: only those of the public internet.

A listing, a readme or a feed names addresses, and on a build server a request to `http://169.254.169.254/`
or to `http://localhost:8080/` reaches what its author could not. The guard therefore judges the *address* a
name resolves to, not the name, and whoever connects must use the very address that was judged (see
`transport`).

The tables follow the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its successors, as
of 2025). They are written out here because Python's `ipaddress.is_global` changed its answers between 3.11
patch releases. IPv6 is judged by what is allowed: global unicast `2000::/3` without its special blocks,
plus those forms that carry an IPv4 address, which is judged in turn. A translation prefix chosen by a
network itself (RFC 6052, not `64:ff9b::/96`) cannot be recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

IPAddress = IPv4Address | IPv6Address


class AddressKind(Enum):
    """Why an address or a name is refused."""

    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    METADATA = "metadata"
    MULTICAST = "multicast"
    UNSPECIFIED = "unspecified"
    RESERVED = "reserved"
    ODD_SPELLING = "odd-spelling"
    LOCAL_NAME = "local-name"


_SAID = {
    AddressKind.LOOPBACK: "a loopback address (this machine)",
    AddressKind.PRIVATE: "a private address",
    AddressKind.LINK_LOCAL: "a link-local address",
    AddressKind.METADATA: "a cloud metadata address",
    AddressKind.MULTICAST: "a multicast address",
    AddressKind.UNSPECIFIED: "an unspecified address",
    AddressKind.RESERVED: "a reserved address",
}

# The services that hand out credentials to whoever asks from inside a cloud. Those in a private or link-local
# block would be refused anyway; Azure's lies in a public one.
_METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",  # AWS, Azure, Google, DigitalOcean, OpenStack
        "169.254.170.2",  # AWS ECS
        "169.254.170.23",  # AWS EKS
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure platform
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",  # AWS
        "fd00:ec2::23",  # AWS EKS
        "fd20:ce::254",  # Google
        "fd00:c1::a9fe:a9fe",  # Oracle
        "fd00:42::42",  # Scaleway
    )
)

_V4: tuple[tuple[IPv4Network, AddressKind], ...] = tuple(
    (IPv4Network(block), kind)
    for block, kind in (
        ("0.0.0.0/8", AddressKind.UNSPECIFIED),
        ("10.0.0.0/8", AddressKind.PRIVATE),
        ("100.64.0.0/10", AddressKind.PRIVATE),  # carrier-grade NAT
        ("127.0.0.0/8", AddressKind.LOOPBACK),
        ("169.254.0.0/16", AddressKind.LINK_LOCAL),
        ("172.16.0.0/12", AddressKind.PRIVATE),
        ("192.0.0.0/24", AddressKind.RESERVED),
        ("192.0.2.0/24", AddressKind.RESERVED),  # documentation
        ("192.88.99.0/24", AddressKind.RESERVED),  # 6to4 relays, withdrawn
        ("192.168.0.0/16", AddressKind.PRIVATE),
        ("198.18.0.0/15", AddressKind.RESERVED),  # benchmarks
        ("198.51.100.0/24", AddressKind.RESERVED),  # documentation
        ("203.0.113.0/24", AddressKind.RESERVED),  # documentation
        ("224.0.0.0/4", AddressKind.MULTICAST),
        ("240.0.0.0/4", AddressKind.RESERVED),  # with the broadcast address
    )
)

_V6: tuple[tuple[IPv6Network, AddressKind], ...] = tuple(
    (IPv6Network(block), kind)
    for block, kind in (
        ("::/128", AddressKind.UNSPECIFIED),
        ("::1/128", AddressKind.LOOPBACK),
        ("64:ff9b:1::/48", AddressKind.PRIVATE),  # translation inside one network
        ("fc00::/7", AddressKind.PRIVATE),
        ("fe80::/10", AddressKind.LINK_LOCAL),
        ("fec0::/10", AddressKind.PRIVATE),  # site-local, withdrawn
        ("ff00::/8", AddressKind.MULTICAST),
        ("2001::/23", AddressKind.RESERVED),  # Teredo, ORCHID, benchmarks
        ("2001:db8::/32", AddressKind.RESERVED),  # documentation
        ("3fff::/20", AddressKind.RESERVED),  # documentation
    )
)
_V6_GLOBAL = IPv6Network("2000::/3")
_V6_MAPPED = IPv6Network("::ffff:0:0/96")
_V6_NAT64 = IPv6Network("64:ff9b::/96")
_V6_6TO4 = IPv6Network("2002::/16")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # the middle of an ISATAP address, RFC 5214

# Names that no public server has: RFC 6761 (localhost), RFC 6762 (local), RFC 8375 (home.arpa), ICANN's
# reservation of 2024 (internal), those RFC 6762 appendix G lists as used in offices and homes, of which ICANN keeps
# corp and home back for good, and what the hosts files of Linux call this machine (localhost.localdomain).
_LOCAL_SUFFIXES = ("local", "internal", "home.arpa", "lan", "intranet", "private", "corp", "home", "localdomain")
_NUMERIC_LABEL = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)\Z")


class AddressBlocked(Exception):
    """The guard refuses a host.

    Attributes:
        kind: The class of address.
        detail: The reason in words, fit for a user.
    """

    def __init__(self, kind: AddressKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def refusal(address: IPAddress) -> AddressKind | None:
    """Judge one address.

    Args:
        address: An IPv4 or IPv6 address.

    Returns:
        Why it must not be connected to, or `None` when it is one of the public internet.
    """
    if address in _METADATA:
        return AddressKind.METADATA
    if isinstance(address, IPv4Address):
        return next((kind for block, kind in _V4 if address in block), None)
    if address.scope_id is not None:
        return AddressKind.LINK_LOCAL
    number = int(address)
    if address in _V6_MAPPED or address in _V6_NAT64:
        return refusal(IPv4Address(number & 0xFFFFFFFF))
    if address in _V6_6TO4:
        return refusal(IPv4Address((number >> 80) & 0xFFFFFFFF))
    for block, kind in _V6:
        if address in block:
            return kind
    if address not in _V6_GLOBAL:
        return AddressKind.RESERVED
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return refusal(IPv4Address(number & 0xFFFFFFFF))
    return None


def literal_address(host: str) -> IPAddress | None:
    """Read a host that is an address in its usual spelling.

    Args:
        host: The host of a URL, an IPv6 one with or without brackets.

    Returns:
        The address, or `None` when the host is a name or an address spelled oddly (`0x7f.1`, `2130706433`,
        `0177.0.0.1`, `127.1`).
    """
    try:
        return ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def is_this_machine(host: str) -> bool:
    """Tell whether a host is this machine by its spelling: `localhost`, or a loopback address.

    Args:
        host: The host of a URL, an IPv6 one with or without brackets.
    """
    address = literal_address(host)
    if address is None:
        return _plain(host) == "localhost"
    return refusal(address) is AddressKind.LOOPBACK


def is_odd_spelling(host: str) -> bool:
    """Tell whether a host is an IPv4 address in a spelling that only some readers understand.

    Args:
        host: The host of a URL.

    Returns:
        True when the last label is a number although the whole is no plain dotted quad. No public name ends
        in a number, and the WHATWG URL standard reads every such host as an address.
    """
    if literal_address(host) is not None:
        return False
    return _NUMERIC_LABEL.match(host.rpartition(".")[2]) is not None


class AddressGuard:
    """Decides for a host and for each address it resolves to.

    Args:
        allow_private_hosts: Lift the guard altogether (`--allow-private-hosts`).
        trusted: Pairs of host and port that users named themselves in an option or the environment, such as a
            feed inside the company: they may be anywhere. What they redirect to is judged as usual.
    """

    def __init__(self, *, allow_private_hosts: bool = False, trusted: Iterable[tuple[str, int]] = ()) -> None:
        self._open = allow_private_hosts
        self._trusted = frozenset((_plain(host), port) for host, port in trusted)

    def exempts(self, host: str, port: int) -> bool:
        """Tell whether the user vouches for this host and port."""
        return self._open or (_plain(host), port) in self._trusted

    def check_name(self, host: str, port: int) -> None:
        """Judge what can be judged without a look-up: literal addresses, odd spellings, local names.

        This is all the guard can do when a proxy makes the connection, because the proxy looks the name up.

        Args:
            host: The host of a URL.
            port: The port that would be connected to.

        Raises:
            AddressBlocked: When the host must not be contacted.
        """
        if self.exempts(host, port):
            return
        name = _plain(host)
        address = literal_address(name)
        if address is not None:
            kind = refusal(address)
            if kind is not None:
                raise AddressBlocked(kind, f"{name} is {_SAID[kind]}")
            return
        if is_odd_spelling(name):
            raise AddressBlocked(
                AddressKind.ODD_SPELLING,
                f"'{name}' is an unusual form of an IP address, which hides where it leads",
            )
        if name == "localhost" or name.endswith(".localhost"):
            raise AddressBlocked(AddressKind.LOOPBACK, f"'{name}' is {_SAID[AddressKind.LOOPBACK]}")
        if "." not in name:
            raise AddressBlocked(
                AddressKind.LOCAL_NAME,
                f"'{name}' is a name without a domain, which exists only in a local network",
            )
        for suffix in _LOCAL_SUFFIXES:
            if name.endswith("." + suffix):
                raise AddressBlocked(
                    AddressKind.LOCAL_NAME, f"'{name}' ends in '.{suffix}', which exists only in a local network"
                )

    def check_addresses(self, host: str, port: int, addresses: Iterable[str]) -> tuple[str, ...]:
        """Judge every address a name resolved to; one bad address condemns the name.

        Args:
            host: The name that was looked up.
            port: The port that would be connected to.
            addresses: What the look-up gave, as text.

        Returns:
            The addresses to connect to, in order and without repetition.

        Raises:
            AddressBlocked: When any of them must not be connected to, or is no address at all.
        """
        unique = tuple(dict.fromkeys(addresses))
        if self.exempts(host, port):
            return unique
        for text in unique:
            address = literal_address(text)
            kind = AddressKind.RESERVED if address is None else refusal(address)
            if kind is not None:
                raise AddressBlocked(kind, f"'{_plain(host)}' resolves to {text}, {_SAID[kind]}")
        return unique


def _plain(host: str) -> str:
    # Resolvers and proxies read a dot at the end as none, and some of them several.
    return host.lower().rstrip(".").removeprefix("[").removesuffix("]")
