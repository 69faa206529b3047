"""Signals while files are written: whenever they come, all files are the old ones or the new ones, and none is left."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import umbmarket.disk
from umbmarket.disk.held_signals import HeldSignals
from umbmarket.disk.new_files import write_all
from umbmarket.disk.replacing import NotReplaced, Replacement, replace_all, replace_file

ROOM = os.path.dirname(umbmarket.disk.__file__)
NAMES = ["a.json", "b.json", "c.json"]


def fix(folder: Path) -> None:
    replace_all([Replacement(str(folder / name), name, b"old", b"new", str(folder)) for name in NAMES])


def create(folder: Path) -> None:
    write_all({folder / name: b"new" for name in NAMES}, replace=True, root=folder)


def one(folder: Path) -> None:
    replace_file(folder / "a.json", b"new")


@pytest.fixture
def ended() -> Iterator[None]:
    """SIGTERM ends the program as it does while the program writes files."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    yield
    signal.signal(signal.SIGTERM, before)


def interrupted(write: Callable[[Path], None], folder: Path, number: int, at: frozenset[int]) -> tuple[int, bool]:
    """Write, with a signal before some of the steps; how many steps there were, and whether it was ended."""
    steps = 0

    def step(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal steps
        if not frame.f_code.co_filename.startswith(ROOM) or "held_signals" in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            steps += 1
            if steps in at:
                signal.raise_signal(number)
        return step

    usual = sys.gettrace()
    try:
        sys.settrace(step)
        write(folder)
    except (KeyboardInterrupt, SystemExit):
        return steps, True
    finally:
        sys.settrace(usual)
    return steps, False


@pytest.mark.slow
@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("apart", [0, 29])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("write", [fix, create, one])
def test_a_signal_at_any_step_leaves_all_files_old_or_all_new(
    tmp_path: Path, write: Callable[[Path], None], number: int, apart: int
) -> None:
    written = NAMES if write is not one else NAMES[:1]
    (tmp_path / "first").mkdir()
    for name in written:
        (tmp_path / "first" / name).write_bytes(b"old")
    total, _ = interrupted(write, tmp_path / "first", number, frozenset())
    assert total > 100
    for at in range(1, total, 7):
        folder = tmp_path / str(at)
        folder.mkdir()
        for name in written:
            (folder / name).write_bytes(b"old")
        assert interrupted(write, folder, number, frozenset((at, at + apart)))[1]
        assert sorted(os.listdir(folder)) == written
        assert len({(folder / name).read_bytes() for name in written}) == 1


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("write", [fix, create, one])
def test_without_a_signal_nothing_ends(tmp_path: Path, write: Callable[[Path], None]) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(b"old")
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    assert not interrupted(write, tmp_path, signal.SIGTERM, frozenset())[1]
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.usefixtures("ended")
def test_a_signal_waits_until_it_is_let_through() -> None:
    done = []

    def work() -> None:
        with HeldSignals() as signals:
            signal.raise_signal(signal.SIGTERM)
            done.append("first")
            signals.let_through()
            done.append("second")

    with pytest.raises(SystemExit) as ended:
        work()
    assert (done, ended.value.code) == (["first"], 128 + signal.SIGTERM)


def test_signals_without_a_handler_of_python_stay_as_they_are() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with HeldSignals():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
            assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before)


def test_files_are_written_outside_of_the_main_thread_too(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    thread = threading.Thread(target=one, args=[tmp_path])
    thread.start()
    thread.join()
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_file_that_cannot_be_put_back_is_named(tmp_path: Path) -> None:
    """The disk is full by the time that the second file turns out to be changed."""
    import resource

    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_bytes(b"o" * 4000)
    second.write_bytes(b"old")
    usual = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def change(frame: FrameType, event: str, _argument: object) -> Any:
        if frame.f_code.co_name == "_put_in_place" and second.read_bytes() == b"old":
            second.write_bytes(b"else")
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        return None

    before = sys.gettrace()
    try:
        sys.settrace(change)
        with pytest.raises(NotReplaced) as refused:
            replace_all(
                [
                    Replacement(str(first), "a.json", b"o" * 4000, b"new", str(tmp_path)),
                    Replacement(str(second), "b.json", b"old", b"new", str(tmp_path)),
                ]
            )
    finally:
        sys.settrace(before)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, usual)
    assert str(refused.value) == (
        "b.json cannot be written: another program has changed it; a.json is changed already and cannot be written back"
    )
    assert sorted(os.listdir(tmp_path)) == ["a.json", "b.json"]
