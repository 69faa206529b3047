"""What packages are called: ids of a name and a version, and dependencies on other packages.

The rules are those of `PackageUtils`, `PackageDependency` and `PackageVersionRange` (nuxeo/nuxeo-connect 1.8).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from umbmarket.nuxeo.versions import Version

_NAME_START = re.compile(r"[a-zA-Z_]")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_LINE_END = re.compile("[\n\r\u0085\u2028\u2029]")


class PackageId(NamedTuple):
    """The id of a package, as `nuxeoctl` takes it.

    Attributes:
        name: the package's name; it begins with a letter or an underscore.
        version: what the id says after it. `str` of an id has the version normalised.
    """

    name: str
    version: Version

    @classmethod
    def parse(cls, text: str) -> PackageId | None:
        """The id that a text is, or None where Nuxeo sees none in it: a version has three numbers there.

        Raises:
            InvalidVersion: the version has a number that Java cannot hold.
        """
        if _NAME_START.match(text) is None or _LINE_END.search(text):
            return None
        at = len(text)
        # The longest name that leaves a version counts.
        while (at := text.rfind("-", 1, at)) > 0:
            version = _VERSION.match(text, at + 1)
            if version is not None and _is_classifier(text[version.end() :]):
                return cls(text[:at], Version.parse(text[at + 1 :]))
        return None

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"


def _is_classifier(rest: str) -> bool:
    return not rest or (rest[0] == "-" and len(rest) > 1)


class Dependency(NamedTuple):
    """A package that another one needs, conflicts with or provides, with the versions that count.

    Attributes:
        name: the package's name, as written.
        minimum: the lowest version that counts; None for any.
        maximum: the highest version that counts; None for any. Both bounds belong to the range.
    """

    name: str
    minimum: Version | None = None
    maximum: Version | None = None

    @classmethod
    def parse(cls, text: str) -> Dependency:
        """What Nuxeo makes of `name[:minimum[:maximum]]`; a bound that is there and empty is 0.0.0.

        Raises:
            InvalidVersion: a bound has a number that Java cannot hold.
        """
        name, _, bounds = text.partition(":")
        if not bounds:
            return cls(name)
        lower, colon, upper = bounds.partition(":")
        return cls(name, Version.parse(lower), Version.parse(upper) if colon else None)

    def matches(self, version: Version) -> bool:
        """Whether a version of the package lies within the bounds."""
        return (self.minimum is None or self.minimum <= version) and (self.maximum is None or version <= self.maximum)

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part is not None)
