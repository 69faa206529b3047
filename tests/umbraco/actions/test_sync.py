"""`umbmarket.sync` against a feed, the Marketplace's API and its sync function on the loopback interface."""

from __future__ import annotations

import itertools
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import umbmarket
from tests.doubles.feed_double import INDEX, DoublePackage, FeedDouble
from tests.doubles.marketplace_double import API_BASE, MarketplaceDouble, record
from tests.doubles.sync_double import SyncDouble
from tests.loopback import FakeTime, Request, Server, fence  # noqa: F401 - a fixture that lets no test out
from umbmarket.umbraco.publication import WrongRequest
from umbmarket.umbraco.syncing import SyncEvent, SyncState, exit_code_of
from umbmarket.web.throttle import Throttle
from umbmarket.web.throttle_state import Moment

ID = "My.Package"


@dataclass
class World:
    """The three doubles and a clock that moves only when somebody sleeps."""

    folder: Path
    feed: FeedDouble = field(default_factory=FeedDouble)
    api: MarketplaceDouble = field(default_factory=MarketplaceDouble)
    function: SyncDouble = field(default_factory=SyncDouble)
    clock: FakeTime = field(default_factory=FakeTime)
    events: list[str] = field(default_factory=list)
    source: str = ""
    api_base: str = ""
    sync_url: str = ""

    def throttle(self) -> Throttle:
        return Throttle(
            self.folder / "throttle.db",
            now=lambda: Moment(self.clock.wall, self.clock.boot, self.clock.uptime),
            sleep=self.clock.sleep,
        )

    def options(self, **changes: object) -> umbmarket.SyncOptions:
        usual: dict[str, object] = {
            "source": self.source,
            "marketplace_api": self.api_base,
            "sync_url": self.sync_url,
            "cache": False,
            "allow_private_hosts": True,
            "state_file": self.folder / "throttle.db",
        }
        return umbmarket.SyncOptions(**{**usual, **changes})  # type: ignore[arg-type] - the options of `sync`

    def sync(self, package_id: str = ID, **changes: object) -> umbmarket.SyncResult:
        return umbmarket.sync(
            package_id,
            self.options(**changes),
            environment={},
            on_event=self.note,
            clock=self.clock.time,
            sleep=self.clock.sleep,
            throttle=self.throttle(),
        )

    def note(self, event: SyncEvent) -> None:
        self.events.append(event.text)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    servers = [Server(handler) for handler in (found.feed, found.api, found.function)]
    found.source, found.api_base, found.sync_url = servers[0].url(INDEX), servers[1].url(API_BASE), servers[2].url("/f")
    try:
        yield found
    finally:
        for server in servers:
            server.close()


def publish(world: World, version: str = "1.2.0", **details: object) -> None:
    usual: dict[str, object] = {"tags": ["umbraco-marketplace"]}
    world.feed.publish(ID, version, **{**usual, **details})


def test_an_accepted_request_is_queued(world: World) -> None:
    publish(world)
    result = world.sync("my.PACKAGE")
    assert (result.package_id, result.state, result.exit_code) == (ID, SyncState.ACCEPTED, 0)
    assert result.detail == (
        "the Marketplace accepted the request and queued it; the listing usually shows it after 25 to 90"
        " minutes (an estimate)"
    )
    assert (result.tries, result.version) == (1, "1.2.0")
    request = world.function.requests[0]
    assert (request.method, request.path, json.loads(request.body)) == ("POST", "/f", {"PackageId": ID})
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == f"umbmarket/{umbmarket.__version__}"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_accepted(world: World, status: int) -> None:
    publish(world)
    world.function.replies = [(status, {}, b"")]
    assert world.sync().state is SyncState.ACCEPTED


def test_a_web_page_is_no_answer_of_the_function(world: World) -> None:
    publish(world)
    world.function.replies = [(200, {"Content-Type": "text/html; charset=utf-8"}, b"<title>Sign in</title>")]
    result = world.sync()
    assert (result.state, result.exit_code, result.tries) == (SyncState.NETWORK, 4, 1)
    assert result.detail == f"{world.sync_url} answered 200 with a web page, which the sync function never does"
    assert (
        result.help == "check the URL of the sync function, and whether a proxy or a sign-in page answers in its place"
    )


@pytest.mark.parametrize(
    ("details", "detail", "help_"),
    [
        (
            {"tags": ["umbraco"]},
            "No listed, stable version of My.Package has the tag umbraco-marketplace.",
            'add the tag "umbraco-marketplace" to the package and publish a new version',
        ),
        (
            {"listed": False},
            "No version of My.Package on the feed is both listed and stable.",
            "publish a stable version, or list it again on nuget.org",
        ),
    ],
)
def test_what_cannot_be_synced_is_not(world: World, details: dict[str, object], detail: str, help_: str) -> None:
    publish(world, **details)
    result = world.sync()
    assert (result.state, result.exit_code) == (SyncState.NOT_SYNCABLE, 1)
    assert (result.detail, result.help) == (detail, help_)
    assert world.function.requests == []


def test_prereleases_alone_are_not_synced(world: World) -> None:
    publish(world, "2.0.0-rc.1")
    assert world.sync().state is SyncState.NOT_SYNCABLE


def test_an_unknown_package_is_not_synced(world: World) -> None:
    result = world.sync("Nobody.Knows")
    assert (result.state, result.detail) == (SyncState.NOT_SYNCABLE, "The feed has no package Nobody.Knows.")
    assert world.function.requests == []


LIES = ["Other.Package", "../../x", "My.Package\r\nX-Evil: 1", "My.Package\ud800", "", "My.Pac\u212aage"]


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("style", ["nuget.org", "azure"])
def test_only_the_letter_case_of_an_id_is_taken_from_the_feed(world: World, lie: str, style: str) -> None:
    """Whatever a feed calls the package, what is posted and counted is what was asked for."""
    world.feed.style = style
    nuspec = DoublePackage(lie.replace("\ud800", "\ufffd"), "1.2.0").nuspec_bytes
    world.feed.packages["my.package"] = [DoublePackage(lie, "1.2.0", nuspec=nuspec)]
    result = world.sync("My.Package")
    assert (result.state, result.package_id, world.function.ids) == (SyncState.ACCEPTED, "My.Package", ["My.Package"])
    assert world.sync("my.package", wait_for_slot=False).state is SyncState.BUSY


def test_without_the_check_nothing_is_asked_of_the_feed(world: World) -> None:
    result = world.sync("some.Package", check=False)
    assert (result.package_id, result.state) == ("some.Package", SyncState.ACCEPTED)
    assert (world.feed.requests, world.function.ids) == ([], ["some.Package"])


def test_a_dry_run_sends_nothing(world: World) -> None:
    publish(world)
    result = world.sync(dry_run=True)
    assert (result.state, result.exit_code, world.function.requests) == (SyncState.DRY_RUN, 0, [])
    assert result.detail == "would ask the Marketplace to read My.Package 1.2.0 again; nothing was sent"


def test_a_refusal_is_final_and_says_what_the_marketplace_says(world: World) -> None:
    publish(world)
    world.function.replies = [(400, {"Content-Type": "text/plain"}, b"The id is odd.\nSecond line")]
    result = world.sync()
    assert (result.state, result.exit_code, result.tries) == (SyncState.REFUSED, 1, 1)
    assert "The id is odd." in result.detail
    assert "Second line" not in result.detail


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_passing_troubles_are_tried_again_a_minute_apart(world: World, status: int) -> None:
    publish(world)
    world.function.replies = [(status, {}, b""), (status, {}, b"")]
    began = world.clock.wall
    result = world.sync()
    assert (result.state, result.tries) == (SyncState.ACCEPTED, 3)
    assert world.clock.wall - began >= 120


def test_a_dropped_connection_may_have_arrived_and_costs_its_turn(world: World) -> None:
    publish(world)
    world.function.replies = [None]
    began = world.clock.wall
    result = world.sync()
    assert (result.state, result.tries, world.function.ids) == (SyncState.ACCEPTED, 2, [ID, ID])
    assert world.clock.wall - began >= 60


def test_a_retry_after_may_be_a_date(world: World) -> None:
    publish(world)
    dates = {"Date": "Fri, 20 Nov 2026 10:00:00 GMT", "Retry-After": "Fri, 20 Nov 2026 10:03:20 GMT"}
    world.function.replies = [(503, dates, b"")]
    began = world.clock.wall
    assert world.sync().state is SyncState.ACCEPTED
    assert 200 <= world.clock.wall - began < 270


def test_there_are_five_tries_at_most(world: World) -> None:
    publish(world)
    world.function.replies = [(503, {}, b"")] * 9
    result = world.sync()
    assert (result.state, result.exit_code, result.tries) == (SyncState.NETWORK, 4, 5)
    assert len(world.function.requests) == 5


def test_retry_after_is_obeyed(world: World) -> None:
    publish(world)
    world.function.replies = [(429, {"Retry-After": "200"}, b"")]
    began = world.clock.wall
    assert world.sync().state is SyncState.ACCEPTED
    assert 200 <= world.clock.wall - began < 270


def test_a_second_request_waits_for_its_turn(world: World) -> None:
    publish(world)
    world.sync()
    began = world.clock.wall
    assert world.sync("MY.package").state is SyncState.ACCEPTED
    assert 60 <= world.clock.wall - began < 61
    assert "one request a minute is allowed; waiting 60 s" in world.events


def test_without_waiting_the_seconds_left_are_told(world: World) -> None:
    publish(world)
    world.sync()
    world.clock.advance(20)
    result = world.sync(wait_for_slot=False)
    assert (result.state, result.exit_code) == (SyncState.BUSY, 5)
    assert result.detail == "one request a minute is allowed; next request possible in 40 s"
    assert result.wait_seconds == pytest.approx(40, abs=0.1)
    assert len(world.function.requests) == 1


def test_a_refused_connection_costs_no_turn(world: World) -> None:
    publish(world)
    gone = Server(lambda request: None)
    gone.close()
    result = world.sync(sync_url=gone.url("/f"))
    assert (result.state, result.exit_code) == (SyncState.NETWORK, 4)
    began = world.clock.wall
    assert world.sync().state is SyncState.ACCEPTED
    assert world.clock.wall == began


def test_waiting_ends_when_the_marketplace_shows_the_version(world: World) -> None:
    publish(world)
    world.api.packages["my.package"] = record(latestVersionNumber="1.1.0", lastPublishedOn="2020-01-01T00:00:00Z")
    shown = iter([False, False, True])

    def answer(seconds: float) -> None:
        FakeTime.sleep(world.clock, seconds)
        if next(shown):
            world.api.packages["my.package"] = record(latestVersionNumber="1.2.0")

    result = umbmarket.sync(
        ID,
        world.options(wait=True),
        environment={},
        on_event=world.note,
        clock=world.clock.time,
        sleep=answer,
        throttle=world.throttle(),
    )
    assert (result.state, result.exit_code, result.shown_version) == (SyncState.SEEN, 0, "1.2.0")
    assert world.clock.sleeps == [60, 90, 135]
    assert world.events == [
        "accepted; waiting for the Marketplace to show it",
        "the Marketplace shows 1.1.0, waiting for 1.2.0",
        "the Marketplace shows 1.1.0, waiting for 1.2.0",
    ]


def test_waiting_ends_at_the_timeout(world: World) -> None:
    publish(world)
    result = world.sync(wait=True, timeout=600)
    assert (result.state, result.exit_code) == (SyncState.TIMED_OUT, 5)
    assert result.detail == "accepted, but after 10 minutes the Marketplace shows nothing, not 1.2.0"
    assert sum(world.clock.sleeps) == 600
    assert max(world.clock.sleeps) <= 300


def test_the_version_of_a_package_file_is_waited_for(world: World) -> None:
    publish(world)
    world.api.packages["my.package"] = record(latestVersionNumber="1.2.0")
    result = world.sync(wait=True, version="1.3.0", timeout=60)
    assert (result.state, result.version) == (SyncState.TIMED_OUT, "1.3.0")


def test_different_ids_do_not_wait_for_each_other(world: World) -> None:
    ids = [f"My.Package{number}" for number in range(3)]
    for each in ids:
        world.feed.publish(each, "1.0.0", tags=["umbraco-marketplace"])
    results = umbmarket.sync_all(ids, world.options(), environment={}, throttle=world.throttle())
    assert [(result.package_id, str(result.state)) for result in results] == [(each, "accepted") for each in ids]
    assert sorted(world.function.ids) == ids
    assert exit_code_of(results) == 0


def test_the_worst_outcome_decides(world: World) -> None:
    publish(world)
    results = umbmarket.sync_all([ID, "Nobody.Knows"], world.options(), environment={}, throttle=world.throttle())
    assert [str(result.state) for result in results] == ["accepted", "not-syncable"]
    assert exit_code_of(results) == 1


@pytest.mark.parametrize("package_id", ["", "My Package", "a..b", "x" * 129])
def test_what_is_no_id_is_refused(world: World, package_id: str) -> None:
    with pytest.raises(WrongRequest, match="is not a package id"):
        world.sync(package_id)


def test_addresses_that_are_none_are_refused(world: World) -> None:
    with pytest.raises(WrongRequest, match="UMBMARKET_SYNC_URL"):
        world.sync(sync_url="ftp://example.com/")
    with pytest.raises(WrongRequest, match='"one" is not a version'):
        world.sync(version="one")


def test_a_broken_state_file_is_set_aside_with_one_warning(world: World) -> None:
    publish(world)
    (world.folder / "throttle.db").write_bytes(b"this is no database" * 100)
    warned: list[SyncEvent] = []
    result = umbmarket.sync(ID, world.options(), environment={}, on_event=warned.append)
    assert result.state is SyncState.ACCEPTED
    assert [event.package_id for event in warned] == [""]
    assert "was damaged. It was renamed to throttle.db.broken and created again" in warned[0].text


def test_a_locked_state_file_sends_nothing(world: World) -> None:
    publish(world)
    throttle = Throttle(world.folder / "throttle.db", lock_patience=0.02)
    throttle.claim("other")
    with closing(sqlite3.connect(world.folder / "throttle.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        result = umbmarket.sync(ID, world.options(), environment={}, throttle=throttle)
    assert (result.state, result.exit_code, world.function.requests) == (SyncState.BUSY, 5, [])
    assert result.detail == (
        f"nothing was sent: the state file {world.folder / 'throttle.db'} is locked by another program, so it is not "
        "known whether a request is allowed now"
    )
    assert result.help == "close that program, or try again"
    assert result.wait_seconds == pytest.approx(60, abs=0.1)


@pytest.mark.slow
def test_forty_ids_of_one_process_leave_room_to_another(world: World) -> None:
    """A silent server: some of the forty have to wait for a place at the host, and their claims must not run out."""
    arrivals: dict[str, list[float]] = {}
    lock = threading.Lock()
    first_batch = threading.Event()

    def silent(request: Request) -> None:
        with lock:
            arrivals.setdefault(json.loads(request.body)["PackageId"], []).append(request.arrived)
            if len(arrivals) >= 8:
                first_batch.set()
        server.closing.wait(60)

    server = Server(silent)
    ids = [f"Package.Number{number}" for number in range(40)]
    interval, options = 0.3, world.options(check=False, sync_url=server.url("/f"), timeout=4.0)

    def sync_all() -> None:
        own = Throttle(world.folder / "throttle.db", interval=interval, request_seconds=0.4, settle=0.2, poll=0.05)
        umbmarket.sync_all(ids, options, environment={}, throttle=own)

    runs = [threading.Thread(target=sync_all) for _ in range(2)]
    runs[0].start()
    first_batch.wait(60)
    runs[1].start()
    for run in runs:
        run.join()
    server.close()
    # More than found a place at once.
    assert len(arrivals) > 8
    gaps = [later - earlier for times in arrivals.values() for earlier, later in itertools.pairwise(sorted(times))]
    assert gaps
    assert [gap for gap in gaps if gap < interval] == []


WORKER = """
import json, sys
from pathlib import Path
import umbmarket

told = json.loads(sys.argv[1])
options = umbmarket.SyncOptions(
    check=False, sync_url=told["url"], state_file=Path(told["state"]), interval=told["interval"],
    cache=False, allow_private_hosts=True,
)
for package_id in told["ids"]:
    result = umbmarket.sync(package_id, options, environment={})
    assert str(result.state) == "accepted", result
"""


@pytest.mark.slow
def test_eight_processes_never_ask_twice_within_the_interval(
    tmp_path: Path,
) -> None:
    """The whole command's path, over and over, for the same three ids, against a server that writes down arrivals."""
    interval = 0.3
    double = SyncDouble()
    server = Server(double)
    ids = ["Alpha", "Beta", "Gamma"]
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                WORKER,
                json.dumps(
                    {
                        "url": server.url("/f"),
                        "state": str(tmp_path / "throttle.db"),
                        "interval": interval,
                        "ids": ids[number % 3 :] + ids[: number % 3],
                    }
                ),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    try:
        outputs = [worker.communicate(timeout=300) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
        server.close()
    assert outputs == [("", "")] * 8
    assert [worker.returncode for worker in workers] == [0] * 8
    assert sorted(double.arrivals) == ["alpha", "beta", "gamma"]
    for arrivals in double.arrivals.values():
        assert len(arrivals) == 8
        closest = min(later - earlier for earlier, later in itertools.pairwise(arrivals))
        assert closest >= interval


def test_no_listing_check_pays_for_it() -> None:
    script = "import umbmarket, sys; umbmarket.validate; print('httpx' in sys.modules, 'sqlite3' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "False False\n"


def test_the_minute_between_two_requests_is_that_of_the_clock_it_was_given(world: World) -> None:
    publish(world)
    world.sync()
    before = world.clock.uptime
    world.sync()
    assert 60 <= world.clock.uptime - before < 70
