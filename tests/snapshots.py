"""Texts that are compared with a file; `UPDATE_SNAPSHOTS=1` in the environment writes the file anew instead."""

from __future__ import annotations

import os
from pathlib import Path

UPDATE = "UPDATE_SNAPSHOTS"


def assert_matches(file: Path, text: str) -> None:
    """Compare `text` with what `file` holds."""
    if os.environ.get(UPDATE) == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8"), f"{file} differs; {UPDATE}=1 writes it anew"
