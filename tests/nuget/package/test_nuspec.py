"""The nuspec: everything NuGet reads, by its rules, and what its reader refuses, at the place."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.findings import Place
from umbmarket.nuget import ALL_VERSIONS, VersionRange
from umbmarket.nuget.package.nuspec import LARGEST_NUSPEC, MOST_PROBLEMS, Nuspec
from umbmarket.nuget.package.nuspec_model import License, SourceRepository, Tag
from umbmarket.nuget.package.push_rules import push_problems

SCHEMA = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"
MIB = 1024 * 1024


def read(metadata: str, *, attributes: str = "", root: str = f'xmlns="{SCHEMA}"') -> Nuspec:
    """A nuspec with this inside its `<metadata>`, beside the id and the version."""
    return Nuspec(
        "a.nuspec",
        f"<package {root}>\n<metadata{attributes}>\n<id>A</id>\n<version>1.0.0</version>\n{metadata}\n"
        "</metadata>\n</package>".encode(),
    )


def told(nuspec: Nuspec) -> list[tuple[str, str, str | None, str | None]]:
    """Kind, text and the marked part of the nuspec for each problem of the reader, and who refuses it."""
    return [(each.kind, each.detail, shown(nuspec, each.place), each.refused_by) for each in nuspec.problems]


def shown(nuspec: Nuspec, place: Place) -> str | None:
    region = nuspec.locate(place)
    if region is None:
        return None
    return nuspec.source.data[region.start : region.end].decode(nuspec.source.encoding)


FULL = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="{SCHEMA}">
  <metadata minClientVersion="2.12">
    <id>Our.Package</id>
    <version>1.2.0-beta.1+build</version>
    <title>Our package</title>
    <authors>Jane Doe, John &amp; Sons</authors>
    <owners>jane</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <license type="expression">MIT OR Apache-2.0</license>
    <licenseUrl>https://licenses.nuget.org/MIT%20OR%20Apache-2.0</licenseUrl>
    <icon>images\\icon.png</icon>
    <readme>README.md</readme>
    <projectUrl>https://github.com/jane/our-package</projectUrl>
    <description>Does things.</description>
    <tags>umbraco umbraco-marketplace</tags>
    <repository type="git" url="https://github.com/jane/our-package.git" branch="main" commit="abc" />
    <packageTypes>
      <packageType name=" Dependency " />
      <packageType name="Template" version="1.0" />
    </packageTypes>
    <developmentDependency>true</developmentDependency>
    <dependencies>
      <group targetFramework="net8.0">
        <dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" exclude="Build,Analyzers" />
      </group>
      <group targetFramework=".NETStandard2.0" />
      <group>
        <dependency id="Serilog" version="4" />
      </group>
    </dependencies>
    <frameworkReferences>
      <group targetFramework="net8.0">
        <frameworkReference name="Microsoft.AspNetCore.App" />
      </group>
    </frameworkReferences>
    <frameworkAssemblies>
      <frameworkAssembly assemblyName="System.Web" targetFramework="net45, net46" />
      <frameworkAssembly assemblyName="System.Net" />
    </frameworkAssemblies>
  </metadata>
</package>
"""


def test_everything_is_read() -> None:
    nuspec = Nuspec("Our.Package.nuspec", FULL.encode())
    assert nuspec.problems == ()
    assert push_problems(nuspec) == ()
    assert nuspec.readable
    assert nuspec.namespace == SCHEMA
    assert nuspec.id == "Our.Package"
    assert nuspec.version_text == "1.2.0-beta.1+build"
    assert nuspec.version is not None
    assert nuspec.version.full == "1.2.0-beta.1+build"
    assert nuspec.title == "Our package"
    assert nuspec.authors == ("Jane Doe", "John & Sons")
    assert nuspec.text("requireLicenseAcceptance") == "false"
    assert nuspec.license == License("expression", "MIT OR Apache-2.0", "/metadata/license")
    assert nuspec.license_url == "https://licenses.nuget.org/MIT%20OR%20Apache-2.0"
    assert nuspec.icon == "images\\icon.png"
    assert nuspec.icon_url is None
    assert nuspec.readme == "README.md"
    assert nuspec.project_url == "https://github.com/jane/our-package"
    assert nuspec.pointer("projectUrl") == "/metadata/projectUrl"
    assert nuspec.description == "Does things."
    assert [tag.text for tag in nuspec.tags] == ["umbraco", "umbraco-marketplace"]
    assert nuspec.repository == SourceRepository(
        "git", "https://github.com/jane/our-package.git", "main", "abc", "/metadata/repository"
    )
    assert [(each.name, each.version) for each in nuspec.package_types] == [("Dependency", None), ("Template", "1.0")]
    assert not nuspec.is_symbols
    assert nuspec.development_dependency
    assert nuspec.min_client_version is not None
    assert nuspec.min_client_version.text == "2.12"
    assert nuspec.hidden_dependencies == ()
    assert [(each.framework.short_name, each.names) for each in nuspec.framework_references] == [
        ("net8.0", ("Microsoft.AspNetCore.App",))
    ]
    assert [(each.framework.short_name, each.names) for each in nuspec.framework_assemblies] == [
        ("net45", ("System.Web",)),
        ("net46", ("System.Web",)),
        ("any", ("System.Net",)),
    ]


def test_dependency_groups_are_read_with_raw_and_parsed_ranges() -> None:
    groups = Nuspec("a.nuspec", FULL.encode()).dependency_groups
    assert [(each.target_framework, each.framework.short_name, each.pointer) for each in groups] == [
        ("net8.0", "net8.0", "/metadata/dependencies/group[1]"),
        (".NETStandard2.0", "netstandard2.0", "/metadata/dependencies/group[2]"),
        (None, "any", "/metadata/dependencies/group[3]"),
    ]
    umbraco = groups[0].dependencies[0]
    assert (umbraco.id, umbraco.version, umbraco.include, umbraco.exclude) == (
        "Umbraco.Cms.Core",
        "[13.0.0, 14.0.0)",
        (),
        ("analyzers", "build"),
    )
    assert umbraco.range == VersionRange.parse("[13.0.0, 14.0.0)")
    assert umbraco.version_pointer == "/metadata/dependencies/group[1]/dependency[1]/@version"
    assert umbraco.id_pointer == "/metadata/dependencies/group[1]/dependency[1]/@id"
    assert groups[1].dependencies == ()
    assert groups[2].dependencies[0].effective_range == VersionRange.parse("[4.0.0, )")


def test_places_in_the_nuspec() -> None:
    nuspec = Nuspec("a.nuspec", FULL.encode())
    region = nuspec.locate(Place(pointer="/metadata/dependencies/group[1]/dependency[1]/@version"))
    assert region is not None
    assert region[:4] == (25, 52, 25, 68)
    assert shown(nuspec, Place(pointer="/metadata/tags", within=(8, 27))) == "umbraco-marketplace"
    assert shown(nuspec, Place(pointer="/metadata/repository/@url")) == "https://github.com/jane/our-package.git"
    assert shown(nuspec, Place(pointer="/metadata/repository", on="key")) == "repository"
    assert nuspec.locate(Place(pointer="/metadata/iconUrl")) is None


@pytest.mark.parametrize(
    ("root", "metadata"),
    [
        ("", ""),
        (f'xmlns="{SCHEMA}"', ""),
        ('xmlns="http://schemas.microsoft.com/packaging/2010/07/nuspec.xsd"', ""),
        ('xmlns="urn:anything"', ""),
        ("", f' xmlns="{SCHEMA}"'),
        ("xmlns:xsd='http://www.w3.org/2001/XMLSchema'", f' xmlns="{SCHEMA}"'),
        (f'xmlns="{SCHEMA}"', ' xmlns=""'),
    ],
)
def test_any_namespace_and_none_and_one_on_metadata_alone_are_read(root: str, metadata: str) -> None:
    nuspec = read(
        '<tags>x</tags><icon>i.png</icon><dependencies><dependency id="B" version="1"/></dependencies>',
        root=root,
        attributes=metadata,
    )
    assert nuspec.problems == ()
    assert (nuspec.id, nuspec.version_text, nuspec.icon) == ("A", "1.0.0", "i.png")
    assert [tag.text for tag in nuspec.tags] == ["x"]
    assert [dependency.id for group in nuspec.dependency_groups for dependency in group.dependencies] == ["B"]


def test_structured_elements_behind_a_prefix_are_missed_and_texts_are_not() -> None:
    nuspec = Nuspec(
        "a.nuspec",
        b'<n:package xmlns:n="urn:n"><n:metadata><n:id>A</n:id><n:version>1.0</n:version>'
        b"<n:title>T</n:title></n:metadata></n:package>",
    )
    assert (nuspec.id, nuspec.version, nuspec.title) == (None, None, "T")
    assert told(nuspec) == [
        (
            "missing-id",
            "the nuspec has no <id>; its <id> is in another namespace than the one in force in <metadata>",
            "<n:metadata>",
            "client",
        ),
        (
            "missing-version",
            "the nuspec has no <version>; its <version> is in another namespace than the one in force in <metadata>",
            "<n:metadata>",
            "client",
        ),
    ]


def test_texts_are_read_in_any_letter_case_and_the_first_that_is_not_empty_wins() -> None:
    nuspec = read("<Title></Title><TITLE>\n</TITLE><title> One </title><Title>Two</Title><summary><b>x</b></summary>")
    assert nuspec.title == " One "
    assert nuspec.pointer("title") == "/metadata/title"
    assert nuspec.text("summary") is None
    assert nuspec.text("copyright") is None
    assert nuspec.pointer("copyright") is None


def test_structured_elements_are_read_in_their_letter_case_alone() -> None:
    nuspec = Nuspec(
        "a.nuspec", b"<package><metadata><ID>A</ID><Version>1.0</Version><Icon>i</Icon></metadata></package>"
    )
    assert (nuspec.id, nuspec.version_text, nuspec.icon) == (None, None, None)
    assert [detail for _, detail, _, _ in told(nuspec)] == [
        "the nuspec has no <id>; it has <ID>, and letter case counts",
        "the nuspec has no <version>; it has <Version>, and letter case counts",
    ]


def test_the_licence_address_is_read_in_its_letter_case_alone() -> None:
    nuspec = read("<LicenseUrl>https://x.org/a</LicenseUrl>")
    assert (nuspec.license_url, nuspec.license) == (None, None)
    assert read("<LicenseUrl>a</LicenseUrl><licenseUrl>https://x.org/b</licenseUrl>").license_url == "https://x.org/b"


def test_a_dependency_without_id_beside_groups_stops_nothing() -> None:
    nuspec = read(
        "<dependencies><group><dependency id='B' version='1.0'/></group><dependency version='1'/></dependencies>"
    )
    assert nuspec.problems == ()
    assert [each.id for each in nuspec.hidden_dependencies] == [""]
    flat = read("<dependencies><dependency version='1'/></dependencies>")
    assert [each.kind for each in flat.problems] == ["dependency-without-id"]


def test_no_range_and_one_that_cannot_be_read_are_the_same_dependency() -> None:
    nuspec = read("<dependencies><dependency id='B' version='(, )'/><dependency id='b' version='xx'/></dependencies>")
    (group,) = nuspec.dependency_groups
    assert [each.version for each in group.dependencies] == ["(, )"]


def test_the_first_metadata_counts_and_the_name_of_the_root_does_not() -> None:
    nuspec = Nuspec(
        "a.nuspec",
        b"<nuspec><files/><metadata><id>A</id><version>1.0</version></metadata>"
        b"<metadata><id>B</id></metadata></nuspec>",
    )
    assert nuspec.id == "A"
    assert nuspec.problems == ()


@pytest.mark.parametrize(
    ("metadata", "authors"),
    [
        ("<authors>a, b,, c </authors><owners>o</owners>", ("a", "b", "c")),
        ("<owners>o, p</owners>", ("o", "p")),
        ("<authors></authors><owners>o</owners>", ("o",)),
        ("", ()),
    ],
)
def test_owners_stand_in_for_authors(metadata: str, authors: tuple[str, ...]) -> None:
    assert read(metadata).authors == authors


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("a b", [("a", 0, 1), ("b", 2, 3)]),
        ("a,b;c|d\te", [("a", 0, 1), ("b", 2, 3), ("c", 4, 5), ("d", 6, 7), ("e", 8, 9)]),
        (" a ,; b ", [("a", 1, 2), ("b", 6, 7)]),
        ("a\nb", [("a\nb", 0, 3)]),
        ("a\n   b", [("a\n", 0, 2), ("b", 5, 6)]),
        ("Mailchimp Subscriber,x", [("Mailchimp", 0, 9), ("Subscriber", 10, 20), ("x", 21, 22)]),
        ("", []),
    ],
)
def test_tags_are_split_as_the_catalog_of_nuget_org_splits_them(written: str, tags: list[tuple[str, int, int]]) -> None:
    nuspec = read(f"<tags>{written}</tags>")
    assert nuspec.tags == tuple(Tag(*tag) for tag in tags)
    for tag in nuspec.tags:
        assert shown(nuspec, Place(pointer="/metadata/tags", within=(tag.start, tag.end))) == tag.text


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("umbraco-marketplace", True),
        ("Umbraco, Umbraco-Marketplace", True),
        ("umbraco\n    umbraco-marketplace\n    other", True),
        ("umbraco\numbraco-marketplace", False),
        ("umbraco marketplace", False),
        ("umbracomarketplace", False),
    ],
)
def test_search_finds_a_tag_whole_in_any_letter_case_and_not_glued_by_a_line_break(written: str, found: bool) -> None:
    assert read(f"<tags>{written}</tags>").has_tag("umbraco-marketplace") is found


@pytest.mark.parametrize(
    ("metadata", "license_"),
    [
        ('<license type="expression"> MIT </license>', License("expression", "MIT", "/metadata/license")),
        ('<license type="File">LICENSE.txt</license>', License("file", "LICENSE.txt", "/metadata/license")),
        (
            '<license type="expression" version="1.0.0">MIT</license><licenseUrl>https://x.org</licenseUrl>',
            License("expression", "MIT", "/metadata/license", "1.0.0"),
        ),
        ("<licenseUrl>https://x.org</licenseUrl>", License("url", "https://x.org", "/metadata/licenseUrl")),
        (
            '<license type="text">MIT</license><licenseUrl>https://x.org</licenseUrl>',
            License("url", "https://x.org", "/metadata/licenseUrl"),
        ),
        ("<license>MIT</license>", None),
        ("", None),
    ],
)
def test_the_license_is_an_expression_a_file_or_an_address(metadata: str, license_: License | None) -> None:
    assert read(metadata).license == license_


def test_a_repository_without_attributes_has_empty_ones() -> None:
    assert read("<repository/>").repository == SourceRepository("", "", "", "", "/metadata/repository")
    assert read("").repository is None


def test_flat_dependencies_are_one_group_for_any_framework() -> None:
    nuspec = read(
        '<dependencies><dependency id="A" version="1.0"/></dependencies>'
        '<dependencies><dependency id="B"/></dependencies>'
    )
    (group,) = nuspec.dependency_groups
    assert (group.target_framework, group.framework.short_name, group.is_flat) == (None, "any", True)
    assert group.pointer == "/metadata/dependencies"
    assert [(each.id, each.version, each.pointer) for each in group.dependencies] == [
        ("A", "1.0", "/metadata/dependencies/dependency[1]"),
        ("B", None, "/metadata/dependencies[2]/dependency[1]"),
    ]
    assert nuspec.hidden_dependencies == ()
    assert read("<dependencies/>").dependency_groups == ()


def test_a_group_hides_flat_dependencies_also_those_of_other_elements() -> None:
    nuspec = read(
        '<dependencies><dependency id="A" version="1.0"/></dependencies>'
        '<dependencies><group><dependency id="B" version="1.0"/></group>'
        '<dependency id="C" version="1.0"/></dependencies>'
    )
    assert [each.id for group in nuspec.dependency_groups for each in group.dependencies] == ["B"]
    assert [each.id for each in nuspec.hidden_dependencies] == ["A", "C"]
    assert [(each.kind, each.refused_by) for each in push_problems(nuspec) if "hidden" in each.kind] == [
        ("hidden-dependencies", "pack"),
        ("hidden-dependencies", "pack"),
    ]


@pytest.mark.parametrize(
    ("version", "parsed", "problem"),
    [
        ('version="1.0"', "[1.0.0, )", None),
        ('version=""', None, None),
        ("", None, None),
        ('version="1.*"', "1.*", None),
        ('version="[2.0, 1.0]"', None, "its lower bound '2.0.0' is above its upper bound '1.0.0'"),
        ('version="latest"', None, "'latest' is not a number"),
    ],
)
def test_a_range_that_cannot_be_read_means_any_version(version: str, parsed: str | None, problem: str | None) -> None:
    nuspec = read(f'<dependencies><dependency id="B" {version}/></dependencies>')
    dependency = nuspec.dependency_groups[0].dependencies[0]
    assert nuspec.problems == ()
    assert (dependency.range.normalized if dependency.range is not None else None) == (
        VersionRange.parse(parsed).normalized if parsed is not None else None
    )
    if problem is not None:
        assert dependency.range_problem is not None
    if dependency.range is None:
        assert dependency.effective_range == ALL_VERSIONS


def test_a_dependency_that_is_exactly_another_again_is_read_once() -> None:
    nuspec = read(
        '<dependencies><group><dependency id="B" version="1.0"/><dependency id="b" version="[1.0.0,)"/>'
        '<dependency id="B" version="2.0"/><dependency id="B" version="1.0" include="all"/></group></dependencies>'
    )
    assert [(each.id, each.version) for each in nuspec.dependency_groups[0].dependencies] == [
        ("B", "1.0"),
        ("B", "2.0"),
        ("B", "1.0"),
    ]


@pytest.mark.parametrize(
    ("types", "symbols"),
    [
        ('<packageType name="SymbolsPackage"/>', True),
        ('<packageType name="symbolspackage"/>', True),
        ('<packageType name="SymbolsPackage"/><packageType name="Dependency"/>', False),
        ("", False),
    ],
)
def test_a_symbol_package_has_that_type_alone(types: str, symbols: bool) -> None:
    assert read(f"<packageTypes>{types}</packageTypes>").is_symbols is symbols


@pytest.mark.parametrize(
    ("metadata", "kind", "detail", "marked"),
    [
        (
            "<packageTypes><packageType/></packageTypes>",
            "package-type-without-name",
            "a <packageType> has no name",
            "<packageType/>",
        ),
        (
            '<packageTypes><packageType name="X" version="one"/></packageTypes>',
            "invalid-package-type-version",
            'the version "one" of package type "X" is not a version such as 1.0',
            "one",
        ),
        (
            '<dependencies><group><dependency version="1.0"/></group></dependencies>',
            "dependency-without-id",
            "a <dependency> has no id",
            '<dependency version="1.0"/>',
        ),
        (
            "<developmentDependency>yes</developmentDependency>",
            "invalid-boolean",
            '<developmentDependency> is "yes"; NuGet reads only true and false',
            "yes",
        ),
        (
            "<contentFiles><files exclude='x'/></contentFiles>",
            "content-files-without-include",
            "a <files> of <contentFiles> has no include",
            "<files exclude='x'/>",
        ),
    ],
)
def test_what_the_reader_of_nuget_refuses_is_told_at_its_place(
    metadata: str, kind: str, detail: str, marked: str
) -> None:
    assert told(read(metadata)) == [(kind, detail, marked, "client")]


def test_versions_that_nuget_cannot_read_are_told() -> None:
    nuspec = Nuspec(
        "a.nuspec", b'<package><metadata minClientVersion="two"><id></id><version> 1.x </version></metadata></package>'
    )
    assert nuspec.version is None
    assert nuspec.version_text == " 1.x "
    assert nuspec.min_client_version is not None
    assert nuspec.min_client_version.version is None
    assert told(nuspec) == [
        ("missing-id", "the nuspec has no <id>", "<id>", "client"),
        ("invalid-version", "' 1.x ' is not a NuGet version: 'x' is not a number", "1.x", "client"),
        (
            "invalid-min-client-version",
            "minClientVersion 'two' is not a NuGet version: 'two' is not a number",
            "two",
            "client",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "detail", "at"),
    [
        (
            "<package><metadata><id>A & B</id></metadata></package>",
            "not-well-formed",
            "the nuspec is not well-formed XML: unescaped '&'",
            (1, 26),
        ),
        (
            "<!DOCTYPE package><package/>",
            "doctype",
            "the nuspec is rejected: it has a DOCTYPE, and NuGet prohibits DTDs",
            (1, 1),
        ),
        ("<package>\n</package>", "no-metadata", "the nuspec has no <metadata> element", (1, 1)),
        ("", "not-well-formed", "the nuspec is not well-formed XML: it is empty", (1, 1)),
    ],
)
def test_what_cannot_be_read_is_told_at_its_line(text: str, kind: str, detail: str, at: tuple[int, int]) -> None:
    nuspec = Nuspec("a.nuspec", text.encode())
    assert not nuspec.readable
    assert [(each.kind, each.detail, each.refused_by) for each in nuspec.problems] == [(kind, detail, "client")]
    region = nuspec.locate(nuspec.problems[0].place)
    assert region is not None
    assert region[:2] == at
    assert (nuspec.id, nuspec.version, nuspec.tags, nuspec.dependency_groups) == (None, None, (), ())
    assert push_problems(nuspec) == ()


def test_white_space_before_the_declaration_is_told_and_read_over() -> None:
    nuspec = Nuspec("a.nuspec", b"\r\n" + FULL.encode())
    assert nuspec.id == "Our.Package"
    assert [(each.kind, each.refused_by) for each in nuspec.problems] == [("not-well-formed", "client")]
    region = nuspec.locate(Place(pointer="/metadata/id"))
    assert region is not None
    assert region[:2] == (5, 9)
    worse = Nuspec("a.nuspec", b'\n<?xml version="1.0"?>\n<package>')
    assert not worse.readable
    assert [each.detail for each in worse.problems] == [
        "the nuspec is not well-formed XML: the XML declaration <?xml ...?> must be the very first thing in the file",
        "the nuspec is not well-formed XML: the file ends before <package>, opened on line 2, is closed",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_other_encodings_are_read_and_places_are_right_in_them(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding.removesuffix("-le").removesuffix("-be"))
    text = FULL.replace('encoding="utf-8"', f'encoding="{declared}"').replace("Our package", "Øur package")
    nuspec = Nuspec("a.nuspec", text.encode(encoding))
    assert nuspec.problems == ()
    assert nuspec.title == "Øur package"
    region = nuspec.locate(Place(pointer="/metadata/title"))
    assert region is not None
    assert region[:4] == (6, 12, 6, 23)


def test_an_encoding_that_dotnet_refuses_is_told() -> None:
    nuspec = Nuspec("a.nuspec", FULL.replace("Our package", "Øur package").encode("cp1252"))
    assert nuspec.title == "Øur package"
    (problem,) = nuspec.problems
    assert (problem.kind, problem.refused_by) == ("encoding", "client")
    region = nuspec.locate(problem.place)
    assert region is not None
    assert region[:2] == (6, 12)
    garbled = Nuspec("a.nuspec", FULL.replace('"utf-8"', '"iso-8859-1"').replace("Our package", "Øur package").encode())
    assert [(each.kind, each.refused_by) for each in garbled.problems] == [("encoding", None)]


HOSTILE = {
    "dependencies": "<dependencies>" + '<dependency id="B" />' * 40_000 + "</dependencies>",
    "broken dependencies": "<dependencies>" + '<dependency version="x" />' * 35_000 + "</dependencies>",
    "groups": "<dependencies>" + "<group />" * 45_000 + "</dependencies>",
    "elements": "<a/>" * 49_000,
    "too many elements": "<a/>" * 200_000,
    "long names": f"<{'a' * 49_000}>" + "<b/>" * 40_000 + f"</{'a' * 49_000}>",
    "deep text": "<a>" * 200 + "x" * 900_000 + "</a>" * 200,
    "tags": f"<tags>{'a ' * 500_000}</tags>",
    "line breaks": "\n" * 1_000_000,
    "attribute": f'<repository url="{"&#65;" * 200_000}" />',
    "comments": "<!---->" * 140_000,
    "references": f"<title>{'&amp;' * 200_000}</title>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_nuspec_costs_bounded_time_and_memory(name: str) -> None:
    data = f"<package><metadata><id>A</id><version>1.0</version>{HOSTILE[name]}</metadata></package>".encode()
    assert len(data) <= LARGEST_NUSPEC

    def everything() -> Nuspec:
        nuspec = Nuspec("a.nuspec", data)
        for problem in nuspec.problems + push_problems(nuspec):
            nuspec.locate(problem.place)
        nuspec.locate(Place(pointer="/metadata/title", within=(3, 100)))
        nuspec.locate(Place(pointer="/metadata/dependencies/dependency[30000]/@id"))
        assert len(nuspec.tags) <= 500_000
        return nuspec

    started = time.process_time()
    nuspec = everything()
    assert time.process_time() - started < 15
    assert len(nuspec.problems) <= MOST_PROBLEMS
    assert len(push_problems(nuspec)) <= MOST_PROBLEMS
    if name in ("dependencies", "elements", "deep text", "attribute"):
        tracemalloc.start()
        try:
            everything()
            assert tracemalloc.get_traced_memory()[1] < 200 * MIB
        finally:
            tracemalloc.stop()


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_nuspec_with_any_bytes_changed_never_raises(data: st.DataObject) -> None:
    changed = bytearray(FULL.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    nuspec = Nuspec("a.nuspec", bytes(changed))
    for problem in nuspec.problems + push_problems(nuspec):
        assert problem.detail
        assert "\n" not in problem.detail
        nuspec.locate(problem.place)
