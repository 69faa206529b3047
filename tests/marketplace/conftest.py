"""The corpus of real listings, where it is present."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the corpus is not present")
    return SHARED


@pytest.fixture(scope="session")
def corpus_listings(shared: Path) -> list[tuple[dict[str, object], object]]:
    """The entries of the corpus whose file is JSON, each with the value read."""
    entries = json.loads((shared / "corpus" / "listings.json").read_text(encoding="utf-8"))["listings"]
    read = []
    for entry in entries:
        try:
            value = json.loads((shared / "corpus" / entry["file"]).read_bytes().decode("utf-8-sig"))
        except ValueError:
            continue
        read.append((entry, value))
    return read


@pytest.fixture(scope="session")
def corpus_addresses(shared: Path) -> dict[str, set[str]]:
    """The texts of each key that ends in ``Url``, anywhere in the corpus, also in files that are no JSON."""
    found: dict[str, set[str]] = {}
    for path in (shared / "corpus" / "listings").rglob("*.json"):
        text = path.read_bytes().decode("cp1252", errors="replace")
        for key, value in re.findall(r'"(\w*Url)"\s*:\s*"([^"]+)"', text):
            found.setdefault(key, set()).add(value)
    return found
