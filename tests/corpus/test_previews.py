"""Every real listing, readme and package makes a page, and each page is HTML without a mistake."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest

from tests.shared_corpus import CORPUS, ROOT, listings, needs_corpus, packages
from umbmarket.umbraco.actions.preview import preview

pytestmark = [needs_corpus, pytest.mark.slow]

HEALTHY = ROOT / "samples" / "healthy" / "umbraco-marketplace.json"
READMES = sorted((CORPUS / "readmes").rglob("*.md"))


def parse(html: str) -> None:
    html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True).parse(html)


@pytest.mark.parametrize("file", [entry["file"] for entry in listings()])
def test_a_listing(file: str) -> None:
    made = preview(CORPUS / file)
    assert made.failures == ()
    parse(made.html)


@pytest.mark.parametrize("file", READMES, ids=lambda path: path.parent.name)
def test_a_readme(file: Path) -> None:
    made = preview(HEALTHY, readme=file)
    is_empty = not file.read_bytes().strip()
    assert ("The readme is empty" if is_empty else '<div class="readme">') in made.html
    parse(made.html)


@pytest.mark.parametrize("file", [entry["file"] for entry in packages()])
def test_a_package(file: str) -> None:
    made = preview(CORPUS / "nupkgs" / file)
    assert made.failures == ()
    parse(made.html)


def test_all_of_them_are_there() -> None:
    assert (len(listings()), len(READMES), len(packages())) == (105, 40, 19)
