"""The one way to the corpus: real files from public repositories, which lie beside the project, not in it.

`UMBMARKET_CORPUS` names the folder; without it, `../shared/corpus` beside the checkout counts. Where there is none, the
tests that need it are skipped, all with the same reason.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
"""The root of the checkout."""

CORPUS = Path(os.environ.get("UMBMARKET_CORPUS") or ROOT.parent / "shared" / "corpus")
"""The folder of the corpus, whether it is there or not."""

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of real files is not here (UMBMARKET_CORPUS names its folder)"
)
"""Skips a test, or with `pytestmark` a module, where there is no corpus."""


def entries(index: str, name: str) -> list[dict[str, Any]]:
    """The list `name` of an index such as `listings.json`, or none where there is no corpus."""
    path = CORPUS / index
    if not path.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(path.read_bytes())[name]
    return found


def listings() -> list[dict[str, Any]]:
    """The entries of `listings.json`, or none where there is no corpus."""
    return entries("listings.json", "listings")


def packages() -> list[dict[str, Any]]:
    """The entries of `nupkgs.json`, or none where there is no corpus."""
    return entries("nupkgs.json", "packages")
