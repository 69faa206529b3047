"""Project files in `umbmarket validate`: which are found and judged, where findings about them stand, what counts."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import umbmarket
from tests.shared_corpus import ROOT
from tests.trees import Git
from tests.umbraco.finding import find
from umbmarket.check.engine import run
from umbmarket.check.report import ExitCode, Report
from umbmarket.findings import Finding
from umbmarket.umbraco.judged import is_judged
from umbmarket.umbraco.marketplace import gathered

BuildPackage = Callable[..., bytes]

TAG = "umbraco-marketplace"
RANGE = {"net10.0": {"Umbraco.Cms.Core": "[17.0.0, 18.0.0)"}}


def project_text(
    package_id: str = "My.Package",
    *,
    tags: str | None = TAG,
    properties: str = "",
    items: str = '<PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0, 18.0.0)" />',
    version: str | None = "1.0.0",
    sdk: str = "Microsoft.NET.Sdk",
) -> str:
    lines = [f"<PackageId>{package_id}</PackageId>", "<TargetFramework>net10.0</TargetFramework>", properties]
    if version is not None:
        lines.append(f"<Version>{version}</Version>")
    if tags is not None:
        lines.append(f"<PackageTags>{tags}</PackageTags>")
    body = "\n    ".join(line for line in lines if line)
    return (
        f'<Project Sdk="{sdk}">\n  <PropertyGroup>\n    {body}\n  </PropertyGroup>\n'
        f"  <ItemGroup>\n    {items}\n  </ItemGroup>\n</Project>\n"
    )


class Tree:
    """A folder with projects and what else a test puts there."""

    def __init__(self, root: Path, nupkg: BuildPackage) -> None:
        self.root = root
        self._nupkg = nupkg

    def write(self, path: str, text: str) -> str:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return path

    def project(self, path: str = "src/My.Package.csproj", package_id: str = "My.Package", **more: object) -> str:
        return self.write(path, project_text(package_id, **more))

    def package(self, path: str, **more: object) -> str:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self._nupkg(**{"id": "My.Package", "version": "1.0.0", "groups": RANGE, **more}))
        return path

    def judged(self, *paths: str) -> dict[str, bool]:
        workspace = find([self.root / path for path in paths or (".",)], root=self.root)
        return {facts.document.id or "": is_judged(facts) for facts in workspace.packages}

    def report(self, *paths: str, **settings: object) -> Report:
        found = umbmarket.validate(
            [self.root / path for path in paths or (".",)], root=self.root, settings=umbmarket.Settings(**settings)
        )
        assert found.failures == ()
        return found


@pytest.fixture
def tree(tmp_path: Path, nupkg: BuildPackage) -> Tree:
    return Tree(tmp_path, nupkg)


def files(report: Report) -> list[tuple[str, str]]:
    return [(file.path, file.kind) for file in report.files]


def lines(report: Report, *codes: str) -> list[str]:
    """`path:line:column severity code message` of the findings of some codes."""
    return [line(finding) for finding in report.findings if finding.code in codes]


def line(finding: Finding) -> str:
    place = f":{finding.region.line}:{finding.region.column}" if finding.region is not None else ""
    return f"{finding.path}{place} {finding.severity} {finding.code} {finding.message}"


# Which projects are found and judged.


def test_a_tagged_project_is_found_and_checked(tree: Tree) -> None:
    tree.project()
    report = tree.report()
    assert files(report) == [("src/My.Package.csproj", "project")]
    assert lines(report, "UMB307") == [
        "src/My.Package.csproj:1:1 warning UMB307 the package has no project URL, so the Marketplace has nowhere to"
        " look"
        " for a listing (as dotnet pack would write it)"
    ]
    assert report.remarks == ("1 project read as dotnet pack would write it",)


def test_a_project_that_is_not_for_the_marketplace_is_nothing_to_check(tree: Tree) -> None:
    tree.project(tags="search")
    report = tree.report()
    assert (files(report), report.findings, report.exit_code) == ([], (), ExitCode.NOTHING_TO_CHECK)
    tell = 'would be packed without the tag "umbraco-marketplace"; name a project to have it checked'
    assert report.remarks == (f'"src/My.Package.csproj" {tell}',)
    tree.project("src/Other.csproj", "My.Other", tags=None)
    tree.project("src/Third.csproj", "My.Third", tags=None)
    assert tree.report().remarks == (f'"src/My.Package.csproj" and 2 more projects {tell}',)
    named = tree.report("src/My.Package.csproj")
    assert files(named) == [("src/My.Package.csproj", "project")]
    assert lines(named, "UMB305") == [
        'src/My.Package.csproj:6:5 error UMB305 the package does not have the tag "umbraco-marketplace"'
    ]


def test_beside_a_tagged_project_others_are_one_line(tree: Tree) -> None:
    tree.project()
    tree.project("core/Core.csproj", "My.Core", tags=None)
    tree.project("tests/Tests.csproj", "My.Tests", tags=None, properties="<IsPackable>false</IsPackable>")
    report = tree.report()
    assert tree.judged() == {"My.Core": False, "My.Package": True}
    assert files(report) == [("src/My.Package.csproj", "project")]
    assert report.remarks[1:] == (
        'not checked for the Marketplace, because other packages here are meant for it: "My.Core"',
    )


def test_a_test_project_is_none_of_the_marketplace_by_shared_tags(tree: Tree) -> None:
    tree.write(
        "Directory.Build.props",
        f"<Project>\n  <PropertyGroup>\n    <PackageTags>{TAG}</PackageTags>\n  </PropertyGroup>\n</Project>\n",
    )
    tests = '<PackageReference Include="{}" Version="3.0.0" />'
    tree.project(tags=None)
    tree.project("tests/A.csproj", "A", tags=None, items=tests.format("xunit.v3"))
    tree.project("tests/B.csproj", "B", tags=None, items=tests.format("Microsoft.NET.Test.Sdk"))
    tree.project("tests/C.csproj", "C", tags=None, items=tests.format("TUnit"))
    assert tree.judged() == {"My.Package": True}
    # Helpers for tests are packages, too.
    tree.project("helpers/D.csproj", "D", items=tests.format("xunit.v3"))
    flag = "<IsPackable>true</IsPackable>"
    tree.project("helpers/E.csproj", "E", tags=None, items=tests.format("xunit.v3"), properties=flag)
    assert tree.judged() == {"D": True, "E": True, "My.Package": True}


def test_a_project_that_is_named_beside_a_tagged_one_is_not_judged_for_it(tree: Tree) -> None:
    names = [tree.project(), tree.project("core/Core.csproj", "My.Core", tags=None)]
    assert tree.judged(*names) == {"My.Package": True, "My.Core": False}


def test_a_listing_with_its_id_means_a_project(tree: Tree) -> None:
    tree.project(tags=None)
    tree.project("core/Core.csproj", "My.Core", tags=None)
    tree.write("umbraco-marketplace-my.package.json", '{"Category": "Search"}\n')
    assert tree.judged() == {"My.Core": False, "My.Package": True}
    assert lines(tree.report(), "UMB305") == [
        'src/My.Package.csproj:1:1 error UMB305 the package does not have the tag "umbraco-marketplace" (as dotnet'
        " pack would write it)"
    ]


URL = "<PackageProjectUrl>https://github.com/owner/repository</PackageProjectUrl>"


def at_github(repository: Path, git: Git) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/owner/repository")


def test_a_listing_where_its_project_url_leads_means_a_project(repository: Path, git: Git, nupkg: BuildPackage) -> None:
    at_github(repository, git)
    tree = Tree(repository, nupkg)
    tree.project(tags=None, properties=URL)
    assert tree.judged() == {"My.Package": False}
    tree.write("umbraco-marketplace.json", '{"Category": "Search"}\n')
    assert tree.judged() == {"My.Package": True}
    assert lines(tree.report(), "UMB305") == [
        'src/My.Package.csproj:1:1 error UMB305 the package does not have the tag "umbraco-marketplace" (as dotnet'
        " pack would write it)"
    ]
    # Of two, one may be the one: nobody knows which.
    tree.project("core/Core.csproj", "My.Core", tags=None, properties=URL)
    assert [each.partition(" ")[2] for each in lines(tree.report(), "UMB305")] == [
        'warning UMB305 none of the 2 packages checked has the tag "umbraco-marketplace" (as dotnet pack would write'
        " it)"
    ] * 2


def test_where_tags_are_not_known_no_other_is_told_that_it_has_none(tree: Tree) -> None:
    tree.project(tags="$(BUILD_TAGS)")
    tree.write("umbraco-marketplace-other.json", "{}\n")
    named = tree.project("other/Other.csproj", "Other.One", tags=None)
    assert lines(tree.report(".", named), "UMB305") == []


def test_ignored_folders_and_build_output_are_left_out(repository: Path, git: Git, nupkg: BuildPackage) -> None:
    tree = Tree(repository, nupkg)
    tree.write(".gitignore", "temp/\n")
    for folder in ("temp", "bin", "obj", "node_modules/x", "src"):
        tree.project(f"{folder}/My.Package.csproj")
    assert files(tree.report()) == [("src/My.Package.csproj", "project")]


def test_sources_of_templates_are_left_out(tree: Tree) -> None:
    tree.write("templates/.template.config/template.json", '{"sourceName": "My.Package"}')
    tree.project("templates/My.Package.csproj")
    assert files(tree.report()) == []
    assert files(tree.report("templates/My.Package.csproj")) == [("templates/My.Package.csproj", "project")]


def test_projects_are_left_out_where_nobody_wants_them(tree: Tree) -> None:
    name = tree.project()
    tree.write("umbraco-marketplace.json", '{"Category": "Search"}\n')
    report = tree.report(projects=False)
    assert files(report) == [("umbraco-marketplace.json", "listing")]
    assert report.remarks == ("tag, Umbraco versions and project URL were not checked: no package or project here",)
    assert (name, "project") in files(tree.report(".", name, projects=False))


def test_a_nuspec_can_be_named(tree: Tree) -> None:
    name = tree.write(
        "My.nuspec",
        "<package>\n  <metadata>\n    <id>My.Package</id>\n    <version>$version$</version>\n"
        "    <authors>Somebody</authors>\n    <description>Searches.</description>\n"
        "    <projectUrl>/here</projectUrl>\n    <tags>umbraco marketplace</tags>\n  </metadata>\n</package>\n",
    )
    assert files(tree.report()) == []
    report = tree.report(name)
    assert files(report) == [("My.nuspec", "project")]
    assert report.remarks == (
        "1 project read as dotnet pack would write it, version unknown"
        " ($version$ is replaced only when the package is made)",
    )
    assert lines(report, "UMB304", "UMB305", "UMB307", "UMB313") == [
        'My.nuspec:7:17 error UMB307 <projectUrl> "/here" is not an absolute http or https URL',
        'My.nuspec:8:11 error UMB305 "umbraco marketplace" is two tags, and the Marketplace looks for'
        ' "umbraco-marketplace"',
    ]


def test_a_tool_that_names_changed_files_does_not_say_what_they_are_for(
    repository: Path, git: Git, nupkg: BuildPackage
) -> None:
    at_github(repository, git)
    tree = Tree(repository, nupkg)
    tree.write("Directory.Build.props", f"<Project>\n  <PropertyGroup>\n    {URL}\n  </PropertyGroup>\n</Project>\n")
    tree.write("umbraco-marketplace.json", '{"Category": "Search"}\n')
    mine, core = tree.project(), tree.project("core/Core.csproj", "My.Core", tags=None)
    tests = tree.project("tests/T.csproj", "T", tags=None, properties="<IsPackable>false</IsPackable>")

    def told(*names: str) -> tuple[list[str], set[str], ExitCode]:
        report = umbmarket.validate([repository / name for name in names], root=repository, force_exclude=True)
        codes = {each.code for each in report.findings if each.code in ("UMB305", "UMB702")}
        return [file.path for file in report.files], codes, report.exit_code

    # They are changed, and which others there are nobody has looked at.
    assert told(core, tests) == ([], set(), ExitCode.CLEAN)
    assert told("umbraco-marketplace.json", core) == (["umbraco-marketplace.json"], set(), ExitCode.CLEAN)
    assert told(mine, core, tests) == ([mine], set(), ExitCode.CLEAN)
    # By hand it is another thing, and so is a folder.
    by_hand = umbmarket.validate([repository / core], root=repository)
    assert by_hand.exit_code is ExitCode.FINDINGS
    assert told("tests") == ([], set(), ExitCode.NOTHING_TO_CHECK)
    # Nor does a folder in which there is no listing.
    assert umbmarket.validate([repository / "core"], root=repository).exit_code is ExitCode.NOTHING_TO_CHECK
    # A listing with its id says what it is for.
    tree.write("umbraco-marketplace-my.core.json", '{"Category": "Search"}\n')
    assert told(core) == ([core], {"UMB305"}, ExitCode.FINDINGS)


# Where findings stand.


def test_a_finding_stands_where_the_value_was_written_and_is_told_once(tree: Tree) -> None:
    tree.write(
        "Directory.Build.props",
        "<Project>\n  <PropertyGroup>\n    <PackageProjectUrl>github.com/owner/repository</PackageProjectUrl>\n"
        "  </PropertyGroup>\n</Project>\n",
    )
    tree.project()
    tree.project("other/Other.csproj", "My.Other")
    (finding,) = [each for each in tree.report().findings if each.code == "UMB307"]
    assert line(finding) == (
        'Directory.Build.props:3:5 error UMB307 "github.com/owner/repository" is not an absolute URL, so dotnet pack'
        " silently drops it"
    )
    assert finding.pointer == "/PropertyGroup[1]/PackageProjectUrl[1]"
    assert [(each.path, each.region and each.region.line, each.message) for each in finding.related] == [
        ("other/Other.csproj", 1, "the project of My.Other"),
        ("src/My.Package.csproj", 1, "the project of My.Package"),
    ]


def test_shared_files_around_a_submodule_are_read_where_they_lie_under_the_paths(
    repository: Path, git: Git, nupkg: BuildPackage
) -> None:
    tree = Tree(repository, nupkg)
    tree.write(
        "Directory.Build.props", f"<Project><PropertyGroup><PackageTags>{TAG}</PackageTags></PropertyGroup></Project>"
    )
    git(repository, "init", "-q", "inner")
    tree.project("inner/src/My.Package.csproj", tags=None)
    assert tree.judged() == {"My.Package": True}
    assert tree.judged("inner") == {"My.Package": False}


def test_a_project_of_which_the_id_is_not_known_may_have_a_listing_of_its_own(
    repository: Path, git: Git, nupkg: BuildPackage
) -> None:
    at_github(repository, git)
    tree = Tree(repository, nupkg)
    tree.project(properties=URL)
    assert len(lines(tree.report(), "UMB501")) == 1
    tree.project(package_id="$(ID_OF_THE_BUILD)", properties=URL)
    assert lines(tree.report(), "UMB501") == []


def test_one_project_url_without_a_listing_is_told_once(repository: Path, git: Git, nupkg: BuildPackage) -> None:
    at_github(repository, git)
    tree = Tree(repository, nupkg)
    tree.write("Directory.Build.props", f"<Project>\n  <PropertyGroup>\n    {URL}\n  </PropertyGroup>\n</Project>\n")
    tree.project()
    tree.project("other/Other.csproj", "My.Other")
    (finding,) = [each for each in tree.report().findings if each.code == "UMB501"]
    assert finding.path == "Directory.Build.props"
    assert [each.message for each in finding.related] == ["the project of My.Other", "the project of My.Package"]


def test_a_central_version_is_told_where_it_is_written(tree: Tree) -> None:
    tree.write(
        "Directory.Packages.props",
        "<Project>\n  <PropertyGroup>\n    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>\n"
        '  </PropertyGroup>\n  <ItemGroup>\n    <PackageVersion Include="Umbraco.Cms.Core" Version="13" />\n'
        "  </ItemGroup>\n</Project>\n",
    )
    tree.project(items='<PackageReference Include="Umbraco.Cms.Core" />')
    (told,) = lines(tree.report(), "UMB402")
    assert told == (
        "Directory.Packages.props:6:5 warning UMB402 the package is shown for Umbraco 13 only (an estimate):"
        " Umbraco.Cms.Core 13.0.0 has no maximum and starts at 13 or lower (as dotnet pack would write it)"
    )


def test_paths_are_those_of_the_working_folder(tree: Tree) -> None:
    tree.write(
        "Directory.Build.props",
        "<Project>\n  <PropertyGroup>\n    <PackageTags>umbraco marketplace</PackageTags>\n  </PropertyGroup>\n"
        "</Project>\n",
    )
    tree.project(tags=None)
    report = umbmarket.validate([tree.root], root=tree.root / "src")
    assert [each.path.rpartition("/")[2] for each in report.findings if each.code == "UMB305"] == [
        "Directory.Build.props"
    ]
    assert [file.path for file in report.files] == ["My.Package.csproj"]


def test_the_files_of_a_package_are_told_on_the_disk(tree: Tree) -> None:
    tree.write("README.md", "![The editor](images/editor.png)\n")
    item = '<None Include="../README.md" Pack="true" PackagePath="" />'
    more = {"properties": "<PackageReadmeFile>README.md</PackageReadmeFile>", "items": item}
    tree.project(**more)
    tree.project("other/Other.csproj", "My.Other", **more)
    (finding,) = [each for each in tree.report().findings if each.code == "UMB309"]
    assert line(finding).startswith('README.md:1:15 warning UMB309 "images/editor.png" is relative')
    assert [each.path for each in finding.related] == ["other/Other.csproj", "src/My.Package.csproj"]


def test_a_file_that_nobody_packs_stops_pack(tree: Tree) -> None:
    tree.write("src/icon.png", "")
    tree.project(properties="<PackageIcon>icon.png</PackageIcon>")
    assert lines(tree.report(), "UMB310") == [
        'src/My.Package.csproj:5:5 error UMB310 "icon.png" is not in the package, so dotnet pack stops with NU5046'
    ]
    tree.project(
        properties="<PackageIcon>icon.png</PackageIcon>", items='<None Include="icon.png" Pack="true" PackagePath="" />'
    )
    assert lines(tree.report(), "UMB310") == ['src/icon.png error UMB310 "icon.png" is empty']
    # What Git LFS has not fetched, and what a build makes, is not known.
    tree.write("src/icon.png", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    assert lines(tree.report(), "UMB310") == []
    (tree.root / "src/icon.png").unlink()
    assert lines(tree.report(), "UMB310") == []


def test_two_licences_stop_pack(tree: Tree) -> None:
    tree.project(
        properties="<PackageLicenseExpression>MIT</PackageLicenseExpression>"
        "<PackageLicenseFile>LICENSE</PackageLicenseFile>"
    )
    told = lines(tree.report(), "UMB311")
    assert told[0].startswith("src/My.Package.csproj:5:")
    assert "dotnet pack stops with NU5033: a licence expression and a licence file exclude each other" in told[0]


def test_a_listing_that_is_packed_is_told_at_its_item(tree: Tree) -> None:
    tree.write("umbraco-marketplace.json", "{}\n")
    tree.project(items='<None Include="../umbraco-marketplace.json" Pack="true" PackagePath="" />')
    assert lines(tree.report(), "UMB507") == [
        "src/My.Package.csproj:9:5 info UMB507 the Marketplace does not read a listing inside a package"
    ]


def test_a_property_is_told_where_it_is_set(tree: Tree) -> None:
    tree.write(
        "Directory.Build.props",
        "<Project>\n  <PropertyGroup>\n    <UmbracoVersion>17</UmbracoVersion>\n  </PropertyGroup>\n</Project>\n",
    )
    tree.project(items='<PackageReference Include="Umbraco.Cms.Core" Version="$(UmbracoVersion)" />')
    (finding,) = [each for each in tree.report().findings if each.code == "UMB403"]
    assert finding.path == "src/My.Package.csproj"
    assert [(each.path, each.region and each.region.line, each.message) for each in finding.related] == [
        ("Directory.Build.props", 3, "$(UmbracoVersion) is set here")
    ]


def test_settings_of_the_file_that_holds_the_value_count(tree: Tree) -> None:
    tree.write(
        "Directory.Build.props",
        "<Project>\n  <PropertyGroup>\n    <PackageProjectUrl>x</PackageProjectUrl>\n  </PropertyGroup>\n</Project>\n",
    )
    tree.project()
    assert len(lines(tree.report(), "UMB307")) == 1
    assert lines(tree.report(per_file_ignores={"Directory.Build.props": ("UMB307",)}), "UMB307") == []


# Dependencies.


def test_private_references_are_no_dependencies(tree: Tree) -> None:
    tree.project(items='<PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0, 18.0.0)" PrivateAssets="All" />')
    assert lines(tree.report(), "UMB401") == [
        'src/My.Package.csproj:9:5 error UMB401 the package has no dependencies: PrivateAssets="All" keeps'
        " Umbraco.Cms.Core out of the package"
    ]


def test_projects_are_followed_to_umbraco_whatever_their_version(tree: Tree) -> None:
    tree.project(items='<ProjectReference Include="../core/Core.csproj" />', version=None)
    tree.project("core/Core.csproj", "My.Core", tags=None, version=None)
    assert lines(tree.report(), "UMB401") == [
        "src/My.Package.csproj:1:1 info UMB401 the package depends on Umbraco only through other packages: My.Core >"
        " Umbraco.Cms.Core; shown for Umbraco 17 (an estimate) (as dotnet pack would write it)"
    ]
    # The other project need not lie under the paths.
    assert len(lines(tree.report("src"), "UMB401")) == 1
    tree.project("core/Core.csproj", "My.Core", tags=None, version=None, items="")
    assert lines(tree.report(), "UMB401") == [
        "src/My.Package.csproj:1:1 error UMB401 no dependency leads to Umbraco (as dotnet pack would write it)"
    ]


@pytest.mark.parametrize(
    "items",
    [
        '<PackageReference Include="Umbraco.Cms.Core" Version="$(UMBRACO_VERSION)" />',
        '<PackageReference Include="Umbraco.Cms.Core" Version="*" />',
        '<PackageReference Include="Umbraco.Cms.Core" Version="13.0.0" Condition="\'$(CI)\' == \'true\'" />',
        '<PackageReference Include="Umbraco.Cms.Core" Version="13.0.0" PrivateAssets="$(ASSETS)" />',
    ],
)
def test_what_is_not_known_of_dependencies_makes_no_finding(tree: Tree, items: str) -> None:
    tree.project(items=items)
    assert [each.code for each in tree.report(select=("UMB4",)).findings] == []


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ("<PackageIcon>$(BUILD_ICON)</PackageIcon>", "UMB310"),
        ("<PackageIconUrl>$(BUILD_ICON)</PackageIconUrl>", "UMB310"),
        ("<PackageReadmeFile>$(BUILD_README)</PackageReadmeFile>", "UMB309"),
        ("<PackageProjectUrl>$(BUILD_URL)</PackageProjectUrl>", "UMB307"),
        ("<PackageLicenseExpression>$(BUILD_LICENSE)</PackageLicenseExpression>", "UMB311"),
        ("<Description>$(BUILD_TEXT)</Description>", "UMB312"),
        ("<RepositoryUrl>$(BUILD_URL)</RepositoryUrl><Authors>My.Package</Authors>", "UMB312"),
    ],
)
def test_what_is_not_known_is_not_missing(tree: Tree, properties: str, code: str) -> None:
    given = "" if "<Authors>" in properties else "<Authors>Somebody</Authors>"
    given += "" if "<Description>" in properties else "<Description>Searches.</Description>"
    tree.project(properties=given)
    assert len(lines(tree.report(), code)) == 1
    tree.project(properties=given + properties)
    assert lines(tree.report(), code) == []


def test_the_version_of_zeros_stands_for_another(tree: Tree) -> None:
    tree.project(version="0.0.0-dev")
    report = tree.report()
    assert lines(report, "UMB412") == []
    assert report.remarks == (
        "1 project read as dotnet pack would write it, version unknown (0.0.0-dev stands for the one that the build"
        " sets)",
    )
    tree.project(version="1.0.0-dev")
    assert lines(tree.report(), "UMB412") == ['src/My.Package.csproj:5:5 info UMB412 "1.0.0-dev" is a prerelease']


# Projects and what was packed of them.


def test_what_was_packed_counts_and_the_project_says_where_it_is_mended(tree: Tree) -> None:
    tree.project()
    name = tree.package("src/bin/Release/My.Package.1.0.0.nupkg", tags=TAG)
    report = tree.report()
    assert files(report) == [(name, "package"), ("src/My.Package.csproj", "project")]
    (finding,) = [each for each in report.findings if each.code == "UMB307"]
    assert finding.path.startswith(f"{name}!/")
    assert [(each.path, each.message) for each in finding.related] == [
        ("src/My.Package.csproj", "this is where to fix it in the project")
    ]
    assert not finding.message.endswith("would write it")


def test_the_place_to_mend_a_range_is_its_reference(tree: Tree) -> None:
    tree.project(items='<PackageReference Include="Umbraco.Cms.Core" Version="17" />')
    tree.package("src/bin/Release/My.Package.1.0.0.nupkg", tags=TAG, groups={"net10.0": {"Umbraco.Cms.Core": "17.0.0"}})
    (finding,) = [each for each in tree.report().findings if each.code == "UMB403"]
    (related,) = finding.related
    assert (related.path, related.region and related.region.line) == ("src/My.Package.csproj", 9)


def test_an_old_package_does_not_hide_a_newer_project(tree: Tree) -> None:
    tree.project(version="2.0.0")
    name = tree.package("src/bin/Release/My.Package.1.0.0.nupkg", tags="search")
    report = tree.report()
    assert {each.path for each in report.findings} == {"src/My.Package.csproj"}
    assert lines(report, "UMB305") == []
    assert lines(report, "UMB708") == [
        f'src/My.Package.csproj:1:1 info UMB708 "{name}" is out of date: it has version 1.0.0, the'
        " project 2.0.0, only the project has the tag"
    ]
    # Who names it means it.
    named = tree.report(".", name)
    assert [each.split(" ")[1] for each in lines(named, "UMB305")] == ["error"]
    assert len(lines(named, "UMB708")) == 1


def test_a_newer_package_is_what_the_build_made(tree: Tree) -> None:
    tree.project()
    name = tree.package("artifacts/My.Package.2.0.0.nupkg", version="2.0.0", tags=TAG)
    report = tree.report()
    assert lines(report, "UMB708") == []
    assert {each.path.partition("!/")[0] for each in report.findings} == {name}


def test_of_two_projects_with_one_id_a_package_is_that_of_its_version_or_its_folder(tree: Tree) -> None:
    old = tree.project("old/Old.csproj", version="1.1.0")
    new = tree.project("new/New.csproj", version="2.0.0")
    name = tree.package("artifacts/My.Package.1.1.0.nupkg", version="1.1.0", tags=TAG)

    def told(*paths: str) -> set[str]:
        report = tree.report(*paths)
        assert lines(report, "UMB708") == []
        return {each.path.partition("!/")[0] for each in report.findings}

    assert told() == {name, new}
    # Its version is neither's, and it lies below neither.
    other = tree.package("artifacts/My.Package.1.2.0.nupkg", version="1.2.0", tags=TAG)
    assert told() == {other, old, new}
    below = tree.package("old/bin/Release/My.Package.1.3.0.nupkg", version="1.3.0", tags=TAG)
    assert told() == {below, new}
    assert told(".", name, below) == {name, below, new}
    tree.package("new/bin/Release/My.Package.1.9.0.nupkg", version="1.9.0", tags=TAG)
    assert lines(tree.report(), "UMB708") == [
        'new/New.csproj:1:1 info UMB708 "new/bin/Release/My.Package.1.9.0.nupkg" is out of date: it has version 1.9.0,'
        " the project 2.0.0"
    ]


# The house.


def test_no_rule_asks_what_kind_of_package_it_has() -> None:
    kinds = {"NuGetPackage", "PlannedDocument", "PackedFile", "FileToPack", "PlannedPackage"}
    asked = []
    for module in sorted((ROOT / "umbmarket" / "umbraco" / "rules").glob("*.py")):
        for node in ast.walk(ast.parse(module.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
                names = {each.id for each in ast.walk(node.args[1]) if isinstance(each, ast.Name)}
                asked += [(module.name, node.lineno, name) for name in names & kinds]
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("planned", "kind")
                and isinstance(node.value, ast.Name)
            ):
                asked += [(module.name, node.lineno, node.attr)] if node.value.id in ("facts", "document") else []
    # Facts about projects as such have what is planned.
    assert {entry for entry in asked if not entry[0].startswith("project_")} == set()


def test_of_projects_that_are_not_for_the_marketplace_little_is_worked_out(tree: Tree) -> None:
    tree.project()
    tree.project("core/Core.csproj", "My.Core", tags="search")
    workspace = find([tree.root], root=tree.root)
    assert run([gathered(workspace)], umbmarket.Settings()).failures == ()
    worked_out = {facts.planned.id: "dependency_groups" in vars(facts.planned.plan) for facts in workspace.projects}
    assert worked_out == {"My.Core": False, "My.Package": True}


NOT_FOR_A_LISTING = ("umbmarket.nuget.project", "umbmarket.umbraco.run_projects", "umbmarket.umbraco.planned", "lxml")


@pytest.mark.parametrize("with_project", [False, True])
def test_a_run_without_projects_imports_nothing_of_them(tree: Tree, with_project: bool) -> None:
    tree.write("umbraco-marketplace.json", '{"Category": "Search"}\n')
    if with_project:
        tree.project()
    code = (
        "import json, sys, umbmarket; umbmarket.validate(['.']);"
        f"print(json.dumps([name for name in sys.modules if name.startswith({NOT_FOR_A_LISTING!r})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tree.root, capture_output=True, text=True, check=True)
    assert bool(json.loads(done.stdout)) is with_project


# What cannot be read, and what nobody knows.


def test_a_named_project_that_cannot_be_read_is_an_error_whatever_is_selected(tree: Tree) -> None:
    tree.write("Empty.csproj", "")
    (tree.root / "Bytes.csproj").write_bytes(b"\xff\xfe\x00")
    tree.write("Text.nuspec", "hello")
    names = ["No.csproj", "Empty.csproj", "Bytes.csproj", "Text.nuspec"]
    report = tree.report(*names, select=("UMB104",))
    assert sorted(lines(report, "UMB701")) == [
        "Bytes.csproj error UMB701 the project cannot be read: byte 0 (0xFF) is not UTF-8, and no other encoding is"
        " declared",
        "Empty.csproj:1:1 error UMB701 MSBuild rejects the project with MSB4025: it is not well-formed: it is empty",
        "No.csproj error UMB701 the project cannot be read: there is no such file",
        "Text.nuspec:1:1 error UMB701 the nuspec is not well-formed XML: it has no element",
    ]
    assert [file.parsed for file in report.files] == ["no"] * 4


def test_a_project_that_is_nested_too_deeply_for_us_is_not_known_and_not_refused(tree: Tree) -> None:
    tree.write("Deep.csproj", f"<Project>{'<a>' * 400}{'</a>' * 400}</Project>")
    assert lines(tree.report("Deep.csproj"), "UMB701") == [
        "Deep.csproj error UMB701 the project cannot be read: its elements are nested too deeply"
    ]
    tree.write("umbraco-marketplace.json", "{}")
    assert lines(tree.report("."), "UMB701") == []


def test_a_project_of_which_nothing_is_known_is_said_to_be_one(tree: Tree) -> None:
    name = tree.project(sdk="Some.Sdk")
    found = tree.report()
    assert lines(found, "UMB702") == [
        "src/My.Package.csproj:1:1 info UMB702 the package of this project is not known: umbmarket does not know"
        " what the SDK Some.Sdk does"
    ]
    assert found.remarks == (
        f'the package of "{name}" is not known: umbmarket does not know what the SDK Some.Sdk does',
    )
    assert [each.split(" ")[1] for each in lines(tree.report(name), "UMB702")] == ["warning"]
    # Without the tag it is nobody's.
    tree.project(sdk="Some.Sdk", tags="search")
    assert files(tree.report()) == []


def test_the_summary_says_where_not_all_is_known(tree: Tree) -> None:
    tree.project(properties="<PackageIcon>$(BUILD_ICON)</PackageIcon>")
    tree.project("other/Other.csproj", "My.Other", version=None)
    assert tree.report().remarks == (
        "2 projects read as dotnet pack would write them, some facts of 1 unknown (UMB702), version of 1 unknown (no"
        " file sets it)",
    )


def test_the_help_names_the_element_to_add(repository: Path, git: Git, nupkg: BuildPackage) -> None:
    at_github(repository, git)
    tree = Tree(repository, nupkg)
    name = tree.project(tags=None, properties="<RepositoryUrl>https://github.com/owner/repository</RepositoryUrl>")
    helps = {each.code: each.help for each in tree.report(name).findings}
    assert helps["UMB305"] == "add <PackageTags>umbraco-marketplace</PackageTags> to the project"
    assert "<PackageProjectUrl>https://github.com/owner/repository</PackageProjectUrl>" in helps["UMB307"]
    assert "RepositoryUrl does not fill it" in helps["UMB307"]
    assert "<PackageIcon>icon.png</PackageIcon>" in helps["UMB310"]
    assert '<None Include="path/to/README.md" Pack="true" PackagePath="" />' in helps["UMB309"]
    assert "<PackageLicenseExpression>" in helps["UMB311"]


def test_the_help_for_a_file_that_is_not_packed_names_the_folder_in_the_package(tree: Tree) -> None:
    files_named = "<PackageIcon>images\\icon.png</PackageIcon><PackageReadmeFile>README.md</PackageReadmeFile>"
    name = tree.project(properties=files_named)
    helps = {each.code: each.help for each in tree.report(name).findings if each.severity == "error"}
    item = 'pack the file, such as with <None Include="path/to/{}" Pack="true" PackagePath="{}" />'
    assert helps == {"UMB309": item.format("README.md", ""), "UMB310": item.format("icon.png", "images/")}
    # It does what it says.
    for folder, file in (("src/images", "icon.png"), ("src/docs", "README.md")):
        tree.write(f"{folder}/{file}", "x")
    items = (
        '<None Include="images/icon.png" Pack="true" PackagePath="images/" />'
        '<None Include="docs/README.md" Pack="true" PackagePath="" />'
    )
    tree.project(properties=files_named, items=items)
    assert [each for each in tree.report(name).findings if "is not in the package" in each.message] == []


def test_the_help_for_a_file_with_another_letter_case_names_it_from_here(tree: Tree) -> None:
    tree.write("src/directory.build.props", "<Project />")
    tree.project()
    (finding,) = [each for each in tree.report().findings if each.code == "UMB703"]
    assert finding.help == "rename it: `git mv src/directory.build.props src/Directory.Build.props`"


@pytest.mark.parametrize(
    ("package", "version", "example"),
    [
        ("Umbraco.Cms.Core", "*", "[18.0.0, 19.0.0)"),
        ("Umbraco.Cms.Core", "13.*", "[13.0.0, 14.0.0)"),
        ("UmbracoCms.Core", "*", "[8.0.0, 9.0.0)"),
    ],
)
def test_the_help_for_a_floating_version_is_a_range_of_the_same_umbraco(
    package: str, version: str, example: str, tree: Tree
) -> None:
    tree.project(items=f'<PackageReference Include="{package}" Version="{version}" />')
    (finding,) = [each for each in tree.report().findings if each.code == "UMB704"]
    assert finding.help == f"write a range with both ends, such as {example}"


def test_a_referenced_project_outside_is_named_as_such(repository: Path, git: Git, nupkg: BuildPackage) -> None:
    tree = Tree(repository, nupkg)
    name = tree.project(items='<ProjectReference Include="..\\..\\other\\Other.csproj" />')
    assert lines(tree.report(name), "UMB702") == [
        f"{name}:1:1 info UMB702 not known from the project files: the dependencies (the referenced project"
        " ../other/Other.csproj is outside of the repository)"
    ]


def test_a_condition_on_what_lies_outside_is_told_as_it_is_written(
    repository: Path, git: Git, nupkg: BuildPackage
) -> None:
    tree = Tree(repository, nupkg)
    other = "..\\..\\other\\Other.csproj"
    name = tree.project(items=f'<ProjectReference Include="{other}" Condition="Exists(\'{other}\')" />')
    assert lines(tree.report(name), "UMB702") == [
        f"{name}:1:1 info UMB702 not known from the project files: the dependencies (../../other/Other.csproj is"
        " outside of the repository)"
    ]


def test_a_message_ends_with_what_it_quotes_alone(tree: Tree) -> None:
    item = '<PackageReference Include="Umbraco.Cms.Core" Version="{}" Condition="\'$(TargetFramework)\' == \'{}\'" />'
    items = item.format("[15,17)", "net9.0") + item.format("17", "net10.0")
    frameworks = "<TargetFramework></TargetFramework><TargetFrameworks>net9.0;net10.0</TargetFrameworks>"
    name = tree.project(properties=frameworks, items=items)
    endings = {
        each.code: each.message.endswith("(as dotnet pack would write it)")
        for each in tree.report(name).findings
        if each.code in ("UMB403", "UMB405")
    }
    # The one quotes 17.0.0, which stands in no file, the other no range at all.
    assert endings == {"UMB403": True, "UMB405": False}
    tree.project(items='<PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0,)" />')
    (finding,) = [each for each in tree.report(name).findings if each.code == "UMB403"]
    assert finding.message.endswith("Umbraco.Cms.Core 17.0.0 has no maximum")


HEALTHY = {
    "PackageId": "My.Package",
    "Version": "1.0.0",
    "TargetFramework": "net10.0",
    "Title": "Somebody's Search",
    "Authors": "Somebody",
    "Description": "Searches the backoffice.",
    "PackageTags": "umbraco-marketplace;search",
    "PackageProjectUrl": "https://github.com/owner/repository",
    "RepositoryUrl": "https://github.com/owner/repository",
    "RepositoryType": "git",
    "PackageIcon": "icon.png",
    "PackageReadmeFile": "README.md",
    "PackageLicenseExpression": "MIT",
    "IsPackable": "true",
    "PackageType": "Dependency",
    "PackageReleaseNotes": "Better.",
    "SuppressDependenciesWhenPacking": "false",
}
HEALTHY_ITEMS = (
    '<PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0, 18.0.0)" PrivateAssets="contentfiles" />\n'
    '    <None Include="icon.png" Pack="true" PackagePath="" />\n'
    '    <None Include="README.md" Pack="true" PackagePath="" />'
)
IN_DOUBT = {
    "the reference": ('Include="Umbraco.Cms.Core"', "Include=\"Umbraco.Cms.Core\" Condition=\"'$(CI)' == 'true'\""),
    "the range": ('Version="[17.0.0, 18.0.0)"', 'Version="$(BUILD_RANGE)"'),
    "what is private": ('PrivateAssets="contentfiles"', 'PrivateAssets="$(BUILD_ASSETS)"'),
    "whether the icon is packed": ('Include="icon.png" Pack="true"', 'Include="icon.png" Pack="$(BUILD_PACK)"'),
    "where the readme is packed": (
        'Include="README.md" Pack="true" PackagePath=""',
        'Include="README.md" Pack="true" PackagePath="$(BUILD_PATH)"',
    ),
    "an import": ("</Project>", '<Import Project="$(BUILD_FILE)" />\n</Project>'),
    "an SDK": ("</Project>", '<Sdk Name="Some.Sdk" />\n</Project>'),
}


def healthy(tree: Tree, **instead: str) -> str:
    properties = "\n    ".join(f"<{name}>{value}</{name}>" for name, value in {**HEALTHY, **instead}.items())
    return (
        f'<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    {properties}\n  </PropertyGroup>\n'
        f"  <ItemGroup>\n    {HEALTHY_ITEMS}\n  </ItemGroup>\n</Project>\n"
    )


@pytest.fixture
def healthy_tree(repository: Path, git: Git, nupkg: BuildPackage) -> Tree:
    at_github(repository, git)
    tree = Tree(repository, nupkg)
    for name in ("umbraco-marketplace.json", "icon.png"):
        (repository / name).write_bytes(
            (ROOT / "samples" / ("healthy" if "json" in name else "multi-package") / name).read_bytes()
        )
    tree.write("README.md", "# My Package\n")
    return tree


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def test_a_healthy_project_has_no_findings(healthy_tree: Tree) -> None:
    healthy_tree.write("My.csproj", healthy(healthy_tree))
    report = healthy_tree.report()
    assert report.findings == ()
    assert ("My.csproj", "project") in files(report)


@pytest.mark.parametrize("name", HEALTHY)
def test_an_unknown_property_makes_no_finding(healthy_tree: Tree, name: str) -> None:
    healthy_tree.write("My.csproj", healthy(healthy_tree, **{name: "$(BUILD_VALUE)"}))
    assert codes(healthy_tree.report(".", "My.csproj")) <= {"UMB702"}


@pytest.mark.parametrize("place", ["umbraco-marketplace-my.package.json", "docs/umbraco-marketplace.json", ""])
def test_an_unknown_property_makes_no_finding_wherever_the_listing_is(healthy_tree: Tree, place: str) -> None:
    listing = healthy_tree.root / "umbraco-marketplace.json"
    if place:
        healthy_tree.write(place, listing.read_text("utf-8"))
    listing.unlink()
    healthy_tree.write("My.csproj", healthy(healthy_tree))
    known = codes(healthy_tree.report(".", "My.csproj"))
    wrong = {}
    for name in HEALTHY:
        healthy_tree.write("My.csproj", healthy(healthy_tree, **{name: "$(BUILD_VALUE)"}))
        more = codes(healthy_tree.report(".", "My.csproj")) - known - {"UMB702"}
        if more:
            wrong[name] = more
    assert wrong == {}


@pytest.mark.parametrize("what", IN_DOUBT)
def test_what_is_in_doubt_makes_no_finding(healthy_tree: Tree, what: str) -> None:
    text = healthy(healthy_tree)
    before, after = IN_DOUBT[what]
    assert before in text
    healthy_tree.write("My.csproj", text.replace(before, after))
    assert codes(healthy_tree.report(".", "My.csproj")) <= {"UMB702"}


MISSING = {
    "PackageTags": "UMB305",
    "PackageProjectUrl": "UMB307",
    "PackageReadmeFile": "UMB309",
    "PackageIcon": "UMB310",
    "PackageLicenseExpression": "UMB311",
    "Description": "UMB312",
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_and_not_unknown_makes_one(healthy_tree: Tree, name: str) -> None:
    healthy_tree.write("My.csproj", healthy(healthy_tree, **{name: ""}))
    assert codes(healthy_tree.report(".", "My.csproj")) == {MISSING[name]}


def test_what_is_not_known_is_told_once_a_project(healthy_tree: Tree) -> None:
    text = healthy(healthy_tree, PackageIcon="$(BUILD_ICON)").replace(*IN_DOUBT["the range"])
    healthy_tree.write("My.csproj", text)
    assert lines(healthy_tree.report(), "UMB702") == [
        "My.csproj:1:1 info UMB702 not known from the project files: the icon ($(BUILD_ICON) may come from the"
        " environment), the range of Umbraco.Cms.Core ($(BUILD_RANGE) may come from the environment)"
    ]
