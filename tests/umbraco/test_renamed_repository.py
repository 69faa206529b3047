"""A repository that was renamed, and a clone whose remotes know both names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import umbmarket
from umbmarket.settings.options import Settings

Git = Callable[..., str]
BuildPackage = Callable[..., bytes]


def told(repository: Path, package: Path) -> list[tuple[str, str]]:
    report = umbmarket.validate(
        [repository, package], root=repository, settings=Settings(select=("UMB224", "UMB501", "UMB504", "UMB505"))
    )
    assert report.failures == ()
    return [(finding.code, str(finding.severity)) for finding in report.findings]


def test_it_is_no_foreign_one_when_the_remotes_say_so(repository: Path, git: Git, nupkg: BuildPackage) -> None:
    (repository / "umbraco-marketplace.json").write_text(
        '{"Category": "Search", "IssueTrackerUrl": "https://github.com/jane/old-name/issues"}'
    )
    package = repository / "My.Package.1.2.3.nupkg"
    package.write_bytes(nupkg(tags="umbraco-marketplace", projectUrl="https://github.com/jane/old-name"))
    git(repository, "remote", "add", "origin", "https://github.com/jane/new-name.git")
    assert told(repository, package) == [("UMB504", "warning")]
    package.write_bytes(nupkg(tags="umbraco-marketplace", projectUrl="https://github.com/jane/new-name"))
    assert told(repository, package) == [("UMB224", "warning")]
    git(repository, "remote", "add", "before", "https://github.com/jane/old-name.git")
    assert told(repository, package) == []
    package.write_bytes(nupkg(tags="umbraco-marketplace", projectUrl="https://github.com/jane/old-name"))
    assert told(repository, package) == []


def test_a_listing_that_a_sparse_checkout_leaves_out_is_there(repository: Path, git: Git, nupkg: BuildPackage) -> None:
    (repository / "src").mkdir()
    (repository / "src" / "umbraco-marketplace.json").write_text("{}")
    (repository / "a.txt").write_text("")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "x")
    git(repository, "remote", "add", "origin", "https://github.com/jane/my-package.git")
    package = repository / "My.Package.1.2.3.nupkg"
    url = "https://github.com/jane/my-package/tree/main/src"
    package.write_bytes(nupkg(tags="umbraco-marketplace", projectUrl=url))
    git(repository, "sparse-checkout", "set", "--no-cone", "/a.txt")
    assert not (repository / "src").exists()
    assert told(repository, package) == []
    git(repository, "sparse-checkout", "disable")
    (repository / "src" / "umbraco-marketplace.json").unlink()
    assert told(repository, package) == [("UMB501", "warning")]
