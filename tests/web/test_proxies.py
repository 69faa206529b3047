from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loopback import Request
from umbmarket.web.client import Http
from umbmarket.web.outcomes import Delivery, Fetched, HttpFailure, Trouble, Unreachable
from umbmarket.web.proxies import _no_proxy_pattern, environment_mounts
from umbmarket.web.retry import NO_RETRY


class Marked(httpx.BaseTransport):
    def __init__(self, proxy: str) -> None:
        self.proxy = proxy


def mounts(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, str | None]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = environment_mounts(Marked)
    return {pattern: transport.proxy if isinstance(transport, Marked) else None for pattern, transport in found.items()}


def test_no_settings_no_mounts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mounts(monkeypatch) == {}
    assert mounts(monkeypatch, NO_PROXY="a.com") == {}


def test_settings_become_mounts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mounts(
        monkeypatch,
        HTTP_PROXY="proxy:3128",
        HTTPS_PROXY="http://u:p@proxy:3129",
        ALL_PROXY="socks5://proxy:1080",
        NO_PROXY="corp.example, .dot.example,*.star.example,localhost,10.0.0.1,[::1],::2,h:8080,http://x.example,,bad host,http://",
    ) == {
        "http://": "http://proxy:3128",
        "https://": "http://u:p@proxy:3129",
        "all://": "socks5://proxy:1080",
        "all://*corp.example": None,
        "all://*.dot.example": None,
        "all://*.star.example": None,
        "all://localhost": None,
        "all://10.0.0.1": None,
        "all://[::1]": None,
        "all://[::2]": None,
        "all://*h:8080": None,
        "http://x.example": None,
        "all://*bad host": None,
    }


def test_a_star_switches_proxies_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mounts(monkeypatch, HTTP_PROXY="proxy:3128", NO_PROXY="a.com,*") == {}


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
@settings(max_examples=150)
def test_no_entry_keeps_the_client_from_starting(entry: str) -> None:
    pattern = _no_proxy_pattern(entry.strip())
    if pattern is not None:
        httpx.Client(mounts={pattern: None}, transport=Marked("x")).close()


@pytest.fixture
def proxy(serve: Callable[..., Any]) -> Any:
    """A proxy that forwards http itself and tunnels https to where the request says."""

    def answer(request: Any) -> Any:
        if request.method != "CONNECT":
            return 200, {}, b"forwarded"
        host, _, port = request.target.rpartition(":")
        assert host == "feed.example.test"

        def tunnel(client: socket.socket) -> None:
            with socket.create_connection(("127.0.0.1", int(port))) as target:
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                back = threading.Thread(target=pump, args=(target, client))
                back.start()
                pump(client, target)
                back.join()

        return tunnel

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    return serve(answer)


def test_http_goes_through_the_proxy(proxy: Any, monkeypatch: pytest.MonkeyPatch, names: Callable[..., Any]) -> None:
    monkeypatch.setenv("http_proxy", f"http://me:pw@{proxy.host}")
    resolver = names({})
    with Http(resolver=resolver) as http:
        answer = http.get("http://pictures.example/a.png?x=1")
    assert isinstance(answer, Fetched)
    assert answer.body == b"forwarded"
    (request,) = proxy.requests
    assert (request.target, request.headers["host"]) == (
        "http://pictures.example/a.png?x=1",
        "pictures.example",
    )
    assert request.headers["proxy-authorization"] == "Basic bWU6cHc="
    assert resolver.asked == []


def test_https_is_tunnelled_and_checked(
    proxy: Any, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, authority: Path
) -> None:
    server = serve(lambda request: (200, {}, b"end to end"), tls=True)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url())
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with Http() as http:
        answer = http.get(server.url("/", "feed.example.test"))
    assert isinstance(answer, Fetched)
    assert answer.body == b"end to end"
    assert [request.method for request in proxy.requests] == ["CONNECT"]


def test_no_proxy_is_honoured(proxy: Any, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(lambda request: (200, {}, b"direct"))
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Http(allow_private_hosts=True) as http:
        answer = http.get(server.url())
    assert isinstance(answer, Fetched)
    assert answer.body == b"direct"


def test_the_environment_can_be_left_out(
    proxy: Any, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda request: (200, {}, b"direct"))
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    with Http(allow_private_hosts=True, trust_environment=False) as http:
        answer = http.get(server.url())
    assert isinstance(answer, Fetched)
    assert answer.body == b"direct"


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        (
            "socks5://me:secret@127.0.0.1:1",
            "the proxy in the environment is a SOCKS proxy, which needs the package 'httpx[socks]'",
        ),
        (
            "gopher://me:secret@127.0.0.1:1",
            "the proxy in the environment is not a valid URL",
        ),
        ("http://me:secret@[::1", "the proxy in the environment is not a valid URL"),
    ],
)
def test_unusable_proxies_are_an_outcome(monkeypatch: pytest.MonkeyPatch, address: str, detail: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", address)
    with Http() as http:
        outcome = http.get("http://pictures.example/")
    assert isinstance(outcome, Unreachable)
    assert (outcome.trouble, outcome.delivery, outcome.detail) == (Trouble.PROXY, Delivery.NOT_SENT, detail)


def test_an_unusable_proxy_does_no_harm_where_it_is_not_used(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda request: (200, {}, b"direct"))
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Http(allow_private_hosts=True) as http:
        assert isinstance(http.get(server.url()), Fetched)


def test_a_proxy_that_says_no(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(lambda request: (407, {}, b""))
    monkeypatch.setenv("HTTPS_PROXY", server.url().replace("//", "//me:secret@"))
    monkeypatch.setenv("HTTP_PROXY", server.url())
    with Http() as http:
        tunnelled = http.get("https://pictures.example/")
        forwarded = http.get("http://pictures.example/")
        posted = http.post_json("https://functions.example/sync", {})
    assert isinstance(tunnelled, Unreachable)
    assert (tunnelled.trouble, tunnelled.delivery) == (Trouble.PROXY, Delivery.NOT_SENT)
    assert tunnelled.detail == "the proxy did not let the request through (407)"
    assert isinstance(forwarded, HttpFailure)
    assert forwarded.status == 407
    assert posted.delivery is Delivery.NOT_SENT


def test_what_a_proxy_echoes_is_not_shown(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def echo(request: Request) -> bytes:
        said = request.headers.get("proxy-authorization", "none").encode()
        return b"HTTP/1.1 407 " + said + b"\r\nContent-Type: text/plain\r\n\r\nYou said " + said

    server = serve(echo)
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, server.url().replace("//", "//me:s3cret@"))
    with Http() as http:
        outcomes = [http.get("https://pictures.example/"), http.get("http://pictures.example/")]
    assert server.requests[0].headers["proxy-authorization"] == "Basic bWU6czNjcmV0"
    assert [outcome.describe() for outcome in outcomes] == [
        "https://pictures.example/ could not be reached: the proxy did not let the request through (407).",
        "http://pictures.example/ answered 407.",
    ]


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://me:s3cret@127.0.0.1:{port}")
    with Http() as http:
        outcomes = [http.get(f"{scheme}://pictures.example/", retry=NO_RETRY) for scheme in ("http", "https")]
    for outcome in outcomes:
        assert isinstance(outcome, Unreachable)
        assert (outcome.trouble, outcome.delivery) == (Trouble.REFUSED, Delivery.NOT_SENT)
        assert outcome.detail == f"the proxy 127.0.0.1:{port} is not reachable (the connection was refused)"
