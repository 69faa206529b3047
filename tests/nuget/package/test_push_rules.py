"""What dotnet pack and nuget.org refuse in a nuspec that NuGet's own reader takes."""

from __future__ import annotations

import pytest

from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.nuget.package.push_rules import (
    MAX_TEXT_LENGTHS,
    dotnet_length,
    is_refused_label,
    is_web_url,
    push_problems,
)


def nuspec_of(
    metadata: str = "",
    *,
    package_id: str = "A",
    version: str = "1.0.0",
    attributes: str = "",
    usual: str = "<authors>Jane</authors><description>Does things.</description>",
) -> Nuspec:
    return Nuspec(
        "a.nuspec",
        f"<package><metadata{attributes}><id>{package_id}</id><version>{version}</version>{usual}{metadata}"
        "</metadata></package>".encode(),
    )


def told(nuspec: Nuspec) -> list[tuple[str, str, str]]:
    """Kind, text, and the part of the nuspec that is marked."""
    assert nuspec.problems == ()
    found = []
    for each in push_problems(nuspec):
        region = nuspec.locate(each.place)
        marked = nuspec.source.data[region.start : region.end].decode() if region is not None else "nothing"
        found.append((each.kind, each.detail, marked))
    return found


def dependency(version: str, package_id: str = "B") -> str:
    return f'<dependencies><dependency id="{package_id}" version="{version}"/></dependencies>'


def test_a_plain_nuspec_is_taken() -> None:
    assert push_problems(nuspec_of()) == ()


@pytest.mark.parametrize("name", ["Title", "Summary", "Owners", "IconUrl", "RequireLicenseAcceptance", "ReleaseNotes"])
def test_simple_texts_are_taken_in_any_letter_case(name: str) -> None:
    value = {"IconUrl": "https://x.org/i.png", "RequireLicenseAcceptance": "true"}.get(name, "x")
    assert push_problems(nuspec_of(f"<{name}>{value}</{name}>")) == ()


def test_what_is_only_ignored_is_not_refused() -> None:
    nuspec = nuspec_of("<Readme>README.md</Readme><Tags>x</Tags>")
    assert [(each.args["name"], each.refused_by) for each in push_problems(nuspec)] == [
        ("Readme", None),
        ("Tags", "push"),
    ]


def test_a_character_reference_is_read_as_ascii() -> None:
    assert push_problems(nuspec_of("<title>&#xFDD8;</title>")) == ()


@pytest.mark.parametrize(
    ("metadata", "kind", "detail", "marked"),
    [
        ("<title>x</title><title>y</title>", "duplicate-element", "duplicate element <title>", "y"),
        ("<Tags>x</Tags>", "element-case", "nuget.org rejects <Tags>: write <tags>", "x"),
        ("<Icon>x</Icon>", "element-case", "<Icon> is ignored: NuGet reads only <icon>", "x"),
        ("<LicenseUrl>x</LicenseUrl>", "element-case", "<LicenseUrl> is ignored: NuGet reads only <licenseUrl>", "x"),
        (
            "<Dependencies><a/></Dependencies>",
            "element-case",
            "<Dependencies> is ignored: NuGet reads only <dependencies>",
            "<Dependencies>",
        ),
        (
            "<title>\ufdd8</title>",
            "noncharacter",
            "U+FDD8 is not a valid Unicode character, and nuget.org rejects it",
            "\ufdd8",
        ),
        (
            "<title>\U0010ffff</title>",
            "noncharacter",
            "U+10FFFF is not a valid Unicode character, and nuget.org rejects it",
            "\U0010ffff",
        ),
        (
            "<dependencies><group><dependency id='B' version='1.0'/></group><dependency version='1.0'/></dependencies>",
            "hidden-dependencies",
            "a dependency without id is outside the groups, so NuGet does not read it",
            "<dependency version='1.0'/>",
        ),
        ("<listed>x</listed>", "reserved-element", "<listed> is an element that nuget.org reserves for itself", "x"),
        (
            "<requireLicenseAcceptance>yes</requireLicenseAcceptance>",
            "invalid-boolean",
            '<requireLicenseAcceptance> must be true or false, not "yes"',
            "yes",
        ),
        (
            "<icon><b>x</b></icon>",
            "embedded-with-children",
            "<icon> contains other elements, but must be only text",
            "<icon>",
        ),
        (
            "<projectUrl>github.com/jane</projectUrl>",
            "invalid-url",
            '<projectUrl> "github.com/jane" is not an absolute http or https URL',
            "github.com/jane",
        ),
        (
            "<iconUrl>ftp://x.org/i.png</iconUrl>",
            "invalid-url",
            '<iconUrl> "ftp://x.org/i.png" is not an absolute http or https URL',
            "ftp://x.org/i.png",
        ),
        (
            "<packageTypes><packageType name='My Type'/></packageTypes>",
            "invalid-package-type-name",
            '"My Type" cannot be the name of a package type',
            "My Type",
        ),
        (
            "<license type='url'>x</license>",
            "license-type",
            'the type of <license> must be "expression" or "file", not "url"',
            "x",
        ),
        (
            "<license>MIT</license>",
            "license-type",
            'the type of <license> must be "expression" or "file", not ""',
            "MIT",
        ),
        ("<license type='file'> </license>", "license-empty", "<license> is empty", "<license type='file'>"),
        (
            "<license type='expression'>MIT OR ISC</license>",
            "license-url",
            'the licenseUrl must be "https://licenses.nuget.org/MIT%20OR%20ISC" with this <license>, '
            "as dotnet pack writes it",
            "<metadata>",
        ),
        (
            "<license type='file'>L.txt</license><licenseUrl>https://x.org</licenseUrl>",
            "license-url",
            'the licenseUrl must be "https://aka.ms/deprecateLicenseUrl" with this <license>, as dotnet pack writes it',
            "https://x.org",
        ),
        (
            "<licenseUrl>https://aka.ms/deprecateLicenseUrl</licenseUrl>",
            "license-url",
            "the licenseUrl https://aka.ms/deprecateLicenseUrl needs a <license> beside it",
            "https://aka.ms/deprecateLicenseUrl",
        ),
        (
            "<license type='expression' version='2.0'>MIT</license>"
            "<licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>",
            "license-version",
            'the version of <license> must be 1.0.0, not "2.0"',
            "2.0",
        ),
        (
            "<dependencies><group targetFramework='net8.0'/><group targetFramework='.NETCoreApp8.0'/></dependencies>",
            "duplicate-group",
            "the nuspec has two dependency groups for net8.0",
            ".NETCoreApp8.0",
        ),
        (
            "<dependencies><group targetFramework='umbraco17'/></dependencies>",
            "unknown-framework",
            '"umbraco17" is not a target framework that NuGet knows',
            "umbraco17",
        ),
        (
            "<dependencies><dependency id='B' version='1.0'/><dependency id='b' version='2.0'/></dependencies>",
            "duplicate-dependency",
            'duplicate dependency "b" for any',
            "b",
        ),
        (
            "<dependencies><dependency id='B'/></dependencies>",
            "dependency-without-version",
            'the dependency on "B" has no version',
            "<dependency id='B'/>",
        ),
        (dependency(""), "dependency-without-version", 'the dependency on "B" has no version', 'version=""'),
        (
            dependency("[2,1]"),
            "invalid-dependency-version",
            'the version "[2,1]" of the dependency on "B" is not a range: '
            "its lower bound '2.0.0' is above its upper bound '1.0.0'",
            "[2,1]",
        ),
        (
            dependency("17.*"),
            "floating-dependency-version",
            'the dependency on "B" has the floating version "17.*"',
            "17.*",
        ),
        (
            dependency("[17.0.0, 18.0.0-0)"),
            "dependency-version-label",
            'the prerelease label of the bound "18.0.0-0" of "B" does not start with a letter',
            "[17.0.0, 18.0.0-0)",
        ),
        (
            dependency("1.0.0+x"),
            "dependency-version-metadata",
            'the bound "1.0.0+x" of the dependency on "B" has build metadata',
            "1.0.0+x",
        ),
        (
            dependency("1.0", "B C"),
            "invalid-dependency-id",
            '"B C" cannot be the id of a package: '
            "it contains ' ', but an id consists of letters, digits, '_', '.' and '-'",
            "B C",
        ),
    ],
)
def test_each_refusal_is_told_at_its_place(metadata: str, kind: str, detail: str, marked: str) -> None:
    assert told(nuspec_of(metadata)) == [(kind, detail, marked)]


@pytest.mark.parametrize(
    "metadata",
    [
        "<title>x</title><summary>y</summary>",
        "<serviceable>True</serviceable>",
        "<projectUrl>https://github.com/jane</projectUrl>",
        "<license type='expression'>MIT OR ISC</license>"
        "<licenseUrl>https://licenses.nuget.org/MIT%20OR%20ISC</licenseUrl>",
        "<license type='FILE' version='1.0.0'>L.txt</license>"
        "<licenseUrl>https://aka.ms/deprecateLicenseUrl</licenseUrl>",
        "<dependencies><group targetFramework='net8.0'/><group targetFramework='net9.0'/><group/></dependencies>",
        "<dependencies><group targetFramework='net8.0'><dependency id='B' version='1'/></group>"
        "<group targetFramework='net9.0'><dependency id='B' version='2'/></group></dependencies>",
        dependency("[17.0.0, 18.0.0)"),
        dependency("18.0.0-a"),
        dependency("18.0.0-0.0"),
        dependency("(, )"),
        dependency("1.0", "Ünï.Code"),
    ],
)
def test_what_nuget_org_takes_is_not_told(metadata: str) -> None:
    assert told(nuspec_of(metadata)) == []


@pytest.mark.parametrize("name", MAX_TEXT_LENGTHS)
def test_each_text_has_its_limit(name: str) -> None:
    limit = MAX_TEXT_LENGTHS[name]
    start = "https://x.org/" if name.endswith("Url") else ""
    usual = "".join(f"<{each}>x</{each}>" for each in ("authors", "description") if each != name)
    fits = nuspec_of(f"<{name}>{start.ljust(limit, 'x')}</{name}>", usual=usual)
    assert push_problems(fits) == ()
    (problem,) = push_problems(nuspec_of(f"<{name}>{start.ljust(limit + 1, 'x')}</{name}>", usual=usual))
    assert (problem.kind, problem.place.pointer) == ("too-long", f"/metadata/{name}")
    assert problem.detail == f"<{name}> has {limit + 1:,} characters, but nuget.org accepts at most {limit:,}"
    assert problem.args == {"length": limit + 1, "limit": limit}


@pytest.mark.parametrize(
    ("package_id", "version", "found"),
    [
        ("A" * 100, "1.0", []),
        ("A" * 101, "1.0", [("id-too-long", "the id has 101 characters, but nuget.org accepts at most 100")]),
        (
            "$id$",
            "1.0",
            [
                (
                    "invalid-id",
                    "\"$id$\" cannot be the id of a package: it is the placeholder '$id$' of a nuspec template",
                )
            ],
        ),
        ("A..B", "1.0", [("invalid-id", None)]),
        ("Ünï", "1.0", [("invalid-id", None)]),
        ("A", "1", [("version-without-dot", 'the version "1" has no dot, but nuget.org requires at least one')]),
        ("A", "1.0.0-" + "a" * 58, []),
        (
            "A",
            "1.0.0-" + "a" * 59,
            [("version-too-long", "the version has 65 characters, but nuget.org accepts at most 64")],
        ),
        ("A", "1.0.0-1", [("version-label", 'the prerelease label of "1.0.0-1" does not start with a letter')]),
        ("A", "1.0.0-1.2", []),
        (
            "A" * 100,
            "1.0.0-" + "a" * 55,
            [
                (
                    "id-and-version-too-long",
                    "id and version have 161 characters together, but nuget.org accepts at most 160",
                )
            ],
        ),
        ("A" * 100, "1.0.0-" + "a" * 54, []),
    ],
)
def test_id_and_version_have_limits(package_id: str, version: str, found: list[tuple[str, str | None]]) -> None:
    problems = push_problems(nuspec_of(package_id=package_id, version=version))
    assert [each.kind for each in problems] == [kind for kind, _ in found]
    for problem, (_, detail) in zip(problems, found, strict=True):
        assert detail is None or problem.detail == detail
        assert problem.refused_by == "push"


def test_description_and_authors_are_required_but_in_a_symbol_package() -> None:
    assert [(each.kind, each.refused_by) for each in push_problems(nuspec_of(usual=""))] == [
        ("missing-description", "push"),
        ("missing-authors", "pack"),
    ]
    symbols = "<packageTypes><packageType name='SymbolsPackage'/></packageTypes>"
    assert push_problems(nuspec_of(symbols, usual="")) == ()


def test_the_newest_client_that_may_be_asked_for() -> None:
    assert push_problems(nuspec_of(attributes=" minClientVersion='7.3.1.1'")) == ()
    (problem,) = push_problems(nuspec_of(attributes=" minClientVersion='7.3.1.2'"))
    assert (problem.kind, problem.place.pointer, problem.detail) == (
        "min-client-version-too-high",
        "/metadata/@minClientVersion",
        'minClientVersion "7.3.1.2" is above 7.3.1.1, nuget.org\'s limit',
    )


def test_long_licenses_repositories_ranges_and_dependencies() -> None:
    license_ = "MIT OR " * 72 + "MIT"
    url = f"<licenseUrl>https://licenses.nuget.org/{license_}</licenseUrl>"
    (problem,) = push_problems(nuspec_of(f"<license type='expression'>{license_}</license>{url}"))
    assert problem.detail == "<license> has 507 characters, but nuget.org accepts at most 500"
    (kind, address) = push_problems(nuspec_of(f"<repository type='{'g' * 101}' url='https://x.org/{'x' * 4000}'/>"))
    assert (kind.detail, kind.place.pointer) == (
        "the repository's type has 101 characters, but nuget.org accepts at most 100",
        "/metadata/repository/@type",
    )
    assert address.detail == "the repository's url has 4,014 characters, but nuget.org accepts at most 4,000"
    (range_,) = push_problems(nuspec_of(dependency("1.0.0-" + "a" * 300)))
    assert range_.detail == 'the range of "B" has 310 characters, but nuget.org accepts at most 256'
    (id_,) = push_problems(nuspec_of(dependency("1.0", "B" * 129)))
    assert (id_.kind, id_.args["limit"]) == ("invalid-dependency-id", 128)
    many = "".join(f"<dependency id='B{number}' version='1.0'/>" for number in range(2000))
    (total,) = push_problems(nuspec_of(f"<dependencies>{many}</dependencies>"))
    assert total.kind == "dependencies-too-long"
    assert total.place.pointer == "/metadata/dependencies"


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/jane",
        "HTTP://x",
        "https://user@x.org:8080/a?b#c",
        "http://[::1]/",
        " https://x.org ",
        "https://x.org\\a",
        "https://ümlaut.de",
    ],
)
def test_absolute_web_addresses(text: str) -> None:
    assert is_web_url(text)


@pytest.mark.parametrize(
    "text",
    ["", "github.com", "//github.com", "/a", "https://", "https:///a", "https:x.org", "ftp://x.org", "https://a b"],
)
def test_other_addresses(text: str) -> None:
    assert not is_web_url(text)


@pytest.mark.parametrize(
    ("version", "refused"),
    [("18.0.0-0", True), ("18.0.0-1a", True), ("18.0.0-a", False), ("18.0.0-0.0", False), ("18.0.0-0+x", False)],
)
def test_labels_that_old_clients_cannot_read(version: str, refused: bool) -> None:
    assert is_refused_label(NuGetVersion.parse(version)) is refused


def test_lengths_are_those_of_dotnet() -> None:
    assert dotnet_length("abc") == 3
    assert dotnet_length("é") == 1
    assert dotnet_length("😀") == 2


def test_long_and_unprintable_names_make_short_plain_messages() -> None:
    name = "a" * 10_000
    long = nuspec_of(f"<{name}/><{name}/>")
    (twice,) = push_problems(long)
    assert twice.detail == f"duplicate element <{'a' * 29}…{'a' * 30}>"
    assert twice.args == {"name": f"{'a' * 29}…{'a' * 30}"}
    groups = f"<group targetFramework='&#x202e;{name}'/>" * 2
    for problem in push_problems(nuspec_of(f"<dependencies>{groups}</dependencies>")):
        assert len(problem.detail) < 150
        assert problem.detail.replace("…", "").isascii()
