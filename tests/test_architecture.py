"""The floors of docs/architecture.md: a lower one never imports a higher one, no listing pays for what it needs not."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "umbmarket"

FLOORS = {
    "_version": 0,
    "findings": 1,
    "schema_files": 1,
    "nuget": 1,
    "documents": 2,
    "marketplace": 2,
    "workspace": 3,
    "services": 3,
    "rules": 4,
    "settings": 5,
    "toml_lines": 5,
    "settings_model": 5,
    "settings_file": 5,
    "report": 6,
    "inspection": 6,
    "syncing": 6,
    "publication": 6,
    "engine": 7,
    "output": 7,
    "actions": 8,
    "cli": 9,
    "__init__": 10,
    "__main__": 10,
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "umbmarket" and len(parts) > 1 and parts[1] != "__version__":
                found.add(parts[1])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_lower_floor_never_imports_a_higher_one(path: Path) -> None:
    own = room(path)
    too_high = {name for name in imported_rooms(path) if FLOORS.get(name, 99) > FLOORS[own]}
    assert too_high == set()


def test_nuget_stands_alone() -> None:
    modules = [path for path in MODULES if room(path) == "nuget"]
    assert modules
    assert {name for path in modules for name in imported_rooms(path)} == {"nuget"}


def test_only_cli_and_output_print() -> None:
    printing = {
        room(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= {"cli", "output"}


def test_a_listing_pays_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    listing = tmp_path / "umbraco-marketplace.json"
    listing.write_text('{"Category": "Search"}\n', "utf-8")
    script = (
        "import sys\n"
        "from umbmarket.__main__ import main\n"
        "sys.argv = ['umbmarket', 'validate', '--no-config', sys.argv[1]]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "dear = {'jsonschema', 'pydantic', 'rich', 'httpx', 'lxml', 'sqlite3', 'zipfile', 'ssl', 'socket', 'asyncio'}\n"
        "print(sorted(dear & set(sys.modules)), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, str(listing)], capture_output=True, text=True, check=True)
    assert run.stderr == "[]\n"
