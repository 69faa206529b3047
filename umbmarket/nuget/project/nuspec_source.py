"""A `.nuspec` that is packed as it stands, but for its `$tokens$`.

Sources: NuGet.Client, Manifest.ReadFrom and Preprocessor (tokens), PackTaskLogic (NuspecFile, NuspecProperties).
"""

from __future__ import annotations

import re

from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.nuget.project.unknown import Unknown

TOKEN = re.compile(r"\$(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)\$")


def properties_of(text: str) -> dict[str, str]:
    """`NuspecProperties`, such as `version=1.2.3;owner=me`, by lower-case name."""
    found = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if equals and name.strip():
            found[name.strip().lower()] = value.strip()
    return found


def with_tokens(text: str, properties: dict[str, str]) -> str:
    """`text` with each `$name$` replaced that there is a value for; the others stay."""
    return TOKEN.sub(lambda match: properties.get(match["name"].lower(), match[0]), text)


def known(text: str | None) -> str | Unknown | None:
    """A text of a nuspec, unknown where a token in it has no value."""
    found = TOKEN.search(text) if text is not None else None
    return Unknown(f"{found[0]} is replaced only when the package is made") if found is not None else text


class NuspecSource:
    """A nuspec in the source folder.

    Attributes:
        nuspec: as it stands, so that positions are those of the file.
        properties: the values of its tokens, by lower-case name.
    """

    def __init__(self, name: str, data: bytes, properties: dict[str, str]) -> None:
        """`data` is the file called `name`. Never raises."""
        self.nuspec = Nuspec(name, data)
        self.properties = properties

    @property
    def has_tokens(self) -> bool:
        """Whether a token in it has no value."""
        return TOKEN.search(with_tokens(self.nuspec.source.text, self.properties)) is not None

    def value(self, text: str | None) -> str | Unknown | None:
        """A text of it with its tokens replaced."""
        return known(with_tokens(text, self.properties)) if text is not None else None
