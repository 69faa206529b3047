"""A reader that breaks is told of its file, and nothing else ends."""

from __future__ import annotations

import pytest

from umbmarket.formats.guarded import guarded


def test_what_is_read_is_given() -> None:
    assert guarded(lambda: "read", lambda reason: reason) == "read"


def test_a_reader_that_breaks_is_told() -> None:
    def read() -> str:
        raise LookupError("unknown encoding:\niso-8859-12")

    assert guarded(read, lambda reason: reason) == (
        "umbmarket broke while reading it, please report that (LookupError: unknown encoding: iso-8859-12)"
    )


def test_ctrl_c_is_no_failure_of_a_reader() -> None:
    def read() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded(read, lambda reason: reason)
