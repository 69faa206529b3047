from __future__ import annotations

import pytest

from umbmarket.findings import JsonValue
from umbmarket.umbraco.listing_page import PackageMetadata, PreviewField, preview

PACKAGE = PackageMetadata(
    id="My.Package",
    title="My Package",
    description="Does things.",
    authors="Jane, Joe",
    project_url="https://example.com/",
    repository_url="https://github.com/jane/my-package",
    icon="icon.png",
    readme="README.md",
)
BARE = PackageMetadata(id="My.Package")


def field(
    name: str, listing: dict[str, JsonValue], package: PackageMetadata = PACKAGE, **more: str
) -> tuple[JsonValue, str]:
    (found,) = [each for each in preview(listing, package, **more) if each.name == name]
    return found.value, found.source


@pytest.mark.parametrize(
    ("name", "listing", "package", "expected"),
    [
        ("Title", {"Title": "Mine"}, PACKAGE, ("Mine", "listing")),
        ("Title", {}, PACKAGE, ("My Package", "nuget")),
        ("Title", {}, BARE, ("My.Package", "fallback")),
        ("Title", {"Title": " "}, PACKAGE, ("My Package", "nuget")),
        ("Description", {"Description": "More."}, PACKAGE, ("More.", "listing")),
        ("Description", {"Description": ""}, PACKAGE, ("Does things.", "nuget")),
        ("Description", {}, BARE, (None, "missing")),
        ("Author", {"AuthorDetails": {"Name": "Jane Doe"}}, PACKAGE, ("Jane Doe", "listing")),
        ("Author", {"AuthorDetails": {}}, PACKAGE, ("Jane, Joe", "nuget")),
        ("Author", {}, BARE, (None, "missing")),
        ("AuthorUrl", {"AuthorDetails": {"Url": "https://jane.example"}}, BARE, ("https://jane.example", "listing")),
        ("AuthorDescription", {"AuthorDetails": {"Description": "D"}}, BARE, ("D", "listing")),
        ("AuthorImageUrl", {}, PACKAGE, (None, "missing")),
        ("Category", {"Category": "Search"}, PACKAGE, ("Search", "listing")),
        ("Category", {}, PACKAGE, (None, "missing")),
        ("AlternateCategory", {"AlternateCategory": "Headless"}, BARE, ("Headless", "listing")),
        ("PackageType", {"PackageType": "Integration"}, BARE, ("Integration", "listing")),
        ("PackageType", {}, BARE, ("Package", "fallback")),
        ("LicenseTypes", {"LicenseTypes": ["Free"]}, BARE, (["Free"], "listing")),
        ("LicenseTypes", {"LicenseType": "Purchase"}, BARE, (["Purchase"], "listing")),
        ("LicenseTypes", {"LicenseTypes": ["Free"], "LicenseType": "Purchase"}, BARE, (["Free"], "listing")),
        ("LicenseTypes", {"LicenseTypes": []}, BARE, (None, "missing")),
        ("Tags", {"Tags": ["a", "b"]}, BARE, (["a", "b"], "listing")),
        ("Tags", {"Tags": [""]}, BARE, (None, "missing")),
        ("Icon", {}, PACKAGE, ("icon.png", "nuget")),
        ("Icon", {}, BARE, (None, "missing")),
        ("ProjectUrl", {}, PACKAGE, ("https://example.com/", "nuget")),
        ("RepositoryUrl", {}, PACKAGE, ("https://github.com/jane/my-package", "nuget")),
        ("DocumentationUrl", {"DocumentationUrl": "https://a.com/"}, BARE, ("https://a.com/", "listing")),
        ("IssueTrackerUrl", {"IssueTrackerUrl": ""}, BARE, (None, "missing")),
        ("DiscussionForumUrl", {}, BARE, (None, "missing")),
        ("VideoUrl", {}, BARE, (None, "missing")),
        ("Screenshots", {"Screenshots": [{"ImageUrl": "https://a.example.com/a.png"}]}, BARE,
         ([{"ImageUrl": "https://a.example.com/a.png"}], "listing")),
        ("Readme", {}, PACKAGE, ("README.md", "nuget")),
        ("Readme", {}, BARE, (None, "missing")),
        ("VersionDependencyMode", {}, BARE, ("Default", "fallback")),
        ("VersionDependencyMode", {"VersionDependencyMode": "SemVer"}, BARE, ("SemVer", "listing")),
        ("PackagesByAuthor", {}, BARE, (None, "fallback")),
        ("PackagesByAuthor", {"PackagesByAuthor": ["A"]}, BARE, (["A"], "listing")),
        ("LookingForMaintainer", {"LookingForMaintainer": True}, BARE, (True, "listing")),
        ("LookingForContributors", {"LookingForContributors": False}, BARE, (False, "listing")),
        ("LookingForContributors", {}, BARE, (False, "fallback")),
        ("IsSubPackageOf", {"IsSubPackageOf": "Other"}, BARE, ("Other", "listing")),
        ("RelatedPackages", {}, BARE, (None, "missing")),
        ("AddOnPackagesRequiredForUmbracoCloud", {}, BARE, (None, "missing")),
        ("VersionSpecificPackageIds", {}, BARE, (None, "missing")),
    ],
)  # fmt: skip
def test_values_and_where_they_come_from(
    name: str, listing: dict[str, JsonValue], package: PackageMetadata, expected: tuple[JsonValue, str]
) -> None:
    assert field(name, listing, package) == expected


def test_the_readme_of_the_marketplace_comes_before_the_packed_one() -> None:
    assert field("Readme", {}, marketplace_readme="docs/umbraco-marketplace-readme.md") == (
        "docs/umbraco-marketplace-readme.md",
        "listing",
    )


def test_contributors_that_are_listed_win_over_the_repository() -> None:
    sync: dict[str, JsonValue] = {"SyncContributorsFromRepository": True}
    jane: JsonValue = [{"Name": "Jane"}]
    assert field("Contributors", {"AuthorDetails": {**sync, "Contributors": jane}}) == (jane, "listing")
    assert field("Contributors", {"AuthorDetails": {**sync, "Contributors": []}}) == (
        "https://github.com/jane/my-package",
        "nuget",
    )
    assert field("Contributors", {"AuthorDetails": sync}, BARE) == (None, "missing")
    elsewhere = PackageMetadata("A", repository_url="https://gitlab.com/jane/my-package")
    assert field("Contributors", {"AuthorDetails": sync}, elsewhere) == (None, "missing")
    assert field("Contributors", {"AuthorDetails": {"SyncContributorsFromRepository": False}}) == (None, "missing")


def test_all_fields_are_always_there_in_one_order() -> None:
    full: dict[str, JsonValue] = {"Title": "T", "AuthorDetails": {"Name": "N"}, "Unknown": 1}
    names = [each.name for each in preview({}, BARE)]
    assert [each.name for each in preview(full, PACKAGE)] == names
    assert names[:3] == ["Title", "Description", "Author"]
    assert len(set(names)) == len(names) == 29


def test_an_author_of_another_type_says_nothing() -> None:
    assert field("Author", {"AuthorDetails": "Jane"}) == ("Jane, Joe", "nuget")
    assert preview({"AuthorDetails": []}, BARE)[2] == PreviewField("Author", None, "missing")
