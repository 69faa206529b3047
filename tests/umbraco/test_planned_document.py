"""A planned package and a packed one through the same interface: field by field, and rule by rule."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from umbmarket.check.engine import run
from umbmarket.findings import Place
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.settings.options import Settings
from umbmarket.umbraco.facts import PackageFacts, Run
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.package_document import EmbeddedFile, PackageDocument
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.planned_document import PlannedDocument
from umbmarket.umbraco.run_projects import Projects
from umbmarket.umbraco.workspace import Workspace

BuildPackage = Callable[..., bytes]

PROPERTIES = """
    <PackageId>My.Package</PackageId>
    <Version>2.1.0</Version>
    <Title>My Package</Title>
    <Authors>Somebody;Another</Authors>
    <Description>Searches &amp; finds, for Umbraco 16.</Description>
    <PackageTags>umbraco-marketplace; search</PackageTags>
    <PackageProjectUrl>https://gitlab.com/owner/repository</PackageProjectUrl>
    <RepositoryUrl>https://gitlab.com/owner/repository</RepositoryUrl>
    <RepositoryType>git</RepositoryType>
    <PackageIcon>icon.png</PackageIcon>
    <PackageReadmeFile>README.md</PackageReadmeFile>
    <PackageLicenseExpression>Apache 2</PackageLicenseExpression>
    <PackageReleaseNotes>Better.</PackageReleaseNotes>
"""
ITEMS = """
    <PackageReference Include="Umbraco.Cms.Core" Version="17" />
    <PackageReference Include="Serilog" Version="[4.0.0]" PrivateAssets="build" />
    <PackageReference Include="StyleCop.Analyzers" Version="1.2.0" PrivateAssets="all" />
    <None Include="icon.png;README.md" Pack="true" PackagePath="" />
"""
README = "[Setup](docs/setup.md)\n\n<details>More</details>\n\n`dotnet add package My.Package --version 1.0.0`\n"
ICON = b"GIF89a, which nuget.org does not take"


def planned(
    folder: Path, properties: str = PROPERTIES, items: str = ITEMS, frameworks: str = "net9.0;net10.0"
) -> PlannedDocument:
    (folder / "README.md").write_text(README, "utf-8")
    (folder / "icon.png").write_bytes(ICON)
    project = folder / "My.Package.csproj"
    project.write_text(
        f'<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFrameworks>{frameworks}</TargetFrameworks>'
        f"{properties}  </PropertyGroup>\n  <ItemGroup>{items}  </ItemGroup>\n</Project>\n",
        "utf-8",
    )
    return Projects(lambda path: Path(path).name, lambda _: str(folder)).of(str(project))


def packed(document: PlannedDocument, nupkg: BuildPackage) -> NuGetPackage:
    """The package that is made of the nuspec that pack would write, by hand."""
    nuspec = document.sound_nuspec
    assert nuspec is not None
    files = {"README.md": README.encode(), "icon.png": ICON}
    data = nupkg(nuspec=nuspec.source.text, nuspec_name="My.Package.nuspec", files=files)
    return NuGetPackage.from_bytes("My.Package.2.1.0.nupkg", data)


FIELDS = [
    "id",
    "version",
    "title",
    "authors",
    "description",
    "project_url",
    "dropped_project_url",
    "icon_url",
    "repository",
    "license",
    "package_types",
    "is_symbols",
    "refusals",
    "is_oversize",
    "push_problems",
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_that_of_the_packed_one(field: str, tmp_path: Path, nupkg: BuildPackage) -> None:
    document = planned(tmp_path)
    assert getattr(document, field) == getattr(packed(document, nupkg), field)


def test_dependencies_are_those_of_the_packed_one(tmp_path: Path, nupkg: BuildPackage) -> None:
    document = planned(tmp_path)
    groups = [
        (group.framework, [(each.id, each.version, each.range, each.exclude) for each in group.dependencies])
        for group in document.dependency_groups
    ]
    assert groups == [
        (group.framework, [(each.id, each.version, each.range, each.exclude) for each in group.dependencies])
        for group in packed(document, nupkg).dependency_groups
    ]
    assert [len(dependencies) for _, dependencies in groups] == [2, 2]


FILE_FIELDS = [name for name in vars(EmbeddedFile) if not name.startswith("_") and name not in ("document", "place")]


@pytest.mark.parametrize("name", ["icon", "readme", "license_file"])
def test_files_are_those_of_the_packed_one(name: str, tmp_path: Path, nupkg: BuildPackage) -> None:
    document = planned(tmp_path)
    one, other = getattr(document, name), getattr(packed(document, nupkg), name)
    assert (one is None) == (other is None) == (name == "license_file")
    for field in FILE_FIELDS if one is not None else ():
        if field not in ("pack_code", "source"):
            assert getattr(one, field) == getattr(other, field), field
    assert one is None or one.source.text == other.source.text


def test_both_have_all_of_the_interface(tmp_path: Path, nupkg: BuildPackage) -> None:
    names = {name for name, _ in inspect.getmembers(PackageDocument) if not name.startswith("_")}
    assert set(FIELDS) <= names
    document = planned(tmp_path)
    for each in (document, packed(document, nupkg)):
        assert names <= set(dir(each))


def test_every_rule_says_the_same_of_both(tmp_path: Path, nupkg: BuildPackage) -> None:
    document = planned(tmp_path)
    told = {}
    for package in (document, packed(document, nupkg)):
        where = place(package.project_url, package.id)
        facts = Run(
            lambda run, package=package, where=where: (PackageFacts(package, where, together=run),)  # type: ignore[misc]  # a lambda has no types
        ).packages[0]
        report = run([gathered(Workspace(packages=(facts,)))], Settings())
        assert report.failures == ()
        told[package.kind] = sorted((finding.code, finding.message, finding.help) for finding in report.findings)
    assert told["project"] == told["package"]
    codes = {code for code, _, _ in told["project"]}
    assert {"UMB309", "UMB310", "UMB311", "UMB314", "UMB315", "UMB403", "UMB414", "UMB505"} <= codes


@pytest.mark.parametrize(
    ("pointer", "line", "literal"),
    [
        ("/metadata/id", 4, True),
        ("/metadata/title", 6, True),
        ("/metadata/authors", 7, False),
        ("/metadata/description", 8, True),
        ("/metadata/tags", 9, True),
        ("/metadata/license", 15, True),
        ("/metadata/repository/@url", 11, False),
        ("/metadata/copyright", 1, False),
        ("/metadata", 1, False),
        ("/planned/group[2]/dependency[1]", 19, True),
        ("/planned/group[2]/dependency[1]/@id", 19, True),
        ("/planned/group[2]/dependency[1]/@version", 19, False),
        ("/planned/group[2]/dependency[2]/@version", 20, True),
        ("/planned/group[2]", 1, False),
    ],
)
def test_a_place_leads_to_the_element(pointer: str, line: int, literal: bool, tmp_path: Path) -> None:
    written = planned(tmp_path).written(Place(pointer))
    region = written.document.locate(written.place)
    assert region is not None
    assert (written.document.path, region.line, written.literal) == ("My.Package.csproj", line, literal)


def test_what_floats_is_known_as_far_as_its_major_goes(tmp_path: Path) -> None:
    for written, known in {"17.*": True, "17.1.*": True, "17.0.0-*": True, "*": False, "*-*": False}.items():
        document = planned(tmp_path, items=f'<PackageReference Include="Umbraco.Cms.Core" Version="{written}" />')
        (dependency, _) = [each for group in document.dependency_groups for each in group.dependencies]
        assert dependency.version == written
        assert document.knows_range(dependency) is known, written


def test_unknown_values_are_absent_and_not_known(tmp_path: Path) -> None:
    document = planned(tmp_path, PROPERTIES.replace("<Title>My Package", "<Title>$(BUILD_TITLE)"))
    assert document.title is None
    assert not document.knows("title")
    assert document.knows("tags")
    nuspec = document.sound_nuspec
    assert nuspec is not None
    assert nuspec.text("title") is None


def test_a_project_that_is_not_there_has_places_all_the_same(tmp_path: Path) -> None:
    document = Projects(lambda path: Path(path).name, lambda _: str(tmp_path)).of(str(tmp_path / "No.csproj"))
    assert document.unreadable == "there is no such file"
    assert document.locate(Place("/metadata/tags")) is None
    assert document.source_of(Place("/metadata/tags")) is None
    assert (document.sound_nuspec, document.dependency_groups, document.withheld, document.icon) == (None, (), (), None)
    assert not document.knows("tags")


TOKENS = """<package>
  <metadata>
    <id>$id$</id>
    <version>$version$</version>
    <title>My title</title>
    <authors>$author$, Somebody</authors>
    <dependencies>
      <group targetFramework="net10.0">
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" />
        <dependency id="My.Core" version="$version$" />
      </group>
    </dependencies>
  </metadata>
</package>
"""


def test_tokens_of_a_nuspec_are_not_known_and_move_nothing(tmp_path: Path) -> None:
    (tmp_path / "My.nuspec").write_text(TOKENS, "utf-8")
    document = Projects(lambda path: Path(path).name, lambda _: str(tmp_path)).of(str(tmp_path / "My.nuspec"))
    assert (document.id, document.version, document.title, document.authors) == (None, None, "My title", ())
    assert [document.knows(name) for name in ("id", "version", "title", "authors")] == [False, False, True, False]
    nuspec = document.sound_nuspec
    assert nuspec is not None
    region = document.locate(Place("/metadata/title"))
    assert (region and region.line, region and region.column) == (5, 12)
    assert [problem.kind for problem in document.push_problems] == ["missing-description"]
