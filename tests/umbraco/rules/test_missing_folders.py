"""UMB223 names what is missing in this repository by what its address is of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import umbmarket
from tests.umbraco.rules.case_folders import make_git_folder


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("tree/main/docs", 'the repository has no folder "docs"'),
        ("blob/main/docs.md", 'the repository has no file "docs.md"'),
        ("blob/main/docs.md#/tree/", 'the repository has no file "docs.md"'),
    ],
)
def test_what_is_missing(tmp_path: Path, path: str, message: str) -> None:
    address = f"https://github.com/owner/repository/{path}"
    (tmp_path / "umbraco-marketplace.json").write_text(json.dumps({"DocumentationUrl": address}))
    make_git_folder(tmp_path, {"remote": "https://github.com/owner/repository", "branch": "main"})
    report = umbmarket.validate([tmp_path], root=tmp_path)
    assert [finding.message for finding in report.findings if finding.code == "UMB223"] == [message]
