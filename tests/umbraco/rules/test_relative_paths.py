"""UMB204: what is offered for a relative path leads to something that the key can show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import umbmarket
from tests.umbraco.rules.case_folders import make_git_folder


@pytest.mark.parametrize(
    ("key", "text", "offered"),
    [
        ("DocumentationUrl", "docs/set up.md", "https://github.com/owner/repository/blob/main/docs/set%20up.md"),
        ("DocumentationUrl", "DOCS/set up.md", "https://github.com/owner/repository/blob/main/docs/set%20up.md"),
        ("IssueTrackerUrl", "/issues", None),
        ("DocumentationUrl", "docs/missing.md", None),
        ("VideoUrl", "docs/demo.mp4", None),
        ("VideoUrl", "/demo.mp4", None),
    ],
)
def test_of_a_link(tmp_path: Path, key: str, text: str, offered: str | None) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "set up.md").write_text("# Set up\n")
    (tmp_path / "docs" / "demo.mp4").write_bytes(b"")
    (tmp_path / "umbraco-marketplace.json").write_text(json.dumps({key: text}))
    make_git_folder(tmp_path, {"remote": "https://github.com/owner/repository", "branch": "main"})
    report = umbmarket.validate([tmp_path], root=tmp_path)
    (finding,) = [finding for finding in report.findings if finding.code == "UMB204"]
    assert finding.args["suggestion"] == offered
    assert finding.help == (f"write {offered}" if offered else "write the full URL, beginning with https://")
    assert [fix.safety for fix in finding.fixes] == (["safe"] if offered else [])
