"""How `umbmarket.sync` waits: for NuGet, for its turn, for the Marketplace; and what it makes of a bad day."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import umbmarket
from tests.doubles.feed_double import INDEX
from tests.doubles.marketplace_double import API_BASE, record
from tests.loopback import FakeTime, Server, fence  # noqa: F401 - a fixture that lets no test out
from tests.umbraco.actions.test_sync import ID, World, publish
from umbmarket.umbraco.actions.sync_polling import Pace, Polling
from umbmarket.umbraco.publication import WrongRequest
from umbmarket.umbraco.syncing import SyncEvent, SyncState

RECORD = f"{API_BASE}/packages/my.package"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Feed, API and sync function, each on a server of its own."""
    found = World(tmp_path)
    servers = [Server(handler) for handler in (found.feed, found.api, found.function)]
    found.source, found.api_base, found.sync_url = servers[0].url(INDEX), servers[1].url(API_BASE), servers[2].url("/f")
    yield found
    for server in servers:
        server.close()


def sync_with_sleep(world: World, sleep: Callable[[float], None], **options: object) -> umbmarket.SyncResult:
    return umbmarket.sync(
        ID,
        world.options(**options),
        environment={},
        on_event=world.note,
        clock=world.clock.time,
        sleep=sleep,
        throttle=world.throttle(),
    )


def then_shows(world: World, later: dict[str, object]) -> Callable[[float], None]:
    """A sleep, after which the Marketplace shows something else."""

    def sleep(seconds: float) -> None:
        world.clock.sleep(seconds)
        world.api.packages["my.package"] = later

    return sleep


OLD = "2020-01-01T00:00:00Z"


@pytest.mark.parametrize("told", ["2024-05-06T07:08:09.12", "2024-05-06T07:08:10Z", "2024-05-06T09:08:09.12+02:00"])
def test_the_time_of_publishing_counts_with_and_without_a_zone(world: World, told: str) -> None:
    publish(world)
    world.api.packages["my.package"] = record(latestVersionNumber=None, lastPublishedOn=OLD)
    sleep = then_shows(world, record(latestVersionNumber=None, lastPublishedOn=told))
    assert sync_with_sleep(world, sleep, wait=True).state is SyncState.SEEN


@pytest.mark.parametrize("told", ["2024-05-06T07:08:09", "2024-05-06T07:08:09.12+02:00", "soon"])
def test_an_earlier_time_of_publishing_is_not_enough(world: World, told: str) -> None:
    publish(world)
    world.api.packages["my.package"] = record(latestVersionNumber=None, lastPublishedOn=OLD)
    sleep = then_shows(world, record(latestVersionNumber=None, lastPublishedOn=told))
    assert sync_with_sleep(world, sleep, wait=True, timeout=120).state is SyncState.TIMED_OUT


NOTHING_TELLS = (
    "the Marketplace accepted the request, but nothing that it shows can tell when it has read the package again: "
    "{why}, and it already shows the values of the published listing that can be compared"
)


@pytest.mark.parametrize(
    "shown",
    [
        {"latestVersionNumber": "1.2.0"},
        {"latestVersionNumber": None, "lastPublishedOn": "2024-05-06T07:08:09.12Z"},
        {"latestVersionNumber": "1.2.0", "lastPublishedOn": OLD},
    ],
)
def test_what_was_shown_before_the_request_tells_nothing(world: World, shown: dict[str, object]) -> None:
    """It said "seen" in half a second, whatever had changed."""
    publish(world)
    world.api.packages["my.package"] = record(**shown)
    result = world.sync(wait=True)
    assert (result.state, result.exit_code, world.clock.sleeps) == (SyncState.ACCEPTED, 0, [])
    why = f"it already shows {shown['latestVersionNumber'] or 'the package'}"
    assert result.detail == NOTHING_TELLS.format(why=why)
    assert result.help == (
        f"check the listing later; the listing usually shows it after 25 to 90 minutes (an estimate); {BEYOND_HERE}"
    )
    assert len(world.api.requests) == 1


def publish_with_listing(world: World, site: Server, version: str = "1.2.0") -> None:
    publish(world, version, project_url=site.url("/p"))


LISTING = (
    b'{"$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json", "Category": "Commerce",'
    b' "LicenseTypes": ["Purchase", "Free"], "Title": "My Package"}'
)


def listing_site(serve: Callable[..., Server], listing: bytes = LISTING) -> Server:
    site: Server = serve(
        lambda request: (200, {}, listing) if request.path == "/p/umbraco-marketplace.json" else (404, {}, b"")
    )
    return site


def test_where_only_the_listing_changed_its_values_are_waited_for(world: World, serve: Callable[..., Server]) -> None:
    publish_with_listing(world, listing_site(serve))
    world.api.packages["my.package"] = record(title="My Package")
    looks: list[float] = []

    def reading(seconds: float) -> None:
        world.clock.sleep(seconds)
        looks.append(seconds)
        new = {"licenseTypes": ["Free", "Purchase"], "category": {"id": "1", "name": "Commerce"}}
        shown = {"licenseTypes": new["licenseTypes"]} if len(looks) < 3 else new
        world.api.packages["my.package"] = record(title="My Package", **shown)

    result = sync_with_sleep(world, reading, wait=True)
    assert (result.state, result.shown_version) == (SyncState.SEEN, "1.2.0")
    assert result.detail == "the Marketplace shows the listing's Category and LicenseTypes"
    assert len(looks) == 3
    assert world.events[1:] == ["the Marketplace shows 1.2.0, waiting for the listing's Category and LicenseTypes"] * 2


def test_a_listing_that_is_not_shown_in_time(world: World, serve: Callable[..., Server]) -> None:
    publish_with_listing(world, listing_site(serve))
    world.api.packages["my.package"] = record(title="My Package", licenseTypes=["Free", "Purchase"])
    result = world.sync(wait=True, timeout=600)
    assert (result.state, result.exit_code) == (SyncState.TIMED_OUT, 5)
    assert result.detail == "accepted, but after 10 minutes the Marketplace shows 1.2.0, not the listing's Category"


@pytest.mark.parametrize("listing", [b'{"Category": "Nothing like it"}', b'{"Category": ""}', b"[]", b"\xff", b""])
def test_a_listing_that_does_not_count_tells_nothing(
    world: World, serve: Callable[..., Server], listing: bytes
) -> None:
    publish_with_listing(world, listing_site(serve, listing))
    world.api.packages["my.package"] = record()
    result = world.sync(wait=True)
    assert (result.state, world.clock.sleeps) == (SyncState.ACCEPTED, [])
    assert result.detail == NOTHING_TELLS.format(why="it already shows 1.2.0")


def test_a_listing_on_a_private_host_is_not_fetched(world: World, serve: Callable[..., Server]) -> None:
    """The project URL is its author's: the trust in the addresses that the user named does not reach it."""
    site = listing_site(serve)
    publish_with_listing(world, site)
    world.api.packages["my.package"] = record()
    assert world.sync(wait=True, allow_private_hosts=False).state is SyncState.ACCEPTED
    assert site.requests == []


def test_a_fix_for_an_older_major_is_not_seen_by_a_later_version(world: World, serve: Callable[..., Server]) -> None:
    publish(world, "17.0.0")
    publish(world, "13.5.1")
    world.api.packages["my.package"] = record(latestVersionNumber="17.0.0")
    result = world.sync(wait=True, version="13.5.1")
    assert (result.state, result.exit_code, world.clock.sleeps) == (SyncState.ACCEPTED, 0, [])
    assert result.detail == NOTHING_TELLS.format(why="it shows 17.0.0, which is later than 13.5.1")
    assert (result.version, result.shown_version) == ("13.5.1", "17.0.0")


def test_a_fix_for_an_older_major_is_waited_for_on_nuget(world: World) -> None:
    publish(world, "17.0.0")
    publish(world, "13.5.0")
    world.api.packages["my.package"] = record(latestVersionNumber="17.0.0")

    def indexing(seconds: float) -> None:
        world.clock.sleep(seconds)
        publish(world, "13.5.1")

    result = sync_with_sleep(world, indexing, wait=True, version="13.5.1")
    assert world.clock.sleeps == [60]
    assert len(world.function.requests) == 1
    # NuGet did not list it when this began, and a later version is no sign of it all the same.
    assert result.state is SyncState.ACCEPTED


def test_without_an_answer_before_the_request_what_comes_later_counts(world: World) -> None:
    publish(world)
    world.api.broken[RECORD] = (500, {}, b"")
    world.api.packages["my.package"] = record(latestVersionNumber="1.2.0")

    def answering(seconds: float) -> None:
        world.clock.sleep(seconds)
        world.api.broken.clear()

    result = sync_with_sleep(world, answering, wait=True)
    assert (result.state, result.detail) == (SyncState.SEEN, "the Marketplace shows 1.2.0")


BEYOND_HERE = (
    "https://marketplace.umbraco.com/validate shows the Marketplace's own validation, and "
    "https://github.com/umbraco/Umbraco.Marketplace.Issues is its issue tracker"
)
SCHEDULE = "the Marketplace looks for new packages at 04:00 UTC, and reads known ones every 2 hours (listing guide)"


def test_a_new_package_that_is_not_shown_in_time_is_found_by_itself(world: World) -> None:
    publish(world)
    result = world.sync(wait=True, timeout=60)
    assert result.state is SyncState.TIMED_OUT
    assert result.help == f"umbmarket status My.Package shows what is missing; without a sync, {SCHEDULE}"


def test_where_nothing_more_can_be_done_here_the_marketplaces_own_places_are_named(world: World) -> None:
    publish(world)
    world.api.packages["my.package"] = record(latestVersionNumber="1.1.0", lastPublishedOn=None)
    result = world.sync(wait=True, timeout=60)
    assert result.help == f"umbmarket status My.Package shows what is missing; {BEYOND_HERE}"
    world.clock.advance(60)
    world.function.replies = [(400, {}, b"")]
    assert world.sync().help == f"check the id and the package; {BEYOND_HERE}"


def test_the_timeout_bounds_the_wait_for_the_slot(world: World) -> None:
    publish(world)
    world.sync()
    world.clock.advance(20)
    began = world.clock.wall
    result = world.sync(timeout=30)
    assert (result.state, result.exit_code, world.clock.wall - began) == (SyncState.BUSY, 5, 0)
    assert result.detail == "one request a minute is allowed; next request possible in 40 s"
    assert result.help == "try again then, or give it more time with --timeout"
    assert world.sync(timeout=41).state is SyncState.ACCEPTED


def test_the_timeout_bounds_the_wait_for_another_try(world: World) -> None:
    publish(world)
    world.function.replies = [(503, {"Retry-After": "200"}, b"")]
    began = world.clock.wall
    result = world.sync(timeout=100)
    assert (result.state, result.exit_code, result.tries) == (SyncState.NETWORK, 4, 1)
    assert result.detail == f"{world.sync_url} answered 503 (asks to wait 200 s)."
    assert (world.clock.wall - began, world.events) == (0, [])


@pytest.mark.parametrize("timeout", [0, 30, 59, 60, 61, 119, 120, 299, 300, 301, 655, 5400])
def test_looks_are_a_minute_apart_and_never_more_than_five(world: World, timeout: float) -> None:
    publish(world)
    looks: list[float] = []
    server = Server(lambda request: (looks.append(world.clock.wall), world.api(request))[1])
    world.api_base = server.url(API_BASE)
    began = world.clock.wall
    result = world.sync(wait=True, timeout=timeout)
    server.close()
    assert result.state is SyncState.TIMED_OUT
    assert world.clock.wall - began == timeout
    gaps = [later - earlier for earlier, later in itertools.pairwise(looks)]
    assert [gap for gap in gaps if not 60 <= gap <= 300] == []
    assert len(looks) >= 1 + timeout // 300 - (timeout == 300)


@pytest.mark.parametrize("reply", [(500, {}, b""), (503, {"Retry-After": "1"}, b""), None])
def test_a_failed_look_is_no_reason_to_look_twice(world: World, reply: Any) -> None:
    publish(world)
    world.api.broken[RECORD] = reply
    result = world.sync(wait=True, timeout=120)
    assert len(world.api.requests) == 3
    assert (result.state, result.exit_code, result.tries) == (SyncState.NETWORK, 4, 1)
    assert result.detail.startswith("accepted, but after 2 minutes the Marketplace did not say what it shows: http://")


def test_one_answer_among_failures_makes_it_a_timeout(world: World) -> None:
    publish(world)
    world.api.packages["my.package"] = record(latestVersionNumber="1.1.0", lastPublishedOn=None)

    def then_fail(seconds: float) -> None:
        world.clock.sleep(seconds)
        world.api.broken[RECORD] = (500, {}, b"")

    result = sync_with_sleep(world, then_fail, wait=True, timeout=150)
    assert (result.state, result.shown_version) == (SyncState.TIMED_OUT, "1.1.0")
    assert result.detail == "accepted, but after 2 minutes the Marketplace shows 1.1.0, not 1.2.0"
    assert world.events[-1] == "the Marketplace gave no answer, waiting for 1.2.0"


def test_a_pause_never_leaves_less_than_a_minute() -> None:
    chance = random.Random(4)
    for _ in range(300):
        clock = FakeTime(wall=0.0)
        until = chance.uniform(0, 3000)
        polling = Polling(Pace(clock.time, clock.sleep), until)
        looks = [0.0]
        while polling.pause():
            looks.append(clock.wall)
        assert clock.wall == pytest.approx(until)
        assert all(60 - 1e-6 <= later - earlier <= 300 for earlier, later in itertools.pairwise(looks))


def test_what_nuget_has_not_indexed_is_waited_for_before_asking(world: World) -> None:
    """Right after a push: a request sent now would make the Marketplace read the old version."""
    publish(world, "1.1.0")
    world.api.packages["my.package"] = record(latestVersionNumber="1.2.0")
    asked_before: list[int] = []

    def indexing(seconds: float) -> None:
        world.clock.sleep(seconds)
        asked_before.append(len(world.function.requests))
        if len(asked_before) == 2:
            publish(world, "1.2.0")

    result = sync_with_sleep(world, indexing, wait=True, version="1.2.0")
    assert (result.state, result.version, result.shown_version) == (SyncState.SEEN, "1.2.0", "1.2.0")
    assert asked_before == [0, 0]
    assert world.clock.sleeps == [60, 90]
    waiting = "NuGet does not list My.Package 1.2.0 yet; waiting for that before asking the Marketplace"
    assert world.events == [waiting, waiting]


def test_a_new_package_is_waited_for(world: World) -> None:
    world.api.packages["my.package"] = record(latestVersionNumber="1.2.0")

    def indexing(seconds: float) -> None:
        world.clock.sleep(seconds)
        publish(world, "1.2.0")

    assert sync_with_sleep(world, indexing, wait=True, version="1.2.0").state is SyncState.SEEN
    assert len(world.function.requests) == 1


def test_nuget_never_has_it(world: World) -> None:
    publish(world, "1.2.0", listed=False)
    result = world.sync(wait=True, version="1.2.0", timeout=1800)
    assert (result.state, result.exit_code, world.function.requests) == (SyncState.TIMED_OUT, 5, [])
    assert result.detail == "after 30 minutes, NuGet does not list My.Package 1.2.0 yet; nothing was sent"


def test_without_waiting_a_missing_version_is_told(world: World) -> None:
    publish(world, "1.1.0")
    result = world.sync(version="1.2.0")
    assert (result.state, result.exit_code, world.function.requests) == (SyncState.NOT_SYNCABLE, 1, [])
    assert result.detail == "NuGet does not list My.Package 1.2.0 yet"
    assert result.help.endswith("--wait waits for that before it asks the Marketplace")
    assert world.sync(version="1.2.0", check=False).state is SyncState.ACCEPTED


def test_a_prerelease_file_is_not_waited_for(world: World) -> None:
    publish(world, "1.1.0")
    publish(world, "2.0.0-rc.1")
    result = world.sync(wait=True, version="2.0.0-rc.1")
    assert (result.state, result.exit_code, world.clock.sleeps) == (SyncState.NOT_SYNCABLE, 1, [])
    assert result.detail == "2.0.0-rc.1 is a prerelease, and the Marketplace appears to show only stable versions"


def test_a_latest_version_without_the_tag_is_told(world: World) -> None:
    publish(world, "1.1.0")
    publish(world, "1.2.0", tags=["umbraco"])
    assert world.sync().state is SyncState.ACCEPTED
    assert world.events == ["1.2.0, the latest version, does not have the tag umbraco-marketplace, which 1.1.0 has"]


def test_ten_ids_do_not_wait_for_each_other(world: World) -> None:
    """Each waits for the Marketplace until all were asked for."""
    ids = [f"P{number}" for number in range(10)]
    for each in ids:
        world.feed.publish(each, "1.0.0", tags=["umbraco-marketplace"])
        world.api.packages[each.lower()] = record(latestVersionNumber="0.9.0", lastPublishedOn=None)
    together = threading.Barrier(len(ids), timeout=30)

    def all_asked(seconds: float) -> None:
        together.wait()
        for each in ids:
            world.api.packages[each.lower()] = record(latestVersionNumber="1.0.0")

    results = umbmarket.sync_all(ids, world.options(wait=True), environment={}, sleep=all_asked)
    assert [(each.package_id, str(each.state)) for each in results] == [(each, "seen") for each in ids]


def test_a_failure_before_the_turn_was_used_up_is_not_hidden(world: World) -> None:
    publish(world)
    world.function.replies = [(503, {"Content-Type": "text/plain"}, b"Out of order")]
    result = world.sync(wait_for_slot=False)
    assert (result.state, result.exit_code, result.tries) == (SyncState.BUSY, 5, 1)
    assert result.detail.startswith(f"{world.sync_url} answered 503: Out of order. One request a minute is allowed")


@pytest.mark.parametrize("options", [{"timeout": 30}, {"wait_for_slot": False}])
@pytest.mark.parametrize("reply", [(503, {}, b""), None])
def test_a_try_that_will_not_be_made_is_not_announced(world: World, options: dict[str, Any], reply: Any) -> None:
    publish(world)
    world.function.replies = [reply]
    result = world.sync(**options)
    assert (result.state, result.tries, world.events) == (SyncState.BUSY, 1, [])


def test_a_retry_tells_the_wait_that_it_is(world: World) -> None:
    publish(world)
    world.function.replies = [(503, {}, b"")]
    world.sync()
    assert world.events[0] == f"{world.sync_url} answered 503; trying again in 60 s (try 2)"


@pytest.mark.parametrize(("asked", "waited"), [("86400", 600), ("601", 600), ("599", 599)])
def test_retry_after_is_capped_at_ten_minutes(world: World, asked: str, waited: float) -> None:
    publish(world)
    world.function.replies = [(429, {"Retry-After": asked}, b"")]
    began = world.clock.wall
    assert world.sync().state is SyncState.ACCEPTED
    assert world.clock.wall - began == pytest.approx(waited, abs=0.5)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 422])
def test_other_4xx_are_final(world: World, status: int) -> None:
    publish(world)
    world.function.replies = [(status, {"Content-Type": "text/plain"}, b"No\nmore")]
    result = world.sync()
    assert (result.state, result.exit_code, result.detail) == (
        SyncState.REFUSED,
        1,
        f"{world.sync_url} answered {status}: No.",
    )
    assert len(world.function.requests) == 1


def test_a_redirect_points_at_the_address(world: World) -> None:
    publish(world)
    world.function.replies = [(302, {"Location": "/elsewhere"}, b"")]
    result = world.sync()
    assert (result.state, result.help) == (SyncState.REFUSED, "check the URL of the sync function")


def test_a_feed_that_is_gone_is_told_without_the_advice_already_taken(world: World) -> None:
    gone = Server(lambda request: None)
    gone.close()
    result = world.sync(check=False, wait=True, source=gone.url(INDEX))
    assert (result.state, result.help) == (
        SyncState.NETWORK,
        "try again, or set the version to wait for with --from",
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("My.Package.1.2.0.nupkg", "is a file, not a package id; did you mean the option --from?"),
        ("artifacts/My.Package.1.2.0.NUPKG", "did you mean the option --from?"),
        ("My.Package@1.2.0", 'did you mean "My.Package"?'),
        ("My.Package==1.2.0", 'did you mean "My.Package"?'),
        ("My.Package 1.2.0", 'did you mean "My.Package"?'),
        ("https://www.nuget.org/packages/My.Package/1.2.0#readme", 'did you mean "My.Package"?'),
        ("https://marketplace.umbraco.com/package/my.package", 'did you mean "my.package"?'),
        ("a..b", '"a..b" is not a package id: it has two separators in a row'),
    ],
)
def test_wrong_ids_are_told_with_what_was_meant(world: World, wrong: str, said: str) -> None:
    with pytest.raises(WrongRequest) as caught:
        world.sync(wrong)
    assert said in str(caught.value)


@pytest.mark.parametrize("wrong", ["My Package", "a..b", "https://example.com/packages/A"])
def test_nothing_is_suggested_where_nothing_is_known(world: World, wrong: str) -> None:
    with pytest.raises(WrongRequest) as caught:
        world.sync(wrong)
    assert "did you mean" not in str(caught.value)


def test_the_marketplaces_own_function_gets_no_shorter_interval() -> None:
    with pytest.raises(WrongRequest, match="one request a minute"):
        umbmarket.sync(ID, umbmarket.SyncOptions(interval=59, dry_run=True), environment={})


def test_a_state_file_that_cannot_be_made_is_one_warning(world: World) -> None:
    publish(world)
    (world.folder / "file").write_text("no folder")
    events: list[SyncEvent] = []
    result = umbmarket.sync(
        ID, world.options(state_file=world.folder / "file" / "t.db"), environment={}, on_event=events.append
    )
    assert result.state is SyncState.ACCEPTED
    assert [event.package_id for event in events] == [""]
    assert "cannot be used" in events[0].text


def test_a_refused_connection_is_no_request_for_another_throttle(world: World) -> None:
    """The state file, not this process's memory, says that nothing was sent."""
    publish(world)
    gone = Server(lambda request: None)
    gone.close()
    assert world.sync(sync_url=gone.url("/f")).state is SyncState.NETWORK
    assert world.sync(wait_for_slot=False).state is SyncState.ACCEPTED


HAMMER = """
import json, sys
from pathlib import Path
import umbmarket

told = json.loads(sys.argv[1])
options = umbmarket.SyncOptions(
    check=False, sync_url=told["url"], state_file=Path(told["state"]), interval=told["interval"],
    cache=False, allow_private_hosts=True,
)
for _ in range(told["rounds"]):
    for result in umbmarket.sync_all(told["ids"], options, environment={}):
        assert str(result.state) in ("accepted", "network"), result
"""


@pytest.mark.slow
def test_eight_processes_on_a_bad_day(tmp_path: Path) -> None:
    """All three ids at once, while the server fails, throttles, drops connections and answers late."""
    interval, never = 0.2, threading.Event()
    kinds = itertools.cycle(["202", "503", *["202"] * 5, "slow", *["202"] * 5, "dropped", *["202"] * 5, "429"])
    arrivals: dict[str, list[float]] = {}
    seen: set[str] = set()
    lock = threading.Lock()

    def answer(request: Any) -> Any:
        arrived = time.monotonic()
        with lock:
            kind = next(kinds)
            seen.add(kind)
            arrivals.setdefault(json.loads(request.body)["PackageId"].lower(), []).append(arrived)
        if kind == "dropped":
            return None
        if kind == "slow":
            never.wait(0.4)
        return (202 if kind == "slow" else int(kind)), ({"Retry-After": "1"} if kind == "429" else {}), b""

    server = Server(answer)
    ids = ["Alpha", "BETA", "gamma"]
    told = {
        "url": server.url("/f"),
        "state": str(tmp_path / "t.db"),
        "interval": interval,
        "rounds": 1,
        "ids": ids,
    }
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", HAMMER, json.dumps(told)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    try:
        outputs = [worker.communicate(timeout=300) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
        server.close()
    assert outputs == [("", "")] * 8
    assert sorted(arrivals) == ["alpha", "beta", "gamma"]
    assert seen == {"202", "503", "dropped", "429", "slow"}
    gaps = [later - earlier for times in arrivals.values() for earlier, later in itertools.pairwise(sorted(times))]
    assert [gap for gap in gaps if gap < interval] == []
    assert len(gaps) >= 21
