"""Marketplace readmes that cannot be read as what they should be: never a false all-clear."""

from __future__ import annotations

from pathlib import Path

import pytest

import umbmarket
from umbmarket.check.report import Report

NAME = "umbraco-marketplace-readme.md"


def told(report: Report) -> list[tuple[str, str, str]]:
    return [(finding.path, finding.severity.value, finding.message) for finding in report.findings]


def test_one_that_is_not_utf8_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"# Caf\xe9\n")
    report = umbmarket.validate([tmp_path], root=tmp_path)
    assert told(report) == [
        (NAME, "warning", "the readme is not UTF-8: byte 0xE9 at offset 5; it looks like Windows-1252")
    ]
    assert [file.parsed for file in report.files] == ["tolerant"]


def test_one_that_is_utf8_is_none(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes("# Café\n".encode())
    report = umbmarket.validate([tmp_path], root=tmp_path)
    assert told(report) == []
    assert [file.parsed for file in report.files] == ["strict"]


def test_a_link_that_leads_out_is_an_error_unless_it_was_named(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside.md").write_text("# Outside\n")
    try:
        (root / NAME).symlink_to(tmp_path / "outside.md")
    except OSError:
        pytest.skip("links cannot be made here")
    report = umbmarket.validate([root], root=root)
    assert told(report) == [
        (
            NAME,
            "error",
            "the readme cannot be read: it is a link that leads out of the repository or folder, "
            "and such links are followed only when named",
        )
    ]
    assert [file.parsed for file in report.files] == ["no"]
    assert told(umbmarket.validate([root / NAME], root=root)) == []


def test_one_beyond_the_limit_is_an_error(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"x" * 1_048_577)
    report = umbmarket.validate([tmp_path], root=tmp_path)
    assert told(report) == [
        (NAME, "error", "the readme cannot be read: it is larger than the limit of 1,048,576 bytes")
    ]
    assert [file.parsed for file in report.files] == ["no"]


def test_one_of_the_largest_size_is_read(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"x" * 1_048_576)
    report = umbmarket.validate([tmp_path], root=tmp_path)
    assert told(report) == []
    assert [file.parsed for file in report.files] == ["strict"]
