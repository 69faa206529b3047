"""The page and the JSON of a project: every value with its place, and what is unknown with its reason."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import umbmarket
from tests.snapshots import assert_matches
from tests.umbraco.actions.built_packages import PROJECT_URL, repository
from umbmarket.umbraco.actions.inspect import BrokenPackage, inspect_package, inspect_packages
from umbmarket.umbraco.inspection import FactSource
from umbmarket.umbraco.pages import inspect_json, inspect_text

SNAPSHOTS = Path(__file__).parent / "snapshots"
SCHEMA = Path(umbmarket.__file__).parent.parent / "schemas" / "inspect-v1.schema.json"

SHARED = f"""<Project>
  <PropertyGroup>
    <Authors>Jane Doe</Authors>
    <PackageLicenseExpression>MIT</PackageLicenseExpression>
    <PackageProjectUrl>{PROJECT_URL}</PackageProjectUrl>
    <RepositoryUrl>{PROJECT_URL}.git</RepositoryUrl>
    <RepositoryType>git</RepositoryType>
  </PropertyGroup>
</Project>
"""
KNOWN = """
    <PackageId>My.Package</PackageId>
    <Version>1.2.0</Version>
    <Description>Does things.</Description>
    <PackageTags>seo;umbraco-marketplace</PackageTags>
    <PackageReadmeFile>README.md</PackageReadmeFile>"""
UNKNOWN = """
    <Title>$(CI_TITLE)</Title>
    <PackageTags>$(ALL_TAGS)</PackageTags>
    <PackageProjectUrl>$(REPOSITORY_URL)</PackageProjectUrl>
    <PackageReadmeFile>$(README_FILE)</PackageReadmeFile>"""
FOR_17 = '<PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0, 18.0.0)" />'
UNKNOWN_RANGE = '<PackageReference Include="Umbraco.Cms.Core" Version="$(UMBRACO_RANGE)" />'


def tree(root: Path, properties: str = KNOWN, items: str = FOR_17, name: str = "My.Package.csproj") -> Path:
    """A working tree with a project; the path of the project."""
    repository(root)
    folder = root / "src"
    folder.mkdir()
    (root / "Directory.Build.props").write_text(SHARED, "utf-8")
    (folder / "README.md").write_text("# My package\n", "utf-8")
    project = folder / name
    project.write_text(
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>'
        f"{properties}\n  </PropertyGroup>\n  <ItemGroup>\n    {items}\n"
        '    <None Include="README.md" Pack="true" PackagePath="" />\n  </ItemGroup>\n</Project>\n',
        "utf-8",
    )
    return project


def page(root: Path, project: Path, **options: Any) -> str:
    return inspect_text.render(inspect_package(project, root=root), **options)


def data(root: Path, project: Path) -> dict[str, Any]:
    """The JSON, which fits the shipped schema."""
    text = inspect_json.render(inspect_package(project, root=root))
    document: dict[str, Any] = json.loads(text)
    schema = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    assert [error.message for error in schema.iter_errors(document)] == []
    return document


def test_a_project_with_its_listing(tmp_path: Path) -> None:
    project = tree(tmp_path)
    (tmp_path / "umbraco-marketplace.json").write_text('{"Title": "Mine", "Category": "Search"}', "utf-8")
    assert_matches(SNAPSHOTS / "inspect-project.txt", page(tmp_path, project))


def test_a_project_of_which_much_is_unknown(tmp_path: Path) -> None:
    project = tree(tmp_path, UNKNOWN, UNKNOWN_RANGE)
    assert_matches(SNAPSHOTS / "inspect-project-unknown.txt", page(tmp_path, project))


def test_the_json_of_a_project_has_the_shape_of_a_package_and_more(tmp_path: Path) -> None:
    project = tree(tmp_path)
    found = data(tmp_path, project)
    assert list(found)[:5] == ["version", "package", "compatibility", "placement", "listing"]
    assert (found["planned"], found["project"], found["packable"]) == (True, "src/My.Package.csproj", True)
    assert found["unknowns"] == {}
    assert found["package"]["version"] == "1.2.0"
    assert found["package"]["signed"] is False
    assert found["compatibility"]["default"]["majors"] == [17]
    assert found["compatibility"]["dependencies"][0]["source"] == {
        "file": "src/My.Package.csproj",
        "line": 11,
        "column": 5,
    }
    assert found["sources"]["authors"] == {"file": "Directory.Build.props", "line": 3, "column": 5}
    assert found["sources"]["id"] == {"file": "src/My.Package.csproj", "line": 4, "column": 5}
    assert "title" not in found["sources"]


def test_the_json_claims_nothing_that_is_unknown(tmp_path: Path) -> None:
    found = data(tmp_path, tree(tmp_path, UNKNOWN, UNKNOWN_RANGE))
    reason = "$(UMBRACO_RANGE) may come from the environment"
    assert found["package"]["version"] == ""
    assert found["unknowns"] == {
        "version": "no file sets it",
        "projectUrl": "$(REPOSITORY_URL) may come from the environment",
        "tags": "$(ALL_TAGS) may come from the environment",
        "title": "$(CI_TITLE) may come from the environment",
        "readme": "$(README_FILE) may come from the environment",
    }
    assert found["compatibility"]["unknown"] == reason
    assert found["compatibility"]["default"]["majors"] == found["compatibility"]["semver"]["majors"] == []
    assert found["compatibility"]["groups"] == [{"targetFramework": "net10.0", "range": None, "majors": []}]
    assert found["compatibility"]["dependencies"][0]["unknown"] == reason
    title = {"value": None, "source": "missing", "unknown": "$(CI_TITLE) may come from the environment"}
    assert found["listing"]["Title"] == title
    assert "unknown" not in found["listing"]["Author"]


def test_a_package_has_none_of_it(tmp_path: Path) -> None:
    from tests.umbraco.actions.built_packages import healthy

    (tmp_path / "a.nupkg").write_bytes(healthy())
    found = data(tmp_path, tmp_path / "a.nupkg")
    assert list(found) == ["version", "package", "compatibility", "placement", "listing"]
    assert "unknown" not in found["compatibility"]
    assert list(found["compatibility"]["dependencies"][0]) == ["id", "range", "targetFramework", "product"]
    assert "as dotnet pack" not in page(tmp_path, tmp_path / "a.nupkg")


def test_what_the_listing_says_is_known_whatever_the_project_says(tmp_path: Path) -> None:
    project = tree(tmp_path, KNOWN + "\n    <Title>$(CI_TITLE)</Title>")
    (tmp_path / "umbraco-marketplace.json").write_text('{"Title": "Mine"}', "utf-8")
    assert data(tmp_path, project)["listing"]["Title"] == {"value": "Mine", "source": "listing"}


@pytest.mark.parametrize(
    ("properties", "packable", "note"),
    [
        (
            "\n    <IsPackable>false</IsPackable>",
            False,
            "dotnet pack does not pack this project: it is a test project, a website, or IsPackable is false. This is "
            "what it would write otherwise.",
        ),
        (
            "\n    <IsPackable>$(PACK_IT)</IsPackable>",
            None,
            "Whether dotnet pack packs this project is unknown: $(PACK_IT) may come from the environment.",
        ),
        ("", True, None),
    ],
)
def test_whether_it_is_packed(tmp_path: Path, properties: str, packable: bool | None, note: str | None) -> None:
    project = tree(tmp_path, properties)
    shown = " ".join(page(tmp_path, project).split())
    assert data(tmp_path, project)["packable"] is packable
    if note is not None:
        assert f"- {note}" in shown
    else:
        assert "dotnet pack packs" not in shown
        assert "not pack" not in shown
    assert "not tagged umbraco-marketplace, so the Marketplace does not list it" in shown


def test_a_project_url_that_pack_drops(tmp_path: Path) -> None:
    project = tree(tmp_path, KNOWN + "\n    <PackageProjectUrl>github.com/jane</PackageProjectUrl>")
    shown = " ".join(page(tmp_path, project).split())
    assert "Project URL none <- src/My.Package.csproj:9" in shown
    assert 'dotnet pack drops the project URL "github.com/jane", because it is not an absolute address.' in shown


@pytest.mark.parametrize("name", ["My.Package.fsproj", "My.Package.vbproj", "My.Package.CSPROJ"])
def test_projects_of_other_languages(tmp_path: Path, name: str) -> None:
    project = tree(tmp_path, name=name)
    assert f"  Project       src/{name}, as dotnet pack would write it\n" in page(tmp_path, project)


NUSPEC = """<?xml version="1.0"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>My.Package</id>
    <version>$version$</version>
    <authors>Jane</authors>
    <description>Does things.</description>
    <tags>umbraco-marketplace</tags>
    <license type="expression">MIT</license>
    <readme>README.md</readme>
    <projectUrl>https://example.com/</projectUrl>
    <dependencies>
      <dependency id="Umbraco.Cms.Core" version="$range$" />
    </dependencies>
  </metadata>
</package>
"""


def test_a_nuspec_with_tokens(tmp_path: Path) -> None:
    source = tmp_path / "My.Package.nuspec"
    source.write_text(NUSPEC, "utf-8")
    found = data(tmp_path, source)
    assert found["unknowns"] == {"version": "$version$ is replaced only when the package is made"}
    assert found["sources"]["version"] == {"file": "My.Package.nuspec", "line": 5, "column": 14}
    (dependency,) = found["compatibility"]["dependencies"]
    assert (dependency["id"], dependency["unknown"]) == (
        "Umbraco.Cms.Core",
        "$range$ is replaced only when the package is made",
    )
    assert dependency["source"] == {"file": "My.Package.nuspec", "line": 13, "column": 50}
    assert found["package"]["readme"] == "README.md"
    assert found["sources"]["license"] == {"file": "My.Package.nuspec", "line": 9, "column": 32}
    shown = page(tmp_path, source)
    assert "  Umbraco       unknown: $range$ is replaced only when the package is made\n" in shown
    assert "nuget.org rejects" not in shown


def test_a_nuspec_without_tokens(tmp_path: Path) -> None:
    source = tmp_path / "My.Package.nuspec"
    source.write_text(NUSPEC.replace("$version$", "1.0.0").replace("$range$", "[17.0.0, 18.0.0)"), "utf-8")
    found = data(tmp_path, source)
    assert found["unknowns"] == {}
    assert found["compatibility"]["default"]["majors"] == [17]
    assert found["compatibility"]["dependencies"][0]["source"]["line"] == 13


def refused(root: Path, project: Path) -> list[str]:
    with pytest.raises(BrokenPackage) as broken:
        inspect_package(project, root=root)
    return [str(problem) for problem in broken.value.problems]


def test_a_nuspec_that_nuget_cannot_read_is_refused_at_its_place(tmp_path: Path) -> None:
    source = tmp_path / "My.Package.nuspec"
    source.write_text(NUSPEC.replace("$version$", "one").replace("$range$", "17.0.0"), "utf-8")
    message = "NuGet cannot read the nuspec: 'one' is not a NuGet version: 'one' is not a number"
    assert refused(tmp_path, source) == [f"My.Package.nuspec:5:14 error[UMB701] {message}"]
    report = umbmarket.validate([source])
    assert [each.message for each in report.findings if each.severity == "error"] == [message]


def test_validate_does_not_blame_a_nuspec_for_what_pack_adds(tmp_path: Path) -> None:
    source = tmp_path / "My.Package.nuspec"
    source.write_text(NUSPEC.replace("$version$", "1.0.0").replace("$range$", "[17.0.0, 18.0.0)"), "utf-8")
    codes = {each.code for each in umbmarket.validate([source]).findings}
    assert codes.isdisjoint({"UMB309", "UMB311"})
    bare = NUSPEC.replace("$version$", "1.0.0").replace("    <readme>README.md</readme>\n", "")
    source.write_text(bare.replace("MIT</license>", "MIT 2</license>"), "utf-8")
    assert {"UMB309", "UMB311"} <= {each.code for each in umbmarket.validate([source]).findings}


@pytest.mark.parametrize(
    ("properties", "items", "problem"),
    [
        (
            KNOWN,
            '</ItemGroup><Import Project="none.props" /><ItemGroup>',
            "src/My.Package.csproj:11:17 error[UMB701] MSBuild rejects the project with MSB4019: the imported file "
            "src/none.props does not exist",
        ),
        (
            KNOWN + "\n    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>",
            '<PackageReference Include="Umbraco.Cms.Core" />',
            "src/My.Package.csproj:12:5 error[UMB705] ",
        ),
        (
            KNOWN + "\n    <PackageIcon>icon.png</PackageIcon>",
            FOR_17,
            'src/My.Package.csproj:9:5 error[UMB310] "icon.png" is not in the package, so dotnet pack stops with '
            "NU5046",
        ),
    ],
)
def test_what_msbuild_or_nuget_refuses(tmp_path: Path, properties: str, items: str, problem: str) -> None:
    project = tree(tmp_path, properties, items)
    (found,) = refused(tmp_path, project)
    assert found.startswith(problem) if problem.endswith(" ") else found == problem


def test_an_old_style_project_tells_why_nothing_is_known(tmp_path: Path) -> None:
    project = tmp_path / "Old.csproj"
    project.write_text('<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003" />', "utf-8")
    (found,) = refused(tmp_path, project)
    assert found.startswith("Old.csproj:1:1 warning[UMB702] the package of this project is not known: ")


def test_hostile_texts_are_made_visible(tmp_path: Path) -> None:
    project = tree(
        tmp_path,
        "\n    <PackageId>::error ##[x]&#x202e;</PackageId>\n    <Version>1.0.0</Version>"
        "\n    <Title>##vso[task]&#x202e;</Title>"
        "\n    <PackageProjectUrl>x&#x202e;y</PackageProjectUrl>",
    )
    shown = page(tmp_path, project)
    assert "\u202e" not in shown
    assert "##vso" not in shown
    assert "##[x]" not in shown
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    text = inspect_json.render(inspect_package(project, root=tmp_path))
    assert text.isascii()
    assert "##vso" not in text


def test_packages_and_projects_come_in_the_order_they_were_named(tmp_path: Path) -> None:
    from tests.umbraco.actions.built_packages import healthy

    project = tree(tmp_path)
    (tmp_path / "a.nupkg").write_bytes(healthy())
    (tmp_path / "b.nupkg").write_bytes(healthy())
    found = inspect_packages([tmp_path / "b.nupkg", project, tmp_path / "a.nupkg", project], root=tmp_path)
    assert [each.path for each in found.packages] == ["b.nupkg", "src/My.Package.csproj", "a.nupkg"]
    assert (found.asked, found.projects) == (3, 1)
    assert [each.planned is None for each in found.packages] == [True, False, True]


def test_from_python(tmp_path: Path) -> None:
    project = tree(tmp_path)
    found = umbmarket.inspect_package(project, root=tmp_path)
    assert found.compatibility.shown.majors == (17,)
    assert found.planned is not None
    facts = {fact.name: fact for fact in found.planned.facts}
    assert facts["license"].source == FactSource("Directory.Build.props", 4, 5)
    assert (facts["title"].value, facts["title"].unknown, facts["title"].source) == (None, None, None)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("$(REPOSITORY_URL)", "beside the project; whether the Marketplace looks there is unknown."),
        ("https://gitlab.com/jane/x", "beside the package, where the Marketplace does not look."),
    ],
)
def test_a_listing_beside_a_project(tmp_path: Path, url: str, words: str) -> None:
    project = tree(tmp_path, KNOWN + f"\n    <PackageProjectUrl>{url}</PackageProjectUrl>")
    shutil.rmtree(tmp_path / ".git")
    (project.parent / "umbraco-marketplace.json").write_text('{"Title": "Mine"}', "utf-8")
    shown = " ".join(page(tmp_path, project).split())
    assert f"- Uses src/umbraco-marketplace.json {words}" in shown
