"""Advice on Umbraco versions, applied and checked again, and packages of each shape that nothing may be wrong with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import umbmarket
from umbmarket.findings import Finding, Severity
from umbmarket.nuget import VersionRange
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.settings.options import Settings
from umbmarket.umbraco.compatibility.majors import PRERELEASE_MAJORS
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.rules.range_shapes import prereleases_let_in

Build = Callable[..., bytes]
Groups = dict[str, dict[str, str | None]]

CMS, WEB = "Umbraco.Cms.Core", "Umbraco.Cms.Web.Common"
OLD = "UmbracoCms.Core"
SEARCH = "Umbraco.Cms.Search.Core"
COMMERCE = "Umbraco.Commerce.Core"
HUBSPOT = "Umbraco.Cms.Integrations.Crm.Hubspot"

_RANGE = re.compile(r"[\[(][^\[(\])]*,[^\[(\])]*[\])]")


@pytest.fixture
def told(tmp_path: Path, nupkg: Build) -> Callable[..., list[Finding]]:
    """Writes a package with these groups, and a listing for it, and gives what is found."""

    def check(
        groups: Mapping[str | None, Mapping[str, str | None]], mode: str = "Default", **texts: str
    ) -> list[Finding]:
        package = tmp_path / "My.Package.1.2.3.nupkg"
        url = "https://github.com/jane/my-package"
        package.write_bytes(nupkg(groups=groups, tags="umbraco-marketplace", projectUrl=url, **texts))
        listing = tmp_path / "umbraco-marketplace-my.package.json"
        listing.write_text(f'{{"VersionDependencyMode": "{mode}"}}', "utf-8")
        report = umbmarket.validate([tmp_path], root=tmp_path, settings=Settings(select=("UMB3", "UMB4")))
        assert report.failures == ()
        return list(report.findings)

    return check


def codes(found: list[Finding]) -> list[str]:
    return sorted(finding.code for finding in found if finding.code.startswith("UMB4"))


OPEN: dict[str, tuple[Groups, str]] = {
    "10 and later": ({"net6.0": {CMS: "10.0.0"}}, "Default"),
    "a minor of 13": ({"net8.0": {CMS: "13.3.0"}}, "Default"),
    "13 exclusive": ({"net8.0": {CMS: "(13.3.0, )"}}, "Default"),
    "any version": ({"net8.0": {CMS: "(, )"}}, "Default"),
    "8 by the new name": ({"net8.0": {CMS: "8.0.0"}}, "Default"),
    "17 and later": ({"net10.0": {CMS: "17.0.0"}}, "Default"),
    "18 and later": ({"net10.0": {CMS: "18.1.0"}}, "Default"),
    "19 and later": ({"net10.0": {CMS: "19.0.0"}}, "Default"),
    "SemVer": ({"net8.0": {CMS: "13.3.0"}}, "SemVer"),
    "SemVer from 8 on": ({"net472": {OLD: "8.18.0"}}, "SemVer"),
    "8 alone": ({"net472": {OLD: "8.18.0"}}, "Default"),
    "Commerce": ({"net8.0": {COMMERCE: "12.0.0"}}, "Default"),
    "several groups": ({"net472": {OLD: "8.18.0"}, "net6.0": {CMS: "10.4.0"}, "net10.0": {CMS: "17.0.0"}}, "Default"),
    "the same for each": ({"net8.0": {CMS: "13.0.0"}, "net9.0": {CMS: "13.0.0"}}, "Default"),
    "several dependencies": ({"net8.0": {CMS: "13.3.0", WEB: "13.3.0"}}, "Default"),
    "beside own numbers": ({"net10.0": {SEARCH: "[1.0.0, 2.0.0)", CMS: "17.0.0"}}, "Default"),
}


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.parametrize("choice", [0, -1], ids=["first", "last"])
def test_the_advice_on_an_open_range_keeps_the_minimum_and_leads_to_no_finding(
    told: Callable[..., list[Finding]], name: str, choice: int
) -> None:
    groups, mode = OPEN[name]
    before = told(groups, mode)
    advised = [finding for finding in before if finding.code in ("UMB402", "UMB403")]
    assert advised
    mended: Groups = {framework: dict(dependencies) for framework, dependencies in groups.items()}
    for finding in advised:
        at = re.search(r"group(?:\[(\d+)\])?/dependency(?:\[(\d+)\])?/@version", finding.pointer)
        assert at is not None, finding.pointer
        framework = list(mended)[int(at[1] or 1) - 1]
        package_id = list(mended[framework])[int(at[2] or 1) - 1]
        text = _RANGE.findall(finding.help)[choice]
        old, new = VersionRange.parse(mended[framework][package_id]), VersionRange.parse(text)
        if old.minimum is not None:
            assert new.minimum == old.minimum
        assert new.minimum_inclusive
        assert new.maximum is not None
        mended[framework][package_id] = text
    after = codes(told(mended, mode))
    assert set(after) <= {"UMB404", "UMB405"}
    assert after.count("UMB405") <= codes(before).count("UMB405") or choice == 0


@pytest.mark.parametrize(
    ("groups", "mode", "help_"),
    [
        (
            {"net6.0": {CMS: "10.0.0"}},
            "Default",
            "write [10.0.0, 14.0.0) for Umbraco 10-13 only, or [10.0.0, 19.0.0) if you have tested 10-18",
        ),
        (
            {"net8.0": {CMS: "13.3.0"}},
            "Default",
            "write [13.3.0, 14.0.0) for Umbraco 13 only, or [13.3.0, 19.0.0) if you have tested 13-18",
        ),
        ({"net472": {OLD: "8.18.0"}}, "Default", "write [8.18.0, 9.0.0): UmbracoCms ends at version 8"),
        ({"net472": {OLD: "8.18.0"}}, "SemVer", "write [8.18.0, 9.0.0): UmbracoCms ends at version 8"),
        (
            {"net10.0": {CMS: "17.0.0"}},
            "Default",
            "write [17.0.0, 18.0.0) for Umbraco 17 only, or [17.0.0, 19.0.0) if you have tested 17-18;"
            " raise the maximum when you have tested the next major version",
        ),
        (
            {"net10.0": {CMS: "18.0.0"}},
            "Default",
            "write [18.0.0, 19.0.0), and raise the maximum when you have tested the next major version",
        ),
        ({"net10.0": {CMS: "2147483647.0.0"}}, "Default", "give the range a maximum"),
    ],
)
def test_the_advice_is_computed(told: Callable[..., list[Finding]], groups: Groups, mode: str, help_: str) -> None:
    assert [finding.help for finding in told(groups, mode) if finding.code in ("UMB402", "UMB403")] == [help_]


def test_generations_side_by_side_are_told_once_and_the_advice_holds(told: Callable[..., list[Finding]]) -> None:
    assert codes(told({"net5.0": {OLD: "[8.18.0, 9.0.0)", CMS: "[9.0.0, 10.0.0)"}})) == ["UMB411"]
    assert codes(told({"net5.0": {OLD: "8.18.0", CMS: "9.0.0"}})) == ["UMB411"]
    apart = told({"net472": {OLD: "[8.18.0, 9.0.0)"}, "net5.0": {CMS: "[9.0.0, 10.0.0)"}})
    assert not {"UMB408", "UMB411"} & set(codes(apart))


def test_what_is_impossible_within_one_generation_is_told_beside_the_other(told: Callable[..., list[Finding]]) -> None:
    both = {OLD: "[8.18.0, 9.0.0)", CMS: "[13.0.0, 14.0.0)", WEB: "[14.0.0, 15.0.0)"}
    assert codes(told({"net8.0": both})) == ["UMB408", "UMB411"]
    mended = told({"net472": {OLD: "[8.18.0, 9.0.0)"}, "net8.0": {CMS: "[13.0.0, 14.0.0)", WEB: "[13.0.0, 14.0.0)"}})
    assert not {"UMB408", "UMB411"} & set(codes(mended))


def test_the_advice_of_a_prerelease_does_not_lead_to_a_stable_package_on_a_prerelease(
    told: Callable[..., list[Finding]],
) -> None:
    on_candidate = {"net10.0": {CMS: "[17.0.0-rc1, 18.0.0)"}}
    (found,) = (finding for finding in told(on_candidate, version="2.0.0-beta1") if finding.code == "UMB412")
    assert found.help == ("publish a stable version to be listed, once Umbraco.Cms.Core 17.0.0 is released")
    assert codes(told(on_candidate, version="2.0.0")) == ["UMB413"]
    assert codes(told({"net10.0": {CMS: "[17.0.0, 18.0.0)"}}, version="2.0.0")) == []


def tree(tmp_path: Path, nupkg: Build, tags: str, own: bool) -> list[Finding]:
    """Two packages, the first depending on the second, with one listing for both or one more for the second."""
    (tmp_path / ".git").mkdir(exist_ok=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = https://github.com/jane/my-package\n')
    url = "https://github.com/jane/my-package"
    outer = {"net8.0": {"My.Package.Core": "1.2.3", CMS: "[13.0.0, 14.0.0)"}}
    inner = {"net8.0": {CMS: "[13.0.0, 14.0.0)"}}
    (tmp_path / "umbraco-marketplace.json").write_text("{}")
    if own:
        listing = tmp_path / "umbraco-marketplace-my.package.core.json"
        listing.write_text('{"IsSubPackageOf": "My.Package"}')
    (tmp_path / "My.Package.1.2.3.nupkg").write_bytes(nupkg(tags="umbraco-marketplace", projectUrl=url, groups=outer))
    core = nupkg(id="My.Package.Core", tags=tags, projectUrl=url, groups=inner, nuspec_name="My.Package.Core.nuspec")
    (tmp_path / "My.Package.Core.1.2.3.nupkg").write_bytes(core)
    settings = Settings(select=("UMB306", "UMB508"))
    return list(umbmarket.validate([tmp_path], root=tmp_path, settings=settings).findings)


def test_an_inner_package_is_told_once_and_each_way_out_holds(tmp_path: Path, nupkg: Build) -> None:
    (found,) = tree(tmp_path, nupkg, "umbraco-marketplace", own=False)
    assert (found.code, found.help) == (
        "UMB306",
        "tag only the package that users install, or give it its own listing,"
        ' umbraco-marketplace-my.package.core.json, with "IsSubPackageOf"',
    )
    assert tree(tmp_path, nupkg, "forms", own=False) == []
    assert tree(tmp_path, nupkg, "umbraco-marketplace", own=True) == []


def facts_of(data: bytes) -> PackageFacts:
    package = NuGetPackage.from_bytes("My.Package.1.2.3.nupkg", data)
    return PackageFacts(package, place(package.project_url, package.id))


def test_prereleases_are_told_once_while_that_major_has_nothing_else(nupkg: Build) -> None:
    groups = {
        "net8.0": {CMS: "[17.0.0, 18.0.0)"},
        "net10.0": {SEARCH: "[1.0.0, 2.0.0)", CMS: "[17.2.0, 19.0.0)"},
        "net11.0": {CMS: "[17.3.0, 19.0.0)"},
    }
    facts = facts_of(nupkg(groups=groups, tags="umbraco-marketplace"))
    assert list(prereleases_let_in(facts, PRERELEASE_MAJORS)) == []
    assert [(each.message, each.help) for each in prereleases_let_in(facts, {2, 19})] == [
        (
            "Umbraco.Cms.Core [17.2.0, 19.0.0) includes prereleases of Umbraco 19",
            "keep it, or write [17.2.0, 18.999.999]",
        )
    ]


SHAPES: dict[str, tuple[Groups, list[str]]] = {
    "a group with a maximum and an open one": (
        {"net8.0": {CMS: "[13.0.0, 14.0.0)"}, "net10.0": {CMS: "17.0.0"}},
        ["UMB403", "UMB405"],
    ),
    "8 open and 17": (
        {"net472": {OLD: "8.18.0"}, "net10.0": {CMS: "[17.0.0, 17.999.999]"}},
        ["UMB402", "UMB405"],
    ),
    "search with own numbers": ({"net10.0": {SEARCH: "[1.0.0, 2.0.0)", CMS: "[17.0.0, 18.0.0)"}}, []),
    "search with own numbers alone": ({"net10.0": {SEARCH: "[1.0.0, 2.0.0)"}}, ["UMB410"]),
    "two integrations alone": ({"net8.0": {HUBSPOT: "[4.0.0, 5.0.0)", HUBSPOT + "X": "[1.0.0, 2.0.0)"}}, ["UMB410"]),
    "integration open": ({"net8.0": {HUBSPOT: "4.0.0", CMS: "[13.0.0, 14.0.0)"}}, []),
    "commerce extra with own numbers": (
        {"net8.0": {"Umbraco.Commerce.Extras": "[1.0.0, 2.0.0)", CMS: "[13.0.0, 14.0.0)"}},
        [],
    ),
    "below a maximum": ({"net8.0": {CMS: "(, 14.0.0)"}}, []),
    "8": ({"net472": {OLD: "[8.18.0, 9.0.0)"}}, []),
    "the guide's own range": ({"net9.0": {CMS: "[14.0.0, 18.0.0)"}}, []),
    "three groups": (
        {"net6.0": {CMS: "[10.4.0, 11.0.0)"}, "net7.0": {CMS: "[11.0.0, 13.0.0)"}, "net8.0": {CMS: "[13.0.0, 14.0.0)"}},
        ["UMB405"],
    ),
    "commerce of another major": ({"net10.0": {CMS: "[17.0.0, 18.0.0)", COMMERCE: "[16.0.0, 17.0.0)"}}, ["UMB408"]),
    "stable on a prerelease": ({"net10.0": {CMS: "[17.0.0-rc1, 18.0.0)"}}, ["UMB413"]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_no_shape_is_an_error(told: Callable[..., list[Finding]], name: str) -> None:
    groups, expected = SHAPES[name]
    found = told(groups)
    assert [finding.code for finding in found if finding.severity is Severity.ERROR] == []
    assert codes(found) == expected


UNREADABLE = ["[13.0.0, 14.*)", ">=13.0.0", "$(UmbracoVersion)", "[14.0.0, 13.0.0)"]


@pytest.mark.parametrize("range_", UNREADABLE)
@pytest.mark.parametrize("mode", ["Default", "SemVer"])
def test_of_a_range_that_cannot_be_read_only_that_is_told(
    told: Callable[..., list[Finding]], range_: str, mode: str
) -> None:
    found = told({"net8.0": {CMS: range_}, "net9.0": {CMS: "[15.0.0, 16.0.0)"}}, mode)
    assert [finding.code for finding in found if finding.severity is Severity.ERROR] == ["UMB313"]
    assert not {"UMB402", "UMB403", "UMB405", "UMB408"} & set(codes(found))


@pytest.mark.parametrize(
    ("range_", "help_"),
    [
        ("[13.0.0, 14.*)", "write [13.0.0, 14.0.0)"),
        (">=13.2.0", "write [13.2.0, 14.0.0)"),
        ("~> 13.2", "write [13.2.0, 14.0.0)"),
        ("^13.0.0", "write [13.0.0, 14.0.0)"),
        ("13.*", "write [13.0.0, 14.0.0)"),
        ("[13.*, 15.0.0)", "write [13.0.0, 15.0.0)"),
        (
            "$(UmbracoVersion)",
            "the property was not replaced: let dotnet pack write the nuspec, or write a range with both ends",
        ),
        ("[14.0.0, 13.0.0)", "write a range with both ends"),
        ("*", "write a range with both ends"),
        ("2147483647.*", "write a range with both ends"),
        (None, "write the version that the package is built with, or a range with both ends"),
    ],
)
def test_the_advice_on_what_nuget_does_not_read_keeps_what_was_meant(
    told: Callable[..., list[Finding]], range_: str | None, help_: str
) -> None:
    assert [finding.help for finding in told({"net8.0": {CMS: range_}}) if finding.code == "UMB313"] == [help_]
    text = _RANGE.search(help_)
    if text is not None:
        found = told({"net8.0": {CMS: text[0]}})
        assert [finding.code for finding in found if finding.code == "UMB313"] == []
        assert codes(found) == []


@pytest.mark.parametrize(
    ("range_", "help_"),
    [
        (
            "[17.0.0, 18.0.0-0)",
            "write [17.0.0, 17.999.999], or use a label that begins with a letter, such as 18.0.0-a",
        ),
        ("[17.0.0-0, 18.0.0)", "write 17.0.0, or use a label that begins with a letter, such as 17.0.0-a"),
        ("[17.0.0, 17.5.0-1)", "write 17.5.0, or use a label that begins with a letter, such as 17.5.0-a"),
    ],
)
def test_the_advice_on_a_refused_label_keeps_the_rest(
    told: Callable[..., list[Finding]], range_: str, help_: str
) -> None:
    assert [finding.help for finding in told({"net10.0": {CMS: range_}}) if finding.code == "UMB407"] == [help_]
    for text in _RANGE.findall(help_):
        assert codes(told({"net10.0": {CMS: text}})) == []


def test_the_example_for_another_package_has_both_ends(told: Callable[..., list[Finding]]) -> None:
    found = told({"net8.0": {CMS: "[17.0.0, 18.0.0)", "Acme.Parts": "*"}})
    assert [finding.help for finding in found if finding.code == "UMB313"] == [
        "write a range with both ends, such as [1.0.0, 2.0.0)"
    ]


@pytest.mark.parametrize("range_", ["*", "0.0.0", "(, )"])
def test_advice_begins_with_the_generation(told: Callable[..., list[Finding]], range_: str) -> None:
    found = told({"net8.0": {CMS: range_}})
    (advised,) = [finding.help for finding in found if finding.code == "UMB402"]
    assert _RANGE.findall(advised) == ["[9.0.0, 14.0.0)", "[9.0.0, 19.0.0)"]
