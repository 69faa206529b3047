"""The Umbraco versions over all versions of a package."""

from __future__ import annotations

from umbmarket.umbraco.compatibility.over_versions import supported_versions


def version(range_: str | None, package_id: str = "Umbraco.Cms.Core") -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [("net8.0", [(package_id, range_)])]


def test_versions_unite_and_gaps_stay() -> None:
    found = supported_versions([version("[10.0.0, 11.0.0)"), version("[13.0.0, 14.0.0)"), version("[10.1.0, 11.0.0)")])
    assert found is not None
    assert (found.majors, found.ranges.normalized) == ((10, 13), ("[10.0.0, 11.0.0)", "[13.0.0, 14.0.0)"))
    assert not found.capped


def test_the_cap_works_on_each_version() -> None:
    older, newer = version("10.0.0"), version("[17.0.0, 18.0.0)")
    default = supported_versions([older, newer])
    assert default is not None
    # Something from 14 on is left, so "capped below 14" would be false.
    assert (default.text, default.capped) == ("10-13, 17", False)
    capped = supported_versions([older, version("[12.0.0, 13.0.0)")])
    assert capped is not None
    assert (capped.text, capped.capped) == ("10-13", True)
    semver = supported_versions([older, newer], "SemVer")
    assert semver is not None
    assert (semver.text, semver.capped) == ("10 and later", False)


def test_versions_without_umbraco_say_nothing() -> None:
    found = supported_versions([version("1.0.0", "Other"), version("[13.0.0, 14.0.0)"), []])
    assert found is not None
    assert found.text == "13"
    assert supported_versions([version("1.0.0", "Other"), []]) is None
    assert supported_versions([]) is None


def test_a_thousand_versions_with_the_same_dependencies_are_worked_out_once() -> None:
    same = [version("[13.0.0, 14.0.0)") for _ in range(1000)]
    found = supported_versions(same)
    assert found is not None
    assert found.majors == (13,)
