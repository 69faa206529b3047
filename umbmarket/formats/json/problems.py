"""What is wrong with a text that is not JSON."""

from typing import NamedTuple

from umbmarket.findings import JsonValue, Span


class Problem(NamedTuple):
    """One thing wrong with the text.

    Attributes:
        kind: which one; the wording belongs to the rules.
        span: where, in code points; empty spans stand between two characters.
        detail: facts for the wording.
        edits: code point ranges to replace, which mend it; empty where no mending is sure enough to offer.
        safe: the edits keep what was meant.
    """

    kind: str
    span: Span
    detail: dict[str, JsonValue]
    edits: tuple[tuple[int, int, str], ...] = ()
    safe: bool = True
