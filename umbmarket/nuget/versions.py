"""NuGet's versions: read, compared and written as NuGet.Versioning does.

Sources: NuGet.Client, NuGet.Versioning (NuGetVersionFactory, SemanticVersionFactory, VersionComparer,
VersionFormatter). The behaviour is NuGet's where it departs from SemVer 2.0.0: a fourth number, missing
numbers, leading zeros and white space around numbers in the lenient reading, labels that ignore case.
"""

from __future__ import annotations

import re

from umbmarket.nuget.errors import InvalidVersion, quoted

__all__ = ["MAX_NUMBER", "MAX_NUMBERS", "WHITE_SPACE", "InvalidVersion", "NuGetVersion", "SortKey"]

MAX_NUMBER = 2_147_483_647
"""Largest number in a version: NuGet keeps each in a signed 32 bit integer."""

MAX_NUMBERS = 4
"""Major, minor, patch and the revision that SemVer does not have."""

STRICT_NUMBERS = 3
"""SemVer 2.0.0 versions have exactly this many numbers."""

WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What .NET's `Char.IsWhiteSpace` accepts. Python's `str.strip()` would also take U+001C to U+001F."""

SortKey = tuple[tuple[int, int, int, int], int, tuple[tuple[int, int, str], ...]]
"""Numbers, 1 for stable or 0 for prerelease, and one (kind, number, text) per release label."""

_DIGITS_OF_MAX_NUMBER = len(str(MAX_NUMBER))
_SECTION_START = re.compile(r"[-+]")
_ASCII_DIGITS = re.compile(r"[0-9]+")
_LABEL = re.compile(r"[0-9A-Za-z-]+")
_NUMERIC_LABEL = re.compile(r"(-?)([0-9]+)")


def _bounded_int(digits: str, limit: int) -> int | None:
    """The number that ASCII digits spell, or None above `limit`; leading zeros of any length are free."""
    significant = digits.lstrip("0")
    # Python refuses to convert very long digit strings, and there is no need to: they are over the limit.
    if len(significant) > _DIGITS_OF_MAX_NUMBER:
        return None
    number = int(significant or "0")
    return number if number <= limit else None


def _label_key(label: str) -> tuple[int, int, str]:
    """Place one release label in the order: numbers first, by value, then texts without regard to case.

    A label counts as a number only if .NET's `Int32.TryParse` takes it (NuGet.Client, VersionComparer): a
    leading minus is allowed, and `20240101123045` is text because it does not fit.
    """
    match = _NUMERIC_LABEL.fullmatch(label)
    if match is not None:
        negative = bool(match[1])
        number = _bounded_int(match[2], MAX_NUMBER + 1 if negative else MAX_NUMBER)
        if number is not None:
            return (0, -number if negative else number, "")
    return (1, 0, label.upper())


def _label_problem(label: str, what: str, *, zeros_allowed: bool) -> str | None:
    """Say what is wrong with one label of a release (`what` names it so) or of the metadata, or None."""
    if not label:
        return f"the {what} has an empty label, but labels are separated by single dots"
    if _LABEL.fullmatch(label) is None:
        return f"the {what} label {quoted(label)} may contain only the letters A to Z, digits and '-'"
    if not zeros_allowed and len(label) > 1 and label[0] == "0" and _ASCII_DIGITS.fullmatch(label) is not None:
        return f"the {what} label {quoted(label)} is a number with a leading zero"
    return None


def _read_labels(text: str, section: str, mark: str, *, metadata: bool) -> tuple[str, ...]:
    """The checked labels of a release or metadata section, which follows `mark` in `text`."""
    what = "metadata" if metadata else "prerelease"
    if not section:
        raise InvalidVersion(text, f"nothing follows the '{mark}'")
    labels = tuple(section.split("."))
    for label in labels:
        problem = _label_problem(label, what, zeros_allowed=metadata)
        if problem is not None:
            raise InvalidVersion(text, problem)
    return labels


def _split_sections(text: str) -> tuple[str, str | None, str | None]:
    """Cut a version into its numbers, what follows the first '-', and what follows the first '+'."""
    cut = _SECTION_START.search(text)
    if cut is None:
        return text, None, None
    numbers, rest = text[: cut.start()], text[cut.end() :]
    if cut[0] == "+":
        return numbers, None, rest
    release, plus, metadata = rest.partition("+")
    return numbers, release, metadata if plus else None


def _read_number(text: str, part: str, position: int) -> int:
    """One dotted part as a number; white space around it has been dealt with."""
    if not part:
        raise InvalidVersion(text, f"number {position} is missing")
    if _ASCII_DIGITS.fullmatch(part) is None:
        if "$" in part:
            raise InvalidVersion(text, f"{quoted(part)} is a placeholder that was not replaced")
        if position == 1 and part[0] in "vV":
            raise InvalidVersion(text, "a version starts with a number, not with a 'v'")
        raise InvalidVersion(text, f"{quoted(part)} is not a number")
    number = _bounded_int(part, MAX_NUMBER)
    if number is None:
        raise InvalidVersion(text, f"number {position} is larger than {MAX_NUMBER}, the largest that NuGet reads")
    return number


def _require_text(text: str | None) -> str:
    if not isinstance(text, str):
        raise InvalidVersion(text, "no text was given")
    return text


class NuGetVersion:
    """One version of a package. Immutable, hashable, and ordered as NuGet orders versions.

    Equality ignores metadata and the case of labels, and a missing number is 0, so `1.0-Beta` equals
    `1.0.0.0-beta+5`. The order puts a prerelease before its stable version and compares labels one by one:
    numbers before texts, fewer labels before more.

    As in NuGet.Client's VersionComparer, order and equality differ on labels that spell one number in two
    ways: `1.0.0--0` and `1.0.0-0` are not equal, though neither comes before the other.

    Example:
        >>> NuGetVersion.parse("1.0") < NuGetVersion.parse("1.0.0.1")
        True
    """

    __slots__ = ("_folded_labels", "_metadata", "_numbers", "_original", "_release_labels", "_sort_key")

    _numbers: tuple[int, int, int, int]
    _release_labels: tuple[str, ...]
    _folded_labels: tuple[str, ...]
    _metadata: str
    _original: str
    _sort_key: SortKey

    def __init__(
        self,
        major: int,
        minor: int = 0,
        patch: int = 0,
        revision: int = 0,
        *,
        release_labels: tuple[str, ...] = (),
        metadata: str = "",
    ) -> None:
        """Build a version from its parts.

        Args:
            major: First number, 0 to `MAX_NUMBER`, as the three that follow.
            minor: Second number.
            patch: Third number.
            revision: Fourth number, which SemVer does not have.
            release_labels: Labels of a prerelease, `("rc", "1")` for `-rc.1`; empty for a stable version.
            metadata: What follows a '+', or empty.

        Raises:
            InvalidVersion: A number is out of bounds or a label breaks NuGet's rules.
        """
        numbers = (major, minor, patch, revision)
        for number in numbers:
            if not 0 <= number <= MAX_NUMBER:
                raise InvalidVersion(".".join(map(str, numbers)), f"a number must be between 0 and {MAX_NUMBER}")
        for label in release_labels:
            problem = _label_problem(label, "prerelease", zeros_allowed=False)
            if problem is not None:
                raise InvalidVersion(".".join(release_labels), problem)
        if metadata:
            _read_labels(metadata, metadata, "+", metadata=True)
        self._fill(numbers, release_labels, metadata)
        self._original = self.full

    def _fill(self, numbers: tuple[int, int, int, int], labels: tuple[str, ...], metadata: str) -> None:
        self._numbers = numbers
        self._release_labels = labels
        self._folded_labels = tuple(label.upper() for label in labels)
        self._metadata = metadata
        self._sort_key = (numbers, 0 if labels else 1, tuple(_label_key(label) for label in labels))

    @classmethod
    def _checked(cls, numbers: list[int], labels: tuple[str, ...], metadata: str | None, original: str) -> NuGetVersion:
        """A version from parts that a parser has checked; missing numbers become 0."""
        major, minor, patch, revision = numbers + [0] * (MAX_NUMBERS - len(numbers))
        version = cls.__new__(cls)
        version._fill((major, minor, patch, revision), labels, metadata or "")
        version._original = original
        return version

    @classmethod
    def parse(cls, text: str | None) -> NuGetVersion:
        """Read a version leniently, as a nuspec is read (NuGet.Client, NuGetVersionFactory).

        One to four numbers, leading zeros, white space around the whole and around each number are accepted;
        labels and metadata are held to SemVer 2.0.0.

        Args:
            text: The version; None, as for an absent attribute, is refused like an empty text.

        Raises:
            InvalidVersion: NuGet does not read the text as a version; the message says why.
        """
        text = _require_text(text)
        trimmed = text.strip(WHITE_SPACE)
        if not trimmed:
            raise InvalidVersion(text, "it is empty")
        head, release, metadata = _split_sections(trimmed)
        if not head:
            raise InvalidVersion(text, f"it starts with '{trimmed[0]}', but a version starts with a number")
        parts = head.split(".")
        if len(parts) > MAX_NUMBERS:
            raise InvalidVersion(text, f"it has {len(parts)} numbers, but NuGet reads at most {MAX_NUMBERS}")
        numbers = [_read_number(text, part.strip(WHITE_SPACE), position) for position, part in enumerate(parts, 1)]
        labels = () if release is None else _read_labels(text, release, "-", metadata=False)
        if metadata is not None:
            _read_labels(text, metadata, "+", metadata=True)
        # NuGet keeps the text as written except for blanks, and shows it so.
        return cls._checked(numbers, labels, metadata, text.replace(" ", ""))

    @classmethod
    def parse_strict(cls, text: str | None) -> NuGetVersion:
        """Read a version by SemVer 2.0.0 (NuGet.Client, SemanticVersionFactory).

        Exactly three numbers without leading zeros, and no white space anywhere.

        Args:
            text: The version; None is refused like an empty text.

        Raises:
            InvalidVersion: The text is not a SemVer 2.0.0 version; the message says why.
        """
        text = _require_text(text)
        if not text:
            raise InvalidVersion(text, "it is empty")
        if text != text.strip(WHITE_SPACE):
            raise InvalidVersion(text, "SemVer 2.0.0 allows no white space around a version")
        head, release, metadata = _split_sections(text)
        parts = head.split(".")
        if len(parts) != STRICT_NUMBERS:
            counted = f"{len(parts)} number{'s' if len(parts) > 1 else ''}"
            raise InvalidVersion(text, f"SemVer 2.0.0 needs exactly {STRICT_NUMBERS} numbers, and it has {counted}")
        numbers = []
        for position, part in enumerate(parts, 1):
            number = _read_number(text, part, position)
            if len(part) > 1 and part[0] == "0":
                raise InvalidVersion(text, f"SemVer 2.0.0 allows no leading zero, as in {quoted(part)}")
            numbers.append(number)
        labels = () if release is None else _read_labels(text, release, "-", metadata=False)
        if metadata is not None:
            _read_labels(text, metadata, "+", metadata=True)
        return cls._checked(numbers, labels, metadata, text)

    @property
    def major(self) -> int:
        """First number."""
        return self._numbers[0]

    @property
    def minor(self) -> int:
        """Second number, 0 if it was not written."""
        return self._numbers[1]

    @property
    def patch(self) -> int:
        """Third number, 0 if it was not written."""
        return self._numbers[2]

    @property
    def revision(self) -> int:
        """Fourth number, 0 if it was not written."""
        return self._numbers[3]

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """Major, minor, patch and revision."""
        return self._numbers

    @property
    def release_labels(self) -> tuple[str, ...]:
        """The labels after the '-', as written: `("rc", "1")` for `1.0.0-rc.1`; empty if stable."""
        return self._release_labels

    @property
    def release(self) -> str:
        """The labels after the '-' as one text, or empty."""
        return ".".join(self._release_labels)

    @property
    def metadata(self) -> str:
        """What follows the '+', as written, or empty."""
        return self._metadata

    @property
    def is_prerelease(self) -> bool:
        """Whether there are release labels."""
        return bool(self._release_labels)

    @property
    def is_semver2(self) -> bool:
        """Whether clients before NuGet 4.3 cannot read it: several release labels, or metadata."""
        return len(self._release_labels) > 1 or bool(self._metadata)

    @property
    def original(self) -> str:
        """The text as it was written, without blanks; the full form for a version built from parts."""
        return self._original

    @property
    def normalized(self) -> str:
        """The text that identifies it: three numbers, a fourth if not 0, the labels, no metadata."""
        count = STRICT_NUMBERS if self._numbers[3] == 0 else MAX_NUMBERS
        text = ".".join(map(str, self._numbers[:count]))
        return f"{text}-{self.release}" if self._release_labels else text

    @property
    def full(self) -> str:
        """The normalized text with the metadata."""
        return f"{self.normalized}+{self._metadata}" if self._metadata else self.normalized

    @property
    def sort_key(self) -> SortKey:
        """A tuple that compares as the version does."""
        return self._sort_key

    def __str__(self) -> str:
        """As NuGet prints it: the text as written, but normalized if it has several labels or metadata."""
        return self.normalized if self.is_semver2 else self._original

    def __repr__(self) -> str:
        return f"NuGetVersion({self.full!r})"

    def __hash__(self) -> int:
        return hash((self._numbers, self._folded_labels))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NuGetVersion):
            return NotImplemented
        return self._numbers == other._numbers and self._folded_labels == other._folded_labels

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, NuGetVersion):
            return NotImplemented
        return self._sort_key < other._sort_key

    def __le__(self, other: object) -> bool:
        if not isinstance(other, NuGetVersion):
            return NotImplemented
        return self._sort_key <= other._sort_key

    def __gt__(self, other: object) -> bool:
        if not isinstance(other, NuGetVersion):
            return NotImplemented
        return self._sort_key > other._sort_key

    def __ge__(self, other: object) -> bool:
        if not isinstance(other, NuGetVersion):
            return NotImplemented
        return self._sort_key >= other._sort_key
