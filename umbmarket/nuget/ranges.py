"""NuGet's version ranges: read, compared and written as NuGet.Versioning does.

Sources: NuGet.Client, NuGet.Versioning (VersionRangeFactory, VersionRangeBase, VersionRange,
VersionRangeFormatter). A range is an interval. `VersionRange.contains` knows no special rule for prereleases,
so `[17.0.0, 18.0.0)` contains 18.0.0-rc.1 (by design: NuGet/Home issue 12082); the rule for prereleases is
part of `VersionRange.would_pick`.
"""

from __future__ import annotations

from collections.abc import Iterable

from umbmarket.nuget.errors import InvalidRange, InvalidVersion, quoted
from umbmarket.nuget.floating import FloatBehavior, FloatRange
from umbmarket.nuget.versions import WHITE_SPACE, NuGetVersion, SortKey

__all__ = ["ALL_VERSIONS", "NO_VERSIONS", "Cut", "InvalidRange", "VersionRange"]

Cut = tuple[int, SortKey, int]
"""A place between versions: -1, 0 or 1 for below, among or above all; its version; 0 before or 1 after that.

An interval runs from one cut to another; it is empty if they meet or cross.
"""

_NO_KEY: SortKey = ((0, 0, 0, 0), 0, ())
_BELOW_ALL: Cut = (-1, _NO_KEY, 0)
_ABOVE_ALL: Cut = (1, _NO_KEY, 0)


class VersionRange:
    """A range of versions, possibly with a floating lower bound. Immutable and hashable.

    Equality looks at both bounds (as versions: metadata and case do not count), at whether they are included,
    and at the floating part, not at the text.

    Example:
        >>> VersionRange.parse("[17.0.0, 18.0.0)").contains(NuGetVersion.parse("17.4.1"))
        True
    """

    __slots__ = ("_floating", "_maximum", "_maximum_inclusive", "_minimum", "_minimum_inclusive", "_original")

    _minimum: NuGetVersion | None
    _minimum_inclusive: bool
    _maximum: NuGetVersion | None
    _maximum_inclusive: bool
    _floating: FloatRange | None
    _original: str | None

    def __init__(
        self,
        minimum: NuGetVersion | None = None,
        minimum_inclusive: bool = True,
        maximum: NuGetVersion | None = None,
        maximum_inclusive: bool = False,
    ) -> None:
        """Build a range from its bounds; without any it holds every version.

        Args:
            minimum: Lower bound, or None for none.
            minimum_inclusive: Whether the lower bound itself belongs to the range; of no effect without one.
            maximum: Upper bound, or None for none.
            maximum_inclusive: Whether the upper bound itself belongs to the range; of no effect without one.

        Raises:
            InvalidRange: The lower bound is above the upper one, or they are equal and only one is included.
                Equal bounds that are both excluded are allowed and make an empty range, as in NuGet.
        """
        self._minimum = minimum
        self._minimum_inclusive = minimum is not None and minimum_inclusive
        self._maximum = maximum
        self._maximum_inclusive = maximum is not None and maximum_inclusive
        self._floating = None
        self._original = None
        problem = self._bounds_problem()
        if problem is not None:
            raise InvalidRange(self.normalized, problem)

    def _bounds_problem(self) -> str | None:
        low, high = self._minimum, self._maximum
        if low is None or high is None or low < high:
            return None
        if low > high:
            return f"its lower bound {quoted(low.normalized)} is above its upper bound {quoted(high.normalized)}"
        if self._minimum_inclusive != self._maximum_inclusive:
            exact = quoted(f"[{low.normalized}]")
            return f"its bounds are equal, so both brackets must be square: {exact} means exactly that version"
        return None

    @classmethod
    def parse(cls, text: str | None) -> VersionRange:
        """Read a range, a floating version, or a version, which means itself and above.

        White space is taken almost anywhere. `(, )` holds every version, yet `(,)` is refused: NuGet looks
        whether there is anything between the brackets before it trims.

        Args:
            text: The range; None, as for an absent attribute, is refused like an empty text.

        Raises:
            InvalidRange: NuGet does not read the text as a range; the message says why.
        """
        if not isinstance(text, str):
            raise InvalidRange(text, "no text was given")
        trimmed = text.strip(WHITE_SPACE)
        if not trimmed:
            raise InvalidRange(text, "it is empty")
        if trimmed[0] in "([":
            parsed = cls._parse_interval(text, trimmed)
        else:
            if "," in trimmed:
                raise InvalidRange(text, "two bounds need brackets around them, as in [1.0,2.0)")
            floating, minimum = _read_lower_bound(text, trimmed)
            parsed = cls(minimum)
            parsed._floating = floating
        parsed._original = text
        return parsed

    @classmethod
    def _parse_interval(cls, text: str, trimmed: str) -> VersionRange:
        if trimmed[-1] not in ")]":
            raise InvalidRange(text, f"it starts with '{trimmed[0]}', but does not end with ')' or ']'")
        minimum_inclusive, maximum_inclusive = trimmed[0] == "[", trimmed[-1] == "]"
        bounds = trimmed[1:-1].split(",")
        if len(bounds) > 2:
            raise InvalidRange(text, f"it has {len(bounds)} parts between commas, but a range has one or two")
        if not any(bounds):
            raise InvalidRange(text, "it has no bound; for every version, write '(, )' with a space")
        if len(bounds) == 1 and not (minimum_inclusive and maximum_inclusive):
            raise InvalidRange(text, "a single version needs square brackets, as in [1.0]")
        low, high = bounds[0], bounds[-1]
        floating = minimum = maximum = None
        if low.strip(WHITE_SPACE):
            floating, minimum = _read_lower_bound(text, low)
        if high.strip(WHITE_SPACE):
            maximum = _read_upper_bound(text, high)
        try:
            parsed = cls(minimum, minimum_inclusive, maximum, maximum_inclusive)
        except InvalidRange as error:
            raise InvalidRange(text, error.reason) from None
        parsed._floating = floating
        return parsed

    @property
    def minimum(self) -> NuGetVersion | None:
        """Lower bound, or None; for a floating range the lowest version it stands for."""
        return self._minimum

    @property
    def minimum_inclusive(self) -> bool:
        """Whether there is a lower bound that belongs to the range."""
        return self._minimum_inclusive

    @property
    def maximum(self) -> NuGetVersion | None:
        """Upper bound, or None."""
        return self._maximum

    @property
    def maximum_inclusive(self) -> bool:
        """Whether there is an upper bound that belongs to the range."""
        return self._maximum_inclusive

    @property
    def floating(self) -> FloatRange | None:
        """What was written with a '*', or None. `1*` has one and still does not float: it means 10."""
        return self._floating

    @property
    def is_floating(self) -> bool:
        """Whether a restore takes the highest version of a floating part, not the lowest of the range."""
        return self._floating is not None and self._floating.behavior is not FloatBehavior.NONE

    @property
    def original(self) -> str:
        """The text as it was written, with its white space; the normalized one for a computed range."""
        return self.normalized if self._original is None else self._original

    @property
    def is_empty(self) -> bool:
        """Whether no version can lie inside, as in `(1.0.0, 1.0.0)`."""
        low, high = self.cuts
        return low >= high

    @property
    def cuts(self) -> tuple[Cut, Cut]:
        """The two ends as places that compare; the floating part plays no role."""
        low, high = _BELOW_ALL, _ABOVE_ALL
        if self._minimum is not None:
            low = (0, self._minimum.sort_key, 0 if self._minimum_inclusive else 1)
        if self._maximum is not None:
            high = (0, self._maximum.sort_key, 1 if self._maximum_inclusive else 0)
        return low, high

    @property
    def normalized(self) -> str:
        """NuGet's text with both bounds, such as `[1.0.0, 2.0.0)`, `[1.*, )` or `(, )`."""
        return self._interval_text("" if self._minimum is None else self._lower_text())

    @property
    def legacy(self) -> str:
        """The normalized text with the lowest version in place of a floating part (NuGet: legacy string)."""
        return self._interval_text("" if self._minimum is None else self._minimum.normalized)

    @property
    def short(self) -> str:
        """The shortest legacy text, which `dotnet pack` writes: `1.0.0`, `[1.0.0]`, or both bounds."""
        if self._minimum is not None and self._minimum_inclusive:
            if self._maximum is None:
                return self._minimum.normalized
            if self._is_single:
                return f"[{self._minimum.normalized}]"
        return self.legacy

    @property
    def pretty(self) -> str:
        """NuGet's text for people, such as `(>= 1.0.0 && < 2.0.0)`; empty if there is no bound."""
        if self._is_single and self._minimum is not None:
            return f"(= {self._minimum.normalized})"
        bounds = []
        if self._minimum is not None:
            bounds.append(f"{'>=' if self._minimum_inclusive else '>'} {self._minimum.normalized}")
        if self._maximum is not None:
            bounds.append(f"{'<=' if self._maximum_inclusive else '<'} {self._maximum.normalized}")
        return f"({' && '.join(bounds)})" if bounds else ""

    @property
    def _is_single(self) -> bool:
        return self._minimum_inclusive and self._maximum_inclusive and self._minimum == self._maximum

    def _lower_text(self) -> str:
        if self._floating is not None and self.is_floating:
            return self._floating.normalized
        return "" if self._minimum is None else self._minimum.normalized

    def _interval_text(self, low: str) -> str:
        high = "" if self._maximum is None else self._maximum.normalized
        opening, closing = "[" if self._minimum_inclusive else "(", "]" if self._maximum_inclusive else ")"
        return f"{opening}{low}, {high}{closing}"

    def contains(self, version: NuGetVersion) -> bool:
        """Whether a version lies in the interval; prereleases are versions like any other."""
        low, high = self.cuts
        return low <= (0, version.sort_key, 0) and (0, version.sort_key, 1) <= high

    def would_pick(self, versions: Iterable[NuGetVersion]) -> NuGetVersion | None:
        """The version that a restore chooses (NuGet.Client, VersionRange.FindBestMatch).

        The lowest one inside the range; for a floating range the highest one inside the floating part, or the
        lowest above it if there is none. Prereleases come into question only if a bound is a prerelease,
        which the lowest version of a float such as `1.*-*` is.

        Args:
            versions: What is published, in any order; among equal versions the first counts.

        Returns:
            One of the given versions, or None if no version comes into question.
        """
        best: NuGetVersion | None = None
        for version in versions:
            if self._admits(version) and (best is None or self._prefers(version, best)):
                best = version
        return best

    def _admits(self, version: NuGetVersion) -> bool:
        if version.is_prerelease and not any(
            bound is not None and bound.is_prerelease for bound in (self._minimum, self._maximum)
        ):
            return False
        return self.contains(version)

    def _prefers(self, candidate: NuGetVersion, current: NuGetVersion) -> bool:
        if self._floating is not None and self.is_floating:
            candidate_floats = self._floating.contains(candidate)
            if candidate_floats != self._floating.contains(current):
                return candidate_floats
            if candidate_floats:
                return candidate > current
        return candidate < current

    def intersect(self, other: VersionRange) -> VersionRange:
        """The versions in both ranges; floating parts are left out.

        Args:
            other: Another range.

        Returns:
            The common range, or `NO_VERSIONS` if there is none (NuGet.Client, VersionRange.CommonSubSet).
        """
        (low, high), (other_low, other_high) = self.cuts, other.cuts
        if max(low, other_low) >= min(high, other_high):
            return NO_VERSIONS
        lower = self if low >= other_low else other
        upper = self if high <= other_high else other
        return VersionRange(lower._minimum, lower._minimum_inclusive, upper._maximum, upper._maximum_inclusive)

    def is_subset_of(self, other: VersionRange) -> bool:
        """Whether every version of this range lies in the other one.

        An empty range is a subset where NuGet says so (NuGet.Client, VersionRangeBase.IsSubSetOrEqualTo):
        `NO_VERSIONS` of every range, any other only where the version it stands at lies inside, so that
        `(3.0.0, 3.0.0)` is no subset of `[1.0.0, 2.0.0]`.

        Args:
            other: The possibly larger range.
        """
        (low, high), (other_low, other_high) = self.cuts, other.cuts
        if low >= high and self._minimum is not None:
            same = (low, high) == (other_low, other_high)
            return same or self.cuts == NO_VERSIONS.cuts or other.contains(self._minimum)
        return other_low <= low and high <= other_high

    def __str__(self) -> str:
        return self.normalized

    def __repr__(self) -> str:
        return f"VersionRange({self.normalized!r})"

    def __hash__(self) -> int:
        return hash((self._minimum, self._minimum_inclusive, self._maximum, self._maximum_inclusive))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VersionRange):
            return NotImplemented
        return (
            self._minimum_inclusive == other._minimum_inclusive
            and self._maximum_inclusive == other._maximum_inclusive
            and self._minimum == other._minimum
            and self._maximum == other._maximum
            and self._floating == other._floating
        )


ALL_VERSIONS = VersionRange()
"""The range `(, )`: every version, also prereleases. What a dependency without a version means."""

NO_VERSIONS = VersionRange(NuGetVersion(0), False, NuGetVersion(0), False)
"""The range `(0.0.0, 0.0.0)`, which NuGet uses for the range without a version."""

_OPERATORS = "<>=~^"


def _read_lower_bound(text: str, bound: str) -> tuple[FloatRange | None, NuGetVersion]:
    if bound.strip(WHITE_SPACE)[0] in _OPERATORS:
        operators = ", ".join(f"'{operator}'" for operator in _OPERATORS)
        raise InvalidRange(text, f"NuGet has no operators such as {operators}; write 1.0 or [1.0,2.0)")
    try:
        if "*" in bound:
            floating = FloatRange.parse(bound)
            return floating, floating.minimum
        return None, NuGetVersion.parse(bound)
    except (InvalidVersion, InvalidRange) as error:
        if bound.strip(WHITE_SPACE) == text.strip(WHITE_SPACE):
            raise InvalidRange(text, error.reason) from None
        raise InvalidRange(
            text, f"its lower bound {quoted(bound.strip(WHITE_SPACE))} is not a version: {error.reason}"
        ) from None


def _read_upper_bound(text: str, bound: str) -> NuGetVersion:
    if "*" in bound:
        raise InvalidRange(
            text, f"its upper bound {quoted(bound.strip(WHITE_SPACE))} is floating, but only a lower bound may be"
        )
    try:
        return NuGetVersion.parse(bound)
    except InvalidVersion as error:
        raise InvalidRange(
            text, f"its upper bound {quoted(bound.strip(WHITE_SPACE))} is not a version: {error.reason}"
        ) from None
