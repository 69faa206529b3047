"""`umbmarket sync` as a user calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.doubles.feed_double import INDEX, FeedDouble
from tests.doubles.marketplace_double import API_BASE, MarketplaceDouble, record
from tests.doubles.sync_double import SyncDouble
from tests.loopback import Server, fence  # noqa: F401 - a fixture that lets no test out
from umbmarket.disk.shipped_schemas import load_schema

Call = Callable[..., subprocess.CompletedProcess[str]]


class World:
    def __init__(self, tmp_path: Path) -> None:
        self.feed, self.api, self.function = FeedDouble(), MarketplaceDouble(), SyncDouble()
        self.servers = [Server(handler) for handler in (self.feed, self.api, self.function)]
        self.environment = os.environ | {
            "UMBMARKET_NUGET_SOURCE": self.servers[0].url(INDEX),
            "UMBMARKET_MARKETPLACE_API": self.servers[1].url(API_BASE),
            "UMBMARKET_SYNC_URL": self.servers[2].url("/f"),
            "HOME": str(tmp_path),
            "LOCALAPPDATA": str(tmp_path),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "NO_COLOR": "1",
        }

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "umbmarket", "sync", *words],
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=60,
            check=False,
        )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    found.feed.publish("My.Package", "1.2.0", tags=["umbraco-marketplace"])
    yield found
    for server in found.servers:
        server.close()


def test_text(world: World) -> None:
    ran = world.call("my.package")
    assert ran.returncode == 0
    assert ran.stderr == ""
    assert ran.stdout == (
        "My.Package: accepted\n"
        "  the Marketplace accepted the request and queued it; the listing usually shows it after 25 to 90"
        " minutes (an estimate)\n"
        "  help: umbmarket status My.Package shows the result; --wait waits for it\n"
    )


def test_json_is_as_its_schema_says(world: World) -> None:
    ran = world.call("my.package", "Nobody.Knows", "--format", "json")
    assert ran.returncode == 1
    told = json.loads(ran.stdout)
    Draft202012Validator(load_schema("sync-v1.schema.json")).validate(told)
    assert [(each["id"], each["state"]) for each in told["packages"]] == [
        ("My.Package", "accepted"),
        ("Nobody.Knows", "not-syncable"),
    ]
    assert told["exitCode"] == 1


def test_a_second_call_says_how_long_it_takes(world: World) -> None:
    world.call("my.package")
    ran = world.call("my.package", "--no-wait-for-slot", "--format", "json")
    assert ran.returncode == 5
    assert 0 < json.loads(ran.stdout)["packages"][0]["waitSeconds"] <= 61
    assert len(world.function.requests) == 1


def pack(folder: Path, nupkg: Callable[..., bytes], package_id: str, version: str) -> Path:
    path = folder / f"{package_id}.{version}.nupkg"
    path.write_bytes(nupkg(id=package_id, version=version))
    return path


def packages_of(ran: subprocess.CompletedProcess[str]) -> list[tuple[str, str, str]]:
    return [(each["id"], each["state"], each["version"]) for each in json.loads(ran.stdout)["packages"]]


def test_from_a_package(world: World, tmp_path: Path, nupkg: Callable[..., bytes]) -> None:
    package = pack(tmp_path, nupkg, "My.Package", "1.2.0")
    world.api.packages["my.package"] = record(latestVersionNumber="1.2.0")
    ran = world.call("--from", str(package), "--wait")
    assert ran.returncode == 0
    assert ran.stdout.startswith(
        "My.Package: accepted\n  the Marketplace accepted the request, but nothing that it shows"
    )
    assert ran.stderr == ""


@pytest.mark.parametrize("expanded", [True, False])
def test_a_pattern_may_match_several_packages(
    world: World, tmp_path: Path, nupkg: Callable[..., bytes], expanded: bool
) -> None:
    """My.Package.*.nupkg matches My.Package.Forms too: each is synced, with the version of its own file."""
    folder = tmp_path / "artifacts"
    folder.mkdir()
    world.feed.publish("My.Package.Forms", "3.0.0", tags=["umbraco-marketplace"])
    files = [
        pack(folder, nupkg, "My.Package", "1.1.0"),
        pack(folder, nupkg, "My.Package", "1.2.0"),
        pack(folder, nupkg, "My.Package.Forms", "3.0.0"),
    ]
    words = [str(file) for file in files] if expanded else [str(folder / "My.Package.*.nupkg")]
    ran = world.call("--from", *words, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert packages_of(ran) == [("My.Package", "accepted", "1.2.0"), ("My.Package.Forms", "accepted", "3.0.0")]


def test_a_pattern_that_matches_nothing(world: World, tmp_path: Path) -> None:
    ran = world.call("--from", str(tmp_path / "*.nupkg"))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no package matches " in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name a package, or a .nupkg file with --from"),
        (["a..b"], '"a..b" is not a package id'),
        (["A", "--timeout", "soon"], '"soon" is not a duration such as 90m, 1h30m or 45s'),
        (["A", "--from", "x.nupkg"], "give either package ids or --from"),
        (["--from", "no-such.nupkg"], "no-such.nupkg cannot be read: there is no such file or folder"),
        (["A", "--source", "ftp://x"], "the feed must be the http or https URL of a NuGet V3 service index"),
    ],
)
def test_wrong_use(world: World, words: list[str], said: str) -> None:
    ran = world.call(*words)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert world.function.requests == []


def test_no_answer_is_no_traceback(world: World) -> None:
    world.servers[0].close()
    ran = world.call("my.package", "--no-cache")
    assert ran.returncode == 4
    assert "help: try again, or skip the check with --no-check" in ran.stdout


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT as a terminal does")
def test_ctrl_c_while_waiting_leaves_a_truthful_state_file(world: World) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", START, "umbmarket", "sync", "my.package", "--wait"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=world.environment,
    )
    deadline = time.monotonic() + 30
    while not world.function.requests and time.monotonic() < deadline:
        world.servers[1].closing.wait(0.02)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=30)
    assert run.returncode == 130
    ran = world.call("my.package", "--no-wait-for-slot", "--format", "json")
    assert ran.returncode == 5
    assert json.loads(ran.stdout)["packages"][0]["state"] == "busy"


START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); sys.argv = sys.argv[1:]\n"
    "from umbmarket.__main__ import main; main()"
)
