from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.umbraco.suggestions import (
    _FORMER_KEYS,
    _FORMER_VALUES,
    MAX_COMPARED_LENGTH,
    KeySuggestion,
    Suggestion,
    suggest_key,
    suggest_value,
)
from umbmarket.umbraco.vocabulary import (
    OBJECT_POINTERS,
    categories,
    known_keys,
    license_types,
    package_types,
    version_dependency_modes,
)


@pytest.mark.parametrize(
    ("key", "kind", "expected", "certain", "reason"),
    [
        ("Categories", "listing", "Category", True, "mistaken"),
        ("categories", "listing", "Category", True, "mistaken"),
        ("Umbraco8PackageId", "listing", "VersionSpecificPackageIds", True, "former"),
        ("SyncContributorsFromGitHub", "author", "SyncContributorsFromRepository", True, "former"),
        ("syncContributorsFromGithub", "author", "SyncContributorsFromRepository", True, "former"),
        ("SyncContributorsFromGitHub", "listing", "SyncContributorsFromRepository", True, "former"),
        ("NuGetPackageId", "listing", None, True, "mistaken"),
        ("BugsUrl", "listing", "IssueTrackerUrl", True, "mistaken"),
        ("SourceCodeUrl", "listing", None, True, "mistaken"),
        ("GitHubUrl", "listing", None, True, "mistaken"),
        ("LicenseUrl", "listing", None, True, "mistaken"),
        ("title", "listing", "Title", True, "spelling"),
        ("Alternate Category", "listing", "AlternateCategory", True, "spelling"),
        ("alternate_category", "listing", "AlternateCategory", True, "spelling"),
        ("schema", "listing", "$schema", True, "spelling"),
        ("packageID", "related-package", "PackageId", True, "spelling"),
        ("imageURL", "screenshot", "ImageUrl", True, "spelling"),
        ("Catagory", "listing", "Category", False, "similar"),
        ("Screenshot", "listing", "Screenshots", False, "similar"),
        ("LicenceTypes", "listing", "LicenseTypes", False, "similar"),
        ("Name", "listing", "Title", False, "mistaken"),
        ("Contributors", "listing", "Contributors", False, "misplaced"),
        ("Tags", "author", "Tags", False, "misplaced"),
        ("Title", "screenshot", "Caption", False, "mistaken"),
        ("Version", "version-specific-package", "UmbracoMajorVersion", False, "mistaken"),
    ],
)
def test_keys(key: str, kind: str, expected: str | None, certain: bool, reason: str) -> None:
    found = suggest_key(key, kind)
    assert found is not None
    assert (found.key, found.certain, found.reason) == (expected, certain, reason)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("Foo", "listing"),
        ("PrivacyPolicy", "listing"),
        ("", "listing"),
        ("…", "listing"),
        ("Mail", "contributor"),
    ],
)
def test_nothing_is_suggested_for_a_key_that_resembles_none(key: str, kind: str) -> None:
    assert suggest_key(key, kind) is None


def test_what_else_has_to_be_done_is_said() -> None:
    assert suggest_key("Umbraco8PackageId", "listing") == KeySuggestion(
        "VersionSpecificPackageIds",
        True,
        "former",
        same_value=False,
        note='It now takes an array such as [{"UmbracoMajorVersion": 8, "PackageId": "..."}].',
    )
    assert suggest_key("Contributors", "listing") == KeySuggestion(
        "Contributors",
        False,
        "misplaced",
        same_value=False,
        owner="author",
        note="Contributors belongs inside AuthorDetails.",
    )
    assert suggest_key("Category", "author") == KeySuggestion(
        "Category",
        False,
        "misplaced",
        same_value=False,
        owner="listing",
        note="Category belongs in the listing itself, not in AuthorDetails.",
    )


def test_every_key_that_is_suggested_exists() -> None:
    for kind, former in _FORMER_KEYS.items():
        for name, suggestion in former.items():
            assert name not in known_keys(kind), name
            if suggestion.key is not None:
                assert suggestion.key in known_keys(suggestion.owner or kind), name
            else:
                assert suggestion.note, name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("developer tools", "Developer Tools"),
        ("developer-tools", "Developer Tools"),
        ("DeveloperTools", "Developer Tools"),
        (" Developer  Tools ", "Developer Tools"),
        ("editor-tools", "Editor Tools"),
        ("Analytics and Insights", "Analytics & Insights"),
        ("Analytics + Insights", "Analytics & Insights"),
        ("Analytics &amp; Insights", "Analytics & Insights"),
        ("analytics-&-insights", "Analytics & Insights"),
        ("themes-&-starter-kits", "Themes & Starter Kits"),
        ("themes-and-starter-kits", "Themes & Starter Kits"),
        ("PIM&DAM", "PIM & DAM"),
        ("pim", "PIM & DAM"),
        ("PIM", "PIM & DAM"),
    ],
)
def test_a_category_that_only_differs_in_spelling_is_certain(value: str, expected: str) -> None:
    found = suggest_value(value, categories())
    assert found is not None
    assert (found.value, found.certain) == (expected, True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Analytics", "Analytics & Insights"),
        ("Starter Kits", "Themes & Starter Kits"),
        ("DAM", "PIM & DAM"),
        ("Marketing", "Campaign & Marketing"),
        ("Translation", "Translations"),
        ("Develoer Tools", "Developer Tools"),
        ("AI", "Artificial Intelligence"),
        ("Backoffice Extensions", "Editor Tools"),
    ],
)
def test_a_category_that_is_guessed_is_not_certain(value: str, expected: str) -> None:
    found = suggest_value(value, categories())
    assert found is not None
    assert (found.value, found.certain) == (expected, False)


def test_a_category_without_successor_is_explained() -> None:
    assert suggest_value("CMS Extensions", categories()) == Suggestion(
        None, False, "former", "CMS Extensions was removed in November 2022 without a replacement."
    )
    assert suggest_value("CMS Extensions", package_types()) is None


@pytest.mark.parametrize("value", ["Media", "Tools", "Utilities", "", "   ", "&", "x" * 5000])
def test_nothing_is_suggested_for_a_category_that_resembles_none(value: str) -> None:
    # "Tools" is in two categories, and a bare "&" in several.
    assert suggest_value(value, categories()) is None


def test_the_other_lists() -> None:
    assert suggest_value("free", license_types()) == Suggestion("Free", True, "spelling")
    assert suggest_value("MIT", license_types()) == Suggestion(
        "Free", False, "mistaken", "This property says how the package is paid for, not which licence it has."
    )
    assert suggest_value("MIT", categories()) is None
    assert suggest_value("Commercial", license_types()) == Suggestion(
        "Purchase", False, "mistaken", "This property says how the package is paid for, not which licence it has."
    )
    assert suggest_value("package", package_types()) == Suggestion("Package", True, "spelling")
    assert suggest_value("Tool", package_types()) == Suggestion("Package", False, "mistaken")
    assert suggest_value("Semver", version_dependency_modes()) == Suggestion("SemVer", True, "spelling")
    assert suggest_value("sem-ver", version_dependency_modes()) == Suggestion("SemVer", True, "spelling")


def test_every_value_that_is_suggested_exists() -> None:
    everything = {*categories(), *license_types(), *package_types(), *version_dependency_modes()}
    assert {former.value for former in _FORMER_VALUES.values()} - {None} <= everything


@given(st.text(max_size=MAX_COMPARED_LENGTH + 50), st.sampled_from(sorted(OBJECT_POINTERS)))
def test_a_suggested_key_is_never_the_key_itself_in_the_same_object(key: str, kind: str) -> None:
    found = suggest_key(key, kind)
    if found is not None and key not in known_keys(kind) and found.owner is None:
        assert found.key != key


@given(st.sampled_from(categories()), st.data())
def test_letter_case_and_joints_never_matter(category: str, data: st.DataObject) -> None:
    joint = data.draw(st.sampled_from([" ", "-", "_", "  ", ""]))
    conjunction = data.draw(st.sampled_from(["&", "and", "+", "AND", "&amp;"]))
    words = [conjunction if word == "&" else word for word in category.split()]
    case = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
    found = suggest_value(case(joint.join(words)), categories())
    assert found is not None
    assert (found.value, found.certain) == (category, True)
