"""The room as a whole: usable alone, and cheap to enter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import umbmarket.nuget

ROOM = Path(umbmarket.nuget.__file__).parent

CHEAP = {"__future__", "collections.abc", "enum", "functools", "re"}
"""What the room may import at once: `re` brings enum and functools along anyway."""

LATE = {"importlib", "unicodedata", "urllib.parse"}


def _imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_knows_no_other_room_and_imports_nothing_slow(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outside = {name for name in _imports(tree) if not name.startswith("umbmarket.nuget")}
    assert outside <= CHEAP | LATE
    at_once = {
        name
        for statement in tree.body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for name in _imports(statement)
    }
    assert not at_once & LATE


def test_exports_what_it_names() -> None:
    for name in umbmarket.nuget.__all__:
        assert getattr(umbmarket.nuget, name) is not None
    assert len(set(umbmarket.nuget.__all__)) == len(umbmarket.nuget.__all__)


def test_a_name_is_loaded_from_its_own_module_alone() -> None:
    script = "import sys, umbmarket.nuget; umbmarket.nuget.is_gallery_id; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name for name in run.stdout.split() if name.startswith("umbmarket.")}
    own = {f"umbmarket.nuget.{module}" for module in ("errors", "identifiers")}
    assert loaded == {"umbmarket._version", "umbmarket.nuget"} | own
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        umbmarket.nuget.Nothing  # noqa: B018 - the access is what is tested


def test_knows_nothing_of_umbraco() -> None:
    for path in ROOM.glob("*.py"):
        text = path.read_text(encoding="utf-8").replace("Nothing here reads files or knows Umbraco.", "")
        assert "umbraco" not in text.lower(), path.name
