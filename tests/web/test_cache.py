from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.web import cache as http_cache
from umbmarket.web.cache import DocumentCache, default_cache_folder
from umbmarket.web.client import Http
from umbmarket.web.credentials import Credentials, Feed
from umbmarket.web.outcomes import Fetched, HttpFailure, Outcome, ServiceWarning

ETAG = (("etag", '"v1"'), ("content-type", "application/json"), ("x-other", "dropped"))


class Versioned:
    """A feed whose documents have an ETag."""

    def __init__(self, **headers: str) -> None:
        self.version = "1"
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def __call__(self, request: Any) -> Any:
        tag = f'"v{self.version}"'
        if request.headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {"ETag": tag, "Content-Type": "application/json", **self.headers}, self.version.encode()


def get(http: Http, url: str, feed: Feed | None = None, **more: Any) -> Fetched:
    answer: Outcome = http.get_document(feed or Feed(url), url, **more)
    assert isinstance(answer, Fetched)
    return answer


@pytest.fixture
def warnings() -> list[ServiceWarning]:
    return []


@pytest.fixture
def cache(tmp_path: Path, warnings: list[ServiceWarning]) -> DocumentCache:
    return DocumentCache(tmp_path / "feed", on_warning=warnings.append)


def test_a_document_is_asked_for_again_with_its_etag(serve: Callable[..., Any], cache: DocumentCache) -> None:
    feed = Versioned()
    server = serve(feed)
    with Http(allow_private_hosts=True, cache=cache) as http:
        first, second = get(http, server.url()), get(http, server.url())
        feed.version = "2"
        third = get(http, server.url())
    assert [(answer.body, answer.from_cache) for answer in (first, second, third)] == [
        (b"1", False),
        (b"1", True),
        (b"2", False),
    ]
    assert second.media_type == "application/json"
    assert [request.headers.get("if-none-match") for request in server.requests] == [None, '"v1"', '"v1"']


def test_it_lasts_beyond_the_process(serve: Callable[..., Any], tmp_path: Path) -> None:
    server = serve(Versioned())
    for expected in (False, True):
        with Http(allow_private_hosts=True, cache=DocumentCache(tmp_path)) as http:
            assert get(http, server.url()).from_cache is expected


def test_last_modified_serves_where_there_is_no_etag(serve: Callable[..., Any], cache: DocumentCache) -> None:
    stamp = "Fri, 15 Jan 2027 08:00:00 GMT"

    def answer(request: Any) -> Any:
        if request.headers.get("if-modified-since") == stamp:
            return 304, {}, b""
        return 200, {"Last-Modified": stamp}, b"doc"

    with Http(allow_private_hosts=True, cache=cache) as http:
        url = serve(answer).url()
        assert [get(http, url).from_cache for _ in range(2)] == [False, True]


def test_a_lasting_document_is_not_asked_for_again(serve: Callable[..., Any], cache: DocumentCache) -> None:
    server = serve(lambda request: (200, {}, b"<package/>"))
    with Http(allow_private_hosts=True, cache=cache) as http:
        answers = [get(http, server.url(), lasting=True) for _ in range(3)]
    assert [(answer.body, answer.from_cache, answer.tries) for answer in answers] == [
        (b"<package/>", False, 1),
        (b"<package/>", True, 0),
        (b"<package/>", True, 0),
    ]
    assert len(server.requests) == 1


def test_without_a_cache_everything_is_asked_for(serve: Callable[..., Any]) -> None:
    server = serve(Versioned())
    with Http(allow_private_hosts=True) as http:
        assert [get(http, server.url(), lasting=True).from_cache for _ in range(2)] == [False, False]


def test_feeds_and_credentials_do_not_share(serve: Callable[..., Any], cache: DocumentCache) -> None:
    server = serve(lambda request: (200, {"ETag": '"x"'}, b"mine"))
    url = server.url()
    feeds = [
        Feed(url),
        Feed(url, Credentials("a", "1")),
        Feed(url, Credentials("a", "2")),
        Feed(server.url("/other")),
    ]
    with Http(allow_private_hosts=True, cache=cache) as http:
        for feed in feeds:
            assert get(http, url, feed, lasting=True).from_cache is False
        for feed in feeds:
            assert get(http, url, feed, lasting=True).from_cache is True


def test_plain_links_are_not_cached(serve: Callable[..., Any], cache: DocumentCache, tmp_path: Path) -> None:
    server = serve(Versioned())
    with Http(allow_private_hosts=True, cache=cache) as http:
        http.get(server.url())
    assert not (tmp_path / "feed").exists()


@pytest.mark.parametrize(
    ("headers", "limit"),
    [({"Cache_Control": "private, no-store"}, 100), ({"Vary": "*"}, 100), ({}, 0)],
)
def test_what_is_not_kept(serve: Callable[..., Any], cache: DocumentCache, headers: dict[str, str], limit: int) -> None:
    server = serve(Versioned(**headers))
    with Http(allow_private_hosts=True, cache=cache) as http:
        assert [get(http, server.url(), limit=limit).from_cache for _ in range(2)] == [False, False]
    assert [request.headers.get("if-none-match") for request in server.requests] == [None, None]


def test_redirected_and_partial_answers_are_not_kept(serve: Callable[..., Any], cache: DocumentCache) -> None:
    def answer(request: Any) -> Any:
        if request.path == "/moved":
            return 302, {"Location": "/there"}, b""
        return (206 if request.path == "/part" else 200), {"ETag": '"x"'}, b"doc"

    server = serve(answer)
    with Http(allow_private_hosts=True, cache=cache) as http:
        for path in ("/moved", "/part"):
            assert [get(http, server.url(path), lasting=True).from_cache for _ in range(2)] == [False, False]


def test_a_cached_document_longer_than_the_limit_is_not_used(serve: Callable[..., Any], cache: DocumentCache) -> None:
    server = serve(lambda request: (200, {"ETag": '"x"'}, b"12345"))
    with Http(allow_private_hosts=True, cache=cache) as http:
        get(http, server.url(), limit=5)
        answer = get(http, server.url(), limit=4, lasting=True)
    assert (answer.body, answer.truncated, answer.from_cache) == (b"1234", True, False)


def test_a_failure_is_not_covered_up_by_the_cache(serve: Callable[..., Any], cache: DocumentCache) -> None:
    replies = [(200, {"ETag": '"x"'}, b"doc"), (404, {}, b"")]
    server = serve(lambda request: replies.pop(0))
    with Http(allow_private_hosts=True, cache=cache) as http:
        get(http, server.url())
        answer = http.get_document(Feed(server.url()), server.url())
    assert isinstance(answer, HttpFailure)
    assert answer.status == 404


def test_a_304_nobody_asked_for_is_a_failure(serve: Callable[..., Any], cache: DocumentCache) -> None:
    server = serve(lambda request: (304, {}, b""))
    with Http(allow_private_hosts=True, cache=cache) as http:
        answer = http.get_document(Feed(server.url()), server.url())
    assert isinstance(answer, HttpFailure)
    assert answer.status == 304


def only_file(cache_folder: Path) -> Path:
    (path,) = cache_folder.iterdir()
    return path


def damage_header(path: Path) -> None:
    header, _, body = path.read_bytes().partition(b"\n")
    described = json.loads(header)
    described["headers"] = [["etag", "x\r\ninjected: yes"]]
    path.write_bytes(json.dumps(described).encode() + b"\n" + body)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes() + b"x"),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"X"),
        lambda path: path.write_bytes(b"[" * 100_000),
        lambda path: path.write_bytes(b"[]\n"),
        lambda path: path.write_bytes(b"\xff\xfe\n"),
        lambda path: path.write_bytes(path.read_bytes().replace(b"umbmarket-cache-1", b"umbmarket-cache-9")),
        damage_header,
    ],
)
def test_a_damaged_file_is_one_warning_and_replaced(
    serve: Callable[..., Any],
    cache: DocumentCache,
    warnings: list[ServiceWarning],
    tmp_path: Path,
    damage: Callable[[Path], None],
) -> None:
    server = serve(Versioned())
    folder = tmp_path / "feed"
    with Http(allow_private_hosts=True, cache=cache) as http:
        get(http, server.url())
        damage(only_file(folder))
        assert get(http, server.url()).from_cache is False
        assert get(http, server.url()).from_cache is True
        damage(only_file(folder))
        assert get(http, server.url()).from_cache is False
    assert warnings == [
        ServiceWarning(
            "cache",
            f"The cache folder {folder} contains a damaged file ({only_file(folder).name}); continuing without it. "
            "--no-cache avoids it.",
        )
    ]


@given(st.binary(max_size=200))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_content_raises_or_is_believed(tmp_path: Path, content: bytes) -> None:
    cache = DocumentCache(tmp_path)
    cache.store("p", "u", ETAG, b"body")
    only_file(tmp_path).write_bytes(content)
    assert cache.find("p", "u") is None


def test_a_file_of_another_address_is_not_believed(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path)
    cache.store("p", "u", ETAG, b"body")
    path = only_file(tmp_path)
    cache.store("p", "v", ETAG, b"other")
    other = next(found for found in tmp_path.iterdir() if found != path)
    os.replace(other, path)
    assert cache.find("p", "u") is None


@pytest.mark.parametrize("what", ["a file in its place", "a folder in a file's place"])
def test_a_folder_that_cannot_be_used_is_one_warning(
    serve: Callable[..., Any], tmp_path: Path, warnings: list[ServiceWarning], what: str
) -> None:
    server = serve(Versioned())
    folder = tmp_path / "feed"
    cache = DocumentCache(folder, on_warning=warnings.append)
    if what == "a file in its place":
        folder.write_text("in the way")
    else:
        cache.store(Feed(server.url()).partition(), server.url(), ETAG, b"x")
        path = only_file(folder)
        path.unlink()
        path.mkdir()
    with Http(allow_private_hosts=True, cache=cache) as http:
        for _ in range(3):
            assert get(http, server.url()).body == b"1"
    (warning,) = warnings
    assert warning.what == "cache"
    assert str(folder) in warning.text


def test_a_read_only_folder_is_one_warning(
    serve: Callable[..., Any], tmp_path: Path, warnings: list[ServiceWarning], as_root: bool
) -> None:
    if as_root:
        pytest.skip("permissions mean nothing to root")
    tmp_path.chmod(0o500)
    server = serve(Versioned())
    with Http(allow_private_hosts=True, cache=DocumentCache(tmp_path, on_warning=warnings.append)) as http:
        for _ in range(2):
            assert get(http, server.url()).body == b"1"
    tmp_path.chmod(0o700)
    assert [warning.what for warning in warnings] == ["cache"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_folder_and_files_are_private(cache: DocumentCache, tmp_path: Path) -> None:
    cache.store("p", "u", ETAG, b"body")
    folder = tmp_path / "feed"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert only_file(folder).stat().st_mode & 0o777 == 0o600


def test_what_is_kept_of_the_headers(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path)
    cache.store("p", "u", ETAG, b"body")
    document = cache.find("p", "u")
    assert document is not None
    assert document.headers == (("etag", '"v1"'), ("content-type", "application/json"))
    assert document.conditions == (("if-none-match", '"v1"'),)


def test_old_and_surplus_documents_go_on_close(tmp_path: Path, fake_time: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = DocumentCache(tmp_path, now=fake_time.time)

    def keep(url: str, size: int) -> None:
        cache.store("p", url, ETAG, bytes(size))
        assert cache.find("p", url) is not None  # marks it as used now

    keep("old", 10)
    (tmp_path / "new-left-behind").write_bytes(b"")
    (tmp_path / "not-ours.txt").write_bytes(b"")
    os.utime(tmp_path / "new-left-behind", (fake_time.wall, fake_time.wall))
    fake_time.advance(31 * 24 * 3600)
    keep("first", 3000)
    fake_time.advance(10)
    keep("second", 3000)
    fake_time.advance(10)
    monkeypatch.setattr(http_cache, "MAX_CACHE_BYTES", 4000)
    cache.close()
    assert cache.find("p", "old") is None
    assert cache.find("p", "first") is None
    assert cache.find("p", "second") is not None
    assert (tmp_path / "not-ours.txt").exists()
    assert not (tmp_path / "new-left-behind").exists()


def test_too_long_a_document_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_cache, "MAX_DOCUMENT_BYTES", 4)
    cache = DocumentCache(tmp_path)
    cache.store("p", "u", ETAG, b"12345")
    assert list(tmp_path.iterdir()) == []
    cache.store("p", "u", ETAG, b"1234")
    assert cache.find("p", "u") is not None


def test_readers_see_one_version_or_the_other(tmp_path: Path, warnings: list[ServiceWarning]) -> None:
    cache = DocumentCache(tmp_path, on_warning=warnings.append)
    cache.store("p", "u", ETAG, b"0" * 50_000)
    done = threading.Event()

    def write() -> None:
        for number in range(60):
            cache.store("p", "u", ETAG, str(number % 10).encode() * 50_000)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        document = cache.find("p", "u")
        assert document is not None
        assert len(set(document.body)) == 1
    writer.join()
    assert warnings == []


def test_the_default_folder_is_the_users_cache() -> None:
    assert default_cache_folder().parts[-2:] == ("umbmarket", "feed")
