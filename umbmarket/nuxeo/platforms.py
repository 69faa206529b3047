"""Nuxeo servers that a package is for: their versions, ranges of these, and whether a package is compatible with one.

The rules are those of `org.nuxeo.connect.platform` and of `TargetPlatformFilterHelper` (nuxeo/nuxeo-connect 1.8), which
descend from Maven's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LARGEST_PART = 9_999
"""The largest number in a part of a platform's version; what is larger counts as 0."""

JSF_UI = "nuxeo-jsf-ui"
"""The package that a `cap` platform of old stands for, beside the server."""

_JAVA_SPACE = re.compile(r"[\t-\r\x1c- \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]")
"""`Character.isWhitespace`: no-break spaces do not count."""
_RANGE_SIGNS = re.compile(r"[,\[\]()]")


class InvalidPlatformVersion(ValueError):
    """Nuxeo refuses the text as the version of a platform; the message is Nuxeo's own."""


class InvalidPlatformRange(ValueError):
    """Nuxeo refuses the text as a range of versions; the message is Nuxeo's own and says which rule is broken."""


@functools.total_ordering
class PlatformVersion:
    """The version of a Nuxeo server: `major[.minor[.build]][-qualifier]`.

    A qualified version comes after the one without, so that `[1,1.1]` does not contain `1.1-A`. Letter case does not
    count.

    Attributes:
        major: the first number.
        minor: the second one; 0 where it is missing, no number, or larger than `LARGEST_PART`.
        build: the third one, likewise.
        qualifier: what follows the first hyphen; empty for none.
        comparable: the text that Nuxeo compares.
    """

    __slots__ = ("build", "comparable", "major", "minor", "qualifier")

    def __init__(self, major: int, minor: int = 0, build: int = 0, qualifier: str = "") -> None:
        self.major = major
        self.minor = minor
        self.build = build
        self.qualifier = qualifier
        number = f"{major:04}.{minor:04}.{build:04}"
        self.comparable = f"{number}-{qualifier.upper()}" if qualifier else number

    @classmethod
    def parse(cls, text: str) -> PlatformVersion:
        """What Nuxeo makes of a text.

        Raises:
            InvalidPlatformVersion: it has no number to start with, a sign of a range, or a space in its qualifier.
        """
        if _is_blank(text):
            raise InvalidPlatformVersion("Version cannot be blank")
        if _RANGE_SIGNS.search(text):
            raise InvalidPlatformVersion(
                f"Version cannot contain commas (','), brackets ('[]') or parenthesis ('()'): {text}"
            )
        number, hyphen, qualifier = text.partition("-")
        parts = [_trimmed(part) for part in number.split(".")]
        if not parts[0].isdecimal():
            raise InvalidPlatformVersion(f"Version should at least explicit a major number: {text}")
        qualifier = _trimmed(qualifier) if hyphen else ""
        if _JAVA_SPACE.search(qualifier):
            raise InvalidPlatformVersion(f"Version cannot contain whitespaces in qualifier: {text}")
        major, minor, build = (_number(part) for part in (*parts, "", "")[:3])
        return cls(major, minor, build, qualifier)

    def __str__(self) -> str:
        build = f".{self.build}" if self.build else ""
        qualifier = f"-{self.qualifier}" if self.qualifier else ""
        return f"{self.major}.{self.minor}{build}{qualifier}"

    def __repr__(self) -> str:
        return f"PlatformVersion({str(self)!r})"

    @property
    def _key(self) -> bytes:
        return self.comparable.encode("utf-16-be", "surrogatepass")

    def __eq__(self, other: object) -> bool:
        return self.comparable == other.comparable if isinstance(other, PlatformVersion) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._key < other._key if isinstance(other, PlatformVersion) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.comparable)


def _number(part: str) -> int:
    # No more digits than these are turned into a number: Python refuses very long ones.
    digits = part.lstrip("0") if part.isascii() else part
    if not part.isdecimal() or len(digits) > 18:
        return 0
    value = int(digits or "0")
    return value if value <= LARGEST_PART else 0


def _trimmed(text: str) -> str:
    """Java's `String.trim`: everything up to U+0020 at both ends goes."""
    return text.strip("".join(map(chr, range(0x21))))


def _is_blank(text: str) -> bool:
    return not _JAVA_SPACE.sub("", text)


class PlatformRange(NamedTuple):
    """A range of platform versions.

    Attributes:
        lower: the lowest version; None for no bound.
        upper: the highest version; None for no bound.
        includes_lower: the lowest version belongs to the range.
        includes_upper: the highest version belongs to the range.
    """

    lower: PlatformVersion | None
    upper: PlatformVersion | None
    includes_lower: bool
    includes_upper: bool

    @classmethod
    def parse(cls, text: str) -> PlatformRange:
        """What Nuxeo makes of `1.0`, `[1.0]`, `[1.0,2.0)` and their like. A bare version means exactly that version.

        Raises:
            InvalidPlatformRange: Nuxeo refuses it.
        """
        try:
            return cls._parse(text)
        except InvalidPlatformVersion as error:
            raise InvalidPlatformRange(str(error)) from None

    @classmethod
    def _parse(cls, text: str) -> PlatformRange:
        if _is_blank(text):
            raise InvalidPlatformRange("Range cannot be blank")
        text = _trimmed(text)
        starts, ends = text.startswith("["), text.endswith("]")
        if "," not in text:
            if starts and ends:
                version = PlatformVersion.parse(_trimmed(text[1:-1]))
            elif starts or ends or text.startswith("(") or text.endswith(")"):
                raise InvalidPlatformRange(f"Single version can only have inclusive boundaries ('[x.y.z]'): {text}")
            else:
                version = PlatformVersion.parse(text)
            return cls(version, version, includes_lower=True, includes_upper=True)
        if not starts and not text.startswith("("):
            raise InvalidPlatformRange(f"Range should start with '[' or '(': {text}")
        if not ends and not text.endswith(")"):
            raise InvalidPlatformRange(f"Range should end with ']' or ')': {text}")
        lower, upper = (
            PlatformVersion.parse(bound) if (bound := _trimmed(part)) else None
            for part in _trimmed(text[1:-1]).split(",", 1)
        )
        if lower is not None and upper is not None:
            if lower == upper and not (starts and ends):
                raise InvalidPlatformRange(f"Range cannot have identical boundaries with exclusions: {text}")
            if upper < lower:
                raise InvalidPlatformRange(f"Range defies version ordering: {text}")
        return cls(lower, upper, starts, ends)

    def contains(self, version: PlatformVersion | str) -> bool:
        """Whether a version lies in the range.

        Raises:
            InvalidPlatformVersion: `version` is a text that is none.
        """
        asked = PlatformVersion.parse(version) if isinstance(version, str) else version
        if self.lower is not None and (asked < self.lower or (asked == self.lower and not self.includes_lower)):
            return False
        return self.upper is None or asked < self.upper or (asked == self.upper and self.includes_upper)

    def __str__(self) -> str:
        if self.lower is not None and self.lower is self.upper:
            return f"[{self.lower}]"
        lower, upper = self.lower or "", self.upper or ""
        return f"{'[' if self.includes_lower else '('}{lower},{upper}{']' if self.includes_upper else ')'}"


class PlatformId(NamedTuple):
    """A Nuxeo server: `lts-2023.5` is version 2023.5 of the distribution `lts`.

    Attributes:
        name: of the distribution: `cap` up to 7.10, `server` from 8 to 11, `lts` since 2021.
        version: its version.
    """

    name: str
    version: PlatformVersion

    @classmethod
    def parse(cls, text: str) -> PlatformId:
        """The server that a text names. The version is what follows the last hyphen that a version follows.

        Raises:
            InvalidPlatformVersion: no hyphen is followed by a version.
        """
        at = len(text)
        while (at := text.rfind("-", 0, at)) >= 0:
            try:
                return cls(text[:at], PlatformVersion.parse(text[at + 1 :]))
            except InvalidPlatformVersion:
                continue
        raise InvalidPlatformVersion(f"Bad platform id: {text}")

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"


def with_servers(platforms: Sequence[str], package: str | None = None) -> tuple[str, ...]:
    """The platforms that count for a list: since the JSF pages became a package, `cap-X` stands for `server-X` as well.

    Args:
        platforms: as written.
        package: name of the package, which matters where it is `JSF_UI` itself.
    """
    found = list(platforms)
    for each in platforms if package != JSF_UI else ():
        server = f"server-{each.removeprefix('cap-')}"
        if each.startswith("cap-") and server not in found:
            found.append(server)
    return tuple(found)


def is_compatible(
    target: str | PlatformId,
    *,
    platforms: Iterable[str] = (),
    target_platform: tuple[str, str] | None = None,
    package: str | None = None,
) -> bool:
    """Whether Nuxeo would install a package on a server.

    Args:
        target: the server, such as `lts-2023.5`.
        platforms: the texts of `platforms/platform`: patterns with `*` and `?`; none means every server.
        target_platform: name and version of `target-platform`. It counts where both are given and the version is a
            range that can be read; otherwise `platforms` do.
        package: name of the package, see `with_servers`.

    Raises:
        InvalidPlatformVersion: `target` names no server.
    """
    server = PlatformId.parse(target) if isinstance(target, str) else target
    if target_platform is not None and not any(map(_is_blank, target_platform)):
        name, versions = target_platform
        try:
            return PlatformRange.parse(versions).contains(server.version) and _same(name, server.name)
        except InvalidPlatformRange:
            # Nuxeo logs a warning and goes on with the former list.
            pass
    patterns = with_servers(tuple(platforms), package)
    return not patterns or any(matches_platform(pattern, server) for pattern in patterns)


def _same(one: str, other: str) -> bool:
    """Java's `equalsIgnoreCase`."""
    return len(one) == len(other) and (one.upper() == other.upper() or one.lower() == other.lower())


def matches_platform(pattern: str, server: PlatformId) -> bool:
    """Whether an entry of `platforms` means a server, letter case ignored.

    The server is compared in each of its spellings: `lts-2021`, `lts-2021.0` and `lts-2021.0.0` are one.
    """
    version = server.version
    qualifier = f"-{version.qualifier}" if version.qualifier else ""
    spellings = [str(server)]
    if not version.build:
        spellings.append(f"{server.name}-{version.major}.{version.minor}.0{qualifier}")
        if not version.minor:
            spellings.append(f"{server.name}-{version.major}{qualifier}")
    return any(_wildcard_match(spelling.lower(), pattern.lower()) for spelling in spellings)


def _wildcard_match(text: str, pattern: str) -> bool:
    """`FilenameUtils.wildcardMatch`; a pattern of many asterisks costs the product of the lengths at most."""
    at = at_text = last = 0
    star = -1
    while at_text < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, last = at, at_text
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[at_text]):
            at += 1
            at_text += 1
        elif star >= 0:
            last += 1
            at, at_text = star + 1, last
        else:
            return False
    return not pattern[at:].strip("*")
