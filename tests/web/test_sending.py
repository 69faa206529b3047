"""Requests that carry a login and a file: what leaves, what is read of the answer, and that it happens once."""

from __future__ import annotations

import base64
import io
import logging
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Any, BinaryIO

import pytest

from tests.doubles.draining import Draining
from tests.loopback import Request, Server
from umbmarket.web.client import Http, Timeouts
from umbmarket.web.credentials import Credentials
from umbmarket.web.multipart import PIECE_BYTES, Body, file_body
from umbmarket.web.outcomes import Answered, Blocked, Delivery, Trouble, Unreachable
from umbmarket.web.page_text import PAGE_LIMIT

TOKEN = "t0k&n/with+signs=="
LOGIN = Credentials("jane.doe", TOKEN)
BASIC = "Basic " + base64.b64encode(f"jane.doe:{TOKEN}".encode()).decode()


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(allow_private_hosts=True, timeouts=Timeouts(5.0, 5.0, 10.0)) as client:
        yield client


def answered(outcome: object) -> Answered:
    assert isinstance(outcome, Answered)
    return outcome


def unreachable(outcome: object) -> Unreachable:
    assert isinstance(outcome, Unreachable)
    return outcome


def parts_of(request: Request) -> list[Message]:
    """What a reader of mail makes of the body."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + request.body)
    parts = message.get_payload()
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, Message)]


def upload(name: str = "a.zip", data: bytes = b"PK\x03\x04\r\n--x\r\n\x00\xff") -> Body:
    return file_body("package", name, "application/zip", io.BytesIO(data))


def test_a_file_arrives_as_the_one_part(serve: Callable[..., Server], http: Http) -> None:
    server = serve(lambda request: (200, {}, b"done"))
    data = b"PK\x03\x04\r\n--x\r\n\x00\xff" * 20_000
    sent: list[tuple[int, int]] = []
    body = file_body("package", 'a "b"\r\nc.zip', "application/zip", io.BytesIO(data), lambda a, b: sent.append((a, b)))
    outcome = answered(http.send_with_login("POST", server.url("/upload?batch=true&orgId=a"), LOGIN, body=body))
    assert (outcome.status, outcome.lines, outcome.location) == (200, ("done",), "")
    (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/upload?batch=true&orgId=a")
    assert request.headers["authorization"] == BASIC
    assert request.headers["content-length"] == str(len(request.body))
    assert request.headers["connection"] == "close"
    assert "transfer-encoding" not in request.headers
    (part,) = parts_of(request)
    assert part.get_param("name", header="content-disposition") == "package"
    assert part.get_filename() == "a %22b%22%0D%0Ac.zip"
    assert part.get_content_type() == "application/zip"
    assert part.get_payload(decode=True) == data
    assert sent[0] == (PIECE_BYTES, len(data))
    assert sent[-1] == (len(data), len(data))
    assert [done for done, _ in sent] == sorted(done for done, _ in sent)


def test_two_bodies_have_two_boundaries() -> None:
    assert upload().media_type != upload().media_type


def test_a_request_without_a_body(serve: Callable[..., Server], http: Http) -> None:
    server = serve(lambda request: (200, {}, b""))
    assert answered(http.send_with_login("DELETE", server.url("/delete/a%2Fb%20c-1.0.0"), LOGIN)).status == 200
    (request,) = server.requests
    assert (request.method, request.target, request.body) == ("DELETE", "/delete/a%2Fb%20c-1.0.0", b"")
    assert request.headers["authorization"] == BASIC


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(serve: Callable[..., Server], http: Http, status: int) -> None:
    other = serve(lambda request: (200, {}, b"caught"))
    place = f"{other.url('/login')}?user=jane.doe&t={TOKEN}"
    server = serve(lambda request: (status, {"Location": place}, b"over there"))
    outcome = answered(http.send_with_login("POST", server.url("/upload"), LOGIN, body=upload()))
    assert (outcome.status, outcome.lines) == (status, ("over there",))
    assert outcome.location == f"{other.url('/login')}?…"
    assert other.requests == []
    assert len(server.requests) == 1


def test_a_redirect_on_the_same_server_is_not_followed_either(serve: Callable[..., Server], http: Http) -> None:
    server = serve(lambda request: (302, {"Location": "/nuxeo/login.jsp"}, b""))
    outcome = answered(http.send_with_login("DELETE", server.url("/a"), LOGIN))
    assert (outcome.status, outcome.location) == (302, server.url("/nuxeo/login.jsp"))
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [201, 204, 400, 401, 403, 404, 409, 413, 429, 500, 503])
def test_any_answer_is_an_answer_and_is_not_asked_for_again(
    serve: Callable[..., Server], http: Http, status: int
) -> None:
    headers = {"Retry-After": "0", "WWW-Authenticate": 'Basic realm="x"'}
    server = serve(lambda request: (status, headers, b"" if status == 204 else b"one\n\n two \n"))
    outcome = answered(http.send_with_login("POST", server.url("/upload"), LOGIN, body=upload()))
    assert (outcome.status, outcome.lines) == (status, () if status == 204 else ("one", "two"))
    assert outcome.delivery is Delivery.ANSWERED
    assert len(server.requests) == server.connections == 1


PAGE = b"""<!DOCTYPE html>
<html><head><title>HTTP Status 401 &ndash; Unauthorized</title><style>h1 {color: red}</style>
<script>var a = "<p>no</p>";</script></head>
<body><h1>HTTP Status 401 &ndash; Unauthorized</h1><hr/><p><b>Message</b> no
such user <i>or</i> token</p><!-- <p>hidden --><ul><li>one<li>two</ul></body></html>"""


def test_of_a_page_its_text_is_shown(serve: Callable[..., Server], http: Http) -> None:
    server = serve(lambda request: (401, {"Content-Type": "text/html"}, PAGE))
    outcome = answered(http.send_with_login("POST", server.url("/"), LOGIN, body=upload()))
    assert outcome.lines == (
        "HTTP Status 401 – Unauthorized",
        "Message no such user or token",
        "one",
        "two",
    )


def test_ten_lines_of_two_hundred_characters_are_shown(serve: Callable[..., Server], http: Http) -> None:
    text = "\n".join([f"{number} {'x' * 500}" for number in range(30)])
    server = serve(lambda request: (500, {"Content-Type": "text/plain"}, text.encode()))
    lines = answered(http.send_with_login("DELETE", server.url("/"), LOGIN)).lines
    assert len(lines) == 10
    assert [len(line) for line in lines[:9]] == [200] * 9
    assert lines[9] == "…"


def test_what_a_terminal_obeys_is_not_shown(serve: Callable[..., Server], http: Http) -> None:
    server = serve(lambda request: (500, {}, "a\x1b[31mb\u202ec\x9bd\rX".encode()))
    assert answered(http.send_with_login("DELETE", server.url("/"), LOGIN)).lines == ("a [31mbc d", "X")


@pytest.mark.parametrize(
    "echo",
    [
        TOKEN,
        BASIC.removeprefix("Basic "),
        "t0k%26n%2Fwith%2Bsigns%3D%3D",
        "t0k&amp;n/with+signs==",
        "T0K&N/WITH+SIGNS==",
        "<b>t0k&amp;n</b>/with+signs==",
        "jane.doe",
        "jane\u200b.d\ufeffoe",
    ],
)
@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
@pytest.mark.parametrize("status", [200, 400])
def test_no_secret_comes_back(
    serve: Callable[..., Server], http: Http, echo: str, media_type: str, status: int
) -> None:
    if media_type == "text/plain" and "<b>" in echo:
        echo = TOKEN
    server = serve(lambda request: (status, {"Content-Type": media_type}, f"you sent {echo} here".encode()))
    outcome = answered(http.send_with_login("POST", server.url("/"), LOGIN, body=upload()))
    assert outcome.lines == ("you sent … here",)


def test_half_a_secret_at_the_end_of_what_is_read_is_not_shown(serve: Callable[..., Server], http: Http) -> None:
    start = (b"<p>seen" + b" and" * 30 + b"<p>the token is ").rjust(PAGE_LIMIT - 10)
    body = start + TOKEN.encode() + b"x" * 5000
    server = serve(lambda request: (400, {"Content-Type": "text/html"}, body))
    outcome = answered(http.send_with_login("DELETE", server.url("/"), LOGIN))
    assert outcome.lines[0].startswith("seen and")
    assert "t0k" not in "".join(outcome.lines)


def test_logs_show_no_login(serve: Callable[..., Server], http: Http, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(lambda request: (200, {}, b"done"))
    http.send_with_login("POST", server.url("/upload?orgId=secret-org"), LOGIN, body=upload())
    assert "POST" in caplog.text
    for secret in (TOKEN, "jane.doe", BASIC, "secret-org"):
        assert secret not in caplog.text
    assert TOKEN not in repr(LOGIN)


@pytest.mark.parametrize("reply", [None, b"", b"HTTP/1.1 2"])
def test_a_dropped_connection_may_have_had_an_effect(
    serve: Callable[..., Server], http: Http, reply: bytes | None
) -> None:
    server = serve(lambda request: reply)
    outcome = unreachable(http.send_with_login("POST", server.url("/"), LOGIN, body=upload()))
    assert (outcome.trouble, outcome.delivery) == (Trouble.DROPPED, Delivery.UNKNOWN)
    assert len(server.requests) == server.connections == 1


def test_silence_ends_with_the_time(serve: Callable[..., Server], http: Http) -> None:
    server = serve(lambda request: server.closing.wait(60) and None)
    outcome = unreachable(http.send_with_login("POST", server.url("/"), LOGIN, body=upload(), total=0.3))
    assert (outcome.trouble, outcome.delivery) == (Trouble.TIMEOUT, Delivery.UNKNOWN)
    assert len(server.requests) == 1


def test_a_slow_answer_is_waited_for(serve: Callable[..., Server]) -> None:
    def slow(request: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        server.closing.wait(0.2)
        yield b"Content-Length: 4\r\n\r\ndo"
        server.closing.wait(0.2)
        yield b"ne"

    server = serve(slow)
    with Http(allow_private_hosts=True, timeouts=Timeouts(5.0, 5.0, 10.0)) as http:
        outcome = answered(http.send_with_login("POST", server.url("/"), LOGIN, body=upload()))
    assert (outcome.status, outcome.lines) == (200, ("done",))


def test_the_guard_holds(serve: Callable[..., Server]) -> None:
    server = serve(lambda request: (200, {}, b""))
    with Http() as http:
        assert isinstance(http.send_with_login("POST", server.url("/"), LOGIN, body=upload()), Blocked)
        assert unreachable(http.send_with_login("POST", "ftp://a/", LOGIN)).trouble is Trouble.BAD_ADDRESS
    assert server.connections == 0


class Shrinking(io.BytesIO):
    """A file that somebody cuts off while it is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= PIECE_BYTES:
            return b""
        return super().read(size)


class Failing(io.BytesIO):
    """A file on a disk that breaks."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (Shrinking(b"x" * 200_000), "the file became shorter while it was sent"),
        (Failing(b"x" * 200_000), "the file could not be read to its end: Input/output error"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end(
    serve: Callable[..., Server], http: Http, file: BinaryIO, words: str
) -> None:
    server = serve(lambda request: (200, {}, b"done"))
    body = file_body("package", "a.zip", "application/zip", file)
    outcome = unreachable(http.send_with_login("POST", server.url("/"), LOGIN, body=body))
    assert (outcome.trouble, outcome.detail, outcome.delivery) == (Trouble.GIVEN_UP, words, Delivery.UNKNOWN)


def test_an_answer_that_comes_before_all_is_sent_counts(http: Http) -> None:
    server = Draining(b"HTTP/1.1 413 Too Large\r\nContent-Length: 7\r\n\r\ntoo big", early=True)
    body = upload(data=b"x" * 5_000_000)
    outcome = answered(http.send_with_login("POST", f"http://127.0.0.1:{server.port}/", LOGIN, body=body))
    assert (outcome.status, outcome.lines) == (413, ("too big",))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may drop what was received before a reset")
def test_the_sending_ends_with_an_answer_and_a_closed_connection(http: Http) -> None:
    server = Draining(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\nno!", early=True, most=0)
    sent: list[int] = []
    file = io.BytesIO(b"x" * 50_000_000)
    body = file_body("package", "a.zip", "application/zip", file, lambda count, _: sent.append(count))
    outcome = answered(http.send_with_login("POST", f"http://127.0.0.1:{server.port}/", LOGIN, body=body))
    assert (outcome.status, outcome.lines) == (401, ("no!",))
    assert max(sent, default=0) < 50_000_000


def test_a_connection_that_breaks_in_the_middle_is_not_made_again(http: Http) -> None:
    server = Draining(b"", most=300_000)
    outcome = unreachable(
        http.send_with_login("POST", f"http://127.0.0.1:{server.port}/", LOGIN, body=upload(data=b"x" * 20_000_000))
    )
    assert (outcome.trouble, outcome.delivery) == (Trouble.DROPPED, Delivery.UNKNOWN)
    server.thread.join(10)
    assert server.received < 20_000_000


@pytest.mark.parametrize("host", ["127.0.0.1.example.org", "10.0.0.1", "feed.example.test"])
def test_no_login_goes_over_http_to_another_machine(names: Callable[..., Any], fence: Any, host: str) -> None:
    resolver = names({})
    with Http(resolver=resolver, allow_private_hosts=True) as http:
        outcome = unreachable(http.send_with_login("DELETE", f"http://{host}/a", LOGIN))
    assert (outcome.detail, outcome.delivery) == ("a login is sent over https only", Delivery.NOT_SENT)
    assert (fence.attempts, resolver.asked) == ([], [])


def test_what_is_no_text_is_not_shown(serve: Callable[..., Server], http: Http) -> None:
    server = serve(lambda request: (500, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"))
    assert answered(http.send_with_login("DELETE", server.url("/"), LOGIN)).lines == ()


class Zeros(io.RawIOBase):
    """A file of the given size without a content that would take memory."""

    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset if whence == 0 else self._size + offset
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        part = b"\0" * min(size, self._size - self._at)
        self._at += len(part)
        return part


def peak(size: int) -> int:
    server = Draining(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    file: Any = Zeros(size)
    tracemalloc.start()
    try:
        with Http(allow_private_hosts=True) as http:
            body = file_body("package", "a.zip", "application/zip", file)
            outcome = http.send_with_login("POST", f"http://127.0.0.1:{server.port}/", LOGIN, body=body)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answered(outcome).status == 200
    server.thread.join(10)
    assert server.received == body.length
    return most


def test_a_large_file_takes_no_more_memory_than_a_small_one() -> None:
    peak(1_000_000)  # what is imported or kept from the first request on
    assert peak(64_000_000) < peak(1_000_000) + 1_000_000
