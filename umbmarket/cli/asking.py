"""Asking the user: on standard error, so that the results stay alone on standard output."""

from __future__ import annotations

import sys

from umbmarket.cli import streams


def has_person() -> bool:
    """Whether a person can be asked: standard input and standard error are a terminal."""
    return bool(sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty())


def ask(words: str) -> str | None:
    """Show a question and give the answer, without white space around it; None where nobody answers.

    Args:
        words: the question, with what comes before the answer.
    """
    streams.write_error(f"{words} ")
    if sys.stdin is None:
        return None
    try:
        line = sys.stdin.readline()
    except (OSError, ValueError):
        line = ""
    if not line.endswith("\n"):
        # What the user types next, or the shell shows, begins on a line of its own.
        streams.write_error("\n")
    return line.strip() if line else None
