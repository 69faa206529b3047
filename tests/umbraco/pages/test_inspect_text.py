from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.snapshots import assert_matches
from tests.umbraco.actions.built_packages import MIT, PROJECT_URL, archive, healthy, nuspec, package, repository
from umbmarket.output.columns import cells
from umbmarket.umbraco.actions.inspect import inspect_package
from umbmarket.umbraco.pages.inspect_text import render

SNAPSHOTS = Path(__file__).parent / "snapshots"

LISTING: dict[str, Any] = {
    "$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",
    "Title": "My Package",
    "Description": "Søk og finn: 包裹 on every page of a site, with a description that is long enough to wrap.",
    "Category": "Search",
    "AlternateCategory": "Editor Tools",
    "LicenseTypes": ["Free", "Purchase"],
    "Tags": ["search", "property editor"],
    "AuthorDetails": {
        "Name": "Jane Doe",
        "Url": "https://jane.example.com/",
        "Contributors": [{"Name": "Joe"}, {"Name": "Ann", "Url": "https://ann.example.com/"}],
    },
    "DocumentationUrl": "https://docs.jane.example.com/my-package/a-very-long-way-to-the-documentation/index.html",
    "Screenshots": [
        {"ImageUrl": "https://jane.example.com/1.png", "Caption": "One"},
        {"ImageUrl": "https://jane.example.com/2.png"},
        {"VideoUrl": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"},
    ],
    "VersionDependencyMode": "SemVer",
    "VersionSpecificPackageIds": [{"UmbracoMajorVersion": 8, "PackageId": "My.Package.Eight"}],
    "RelatedPackages": [{"PackageId": "Other.Package", "Description": "Good together."}],
    "LookingForContributors": True,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return repository(tmp_path / "my-package")


def page(root: Path, data: bytes, *arguments: Any, **options: Any) -> str:
    (root / "My.Package.1.2.0.nupkg").write_bytes(data)
    return render(inspect_package(root / "My.Package.1.2.0.nupkg", *arguments, root=root), **options)


def test_a_healthy_package_with_its_listing(project: Path) -> None:
    (project / "umbraco-marketplace-my.package.json").write_text(json.dumps(LISTING), encoding="utf-8")
    assert_matches(SNAPSHOTS / "inspect-healthy.txt", page(project, healthy()))


def test_a_package_with_many_peculiarities(tmp_path: Path) -> None:
    groups = [
        ("netstandard2.0", [("Serilog", "2.0.0")]),
        ("net8.0", [("Umbraco.Cms.Web.Common", "13.0.0"), ("Umbraco.Cms.Core", "[13.5.0, 15.0.0)")]),
        ("net9.0", [("Umbraco.Cms.Core", "[15.0.0, 16.0.0)"), ("Umbraco.Commerce.Core", "[16.0.0, 17.0.0)")]),
        ("net10.0", [("Umbraco.Cms.Core", None), ("Umbraco.Cms.Integrations.Crm.Hubspot", "3.0.0")]),
    ]
    text = nuspec(
        "My.Package",
        "2.0.0-rc.1",
        groups,
        title="",
        tags="umbraco marketplace",
        projectUrl="https://gitlab.com/jane/my-package",
    )
    (tmp_path / "umbraco-marketplace.json").write_text('{"Title": "T", "Category": "CMS Extensions"}')
    assert_matches(SNAPSHOTS / "inspect-peculiar.txt", page(tmp_path, package(text)))


def test_no_line_is_longer_than_the_page_but_for_addresses(project: Path) -> None:
    (project / "umbraco-marketplace-my.package.json").write_text(json.dumps(LISTING), encoding="utf-8")
    for width in (60, 80, 100):
        for line in page(project, healthy(), width=width).splitlines():
            assert cells(line) <= width or "https://" in line
            assert line == line.rstrip()


def test_colour_changes_nothing_but_colour(project: Path) -> None:
    plain, styled = page(project, healthy()), page(project, healthy(), color=True)
    assert "\x1b[1mMy.Package 1.2.0\x1b[0m" in styled
    assert styled.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain
    assert "\x1b" not in plain


def test_the_mode_that_counts_is_marked(project: Path) -> None:
    data = package(nuspec(groups=[("net8.0", [("Umbraco.Cms", "10.0.0")])]))
    shown = page(project, data)
    assert "  Default       10-13, cut off below 14 <- counts: the default\n" in shown
    assert "  SemVer        10 and later\n" in shown
    shown = page(project, data, None, "SemVer")
    assert "  Default       10-13, cut off below 14\n" in shown
    assert "  SemVer        10 and later <- counts: set by --mode\n" in shown
    (project / "a.json").write_text('{"VersionDependencyMode": "SemVer"}')
    assert "10 and later <- counts: set by the listing\n" in page(project, data, project / "a.json")


def test_without_umbraco_there_are_no_majors(project: Path) -> None:
    shown = page(project, package(nuspec()))
    assert "SemVer" not in shown
    assert "  - The package has no dependencies." in shown
    assert "  Marketplace   not tagged umbraco-marketplace, so the Marketplace does not list\n" in shown
    assert "  - The package has no project URL.\n" in shown
    assert "  for the readme\n    1. (the package has no readme)\n" in shown


def test_a_listing_in_the_wrong_place_and_empty_addresses_are_told(tmp_path: Path) -> None:
    (tmp_path / "umbraco-marketplace.json").write_text('{"Title": "T", "VideoUrl": ""}')
    shown = page(tmp_path, healthy())
    lines = [
        "  - Uses umbraco-marketplace.json beside the package, where the Marketplace does",
        "    not look.",
        "  - An empty URL (VideoUrl) does not match the published schema, but listings",
        "    with one are still shown.",
    ]
    assert "\n".join(lines) in shown


def test_a_symbol_package_and_package_types(tmp_path: Path) -> None:
    text = nuspec(extra='<packageTypes><packageType name="SymbolsPackage" /></packageTypes>')
    shown = page(tmp_path, package(text))
    assert "  Types         SymbolsPackage\n" in shown
    assert "  - This is a symbol package, which the Marketplace does not list.\n" in shown


def test_a_licence_that_is_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    shown = page(tmp_path, package(nuspec(extra='<license type="file">LICENSE.txt</license>')))
    assert "  Licence       LICENSE.txt (file in the package)\n" in shown


def test_what_nuget_org_refuses_is_told(tmp_path: Path) -> None:
    clean = archive({"a.nuspec": nuspec(extra=MIT)})
    assert "nuget.org" not in page(tmp_path, clean)
    assert "  - nuget.org rejects this package, or reads it differently from what was meant;" in page(
        tmp_path, archive({"a.nuspec": nuspec(projectUrl="ftp://example.com")})
    )


HOSTILE = "a\u202e ::error::gotcha ##[add-mask]x ##vso[task.x] \u2066[bold]<b> ::set-output name=x::y"


def test_nothing_in_it_acts_on_a_terminal_or_a_log(tmp_path: Path) -> None:
    words = f"{HOSTILE} " * 12
    groups = [(f"::error::{HOSTILE}", [(f"Umbraco.Cms.{HOSTILE}", HOSTILE), ("Umbraco.Cms.Core", HOSTILE)])]
    text = nuspec(f"::{HOSTILE}", "1.0.0", groups, title=words, tags=words, projectUrl=f"{PROJECT_URL}/{HOSTILE}")
    (tmp_path / "umbraco-marketplace.json").write_text(
        json.dumps({"Title": words, "Description": f"{words}\x1b[31m\ud800", "Category": "Search"})
    )
    for width in (40, 61, 80):
        shown = page(tmp_path, package(text), width=width)
        for line in shown.splitlines():
            assert not line.lstrip().startswith("::")
        assert "##[" not in shown
        assert "##vso" not in shown
        assert all(char.isprintable() or char == "\n" for char in shown)
    assert shown.startswith("\\x3a:a\\u202e ::error::gotcha")


def test_long_things_are_cut(tmp_path: Path) -> None:
    text = nuspec("A" * 5_000, title="B" * 5_000, tags="c " * 5_000, projectUrl="https://example.com/" + "d" * 9_000)
    shown = page(tmp_path, package(text))
    assert "A" * 237 + "..." in shown
    assert "A" * 240 not in shown.splitlines()[0]
    assert len(shown) < 30_000


def test_the_table_is_cut(tmp_path: Path) -> None:
    groups = [(f"net{number}.0", [("Umbraco.Cms", "[13.0.0, 14.0.0)")]) for number in range(5, 65)]
    shown = page(tmp_path, package(nuspec(groups=groups)))
    assert shown.count("[13.0.0, 14.0.0)") == 40
    assert "  and 20 more rows; --format json has all\n" in shown
