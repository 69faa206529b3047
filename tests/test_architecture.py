"""The house of docs/architecture.md: who may know whom, no circles, nothing paid for that is not needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared_corpus import ROOT

PACKAGE = ROOT / "umbmarket"

FLOORS = {
    "_version": 0,
    "home": 0,
    "html_references": 0,
    "findings": 1,
    "disk": 2,
    "formats": 2,
    "web": 2,
    "nuget": 3,
    "git": 3,
    "settings": 4,
    "check": 5,
    "output": 6,
    "umbraco": 7,
    "nuxeo": 7,
    "marketplaces": 8,
    "cli": 9,
    "__init__": 10,
    "__main__": 10,
}
"""The floor of each room. A room may import rooms of lower floors, and itself."""

MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 450
"""Lines of a module. Pages of rule documentation may be longer."""


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


NAMES = {name_of(path): path for path in MODULES}


def room(module: str) -> str:
    return module.split(".")[1]


def imported(path: Path, *, at_start: bool = False) -> set[str]:
    """The modules of the product that a module imports, also under TYPE_CHECKING and inside functions."""
    found = set()
    for node in _nodes(ast.parse(path.read_bytes()), at_start):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            while name and name not in NAMES:
                name = name.rpartition(".")[0]
            if name and name != "umbmarket.__init__":
                found.add(name)
    return found


def _nodes(tree: ast.AST, at_start: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        yield node
        if not (at_start and isinstance(node, ast.FunctionDef)):
            yield from _nodes(node, at_start)


IMPORTS = {name: imported(path) - {name} for name, path in NAMES.items()}


@pytest.mark.parametrize("module", sorted(NAMES))
def test_a_room_knows_lower_floors_alone(module: str) -> None:
    own = FLOORS[room(module)]
    wrong = {name for name in IMPORTS[module] if room(name) != room(module) and FLOORS[room(name)] >= own}
    assert wrong == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    circles = [circle for circle in _strong_components(IMPORTS) if len(circle) > 1]
    assert circles == []


def _strong_components(graph: dict[str, set[str]]) -> list[list[str]]:
    """Tarjan's algorithm: groups of modules that can all reach each other."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            groups.append(sorted(stack[at:]))
            del stack[at:]

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return groups


def test_circles_are_found() -> None:
    assert _strong_components({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"], ["a"]]


MAY_REPEAT = {
    "__init__",
    # The interface, and the object of each marketplace.
    "marketplace",
    "facts",
    "package",
    "manifest",
    "versions",
    "rules",
    "template",
    # A command's word: in `cli`, and the action and page of each marketplace.
    *(path.stem for path in (PACKAGE / "cli").glob("*.py")),
    # A format's name.
    *(path.stem for path in (PACKAGE / "output").glob("*.py")),
}


def test_a_name_is_used_once() -> None:
    seen: dict[str, list[str]] = {}
    for name, path in NAMES.items():
        if path.stem not in MAY_REPEAT:
            seen.setdefault(path.stem, []).append(name)
    assert {stem: names for stem, names in seen.items() if len(names) > 1} == {}
    assert not {"utils", "helpers", "manager", "keys", "exchange"} & set(seen)


@pytest.mark.parametrize("module", sorted(NAMES))
def test_no_module_is_too_long(module: str) -> None:
    """Modules of rules are pages of documentation: what is counted there is their code."""
    text = NAMES[module].read_text("utf-8")
    lines = text.count("\n")
    if ".rules." in module:
        tree = ast.parse(text)
        lines -= sum(
            (doc.end_lineno or doc.lineno) - doc.lineno + 1
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.Module) and (doc := _docstring(node)) is not None
        )
    assert lines <= LONGEST


def _docstring(node: ast.FunctionDef | ast.Module) -> ast.Expr | None:
    first = node.body[0] if node.body else None
    return first if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None


NAMED_BELOW = {("umbmarket.web.addresses.repositories", "marketplace")}
"""A path of github.com that is no account."""


def words_of_code(path: Path) -> Iterator[str]:
    """Names and texts of a module, without documentation (texts that stand alone) and comments."""
    tree = ast.parse(path.read_bytes())
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def test_what_both_marketplaces_need_names_neither() -> None:
    found = {
        (name, word)
        for name, path in NAMES.items()
        if room(name) in ("disk", "formats", "web", "nuget", "git")
        for word in words_of_code(path)
        if any(marketplace in word.lower() for marketplace in ("umbraco", "nuxeo", "marketplace"))
    }
    assert found == NAMED_BELOW


def test_words_of_code_are_names_and_texts(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""One."""\nA = "two"  # three\n"""Four."""\ndef b(): return c.d\n', "utf-8")
    assert sorted(words_of_code(module)) == ["A", "b", "c", "d", "two"]


def test_only_cli_and_output_print() -> None:
    printing = {
        room(name)
        for name, path in NAMES.items()
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
        "dear |= {'umbmarket.umbraco.preview', 'jinja2', 'markdown_it', 'mdit_py_plugins', 'nh3', 'PIL'}\n"
        "print(sorted(dear & set(sys.modules)), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, str(listing)], capture_output=True, text=True, check=True)
    assert run.stderr == "[]\n"
