"""Keeps what jinja2 makes of a template, as Python keeps what it makes of a module: in `__pycache__` beside the source.

To compile the template takes as long as all the rest of a page. Where the folder cannot be written, as with a package
that an administrator installed, it is compiled anew each time.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache


class CompiledTemplates(BytecodeCache):
    """A cache for templates of one folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the templates."""
        self._folder = folder / "__pycache__"

    def _path(self, bucket: Bucket) -> Path:
        """One file for each version of Python and of jinja2, whose code differs."""
        return self._folder / f"{bucket.key[:16]}.{sys.implementation.cache_tag}.jinja2-{jinja2.__version__}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket what was kept for the same source; nothing where there is none."""
        with suppress(OSError), self._path(bucket).open("rb") as file:
            try:
                bucket.load_bytecode(file)
            except Exception:  # noqa: BLE001 - of a damaged file pickle and marshal raise many kinds; it is made anew
                bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what the bucket holds, unless Python is told to keep nothing."""
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            try:
                with fresh.open("xb") as file:
                    bucket.write_bytecode(file)
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
