from __future__ import annotations

import json
from collections.abc import Iterator

from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.disk.shipped_schemas import load_schema
from umbmarket.umbraco.vocabulary import LISTING_SCHEMA

MAPS = ("properties", "patternProperties")


def structure(node: object, *, names: bool = False) -> object:
    """A schema without its titles and descriptions; ``names`` where the keys are names of properties."""
    if isinstance(node, dict):
        return {
            key: structure(value, names=key in MAPS and not names)
            for key, value in node.items()
            if names or key not in ("title", "description")
        }
    if isinstance(node, list):
        return [structure(item) for item in node]
    return node


def described(node: dict[str, object], path: str) -> Iterator[tuple[str, dict[str, object]]]:
    """All parts of a schema that describe a value, with a path to read in a failure."""
    yield path, node
    for keyword in MAPS:
        for key, child in node.get(keyword, {}).items():
            yield from described(child, f"{path}/{key}")
    if "items" in node:
        yield from described(node["items"], f"{path}/*")


@needs_corpus
def test_the_structure_is_that_of_the_published_schema() -> None:
    published = json.loads((CORPUS.parent / "reference" / LISTING_SCHEMA).read_text(encoding="utf-8"))
    assert structure(load_schema(LISTING_SCHEMA)) == structure(published)


@needs_corpus
def test_no_text_is_that_of_the_published_schema() -> None:
    published = json.loads((CORPUS.parent / "reference" / LISTING_SCHEMA).read_text(encoding="utf-8"))
    theirs = {node["description"] for _, node in described(published, "") if "description" in node}
    ours = {node["description"] for _, node in described(load_schema(LISTING_SCHEMA), "")}
    assert ours & theirs == set()


def test_everything_is_described() -> None:
    for path, node in described(load_schema(LISTING_SCHEMA), ""):
        text = node.get("description")
        assert isinstance(text, str), path
        assert len(text) > 10, path
        assert text.endswith("."), path


def test_it_is_a_schema_of_its_own_dialect() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(structure_without_patterns(load_schema(LISTING_SCHEMA)))


def structure_without_patterns(schema: dict[str, object]) -> dict[str, object]:
    """The schema as its meta-schema can check it, without the escape that regular expressions there lack."""
    text = json.dumps(schema).replace("\\\\:", ":")
    return json.loads(text)


def test_the_main_facts() -> None:
    schema = load_schema(LISTING_SCHEMA)
    properties = schema["properties"]
    url = r"^(https?)\://[a-zA-Z0-9\-\.]+\.[a-zA-Z]{2,6}(/\S*)?$"
    assert schema["$id"] == "https://marketplace.umbraco.com/umbraco-marketplace-schema.json"
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert schema["required"] == []
    assert structure(schema["patternProperties"], names=True) == {"Url$": {"type": "string", "pattern": url}}
    assert set(properties) == {
        "$schema",
        "AddOnPackagesRequiredForUmbracoCloud",
        "AlternateCategory",
        "AlternatePackageNames",
        "AuthorDetails",
        "Category",
        "Description",
        "DiscussionForumUrl",
        "DocumentationUrl",
        "IsSubPackageOf",
        "IssueTrackerUrl",
        "LicenseType",
        "LicenseTypes",
        "LookingForContributors",
        "LookingForMaintainer",
        "PackageType",
        "PackagesByAuthor",
        "RelatedPackages",
        "Screenshots",
        "Tags",
        "Title",
        "VersionDependencyMode",
        "VersionSpecificPackageIds",
        "VideoUrl",
    }
    categories = [
        "Analytics & Insights",
        "Artificial Intelligence",
        "Campaign & Marketing",
        "Commerce",
        "Developer Tools",
        "Editor Tools",
        "Headless",
        "PIM & DAM",
        "Search",
        "Themes & Starter Kits",
        "Translations",
    ]
    assert structure(properties["Category"]) == {"type": "string", "maxLength": 50, "enum": categories}
    assert structure(properties["AlternateCategory"]) == structure(properties["Category"])
    assert structure(properties["LicenseTypes"]["items"]) == {
        "type": "string",
        "enum": ["Free", "Purchase", "Subscription"],
    }
    assert properties["PackageType"]["enum"] == ["Package", "Integration"]
    assert properties["VersionDependencyMode"]["enum"] == ["Default", "SemVer"]
    assert [properties[key]["maxLength"] for key in ("Title", "Description", "DocumentationUrl")] == [
        256,
        4000,
        4000,
    ]
    assert "pattern" not in properties["AuthorDetails"]["properties"]["Url"]
    contributor = properties["AuthorDetails"]["properties"]["Contributors"]["items"]
    assert contributor["required"] == ["Name"]
    assert contributor["properties"]["Url"]["pattern"] == url
    screenshot = properties["Screenshots"]["items"]
    assert screenshot["oneOf"] == [{"required": ["ImageUrl"]}, {"required": ["VideoUrl"]}]
    assert screenshot["properties"]["ImageUrl"]["pattern"] == url
    assert structure(properties["VideoUrl"]) == {"type": "string"}
    assert properties["VersionSpecificPackageIds"]["items"]["required"] == [
        "UmbracoMajorVersion",
        "PackageId",
    ]
    assert [key for key, node in properties.items() if node.get("deprecated")] == [
        "AlternatePackageNames",
        "LicenseType",
    ]
