"""What is shown while a command waits: a live line on a terminal, a line for each change in a log."""

from __future__ import annotations

import os
import sys

import pytest

from umbmarket.cli.waiting_line import WaitingLine
from umbmarket.umbraco.syncing import SyncEvent

LONG = "the Marketplace shows 1.1.0, waiting for 1.2.0"


class Terminal:
    """Standard error as a terminal of 60 columns that keeps what it was sent, and can be asked what it shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.sent = ""

    def line(self) -> WaitingLine:
        # Within the test: pytest puts its own stream there when the test begins.
        self._monkeypatch.setattr(sys, "stderr", self)
        return line()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.sent += text
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""

    def fileno(self) -> int:
        raise OSError("no descriptor")

    @property
    def lines(self) -> list[str]:
        """The lines as a reader sees them: what was written over is gone."""
        shown = []
        for line in self.sent.split("\n"):
            row: list[str] = []
            for part in line.split("\r"):
                row[: len(part)] = part
            assert len(row) < 60
            shown.append("".join(row).rstrip())
        return shown


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    return Terminal(monkeypatch)


def line() -> WaitingLine:
    times = iter(f"14:0{number}" for number in range(10))
    return WaitingLine(lambda: next(times))


def test_a_terminal_has_one_line_that_tells_since_when(terminal: Terminal) -> None:
    shown = terminal.line()
    shown.tell(SyncEvent("A", "accepted; waiting"))
    shown.tell(SyncEvent("A", "shows 1.1.0"))
    assert terminal.lines == ["A: shows 1.1.0 (since 14:01)"]
    shown.tell(SyncEvent("A", "shows 1.1.0", waiting=True))
    assert terminal.lines == ["A: shows 1.1.0 (since 14:01)"]
    shown.wipe()
    assert terminal.lines == [""]


def test_a_long_line_is_cut_to_the_terminal(terminal: Terminal) -> None:
    terminal.line().tell(SyncEvent("My.Company.Package.With.A.Name", LONG))
    assert terminal.lines == ["My.Company.Package.With.A.Name: the Market... (since 14:00)"]


def test_several_packages_share_the_line(terminal: Terminal) -> None:
    shown = terminal.line()
    for name in ("A", "B", "C"):
        shown.tell(SyncEvent(name, "waiting"))
    assert terminal.lines == ["C and 2 more: waiting (since 14:02)"]


def test_a_warning_about_the_machine_stays_on_the_terminal(terminal: Terminal) -> None:
    shown = terminal.line()
    shown.tell(SyncEvent("A", "waiting"))
    shown.tell(SyncEvent("", "The state file is broken."))
    shown.tell(SyncEvent("", "The state file is broken."))
    shown.tell(SyncEvent("A", "done"))
    shown.wipe()
    assert terminal.lines == ["note: The state file is broken.", ""]


@pytest.mark.parametrize("dumb", [False, True])
def test_a_log_has_a_line_for_each_change(
    dumb: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if dumb:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        monkeypatch.setenv("TERM", "dumb")
    shown = line()
    for text in ("one request a minute is allowed; waiting 42 s", LONG, LONG, "done"):
        shown.tell(SyncEvent("A", text))
    shown.tell(SyncEvent("B", "done"))
    shown.wipe()
    assert capsys.readouterr().err == (
        f"note: A: one request a minute is allowed; waiting 42 s\nnote: A: {LONG}\nnote: A: done\nnote: B: done\n"
    )


def test_foreign_text_acts_on_no_terminal(terminal: Terminal) -> None:
    terminal.line().tell(SyncEvent("A", "answered 400: \x1b[2J\r##vso[task]"))
    assert "\x1b" not in terminal.sent
    assert terminal.sent.count("\r") == 1
    assert "##vso[" not in terminal.sent


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo terminal")
def test_a_real_terminal_tells_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        shown = line()
        shown.tell(SyncEvent("My.Package", LONG))
        written = os.read(ours, 4096).decode()
    os.close(ours)
    assert written == "\rMy.Package: the Market... (since 14:00)"
    assert len(written) == 40
