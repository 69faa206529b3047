"""Links that lead out of a repository: whoever may change it could let one point at a secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import umbmarket
from umbmarket.settings.options import Settings

Git = Callable[..., str]
BuildPackage = Callable[..., bytes]

REASON = "it is a link that leads out of the repository or folder, and such links are followed only when named"
SECRET = '{"Title": "the secret", "Category": "the secret", "PackageType": "the secret"}\n![x](the-secret.png)'

pytestmark = pytest.mark.usefixtures("symlinks")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file beside the repository."""
    path = tmp_path / "secret"
    path.write_text(SECRET)
    return path


def findings(folder: Path, *paths: str) -> list[umbmarket.Finding]:
    report = umbmarket.validate([folder / path for path in paths], root=folder, settings=Settings())
    assert report.failures == ()
    return list(report.findings)


@pytest.mark.parametrize("name", ["umbraco-marketplace.json", "umbraco-marketplace-my.package.json"])
def test_a_listing_that_is_found_is_not_read(repository: Path, secret: Path, name: str) -> None:
    (repository / name).symlink_to(secret)
    told = findings(repository, ".")
    assert [(each.code, str(each.severity)) for each in told if REASON in each.message] == [("UMB001", "error")]
    assert all("the secret" not in each.message + each.help for each in told)


def test_one_that_is_named_is_read(repository: Path, secret: Path) -> None:
    (repository / "umbraco-marketplace.json").symlink_to(secret)
    assert any('"the secret"' in found.message for found in findings(repository, "umbraco-marketplace.json"))
    assert any('"the secret"' in found.message for found in findings(repository, ".", "umbraco-marketplace.json"))


def test_a_link_within_the_repository_is_read(repository: Path) -> None:
    (repository / "listings").mkdir()
    (repository / "listings" / "a.json").write_text(SECRET.partition("\n")[0])
    (repository / "umbraco-marketplace.json").symlink_to("listings/a.json")
    assert any('"the secret"' in found.message for found in findings(repository, "."))
    (repository / "src").mkdir()
    (repository / "src" / "umbraco-marketplace.json").symlink_to("../listings/a.json")
    assert any('"the secret"' in found.message for found in findings(repository, "src"))


def test_without_a_repository_the_folder_counts(tmp_path: Path, secret: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "umbraco-marketplace.json").symlink_to(secret)
    assert [found.code for found in findings(folder, ".")] == ["UMB001"]


def test_a_near_miss_is_not_read(repository: Path, secret: Path) -> None:
    name = "umrbaco-marketplace.json"
    (repository / name).symlink_to(secret)
    assert findings(repository, ".") == []
    (repository / name).unlink()
    (repository / name).write_text(SECRET)
    assert findings(repository, ".") != []


def test_a_readme_that_is_found_is_not_read(repository: Path, secret: Path) -> None:
    (repository / "umbraco-marketplace-readme.md").symlink_to(secret)
    (told,) = findings(repository, ".")
    assert (told.code, str(told.severity)) == ("UMB309", "error")
    assert REASON in told.message
    assert "secret" not in told.message + told.help


def test_what_belongs_to_a_package_is_not_read(repository: Path, secret: Path, git: Git, nupkg: BuildPackage) -> None:
    """The listing and readme beside a package are looked for without being named."""
    git(repository, "remote", "add", "origin", "https://github.com/jane/my-package")
    package = repository / "My.Package.1.2.3.nupkg"
    package.write_bytes(nupkg(tags="umbraco-marketplace", projectUrl="https://example.com/my-package"))
    (repository / "umbraco-marketplace.json").symlink_to(secret)
    (repository / "umbraco-marketplace-readme.md").symlink_to(secret)
    told = [found.message + found.help for found in findings(repository, package.name)]
    assert all("the secret" not in text and "the-secret" not in text for text in told)


def test_a_package_that_is_a_link_out_is_not_read(repository: Path, tmp_path: Path, nupkg: BuildPackage) -> None:
    (tmp_path / "My.Package.1.2.3.nupkg").write_bytes(nupkg(title="the secret", tags="umbraco-marketplace"))
    (repository / "My.Package.1.2.3.nupkg").symlink_to(tmp_path / "My.Package.1.2.3.nupkg")
    assert findings(repository, ".") == []
    assert findings(repository, "My.Package.1.2.3.nupkg") != []
