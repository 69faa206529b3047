"""The address guard at work: what is connected to, seen from the sockets and not from the code."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from umbmarket.web.client import Http
from umbmarket.web.guard import AddressKind
from umbmarket.web.outcomes import Blocked, Delivery, Fetched, Outcome, Trouble, Unreachable
from umbmarket.web.retry import NO_RETRY, RetryPolicy

PUBLIC = "93.184.216.34"


def blocked(outcome: Outcome) -> Blocked:
    assert isinstance(outcome, Blocked)
    return outcome


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("127.0.0.1", AddressKind.LOOPBACK),
        ("[::1]", AddressKind.LOOPBACK),
        ("[::ffff:127.0.0.1]", AddressKind.LOOPBACK),
        ("[64:ff9b::7f00:1]", AddressKind.LOOPBACK),
        ("[2002:7f00:1::]", AddressKind.LOOPBACK),
        ("0.0.0.0", AddressKind.UNSPECIFIED),
        ("[::]", AddressKind.UNSPECIFIED),
        ("10.0.0.1", AddressKind.PRIVATE),
        ("192.168.1.1", AddressKind.PRIVATE),
        ("172.16.0.1", AddressKind.PRIVATE),
        ("100.64.0.1", AddressKind.PRIVATE),
        ("[fd12::1]", AddressKind.PRIVATE),
        ("169.254.1.1", AddressKind.LINK_LOCAL),
        ("[fe80::1]", AddressKind.LINK_LOCAL),
        ("[fe80::1%25eth0]", AddressKind.LINK_LOCAL),
        ("169.254.169.254", AddressKind.METADATA),
        ("[fd00:ec2::254]", AddressKind.METADATA),
        ("168.63.129.16", AddressKind.METADATA),
        ("224.0.0.1", AddressKind.MULTICAST),
        ("[ff02::1]", AddressKind.MULTICAST),
        ("255.255.255.255", AddressKind.RESERVED),
        ("[2001:db8::1]", AddressKind.RESERVED),
        ("2130706433", AddressKind.ODD_SPELLING),
        ("0x7f.1", AddressKind.ODD_SPELLING),
        ("0x7f.0.0.1", AddressKind.ODD_SPELLING),
        ("localhost", AddressKind.LOOPBACK),
        ("metadata.google.internal", AddressKind.LOCAL_NAME),
        ("intranet", AddressKind.LOCAL_NAME),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_socket_is_opened(fence: Any, names: Callable[..., Any], scheme: str, host: str, kind: AddressKind) -> None:
    resolver = names({})
    with Http(resolver=resolver) as http:
        outcome = blocked(http.get(f"{scheme}://{host}:8080/x"))
    assert (outcome.kind, outcome.delivery, outcome.tries) == (kind, Delivery.NOT_SENT, 1)
    assert fence.attempts == []
    assert resolver.asked == []


@pytest.mark.parametrize(
    ("addresses", "kind", "shown"),
    [
        (["127.0.0.1"], AddressKind.LOOPBACK, "127.0.0.1, a loopback address (this machine)"),
        (["10.1.2.3"], AddressKind.PRIVATE, "10.1.2.3, a private address"),
        (["169.254.169.254"], AddressKind.METADATA, "169.254.169.254, a cloud metadata address"),
        (["fe80::1%2"], AddressKind.LINK_LOCAL, "fe80::1%2, a link-local address"),
        (["::ffff:192.168.0.1"], AddressKind.PRIVATE, "::ffff:192.168.0.1, a private address"),
        ([PUBLIC, "127.0.0.1"], AddressKind.LOOPBACK, "127.0.0.1, a loopback address (this machine)"),
    ],
)
def test_names_that_resolve_inwards(
    fence: Any, names: Callable[..., Any], addresses: list[str], kind: AddressKind, shown: str
) -> None:
    with Http(resolver=names({"pictures.example": [addresses]})) as http:
        outcome = blocked(http.get("http://pictures.example/a.png"))
    assert outcome.kind is kind
    assert outcome.detail == f"'pictures.example' resolves to {shown}"
    assert outcome.describe() == (
        f"http://pictures.example/a.png was not fetched: 'pictures.example' resolves to {shown}. "
        "--allow-private-hosts allows it."
    )
    assert fence.attempts == []


def test_allow_private_hosts_lets_the_same_request_through(
    serve: Callable[..., Any], names: Callable[..., Any]
) -> None:
    server = serve(lambda request: (200, {}, b"inside"))
    url = server.url("/", "pictures.example")
    with Http(resolver=names({"pictures.example": [["127.0.0.1"]]})) as http:
        assert blocked(http.get(url)).kind is AddressKind.LOOPBACK
    assert server.requests == []
    with Http(resolver=names({"pictures.example": [["127.0.0.1"]]}), allow_private_hosts=True) as http:
        assert isinstance(http.get(url), Fetched)
    assert server.requests[0].headers["host"] == f"pictures.example:{server.port}"


def test_the_connection_goes_to_the_address_that_was_judged(fence: Any, names: Callable[..., Any]) -> None:
    """Rebinding: the second look-up would give an address inside, and there is no second look-up."""
    resolver = names({"rebind.example": [[PUBLIC], ["127.0.0.1"]]})
    with Http(resolver=resolver) as http:
        outcome = http.get("http://rebind.example/", retry=NO_RETRY)
    assert isinstance(outcome, Unreachable)
    assert outcome.trouble is Trouble.NO_CONNECTION
    assert fence.attempts == [PUBLIC]
    assert resolver.asked == [("rebind.example", 80)]


def test_every_new_connection_is_judged_anew(fence: Any, names: Callable[..., Any], serve: Callable[..., Any]) -> None:
    """Rebinding between two tries: the second try looks up again, and is refused."""
    server = serve(lambda request: (200, {}, b"secret of this machine"))
    resolver = names({"rebind.example": [[PUBLIC], ["127.0.0.1"]]})
    with Http(resolver=resolver, sleep=lambda seconds: None) as http:
        outcome = blocked(http.get(server.url("/", "rebind.example"), retry=RetryPolicy(tries=5)))
    assert (outcome.kind, outcome.tries) == (AddressKind.LOOPBACK, 2)
    assert fence.attempts == [PUBLIC]
    assert server.requests == []


def test_a_kept_connection_is_one_that_was_judged(serve: Callable[..., Any], names: Callable[..., Any]) -> None:
    """A name that turns inwards while a connection is kept gains nothing: the kept one is used, or a new one judged."""
    server = serve(lambda request: (200, {}, b"ok"))
    url = server.url("/", "feed.example")
    resolver = names({"feed.example": [["127.0.0.1"], ["10.0.0.1"]]})
    with Http(resolver=resolver, trusted_urls=[url]) as http:
        assert isinstance(http.get(url), Fetched)
        assert isinstance(http.get(url), Fetched)
    assert (server.connections, len(resolver.asked)) == (1, 1)


def test_tls_keeps_the_name_while_the_address_is_used(
    serve: Callable[..., Any],
    names: Callable[..., Any],
    authority: Path,
    monkeypatch: pytest.MonkeyPatch,
    fence: Any,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    server = serve(lambda request: (200, {}, b"ok"), tls=True)
    url = server.url("/", "feed.example.test")
    with Http(resolver=names({"feed.example.test": [["127.0.0.1"]]}), trusted_urls=[url]) as http:
        assert isinstance(http.get(url), Fetched)
    assert fence.attempts == ["127.0.0.1"]
    assert server.requests[0].headers["host"] == f"feed.example.test:{server.port}"


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("http://127.0.0.1:1/", AddressKind.LOOPBACK),
        ("http://localhost/", AddressKind.LOOPBACK),
        ("http://2130706433/", AddressKind.ODD_SPELLING),
        ("http://169.254.169.254/latest/meta-data/", AddressKind.METADATA),
        ("//10.0.0.1/", AddressKind.PRIVATE),
        ("http://inside.example/", AddressKind.PRIVATE),
        ("https://[::ffff:10.0.0.1]/", AddressKind.PRIVATE),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_judged(
    serve: Callable[..., Any],
    names: Callable[..., Any],
    fence: Any,
    target: str,
    kind: AddressKind,
    status: int,
) -> None:
    server = serve(lambda request: (status, {"Location": target}, b""))
    start = server.url("/start", "feed.example")
    resolver = names({"feed.example": [["127.0.0.1"]], "inside.example": [["10.0.0.9"]]})
    with Http(resolver=resolver, trusted_urls=[start]) as http:
        outcome = blocked(http.get(start))
    assert (outcome.kind, outcome.delivery) == (kind, Delivery.ANSWERED)
    assert outcome.url == start
    assert outcome.blocked_url.rstrip("/") == ("http:" + target if target.startswith("//") else target).rstrip("/")
    assert fence.attempts == ["127.0.0.1"]


def test_a_redirect_to_the_trusted_port_itself_is_followed(serve: Callable[..., Any]) -> None:
    server = serve(lambda request: (302, {"Location": "/b"}, b"") if request.path == "/a" else (200, {}, b"b"))
    with Http(trusted_urls=[server.url()]) as http:
        assert isinstance(http.get(server.url("/a")), Fetched)


def test_a_redirect_from_a_trusted_host_to_its_neighbour_port_is_not(serve: Callable[..., Any]) -> None:
    inside = serve(lambda request: (200, {}, b"secret"))
    server = serve(lambda request: (302, {"Location": inside.url()}, b""))
    with Http(trusted_urls=[server.url()]) as http:
        assert blocked(http.get(server.url())).kind is AddressKind.LOOPBACK
    assert inside.requests == []


def test_behind_a_proxy_names_are_the_proxy_s_affair_and_literals_are_not(
    serve: Callable[..., Any], names: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda request: (200, {}, b"from the proxy"))
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    monkeypatch.setenv("HTTPS_PROXY", proxy.url())
    resolver = names({})
    with Http(resolver=resolver) as http:
        assert isinstance(http.get("http://pictures.example/a.png"), Fetched)
        for url, kind in [
            ("http://127.0.0.1/", AddressKind.LOOPBACK),
            ("https://127.0.0.1/", AddressKind.LOOPBACK),
            ("http://0x7f000001/", AddressKind.ODD_SPELLING),
            ("http://localhost:8080/", AddressKind.LOOPBACK),
            ("http://169.254.169.254/", AddressKind.METADATA),
            ("http://[fd00:ec2::254]/", AddressKind.METADATA),
            ("https://intranet/", AddressKind.LOCAL_NAME),
        ]:
            assert blocked(http.get(url)).kind is kind
    assert [request.target for request in proxy.requests] == ["http://pictures.example/a.png"]
    assert resolver.asked == []


def test_behind_a_proxy_redirects_are_judged_too(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(lambda request: (302, {"Location": "http://10.0.0.1/"}, b""))
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    with Http() as http:
        assert blocked(http.get("http://pictures.example/")).kind is AddressKind.PRIVATE
    assert len(proxy.requests) == 1


def test_the_fence_of_these_tests_holds() -> None:
    with pytest.raises(OSError, match="loopback interface only"):
        socket.create_connection((PUBLIC, 80), timeout=1)
    with pytest.raises(socket.gaierror, match="look up no names"):
        socket.getaddrinfo("example.com", 80)
