"""Real files from public repositories, which lie beside the project where it is developed, not in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real files is not on this machine")


def listings() -> list[dict[str, Any]]:
    """The entries of `listings.json`, or none where there is no corpus."""
    index = CORPUS / "listings.json"
    if not index.exists():
        return []
    entries: list[dict[str, Any]] = json.loads(index.read_bytes())["listings"]
    return entries
