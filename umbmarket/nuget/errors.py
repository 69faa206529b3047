"""The two refusals of this room, and how they quote the text they refuse."""

from __future__ import annotations

QUOTE_LIMIT = 60
"""Code points of the refused text that a message shows; it stays one readable line."""


def quoted(text: object) -> str:
    """Show a text inside a message: in quotes, control characters escaped, long texts cut.

    Args:
        text: What was given; anything but a `str` is named by its type.

    Returns:
        One short line, such as `'1.0..2'` or `'111...' (100000 characters)`.
    """
    if not isinstance(text, str):
        return "None" if text is None else f"a value of type {type(text).__name__}"
    if len(text) <= QUOTE_LIMIT:
        return repr(text)
    return f"{text[:QUOTE_LIMIT]!r}... ({len(text)} characters)"


class InvalidVersion(ValueError):
    """A text that NuGet does not read as a version.

    Attributes:
        reason: What is wrong with it, in words, without the text itself.
    """

    def __init__(self, text: object, reason: str) -> None:
        super().__init__(text, reason)
        self.reason = reason

    def __str__(self) -> str:
        """The refused text, cut if it is long, and the reason."""
        return f"{quoted(self.args[0])} is not a NuGet version: {self.reason}"


class InvalidRange(ValueError):
    """A text that NuGet does not read as a version range or as a floating version.

    Attributes:
        reason: What is wrong with it, in words, without the text itself.
    """

    def __init__(self, text: object, reason: str) -> None:
        super().__init__(text, reason)
        self.reason = reason

    def __str__(self) -> str:
        """The refused text, cut if it is long, and the reason."""
        return f"{quoted(self.args[0])} is not a NuGet version range: {self.reason}"
