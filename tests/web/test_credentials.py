from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loopback import Request, Server
from umbmarket.web.client import Http
from umbmarket.web.credentials import Credentials, Feed, origin_of, split_userinfo
from umbmarket.web.outcomes import Fetched, HttpFailure
from umbmarket.web.retry import NO_RETRY


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_no_text_raises_in_an_address(text: str) -> None:
    for url in (text, "https://" + text, "https://u:p@h/" + text):
        plain, _ = split_userinfo(url)
        origin_of(url)
        assert isinstance(plain, str)
        Feed(plain).partition()


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTPS://Host.Example./x", ("https", "host.example", 443)),
        ("http://host.example:8080", ("http", "host.example", 8080)),
        ("https://u:p@host.example:443/", ("https", "host.example", 443)),
        ("ftp://host.example/", None),
        ("https:///x", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_origins(url: str, origin: tuple[str, str, int] | None) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("password", "sent"), [("p\udcff", b"me:p\xff"), ("\ud800\udcff", b"me:\xed\xa0\x80\xed\xb3\xbf")]
)
def test_a_password_that_is_no_text_is_sent_as_the_bytes_it_is(password: str, sent: bytes) -> None:
    """The environment of POSIX holds bytes, that of Windows any 16 bits."""
    login = Credentials("me", password)
    encoded = base64.b64encode(sent).decode()
    assert login.basic_header() == f"Basic {encoded}"
    assert encoded in login.spellings()


def test_nothing_shows_a_secret() -> None:
    feed = Feed(*split_userinfo("https://me:hunter2@h/?sig=hunter2"))
    assert "hunter2" not in repr(feed) + str(feed) + repr(feed.credentials)


def test_partitions_keep_users_and_feeds_apart_and_give_nothing_away() -> None:
    feeds = [
        Feed("https://h/a"),
        Feed("https://h/b"),
        Feed("https://h/a", Credentials("me", "one")),
        Feed("https://h/a", Credentials("me", "two")),
        Feed("https://h/a", Credentials("you", "one")),
        Feed("https://h/b", Credentials("me", "one")),
    ]
    partitions = [feed.partition() for feed in feeds]
    assert len(set(partitions)) == len(feeds)
    assert partitions == [feed.partition() for feed in feeds]
    assert all(len(partition) == 64 for partition in partitions)


def guarded(request: Any) -> Any:
    """A feed that wants me:hunter2."""
    token = base64.b64encode("mé:hunter2".encode()).decode()
    if request.headers.get("authorization") == f"Basic {token}":
        return 200, {}, b"inside"
    return 401, {"WWW-Authenticate": 'Basic realm="feed"'}, b"hunter2 is not welcome"


ME = Credentials("mé", "hunter2")


def logins(server: Any) -> list[bool]:
    return ["authorization" in request.headers for request in server.requests]


@pytest.mark.parametrize("host", ["www.bücher.example", "bücher.example", "xn--bcher-kva.example"])
def test_a_feed_with_letters_beyond_ascii_in_its_name_is_logged_in_to(
    serve: Callable[..., Any], names: Callable[..., Any], host: str
) -> None:
    server = serve(guarded)
    asked = host.replace("bücher", "xn--bcher-kva")
    url = server.url("/index.json", host)
    with Http(trusted_urls=[url], resolver=names({asked: [["127.0.0.1"]]})) as http:
        assert isinstance(http.get_document(Feed(url, ME), url), Fetched)
    assert logins(server) == [False, True]


def test_anonymous_first_then_on_401_then_at_once(serve: Callable[..., Any]) -> None:
    server = serve(guarded)
    with Http(allow_private_hosts=True) as http:
        for path in ("/index.json", "/a", "/b"):
            answer = http.get_document(Feed(server.url("/index.json"), ME), server.url(path))
            assert isinstance(answer, Fetched)
            assert answer.tries == 1
    assert logins(server) == [False, True, True, True]


def test_an_open_feed_never_sees_the_credentials(serve: Callable[..., Any]) -> None:
    server = serve(lambda request: (200, {}, b""))
    with Http(allow_private_hosts=True) as http:
        http.get_document(Feed(server.url(), ME), server.url("/a"))
    assert logins(server) == [False]


def test_wrong_credentials_are_tried_once_and_not_shown(serve: Callable[..., Any]) -> None:
    server = serve(lambda request: (401, {}, b"hunter2 is not welcome"))
    with Http(allow_private_hosts=True) as http:
        answer = http.get_document(Feed(server.url(), ME), server.url("/a"))
        again = http.get_document(Feed(server.url(), ME), server.url("/a"))
    assert isinstance(answer, HttpFailure)
    assert (answer.status, answer.first_line) == (401, "")
    assert isinstance(again, HttpFailure)
    assert logins(server) == [False, True, True]


def test_basic_is_not_spoken_when_it_is_not_allowed(serve: Callable[..., Any]) -> None:
    server = serve(guarded)
    feed = Feed(server.url(), Credentials("mé", "hunter2", ("negotiate",)))
    with Http(allow_private_hosts=True) as http:
        assert isinstance(http.get_document(feed, server.url()), HttpFailure)
    assert logins(server) == [False]


def test_another_origin_never_gets_them(serve: Callable[..., Any]) -> None:
    feed, other = serve(guarded), serve(guarded)
    with Http(allow_private_hosts=True) as http:
        http.get_document(Feed(feed.url(), ME), feed.url())
        assert isinstance(http.get_document(Feed(feed.url(), ME), other.url()), HttpFailure)
    assert logins(feed) == [False, True]
    assert logins(other) == [False]


def test_a_plain_get_never_sends_them(serve: Callable[..., Any]) -> None:
    server = serve(guarded)
    with Http(allow_private_hosts=True) as http:
        http.get_document(Feed(server.url(), ME), server.url())
        http.get(server.url("/readme.md"))
    assert logins(server) == [False, True, False]


def test_a_redirect_away_loses_them_even_when_it_comes_back(serve: Callable[..., Any]) -> None:
    def at_feed(request: Any) -> Any:
        answer = guarded(request)
        if answer[0] == 200 and request.path == "/out":
            return 302, {"Location": away.url("/blob")}, b""
        return answer

    feed = serve(at_feed)
    away = serve(lambda request: (302, {"Location": feed.url("/chosen-by-them")}, b""))
    with Http(allow_private_hosts=True) as http:
        answer = http.get_document(Feed(feed.url(), ME), feed.url("/out"), retry=NO_RETRY)
    assert isinstance(answer, HttpFailure)
    assert answer.status == 401
    assert logins(away) == [False]
    assert [(request.path, "authorization" in request.headers) for request in feed.requests] == [
        ("/out", False),
        ("/out", True),
        ("/chosen-by-them", False),
    ]


def test_a_redirect_within_the_origin_keeps_them(serve: Callable[..., Any]) -> None:
    def answer(request: Any) -> Any:
        return (302, {"Location": "/there"}, b"") if request.path == "/here" else guarded(request)

    server = serve(answer)
    with Http(allow_private_hosts=True) as http:
        assert isinstance(http.get_document(Feed(server.url(), ME), server.url("/here")), Fetched)
    assert [(request.path, "authorization" in request.headers) for request in server.requests] == [
        ("/here", False),
        ("/there", False),
        ("/there", True),
    ]


PASSWORD = 'p&ss w/o+rd"=%é'
FEED = Credentials("jane", PASSWORD)
SPELLINGS = {
    "as it is": PASSWORD,
    "the header": FEED.basic_header().removeprefix("Basic "),
    "the header without its padding": FEED.basic_header().removeprefix("Basic ").rstrip("="),
    "in an address": quote(PASSWORD, safe=""),
    "in lower case": quote(PASSWORD, safe="").lower(),
    "in a path": quote(PASSWORD),
    "in a form": quote_plus(PASSWORD),
    "in JSON": json.dumps(PASSWORD)[1:-1],
    "in HTML": PASSWORD.replace("&", "&amp;").replace('"', "&quot;"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("before", [1, 150, 190, 198])
def test_a_secret_is_hidden_in_every_spelling_and_before_the_line_is_cut(
    serve: Callable[..., Server], spelling: str, before: int
) -> None:
    """An answer to the anonymous request, which did not carry the secret: the server has it from elsewhere."""
    body = f"{'x' * before}{SPELLINGS[spelling]}{'y' * 50}".encode()
    server = serve(lambda request: (400, {"Content-Type": "text/plain"}, body))
    with Http(allow_private_hosts=True) as http:
        outcome = http.get_document(Feed(server.url("/index.json"), FEED), server.url("/index.json"))
    assert isinstance(outcome, HttpFailure)
    whole = f"{'x' * before}…{'y' * 50}"
    assert outcome.first_line == (whole if len(whole) <= 200 else f"{whole[:199]}…")


@pytest.mark.parametrize("status", [400, 403, 500])
def test_where_credentials_were_sent_no_line_of_the_body_is_shown(serve: Callable[..., Server], status: int) -> None:
    """Not even in pieces that nothing could recognise."""

    def answer(request: Request) -> tuple[int, dict[str, str], bytes]:
        said = request.headers.get("authorization", "")
        return (status, {}, f"You said {said[:14]} and {said[14:]}".encode()) if said else (401, {}, b"Sign in")

    server = serve(answer)
    with Http(allow_private_hosts=True, sleep=lambda seconds: None) as http:
        outcome = http.get_document(Feed(server.url("/index.json"), FEED), server.url("/index.json"))
    assert isinstance(outcome, HttpFailure)
    assert outcome.describe() == f"{server.url('/index.json')} answered {status}."


def test_what_is_echoed_in_an_address_is_not_shown(serve: Callable[..., Server]) -> None:
    login = Credentials("jane", "s3cret")

    def answer(request: Request) -> tuple[int, dict[str, str], bytes]:
        said = request.headers.get("authorization", "")
        if request.path != "/index.json":
            return 404, {}, b""
        return (302, {"Location": f"/for/{said.removeprefix('Basic ')}"}, b"") if said else (401, {}, b"")

    server = serve(answer)
    with Http(allow_private_hosts=True) as http:
        outcome = http.get_document(Feed(server.url("/index.json"), login), server.url("/index.json"))
    assert isinstance(outcome, HttpFailure)
    assert outcome.describe() == f"{server.url('/for/…')} answered 404."


@pytest.mark.parametrize(
    ("path", "said", "shown"),
    [
        ("/i.json?sig=to%20ken", "bad sig=to%20ken", "bad …"),
        ("/i.json?sig=to%20ken", "bad to ken", "bad …"),
        ("/i.json?v=1&x=", "error 1", "error 1"),
        ("/F/me/auth/0123-abc/i.json", "no feed /F/me/auth/0123-abc/i.json", "no feed /F/me/auth/…/i.json"),
    ],
)
def test_what_an_address_hides_is_hidden_in_what_a_server_says(
    serve: Callable[..., Server], path: str, said: str, shown: str
) -> None:
    server = serve(lambda request: (400, {"Content-Type": "text/plain"}, said.encode()))
    with Http(allow_private_hosts=True) as http:
        outcome = http.get(server.url(path))
    assert isinstance(outcome, HttpFailure)
    assert outcome.first_line == shown
