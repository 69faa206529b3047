"""Which packages a text tells people to install, and in which version: commands and package references.

Sources: the documentation of `dotnet add package`, `dotnet package add`, the Package Manager Console, `nuget install`
and `PackageReference`. Commands for templates and tools (`dotnet new install`, `dotnet tool install`) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from umbmarket.findings import Span

MOST_COMMANDS = 200
"""Commands of one text that are looked at: the longest real readme has some ten."""

_ID = r"[\"']?(?P<id>\w+(?:[.-]\w+)*)[\"']?"
_REST = r"(?P<rest>[^\r\n`<]{0,200})"
_COMMANDS = (
    re.compile(rf"\bdotnet[ \t]+add[ \t]+(?:(?!package\b)[^\s`]+[ \t]+)?package[ \t]+{_ID}{_REST}", re.IGNORECASE),
    re.compile(rf"\bdotnet[ \t]+package[ \t]+add[ \t]+{_ID}{_REST}", re.IGNORECASE),
    re.compile(rf"\bInstall-Package[ \t]+(?:-Id[ \t]+)?{_ID}{_REST}", re.IGNORECASE),
    re.compile(rf"\bnuget(?:\.exe)?[ \t]+install[ \t]+{_ID}{_REST}", re.IGNORECASE),
    re.compile(r"<PackageReference\s+Include=\"(?P<id>\w+(?:[.-]\w+)*)\"(?P<rest>[^<>]{0,200})", re.IGNORECASE),
)
_VERSION = re.compile(
    r"(?:(?<![\w-])(?:--version|-version|-v)[ \t=:]+|\A@|\bVersion=)[\"']?(?P<version>v?[0-9*\[(][^\s\"'`&;|>]*)",
    re.IGNORECASE,
)


class InstallCommand(NamedTuple):
    """One command or package reference.

    Attributes:
        id: of the package, as written.
        version: as written, or None.
        span: of the version, or else of the id, in code points.
    """

    id: str
    version: str | None
    span: Span


def install_commands(text: str) -> Iterator[InstallCommand]:
    """What a text installs, at most `MOST_COMMANDS` of each kind. Takes time in proportion to its length."""
    for pattern in _COMMANDS:
        for number, match in enumerate(pattern.finditer(text)):
            if number == MOST_COMMANDS:
                break
            version = _VERSION.search(match["rest"])
            if version is None:
                yield InstallCommand(match["id"], None, Span(*match.span("id")))
                continue
            start = match.start("rest")
            yield InstallCommand(
                match["id"],
                version["version"],
                Span(start + version.start("version"), start + version.end("version")),
            )
