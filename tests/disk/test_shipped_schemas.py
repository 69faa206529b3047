from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared_corpus import ROOT
from umbmarket.disk.shipped_schemas import load_schema, matcher_path, schema_path
from umbmarket.umbraco.vocabulary import LISTING_SCHEMA


def test_the_listing_schema_is_found_and_read() -> None:
    path = schema_path(LISTING_SCHEMA)
    assert path.name == "umbraco-marketplace-schema.json"
    assert path.is_file()
    assert load_schema(LISTING_SCHEMA)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_of_a_wheel_comes_before_that_of_a_checkout(tmp_path: Path) -> None:
    package = tmp_path / "umbmarket"
    (package / "disk").mkdir(parents=True)
    source = ROOT / "umbmarket" / "disk" / "shipped_schemas.py"
    (package / "disk" / "shipped_schemas.py").write_bytes(source.read_bytes())
    for folder in (package, package / "disk"):
        (folder / "__init__.py").touch()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "some.json").write_text('{"from": "checkout"}', encoding="utf-8")
    code = "from umbmarket.disk.shipped_schemas import load_schema; print(load_schema('some.json')['from'])"

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    assert run() == "checkout"
    (package / "schemas").mkdir()
    (package / "schemas" / "some.json").write_text('{"from": "wheel"}', encoding="utf-8")
    assert run() == "wheel"


@pytest.mark.parametrize("name", ["", "missing.json", "../pyproject.toml", "..\\pyproject.toml", ".", "a\0b"])
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        schema_path(name)
    assert str(caught.value) == f"nothing named {name!r} is shipped with umbmarket in schemas"
    with pytest.raises(FileNotFoundError, match=r"in matchers$"):
        matcher_path(name)


@pytest.mark.parametrize("name", ["github.json", "vscode-tasks.json"])
def test_matchers_are_found(name: str) -> None:
    assert matcher_path(name).is_file()


def test_each_reading_is_a_value_of_its_own() -> None:
    first = load_schema(LISTING_SCHEMA)
    first.clear()
    assert load_schema(LISTING_SCHEMA)
