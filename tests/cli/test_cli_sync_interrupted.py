"""Ctrl-C during `umbmarket sync`: it ends at once, says 130, and the state file tells what may have arrived."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_cli_sync import START, World
from tests.loopback import Server, fence  # noqa: F401 - a fixture that lets no test out

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends SIGINT as a terminal does")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    for server in found.servers:
        server.close()


def start(world: World, *ids: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, "umbmarket", "sync", "--no-check", *ids],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=world.environment,
    )


def waits(world: World, *ids: str) -> list[tuple[str, float]]:
    ran = world.call("--no-check", *ids, "--no-wait-for-slot", "--format", "json")
    return [(each["state"], each["waitSeconds"] or 0) for each in json.loads(ran.stdout)["packages"]]


@pytest.mark.parametrize("ids", [["One.A"], ["One.A", "Two.B", "Three.C"]])
def test_in_mid_request(world: World, ids: list[str]) -> None:
    silent = Server(lambda request: silent.closing.wait(60) and None)
    world.servers.append(silent)
    world.environment["UMBMARKET_SYNC_URL"] = silent.url("/f")
    run = start(world, *ids)
    while len(silent.requests) < len(ids) and run.poll() is None:
        silent.closing.wait(0.02)
    run.send_signal(signal.SIGINT)
    assert run.communicate(timeout=20) == ("", "")
    assert run.returncode == 130
    for state, seconds in waits(world, *ids):
        assert state == "busy"
        assert 40 < seconds <= 62.1
    assert len(silent.requests) == len(ids)


def test_while_waiting_for_a_turn(world: World) -> None:
    ids = ["One.A", "Two.B"]
    world.call("--no-check", *ids)
    run = start(world, *ids)
    assert run.stderr is not None
    for _ in ids:
        assert "one request a minute is allowed; waiting" in run.stderr.readline()
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=20)
    assert run.returncode == 130
    assert sorted(world.function.ids) == ids
    assert [state for state, _ in waits(world, *ids)] == ["busy", "busy"]


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="permissions mean nothing to root")
def test_a_folder_that_cannot_be_written_is_one_warning(world: World, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o500)
    ran = world.call("--no-check", "One.A")
    assert ran.returncode == 0
    assert ran.stderr.count("note: ") == 1
    assert "cannot be used" in ran.stderr


def test_a_broken_state_file_is_set_aside_with_one_warning(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "umbmarket"
    folder.mkdir(parents=True)
    (folder / "throttle.sqlite3").write_bytes(b"no database " * 500)
    ran = world.call("--no-check", "One.A", "Two.B", "Three.C")
    assert ran.returncode == 0
    assert ran.stderr.count("note: ") == 1
    assert "was damaged. It was renamed to throttle.sqlite3.broken and created again" in ran.stderr
    assert sorted(world.function.ids) == ["One.A", "Three.C", "Two.B"]
