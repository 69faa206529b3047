"""Texts that templates and tools write into a package until somebody replaces them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_SAMPLES: Final[Mapping[str, frozenset[str]]] = {
    "title": frozenset(("my package", "class library", "package title", "your package", "package name")),
    "authors": frozenset(("author name", "your name")),
    "description": frozenset(("package description", "...")),
    "projectUrl": frozenset(
        ("http://project_url_here_or_delete_this_line/", "http://project_url_here_or_delete_this_line")
    ),
    "releaseNotes": frozenset(("summary of changes made in this release of the package",)),
}
"""What templates and tools write, in lower case and without a full stop (NuGet.Client, NuGet.Build.Tasks.Pack.targets
and DefaultManifestValuesRule, which is NU5102; Umbraco.Templates)."""

_TOKEN = re.compile(r"\A\$\w+\$\Z|\A(?:AUTHOR_NAME|PACKAGE_TITLE)\Z|\bGITHUB_(?:USERNAME|REPOSITORY)\b")
"""A token of `nuget spec` and of the Opinionated Package Starter that nothing has replaced."""

_NOT_LETTERS = re.compile(r"[\W_]+")


def is_left_over(element: str, text: str, package_id: str = "") -> bool:
    """Whether nobody wrote this text for the package.

    Args:
        element: of the nuspec: `title`, `authors`, `description`, `projectUrl` or `releaseNotes`.
        text: what it says.
        package_id: of the package, which may be called as the samples are.
    """
    written = text.strip()
    folded = written.lower().rstrip(".") or written
    return bool(_TOKEN.search(written)) or (
        folded in _SAMPLES.get(element, frozenset()) and not says_the_same(written, package_id)
    )


def says_the_same(text: str, package_id: str) -> bool:
    """Whether a text is a package id in words, such as `My Package` for `My.Package`."""
    return bool(package_id) and _letters(text) == _letters(package_id)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).lower()
