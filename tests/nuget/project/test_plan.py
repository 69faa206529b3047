"""The package that would be packed, field by field beside one that was."""

from __future__ import annotations

import pytest

from tests.conftest import build_nupkg
from tests.nuget.project.conftest import Planned, Tree, sdk
from umbmarket.findings import Place
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.nuget.project.packed_items import PlannedFile, package_paths
from umbmarket.nuget.project.plan import plan
from umbmarket.nuget.project.planned_dependencies import PlannedDependency, PlannedGroup
from umbmarket.nuget.project.unknown import Unknown

FULL = {
    "Directory.Build.props": "<Project>\n  <PropertyGroup>\n    <Authors>Jane;Joe</Authors>\n"
    "    <PackageProjectUrl> https://github.com/o/r </PackageProjectUrl>\n"
    "    <RepositoryUrl>https://github.com/o/r</RepositoryUrl>\n    <RepositoryType>git</RepositoryType>\n"
    "    <PackageLicenseExpression>MIT</PackageLicenseExpression>\n  </PropertyGroup>\n</Project>\n",
    "Directory.Packages.props": "<Project>\n  <PropertyGroup>\n"
    "    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>\n  </PropertyGroup>\n  <ItemGroup>\n"
    '    <PackageVersion Include="Umbraco.Cms.Core" Version="[13.0.0,14)" />\n  </ItemGroup>\n</Project>\n',
    "src/My.Package/My.Package.csproj": '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n'
    "    <TargetFrameworks>net8.0;netstandard2.0</TargetFrameworks>\n    <Version>1.2</Version>\n"
    "    <Title> The title </Title>\n    <Description>What it does.</Description>\n"
    "    <PackageTags>umbraco; umbraco-marketplace;umbraco</PackageTags>\n    <PackageIcon>icon.png</PackageIcon>\n"
    "    <PackageReadmeFile>docs\\README.md</PackageReadmeFile>\n  </PropertyGroup>\n  <ItemGroup>\n"
    '    <PackageReference Include="Umbraco.Cms.Core" />\n'
    '    <PackageReference Include="Private" VersionOverride="1.0.0" PrivateAssets="All" />\n'
    '    <ProjectReference Include="..\\Other\\Other.csproj" />\n'
    '    <None Include="..\\..\\icon.png" Pack="true" PackagePath="\\" />\n'
    '    <None Update="README.md" Pack="true" PackagePath="docs\\" />\n  </ItemGroup>\n</Project>\n',
    "src/My.Package/README.md": "# Read me\n",
    "src/Other/Other.csproj": sdk(
        "<PropertyGroup><Version>2.0.0</Version><PackageId>The.Other</PackageId></PropertyGroup>"
    ),
    "icon.png": "\x89PNG\r\n\x1a\n",
}

BY_HAND = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>My.Package</id>
    <version>1.2.0</version>
    <title>The title</title>
    <authors>Jane,Joe</authors>
    <license type="expression">MIT</license>
    <licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>
    <icon>icon.png</icon>
    <readme>docs\\README.md</readme>
    <projectUrl>https://github.com/o/r</projectUrl>
    <description>What it does.</description>
    <tags>umbraco umbraco-marketplace</tags>
    <repository type="git" url="https://github.com/o/r" />
    <dependencies>
      <group targetFramework="net8.0">
        <dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" exclude="Build,Analyzers" />
        <dependency id="The.Other" version="2.0.0" exclude="Build,Analyzers" />
      </group>
      <group targetFramework=".NETStandard2.0">
        <dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" exclude="Build,Analyzers" />
        <dependency id="The.Other" version="2.0.0" exclude="Build,Analyzers" />
      </group>
    </dependencies>
  </metadata>
</package>
"""


def test_every_field_is_that_of_the_packed_one(planned: Planned) -> None:
    ours = planned(FULL, "src/My.Package/My.Package.csproj")
    packed = NuGetPackage.from_bytes(
        "My.Package.1.2.0.nupkg",
        build_nupkg(nuspec=BY_HAND, files={"icon.png": b"\x89PNG\r\n\x1a\n", "docs/README.md": ""}),
    )
    assert packed.nuspec is not None
    assert ours.nuspec is not None
    assert ours.packable is True
    for name in ("id", "title", "authors", "description", "project_url", "icon_url", "license", "package_types"):
        assert getattr(ours, name) == getattr(packed, name), name
    assert str(ours.version) == "1.2"
    assert ours.nuspec.version_text == packed.version_text
    assert ours.tags == packed.tags
    assert ours.has_tag("Umbraco-Marketplace") is True
    assert ours.repository == packed.repository
    assert ours.is_symbols is packed.is_symbols is False
    assert ours.nuspec.dependency_groups == packed.nuspec.dependency_groups
    groups = ours.dependency_groups
    assert isinstance(groups, tuple)
    for mine, other in zip(groups, packed.dependency_groups, strict=True):
        assert (mine.target_framework, mine.framework) == (other.target_framework, other.framework)
        assert [(d.id, d.version, d.range, d.include, d.exclude) for d in mine.dependencies] == [
            (d.id, d.version, d.range, d.include, d.exclude) for d in other.dependencies
        ]
    for name in ("icon", "readme"):
        file, in_package = getattr(ours, name), getattr(packed, name)
        assert isinstance(file, PlannedFile)
        assert (file.is_packed, file.path, file.extension) == (True, in_package.path, in_package.extension)
    assert isinstance(ours.icon, PlannedFile)
    assert ours.icon.image_type is None  # Written as UTF-8 here, so its first byte is another one.
    assert ours.problems == ()
    assert ours.unknowns == {}


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/metadata/id", "src/My.Package/My.Package.csproj:1:1"),
        ("/metadata/version", "src/My.Package/My.Package.csproj:4:5"),
        ("/metadata/title", "src/My.Package/My.Package.csproj:5:5"),
        ("/metadata/authors", "Directory.Build.props:3:5"),
        ("/metadata/projectUrl", "Directory.Build.props:4:5"),
        ("/metadata/repository/@url", "Directory.Build.props:5:5"),
        ("/metadata/licenseUrl", "Directory.Build.props:7:5"),
        ("/metadata/tags", "src/My.Package/My.Package.csproj:7:5"),
        ("/metadata/dependencies/group[1]/dependency[1]", "src/My.Package/My.Package.csproj:12:5"),
        ("/metadata/dependencies/group[1]/dependency[1]/@version", "Directory.Packages.props:6:5"),
        ("/metadata/dependencies/group[2]/dependency[2]/@id", "src/My.Package/My.Package.csproj:14:5"),
        ("/metadata/summary", "src/My.Package/My.Package.csproj:1:1"),
    ],
)
def test_a_place_in_the_planned_nuspec_leads_to_the_element(pointer: str, expected: str, planned: Planned) -> None:
    source = planned(FULL, "src/My.Package/My.Package.csproj").source_of(Place(pointer=pointer))
    assert str(source) == expected


def test_the_value_place_is_the_text_itself(planned: Planned) -> None:
    place = planned(FULL, "src/My.Package/My.Package.csproj").place_of("tags")
    assert place is not None
    region = place.file.locate(place.value_place)
    assert region is not None
    assert (region.line, region.column) == (7, 18)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no file sets it"),
        ('<ItemGroup><PackageReference Include="MinVer" Version="5.0.0" PrivateAssets="All"/></ItemGroup>'
         "<PropertyGroup><Version>1.0.0</Version></PropertyGroup>", "MinVer sets the version during the build"),
        ('<ItemGroup><PackageReference Include="Nerdbank.GitVersioning" Version="3"/></ItemGroup>',
         "Nerdbank.GitVersioning sets the version during the build"),
        ("<PropertyGroup><Version>#{Version}#</Version></PropertyGroup>",
         "#{Version}# is not a version, so the build has to replace it"),
        ('<PropertyGroup><Version>1.0.1</Version></PropertyGroup><Target Name="T"><PropertyGroup>'
         "<Version>2.0.0</Version></PropertyGroup></Target>", "a target sets Version"),
        ("<PropertyGroup><Version>1.0.$(BUILD_NO)</Version></PropertyGroup>",
         "$(BUILD_NO) may come from the environment"),
    ],
)  # fmt: skip
def test_the_version_is_unknown(body: str, reason: str, planned: Planned) -> None:
    package = planned(body)
    assert package.version == Unknown(reason)
    assert package.nuspec is not None
    assert package.nuspec.version_text is None
    assert package.problems == ()


def test_evaluate_answers_as_msbuild_where_plan_says_unknown(planned: Planned) -> None:
    package = planned("")
    assert package.evaluation is not None
    assert package.evaluation.value("Version") == "1.0.0"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.org/x", "https://e.org/x"),
        ("HTTPS://e.org", "HTTPS://e.org"),
        ("mailto:a@e.org", "mailto:a@e.org"),
        ("e.org/x", None),
        ("https://", None),
        ("https:e.org", None),
        ("www.e.org", None),
        ("https://github.com:org/repository", None),
        ("https://e.org:65536/", None),
        ("https://e.org:443/x", "https://e.org:443/x"),
        ("https://e.org:/", "https://e.org:/"),
        ("https://me:secret@e.org/", "https://me:secret@e.org/"),
        ("https://[::1]/", "https://[::1]/"),
        ("https://ü.org/", "https://ü.org/"),
    ],
)
def test_a_project_url_that_is_no_absolute_address_is_dropped(url: str, expected: str | None, planned: Planned) -> None:
    package = planned(f"<PropertyGroup><PackageProjectUrl>{url}</PackageProjectUrl></PropertyGroup>")
    assert package.project_url == expected
    dropped = package.dropped_project_url
    assert (dropped is None) == (expected is not None)
    if dropped is not None:
        assert dropped.value == url
        assert str(dropped.source).startswith("A.csproj:1:")


@pytest.mark.parametrize("url", ["https://{host}/", "https://a@b@e.org/", "https://a%3Eb/", "https://[x]/"])
def test_whether_a_project_url_has_a_host_is_left_open(url: str, planned: Planned) -> None:
    package = planned(f"<PropertyGroup><PackageProjectUrl>{url}</PackageProjectUrl></PropertyGroup>")
    assert package.project_url == Unknown("it is not known whether .NET accepts this host")
    assert package.dropped_project_url is None


def test_a_path_as_project_url_is_another_one_on_each_system(planned: Planned) -> None:
    package = planned("<PropertyGroup><PackageProjectUrl>/x</PackageProjectUrl></PropertyGroup>")
    assert isinstance(package.project_url, Unknown)


def _group(planned: Planned, body: str) -> PlannedGroup:
    groups = planned(f"<PropertyGroup><Version>3.2.1</Version></PropertyGroup>{body}").dependency_groups
    assert isinstance(groups, tuple)
    assert isinstance(groups[0], PlannedGroup)
    return groups[0]


def _references(*items: str) -> str:
    return f"<ItemGroup>{''.join(f'<PackageReference {item}/>' for item in items)}</ItemGroup>"


@pytest.mark.parametrize(
    ("reference", "written"),
    [
        ('Include="A" Version="1.0" PrivateAssets="all"', False),
        ('Include="A" Version="1.0" PrivateAssets="compile;ALL"', False),
        ('Include="A" Version="1.0" PrivateAssets="compile,all"', False),
        ('Include="A" Version="1.0" IncludeAssets="none"', False),
        ('Include="A" Version="1.0" ExcludeAssets="All"', False),
        ('Include="A" Version="1.0" PrivateAssets="compile;build"', True),
        ('Include="A" Version="1.0" ExcludeAssets="runtime"', True),
        ('Include="A" Version="1.0"', True),
    ],
)
def test_what_is_private_is_no_dependency(reference: str, written: bool, planned: Planned) -> None:
    group = _group(planned, _references(reference))
    assert bool(group.dependencies) is written
    assert [item.include for item in group.excluded] == ([] if written else ["A"])


def test_an_empty_version_is_that_of_the_package_itself(planned: Planned) -> None:
    group = _group(planned, _references('Include="A" Version="$(Nope)"', 'Include="B"'))
    assert [(each.id, each.version) for each in group.dependencies] == [("A", "3.2.1"), ("B", "3.2.1")]


def test_the_first_of_two_references_counts(planned: Planned) -> None:
    group = _group(planned, _references('Include="A" Version="1.0"', 'Include="a" Version="2.0"'))
    assert [(each.id, each.version) for each in group.dependencies] == [("A", "1.0.0")]


@pytest.mark.parametrize(
    ("written", "range_text", "maximum"),
    [
        ("13.*", "13.0.0", None),
        ("*", "0.0.0", None),
        ("[13.*,14)", "[13.0.0, 14.0.0)", "14.0.0"),
        ("13.0.0-*", "13.0.0", None),
    ],
)
def test_a_floating_version_has_no_known_minimum(
    written: str, range_text: str, maximum: str | None, planned: Planned
) -> None:
    (dependency,) = _group(planned, _references(f'Include="A" Version="{written}"')).dependencies
    assert isinstance(dependency, PlannedDependency)
    assert dependency.minimum_doubt == Unknown(f"restore replaces {written} with the version that it finds")
    assert dependency.doubt is None
    assert dependency.version == range_text
    assert dependency.range is not None
    assert (str(dependency.range.maximum) if dependency.range.maximum is not None else None) == maximum


CENTRAL = (
    "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>"
    '<ItemGroup><PackageVersion Include="a" Version="1.2.3"/></ItemGroup></Project>'
)


@pytest.mark.parametrize(
    ("reference", "version", "code"),
    [
        ('Include="A"', "1.2.3", None),
        ('Include="A" VersionOverride="2.0.0"', "2.0.0", None),
        ('Include="A" Version="2.0.0"', None, "NU1008"),
        ('Include="B"', None, "NU1010"),
    ],
)
def test_central_versions(reference: str, version: str | None, code: str | None, planned: Planned) -> None:
    package = planned({"A.csproj": sdk(_references(reference)), "Directory.Packages.props": CENTRAL})
    groups = package.dependency_groups
    assert isinstance(groups, tuple)
    assert groups[0].dependencies[0].version == version
    assert [getattr(problem, "code", None) for problem in package.problems] == ([code] if code else [])


def test_an_override_that_is_switched_off_gives_no_version(planned: Planned) -> None:
    off = "<CentralPackageVersionOverrideEnabled>false</CentralPackageVersionOverrideEnabled></PropertyGroup>"
    files = {"Directory.Packages.props": CENTRAL.replace("</PropertyGroup>", off)}
    groups = planned({"A.csproj": sdk(_references('Include="A" VersionOverride="2.0.0"')), **files}).dependency_groups
    assert isinstance(groups, tuple)
    (dependency,) = groups[0].dependencies
    assert isinstance(dependency, PlannedDependency)
    assert dependency.version is None
    assert dependency.doubt == Unknown("NuGet refuses the VersionOverride of A, which is switched off (NU1013)")


def test_the_project_may_switch_central_versions_off(planned: Planned) -> None:
    off = "<PropertyGroup><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>"
    body = off + _references('Include="A" Version="2.0.0"')
    package = planned({"A.csproj": sdk(body), "Directory.Packages.props": CENTRAL})
    groups = package.dependency_groups
    assert isinstance(groups, tuple)
    assert groups[0].dependencies[0].version == "2.0.0"
    assert package.problems == ()


def test_transitive_pinning_may_add_dependencies(planned: Planned) -> None:
    pinned = CENTRAL.replace(
        "</PropertyGroup>",
        "<CentralPackageTransitivePinningEnabled>true</CentralPackageTransitivePinningEnabled></PropertyGroup>",
    )
    groups = planned(
        {"A.csproj": sdk(_references('Include="A"')), "Directory.Packages.props": pinned}
    ).dependency_groups
    assert isinstance(groups, tuple)
    assert isinstance(groups[0], PlannedGroup)
    assert [each.version for each in groups[0].dependencies] == ["1.2.3"]
    assert groups[0].doubt == Unknown("transitive packages with a central version become dependencies too")


def test_suppressed_dependencies_are_none(planned: Planned) -> None:
    switch = "<PropertyGroup><SuppressDependenciesWhenPacking>true</SuppressDependenciesWhenPacking></PropertyGroup>"
    assert _group(planned, switch + _references('Include="A" Version="1"')).dependencies == ()


@pytest.mark.parametrize(
    ("attributes", "written"),
    [("", True), ('PrivateAssets="all"', False), ('ReferenceOutputAssembly="false"', False)],
)
def test_project_references(attributes: str, written: bool, planned: Planned) -> None:
    body = f'<ItemGroup><ProjectReference Include="..\\B\\B.csproj" {attributes}/></ItemGroup>'
    other = sdk("<PropertyGroup><Version>4.5</Version><IsPackable>false</IsPackable></PropertyGroup>")
    groups = planned({"A/A.csproj": sdk(body), "B/B.csproj": other}, "A/A.csproj").dependency_groups
    assert isinstance(groups, tuple)
    assert [(each.id, each.version) for each in groups[0].dependencies] == ([("B", "4.5.0")] if written else [])


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("", "", True),
        ("", ".Web", False),
        ("<PropertyGroup><IsPackable>TRUE</IsPackable></PropertyGroup>", ".Web", True),
        ("<PropertyGroup><IsPackable>false</IsPackable></PropertyGroup>", "", False),
        (_references('Include="Microsoft.NET.Test.Sdk" Version="17"'), "", False),
        (_references('Include="Microsoft.NET.Test.Sdk" Version="17"')
         + "<PropertyGroup><IsPackable>true</IsPackable></PropertyGroup>", "", True),
    ],
)  # fmt: skip
def test_packable(body: str, name: str, expected: bool, planned: Planned) -> None:
    assert planned({"A.csproj": sdk(body, name=name)}).packable is expected


def test_whether_a_blazor_project_is_packed_is_not_guessed(planned: Planned) -> None:
    assert isinstance(planned({"A.csproj": sdk(name=".BlazorWebAssembly")}).packable, Unknown)
    body = "<PropertyGroup><IsPackable>true</IsPackable></PropertyGroup>"
    assert planned({"A.csproj": sdk(body, name=".BlazorWebAssembly")}).packable is True


def test_metadata_under_a_framework_of_several_is_lost(planned: Planned) -> None:
    body = "<PropertyGroup Condition=\"'$(TargetFramework)'=='net8.0'\"><PackageTags>t</PackageTags></PropertyGroup>"
    package = planned({"A.csproj": sdk(body, "<TargetFrameworks>net8.0;net9.0</TargetFrameworks>")})
    assert package.tags == ()


PICTURE = "<PropertyGroup><PackageIcon>icon.png</PackageIcon></PropertyGroup>"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("", ["NU5046"]),
        ('<None Include="x\\icon.png" Pack="true" PackagePath=""/>', []),
        ('<None Include="x\\other.png" Pack="true" PackagePath=""/>', ["NU5046"]),
        ('<None Include="x\\icon.png" PackagePath=""/>', ["NU5046"]),
        ('<Content Include="x\\icon.png" PackagePath="/"/>', []),
        ('<None Include="x\\logo.png" Pack="true" PackagePath="icon.png"/>', []),
        # Where it lies in the package is not certain, or whether it will be there when it is packed.
        ('<None Include="x\\icon.png" Pack="true" PackPath=""/>', []),
        ('<None Update="nowhere.png" Pack="true" PackagePath=""/>', []),
        ('<None Include="*.png" Pack="true" PackagePath=""/>', []),
    ],
)
def test_the_icon_has_to_be_packed(items: str, expected: list[str], planned: Planned) -> None:
    problems = planned(f"{PICTURE}<ItemGroup>{items}</ItemGroup>").problems
    assert [getattr(problem, "code", None) for problem in problems] == expected


def test_a_target_may_pack_the_icon(planned: Planned) -> None:
    target = '<Target Name="T"><ItemGroup><None Include="icon.png" Pack="true"/></ItemGroup></Target>'
    assert planned(PICTURE + target).problems == ()


def test_a_second_licence_is_refused(planned: Planned) -> None:
    one = "<PackageLicenseExpression>MIT</PackageLicenseExpression>"
    items = '<ItemGroup><None Include="LICENSE.txt" Pack="true" PackagePath=""/></ItemGroup>'
    for other, code in (
        ("File>LICENSE.txt</PackageLicenseFile", "NU5033"),
        ("Url>https://e.org</PackageLicenseUrl", "NU5035"),
    ):
        body = f"<PropertyGroup>{one}<PackageLicense{other}></PropertyGroup>{items}"
        assert [getattr(problem, "code", None) for problem in planned(body).problems] == [code]


@pytest.mark.parametrize(
    ("more", "packed"),
    [
        ("", False),
        ('<ItemGroup><None Include="icon.png" Pack="yes" PackagePath=""/></ItemGroup>', True),
        ('<ItemGroup><None Include="icon.png" Pack="!false" PackagePath=""/></ItemGroup>', True),
        ('<ItemGroup><None Include="icon.png" Pack="off" PackagePath=""/></ItemGroup>', False),
        ('<ItemGroup><Content Include="icon.png" Pack="no" PackagePath=""/></ItemGroup>', False),
        ('<ItemGroup><Content Include="icon.png" Pack="maybe" PackagePath=""/></ItemGroup>', True),
        (
            "<ItemDefinitionGroup><None><Pack>true</Pack><PackagePath>\\</PackagePath></None></ItemDefinitionGroup>",
            None,
        ),
        ('<Target Name="T"><CreateItem Include="a"><Output ItemName="None"/></CreateItem></Target>', None),
        ('<Target Name="T"><CreateItem Include="a"><Output ItemName="Other"/></CreateItem></Target>', False),
    ],
)
def test_whether_an_icon_is_packed(more: str, packed: bool | None, planned: Planned) -> None:
    body = f"<PropertyGroup><PackageIcon>icon.png</PackageIcon></PropertyGroup>{more}"
    icon = planned({"A.csproj": sdk(body), "icon.png": "x"}).icon
    assert isinstance(icon, PlannedFile)
    assert isinstance(icon.is_packed, Unknown) if packed is None else icon.is_packed is packed


@pytest.mark.parametrize(
    ("written", "packable"), [("yes", True), ("ON", True), ("no", False), ("maybe", False), (" true", False)]
)
def test_what_conditions_take_for_true_is_packable(written: str, packable: bool, planned: Planned) -> None:
    assert planned(f"<PropertyGroup><IsPackable>{written}</IsPackable></PropertyGroup>").packable is packable


@pytest.mark.parametrize(
    ("include", "path", "expected"),
    [
        ("a/icon.png", "", {"icon.png"}),
        ("a/icon.png", "\\", {"icon.png"}),
        ("a/icon.png", "images", {"images/icon.png"}),
        ("a/icon.png", "images/", {"images/icon.png"}),
        ("a/icon.png", "logo.png", {"logo.png"}),
        ("a/icon.png", "x;y/", {"x/icon.png", "y/icon.png"}),
        ("LICENSE", "docs", {"docs", "docs/LICENSE"}),
        ("a/icon.png", None, {"content/a/icon.png", "contentFiles/any/any/a/icon.png"}),
        ("icon.png", None, {"content/icon.png", "contentFiles/any/any/icon.png"}),
        ("/elsewhere/icon.png", None, {"content/icon.png", "contentFiles/any/any/icon.png"}),
    ],
)
def test_where_a_file_lies_in_the_package(include: str, path: str | None, expected: set[str]) -> None:
    assert package_paths(include, path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("", "img/x/icon.png"), ("\\", "img/x/icon.png"), ("a/", "a/img/x/icon.png"), ("logo.png", "logo.png")],
)
def test_what_a_pattern_finds_deeper_lies_deeper_in_the_package(path: str, expected: str) -> None:
    assert package_paths("assets/img/x/icon.png", path, "img/x/") == {expected}


@pytest.mark.parametrize(
    ("include", "more", "expected"),
    [
        ("assets/**/*", "", False),
        ("assets/img/*", "", True),
        ("assets/**/*", ' NuGetRecursiveDir=""', False),
        ("assets/img/icon.png", ' NuGetRecursiveDir="x/"', False),
    ],
)
def test_an_icon_that_a_pattern_packs_deeper_is_not_the_one_that_is_named(
    include: str, more: str, expected: bool, planned: Planned
) -> None:
    items = f'<ItemGroup><None Include="{include}" Pack="true" PackagePath="\\"{more}/></ItemGroup>'
    body = f"<PropertyGroup><PackageIcon>icon.png</PackageIcon></PropertyGroup>{items}"
    icon = planned({"A.csproj": sdk(body), "assets/img/icon.png": "x"}).icon
    assert isinstance(icon, PlannedFile)
    assert icon.is_packed is True if expected else isinstance(icon.is_packed, Unknown)


NUSPEC = (
    "<package><metadata><id>From.Nuspec</id><version>$version$</version><authors>$owner$</authors>"
    "<description>d</description><tags>a b</tags><dependencies><dependency id='X' version='[1.0]'/></dependencies>"
    "</metadata></package>"
)


def test_a_nuspec_source_with_tokens(planned: Planned) -> None:
    properties = "<NuspecFile>a.nuspec</NuspecFile><NuspecProperties>Version=1.5;x=y</NuspecProperties>"
    body = f"<PropertyGroup>{properties}<PackageId>From.Project</PackageId></PropertyGroup>"
    package = planned({"A.csproj": sdk(body), "a.nuspec": NUSPEC})
    assert (package.id, package.version_text) == ("From.Nuspec", "1.5")
    assert package.authors == Unknown("$owner$ is replaced only when the package is made")
    assert [tag.text for tag in package.tags] == ["a", "b"] if isinstance(package.tags, tuple) else False
    groups = package.dependency_groups
    assert isinstance(groups, tuple)
    assert groups[0].dependencies[0].id == "X"
    region = package.locate(Place(pointer="/metadata/id"))
    assert region is not None
    assert (region.line, region.column) == (1, NUSPEC.index("From") + 1)
    assert package.problems == ()


def test_a_nuspec_alone(tree: Tree) -> None:
    root = tree({"x/a.nuspec": NUSPEC})
    package = plan(root / "x" / "a.nuspec", root=root)
    assert package.path == "x/a.nuspec"
    assert package.id == "From.Nuspec"
    assert package.version == Unknown("$version$ is replaced only when the package is made")


def test_a_nuspec_that_is_not_there(planned: Planned) -> None:
    package = planned("<PropertyGroup><NuspecFile>a.nuspec</NuspecFile></PropertyGroup>")
    assert package.whole == Unknown("the nuspec a.nuspec does not exist")


def test_an_old_project_is_unknown_as_a_whole(planned: Planned) -> None:
    old = '<Project ToolsVersion="15.0"><PropertyGroup><AssemblyName>Old</AssemblyName></PropertyGroup></Project>'
    package = planned({"A.csproj": old})
    assert package.whole is not None
    assert package.whole.reason == (
        "it is not an SDK-style project: `dotnet pack` does not pack it, and nuget.exe packs what a .nuspec says"
    )
    assert isinstance(package.id, Unknown)
    assert isinstance(package.dependency_groups, Unknown)
    assert package.unknowns == {"": package.whole}
    assert package.problems == ()


def test_a_file_that_only_windows_reads_makes_unknown_what_it_changes(planned: Planned) -> None:
    package = planned(
        {
            "A.csproj": sdk("<PropertyGroup><Title>t</Title></PropertyGroup>"),
            "Directory.Build.Props": "<Project><PropertyGroup><Authors>x</Authors></PropertyGroup></Project>",
        }
    )
    note = (
        "Directory.Build.Props is read on Windows and macOS, and not on Linux, where it must be called "
        "Directory.Build.props"
    )
    assert package.evaluation is not None
    assert package.evaluation.notes == (note,)
    assert package.authors == Unknown(note)
    assert package.title == "t"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("'@(PackageReference)' == 'A'", ["i.png", "j.png"]),
        ("'@(PackageReference)' == 'B'", ["i.png"]),
        ("'@(PackageVersion)' == ''", ["i.png", "j.png"]),
        ("'@(GlobalPackageReference)' != ''", ["i.png"]),
    ],
)
def test_a_condition_may_name_items_of_a_kind_that_was_not_asked_for(
    condition: str, expected: list[str], planned: Planned
) -> None:
    package = planned(
        "<PropertyGroup><PackageIcon>i.png</PackageIcon></PropertyGroup>"
        '<ItemGroup><PackageReference Include="A" Version="1.0.0"/><None Include="i.png" Pack="true"/></ItemGroup>'
        f'<ItemGroup Condition="{condition}"><None Include="j.png" Pack="true"/></ItemGroup>'
    )
    assert package.evaluation is not None
    assert [item.include for item in package.evaluation.possible_items("None")] == expected
