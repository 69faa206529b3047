"""The site is made of the same Markdown that GitHub shows."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.shared_corpus import ROOT


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_hooks", ROOT / "docs/site_hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Exit codes", "exit-codes"),
        (
            "One request a minute: what is promised, and what is not",
            "one-request-a-minute-what-is-promised-and-what-is-not",
        ),
        ("`validate` & `inspect`", "validate--inspect"),
        ("A snake_case name", "a-snake_case-name"),
    ],
)
def test_anchors_are_those_of_github(hooks: ModuleType, heading: str, anchor: str) -> None:
    assert hooks.github_slug(heading) == anchor


class Page:
    """As much of MkDocs' page as the hook reads."""

    def __init__(self, src_uri: str) -> None:
        self.file = self
        self.src_uri = src_uri


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [
        ("index.md", "[rules](docs/rules.md#umb104)", "[rules](rules.md#umb104)"),
        ("index.md", "[samples](samples/README.md)", "[samples](samples/README.md)"),
        ("index.md", "[samples](samples)", "[samples](samples/README.md)"),
        ("online.md", "[start](../README.md)", "[start](index.md)"),
        ("packages.md", "[schema](../schemas/inspect-v1.schema.json)", "[schema](schemas/inspect-v1.schema.json)"),
        ("packages.md", "[`x`](../CHANGELOG.md) `[y](../CHANGELOG.md)`", "[`x`](CHANGELOG.md) `[y](../CHANGELOG.md)`"),
        ("samples/README.md", "[up](../docs/rules.md)", "[up](../rules.md)"),
        (
            "online.md",
            "[there](https://example.org/a.md) [here](#sync)",
            "[there](https://example.org/a.md) [here](#sync)",
        ),
        ("online.md", "[gone](../gone.md)", "[gone](../gone.md)"),
        (
            "index.md",
            '<a href="docs/rules.md#umb104"><img src="docs/preview.png"></a>',
            '<a href="rules.html#umb104"><img src="preview.png"></a>',
        ),
        ("usage.md", "| `a\\|<b>` | `c` |", "| <code>a&#124;&lt;b&gt;</code> | `c` |"),
        ("usage.md", "`a\\|b`", "`a\\|b`"),
        ("online.md", "```\n[start](../README.md)\n```\n", "```\n[start](../README.md)\n```\n"),
    ],
)
def test_links_lead_to_the_same_place_in_the_site(hooks: ModuleType, page: str, before: str, after: str) -> None:
    assert hooks.on_page_markdown(before, Page(page)) == after
