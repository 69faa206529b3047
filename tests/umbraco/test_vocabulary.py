from __future__ import annotations

import pytest

from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.vocabulary import (
    DEPRECATED_REPLACEMENTS,
    OBJECT_POINTERS,
    allowed_values,
    categories,
    deprecated_keys,
    expected_type,
    known_keys,
    license_types,
    max_length,
    object_kind,
    package_types,
    required_keys,
    schema_at,
    url_pattern,
    version_dependency_modes,
)


def test_the_lists() -> None:
    assert categories()[0] == "Analytics & Insights"
    assert len(categories()) == 11
    assert allowed_values("/AlternateCategory") == categories()
    assert license_types() == ("Free", "Purchase", "Subscription")
    assert allowed_values("/LicenseType") == license_types()
    assert package_types() == ("Package", "Integration")
    assert version_dependency_modes() == ("Default", "SemVer")
    assert allowed_values("/Title") == ()
    assert allowed_values("/Nothing") == ()


def test_the_address_of_the_schema() -> None:
    assert vocabulary.schema_address() == "https://marketplace.umbraco.com/umbraco-marketplace-schema.json"


def test_the_pattern_of_urls() -> None:
    assert url_pattern() == r"^(https?)\://[a-zA-Z0-9\-\.]+\.[a-zA-Z]{2,6}(/\S*)?$"


def test_the_keys_of_each_object() -> None:
    assert known_keys("listing")[:3] == (
        "$schema",
        "AddOnPackagesRequiredForUmbracoCloud",
        "AlternateCategory",
    )
    assert known_keys("author") == (
        "Name",
        "ImageUrl",
        "Description",
        "Url",
        "Contributors",
        "SyncContributorsFromRepository",
    )
    assert known_keys("contributor") == ("Name", "Url")
    assert known_keys("related-package") == ("PackageId", "Description", "GroupTitle")
    assert known_keys("screenshot") == ("ImageUrl", "VideoUrl", "Caption")
    assert known_keys("version-specific-package") == ("UmbracoMajorVersion", "PackageId")


def test_the_required_keys_of_each_object() -> None:
    assert {kind: required_keys(kind) for kind in OBJECT_POINTERS} == {
        "listing": (),
        "author": (),
        "contributor": ("Name",),
        "related-package": ("PackageId",),
        "screenshot": (),
        "version-specific-package": ("UmbracoMajorVersion", "PackageId"),
    }


def test_the_deprecated_keys_are_those_whose_replacement_is_known() -> None:
    assert deprecated_keys() == set(DEPRECATED_REPLACEMENTS) == {"LicenseType", "AlternatePackageNames"}
    assert deprecated_keys("author") == frozenset()
    for replacement in filter(None, DEPRECATED_REPLACEMENTS.values()):
        assert replacement in known_keys("listing")


@pytest.mark.parametrize(
    ("pointer", "kind"),
    [
        ("", "listing"),
        ("/AuthorDetails", "author"),
        ("/AuthorDetails/Contributors/12", "contributor"),
        ("/RelatedPackages/3", "related-package"),
        ("/Screenshots/0", "screenshot"),
        ("/VersionSpecificPackageIds/10", "version-specific-package"),
        ("/Screenshots", None),
        ("/Screenshots/01", None),
        ("/Screenshots/x", None),
        ("/Tags/0", None),
        ("/Contributors/0", None),
        ("/", None),
    ],
)
def test_the_kind_of_an_object_is_told_by_its_pointer(pointer: str, kind: str | None) -> None:
    assert object_kind(pointer) == kind


@pytest.mark.parametrize(
    ("pointer", "limit"),
    [
        ("/Title", 256),
        ("/Description", 4000),
        ("/Tags/7", 100),
        ("/AuthorDetails/Name", 200),
        ("/AuthorDetails/Contributors/0/Name", 100),
        ("/RelatedPackages/0/GroupTitle", 500),
        ("/PackagesByAuthor/0", 128),
        ("/VideoUrl", None),
        ("/Screenshots/0/Caption", None),
        ("/Tags", None),
        ("/Tags/x", None),
        ("/Title/0", None),
        ("/No~1Such~0Key", None),
    ],
)
def test_the_longest_text_at_a_pointer(pointer: str, limit: int | None) -> None:
    assert max_length(pointer) == limit


def test_the_type_at_a_pointer() -> None:
    assert expected_type("/LookingForMaintainer") == "boolean"
    assert expected_type("/VersionSpecificPackageIds/0/UmbracoMajorVersion") == "integer"
    assert expected_type("/Tags/0") == "string"
    assert expected_type("/SourceCodeUrl") is None


def test_the_root_is_described_by_the_schema_itself() -> None:
    assert schema_at("") is vocabulary.listing_schema()
