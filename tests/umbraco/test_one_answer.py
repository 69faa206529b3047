"""Which listing a package has and what becomes of it: one answer from `validate`, `inspect` and `status`."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

import umbmarket
from tests.doubles.published_world import World, published_world
from tests.loopback import fence  # noqa: F401 - a fixture that lets no test out
from tests.shared_corpus import ROOT
from tests.umbraco.actions.built_packages import nuspec, package, repository
from tests.umbraco.finding import find
from umbmarket.findings import Finding
from umbmarket.settings.options import Settings
from umbmarket.umbraco.facts import ListingFacts, PackageFacts
from umbmarket.umbraco.pages import inspect_json, inspect_text

PACKAGE = "artifacts/My.Package.1.2.0.nupkg"
LISTING = "umbraco-marketplace.json"
FORK = ("https://github.com/me/Fancy.git", "https://github.com/upstream/Fancy")
WEBSITE = ("https://github.com/me/Fancy.git", "https://www.example.website")
CASES = [FORK, WEBSITE]


def project(folder: Path, remote: str, url: str, range_: str = "10.0.0", listing: str | None = None) -> Path:
    """A working tree with a package in `artifacts` and a listing in its root."""
    root = repository(folder / "tree", remote)
    (root / "artifacts").mkdir()
    groups = [("net8.0", [("Umbraco.Cms.Core", range_)])]
    (root / PACKAGE).write_bytes(package(nuspec(groups=groups, tags="umbraco-marketplace", projectUrl=url)))
    (root / LISTING).write_text(listing or '{"VersionDependencyMode": "SemVer"}', "utf-8")
    return root


def told(root: Path, *codes: str, paths: tuple[str, ...] = (".",)) -> list[Finding]:
    found = umbmarket.validate([root / path for path in paths], settings=Settings(select=codes), root=root)
    assert found.failures == ()
    return [finding for finding in found.findings if finding.code in codes]


@pytest.mark.parametrize(("remote", "url"), CASES, ids=["fork", "website"])
@pytest.mark.parametrize("paths", [(".",), (PACKAGE,), ("artifacts",), (".", PACKAGE)])
def test_validate_and_inspect_take_the_listing_that_is_meant(
    remote: str, url: str, paths: tuple[str, ...], tmp_path: Path
) -> None:
    root = project(tmp_path, remote, url)
    (first, *_) = told(root, "UMB402", "UMB403", paths=paths)
    assert (first.code, "10 and later (an estimate)" in first.message) == ("UMB403", True)
    found = umbmarket.inspect_package(root / PACKAGE, root=root)
    assert (found.compatibility.shown.text, found.mode_source) == ("10 and later", "listing")
    document = json.loads(inspect_json.render(found))
    assert document["compatibility"]["counts"] == "SemVer"
    assert "SemVer        10 and later <- counts: set by the listing" in inspect_text.render(found)


def test_inspect_says_that_it_is_a_fork(tmp_path: Path) -> None:
    root = project(tmp_path, *FORK)
    page = inspect_text.render(umbmarket.inspect_package(root / PACKAGE, root=root), width=200)
    assert (
        "  - Uses umbraco-marketplace.json, where the project URL leads, but in a fork of that repository.\n"
        "  - The Marketplace reads the file in the repository that the project URL leads to.\n"
    ) in page


def test_both_say_that_a_website_has_to_serve_the_file(tmp_path: Path) -> None:
    root = project(tmp_path, *WEBSITE)
    served = "https://www.example.website/umbraco-marketplace.json"
    for paths in ((".",), (PACKAGE,)):
        (finding,) = told(root, "UMB510", paths=paths)
        assert (finding.severity, finding.path) == ("info", f"{PACKAGE}!/My.Package.nuspec")
        assert finding.message == (
            'the project URL is a website, so the website has to serve "umbraco-marketplace.json"'
        )
        assert finding.help == f"serve it at {served}, or set the project URL to the GitHub repository"
    page = inspect_text.render(umbmarket.inspect_package(root / PACKAGE, root=root), width=200)
    assert (
        "  - Uses umbraco-marketplace.json, which belongs to the package by its name and folder.\n"
        f"  - The project URL is a website, so the website has to serve the file at {served}.\n"
    ) in page


def test_nothing_has_to_be_served_where_the_repository_is_named_or_no_listing_lies(tmp_path: Path) -> None:
    assert told(project(tmp_path / "a", *FORK), "UMB510") == []
    root = project(tmp_path / "b", *WEBSITE)
    (root / LISTING).unlink()
    assert told(root, "UMB510") == []


def test_the_file_with_the_id_is_meant_before_the_one_without(tmp_path: Path) -> None:
    root = project(tmp_path, *WEBSITE)
    (root / "web").mkdir()
    (root / "web" / "umbraco-marketplace-my.package.json").write_text("{}", "utf-8")
    for paths in ((".",), (PACKAGE,)):
        assert [finding.code for finding in told(root, "UMB402", "UMB403", paths=paths)] == ["UMB402"]
    found = umbmarket.inspect_package(root / PACKAGE, root=root)
    assert found.listing.document is not None
    assert found.listing.document.path == "web/umbraco-marketplace-my.package.json"
    assert found.compatibility.mode == "Default"


REFUSED = '{"VersionDependencyMode": "SemVer", "Foo": 1}'
EMPTY_URL = '{"DocumentationUrl": "", "VersionDependencyMode": "SemVer"}'
VERDICTS = [
    (REFUSED, "Default"),
    (EMPTY_URL, "SemVer"),
    ('{"VersionDependencyMode": "SemVer", // mine\n}', "SemVer"),
    ('// mine\n{"VersionDependencyMode": "SemVer"}', "Default"),
    ('{"DocumentationUrl": "", "BugsUrl": "", "VersionDependencyMode": "SemVer"}', "Default"),
    ('{"VersionDependencyMode": "SemVer" "Title": "T"}', "Default"),
]


@pytest.fixture
def world() -> Iterator[World]:
    with published_world() as started:
        yield started


@pytest.mark.parametrize(("text", "mode"), VERDICTS)
def test_what_becomes_of_a_listing_is_the_same_everywhere(text: str, mode: str, tmp_path: Path, world: World) -> None:
    root = project(tmp_path, "https://github.com/me/Fancy.git", "https://github.com/me/Fancy", listing=text)
    found = umbmarket.inspect_package(root / PACKAGE, root=root)
    assert found.compatibility.mode == mode
    assert json.loads(inspect_json.render(found))["compatibility"]["counts"] == mode
    (facts,) = find([root], root=root).packages
    assert facts.mode == mode
    assert [each.code for each in told(root, "UMB402", "UMB403")] == ["UMB402" if mode == "Default" else "UMB403"]
    world.publish(groups={"net8.0": {"Umbraco.Cms.Core": "10.0.0"}})
    world.raw.files["/p/umbraco-marketplace.json"] = text.encode()
    supported = world.status().facts.supported
    assert supported is not None
    assert (supported.mode, supported.text) == (mode, "10-13" if mode == "Default" else "10 and later")


def test_the_version_findings_say_that_the_mode_is_lost(tmp_path: Path) -> None:
    root = project(tmp_path, "https://github.com/me/Fancy.git", "https://github.com/me/Fancy", listing=REFUSED)
    (finding,) = told(root, "UMB402")
    assert finding.message == (
        "the package is shown for Umbraco 10-13 only (an estimate): Umbraco.Cms.Core 10.0.0 has no maximum and starts"
        ' at 13 or lower; the listing asks for "SemVer", but it is ignored'
    )
    assert finding.help.startswith(
        'correct "umbraco-marketplace.json", which is ignored because it does not match the published schema at its'
        " root, or "
    )
    assert told(root, "UMB404") == []
    page = inspect_text.render(umbmarket.inspect_package(root / PACKAGE, root=root), width=200)
    assert "10-13, cut off below 14 <- counts: the listing asks for SemVer, but is ignored" in page


@pytest.mark.parametrize("paths", [(".",), (PACKAGE,)])
def test_a_listing_that_is_not_where_the_project_url_leads_is_not_read(paths: tuple[str, ...], tmp_path: Path) -> None:
    root = project(tmp_path, "https://github.com/me/Fancy.git", "https://github.com/me/Fancy/tree/main/src")
    (finding,) = told(root, "UMB402", "UMB403", paths=paths)
    assert finding.message.endswith('; the listing asks for "SemVer", but it is not where the Marketplace looks')
    found = umbmarket.inspect_package(root / PACKAGE, root=root)
    assert (found.listing.origin, found.compatibility.mode, found.listing.value) == ("elsewhere", "Default", {})
    page = inspect_text.render(found, width=200)
    assert "The Marketplace does not read umbraco-marketplace.json, because the project URL" in page
    assert "10-13, cut off below 14 <- counts: the listing asks for SemVer, but is not read" in page


def test_a_listing_beside_the_package_is_not_read_where_the_project_url_leads_elsewhere(tmp_path: Path) -> None:
    root = project(tmp_path, "https://github.com/me/Fancy.git", "https://github.com/me/Fancy/tree/main/src")
    (root / "docs").mkdir()
    for folder in ("artifacts", "docs"):
        (root / folder / LISTING).write_text('{"VersionDependencyMode": "SemVer"}', "utf-8")
    found = umbmarket.inspect_package(root / PACKAGE, root=root)
    assert found.listing.document is not None
    assert (found.listing.document.path, found.listing.origin) == (f"artifacts/{LISTING}", "elsewhere")
    assert found.compatibility.mode == "Default"


def test_the_listing_of_another_branch_is_not_known_to_be_elsewhere(tmp_path: Path) -> None:
    root = project(tmp_path, "https://github.com/me/Fancy.git", "https://github.com/me/Fancy/tree/v1/src")
    found = umbmarket.inspect_package(root / PACKAGE, root=root)
    assert (found.listing.origin, found.compatibility.mode) == ("meant", "SemVer")


def test_a_repository_that_is_the_home_folder_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, *WEBSITE)
    (root / "deep").mkdir()
    deep = (root / LISTING).rename(root / "deep" / LISTING)
    assert umbmarket.inspect_package(root / PACKAGE, root=root).listing.origin == "meant"
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(root))
    assert umbmarket.inspect_package(root / PACKAGE, root=root).listing.origin is None
    deep.rename(root / LISTING)
    assert umbmarket.inspect_package(root / PACKAGE, root=root).listing.origin == "meant"


def test_a_link_out_of_the_tree_is_read_only_where_it_is_named(tmp_path: Path, symlinks: None) -> None:
    root = project(tmp_path, *WEBSITE)
    (root / LISTING).rename(tmp_path / "elsewhere.json")
    (root / LISTING).symlink_to(tmp_path / "elsewhere.json")
    found = umbmarket.inspect_package(root / PACKAGE, root=root)
    assert found.listing.document is not None
    assert found.listing.document.unreadable is not None
    assert found.compatibility.mode == "Default"
    named = umbmarket.inspect_package(root / PACKAGE, root / LISTING, root=root)
    assert (named.listing.origin, named.compatibility.mode) == ("named", "SemVer")


# Facts


def test_facts_are_complete_when_made(tmp_path: Path) -> None:
    workspace = find([project(tmp_path, *FORK)], root=tmp_path)
    for facts in (*workspace.listings, *workspace.packages):
        for field in fields(facts):
            with pytest.raises(FrozenInstanceError):
                setattr(facts, field.name, None)


def test_nobody_gets_around_that() -> None:
    """`object.__setattr__` is what could; `ListingFacts` itself uses it while it is being made."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "umbmarket").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr == "__setattr__"
    }
    assert users == {"umbmarket/umbraco/facts.py"}
    assert {ListingFacts.__setattr__, PackageFacts.__setattr__}.isdisjoint({object.__setattr__})
