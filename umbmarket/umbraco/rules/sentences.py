"""Sentences of other modules as parts of a message."""

from __future__ import annotations

from umbmarket.findings import visible


def sentence(text: str) -> str:
    """A sentence without its full stop, made visible."""
    return visible(text).removesuffix(".")


def lower_first(text: str) -> str:
    """A sentence that follows a colon: its first word in lower case where it is no name."""
    first_word = text.partition(" ")[0]
    return text[0].lower() + text[1:] if first_word in ("It", "The", "This", "Its") else text
