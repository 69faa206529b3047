"""Copies of the schema are no listings, and what a template engine replaces is nobody's text yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import umbmarket
from tests.umbraco.listing_texts import codes_of
from umbmarket.check.report import Report
from umbmarket.umbraco.template_sources import symbols_in, template_above
from umbmarket.umbraco.vocabulary import listing_schema

SCHEMA = json.dumps(listing_schema()).encode()

TEMPLATE = """{
  // the sources of a package
  "sourceName": "Umbraco.Community.MyPackage1",
  "symbols": {
    "category": {"type": "parameter", "replaces": "CATEGORY_SYMBOL"},
    "video": {"type": "parameter", "replaces": "VIDEO_URL"},
    "look": {"type": "parameter", "replaces": "LOOKING"},
    "generated": {"type": "generated"},
    "odd": 1
  }
}
"""


def write(path: Path, text: str | bytes | object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(text, str | bytes):
        text = json.dumps(text)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def validate(root: Path, *paths: Path) -> Report:
    report = umbmarket.validate(paths or [root], root=root)
    assert report.failures == ()
    return report


@pytest.mark.parametrize(
    "name", ["umbraco-marketplace-schema.json", "umbraco-marketplace.schema.json", "umbraco-marketplace-my.json"]
)
@pytest.mark.parametrize("named", [True, False])
def test_the_schema_is_skipped_by_its_content(tmp_path: Path, name: str, named: bool) -> None:
    copy = write(tmp_path / name, SCHEMA)
    listing = write(tmp_path / "umbraco-marketplace.json", {"Category": "Search"})
    report = validate(tmp_path, *((copy, listing) if named else ()))
    assert [file.path for file in report.files] == ["umbraco-marketplace.json"]


@pytest.mark.parametrize("name", ["umbraco-marketplace-schema.json", "umbraco-marketplace.schema.json"])
def test_a_listing_under_the_schemas_name_is_checked_and_told_its_name(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, {"Category": "Serch"})
    report = validate(tmp_path)
    assert codes_of(report, "error") == {"UMB104", "UMB502"}
    assert f'the Marketplace looks for "umbraco-marketplace.json", not for "{name}"' in {
        finding.message for finding in report.findings
    }


def test_a_schema_under_nearly_its_name_is_not_told(tmp_path: Path) -> None:
    write(tmp_path / "umbraco_marketplace_schema.json", SCHEMA)
    assert validate(tmp_path).findings == ()


def test_a_listing_under_nearly_that_name_is_told(tmp_path: Path) -> None:
    write(tmp_path / "umbraco_marketplace_schema.json", {"Category": "Search"})
    assert codes_of(validate(tmp_path)) == {"UMB502"}


def test_another_file_that_names_its_schema_is_no_listing(tmp_path: Path) -> None:
    write(tmp_path / "umbraco-marketplce.json", {"$schema": "https://example.com/schema.json", "name": "x"})
    assert validate(tmp_path).findings == ()


SOURCE = """{
  "Category": "CATEGORY_SYMBOL",
  "VideoUrl": "VIDEO_URL",
  "DocumentationUrl": "https://VIDEO_URL:80/",
  //#if (Docs)
  "LookingForContributors": LOOKING,
  //#endif
  "CATEGORY_SYMBOL": 1
}
"""


def test_what_a_template_engine_replaces_is_no_error(tmp_path: Path) -> None:
    write(tmp_path / "t" / ".template.config" / "template.json", TEMPLATE)
    write(tmp_path / "t" / "src" / "umbraco-marketplace-Umbraco.Community.MyPackage1.json", SOURCE)
    report = validate(tmp_path)
    assert codes_of(report, "error", "warning") == set()
    assert [(file.parsed, file.schema_valid) for file in report.files] == [("tolerant", None)]


def test_the_same_without_a_template_is_full_of_them(tmp_path: Path) -> None:
    write(tmp_path / "t" / "src" / "umbraco-marketplace-Umbraco.Community.MyPackage1.json", SOURCE)
    report = validate(tmp_path)
    assert codes_of(report, "error") >= {"UMB004", "UMB101", "UMB104", "UMB108", "UMB502"}
    assert codes_of(report, "warning") >= {"UMB005"}


def test_other_mistakes_of_a_template_are_told(tmp_path: Path) -> None:
    write(tmp_path / ".template.config" / "template.json", TEMPLATE)
    write(
        tmp_path / "umbraco-marketplace.json",
        {"Category": "CATEGORY_SYMBOL", "AlternateCategory": "Serch", "LicenseTypes": [""], "Title": "LOOKING"},
    )
    report = validate(tmp_path)
    assert {(each.code, each.pointer) for each in report.findings if str(each.severity) == "error"} == {
        ("UMB104", "/AlternateCategory"),
        ("UMB110", "/LicenseTypes/0"),
    }
    assert report.files[0].schema_valid is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"symbols": 1}', '{"symbols": {"a": {"replaces": ""}}}'])
def test_a_template_without_symbols(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / ".template.config" / "template.json", text)
    assert symbols_in(str(path)) == ()
    write(tmp_path / "umbraco-marketplace.json", {"Category": "Serch"})
    assert codes_of(validate(tmp_path), "error") == {"UMB104"}


def test_symbols(tmp_path: Path) -> None:
    path = write(tmp_path / ".template.config" / "template.json", TEMPLATE)
    assert symbols_in(str(path)) == ("Umbraco.Community.MyPackage1", "CATEGORY_SYMBOL", "VIDEO_URL", "LOOKING")


def test_the_template_is_looked_for_up_to_the_top(tmp_path: Path) -> None:
    path = write(tmp_path / ".template.config" / "template.json", TEMPLATE)
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert template_above(str(inside), None, {}) == str(path)
    assert template_above(str(inside), str(tmp_path), {}) == str(path)
    assert template_above(str(inside), str(tmp_path / "a"), {}) is None


def test_a_folder_is_asked_for_a_template_once(tmp_path: Path) -> None:
    path = write(tmp_path / ".template.config" / "template.json", TEMPLATE)
    known: dict[str, str | None] = {}
    inside, beside = tmp_path / "a" / "b", tmp_path / "a" / "c"
    inside.mkdir(parents=True)
    assert template_above(str(inside), None, known) == str(path)
    assert known == dict.fromkeys(map(str, (inside, tmp_path / "a", tmp_path)), str(path))
    path.unlink()
    assert template_above(str(beside), None, known) == str(path)
