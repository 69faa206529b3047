"""Links, images, videos and packages asked for on servers of our own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.doubles.feed_double import INDEX, FeedDouble
from tests.loopback import Names
from tests.shared_corpus import CORPUS, listings, needs_corpus
from umbmarket.check.marketplace import OnlineOptions
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.online.link_answers import (
    LinkAnswer,
    OnlineFindings,
    OnlineQuestions,
    PackageAnswer,
    VideoAnswer,
)
from umbmarket.umbraco.online.links import can_be_asked, check_online, link_answers
from umbmarket.umbraco.rules.fetched_links import LINK_VALUES
from umbmarket.umbraco.value_groups import PACKAGE_ID_VALUES, VIDEO_VALUES
from umbmarket.web.batch import fetch_all
from umbmarket.web.client import Http

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
Serve = Callable[..., Any]


def ask(
    *,
    links: tuple[str, ...] = (),
    videos: tuple[str, ...] = (),
    packages: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    allow_private_hosts: bool = True,
    **options: Any,
) -> OnlineFindings:
    given = OnlineOptions(allow_private_hosts=allow_private_hosts, use_cache=False, **options)
    return check_online(OnlineQuestions(links, videos, packages), given, environment or {})


class Site:
    """Answers by path; what it does not know is 404."""

    def __init__(self, replies: Mapping[str, Any]) -> None:
        self.replies = replies

    def __call__(self, request: Any) -> Any:
        return self.replies.get(request.path, (404, {}, b"Not here"))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_nothing_to_ask_opens_nothing(fence: Any) -> None:
    assert ask() == OnlineFindings()
    assert ask(links=("", "not an address", "https://github.com/{username}"), packages=("", "not an id")) == (
        OnlineFindings()
    )
    assert fence.attempts == []


@pytest.mark.parametrize(
    ("content_type", "body", "content"),
    [
        ("image/png", PNG, "PNG"),
        ("image/png", b"<!DOCTYPE html><title>Sign in</title>", "HTML"),
        ("image/svg+xml; charset=utf-8", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        ("text/plain", b"version https://git-lfs.github.com/spec/v1\n", "git-lfs"),
        ("image/png", b"", "nothing"),
    ],
)
def test_what_an_address_serves(serve: Serve, content_type: str, body: bytes, content: str) -> None:
    server = serve(Site({"/x": (200, {"Content-Type": content_type}, body)}))
    found = ask(links=(server.url("/x"),))
    media_type = content_type.partition(";")[0]
    assert found.link(server.url("/x")) == LinkAnswer("works", 200, content=content, media_type=media_type)


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 414, 422])
def test_client_errors_are_broken(serve: Serve, status: int) -> None:
    server = serve(Site({"/x": (status, {}, b"No")}))
    assert ask(links=(server.url("/x"),)).link(server.url("/x")) == LinkAnswer(
        "broken", status, f"it answered {status}"
    )


FIREWALL = ", which firewalls often answer to programs although browsers show the page"


@pytest.mark.parametrize(
    ("status", "more"),
    [
        (304, ""),
        (401, ", so it asks for a login"),
        (403, FIREWALL),
        (406, FIREWALL),
        (407, ""),
        (418, ""),
        (421, ""),
        (425, ""),
        (451, ", so it is blocked for legal reasons, perhaps only in some countries"),
        (500, ""),
        (501, ""),
        (503, ""),
        (999, FIREWALL),
    ],
)
def test_answers_that_say_nothing_about_the_thing(serve: Serve, status: int, more: str) -> None:
    server = serve(Site({"/x": (status, {}, b"No")}))
    assert ask(links=(server.url("/x"),)).link(server.url("/x")) == LinkAnswer(
        "unknown", status, f"it answered {status}{more}"
    )


def test_too_many_requests_is_not_broken_and_not_waited_for(serve: Serve) -> None:
    server = serve(Site({"/x": (429, {"Retry-After": "3600"}, b"")}))
    answer = ask(links=(server.url("/x"),)).link(server.url("/x"))
    # Waited for, it would say that there was no time left.
    assert answer == LinkAnswer("unknown", 429, "it answered 429, so there were too many requests")
    assert len(server.requests) == 1


def test_a_passing_failure_is_asked_again(serve: Serve) -> None:
    replies = iter([(500, {}, b""), (200, {"Content-Type": "image/png"}, PNG)])
    server = serve(lambda _: next(replies))
    answer = ask(links=(server.url("/x"),)).link(server.url("/x"))
    assert answer == LinkAnswer("works", 200, content="PNG", media_type="image/png")
    assert len(server.requests) == 2


def test_redirects(serve: Serve) -> None:
    def to(path: str) -> tuple[int, dict[str, str], bytes]:
        return 302, {"Location": path}, b""

    server = serve(
        Site(
            {
                "/moved": to("/there"),
                "/there": (200, {"Content-Type": "image/png"}, PNG),
                "/gone": to("/nowhere"),
                "/round": to("/round"),
                "/odd": to("ftp://example.com/"),
            }
        )
    )
    found = ask(links=tuple(server.url(path) for path in ("/moved", "/gone", "/round", "/odd")))
    base = server.url("")
    assert found.links == {
        f"{base}/moved": LinkAnswer("works", 200, content="PNG", media_type="image/png"),
        f"{base}/gone": LinkAnswer("broken", 404, f"it leads to {base}/nowhere, which answered 404"),
        f"{base}/round": LinkAnswer(
            "unknown", 302, f"it leads to {base}/round, which answered 302: it redirects more than 5 times"
        ),
        f"{base}/odd": LinkAnswer("unknown", 302, "it answered 302: it redirects to an invalid URL"),
    }


def test_no_answer_is_not_broken(serve: Serve) -> None:
    server = serve(lambda request: None if request.path == "/dropped" else b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    refused = f"http://127.0.0.1:{closed_port()}/"
    found = ask(links=(server.url("/dropped"), server.url("/ssh"), refused, "http://no-such-name.example.com/"))
    assert found.links == {
        server.url("/dropped"): LinkAnswer("unknown", None, "the connection was closed"),
        server.url("/ssh"): LinkAnswer("unknown", None, "it did not answer in HTTP"),
        refused: LinkAnswer("unknown", None, "the connection was refused"),
        "http://no-such-name.example.com/": LinkAnswer(
            "unknown", None, "there is no host named 'no-such-name.example.com'"
        ),
    }


GONE = "there is no host named 'gone.example'"


def told_of(names: Callable[..., Names], table: dict[str, Any], *urls: str) -> dict[str, LinkAnswer]:
    with Http(allow_private_hosts=True, resolver=names(table)) as http:
        return link_answers(fetch_all(http, urls), names_resolve=http.names_resolve)


def test_a_host_that_does_not_exist_is_broken_where_other_names_can_be_looked_up(
    serve: Serve, names: Callable[..., Names]
) -> None:
    server = serve(lambda request: (200, {}, b"fine"))
    there, gone = f"http://there.example:{server.port}/", [f"http://gone.example/{number}" for number in range(6)]
    found = told_of(names, {"there.example": [["127.0.0.1"]]}, there, *gone)
    assert {url: found[url] for url in gone} == dict.fromkeys(gone, LinkAnswer("broken", None, GONE))
    assert found[there].standing == "works"


def test_a_redirect_to_a_host_that_does_not_exist_is_broken(serve: Serve, names: Callable[..., Names]) -> None:
    server = serve(lambda request: (302, {"Location": "http://gone.example/"}, b""))
    url = f"http://there.example:{server.port}/"
    other = serve(lambda request: (404, {}, b""))
    found = told_of(names, {"there.example": [["127.0.0.1"]]}, url, f"http://there.example:{other.port}/")
    assert found[url] == LinkAnswer("broken", None, f"it redirects to http://gone.example/, where {GONE}")


@pytest.mark.parametrize("proof", ["nothing", "an address", "a name that is there but silent"])
def test_where_no_name_could_be_looked_up_nothing_is_known(
    serve: Serve, names: Callable[..., Names], proof: str
) -> None:
    server = serve(lambda request: (200, {}, b"fine"))
    others = {"nothing": (), "an address": (server.url(),)}.get(proof, ("http://other.example/",))
    found = told_of(names, {}, "http://gone.example/", *others)
    assert found["http://gone.example/"] == LinkAnswer("unknown", None, GONE)


def test_what_a_proxy_answers_says_nothing_about_names_looked_up_here(
    serve: Serve, names: Callable[..., Names], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda request: (200, {}, b"fine"))
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    monkeypatch.setenv("NO_PROXY", "gone.example")
    found = told_of(names, {}, "http://there.example/", "http://gone.example/")
    assert found["http://there.example/"].standing == "works"
    assert found["http://gone.example/"] == LinkAnswer("unknown", None, GONE)


def test_a_proxy_that_does_not_exist_breaks_no_link(
    serve: Serve, names: Callable[..., Names], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda request: (200, {}, b"fine"))
    monkeypatch.setenv("HTTP_PROXY", "http://no-proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "there.example")
    found = told_of(
        names,
        {"there.example": [["127.0.0.1"]]},
        f"http://there.example:{server.port}/",
        "http://page.example/",
    )
    detail = "there is no host named 'no-proxy.example', which is the proxy's name"
    assert found["http://page.example/"] == LinkAnswer("unknown", None, detail)


def test_one_deadline_for_all(serve: Serve) -> None:
    def stay_silent(connection: socket.socket) -> None:
        server.closing.wait(20)

    server = serve(lambda request: (200, {}, b"ok") if request.path == "/quick" else stay_silent)
    urls = tuple(server.url(f"/{number}") for number in range(30))
    found = ask(links=(server.url("/quick"), *urls), deadline=1.0)
    assert found.link(server.url("/quick")) == LinkAnswer("works", 200, content="text")
    details = {found.links[url].detail for url in urls}
    assert {found.links[url].standing for url in urls} == {"unknown"}
    assert details <= {
        "there was no time left",
        "there was no time left to try it",
        "the answer took too long",
    }


def test_a_long_body_is_not_read_to_its_end(serve: Serve) -> None:
    sent = threading.Event()

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + PNG)
        try:
            while not server.closing.is_set():
                connection.sendall(bytes(65536))
        except OSError:
            sent.set()

    server = serve(lambda _: endless)
    answer = ask(links=(server.url("/x"),)).link(server.url("/x"))
    assert answer == LinkAnswer("works", 200, content="PNG", media_type="image/png")
    assert sent.wait(5)


def test_one_get_for_each_distinct_address(serve: Serve) -> None:
    server = serve(Site({"/x": (200, {}, PNG)}))
    url = server.url("/x")
    found = ask(links=(url, url, f" {url} ", f"{url}#part"), videos=(f"{url}#t=1",))
    assert [(request.method, request.target) for request in server.requests] == [("GET", "/x")]
    assert found.link(f"{url}#part") is found.link(f" {url}")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:{port}/x", "127.0.0.1 is a loopback address (this machine)"),
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is a cloud metadata address"),
        ("http://10.1.2.3/", "10.1.2.3 is a private address"),
        ("http://localhost:{port}/x", "'localhost' is a loopback address (this machine)"),
        (
            "http://2130706433/",
            "'2130706433' is an unusual form of an IP address, which hides where it leads",
        ),
    ],
)
def test_the_guard(serve: Serve, fence: Any, url: str, reason: str) -> None:
    server = serve(Site({"/x": (200, {}, PNG)}))
    address = url.format(port=server.port)
    found = ask(links=(address,), allow_private_hosts=False)
    assert found.link(address) == LinkAnswer("unknown", None, reason, blocked=True)
    assert fence.attempts == []


def test_the_guard_can_be_lifted_and_holds_after_a_redirect(serve: Serve) -> None:
    inside = serve(Site({"/x": (200, {}, PNG)}))
    # What the user names is trusted, what it redirects to is not.
    oembed = serve(lambda _: (302, {"Location": inside.url("/x")}, b""))
    video = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    found = ask(videos=(video,), youtube_oembed=oembed.url("/oembed"), allow_private_hosts=False)
    assert found.video(video) == VideoAnswer(
        "unknown", None, f"it redirects to {inside.url('/x')}, and 127.0.0.1 is a loopback address (this machine)"
    )
    assert inside.requests == []
    assert ask(links=(inside.url("/x"),)).links[inside.url("/x")].content == "PNG"


YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ((200, {"Content-Type": "application/json"}, b'{"type": "video"}'), VideoAnswer("works", 200)),
        ((404, {}, b"Not Found"), VideoAnswer("gone", 404, "it does not exist")),
        ((400, {}, b"Bad Request"), VideoAnswer("gone", 400, "it does not exist")),
        ((401, {}, b"Unauthorized"), VideoAnswer("gone", 401, "its owner does not allow it to be embedded")),
        ((403, {}, b"Forbidden"), VideoAnswer("gone", 403, "it is private")),
        (
            (200, {}, b"Forbidden"),
            VideoAnswer("gone", 200, "it is private or its owner does not allow it to be embedded"),
        ),
        (
            (403, {"Content-Type": "text/html"}, b"<html>Our systems have detected unusual traffic"),
            VideoAnswer("unknown", 403, "it answered 403"),
        ),
        ((500, {}, b""), VideoAnswer("unknown", 500, "it answered 500")),
        (None, VideoAnswer("unknown", None, "the connection was closed")),
    ],
)
def test_youtube(serve: Serve, reply: Any, expected: VideoAnswer) -> None:
    server = serve(lambda _: reply)
    found = ask(videos=(YOUTUBE,), youtube_oembed=server.url("/oembed"), allow_private_hosts=False)
    assert found.videos == {YOUTUBE: expected}
    assert found.links == {}
    assert {request.target for request in server.requests} == {
        "/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ&format=json"
    }


VIMEO = "https://player.vimeo.com/video/76979871"
DOUBTFUL = "it does not exist, is private, or may be embedded only on certain sites"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ((200, {}, b'{"type": "video", "domain_status_code": null}'), VideoAnswer("works", 200)),
        (
            (200, {}, b'{"type": "video", "domain_status_code": 403}'),
            VideoAnswer("doubtful", 200, "its owner allows it to be embedded only on certain sites"),
        ),
        ((200, {}, b"<html>"), VideoAnswer("works", 200)),
        ((404, {}, b"404 Not Found"), VideoAnswer("doubtful", 404, DOUBTFUL)),
        ((403, {}, b"You have been blocked"), VideoAnswer("unknown", 403, "it answered 403")),
    ],
)
def test_vimeo(serve: Serve, reply: Any, expected: VideoAnswer) -> None:
    server = serve(lambda _: reply)
    variables = {"UMBMARKET_VIMEO_OEMBED": server.url("/api/oembed.json")}
    found = ask(videos=(VIMEO,), environment=variables, allow_private_hosts=False)
    assert found.videos == {VIMEO: expected}
    assert {request.target for request in server.requests} == {
        "/api/oembed.json?url=https%3A%2F%2Fvimeo.com%2F76979871"
    }


def test_each_video_is_asked_for_once_however_it_is_spelled(serve: Serve) -> None:
    server = serve(lambda _: (200, {}, b"{}"))
    spellings = (
        YOUTUBE,
        "https://youtu.be/dQw4w9WgXcQ?t=3",
        "https://www.youtube.com/embed/dQw4w9WgXcQ",
        "https://vimeo.com/76979871/0123abcdef",
    )
    found = ask(videos=spellings, youtube_oembed=server.url("/y"), vimeo_oembed=server.url("/v"))
    assert sorted(server.paths) == [
        "/v?url=https%3A%2F%2Fvimeo.com%2F76979871%2F0123abcdef",
        "/y?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ&format=json",
    ]
    assert {found.video(url) for url in spellings} == {VideoAnswer("works", 200)}


def test_addresses_that_are_no_video_are_left_to_the_offline_rules(fence: Any) -> None:
    pages = ("https://www.youtube.com/@channel", "https://www.youtube.com/playlist?list=PL1", "https://vimeo.com/user")
    assert ask(videos=pages) == OnlineFindings()
    assert fence.attempts == []


def test_packages(serve: Serve) -> None:
    feed = FeedDouble()
    feed.publish("Is.Listed", "1.0.0")
    feed.publish("No.Tag", "1.0.0", tags=())
    feed.publish("Only.Pre", "1.0.0-rc1")
    feed.publish("Is.Unlisted", "1.0.0", listed=False)
    feed.publish("Old.Listed", "1.0.0-rc1")
    feed.publish("Old.Listed", "2.0.0", listed=False)
    server = serve(feed)
    ids = ("Is.Listed", "is.listed", "No.Tag", "Only.Pre", "Is.Unlisted", "Old.Listed", "Is.Missing")
    found = ask(packages=ids, source=server.url(INDEX), allow_private_hosts=False)
    assert {key: answer.standing for key, answer in found.packages.items()} == {
        "is.listed": "listed",
        "no.tag": "listed",
        "only.pre": "listed",
        "is.unlisted": "unlisted",
        "old.listed": "listed",
        "is.missing": "missing",
    }
    assert found.package("IS.Missing ") == PackageAnswer("missing")
    assert found.feed == f"the feed {server.url(INDEX)}"
    assert feed.guessed == []
    assert feed.paths.count(INDEX) == 1


def test_a_feed_that_does_not_answer(serve: Serve) -> None:
    server = serve(lambda _: (404, {}, b""))
    found = ask(packages=("My.Package",), environment={"UMBMARKET_NUGET_SOURCE": server.url(INDEX)})
    assert found.packages == {
        "my.package": PackageAnswer("unknown", f"There is no service index at {server.url(INDEX)} (404).")
    }


def test_a_silent_feed_does_not_hold_up_the_links(serve: Serve) -> None:
    silent = serve(lambda _: lambda connection: silent.closing.wait(20))
    server = serve(Site({"/x": (200, {}, PNG)}))
    found = ask(links=(server.url("/x"),), packages=("My.Package",), source=silent.url(INDEX), deadline=1.0)
    assert found.links[server.url("/x")].content == "PNG"
    assert found.packages == {"my.package": PackageAnswer("unknown", "there was no time left")}


def test_progress_counts_everything(serve: Serve) -> None:
    feed = FeedDouble()
    feed.publish("My.Package", "1.0.0")
    server, site = serve(feed), serve(Site({}))
    steps: list[tuple[int, int]] = []
    ask(
        links=tuple(site.url(f"/{number}") for number in range(5)),
        packages=("My.Package",),
        source=server.url(INDEX),
        on_progress=lambda done, total: steps.append((done, total)),
    )
    assert steps[0] == (0, 6)
    assert steps == sorted(steps)
    assert steps[-1][0] >= 5


def test_ctrl_c_ends_the_run(serve: Serve) -> None:
    waited_out: list[str] = []

    def stay_silent(connection: socket.socket) -> None:
        if not silent.closing.wait(60):
            waited_out.append("the run stayed until the server gave up")

    silent = serve(lambda _: stay_silent)
    site = serve(Site({}))

    def interrupt(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(
            links=(site.url("/x"), silent.url("/y")),
            packages=("My.Package",),
            source=silent.url(INDEX),
            on_progress=interrupt,
        )
    assert waited_out == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "nuget.org"}, "the feed must be the http or https URL of a NuGet V3 service index"),
        ({"youtube_oembed": "youtube"}, "UMBMARKET_YOUTUBE_OEMBED must be an http or https URL without a query"),
        ({"vimeo_oembed": "https://v/?url="}, "UMBMARKET_VIMEO_OEMBED must be an http or https URL without a"),
    ],
)
def test_addresses_that_are_none(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ask(**options)  # type: ignore[arg-type]  # each case gives one option


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com/a%20b?x=1#y", True),
        (" https://example.com ", True),
        ("https://exämple.com/ü", True),
        ("https://github.com/{username}", False),
        ("https://example.com/a b", False),
        ("https://example.com/a\u202eb", False),
        ("example.com", False),
        ("mailto:me@example.com", False),
        ("", False),
    ],
)
def test_what_can_be_asked(text: str, expected: bool) -> None:
    assert can_be_asked(text) is expected


@needs_corpus
def test_whatever_real_listings_name_can_be_asked_or_is_left_out(fence: Any) -> None:
    read = [Listing("x.json", (CORPUS / entry["file"]).read_bytes()) for entry in listings()]
    links, videos, packages = (
        tuple(text for each in read for _, text in each.texts(*patterns))
        for patterns in (LINK_VALUES, VIDEO_VALUES, PACKAGE_ID_VALUES)
    )
    # No name is looked up here, so the whole run says that nothing can be reached.
    found = ask(links=links, videos=videos, packages=packages)
    assert {answer.standing for answer in found.links.values()} == {"unknown"}
    assert {answer.standing for answer in found.videos.values()} == {"unknown"}
    assert {answer.standing for answer in found.packages.values()} == {"unknown"}
    assert len(found.links) > 300
    assert all(not answer.detail.startswith("it is not a usable") for answer in found.links.values())
    assert set(fence.attempts) <= {"127.0.0.1"}
