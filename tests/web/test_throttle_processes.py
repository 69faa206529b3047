"""The throttle between real processes, judged by what a server sees arrive."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from umbmarket.web.outcomes import Delivery
from umbmarket.web.throttle import Busy, Throttle, Turn

WORKER = Path(__file__).parent / "throttle_worker.py"
IDS = ["Alpha", "beta", "GAMMA"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker; what is not its own setting is shared by all."""
    started: list[subprocess.Popen[str]] = []

    def worker(**settings: Any) -> subprocess.Popen[str]:
        shared = {
            "path": str(tmp_path / "throttle.sqlite3"),
            "interval": 0.3,
            "request_seconds": 0.8,
            "settle": 0.3,
            "seed": len(started),
        }
        command = [sys.executable, str(WORKER), json.dumps({**shared, **settings})]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield worker
    for process in started:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


class Marketplace:
    """Takes requests like a busy server at the end of a slow line, and writes down when each arrived."""

    def __init__(self, kills: int, enough: int, end: Path) -> None:
        self._enough = enough
        self._end = end
        self._chance = random.Random(7)
        self._lock = threading.Lock()
        self._never = threading.Event()
        self._kills = kills
        self._kinds = itertools.cycle(["202", "503", "dropped", "202", "killed", "202", "silent"])
        self.arrivals: dict[str, list[float]] = {}
        self.kinds: dict[str, int] = {}
        self.under_way: set[str] = set()
        self.together: set[frozenset[str]] = set()

    def __call__(self, request: Any) -> Any:
        payload = json.loads(request.body)
        key = payload["PackageId"]
        with self._lock:
            on_the_way, answering = self._chance.uniform(0, 0.15), self._chance.uniform(0, 0.1)
            kind = next(self._kinds)
            if kind == "killed":
                self._kills -= 1
                kind = "killed" if self._kills >= 0 else "202"
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
            if sum(self.kinds.values()) == self._enough:
                self._end.touch()
            self.under_way.add(key)
            self.together.add(frozenset(self.under_way))
        self._never.wait(on_the_way)
        with self._lock:
            self.arrivals.setdefault(key, []).append(time.monotonic())
        if kind == "killed":
            os.kill(int(payload["Pid"]), signal.SIGKILL)
        self._never.wait(2.0 if kind == "silent" else answering)
        with self._lock:
            self.under_way.discard(key)
        if kind in ("202", "503"):
            return int(kind), {"Retry-After": "0"}, b""
        return None


def gaps(arrivals: list[float]) -> list[float]:
    ordered = sorted(arrivals)
    return [later - earlier for earlier, later in itertools.pairwise(ordered)]


@pytest.mark.slow
def test_eight_processes_and_three_ids(serve: Callable[..., Any], start: Start, tmp_path: Path) -> None:
    """Slow lines, errors, dropped connections, silence and two processes killed in mid-request."""
    end = tmp_path / "end"
    marketplace = Marketplace(kills=2, enough=30, end=end)
    server = serve(marketplace)
    workers = [start(mode="hammer", url=server.url("/sync"), ids=IDS, end=str(end)) for _ in range(8)]
    results = [worker.communicate(timeout=300) for worker in workers]

    assert sorted(worker.returncode for worker in workers) == [-9, -9, 0, 0, 0, 0, 0, 0]
    assert [text for _, text in results] == [""] * 8
    assert {text for text, _ in results} == {"ready\n"}
    assert sorted(marketplace.arrivals) == ["alpha", "beta", "gamma"]
    too_close = [gap for arrivals in marketplace.arrivals.values() for gap in gaps(arrivals) if gap < 0.3]
    assert too_close == []
    # It was a test at all: everything happened, often, and ids went side by side.
    assert {"202", "503", "dropped", "killed", "silent"} == set(marketplace.kinds)
    assert sum(len(arrivals) for arrivals in marketplace.arrivals.values()) >= 30
    assert any(len(ids) > 1 for ids in marketplace.together)


@pytest.mark.slow
def test_different_ids_go_in_parallel(serve: Callable[..., Any], start: Start, tmp_path: Path) -> None:
    """Every process has an id of its own, and all their requests are at the server at the same time."""
    together = threading.Barrier(4, timeout=120)

    def answer(request: Any) -> Any:
        together.wait()
        return 202, {}, b""

    server = serve(answer)
    never = str(tmp_path / "never")
    workers = [
        start(mode="hammer", url=server.url(), ids=[f"id{number}"], end=never, request_seconds=30.0, interval=90.0)
        for number in range(4)
    ]
    deadline = time.monotonic() + 120
    while len(server.requests) < 4 and time.monotonic() < deadline:
        server.closing.wait(0.01)
    assert sorted(json.loads(request.body)["PackageId"] for request in server.requests) == ["id0", "id1", "id2", "id3"]
    assert all(worker.poll() is None for worker in workers)
    assert not together.broken


def state(tmp_path: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(tmp_path / "throttle.sqlite3")) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute("SELECT * FROM slot WHERE id = 'one'").fetchone())


def minute(tmp_path: Path) -> Throttle:
    return Throttle(tmp_path / "throttle.sqlite3", interval=60.0, request_seconds=20.0, settle=2.0)


SETTINGS = {"mode": "once", "interval": 60.0, "request_seconds": 20.0, "settle": 2.0}


def test_ctrl_c_in_mid_request(serve: Callable[..., Any], start: Start, tmp_path: Path) -> None:
    def answer(request: Any) -> None:
        os.kill(int(json.loads(request.body)["Pid"]), signal.SIGINT)
        server.closing.wait(30)

    server = serve(answer)
    began = time.time()
    worker = start(url=server.url(), **SETTINGS)
    _, errors = worker.communicate(timeout=120)
    assert worker.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in errors
    answer_now = minute(tmp_path).claim("one")
    assert isinstance(answer_now, Busy)
    assert not answer_now.in_flight
    # A minute after the end of the request and what clocks may differ, less what has passed since it began.
    assert 60.0 - (time.time() - began) < answer_now.wait_seconds <= 62.02
    assert began <= answer_now.requested_at <= time.time()


def test_ctrl_c_while_waiting_for_the_turn(serve: Callable[..., Any], start: Start, tmp_path: Path) -> None:
    server = serve(lambda request: (202, {}, b""))
    mine = minute(tmp_path).claim("one")
    assert isinstance(mine, Turn)
    mine.finish(Delivery.ANSWERED)
    before = state(tmp_path)
    worker = start(url=server.url(), **SETTINGS)
    assert (said(worker), said(worker)) == ("ready", "waiting")
    worker.send_signal(signal.SIGINT)
    worker.communicate(timeout=120)
    assert worker.returncode == -signal.SIGINT
    assert state(tmp_path) == before
    assert server.requests == []


def test_a_process_killed_in_mid_request_occupies_the_id(
    serve: Callable[..., Any], start: Start, tmp_path: Path
) -> None:
    def answer(request: Any) -> None:
        os.kill(int(json.loads(request.body)["Pid"]), signal.SIGKILL)

    began = time.time()
    worker = start(url=serve(answer).url(), **SETTINGS)
    worker.communicate(timeout=120)
    assert worker.returncode == -signal.SIGKILL
    answer_now = minute(tmp_path).claim("one")
    assert isinstance(answer_now, Busy)
    assert answer_now.in_flight
    assert 80.0 - (time.time() - began) < answer_now.wait_seconds <= 82.02


def test_a_refused_connection_gives_the_slot_back(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    worker = start(url=f"http://127.0.0.1:{port}/", **SETTINGS)
    worker.communicate(timeout=120)
    assert worker.returncode == 0
    assert state(tmp_path)["requested"] is None
    assert isinstance(minute(tmp_path).claim("one"), Turn)
