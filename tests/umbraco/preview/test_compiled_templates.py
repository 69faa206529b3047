"""What jinja2 makes of a template is kept, and nothing goes wrong where it cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest

from tests.trees import not_root  # noqa: F401 - a fixture
from umbmarket.umbraco.preview.compiled_templates import CompiledTemplates


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "a.j2").write_text("{{ 6 * number }}\n", "utf-8")
    return tmp_path


def rendered(folder: Path) -> str:
    loader = jinja2.FileSystemLoader(folder)
    environment = jinja2.Environment(loader=loader, bytecode_cache=CompiledTemplates(folder), autoescape=True)
    return environment.get_template("a.j2").render(number=7)


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").glob("*")) if (folder / "__pycache__").exists() else []


def test_it_is_kept_for_the_versions_of_python_and_jinja(folder: Path) -> None:
    assert rendered(folder) == "42"
    (file,) = kept(folder)
    assert file.name.endswith(f".{sys.implementation.cache_tag}.jinja2-{jinja2.__version__}")


def test_what_is_kept_is_used(folder: Path) -> None:
    rendered(folder)
    (file,) = kept(folder)
    before = file.stat().st_mtime_ns
    assert rendered(folder) == "42"
    assert file.stat().st_mtime_ns == before


def test_another_source_is_compiled_anew(folder: Path) -> None:
    rendered(folder)
    (folder / "a.j2").write_text("{{ 7 * number }}\n", "utf-8")
    assert rendered(folder) == "49"
    assert rendered(folder) == "49"


@pytest.mark.parametrize("length", [0, 1, 10, 60, 200])
def test_what_is_damaged_is_made_anew(folder: Path, length: int) -> None:
    rendered(folder)
    (file,) = kept(folder)
    whole = file.read_bytes()
    file.write_bytes(whole[:length])
    assert rendered(folder) == "42"
    assert file.read_bytes() == whole


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(folder) == "42"
    assert kept(folder) == []


def test_a_folder_that_cannot_be_written(folder: Path, not_root: None) -> None:  # noqa: F811 - the fixture that is imported above
    folder.chmod(0o555)
    assert rendered(folder) == "42"
    folder.chmod(0o755)
    assert kept(folder) == []


def test_a_file_in_place_of_the_folder(folder: Path) -> None:
    (folder / "__pycache__").write_text("no folder")
    assert rendered(folder) == "42"
