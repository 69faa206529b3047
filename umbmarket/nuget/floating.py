"""Floating versions such as `1.*` or `17.0.*-rc.*`: which versions a restore prefers.

Source: NuGet.Client, NuGet.Versioning (FloatRange, NuGetVersionFloatBehavior); the public description is
"Dependency Resolution" in the NuGet documentation.
"""

from __future__ import annotations

import enum

from umbmarket.nuget.errors import InvalidRange, InvalidVersion
from umbmarket.nuget.versions import MAX_NUMBERS, WHITE_SPACE, NuGetVersion

__all__ = ["FloatBehavior", "FloatRange"]


class FloatBehavior(enum.Enum):
    """Which part of a version floats. The values are NuGet's own names (NuGetVersionFloatBehavior)."""

    NONE = "None"
    PRERELEASE = "Prerelease"
    REVISION = "Revision"
    PATCH = "Patch"
    MINOR = "Minor"
    MAJOR = "Major"
    ABSOLUTE_LATEST = "AbsoluteLatest"
    PRERELEASE_REVISION = "PrereleaseRevision"
    PRERELEASE_PATCH = "PrereleasePatch"
    PRERELEASE_MINOR = "PrereleaseMinor"
    PRERELEASE_MAJOR = "PrereleaseMajor"


_FIXED_NUMBERS = {
    FloatBehavior.PRERELEASE: 4,
    FloatBehavior.REVISION: 3,
    FloatBehavior.PATCH: 2,
    FloatBehavior.MINOR: 1,
    FloatBehavior.MAJOR: 0,
    FloatBehavior.ABSOLUTE_LATEST: 0,
    FloatBehavior.PRERELEASE_REVISION: 3,
    FloatBehavior.PRERELEASE_PATCH: 2,
    FloatBehavior.PRERELEASE_MINOR: 1,
    FloatBehavior.PRERELEASE_MAJOR: 0,
}
"""How many leading numbers a version must share with the float's minimum."""

_STABLE_ONLY = frozenset(
    (FloatBehavior.REVISION, FloatBehavior.PATCH, FloatBehavior.MINOR, FloatBehavior.MAJOR),
)

# Indexed by the dots before the star. A lone number before the star does not float: `1*` reads as 10.
_BY_DOTS = (FloatBehavior.NONE, FloatBehavior.MINOR, FloatBehavior.PATCH, FloatBehavior.REVISION)
_PRERELEASE_BY_DOTS = (
    FloatBehavior.PRERELEASE_MAJOR,
    FloatBehavior.PRERELEASE_MINOR,
    FloatBehavior.PRERELEASE_PATCH,
    FloatBehavior.PRERELEASE_REVISION,
)


class FloatRange:
    """A floating version: the lowest version it stands for and what may vary above it. Immutable.

    As in NuGet.Client, equality looks at the behavior and the minimum alone.
    """

    __slots__ = ("_behavior", "_minimum", "_release_prefix")

    _behavior: FloatBehavior
    _minimum: NuGetVersion
    _release_prefix: str

    def __init__(self, behavior: FloatBehavior, minimum: NuGetVersion, release_prefix: str = "") -> None:
        """Put a floating version together.

        Args:
            behavior: What floats.
            minimum: The lowest version it stands for.
            release_prefix: How the release labels of a prerelease must start, ignoring case.
        """
        self._behavior = behavior
        self._minimum = minimum
        self._release_prefix = release_prefix

    @classmethod
    def parse(cls, text: str | None) -> FloatRange:
        """Read a floating version, or a plain one, which has the behavior `NONE`.

        White space at the end counts: `1.0.*` followed by a blank is refused, as NuGet refuses it.

        Args:
            text: The version; None is refused like an empty text.

        Raises:
            InvalidRange: NuGet does not read the text so; the message says why.
        """
        if not isinstance(text, str):
            raise InvalidRange(text, "no text was given")
        if not text.strip(WHITE_SPACE):
            raise InvalidRange(text, "it is empty")
        if text == "*":
            return cls(FloatBehavior.MAJOR, NuGetVersion(0))
        if text == "*-*":
            return cls(FloatBehavior.ABSOLUTE_LATEST, NuGetVersion(0, release_labels=("0",)))
        if "*" not in text:
            return cls(FloatBehavior.NONE, _read_version(text, text))
        if "+" in text:
            raise InvalidRange(text, "a floating version cannot have '+' metadata")
        if text[-1] != "*":
            blank = text.rstrip(WHITE_SPACE)[-1] == "*"
            raise InvalidRange(
                text, "there is white space after the '*'" if blank else "a '*' must be the last character"
            )
        if text.find("*") == len(text) - 1:
            return cls._parse_one_star(text)
        return cls._parse_two_stars(text)

    @classmethod
    def _parse_one_star(cls, text: str) -> FloatRange:
        """Read `1.2.*` or `1.2.3-rc.*`."""
        base = text[:-1]
        dash = base.find("-")
        if dash < 0:
            dots = base.count(".")
            if dots >= MAX_NUMBERS:
                raise InvalidRange(text, f"it has more than {MAX_NUMBERS} numbers")
            return cls(_BY_DOTS[dots], _read_version(text, base + "0"))
        if base.find("-", dash + 1) >= 0:
            minimum = _read_version(text, base)
            return cls(FloatBehavior.PRERELEASE, minimum, minimum.release)
        prefix = base[dash + 1 :]
        return cls(FloatBehavior.PRERELEASE, _read_version(text, base + _first_label(prefix)), prefix)

    @classmethod
    def _parse_two_stars(cls, text: str) -> FloatRange:
        """Read `1.2.*-*` or `1.2.*-rc.*`."""
        dash = text.find("-")
        if text.find("*") != dash - 1:
            raise InvalidRange(text, "two '*' are allowed only before the first '-' and at the end, as in 1.0.*-*")
        numbers = text[: dash - 1] + "0"
        dots = numbers.count(".")
        if dots >= MAX_NUMBERS:
            raise InvalidRange(text, f"it has more than {MAX_NUMBERS} numbers")
        prefix = text[dash + 1 : -1]
        minimum = _read_version(text, f"{numbers}-{prefix}{_first_label(prefix)}")
        return cls(_PRERELEASE_BY_DOTS[dots], minimum, prefix)

    @property
    def behavior(self) -> FloatBehavior:
        """What floats."""
        return self._behavior

    @property
    def minimum(self) -> NuGetVersion:
        """The lowest version it stands for: `1.0.0` for `1.*`, `1.0.0-0` for `1.*-*`."""
        return self._minimum

    @property
    def release_prefix(self) -> str:
        """How the release labels of a prerelease must start: `rc.` for `1.*-rc.*`; may be empty."""
        return self._release_prefix

    @property
    def normalized(self) -> str:
        """NuGet's text for it, which drops digits before a star: `1.1*` comes out as `1.*`."""
        if self._behavior is FloatBehavior.NONE:
            return self._minimum.normalized
        if self._behavior is FloatBehavior.PRERELEASE:
            text = NuGetVersion(*self._minimum.numbers).normalized
        else:
            fixed = _FIXED_NUMBERS[self._behavior]
            text = ".".join([*map(str, self._minimum.numbers[:fixed]), "*"])
        return text if self._behavior in _STABLE_ONLY else f"{text}-{self._release_prefix}*"

    def contains(self, version: NuGetVersion) -> bool:
        """Whether a restore prefers this version over those outside the floating part."""
        if self._behavior is FloatBehavior.NONE:
            return False
        fixed = _FIXED_NUMBERS[self._behavior]
        if version.numbers[:fixed] != self._minimum.numbers[:fixed]:
            return False
        if not version.is_prerelease:
            return True
        if self._behavior in _STABLE_ONLY:
            return False
        return version.release.upper().startswith(self._release_prefix.upper())

    def __str__(self) -> str:
        return self.normalized

    def __repr__(self) -> str:
        return f"FloatRange({self.normalized!r})"

    def __hash__(self) -> int:
        return hash((self._behavior, self._minimum))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FloatRange):
            return NotImplemented
        return self._behavior is other._behavior and self._minimum == other._minimum


def _first_label(prefix: str) -> str:
    """What completes a release prefix to its lowest version: a label may not be empty, and 0 sorts first."""
    return "0" if not prefix or prefix.endswith(".") else ""


def _read_version(text: str, version: str) -> NuGetVersion:
    try:
        return NuGetVersion.parse(version)
    except InvalidVersion as error:
        raise InvalidRange(text, error.reason) from None
