"""What the released Nuxeo classes said of texts: `nuxeo/vectors.json` of the corpus."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.shared_corpus import CORPUS

FOLDER = CORPUS / "nuxeo"


@cache
def _all() -> dict[str, Any]:
    path = FOLDER / "vectors.json"
    found: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return found


def vectors(category: str) -> list[dict[str, Any]]:
    """The rows of a category, or none where there is no corpus."""
    rows: list[dict[str, Any]] = _all().get(category, [])
    return rows


@cache
def corpus() -> list[dict[str, Any]]:
    """The entries of `nuxeo/corpus.json`: real files with what the released parser said of them."""
    path = FOLDER / "corpus.json"
    found: list[dict[str, Any]] = json.loads(path.read_bytes())["files"] if path.is_file() else []
    return found
