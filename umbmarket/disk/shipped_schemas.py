"""Where the JSON schemas and problem matchers that ship with the product lie.

They stand once in the source tree, in ``schemas/`` and ``matchers/`` beside the package, and a wheel carries them
inside the package as ``umbmarket/schemas/`` and ``umbmarket/matchers/``.
"""

from __future__ import annotations

import json
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def schema_path(name: str) -> Path:
    """Find a shipped schema.

    Args:
        name: The file name of the schema, not a path.

    Returns:
        The file, which exists.

    Raises:
        FileNotFoundError: Nothing of that name is shipped.
    """
    return _shipped("schemas", name)


def matcher_path(name: str) -> Path:
    """Find a shipped problem matcher: how an editor or a build service reads findings out of plain output.

    Args:
        name: The file name of the matcher, not a path.

    Returns:
        The file, which exists.

    Raises:
        FileNotFoundError: Nothing of that name is shipped.
    """
    return _shipped("matchers", name)


def _shipped(folder: str, name: str) -> Path:
    if name and not set(name) & set("/\\:\0"):
        for path in (_PACKAGE / folder / name, _PACKAGE.parent / folder / name):
            if path.is_file():
                return path
    raise FileNotFoundError(f"nothing named {name!r} is shipped with umbmarket in {folder}")


def load_schema(name: str) -> dict[str, object]:
    """Read a shipped schema.

    Args:
        name: As for `schema_path`.

    Returns:
        The schema, read anew at each call, so that the caller may change it.

    Raises:
        FileNotFoundError: Nothing of that name is shipped.
    """
    schema: dict[str, object] = json.loads(schema_path(name).read_text(encoding="utf-8"))
    return schema
