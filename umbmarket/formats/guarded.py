"""Reading a document under a guard: should a reader break, that is told of its file, and the others are still read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Document = TypeVar("_Document")


def guarded(read: Callable[[], _Document], otherwise: Callable[[str], _Document]) -> _Document:
    """What `read` gives; where it raises, what `otherwise` makes of the reason, a clause about the file."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - one broken reader must not hide what the other files hold
        said = " ".join(str(error).split())
        return otherwise(f"umbmarket broke while reading it, please report that ({type(error).__name__}: {said})")
