"""Fixtures for every test folder: packages built in memory, and what the corpus of real files holds."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import settings

from tests.shared_corpus import CORPUS, listings

# Hypothesis' own deadline is wall-clock time, which a busy machine takes away from a test.
settings.register_profile("umbmarket", deadline=None)
settings.load_profile("umbmarket")

# pytest-xdist tells its workers the width of its own terminal here, which what the program writes would follow.
os.environ.pop("COLUMNS", None)

NAMESPACE = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"

Groups = Mapping[str | None, Mapping[str, str | None]]
BuildPackage = Callable[..., bytes]


def build_nuspec(texts: Mapping[str, str | None], groups: Groups | None = None, extra: str = "") -> str:
    """A nuspec with simple `texts` (None leaves one out), dependency `groups` by framework, and raw XML."""
    lines = [f"    <{name}>{escape(text)}</{name}>" for name, text in texts.items() if text is not None]
    if extra:
        lines.append(extra)
    if groups is not None:
        lines.append("    <dependencies>")
        for framework, dependencies in groups.items():
            target = f" targetFramework={quoteattr(framework)}" if framework is not None else ""
            lines.append(f"      <group{target}>")
            for name, version in dependencies.items():
                wanted = f" version={quoteattr(version)}" if version is not None else ""
                lines.append(f"        <dependency id={quoteattr(name)}{wanted} />")
            lines.append("      </group>")
        lines.append("    </dependencies>")
    body = "\n".join(lines)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<package xmlns="{NAMESPACE}">\n  <metadata>\n{body}\n  </metadata>\n</package>\n'
    )


def build_nupkg(
    *,
    nuspec: str | bytes | None = None,
    nuspec_name: str | None = "My.Package.nuspec",
    files: Mapping[str, str | bytes] | None = None,
    groups: Groups | None = None,
    extra: str = "",
    **texts: str | None,
) -> bytes:
    """A package as bytes; without arguments one that nothing is wrong with but what it lacks.

    Args:
        nuspec: the whole nuspec, instead of one made from what follows.
        nuspec_name: its name in the archive; None packs none.
        files: further members, in this order, after the nuspec.
        groups: dependencies by id, by target framework (None for a group without one).
        extra: raw XML inside `<metadata>`, such as `<icon>icon.png</icon>`.
        texts: simple elements of the metadata, such as `tags="a b"`; None leaves out one of the usual ones.
    """
    usual = {
        "id": "My.Package",
        "version": "1.2.3",
        "authors": "Jane Doe",
        "description": "Does things.",
    }
    members: dict[str, str | bytes] = {}
    if nuspec_name is not None:
        members[nuspec_name] = nuspec if nuspec is not None else build_nuspec({**usual, **texts}, groups, extra)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, **(files or {})}.items():
            # A fixed date makes the same bytes each time.
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def nupkg() -> BuildPackage:
    """`build_nupkg`: makes a package in memory."""
    return build_nupkg


@pytest.fixture(scope="session")
def corpus_listings() -> list[tuple[dict[str, object], object]]:
    """The entries of the corpus whose file is JSON, each with the value read; the test needs `needs_corpus`."""
    read: list[tuple[dict[str, object], object]] = []
    for entry in listings():
        try:
            value = json.loads((CORPUS / entry["file"]).read_bytes().decode("utf-8-sig"))
        except ValueError:
            continue
        read.append((entry, value))
    return read


@pytest.fixture(scope="session")
def corpus_addresses() -> dict[str, set[str]]:
    """The texts of each key that ends in ``Url``, anywhere in the corpus; the test needs `needs_corpus`."""
    found: dict[str, set[str]] = {}
    for path in (CORPUS / "listings").rglob("*.json"):
        text = path.read_bytes().decode("cp1252", errors="replace")
        for key, value in re.findall(r'"(\w*Url)"\s*:\s*"([^"]+)"', text):
            found.setdefault(key, set()).add(value)
    return found
