"""Versions of Nuxeo packages: what Nuxeo makes of a text, and how it orders versions.

The rules are those of `org.nuxeo.connect.update.Version` (nuxeo/nuxeo-connect 1.8), which hardly refuses anything:
a text without a digit is 0.0.0.
"""

from __future__ import annotations

import functools
import re

SNAPSHOT = "-SNAPSHOT"
"""What marks a version as a snapshot, wherever it stands behind the number."""

LARGEST_PART = 2_147_483_647
"""The largest number that a part may have: Java's `Integer.MAX_VALUE`."""

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+){0,2}")
_SPECIAL = re.compile(r"(?:(?:RC|rc|alpha|ALPHA|beta|BETA)[0-9]*|[a-zA-Z][0-9]{8}).*")


class InvalidVersion(ValueError):
    """Nuxeo cannot read the text as a version: a part of its number is beyond `LARGEST_PART`."""


@functools.total_ordering
class Version:
    """A version of a package.

    Two versions are equal where Nuxeo sees no difference in their order.

    Attributes:
        major: the first number.
        minor: the second number; 0 where there is none.
        patch: the third number; 0 where there is none.
        classifier: what follows the number and one more character, without `-SNAPSHOT`; None for none. It may be empty:
            `1.0.0-` is normalised to itself.
        is_snapshot: the text held `-SNAPSHOT` behind its number.
    """

    __slots__ = ("_key", "classifier", "is_snapshot", "major", "minor", "patch")

    def __init__(
        self, major: int, minor: int = 0, patch: int = 0, classifier: str | None = None, *, is_snapshot: bool = False
    ) -> None:
        self.major = major
        self.minor = minor
        self.patch = patch
        self.classifier = classifier
        self.is_snapshot = is_snapshot
        self._key = (
            major,
            minor,
            patch,
            not self.is_special,
            # Java compares the units of UTF-16.
            (classifier or "").encode("utf-16-be", "surrogatepass"),
            not is_snapshot,
        )

    @classmethod
    def parse(cls, text: str) -> Version:
        """What Nuxeo makes of a text: the first number in it, and as classifier what lies beyond its length.

        Nuxeo counts the classifier from the start of the text, so that `v1.2.3` becomes `1.2.3-`.

        Raises:
            InvalidVersion: a part of the number is too large for Java.
        """
        number = _NUMBER.search(text)
        if number is None:
            return cls(0)
        parts = []
        for part in number[0].split("."):
            # No more digits than this are turned into a number: Python refuses very long ones.
            digits = part.lstrip("0") or "0"
            if len(digits) > len(str(LARGEST_PART)) or int(digits) > LARGEST_PART:
                raise InvalidVersion(f"{_cut(part)} is larger than {LARGEST_PART}, the largest number of a version")
            parts.append(int(digits))
        rest = text[len(number[0]) :]
        is_snapshot = SNAPSHOT in rest
        rest = rest.replace(SNAPSHOT, "", 1)
        major, minor, patch = (*parts, 0, 0)[:3]
        return cls(major, minor, patch, rest[1:] if rest else None, is_snapshot=is_snapshot)

    @property
    def is_special(self) -> bool:
        """Its classifier sorts before the release: rc, alpha and beta in one letter case, a letter and eight digits."""
        return self.classifier is not None and _SPECIAL.fullmatch(self.classifier) is not None

    def is_upgrade_for(self, other: Version) -> bool:
        """Whether Nuxeo would replace `other` by this one: it is newer, or both are the same snapshot."""
        return self > other or (self.is_snapshot and self == other)

    def __str__(self) -> str:
        classifier = "" if self.classifier is None else f"-{self.classifier}"
        return f"{self.major}.{self.minor}.{self.patch}{classifier}{SNAPSHOT if self.is_snapshot else ''}"

    def __repr__(self) -> str:
        return f"Version({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._key < other._key if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)


def _cut(digits: str) -> str:
    return digits if len(digits) <= 20 else f"{digits[:20]}..."
