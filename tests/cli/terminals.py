"""A program with a person in front of it: standard input and standard error are a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

END = "\x04"
"""What a person types instead of an answer (Ctrl-D)."""


class Dialogue(NamedTuple):
    """What a run came to.

    Attributes:
        code: the exit code.
        output: standard output.
        screen: what the terminal showed.
    """

    code: int
    output: str
    screen: str


def converse(
    arguments: Sequence[str], answers: Sequence[tuple[str, str]], folder: Path, environment: dict[str, str]
) -> Dialogue:
    """Run the program, wait for each question, and type its answer.

    Args:
        arguments: of the program.
        answers: a part of each question, and what is typed then (without the line end), in their order.
        folder: to run it in.
        environment: further variables.
    """
    import pty

    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "umbmarket", *arguments],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    screen, seen = "", 0
    for question, answer in answers:
        while question not in screen[seen:]:
            part = _read(ours)
            assert part, f"{question!r} was not asked; the terminal shows {screen!r}"
            screen += part
        seen = len(screen)
        os.write(ours, answer.encode() if answer == END else f"{answer}\n".encode())
    while part := _read(ours):
        screen += part
    os.close(ours)
    output, _ = run.communicate(timeout=60)
    return Dialogue(run.returncode, output.decode(), screen.replace("\r\n", "\n"))


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 4096).decode()
    except OSError:
        # The other end is closed (Linux says so with an error).
        return ""
