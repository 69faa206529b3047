"""What a rule says, and where: plain immutable values that every floor above may use.

A rule yields an `Observation` at a symbolic `Place`. The engine asks the document for the `Region` of that place and
makes the `Finding` of it. Nothing here reads files, prints, or knows a format.
"""

import enum
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, Protocol

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
"""What `json.loads` gives, and what a finding's `args` hold."""

QUOTE_LIMIT = 60
"""Code points of a user's value that a message quotes before it is cut: a message stays one readable line."""


class Severity(enum.StrEnum):
    """What a finding means for the listing (design: rule catalogue).

    `error`: the package is not listed, the listing or that value is ignored, or NuGet refuses the package.
    `warning`: the listing looks different from what its author meant, or no known fact settles the outcome.
    `info`: it works; it could be better.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Order of weight: 3 for an error, 2 for a warning, 1 for an info."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}


class Span(NamedTuple):
    """A half-open range of code points, `[start, end)`, in a document's decoded text."""

    start: int
    end: int


class Place(NamedTuple):
    """Where a finding stands, in the document's own terms; the document turns it into a `Region`.

    Attributes:
        pointer: JSON Pointer (RFC 6901) in a listing, element path such as `/metadata/tags` in a nuspec.
        on: whether the key or the value at `pointer` is meant.
        within: code point range inside the *decoded* string at `pointer`, for carets under a part of it.
        span: an exact range of the source text, for problems that have no pointer.
        member: name of the archive member that is meant, for packages.
    """

    pointer: str = ""
    on: Literal["value", "key"] = "value"
    within: tuple[int, int] | None = None
    span: Span | None = None
    member: str | None = None


WHOLE_DOCUMENT = Place()
"""The root of a document."""


class Region(NamedTuple):
    """A place made concrete. Lines and columns are 1-based and count code points; `start` and `end` are byte offsets.

    `end_column` is exclusive: a region of one character has `end_column == column + 1`.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int


class Edit(NamedTuple):
    """Replace the bytes `[start, end)` of the file by `text` (encoded as the file is)."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """A way to make a finding go away. `safe` keeps the file's meaning; `unsafe` guesses at it.

    Attributes:
        title: what it does, for a person to choose by.
        edits: all to be made together; they do not overlap.
        file: path of the document that they edit, as shown to the user; None for the finding's own.
        also: paths of further documents, equal to it byte by byte, in which the same edits are to be made.
        encoding: Python's name of the encoding that the texts are to be written in, for a fix that makes the file one
            in that encoding; None for the file's own.
    """

    title: str
    safety: Literal["safe", "unsafe"]
    edits: tuple[Edit, ...]
    file: str | None = None
    also: tuple[str, ...] = ()
    encoding: str | None = None


class Source(Protocol):
    """The text of a document, as far as outputs show it; `formats.source.SourceText` is one.

    Attributes:
        data: the bytes as read.
        text: what they say.
        encoding: Python's name of their encoding.
    """

    data: bytes
    text: str
    encoding: str

    @property
    def is_sound(self) -> bool:
        """Whether all bytes are what the encoding of such a document asks for."""

    def line(self, number: int) -> str:
        """The text of line `number` (1-based) without its line break; empty beyond the end."""

    def region(self, span: Span) -> Region:
        """The lines, columns and bytes of `span`."""

    def byte_offset(self, offset: int) -> int:
        """Byte offset in the file of the code point at `offset` in the text."""

    def offset_of_byte(self, byte_offset: int) -> int:
        """Code point offset of the character that the byte at `byte_offset` belongs to or precedes."""


class Document(Protocol):
    """What a finding can be about: anything read from the user that knows its path and its positions."""

    @property
    def path(self) -> str:
        """As shown to the user: forward slashes, relative to the working folder where it lies below it."""

    def member_of(self, place: Place) -> str | None:
        """Name of the archive member that `place` is in; None for the document itself and for no archive."""

    def source_of(self, place: Place) -> Source | None:
        """The text that `place` is in; None where there is none to show."""

    def locate(self, place: Place) -> Region | None:
        """Where `place` stands in that text, or None when the document, or the member, as a whole is meant."""


class NamedDocument(NamedTuple):
    """A document of which nothing but the name is known, such as a file that was not read.

    Attributes:
        path: as in `Document`.
    """

    path: str

    def member_of(self, place: Place) -> str | None:
        """None: nothing is in it."""
        return None

    def source_of(self, place: Place) -> Source | None:
        """None: its text is not known."""
        return None

    def locate(self, place: Place) -> Region | None:
        """None: there is no place in it."""
        return None


class RelatedPlace(NamedTuple):
    """Another place that a reader needs to understand a finding, such as the package beside the listing.

    Attributes:
        document: the document that the place is in.
        place: where.
        message: what stands there, as a clause without a full stop.
    """

    document: Document
    place: Place
    message: str


_NO_ARGS: Final[Mapping[str, JsonValue]] = {}


class Observation(NamedTuple):
    """One result of a rule, before the engine gives it a position.

    Attributes:
        message: one line, without a full stop, fit to be read alone.
        place: where it stands.
        help: what to do about it, or empty.
        args: the facts behind the message as plain JSON data.
        fixes: byte-range edits, best first.
        severity: other than the rule's default, or None.
        document: the document that `place` is in, when it is not the one the rule was called for.
        related: further places, in the order they should be read.
        estimate: whether it rests on an observed or inferred fact instead of a documented or measured one; None for
            what the rule says of all its findings.
        always: it counts whatever rules are selected, as what is not read cannot be checked; for rules with `always`
            "marked".
    """

    message: str
    place: Place = WHOLE_DOCUMENT
    help: str = ""
    args: Mapping[str, JsonValue] = _NO_ARGS
    fixes: tuple[Fix, ...] = ()
    severity: Severity | None = None
    document: Document | None = None
    related: tuple[RelatedPlace, ...] = ()
    estimate: bool | None = None
    always: bool = False


class Related(NamedTuple):
    """A related place of a finding, made concrete.

    Attributes:
        file: path of the document, as shown to the user.
        member: name of the archive member, or None.
        region: where, or None where the document or member as a whole is meant.
        message: what stands there, as a clause without a full stop.
    """

    file: str
    member: str | None
    region: Region | None
    message: str

    @property
    def path(self) -> str:
        """File and member in one text."""
        return joined(self.file, self.member)


class Finding(NamedTuple):
    """One result of one rule, with its position: what a report holds and an output shows.

    Attributes:
        code: such as `UMB104`; `name` is its slug, `why` the one sentence that says why the rule exists.
        file: path of the document, as in `Document.path`.
        member: name of the member where the document is an archive and the place is in it; else None.
        pointer: JSON Pointer or element path of the value, or empty.
        region: None where the file or member as a whole is meant (it cannot be read, or is an archive).
        related: further places, in the order they should be read.
        estimate: whether it rests on an observed or inferred fact instead of a documented or measured one.
    """

    code: str
    name: str
    severity: Severity
    message: str
    file: str
    member: str | None
    pointer: str
    region: Region | None
    why: str
    help: str
    args: Mapping[str, JsonValue]
    fixes: tuple[Fix, ...]
    related: tuple[Related, ...] = ()
    estimate: bool = False

    @property
    def path(self) -> str:
        """File and member in one text: the member follows `!/`."""
        return joined(self.file, self.member)


def joined(file: str, member: str | None) -> str:
    """The path of a file, or of a member in it: `a.nupkg!/b.nuspec`."""
    return file if member is None else f"{file}!/{member}"


def visible(text: str) -> str:
    r"""`text` with everything that does not print made visible: `\x1b`, `\u202e`, `\ud800`.

    Listings are other people's text: no control character, escape sequence, direction override or lone surrogate of
    theirs may act on a terminal or a log. Spaces (also the no-break and the ideographic one), the joiner inside emoji
    and everything printable stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _HARMLESS else _escaped(char) for char in text)


_HARMLESS = frozenset("\u00a0\u3000\u200d")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(char: str) -> str:
    """A visible spelling of one character that does not print."""
    number = ord(char)
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def shortened(text: str, limit: int = QUOTE_LIMIT) -> str:
    """`text` in at most `limit` code points: what is too long loses its middle to an ellipsis.

    The middle, because paths and addresses of one repository begin alike and differ at their ends. A letter keeps the
    marks that belong to it, or goes with them.
    """
    if len(text) <= limit:
        return text
    head = (limit - 1) // 2
    tail = len(text) - (limit - 1 - head)
    while tail < len(text) and _joins(text, tail):
        tail += 1
    return f"{beginning(text, head)}…{text[tail:]}"


def beginning(text: str, length: int) -> str:
    """The first `length` code points of a text, or a few less, so that no letter is cut off from its marks."""
    at = min(length, len(text))
    while 0 < at < len(text) and _joins(text, at):
        at -= 1
    return text[:at]


def _joins(text: str, at: int) -> bool:
    """Whether the code point at a place belongs to the one before it: a mark, or what a joiner (U+200D) joins."""
    if text[at].isascii() and text[at - 1] != "\u200d":
        return False
    # Late: few texts are cut beside other characters than ASCII.
    from unicodedata import category

    return text[at - 1] == "\u200d" or text[at] == "\u200d" or category(text[at]).startswith("M")


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """`text` in double quotes for a message: `shortened` to `limit` code points and made `visible`."""
    return f'"{visible(shortened(text, limit))}"'


def did_you_mean(word: str, known: list[str]) -> str:
    """`; did you mean "x"?` for the nearest of `known`, or an empty string when none is near."""
    import difflib

    by_folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), list(by_folded), n=1, cutoff=0.6)
    return f'; did you mean "{by_folded[near[0]]}"?' if near else ""
