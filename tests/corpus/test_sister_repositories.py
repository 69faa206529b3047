"""The listings of the corpus in repositories of their own: which of their addresses lead into another one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import umbmarket
from tests.shared_corpus import CORPUS, listings, needs_corpus
from umbmarket.settings.options import Settings

KNOWN = {
    ("Jumoo/Our.Umbraco.LinkedPages", "/IssueTrackerUrl", "info", "KevinJump/Our.Umbraco.LinkedPages"),
    ("Jumoo/Our.Umbraco.MaintenanceMode", "/IssueTrackerUrl", "info", "KevinJump/Our.Umbraco.MaintenanceMode"),
    ("Jumoo/Our.Umbraco.MaintenanceMode", "/Screenshots/0/ImageUrl", "info", "KevinJump/Our.Umbraco.MaintenanceMode"),
}
"""All that is told: repositories that were transferred to a company, where GitHub leads on."""


def in_its_repository(entry: dict[str, Any], top: Path) -> None:
    listing = top / entry["path"]
    listing.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(CORPUS / entry["file"], listing)
    (top / ".git").mkdir(exist_ok=True)
    (top / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (top / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {entry["repository"]}\n')


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("corpus")
    for entry in listings():
        in_its_repository(entry, top / entry["repository"].removeprefix("https://github.com/"))
    return top


@needs_corpus
def test_what_is_told_of_the_corpus(repositories: Path) -> None:
    report = umbmarket.validate([repositories], root=repositories, settings=Settings(select=("UMB224",)))
    assert report.failures == ()
    assert len(report.files) == len(listings())
    told = {
        ("/".join(finding.path.split("/")[:2]), finding.pointer, str(finding.severity), finding.args["repository"])
        for finding in report.findings
        # What cannot be read is told whatever is selected.
        if finding.code == "UMB224"
    }
    assert told == KNOWN
