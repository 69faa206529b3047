"""The client against real servers on the loopback interface."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loopback import Request, Server
from umbmarket._version import __version__
from umbmarket.web.client import Http, Timeouts
from umbmarket.web.outcomes import Delivery, Fetched, HttpFailure, Outcome, TooLate, Trouble, Unreachable
from umbmarket.web.retry import NO_RETRY

QUICK = Timeouts(connect=5.0, read=0.3, total=5.0)


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(allow_private_hosts=True, timeouts=Timeouts(5.0, 5.0, 10.0)) as client:
        yield client


def once(http: Http, url: str, **more: Any) -> Outcome:
    return http.get(url, retry=NO_RETRY, **more)


def unreachable(outcome: Outcome) -> Unreachable:
    assert isinstance(outcome, Unreachable)
    return outcome


def failure(outcome: Outcome) -> HttpFailure:
    assert isinstance(outcome, HttpFailure)
    return outcome


def fetched(outcome: Outcome) -> Fetched:
    assert isinstance(outcome, Fetched)
    return outcome


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_a_plain_answer(serve: Callable[..., Any], http: Http) -> None:
    server = serve(lambda request: (200, {"Content-Type": "Image/PNG; x=y", "Set-Cookie": "a=b"}, b"\x89PNG"))
    answer = fetched(once(http, server.url("/a.png?x=1#part"), accept="image/*"))
    assert (answer.status, answer.body, answer.truncated, answer.media_type) == (
        200,
        b"\x89PNG",
        False,
        "image/png",
    )
    assert answer.header("set-cookie") is None
    assert (answer.final_url, answer.redirects, answer.tries) == (server.url("/a.png?x=1"), (), 1)
    (request,) = server.requests
    assert request.target == "/a.png?x=1"
    assert request.headers["user-agent"] == f"umbmarket/{__version__}"
    assert request.headers["accept"] == "image/*"
    assert request.headers["accept-encoding"] == "gzip, deflate"
    assert request.headers["host"] == server.host
    assert "authorization" not in request.headers


def test_gzip_is_undone_and_counted_after_decompression(serve: Callable[..., Any], http: Http) -> None:
    server = serve(lambda request: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 1000)))
    assert fetched(once(http, server.url(), limit=1000)).body == b"x" * 1000
    cut = fetched(once(http, server.url(), limit=999))
    assert (cut.body, cut.truncated) == (b"x" * 999, True)


def test_an_endless_body_is_read_up_to_the_limit(serve: Callable[..., Any], http: Http) -> None:
    def endless(request: Any) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b"x" * 10_000

    answer = fetched(once(http, serve(endless).url(), limit=50_000))
    assert (len(answer.body), answer.truncated) == (50_000, True)


def test_connections_are_kept_but_cookies_are_not(serve: Callable[..., Any], http: Http) -> None:
    server = serve(lambda request: (200, {"Set-Cookie": "id=1; Path=/"}, b"ok"))
    for _ in range(3):
        fetched(once(http, server.url()))
    assert server.connections == 1
    assert [request.headers.get("cookie") for request in server.requests] == [None] * 3


def test_redirects_are_followed_and_reported(serve: Callable[..., Any], http: Http) -> None:
    answers = {
        "/1": (301, {"Location": "/2"}, b"moved"),
        "/2": (302, {"Location": "3?q=1"}, b""),
        "/3": (303, {"Location": "//{host}/4"}, b""),
        "/4": (307, {"Location": "http://{host}/5#top"}, b""),
        "/5": (308, {"Location": "/6"}, b""),
        "/6": (200, {}, b"here"),
    }

    def answer(request: Any) -> Any:
        status, headers, body = answers[request.path]
        return status, {name: value.format(host=server.host) for name, value in headers.items()}, body

    server = serve(answer)
    result = fetched(once(http, server.url("/1")))
    assert result.body == b"here"
    assert result.url == server.url("/1")
    assert result.final_url == server.url("/6")
    assert [(hop.status, hop.url) for hop in result.redirects] == [
        (301, server.url("/2")),
        (302, server.url("/3?q=1")),
        (303, server.url("/4")),
        (307, server.url("/5")),
        (308, server.url("/6")),
    ]


def test_the_sixth_redirect_is_too_many(serve: Callable[..., Any], http: Http) -> None:
    server = serve(lambda request: (302, {"Location": f"/{len(server.requests)}"}, b""))
    result = failure(http.get(server.url("/0")))
    assert (result.status, result.problem, result.transient) == (302, "it redirects more than 5 times", False)
    assert server.paths == ["/0", "/1", "/2", "/3", "/4", "/5"]


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "ftp://127.0.0.1/x",
        "javascript:alert(1)",
        "http://a b/",
        "http://[::1",
        "http://h:99999/",
        "http://\xff\xfe/",
    ],
)
def test_redirects_to_nowhere(serve: Callable[..., Any], http: Http, location: str | None) -> None:
    server = serve(lambda request: (302, {} if location is None else {"Location": location}, b""))
    result = failure(http.get(server.url()))
    assert result.problem == "it redirects to an invalid URL"
    assert len(server.requests) == 1


def test_a_redirect_that_leads_to_silence_tells_both(serve: Callable[..., Any], http: Http) -> None:
    port = free_port()
    server = serve(lambda request: (302, {"Location": f"http://127.0.0.1:{port}/x?key=secret"}, b""))
    result = unreachable(once(http, server.url("/start")))
    assert result.trouble is Trouble.REFUSED
    assert result.delivery is Delivery.ANSWERED
    assert result.describe() == (
        f"{server.url('/start')} could not be reached: it redirects to http://127.0.0.1:{port}/x?…, "
        "where the connection was refused."
    )


@pytest.mark.parametrize(
    ("headers", "body", "line"),
    [
        ({"Content-Type": "text/plain"}, b"PackageId is required\nstack trace", "PackageId is required"),
        ({"Content-Type": "application/json"}, b'  {"message":"no"}', '{"message":"no"}'),
        ({"Content-Type": "text/html"}, b"oops", ""),
        ({}, b"<!doctype html><p>oops", ""),
        ({}, b"", ""),
        ({}, b"\x1b[31mred\x07\xff", "[31mred \ufffd"),
        ({}, b"y" * 100_000, "y" * 199 + "…"),
        ({"Content-Encoding": "gzip"}, b"not gzip", ""),
    ],
)
def test_the_first_line_of_a_failure(
    serve: Callable[..., Any], http: Http, headers: dict[str, str], body: bytes, line: str
) -> None:
    server = serve(lambda request: (400, headers, body))
    result = failure(once(http, server.url()))
    assert (result.status, result.first_line, result.delivery) == (400, line, Delivery.ANSWERED)


def test_refused_connection(http: Http) -> None:
    result = unreachable(once(http, f"http://127.0.0.1:{free_port()}/"))
    assert (result.trouble, result.delivery) == (Trouble.REFUSED, Delivery.NOT_SENT)
    assert result.detail == "the connection was refused"


def test_unknown_host(names: Callable[..., Any]) -> None:
    with Http(allow_private_hosts=True, resolver=names({})) as http:
        result = unreachable(http.get("http://nowhere.example/"))
    assert (result.trouble, result.delivery, result.tries) == (Trouble.UNKNOWN_HOST, Delivery.NOT_SENT, 1)
    assert result.detail == "there is no host named 'nowhere.example'"


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "later"), Trouble.LOOKUP_FAILED),
        (socket.gaierror(socket.EAI_FAIL, "no"), Trouble.LOOKUP_FAILED),
        (socket.gaierror(socket.EAI_NONAME, "no"), Trouble.UNKNOWN_HOST),
        (OSError("odd"), Trouble.LOOKUP_FAILED),
        (UnicodeError("label too long"), Trouble.UNKNOWN_HOST),
    ],
)
def test_look_ups_that_fail(error: Exception, trouble: Trouble) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise error

    with Http(resolver=resolver) as http:
        result = unreachable(once(http, "http://host.example/"))
    assert (result.trouble, result.delivery) == (trouble, Delivery.NOT_SENT)


def test_a_look_up_that_hangs_is_left_behind() -> None:
    never = threading.Event()
    waited_out: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        if not never.wait(60):
            waited_out.append(host)
        return []

    with Http(resolver=resolver, timeouts=Timeouts(connect=0.2)) as http:
        result = unreachable(once(http, "http://host.example/"))
    assert waited_out == []
    never.set()
    assert (result.trouble, result.delivery) == (Trouble.CONNECT_TIMEOUT, Delivery.NOT_SENT)


def test_silence_is_a_timeout_that_may_have_arrived(serve: Callable[..., Any]) -> None:
    def silent(request: Any) -> None:
        server.closing.wait(30)

    server = serve(silent)
    with Http(allow_private_hosts=True, timeouts=QUICK) as http:
        result = unreachable(once(http, server.url()))
    assert (result.trouble, result.delivery) == (Trouble.TIMEOUT, Delivery.UNKNOWN)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_dripping_server_meets_the_deadline(serve: Callable[..., Any], part: str) -> None:
    def drip(request: Any) -> Iterator[bytes]:
        if part == "body":
            yield b"HTTP/1.1 200 OK\r\n\r\n"
        else:
            yield b"HTTP/1.1 200 OK\r\nX-Long: "
        while not server.closing.wait(0.05):
            yield b"x"

    server = serve(drip)
    with Http(allow_private_hosts=True, timeouts=Timeouts(5.0, 5.0, total=0.4)) as http:
        started = time.monotonic()
        result = unreachable(once(http, server.url()))
    # The server drips for ever: without the deadline there would be no result.
    assert result.trouble is Trouble.TIMEOUT
    assert time.monotonic() - started > 0.3


def test_the_deadline_covers_the_redirects_too(serve: Callable[..., Any]) -> None:
    def slow(request: Any) -> Any:
        server.closing.wait(0.15)
        return 302, {"Location": "/again"}, b""

    server = serve(slow)
    with Http(allow_private_hosts=True) as http:
        result = unreachable(once(http, server.url(), total=0.4))
    assert result.trouble in (Trouble.TIMEOUT, Trouble.CONNECT_TIMEOUT)
    assert len(server.requests) < 5


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (None, Trouble.DROPPED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Trouble.DROPPED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Trouble.DROPPED),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", Trouble.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", Trouble.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc", Trouble.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, Trouble.NOT_HTTP),
    ],
)
def test_answers_that_are_none(serve: Callable[..., Any], http: Http, reply: bytes | None, trouble: Trouble) -> None:
    result = unreachable(once(http, serve(lambda request: reply).url()))
    assert (result.trouble, result.delivery) == (trouble, Delivery.UNKNOWN)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "/path",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://a b/",
        "http://h:0/",
        "http://h:99999/",
        "http://127%2e0%2e0%2e1/",
        "http://0177.0.0.1/",
        "http://1.2.3.256/",
        "http://[::1/",
        "http://user@/",
        "https://h\x00/",
        "http://２１３０７０６４３３/",
        "http://" + "a" * 70_000,
    ],
)
def test_texts_that_are_no_address(http: Http, fence: Any, url: str) -> None:
    result = unreachable(http.get(url))
    assert (result.trouble, result.delivery) == (Trouble.BAD_ADDRESS, Delivery.NOT_SENT)
    assert fence.attempts == []


@pytest.mark.parametrize("host", ["xn--i-7iq.example", "xn--a.example", "xn--.example", "www.xn--a.example"])
def test_a_name_in_punycode_is_asked_for_as_it_is_written(
    serve: Callable[..., Server], names: Callable[..., Any], host: str
) -> None:
    """Some of them are registered although IDNA 2008 knows no such name, such as those with a heart."""
    server = serve(lambda request: (200, {}, b"ok"))
    with Http(allow_private_hosts=True, resolver=names({host: [["127.0.0.1"]]})) as http:
        assert fetched(http.get(server.url("/", host))).body == b"ok"
        with http.host_slot(server.url("/", host)):
            pass
    assert server.requests[0].headers["host"] == f"{host}:{server.port}"


@given(
    st.one_of(
        st.text(max_size=40),
        st.text(max_size=30).map("http://".__add__),
        st.text(max_size=30).map("https://h.example/".__add__),
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_raises(names: Callable[..., Any], url: str) -> None:
    with Http(resolver=names({})) as http:
        outcome = http.get(url, retry=NO_RETRY)
    assert not isinstance(outcome, Fetched)
    assert outcome.describe()


def test_a_user_name_in_an_address_is_not_sent(serve: Callable[..., Any], http: Http) -> None:
    server = serve(lambda request: (200, {}, b""))
    answer = fetched(once(http, f"http://me:secret@{server.host}/"))
    assert "authorization" not in server.requests[0].headers
    assert answer.final_url == server.url("/")


def test_post_sends_json_once_on_a_connection_of_its_own(serve: Callable[..., Any], http: Http) -> None:
    server = serve(lambda request: (202, {}, b"queued"))
    for _ in range(2):
        answer = fetched(http.post_json(server.url("/sync"), {"PackageId": "Ünï"}))
        assert (answer.status, answer.body, answer.delivery) == (202, b"queued", Delivery.ANSWERED)
    assert server.connections == 2
    request = server.requests[0]
    assert (request.method, request.headers["content-type"]) == ("POST", "application/json")
    assert json.loads(request.body) == {"PackageId": "Ünï"}


@pytest.mark.parametrize("status", [302, 307, 308])
def test_post_follows_no_redirect(serve: Callable[..., Any], http: Http, status: int) -> None:
    server = serve(lambda request: (status, {"Location": "/elsewhere"}, b"moved"))
    result = failure(http.post_json(server.url("/sync"), {}))
    assert (result.status, result.first_line) == (status, "moved")
    assert server.paths == ["/sync"]


def test_post_is_not_repeated(serve: Callable[..., Any], http: Http) -> None:
    server = serve(lambda request: (503, {"Retry-After": "7"}, b""))
    result = failure(http.post_json(server.url(), {}))
    assert (result.status, result.retry_after) == (503, 7.0)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "delivery"),
    [
        (None, Delivery.UNKNOWN),
        (b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\nabc", Delivery.ANSWERED),
        (
            b"HTTP/1.1 202 Accepted\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
            Delivery.ANSWERED,
        ),
    ],
)
def test_what_a_post_knows_of_its_arrival(
    serve: Callable[..., Any], http: Http, reply: bytes | None, delivery: Delivery
) -> None:
    outcome = http.post_json(serve(lambda request: reply).url(), {"PackageId": "a"})
    assert outcome.delivery is delivery
    assert isinstance(outcome, Fetched) is (delivery is Delivery.ANSWERED)


def test_a_post_given_up_leaves_nothing_in_the_send_buffer(serve: Callable[..., Any]) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with Http(allow_private_hosts=True) as http:
        result = unreachable(http.post_json(url, {"PackageId": "a"}, total=0.3))
    assert result.delivery is Delivery.UNKNOWN
    connection, _ = listener.accept()
    with pytest.raises(ConnectionResetError):
        _ = [*iter(lambda: connection.recv(1000), b"")]
    connection.close()
    listener.close()


def test_certificates_are_checked_and_ssl_cert_file_is_honoured(
    serve: Callable[..., Any], names: Callable[..., Any], authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda request: (200, {}, b"secure"), tls=True)
    url = server.url("/", "feed.example.test")
    resolver = names({"feed.example.test": [["127.0.0.1"]], "other.example.test": [["127.0.0.1"]]})
    with Http(allow_private_hosts=True, resolver=resolver) as http:
        result = unreachable(http.get(url))
    assert (result.trouble, result.delivery, result.tries) == (Trouble.TLS, Delivery.NOT_SENT, 1)
    assert result.detail.startswith("its certificate is not trusted (unable to get local issuer certificate)")
    assert "SSL_CERT_FILE" in result.detail

    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with Http(allow_private_hosts=True, resolver=resolver) as http:
        assert fetched(once(http, url)).body == b"secure"
        wrong = unreachable(once(http, server.url("/", "other.example.test")))
    assert wrong.trouble is Trouble.TLS
    assert [request.headers["host"] for request in server.requests] == [f"feed.example.test:{server.port}"]


def test_a_missing_ssl_cert_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    for path in (tmp_path / "missing.pem", bad):
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        with Http(allow_private_hosts=True) as http:
            result = unreachable(once(http, "https://127.0.0.1:1/"))
        assert result.trouble is Trouble.TLS
        assert result.detail == "SSL_CERT_FILE or SSL_CERT_DIR names certificates that are missing or cannot be read"


def test_plain_http_on_a_secure_address_is_no_connection(http: Http) -> None:
    def answer_at_once() -> None:
        connection, _ = listener.accept()
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.recv(10_000)
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_at_once)
        thread.start()
        result = unreachable(once(http, f"https://127.0.0.1:{listener.getsockname()[1]}/"))
        thread.join()
    assert (result.trouble, result.delivery) == (Trouble.TLS, Delivery.NOT_SENT)
    assert result.detail == "no secure connection could be made"


def test_abort_ends_what_is_under_way_and_what_comes_after(serve: Callable[..., Any]) -> None:
    def silent(request: Any) -> None:
        arrived.set()
        server.closing.wait(30)

    arrived = threading.Event()
    server = serve(silent)
    results: list[Outcome] = []
    with Http(allow_private_hosts=True) as http:
        thread = threading.Thread(target=lambda: results.append(http.get(server.url())))
        thread.start()
        assert arrived.wait(10)
        http.abort()
        thread.join(10)
        assert not thread.is_alive()
        results.append(http.get(server.url()))
    first, second = (unreachable(result) for result in results)
    assert (first.trouble, first.delivery) == (Trouble.CANCELLED, Delivery.UNKNOWN)
    assert (second.trouble, second.delivery) == (Trouble.CANCELLED, Delivery.NOT_SENT)
    assert len(server.requests) == 1


def test_abort_ends_a_wait_between_tries(serve: Callable[..., Any]) -> None:
    server = serve(lambda request: (503, {"Retry-After": "500"}, b""))
    waiting = threading.Event()
    results: list[Outcome] = []
    with Http(allow_private_hosts=True, on_retry=lambda notice: waiting.set()) as http:
        thread = threading.Thread(target=lambda: results.append(http.get(server.url())))
        thread.start()
        assert waiting.wait(10)
        http.abort()
        thread.join(10)
        assert not thread.is_alive()
    assert unreachable(results[0]).trouble is Trouble.CANCELLED


def test_the_second_address_of_a_host_is_tried(serve: Callable[..., Any], names: Callable[..., Any]) -> None:
    server = serve(lambda request: (200, {}, b"ok"))
    resolver = names({"two.example": [["127.0.0.2", "127.0.0.1"]]})
    with Http(allow_private_hosts=True, resolver=resolver) as http:
        assert fetched(once(http, server.url("/", "two.example"))).body == b"ok"


def test_logs_of_httpx_show_no_secrets(serve: Callable[..., Any], http: Http, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(lambda request: (200, {}, b""))
    with caplog.at_level(logging.DEBUG):
        once(http, server.url("/index.json?sig=secret"))
    assert f"{server.url('/index.json')}?…" in caplog.text
    assert "secret" not in caplog.text


def test_the_wait_for_the_host_counts_against_a_post(serve: Callable[..., Server]) -> None:
    busy = threading.Event()

    def silent(request: Request) -> None:
        busy.set()
        server.closing.wait(30)

    server = serve(silent)
    with Http(allow_private_hosts=True, per_host=1) as http:
        first = threading.Thread(target=http.post_json, args=(server.url(), {"a": "1"}), kwargs={"total": 30.0})
        first.start()
        busy.wait(30)
        outcome = http.post_json(server.url(), {"a": "2"}, total=0.05)
        assert isinstance(outcome, Unreachable)
        assert (outcome.trouble, outcome.delivery) == (Trouble.TOO_LATE, Delivery.NOT_SENT)
        assert outcome.transient
        assert len(server.requests) == 1
        http.abort()
        first.join()


def test_a_place_at_the_host_is_kept(serve: Callable[..., Server]) -> None:
    server = serve(lambda request: (202, {}, b""))
    with Http(allow_private_hosts=True, per_host=1) as http:
        with http.host_slot(server.url()):
            assert isinstance(http.post_json(server.url(), {}, has_slot=True), Fetched)
            late = http.post_json(server.url(), {}, total=0.05)
            assert isinstance(late, Unreachable)
            assert late.trouble is Trouble.TOO_LATE
        assert isinstance(http.post_json(server.url(), {}), Fetched)
        with http.host_slot("no address"):
            pass


def test_the_last_word_before_bytes_leave(serve: Callable[..., Server]) -> None:
    server = serve(lambda request: (202, {}, b""))
    asked: list[str] = []

    def leave(send: Callable[[], None]) -> None:
        asked.append("may")
        if len(asked) > 2:
            raise TooLate("its turn was over before it could leave")
        send()

    with Http(allow_private_hosts=True) as http:
        assert isinstance(http.post_json(server.url(), {"a": "1"}, leave=leave), Fetched)
        assert asked == ["may", "may"]  # its head and its body
        outcome = http.post_json(server.url(), {"a": "2"}, leave=leave)
    assert isinstance(outcome, Unreachable)
    assert (outcome.trouble, outcome.delivery) == (Trouble.TOO_LATE, Delivery.NOT_SENT)
    assert outcome.describe() == f"{server.url()} could not be reached: its turn was over before it could leave."
    assert len(server.requests) == 1


def test_a_head_without_its_body_may_have_arrived(serve: Callable[..., Server]) -> None:
    """The claim ran out between the two: what is known is that something left."""
    server = serve(lambda request: (202, {}, b""))
    sent: list[None] = []

    def leave(send: Callable[[], None]) -> None:
        if sent:
            raise TooLate("its turn was over before it could leave")
        sent.append(None)
        send()

    with Http(allow_private_hosts=True) as http:
        outcome = http.post_json(server.url(), {"a": "1"}, leave=leave)
    assert isinstance(outcome, Unreachable)
    assert (outcome.trouble, outcome.delivery) == (Trouble.TOO_LATE, Delivery.UNKNOWN)
