"""Where the JSON schemas that ship with the product lie.

They stand once in the source tree, in ``schemas/`` beside the package, and a wheel carries them inside the
package as ``umbmarket/schemas/``.
"""

from __future__ import annotations

import json
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_FOLDERS = (_PACKAGE / "schemas", _PACKAGE.parent / "schemas")


def schema_path(name: str) -> Path:
    """Find a shipped schema.

    Args:
        name: The file name of the schema, not a path.

    Returns:
        The file, which exists.

    Raises:
        FileNotFoundError: Nothing of that name is shipped.
    """
    if name and not set(name) & set("/\\:\0"):
        for folder in _FOLDERS:
            path = folder / name
            if path.is_file():
                return path
    raise FileNotFoundError(f"no schema named {name!r} is shipped with umbmarket")


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
