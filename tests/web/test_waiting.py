"""Waiting that can be ended, and threads that nobody has to wait for."""

from __future__ import annotations

import ast
import queue
import threading
import time
from pathlib import Path

import pytest

import umbmarket
from umbmarket.web.waiting import PIECE_SECONDS, Workers, in_background, pause, take

PACKAGE = Path(umbmarket.__file__).parent


def test_a_pause_passes() -> None:
    before = time.monotonic()
    assert pause(0.02) is True
    assert time.monotonic() - before >= 0.02
    assert pause(0, threading.Event()) is True


def test_a_pause_is_ended() -> None:
    stopped = threading.Event()
    stopped.set()
    assert pause(3600, stopped) is False
    assert pause(0, stopped) is False


def test_what_is_there_is_taken_even_when_the_time_is_up() -> None:
    items: queue.SimpleQueue[int] = queue.SimpleQueue()
    items.put(7)
    assert take(items, until=time.monotonic() - 5) == 7
    with pytest.raises(queue.Empty):
        take(items, until=time.monotonic() - 5)


def test_taking_is_ended() -> None:
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(queue.Empty):
        take(queue.SimpleQueue(), stopped=stopped)


def test_taking_waits_longer_than_one_piece() -> None:
    items: queue.SimpleQueue[str] = queue.SimpleQueue()
    late = threading.Timer(PIECE_SECONDS * 1.5, items.put, ["late"])
    late.start()
    assert take(items) == "late"


def test_work_in_the_background_hands_over_what_it_gives_and_raises() -> None:
    assert take(in_background(lambda: 3, "test")) == 3
    error = take(in_background(lambda: 1 // 0, "test"))
    assert isinstance(error, ZeroDivisionError)


def test_workers_do_each_key_once_some_at_a_time() -> None:
    together = threading.Barrier(3, timeout=30)
    names: set[str] = set()

    def work(key: int) -> int:
        names.add(threading.current_thread().name)
        together.wait()
        return key * key

    workers = Workers(work, range(6), most=3, name="test-worker")
    assert dict(workers.results()) == {key: key * key for key in range(6)}
    assert (workers.done, names) == (6, {"test-worker"})


def test_workers_hand_over_what_breaks() -> None:
    def work(key: int) -> int:
        if key == 2:
            raise LookupError("two")
        return key

    with pytest.raises(LookupError, match="two"):
        list(Workers(work, [1, 2, 3], most=1, name="test").results())


def test_workers_that_are_given_up_begin_nothing_more() -> None:
    begun: list[int] = []
    go = threading.Event()

    def work(key: int) -> None:
        begun.append(key)
        go.wait(30)

    workers = Workers(work, range(50), most=2, name="test")
    workers.give_up()
    go.set()
    workers.join()
    assert len(begun) <= 2
    assert workers.done == len(begun)


def test_results_end_when_the_time_is_up_and_keep_what_is_done() -> None:
    never = threading.Event()
    workers = Workers(lambda key: never.wait(30) if key else "done", [0, 1], most=2, name="test")
    pieces: list[None] = []
    until = time.monotonic() + 0.05
    assert list(workers.results(until, lambda: pieces.append(None))) == [(0, "done")]
    assert pieces
    never.set()


def test_only_this_module_starts_threads_and_sleeps() -> None:
    """Six modules had a piece of their own each. A timer is no thread that works."""
    dear = {"Thread", "ThreadPoolExecutor", "sleep"}
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute)
        and node.attr in dear
        and isinstance(node.value, ast.Name)
        and node.value.id in ("time", "threading", "futures")
    }
    assert found == {"web/waiting.py"}
