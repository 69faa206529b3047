"""`umbmarket validate --online` as users run it, and what it is without `--online`: no socket at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import umbmarket
from tests.doubles.feed_double import INDEX, FeedDouble
from tests.loopback import Server
from umbmarket.disk.shipped_schemas import schema_path
from umbmarket.umbraco.vocabulary import LISTING_SCHEMA

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
LISTING = "umbraco-marketplace.json"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")


def answer(request: Any) -> Any:
    replies: Mapping[str, Any] = {
        "/good.png": (200, {"Content-Type": "image/png"}, PNG),
        "/page.png": (200, {"Content-Type": "image/png"}, b"<!DOCTYPE html><title>Sign in</title>"),
        "/busy.png": (503, {}, b""),
        "/oembed": (401, {}, b"Unauthorized"),
        "/schema.json": (200, {}, schema_path(LISTING_SCHEMA).read_bytes()),
        "/stricter.json": (200, {}, schema_path(LISTING_SCHEMA).read_bytes().replace(b'"Screenshots"', b'"Pictures"')),
    }
    return replies.get(request.path, (404, {}, b"Not here"))


@pytest.fixture
def site() -> Iterator[Server]:
    server = Server(answer)
    yield server
    server.close()


@pytest.fixture
def feed() -> Iterator[Server]:
    double = FeedDouble()
    double.publish("My.Other", "1.0.0")
    server = Server(double)
    yield server
    server.close()


@pytest.fixture
def listing(project: Path, site: Server, feed: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A listing whose addresses lead to servers of our own."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("UMBMARKET_NUGET_SOURCE", feed.url(INDEX))
    monkeypatch.setenv("UMBMARKET_YOUTUBE_OEMBED", site.url("/oembed"))
    monkeypatch.setenv("UMBMARKET_LISTING_SCHEMA", site.url("/schema.json"))
    value = {
        "AuthorDetails": {"Url": site.url("/gone"), "ImageUrl": site.url("/page.png")},
        "VideoUrl": "https://www.youtube.com/embed/dQw4w9WgXcQ",
        "Screenshots": [{"ImageUrl": site.url("/good.png")}, {"ImageUrl": site.url("/busy.png")}],
        "PackagesByAuthor": ["My.Other", "My.Missing"],
    }
    (project / LISTING).write_text(json.dumps(value, indent=2), "utf-8")
    return project / LISTING


ONLINE = ("validate", "--online", "--no-cache", "--select", "UMB6", "-f", "concise")
SUMMARY = [
    "3 errors, 1 warning in 1 listing",
    "1 suggestion, --min-severity info shows it",
    "1 link could not be checked (UMB602)",
]


def test_everything_at_once(listing: Path, site: Server, feed: Server, launch) -> None:
    result = launch(*ONLINE, "--allow-private-hosts")
    assert result.stdout.decode().splitlines() == [
        f'{LISTING}:3:12: error: UMB601 "{site.url("/gone")}" is broken: it answered 404',
        f'{LISTING}:4:17: error: UMB603 "{site.url("/page.png")}" serves an HTML page, not an image, '
        'although the server declares it as "image/png"',
        f'{LISTING}:6:15: error: UMB610 the video "https://www.youtube.com/embed/dQw4w9WgXcQ" does not play in a '
        "listing: its owner does not allow it to be embedded",
        f'{LISTING}:17:5: warning: UMB604 the feed {feed.url(INDEX)} has no package "My.Missing"',
        *SUMMARY,
    ]
    assert (result.stderr, result.returncode) == (b"", 1)


def test_addresses_inside_are_refused_unless_allowed(listing: Path, site: Server, feed: Server, launch) -> None:
    text = listing.read_text("utf-8").replace(site.url("/gone"), "http://169.254.169.254/latest")
    listing.write_text(text, "utf-8")
    result = launch(*ONLINE, "--min-severity", "info")
    guard = "could not be checked: 127.0.0.1 is a loopback address (this machine)"
    assert result.stdout.decode().splitlines() == [
        # The addresses of the feed and of oEmbed are named by the user and not by the listing: they may be anywhere.
        f'{LISTING}:6:15: error: UMB610 the video "https://www.youtube.com/embed/dQw4w9WgXcQ" does not play in a '
        "listing: its owner does not allow it to be embedded",
        f'{LISTING}:17:5: warning: UMB604 the feed {feed.url(INDEX)} has no package "My.Missing"',
        f'{LISTING}:3:12: note: UMB602 "http://169.254.169.254/latest" could not be checked: '
        "169.254.169.254 is a cloud metadata address",
        f'{LISTING}:4:17: note: UMB602 "{site.url("/page.png")}" {guard}',
        f'{LISTING}:9:19: note: UMB602 "{site.url("/good.png")}" {guard}',
        f'{LISTING}:12:19: note: UMB602 "{site.url("/busy.png")}" {guard}',
        "1 error, 1 warning, 4 suggestions in 1 listing",
        "4 links could not be checked (UMB602)",
    ]
    assert {request.path for request in site.requests} == {"/oembed", "/schema.json"}


def test_only_what_the_selected_rules_need_is_asked(listing: Path, site: Server, feed: Server, launch) -> None:
    assert launch("validate", "--online", "--no-cache", "--select", "UMB604", "-q").returncode == 0
    assert site.requests == []
    assert feed.requests != []
    feed.requests.clear()
    launch("validate", "--online", "--select", "UMB601", "-q", "--allow-private-hosts")
    assert feed.requests == []
    site.requests.clear()
    launch("validate", "--online", "--select", "UMB1", "-q", "--allow-private-hosts")
    assert site.requests == feed.requests == []


SCHEMA_RULES = ("validate", "--online", "--select", "UMB612,UMB613", "-f", "concise", "--min-severity", "info")


def test_what_the_schema_published_today_rejects_is_a_warning(listing: Path, site: Server, launch) -> None:
    listing.write_text('{\n  "Screenshots": []\n}\n', "utf-8")
    result = launch(*SCHEMA_RULES, "-q", UMBMARKET_LISTING_SCHEMA=site.url("/stricter.json"))
    assert result.stdout.decode().splitlines() == [
        f'{LISTING}:1:1: warning: UMB612 the schema published today rejects this: unknown property "Screenshots"'
    ]
    assert (result.returncode, result.stderr) == (0, b"")
    assert launch(*SCHEMA_RULES, "-q").stdout == b""


def test_what_the_schema_published_today_accepts_is_told_of_a_listing_with_errors(
    listing: Path, site: Server, launch
) -> None:
    listing.write_text('{\n  "Pictures": []\n}\n', "utf-8")
    result = launch(*SCHEMA_RULES, "-q", UMBMARKET_LISTING_SCHEMA=site.url("/stricter.json"))
    assert result.stdout.decode().splitlines() == [
        f"{LISTING}:1:1: note: UMB613 the schema published today accepts this listing, and the copy in this umbmarket "
        "does not"
    ]
    assert launch(*SCHEMA_RULES, "-q").stdout == b""


@pytest.mark.parametrize(
    ("path", "problem"),
    [("/no-schema", "it answered 404"), ("/page.png", "it is not JSON"), ("/good.png", "it is not JSON")],
)
def test_a_schema_that_cannot_be_had_is_a_note_and_no_finding(
    listing: Path, site: Server, launch, path: str, problem: str
) -> None:
    result = launch(*SCHEMA_RULES, UMBMARKET_LISTING_SCHEMA=site.url(path))
    assert result.stderr.decode().splitlines() == [
        f"note: the published schema could not be fetched from {site.url(path)}: {problem}"
    ]
    assert result.returncode == 0


def test_documents_of_the_feed_are_cached_unless_told_not_to(listing: Path, tmp_path: Path, launch) -> None:
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "LOCALAPPDATA": str(tmp_path / "cache")}
    launch("validate", "--online", "--no-cache", "--select", "UMB604", **home)
    assert list(tmp_path.rglob("feed")) == []


@pytest.mark.parametrize("option", ["--allow-private-hosts", "--no-cache"])
def test_options_of_the_network_need_it(healthy: Path, run, option: str) -> None:
    result = run("validate", option)
    assert result.exit_code == 2
    assert "it needs --online" in result.output


def test_an_address_that_is_none_is_wrong_use(healthy: Path, run) -> None:
    result = run("validate", "--online", UMBMARKET_NUGET_SOURCE="nuget.org")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "error: UMBMARKET_NUGET_SOURCE must be the http or https URL of a NuGet V3 service index"
    )


def test_from_python(listing: Path, site: Server) -> None:
    options = umbmarket.OnlineOptions(allow_private_hosts=True, use_cache=False)
    report = umbmarket.validate([listing], settings=umbmarket.Settings(select=("UMB6",)), online=options)
    assert [finding.code for finding in report.findings] == ["UMB601", "UMB603", "UMB610", "UMB602", "UMB604"]
    offline = umbmarket.validate([listing], settings=umbmarket.Settings(select=("UMB6",)))
    assert offline.findings == ()


def on_a_terminal(*args: str) -> tuple[str, str]:
    """Standard output and error of a run whose standard error is a terminal."""
    import pty

    terminal, its_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "umbmarket", *args],
        stdout=subprocess.PIPE,
        stderr=its_end,
        env={**os.environ, "TERM": "x"},
    ) as process:
        os.close(its_end)
        shown = b""
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # what Linux says when the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(terminal)
        assert process.stdout is not None
        return process.stdout.read().decode(), shown.decode()


@posix
def test_progress_is_a_line_that_is_wiped(listing: Path) -> None:
    out, shown = on_a_terminal(*ONLINE, "--allow-private-hosts")
    assert out.splitlines()[-3:] == SUMMARY
    assert shown.startswith("\rchecking links: 0 of 8")
    assert "\n" not in shown
    assert shown.endswith("\r" + " " * len("checking links: 0 of 8") + "\r")


@posix
@pytest.mark.parametrize("args", [(*ONLINE, "-q"), ("validate", "-f", "concise")])
def test_no_progress_when_quiet_or_offline(listing: Path, args: tuple[str, ...]) -> None:
    assert on_a_terminal(*args)[1] == ""


WITHOUT_SOCKETS = """
import sys

def forbid(event, args):
    if event.startswith("socket."):
        raise SystemExit(f"{event} {args}")

sys.addaudithook(forbid)
from umbmarket.__main__ import main
code = None
try:
    main()
except SystemExit as end:
    code = end.code
network = {"httpx", "httpcore", "ssl", "socket", "asyncio", "tenacity", "umbmarket.umbraco.online.links"}
print(code, sorted(network & set(sys.modules)), file=sys.stderr)
"""


def test_without_online_no_socket_is_opened(listing: Path, site: Server, feed: Server) -> None:
    def without_sockets(*args: str) -> str:
        run = subprocess.run(
            [sys.executable, "-c", WITHOUT_SOCKETS, "validate", "--no-config", "-q", *args],
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stderr.splitlines()[-1]

    assert without_sockets(LISTING) == "1 []"
    assert without_sockets(".") == "1 []"
    assert without_sockets("--select", "UMB6", LISTING) == "0 []"
    assert site.requests == feed.requests == []
    # The fence does stop a run that asks the network.
    assert without_sockets("--online", "--no-cache", LISTING).startswith("socket.")
    assert site.requests == feed.requests == []
