from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget import NO_VERSIONS, NuGetVersion, TargetFramework, VersionRange
from umbmarket.umbraco.compatibility.dependencies import UmbracoDependency, product_of, umbraco_dependencies
from umbmarket.umbraco.compatibility.estimate import Compatibility, Outcome, UmbracoGroup, estimate_compatibility
from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR, OLDEST_MAJOR, UMBRACO_MAJORS
from umbmarket.umbraco.compatibility.notes import CompatibilityNote, notes_on
from umbmarket.umbraco.compatibility.spans import MajorSpan, first_stable, major_span, majors_text

LARGEST = 2_147_483_647


def of(*ranges: str | None, dependency: str = "Umbraco.Cms.Core", mode: str = "Default") -> Compatibility:
    """A package with one group per range, each with one dependency."""
    return estimate_compatibility(
        [(f"net{8 + number}.0", [(dependency, range_)]) for number, range_ in enumerate(ranges)],
        mode,  # type: ignore[arg-type]  # one of the two in every test
    )


def notes_of(found: Compatibility) -> list[CompatibilityNote]:
    return list(notes_on(found))


def kinds(found: Compatibility) -> list[str]:
    return [note.kind for note in notes_on(found)]


# Step 1: what counts as Umbraco


@pytest.mark.parametrize(
    ("package_id", "product"),
    [
        ("Umbraco.Cms", "cms"),
        ("Umbraco.Cms.Core", "cms"),
        ("umbraco.CMS.web.Common", "cms"),
        ("UmbracoCms", "cms-8"),
        ("UmbracoCms.Web", "cms-8"),
        ("umbracocms.core", "cms-8"),
        ("Umbraco.Commerce", "commerce"),
        ("Umbraco.Commerce.PaymentProviders.Klarna", "commerce"),
        ("Umbraco.Cms.Integrations", "integration"),
        ("umbraco.cms.integrations.Crm.Hubspot", "integration"),
        ("Umbraco.Cms.IntegrationsPlus", "cms"),
        ("Umbraco.CmsTools", None),
        ("UmbracoCmsTools.Core", None),
        ("Umbraco.CommerceTools", None),
        ("UmbracoCommerce", None),
        ("Umbraco.Forms", None),
        ("Umbraco.Deploy.Core", None),
        ("Our.Umbraco.Cms", None),
        ("Umbraco", None),
        ("UmbracoForms.Core", None),
        ("", None),
    ],
)
def test_products_end_at_a_dot_and_ignore_letter_case(package_id: str, product: str | None) -> None:
    assert product_of(package_id) == product


def test_a_dependency_says_where_it_stands() -> None:
    groups = [
        (".NETStandard2.0", [("Newtonsoft.Json", "13.0.1")]),
        ("net8.0", [("Serilog", None), ("Umbraco.Cms.Core", "[13.0.0,14)")]),
    ]
    assert list(umbraco_dependencies(groups)) == [
        UmbracoDependency(
            id="Umbraco.Cms.Core",
            product="cms",
            range=VersionRange.parse("[13.0.0, 14.0.0)"),
            written="[13.0.0,14)",
            range_problem=None,
            framework=TargetFramework.parse("net8.0"),
            group=1,
            index=1,
        )
    ]


def test_a_range_may_be_given_read() -> None:
    (dependency,) = umbraco_dependencies([(None, [("Umbraco.Cms", VersionRange.parse(" [13,14) "))])])
    assert (dependency.range.normalized, dependency.written) == ("[13.0.0, 14.0.0)", " [13,14) ")
    assert dependency.framework.is_any


@pytest.mark.parametrize("written", [None, ""])
def test_no_range_means_any_version(written: str | None) -> None:
    found = of(written)
    assert found.dependencies[0].range.normalized == "(, )"
    assert found.dependencies[0].range_problem is None
    assert (found.semver.text, found.default.text) == ("9 and later", "9-13")
    assert kinds(found) == ["no-range", "capped"]
    assert notes_of(found)[0].text == "Umbraco.Cms.Core for net8.0 has no range, which means any version."


def test_an_unreadable_range_means_any_version() -> None:
    found = of("seventeen")
    assert found.dependencies[0].range.normalized == "(, )"
    assert found.dependencies[0].range_problem == "'seventeen' is not a number"
    assert (found.semver.text, found.default.text) == ("9 and later", "9-13")
    assert kinds(found) == ["range-not-readable"]


@pytest.mark.parametrize("mode", ["Default", "SemVer"])
def test_nothing_is_said_of_the_maximum_of_a_range_that_cannot_be_read(mode: str) -> None:
    assert kinds(of("[13.0.0, 14.*)", mode=mode)) == ["range-not-readable"]
    beside_one = of("[13.0.0, 14.*)", "12.0.0")
    assert [note.text.partition(" has ")[0] for note in notes_on(beside_one) if note.kind == "capped"] == [
        "The range for net9.0"
    ]


def test_a_floating_range_counts_with_its_interval() -> None:
    assert of("17.*").semver.ranges.normalized == ("[17.0.0, )",)
    assert of("[13.*, 15.0.0)").default.text == "13-14"


# The examples of the specification, and step 4


@pytest.mark.parametrize(
    ("range_", "text", "majors"),
    [
        ("[17.0.0, 17.99999999]", "17", (17,)),
        ("[10.0.0, 12.999.0)", "10-12", (10, 11, 12)),
        ("[14.0.0, 18.0.0)", "14-17", (14, 15, 16, 17)),
        ("(13.4.1, 14.0.0]", "13-14", (13, 14)),
        ("17.0.0", "17 and later", (17, 18)),
        ("[13.0.0, 13.999.0)", "13", (13,)),
        ("[18.0.0, 18.999.999)", "18", (18,)),
        ("[17.0.0, 18.0.0-0)", "17", (17,)),
        ("[17.0.0, 18.0.0-0]", "17", (17,)),
        ("[13.999.0, 14.0.0)", "13", (13,)),
        ("(17.99999999, 18.0.0)", "17", (17,)),
        ("(17.99999999, 18.0.0]", "17-18", (17, 18)),
        ("[10.4.0-rc, 12.0.0)", "10-11", (10, 11)),
        ("[17.0.0-rc.1, 17.0.0]", "17", (17,)),
        ("[17.0.0-rc.1, 17.0.0)", "none", ()),
        ("(17.0.0-rc.1, 17.0.0-rc.3)", "none", ()),
        ("[16.5.0, 17.0.0-rc.1]", "16", (16,)),
        ("[17.0.0]", "17", (17,)),
        ("[17.0.0, 17.0.0.1)", "17", (17,)),
        ("(17.0.0, 17.0.0.1)", "none", ()),
        ("(17.0.0, 17.0.0.2)", "17", (17,)),
        (f"[17.{LARGEST}.{LARGEST}.{LARGEST}, 18.0.0)", "17", (17,)),
        (f"(17.{LARGEST}.{LARGEST}.{LARGEST}, 18.0.0)", "none", ()),
        (f"(17.{LARGEST}.{LARGEST}.{LARGEST}, 18.0.0]", "18", (18,)),
        (f"(17.1.{LARGEST}.{LARGEST}, 17.2.0]", "17", (17,)),
        (f"(17.1.1.{LARGEST}, 17.1.2)", "none", ()),
        ("[7.5.3, 8.0.0)", "none", ()),
        ("(7.5.3, 8.0.0]", "8", (8,)),
        ("[8.6.0, 9.0.0)", "8", (8,)),
        ("(, 10.0.0)", "9", (9,)),
        ("(, 14.0.0)", "9-13", (9, 10, 11, 12, 13)),
        ("[9.0.0-rc1, 9.0.0)", "none", ()),
        ("(, 0.5.0)", "none", ()),
        ("[17.0.0, 21.0.0)", "17-18", (17, 18)),
        ("19.0.0", "19 and later", ()),
        (f"{LARGEST}.{LARGEST}.{LARGEST}.{LARGEST}", f"{LARGEST} and later", ()),
        (f"({LARGEST}.{LARGEST}.{LARGEST}.{LARGEST}, )", "none", ()),
        ("(1.0.0, 1.0.0)", "none", ()),
    ],
)
def test_majors_with_a_stable_version_inside(range_: str, text: str, majors: tuple[int, ...]) -> None:
    outcome = of(range_).semver
    assert (outcome.text, outcome.majors) == (text, majors)


def test_a_range_beyond_the_newest_known_major_is_noted() -> None:
    found = of("[17.0.0, 21.0.0)")
    assert kinds(found) == ["majors-to-come"]
    assert notes_of(found)[0].text == "The range goes up to 20; the newest version that umbmarket knows is 18."
    assert kinds(of("[17.0.0, 19.0.0)")) == []


def test_a_range_below_the_oldest_known_major_is_noted() -> None:
    found = of("[7.5.3, 8.0.0)", dependency="UmbracoCms.Core")
    assert kinds(found) == ["no-known-major"]
    assert notes_of(found)[0].text == "The range includes no stable version of Umbraco 8 to 18."


@pytest.mark.parametrize(
    ("majors", "from_major", "text"),
    [
        ((), None, "none"),
        ((8,), None, "8"),
        ((8, 9, 11, 13, 14), None, "8-9, 11, 13-14"),
        ((17, 18), 17, "17 and later"),
        ((13, 14, 17, 18), 17, "13-14, 17 and later"),
        ((15, 16, 17, 18), 17, "15 and later"),
        ((), 19, "19 and later"),
        ((14, 13, 13), None, "13-14"),
    ],
)
def test_majors_in_words(majors: tuple[int, ...], from_major: int | None, text: str) -> None:
    assert majors_text(majors, from_major) == text


def test_spans_have_both_ends() -> None:
    assert major_span(VersionRange.parse("[10.0.0, 12.999.0)")) == MajorSpan(10, 12)
    assert major_span(VersionRange.parse("[10.0.0, )")) == MajorSpan(10, None)
    assert major_span(VersionRange.parse("(, )")) == MajorSpan(0, None)
    assert major_span(NO_VERSIONS) is None


# Step 2: groups


def test_inside_a_group_ranges_intersect() -> None:
    found = estimate_compatibility(
        [("net10.0", [("Umbraco.Cms.Core", "17.0.0"), ("Umbraco.Commerce", "[17.0.0, 17.999.999)")])]
    )
    (group,) = found.groups
    assert group.range == VersionRange.parse("[17.0.0, 17.999.999)")
    assert (group.text, group.majors, group.is_impossible) == ("17", (17,), False)
    assert [each.id for each in group.dependencies] == ["Umbraco.Cms.Core", "Umbraco.Commerce"]
    assert found.default.ranges.normalized == ("[17.0.0, 17.999.999)",)


def test_across_groups_ranges_unite_and_gaps_stay() -> None:
    found = of("[10.4.0, 11.0.0)", "[11.0.0, 12.0.0)", "[13.0.0, 14.0.0)")
    assert found.default.ranges.normalized == ("[10.4.0, 12.0.0)", "[13.0.0, 14.0.0)")
    assert (found.default.majors, found.default.text) == ((10, 11, 13), "10-11, 13")
    assert found.default == Outcome("Default", found.semver.ranges, capped=False)
    assert kinds(found) == ["groups-disagree"]
    assert notes_of(found)[0].text == (
        "The ranges differ between target frameworks (net8.0 10, net9.0 11, net10.0 13). Together they give 10-11, "
        "13. For one such package the Marketplace showed only the versions of the highest framework, which would be 13 "
        "(net10.0)."
    )
    assert found.disagreeing_groups == found.groups


@pytest.mark.parametrize(
    ("frameworks", "highest"),
    [
        (("net9.0", "net10.0"), "net10.0"),
        (("net10.0", "net9.0"), "net10.0"),
        (("net472", "net5.0"), "net5.0"),
        (("netcoreapp3.1", "net48"), "netcoreapp3.1"),
        (("netstandard2.1", "net472"), "net472"),
        ((None, "netstandard2.0"), "netstandard2.0"),
        (("umbraco17", "netstandard2.0"), "netstandard2.0"),
        (("net8.0", "net8.0-windows7.0"), "net8.0-windows7.0"),
    ],
)
def test_the_highest_framework_is_named_beside_all_together(frameworks: tuple[str | None, str], highest: str) -> None:
    ranges = ("[13.0.0, 14.0.0)", "[14.0.0, 15.0.0)")
    found = estimate_compatibility(
        [(name, [("Umbraco.Cms.Core", each)]) for name, each in zip(frameworks, ranges, strict=True)]
    )
    assert found.highest_alone is not None
    group, outcome = found.highest_alone
    assert group.framework.short_name == highest
    assert outcome.text == group.text
    assert found.default.text == "13-14"


def test_the_highest_framework_alone_is_capped_as_well() -> None:
    found = of("[10.0.0, 13.0.0)", "13.0.0")
    assert found.highest_alone is not None
    assert found.highest_alone[1].text == "13"
    assert of("13.0.0", "13.0.0").highest_alone is None
    in_semver = of("[10.0.0, 13.0.0)", "13.0.0", mode="SemVer")
    assert in_semver.highest_alone is not None
    assert in_semver.highest_alone[1].text == "13 and later"


def test_a_group_that_cannot_be_read_does_not_disagree() -> None:
    assert of("[13.0.0, 14.0.0)", "[13.0.0, 14.*)").disagreeing_groups == ()
    assert len(of("[13.0.0, 14.0.0)", "[14.0.0, 15.0.0)", ">=13").disagreeing_groups) == 2


def test_groups_with_the_same_range_agree_however_it_is_written() -> None:
    assert of("[13.0.0, 14.0.0)", "[13,14)").disagreeing_groups == ()
    assert len(of("[13.0.0, 14.0.0)", "[13,14]").disagreeing_groups) == 2


def test_a_group_without_umbraco_adds_nothing_and_is_noted() -> None:
    found = estimate_compatibility(
        [("netstandard2.0", [("Serilog", "2.0.0")]), ("net6.0", []), ("net8.0", [("Umbraco.Cms", "[13,14)")])]
    )
    assert found.default.text == "13"
    assert found.groups_without_umbraco == (
        UmbracoGroup(0, TargetFramework.parse("netstandard2.0"), (), None),
        UmbracoGroup(1, TargetFramework.parse("net6.0"), (), None),
    )
    assert (found.groups[0].majors, found.groups[0].text, found.groups[0].is_impossible) == ((), "none", False)
    assert [group.index for group in found.groups_with_umbraco] == [2]
    assert found.disagreeing_groups == ()
    assert found.other_dependencies == 1
    assert kinds(found) == ["group-without-umbraco"]
    assert "netstandard2.0 and net6.0" in notes_of(found)[0].text


def test_an_empty_intersection_is_a_group_that_is_impossible() -> None:
    found = estimate_compatibility(
        [
            ("net8.0", [("Umbraco.Cms.Core", "[13.0.0, 14.0.0)"), ("Umbraco.Cms.Web.Common", "[14.0.0, )")]),
            ("net9.0", [("Umbraco.Cms.Core", "[15.0.0, 16.0.0)")]),
        ]
    )
    impossible = found.groups[0]
    assert impossible.range == NO_VERSIONS
    assert (impossible.is_impossible, impossible.majors, impossible.text) == (True, (), "none")
    assert found.impossible_groups == (impossible,)
    assert found.default.text == "15"
    assert not found.default.capped
    assert kinds(found) == ["no-version-in-common", "groups-disagree"]


def test_a_package_that_is_impossible_everywhere_shows_nothing() -> None:
    found = of("(1.0.0, 1.0.0)")
    assert (found.default.ranges.is_empty, found.default.text, found.default.open_ended) == (True, "none", False)
    assert kinds(found) == ["no-version-in-common"]


def test_no_umbraco_dependency() -> None:
    found = estimate_compatibility([("net8.0", [("umContentCreator.Core", "1.0.1")])])
    assert (found.dependencies, found.default.ranges.is_empty, found.default.majors) == ((), True, ())
    assert found.other_dependencies == 1
    assert [note.text for note in notes_on(found)] == [
        "The package has no direct dependency on Umbraco. The Marketplace lists it only if its one other dependency "
        "depends on Umbraco, which the package itself does not show."
    ]


def test_dependencies_that_are_known_to_lead_nowhere() -> None:
    found = estimate_compatibility([("net8.0", [("Newtonsoft.Json", "13.0.1")])])
    assert [note.text for note in notes_on(found, is_dead_end=True)] == [
        "No dependency of the package leads to Umbraco. The Marketplace lists a package only if it depends on Umbraco, "
        "directly or through another package."
    ]


@pytest.mark.parametrize("groups", [[], [("net8.0", [])]])
def test_no_dependency_at_all(groups: list[tuple[str, list[tuple[str, str]]]]) -> None:
    found = estimate_compatibility(groups)
    assert found.other_dependencies == 0
    assert [note.text for note in notes_on(found)] == [
        "The package has no dependencies. The Marketplace lists a package only if it depends on Umbraco, directly or "
        "through another package."
    ]


# Step 3: the cap


@pytest.mark.parametrize(
    ("range_", "ranges", "text", "capped"),
    [
        ("13.0.0", ("[13.0.0, 14.0.0)",), "13", True),
        ("9.0.0", ("[9.0.0, 14.0.0)",), "9-13", True),
        ("(13.4.1, )", ("(13.4.1, 14.0.0)",), "13", True),
        ("13.999.0", ("[13.999.0, 14.0.0)",), "13", True),
        ("(, )", ("[9.0.0, 14.0.0)",), "9-13", True),
        ("14.0.0-rc1", ("[14.0.0-rc1, )",), "14 and later", False),
        ("14.0.0", ("[14.0.0, )",), "14 and later", False),
        ("[13.0.0, 999.0.0)", ("[13.0.0, 999.0.0)",), "13-18", False),
        ("[10.0.0, 15.0.0)", ("[10.0.0, 15.0.0)",), "10-14", False),
        ("(, 15.0.0)", ("[9.0.0, 15.0.0)",), "9-14", False),
    ],
)
def test_default_mode_caps_old_and_open_ended(range_: str, ranges: tuple[str, ...], text: str, capped: bool) -> None:
    found = of(range_)
    assert found.default.ranges.normalized == ranges
    assert (found.default.text, found.default.capped) == (text, capped)
    assert ("capped" in kinds(found), found.mode_matters) == (capped, capped)


def test_semver_mode_leaves_the_range_alone() -> None:
    found = of("13.0.0", mode="SemVer")
    assert (found.semver.ranges.normalized, found.semver.capped) == (("[13.0.0, )",), False)
    assert (found.semver.majors, found.semver.open_from, found.semver.open_ended) == (
        (13, 14, 15, 16, 17, 18),
        13,
        True,
    )
    assert found.shown is found.semver
    assert found.default.text == "13"
    assert kinds(found) == ["open-ended"]


def test_the_cap_is_applied_to_each_group() -> None:
    found = of("[13.0.0, 14.0.0)", "[15.0.0, 16.0.0)", "17.0.0")
    assert (found.default.capped, found.mode_matters) == (False, False)
    assert (found.default.text, found.semver.text) == ("13, 15, 17 and later", "13, 15, 17 and later")
    assert kinds(found) == ["groups-disagree", "open-ended"]
    assert notes_of(found)[1].text.startswith("The range for net10.0 has no maximum, so every later version of Umbraco")


def test_a_capped_group_takes_nothing_from_another() -> None:
    found = of("13.0.0", "[17.0.0, 18.0.0)")
    assert (found.default.text, found.semver.text) == ("13, 17", "13 and later")
    # Something from 14 on is left, and something was taken away.
    assert (found.default.capped, found.mode_matters) == (False, True)
    assert kinds(found) == ["groups-disagree", "capped"]
    assert notes_of(found)[1].text.startswith("The range for net8.0 has no maximum and starts at 13 or lower, so in ")
    old_name = estimate_compatibility(
        [("net472", [("UmbracoCms.Core", "8.18.0")]), ("net10.0", [("Umbraco.Cms.Core", "[17.0.0, 17.999.999]")])]
    )
    assert (old_name.default.text, old_name.mode_matters) == ("8, 17", False)


def test_two_capped_groups_are_capped_together() -> None:
    found = of("10.0.0", "13.0.0")
    assert (found.default.capped, found.default.text) == (True, "10-13")
    assert notes_of(found)[1].text.startswith("The range has no maximum and starts at 13 or lower")


def test_what_another_group_makes_up_for_is_not_taken_away() -> None:
    found = of("10.0.0", "14.0.0")
    assert (found.default.text, found.default.capped, found.mode_matters) == ("10 and later", False, False)


def test_a_maximum_in_every_group_is_a_maximum() -> None:
    found = of("[13.0.0, 14.0.0)", "[17.0.0, 18.0.0)")
    assert (found.default.capped, found.default.text) == (False, "13, 17")


def test_groups_for_14_and_later_are_not_capped() -> None:
    found = of("[14.0.0, 16.0.0)", "17.0.0")
    assert (found.default.capped, found.default.text) == (False, "14-15, 17 and later")


def test_an_impossible_group_has_neither_minimum_nor_maximum() -> None:
    assert of("(1.0.0, 1.0.0)", "17.0.0").default.text == "17 and later"
    assert of("(1.0.0, 1.0.0)", "13.0.0").default.text == "13"


# Products


def test_commerce_is_numbered_as_umbraco_from_10_on() -> None:
    found = of("[18.0.0, 18.999.999)", dependency="Umbraco.Commerce.Core")
    assert found.default.text == "18"
    assert kinds(found) == ["commerce-as-umbraco"]
    assert of("[8.0.0, 12.0.0)", dependency="Umbraco.Commerce").default.ranges.normalized == ("[10.0.0, 12.0.0)",)
    assert of("[10.0.0-rc1, 12.0.0)", dependency="Umbraco.Commerce").semver.ranges.normalized == (
        "[10.0.0-rc1, 12.0.0)",
    )
    assert of(None, dependency="Umbraco.Commerce").default.text == "10-13"
    impossible = of("[2.0.0, 3.0.0)", dependency="Umbraco.Commerce")
    assert impossible.default.text == "none"


def test_integrations_alone_are_taken_by_name_with_a_warning() -> None:
    found = of("[5.0.0, 9.0.0)", dependency="Umbraco.Cms.Integrations.Crm.Hubspot")
    assert found.only_own_numbers
    assert found.default.text == "8"
    assert kinds(found) == ["own-numbers"]
    assert notes_of(found)[0].text.startswith(
        "Umbraco.Cms.Integrations.Crm.Hubspot does not have Umbraco's version numbers"
    )


def test_several_integrations_are_told_in_the_plural() -> None:
    two = [("Umbraco.Cms.Integrations.A", "[4.0.0, 5.0.0)"), ("Umbraco.Cms.Integrations.B", "[2.0.0, 3.0.0)")]
    alone = estimate_compatibility([("net8.0", two)])
    beside = estimate_compatibility([("net8.0", [*two, ("Umbraco.Cms.Core", "[13.0.0, 14.0.0)")])])
    begin = "Umbraco.Cms.Integrations.A and Umbraco.Cms.Integrations.B do not have Umbraco's version numbers"
    told = [each.text for found in (alone, beside) for each in notes_of(found) if each.kind == "own-numbers"]
    assert [each[: len(begin)] for each in told] == [begin, begin]


def test_integrations_beside_umbraco_do_not_count() -> None:
    found = estimate_compatibility(
        [
            ("net8.0", [("Umbraco.Cms.Integrations.Core", "2.0.0"), ("Umbraco.Cms.Core", "[13.0.0, 14.0.0)")]),
            ("net9.0", [("Umbraco.Cms.Integrations.Core", "2.0.0")]),
        ]
    )
    assert found.default.ranges.normalized == ("[13.0.0, 14.0.0)",)
    assert not found.only_own_numbers
    assert [each.has_own_numbers for each in found.dependencies] == [True, False, True]
    assert [group.index for group in found.groups_without_umbraco] == [1]
    assert kinds(found) == ["group-without-umbraco", "own-numbers"]


def test_umbraco_cms_in_one_word_ends_with_8() -> None:
    found = of("8.18.0", dependency="UmbracoCms.Core")
    assert (found.default.text, found.semver.text, kinds(found)) == ("8", "8", [])
    assert (found.default.capped, found.mode_matters) == (False, False)
    assert of("7.5.3", dependency="UmbracoCms").semver.ranges.normalized == ("[7.5.3, 9.0.0)",)
    assert kinds(of("[8.6.0, 9.0.0)", dependency="UmbracoCms.Core")) == []


@pytest.mark.parametrize(
    ("package_id", "range_", "own"),
    [
        ("Umbraco.Cms.Search.Core", "[1.0.0, 2.0.0)", True),
        ("Umbraco.Cms.Search.Core", "[1.0.0, 9.0.0)", True),
        ("Umbraco.Cms.Search.Core", "(, 0.5.0)", True),
        ("Umbraco.Cms.Search.Core", "[1.0.0, 9.0.0]", False),
        ("Umbraco.Cms.Search.Core", "1.0.0-alpha.8", True),
        ("Umbraco.Commerce.Extras", "2.0.0", True),
        ("Umbraco.Cms.Core", "8.0.0", False),
        ("Umbraco.Cms.Core", "*", False),
        ("Umbraco.Cms.Core", "*-*", False),
        ("Umbraco.Cms.Core", "(, )", False),
        ("Umbraco.Cms.Search.Core", "[17.0.0, 18.0.0)", False),
        ("Umbraco.Cms.Core", "[9.0.0-rc1, 9.0.0)", False),
        ("Umbraco.Cms.Core", "(1.0.0, 1.0.0)", False),
        ("Umbraco.Cms.Core", "junk", False),
        ("Umbraco.Cms.Core", None, False),
        ("Umbraco.Commerce.Extras", "[1.0.0, 2.0.0)", True),
        ("Umbraco.Commerce.Extras", "[9.0.0, 11.0.0)", False),
        ("Umbraco.Commerce", "[10.0.0-rc1, 10.0.0)", False),
        ("UmbracoCms.Extras", "[9.0.0, 10.0.0)", True),
        ("UmbracoCms.Core", "[8.0.0, 14.0.0)", False),
        ("UmbracoCms.Core", "[7.5.3, 8.0.0)", False),
        ("Umbraco.Cms.Integrations.Core", "[17.0.0, 18.0.0)", True),
    ],
)
def test_a_range_beyond_the_generation_of_its_name_is_the_numbering_of_the_package(
    package_id: str, range_: str | None, own: bool
) -> None:
    (dependency,) = umbraco_dependencies([(None, [(package_id, range_)])])
    assert dependency.has_own_numbers is own


def test_own_numbers_beside_umbraco_do_not_make_a_group_impossible() -> None:
    found = estimate_compatibility(
        [("net10.0", [("Umbraco.Cms.Search.Core", "[1.0.0, 2.0.0)"), ("Umbraco.Cms.Core", "[17.0.0, 18.0.0)")])]
    )
    assert (found.default.text, found.impossible_groups, kinds(found)) == ("17", (), ["own-numbers"])


def test_own_numbers_alone_need_no_version_in_common() -> None:
    two = [("Umbraco.Cms.Integrations.A", "[4.0.0, 5.0.0)"), ("Umbraco.Cms.Integrations.B", "[2.0.0, 3.0.0)")]
    found = estimate_compatibility([("net8.0", two)])
    assert (found.only_own_numbers, found.impossible_groups, kinds(found)) == (True, (), ["own-numbers"])


def test_two_generations_in_one_group_are_told_once() -> None:
    found = estimate_compatibility([("net5.0", [("UmbracoCms.Core", "8.18.0"), ("Umbraco.Cms.Core", "9.0.0")])])
    assert kinds(found) == ["mixed-generations"]


def test_both_generations_in_one_group_are_noted() -> None:
    both = [("UmbracoCms.Core", "8.6.0"), ("Umbraco.Cms.Core", "9.0.0")]
    assert "mixed-generations" in kinds(estimate_compatibility([("net5.0", both)]))
    apart = [("net472", both[:1]), ("net5.0", both[1:])]
    assert "mixed-generations" not in kinds(estimate_compatibility(apart))


# Shapes of ranges


@pytest.mark.parametrize(
    ("range_", "admits", "swapped"),
    [
        ("[17.0.0, 18.0.0)", 18, False),
        ("[17.0.0, 18.0.0]", None, True),
        ("(13.4.1, 14.0.0]", None, True),
        ("(13.4.1, 14.0.0)", 14, True),
        ("[17.0.0, 18.0.0-0)", None, False),
        ("[17.0.0, 17.99999999]", None, False),
        ("[17.0.0, 18.1.0)", None, False),
        ("[18.0.0]", None, False),
        ("18.0.0", None, False),
        ("(, 18.0.0)", 18, False),
        ("(18.0.0, 18.0.0)", None, True),
    ],
)
def test_shapes_that_rules_look_at(range_: str, admits: int | None, swapped: bool) -> None:
    (dependency,) = of(range_).dependencies
    assert dependency.admits_prereleases_of == admits
    assert dependency.brackets_look_swapped is swapped
    assert dependency.is_open_ended is (dependency.range.maximum is None)


def test_everything_is_an_estimate() -> None:
    assert of("17.0.0").estimate is True


def test_notes_name_a_bounded_number_of_groups() -> None:
    found = of(*(f"[{number}.0.0, {number}.5.0)" for number in range(1, 30)))
    note = notes_of(found)[0]
    assert note.kind == "groups-disagree"
    # Six of them, and the highest once more.
    assert note.text.count("net") == 7
    assert "..." in note.text
    many = estimate_compatibility(
        [(f"net{number}.0", []) for number in range(5, 40)] + [(None, [("UmbracoCms", "[8,9)")])]
    )
    assert "net10.0 and 29 more" in notes_of(many)[0].text


@pytest.mark.slow
def test_a_huge_package_costs_little() -> None:
    groups = [(f"net{number}.0", [("Umbraco.Cms.Core", f"[{number}.0.0, {number}.1.0)")]) for number in range(20_000)]
    start = time.process_time()
    found = estimate_compatibility(groups)
    # Those of `Umbraco.Cms` below 9 are numbers of its own.
    assert found.default.majors == tuple(UMBRACO_MAJORS)[1:]
    assert len(notes_of(found)) == 4
    assert time.process_time() - start < 20


# Properties

numbers = st.one_of(st.integers(0, 20), st.sampled_from([999, LARGEST - 1, LARGEST]))
small = st.one_of(st.integers(0, 2), st.sampled_from([999, LARGEST - 1, LARGEST]))
versions = st.builds(
    lambda major, minor, patch, revision, labels: NuGetVersion(major, minor, patch, revision, release_labels=labels),
    numbers,
    small,
    small,
    small,
    st.sampled_from([(), (), ("0",), ("rc", "1")]),
)


def _range(low: NuGetVersion | None, high: NuGetVersion | None, low_in: bool, high_in: bool) -> VersionRange:
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
        if low == high:
            high_in = low_in
    return VersionRange(low, low_in, high, high_in)


ranges = st.builds(_range, st.none() | versions, st.none() | versions, st.booleans(), st.booleans())
ids = st.sampled_from(["Umbraco.Cms.Core", "UmbracoCms", "Umbraco.Commerce", "Umbraco.Cms.Integrations.X", "Serilog"])
packages = st.lists(st.tuples(st.none(), st.lists(st.tuples(ids, st.none() | ranges), max_size=3)), max_size=4)


@settings(max_examples=300, deadline=None)
@given(ranges, versions)
def test_a_stable_version_inside_proves_its_major(interval: VersionRange, version: NuGetVersion) -> None:
    span = major_span(interval)
    if not version.is_prerelease and interval.contains(version):
        assert span is not None
        assert span.first <= version.major
        assert span.last is None or version.major <= span.last


@settings(max_examples=300, deadline=None)
@given(ranges)
def test_every_major_has_a_witness(interval: VersionRange) -> None:
    span = major_span(interval)
    if span is not None:
        last = span.last if span.last is not None else max(span.first, NEWEST_MAJOR)
        assert span.first <= last
        for major in {span.first, last, *range(OLDEST_MAJOR, NEWEST_MAJOR + 1)} - {-1}:
            witness = first_stable(interval, major)
            assert (witness is not None) == (span.first <= major <= last)
            if witness is not None:
                assert (witness.major, witness.is_prerelease) == (major, False)
                assert interval.contains(witness)


@settings(max_examples=200, deadline=None)
@given(packages)
def test_default_shows_no_more_than_semver(package: list[tuple[None, list[tuple[str, VersionRange | None]]]]) -> None:
    found = estimate_compatibility(package)
    assert found.default.ranges.is_subset_of(found.semver.ranges)
    assert set(found.default.majors) <= set(found.semver.majors)
    assert not found.default.capped or found.mode_matters
    assert not found.mode_matters or any(group.is_capped for group in found.groups)
    if found.default.capped:
        assert not found.default.open_ended
        assert max(found.default.majors, default=0) <= 13
    assert set(found.semver.majors) == {major for group in found.groups for major in group.majors}
    assert all(note.text.endswith(".") for note in notes_of(found))


@settings(max_examples=200, deadline=None)
@given(packages, st.randoms(use_true_random=False))
def test_order_letter_case_and_strangers_do_not_matter(package, random) -> None:  # type: ignore[no-untyped-def]  # given by hypothesis
    found = estimate_compatibility(package)
    shuffled = [
        (framework, [*random.sample(entries, len(entries)), ("Newtonsoft.Json", "13.0.1")])
        for framework, entries in random.sample(package, len(package))
    ]
    shuffled = [
        (framework, [(package_id.swapcase(), range_) for package_id, range_ in entries])
        for framework, entries in shuffled
    ]
    again = estimate_compatibility(shuffled)
    assert again.default == found.default
    assert again.semver == found.semver
