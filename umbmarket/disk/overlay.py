"""Contents that count instead of what lies on the disk, such as files that are mended but not written yet."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from umbmarket.disk.real_path import real_path

_CONTENTS: Final[ContextVar[Mapping[str, bytes] | None]] = ContextVar("contents", default=None)


@contextmanager
def laid_over(contents: Mapping[str, bytes]) -> Iterator[None]:
    """Let `disk.files` read these contents as long as the context lasts, in this thread alone.

    Args:
        contents: by absolute path. The files are there; only what they hold is other than what the disk says.
    """
    before = _CONTENTS.set({_key(path): data for path, data in contents.items()} if contents else None)
    try:
        yield
    finally:
        _CONTENTS.reset(before)


def content_at(path: str) -> bytes | None:
    """What counts instead of the file at `path`, under whatever spelling; None where the disk does."""
    contents = _CONTENTS.get()
    if contents is None:
        return None
    try:
        return contents.get(_key(path))
    except (OSError, ValueError):
        return None


def _key(path: str) -> str:
    return os.path.normcase(real_path(path))
