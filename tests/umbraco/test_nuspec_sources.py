"""A nuspec in the source folder: what its tokens leave unknown makes no finding, whatever they stand for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import umbmarket
from tests.trees import Git
from umbmarket.check.report import Report
from umbmarket.findings import Finding, Place
from umbmarket.nuget.project.unknown import Unknown
from umbmarket.umbraco.planned_document import PlannedDocument
from umbmarket.umbraco.run_projects import Projects

AS_PACKED = " (as dotnet pack would write it)"

HEALTHY = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata minClientVersion="3.0">
    <id>Orchard.Search</id>
    <version>1.2.0</version>
    <title>Orchard Search</title>
    <authors>Orchard Works</authors>
    <owners>Orchard Works</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <license type="expression">MIT</license>
    <licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>
    <icon>icon.png</icon>
    <iconUrl>https://example.org/icon.png</iconUrl>
    <readme>docs/README.md</readme>
    <projectUrl>https://example.org/orchard</projectUrl>
    <description>Searches the content of a website.</description>
    <summary>Searches.</summary>
    <releaseNotes>Better.</releaseNotes>
    <copyright>Copyright 2026 Orchard Works</copyright>
    <language>en-GB</language>
    <tags>umbraco-marketplace search</tags>
    <developmentDependency>false</developmentDependency>
    <repository type="git" url="https://github.com/orchard-example/search" branch="main" commit="abc" />
    <packageTypes>
      <packageType name="Dependency" version="1.0" />
    </packageTypes>
    <dependencies>
      <group targetFramework="net10.0">
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" include="All" exclude="Build,Analyzers" />
        <dependency id="Orchard.Core" version="1.2.0" />
      </group>
      <group targetFramework="net9.0">
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" />
      </group>
    </dependencies>
    <frameworkAssemblies>
      <frameworkAssembly assemblyName="System.Web" targetFramework="net48" />
    </frameworkAssemblies>
    <frameworkReferences>
      <group targetFramework="net10.0">
        <frameworkReference name="Microsoft.AspNetCore.App" />
      </group>
    </frameworkReferences>
    <references>
      <group targetFramework="net10.0">
        <reference file="Orchard.dll" />
      </group>
    </references>
    <contentFiles>
      <files include="**/*.cs" buildAction="None" />
    </contentFiles>
  </metadata>
  <files>
    <file src="README.md" target="docs/README.md" />
  </files>
</package>
"""


def values() -> list[tuple[int, int]]:
    """Where the values of the healthy nuspec stand, but for the declaration and the namespace."""
    found = re.finditer(r'>([^<>\n]+)</|="([^"]*)"', HEALTHY)
    spans = [match.span(1) if match[1] is not None else match.span(2) for match in found]
    return [(start, end) for start, end in spans if start > HEALTHY.index("<metadata")]


def report_of(text: str, folder: Path) -> Report:
    file = folder / "Orchard.nuspec"
    file.write_text(text, "utf-8")
    found = umbmarket.validate([file], root=folder)
    assert found.failures == ()
    return found


def told(report: Report) -> set[tuple[str, str]]:
    return {(each.code, each.message) for each in report.findings if each.code != "UMB702"}


def test_the_healthy_one_is_healthy(tmp_path: Path) -> None:
    found = report_of(HEALTHY, tmp_path)
    assert [line(each) for each in found.findings if each.severity != "info"] == []


def line(finding: Finding) -> str:
    place = f":{finding.region.line}:{finding.region.column}" if finding.region is not None else ""
    return f"{finding.path}{place} {finding.severity} {finding.code} {finding.message}"


@pytest.mark.parametrize("written", ["$value$", "x $value$ y", "$a$$b$", "$value.of-build$", "$1$"])
def test_a_token_in_any_place_makes_no_finding(written: str, tmp_path: Path) -> None:
    healthy = told(report_of(HEALTHY, tmp_path))
    wrong = []
    for start, end in values():
        text = HEALTHY[:start] + written + HEALTHY[end:]
        found = told(report_of(text, tmp_path)) - healthy
        if found:
            wrong.append((text.splitlines()[text.count("\n", 0, start)].strip(), found))
    assert wrong == []


@pytest.mark.parametrize(
    "listing",
    [
        "umbraco-marketplace.json",
        "umbraco-marketplace-orchard.search.json",
        "docs/umbraco-marketplace.json",
        "docs/umbraco-marketplace-orchard.search.json",
        None,
    ],
)
def test_a_token_in_any_place_makes_no_finding_about_listing_and_place(
    listing: str | None, repository: Path, git: Git
) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/orchard-example/search")
    if listing is not None:
        (repository / "docs").mkdir()
        (repository / listing).write_text(
            '{"Title": "Orchard Search", "Category": "Search", "LicenseTypes": ["Free"],'
            ' "VersionDependencyMode": "SemVer", "IsSubPackageOf": "Orchard.Suite",'
            ' "AuthorDetails": {"SyncContributorsFromRepository": true}}\n'
        )
    text = HEALTHY.replace("https://example.org/orchard", "https://github.com/orchard-example/search")
    named = [repository / "Orchard.nuspec", *([repository / listing] if listing is not None else [])]

    def found_in(written: str) -> set[tuple[str, str]]:
        (repository / "Orchard.nuspec").write_text(written, "utf-8")
        report = umbmarket.validate(named, root=repository)
        assert report.failures == ()
        # That a mode has no effect is so wherever the listing lies, and is told of one that counts.
        return {(code, message) for code, message in told(report) if code != "UMB404"}

    healthy = found_in(text)
    wrong = []
    for found in re.finditer(r'>([^<>\n]+)</|="([^"]*)"', text[text.index("<metadata") :]):
        start, end = (text.index("<metadata") + at for at in (found.span(1) if found[1] is not None else found.span(2)))
        more = found_in(f"{text[:start]}$value${text[end:]}") - healthy
        if more:
            wrong.append((found[0], more))
    assert wrong == []


def test_tokens_in_every_place_make_no_finding(tmp_path: Path) -> None:
    text = HEALTHY
    for start, end in reversed(values()):
        text = f"{text[:start]}$value${text[end:]}"
    found = report_of(text, tmp_path)
    assert [line(each) for each in found.findings if each.code != "UMB702"] == []


def test_what_a_token_leaves_unknown_is_named_with_its_reason(tmp_path: Path) -> None:
    text = HEALTHY.replace("umbraco-marketplace search", "$tags$").replace("[17.0.0, 18.0.0)", "$umbraco$")
    (finding,) = [each for each in report_of(text, tmp_path).findings if each.code == "UMB702"]
    unfollowed = "the files that a nuspec packs are not looked up"
    assert finding.args["unknown"] == {
        "tags": "$tags$ is replaced only when the package is made",
        "icon": unfollowed,
        "readme": unfollowed,
        "the range of Umbraco.Cms.Core": "$umbraco$ is replaced only when the package is made",
    }


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ('<group targetFramework="net10.0">\n        <dependency', "dependencies"),
        ("</packageTypes>", "packageTypes"),
        ("<dependencies>", "dependencies"),
    ],
)
def test_a_token_that_stands_for_elements_leaves_unknown_what_it_stands_in(
    where: str, named: str, tmp_path: Path
) -> None:
    document = document_of(
        HEALTHY.replace(where, f"$more${where}" if "/" in where else where.replace(">", ">$more$", 1)), tmp_path
    )
    assert document.plan.whole is None
    if named == "dependencies":
        assert not document.knows("dependencies")
        assert document.dependency_groups == ()
    else:
        assert document.plan.package_types == Unknown("$more$ is replaced only when the package is made")


@pytest.mark.parametrize("where", ['<metadata minClientVersion="3.0">', "</metadata>"])
def test_a_token_that_may_stand_for_any_element_leaves_nothing_known(where: str, tmp_path: Path) -> None:
    report = report_of(HEALTHY.replace(where, f"{where}$more$"), tmp_path)
    assert [line(each) for each in report.findings] == [
        "Orchard.nuspec warning UMB702 the package of this project is not known: $more$ is replaced only"
        " when the package is made"
    ]


def document_of(text: str, folder: Path) -> PlannedDocument:
    file = folder / "Orchard.nuspec"
    file.write_text(text, "utf-8")
    return Projects(lambda path: Path(path).name, lambda _: str(folder)).of(str(file))


def test_a_listing_in_what_may_be_a_template_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "umbraco-marketplace.json").write_text("{}")
    project = (
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n'
        "    <PackageTags>umbraco-marketplace</PackageTags>\n    <PackageType>{}</PackageType>\n  </PropertyGroup>\n"
        '  <ItemGroup>\n    <None Include="umbraco-marketplace.json" Pack="true" />\n  </ItemGroup>\n</Project>\n'
    )

    def codes(kind: str) -> set[str]:
        (tmp_path / "A.csproj").write_text(project.format(kind))
        return {each.code for each in umbmarket.validate([tmp_path / "A.csproj"], root=tmp_path).findings}

    assert "UMB507" in codes("Dependency")
    assert "UMB507" not in codes("$(KIND_OF_PACKAGE)")
    assert "UMB507" not in codes("Template")


def test_what_is_beyond_our_own_limits_is_not_said_of_nuget(tmp_path: Path) -> None:
    deep = HEALTHY.replace("<summary>Searches.", "<a>" * 300 + "</a>" * 300 + "<summary>")
    (finding,) = report_of(deep, tmp_path).findings
    assert line(finding).startswith("Orchard.nuspec:17:")
    assert finding.message == "umbmarket does not read the nuspec: its elements are nested too deeply"
    assert (finding.code, finding.severity) == ("UMB701", "error")


def without(*elements: str) -> str:
    """The healthy nuspec without some of its elements."""
    text = HEALTHY
    for name in elements:
        text = re.sub(rf"\n *<{name}\b[^>]*>[^<]*</{name}>", "", text)
    return text


def test_the_help_names_elements_of_the_nuspec(tmp_path: Path) -> None:
    text = without("tags", "projectUrl", "icon", "iconUrl", "readme", "license", "licenseUrl", "description")
    text = text.replace("<title>Orchard Search", "<title>My Package")
    helps = {each.code: each.help for each in report_of(text, tmp_path).findings}
    assert {code: helps[code] for code in ("UMB305", "UMB307", "UMB309", "UMB310", "UMB311", "UMB312", "UMB313")} == {
        "UMB305": "add <tags>umbraco-marketplace</tags> to the nuspec",
        "UMB307": "add <projectUrl>https://github.com/owner/repository</projectUrl> to the nuspec",
        "UMB309": 'add <readme>README.md</readme> and <file src="path/to/README.md" target="" /> to the nuspec, or put'
        ' "umbraco-marketplace-readme.md" beside the listing',
        "UMB310": 'pack a PNG or JPEG: add <icon>icon.png</icon> and <file src="path/to/icon.png" target="" /> to the'
        " nuspec",
        "UMB311": 'set <license type="expression">, such as MIT, or <license type="file"> in the nuspec',
        "UMB312": "set <title> in the nuspec, or remove it: then the id is shown",
        "UMB313": "set <description> in the nuspec",
    }
    tagged = report_of(HEALTHY.replace("umbraco-marketplace search", "search"), tmp_path)
    assert [each.help for each in tagged.findings if each.code == "UMB305"] == [
        'add "umbraco-marketplace" to <tags> in the nuspec, after a space'
    ]


def test_other_places_do_not_move(tmp_path: Path) -> None:
    document = document_of(HEALTHY.replace("Orchard.Core", "$core$").replace("Umbraco.Cms.Core", "A B", 1), tmp_path)
    assert not document.knows("dependencies")
    document = document_of(HEALTHY.replace('"Orchard Works"', "x").replace("1.2.0", "$version$"), tmp_path)
    (group, other) = document.dependency_groups
    assert [(each.id, document.knows_range(each), each.pointer) for each in group.dependencies] == [
        ("Umbraco.Cms.Core", True, "/metadata/dependencies/group[1]/dependency[1]"),
        ("Orchard.Core", False, "/metadata/dependencies/group[1]/dependency[2]"),
    ]
    region = document.locate(Place(f"{other.dependencies[0].pointer}/@version"))
    assert region is not None
    assert HEALTHY.splitlines()[region.line - 1].strip().startswith('<dependency id="Umbraco.Cms.Core"')
    assert region.line > HEALTHY[: HEALTHY.index("net9.0")].count("\n") + 1


def test_what_is_refused_whatever_a_token_stands_for_is_told(tmp_path: Path) -> None:
    text = HEALTHY.replace("<version>1.2.0", "<version>$version$").replace("https://example.org/orchard", "orchard")
    text = text.replace('<dependency id="Orchard.Core" version="1.2.0" />', '<dependency version="$version$" />')
    text = text.replace("</developmentDependency>", "x</developmentDependency>")
    assert [line(each) for each in report_of(text, tmp_path).findings if each.severity == "error"] == [
        'Orchard.nuspec:15:17 error UMB307 <projectUrl> "orchard" is not an absolute http or https URL',
        'Orchard.nuspec:22:28 error UMB701 NuGet cannot read the nuspec: <developmentDependency> is "falsex"; NuGet'
        " reads only true and false",
    ]


PROJECT = """<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuspecFile>Orchard.nuspec</NuspecFile>
    <NuspecProperties>{}</NuspecProperties>
  </PropertyGroup>
</Project>
"""


def test_a_nuspec_that_cannot_be_read_is_an_error_also_where_a_project_names_it(tmp_path: Path) -> None:
    (tmp_path / "A.csproj").write_text(PROJECT.format("version=1.0.0"))
    for text, message in (
        ("<package>\n  <metadata></package>", "2:23 error UMB701 the nuspec is not well-formed XML: </package> closes"
         " <metadata>, which was opened on line 2"),
        ("<package>\n</package>", " error UMB701 the nuspec has no <metadata> element"),
        (HEALTHY.replace("<version>1.2.0", "<version>one"), "5:14 error UMB701 NuGet cannot read the nuspec: 'one' is"
         " not a NuGet version: 'one' is not a number"),
    ):  # fmt: skip
        (tmp_path / "Orchard.nuspec").write_text(text, "utf-8")
        for name in ("A.csproj", "Orchard.nuspec"):
            report = umbmarket.validate([tmp_path / name], root=tmp_path)
            assert [line(each).removeprefix("Orchard.nuspec").removeprefix(":") for each in report.findings
                    if each.code in ("UMB701", "UMB702")] == [message]  # fmt: skip
    # What a token may stand for nobody knows.
    (tmp_path / "Orchard.nuspec").write_text("<package>$metadata$</package>", "utf-8")
    report = umbmarket.validate([tmp_path / "A.csproj"], root=tmp_path)
    assert {each.code for each in report.findings} == {"UMB702"}


@pytest.mark.parametrize(
    ("written", "properties", "meant", "place"),
    [
        ("umbraco-marketplace search", {"tags": "search umbraco_marketplace"}, "$tags$", ":21:11 error UMB305"),
        ("https://example.org/orchard", {"url": "example"}, "$url$.org", ":15:17 error UMB307"),
        ("[17.0.0, 18.0.0)", {"v": "17.0.0"}, "[$v$, 17.0.0)", ":29:52 error UMB313"),
        ("1.2.0", {"version": "1.2"}, "$version$.x", ":5:14 error UMB701"),
    ],
)
def test_a_token_with_a_value_counts_as_that_value(
    written: str, properties: dict[str, str], meant: str, place: str, tmp_path: Path
) -> None:
    (tmp_path / "A.csproj").write_text(PROJECT.format(";".join(f"{name}={text}" for name, text in properties.items())))
    literal = meant
    for name, text in properties.items():
        literal = literal.replace(f"${name}$", text)

    def told_of(value: str) -> list[str]:
        (tmp_path / "Orchard.nuspec").write_text(HEALTHY.replace(written, value), "utf-8")
        found = umbmarket.validate([tmp_path / "A.csproj"], root=tmp_path)
        assert found.failures == ()
        return [line(each) for each in found.findings if each.severity == "error"]

    by_token, by_hand = told_of(meant), told_of(literal)
    assert [each.partition(" error")[2].removesuffix(AS_PACKED) for each in by_token] == [
        each.partition(" error")[2] for each in by_hand
    ]
    assert by_token[0].startswith(f"Orchard.nuspec{place}")
