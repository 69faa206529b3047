"""Variables of installation scripts, and the tokens that a build replaces.

Sources: `Vars.expand`, `AbstractTask` (nuxeo/nuxeo, branch 2023). Nuxeo expands variables in the text of `install.xml`
before it reads it as XML; what it does not know stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

PACKAGE_ROOT = "package.root"
"""The variable of the folder that the package was unpacked to."""

VARIABLES: Final = (
    "package.id",
    "package.name",
    "package.version",
    PACKAGE_ROOT,
    "env.home",
    "env.server.home",
    "env.lib",
    "env.syslib",
    "env.bundles",
    "env.config",
    "env.templates",
    "env.hostapp.name",
    "env.hostapp.version",
    "sys.timestamp",
)
"""What Nuxeo sets for a package."""

JBOSS_VARIABLE = "env.ear"
"""What it sets on JBoss alone, which no Nuxeo of today runs on."""

OWN_PREFIXES = ("package.", "env.", "sys.")
"""What the names of Nuxeo's own variables begin with. All other names are those of Java's system properties."""

JAVA_PREFIXES = ("java.", "user.", "os.", "file.", "path.", "line.", "sun.", "jdk.", "native.", "nuxeo.", "catalina.")
"""What names of system properties begin with that a running server has."""

BUILD_PREFIXES = ("project.", "pom.", "settings.", "maven.", "parent.", "mp", "basedir", "artifactId", "version")
"""What names begin with that Maven and Nuxeo's archetypes replace when they build a package."""

_TOKEN = re.compile(r"@[A-Za-z][A-Za-z0-9_.-]*@")


class Reference(NamedTuple):
    """One `${name}` or `${name?default}` in a text.

    Attributes:
        name: of the variable.
        default: what counts where it is not set; None for none.
        start: offset of the dollar sign.
        end: offset behind the closing brace.
    """

    name: str
    default: str | None
    start: int
    end: int


def references(text: str) -> Iterator[Reference]:
    """The variables that a text names."""
    start = text.find("${")
    while start >= 0 and (end := text.find("}", start + 2)) >= 0:
        name, question, default = text[start + 2 : end].partition("?")
        yield Reference(name, default if question else None, start, end + 1)
        start = text.find("${", end + 1)


def expand(text: str, values: Mapping[str, str]) -> str:
    """Put in what is known of the variables in a text, else their defaults; the others stay."""
    parts = []
    at = 0
    for reference in references(text):
        value = values.get(reference.name, reference.default)
        if value is not None:
            parts += [text[at : reference.start], value]
            at = reference.end
    return "".join([*parts, text[at:]])


class Token(NamedTuple):
    """What a build was to replace.

    Attributes:
        text: such as `@VERSION@` or `${project.version}`.
        start: its offset.
    """

    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


def tokens(text: str, *, in_script: bool = False) -> Iterator[Token]:
    """The tokens in a text.

    Args:
        text: of a manifest, a script or another file of a package.
        in_script: Nuxeo expands variables in it, so that not everything in `${}` is a token.
    """
    found = [Token(match[0], match.start()) for match in _TOKEN.finditer(text)]
    found += [
        Token(text[each.start : each.end], each.start)
        for each in references(text)
        if each.name and (not in_script or (each.default is None and each.name.startswith(BUILD_PREFIXES)))
    ]
    return iter(sorted(found, key=lambda token: token.start))


def without_comments(text: str) -> str:
    """An XML text with blanks in place of its comments, so that offsets stay: a token in a comment does no harm."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += [text[at:start], " " * (end + 3 - start)]
        at = end + 3
    return "".join([*parts, text[at:]])


def has_token(text: str | None) -> bool:
    """Whether a value of a manifest has a token, so that its real value is not known yet."""
    return text is not None and (next(tokens(text), None) is not None or "<%" in text)
