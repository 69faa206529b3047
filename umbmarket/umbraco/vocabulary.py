"""The words a listing is made of: keys, categories, licence types, limits.

Everything here is read from the published schema, once and when first asked for, so that a new category is a
change of that one file. What the schema cannot say (names that were valid once, names people mistake for
others) stands in `umbmarket.umbraco.suggestions`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, TypeAlias

from umbmarket.disk.shipped_schemas import load_schema
from umbmarket.umbraco.schema.matching import finds

MARKETPLACE_TAG = "umbraco-marketplace"
"""The tag of a NuGet package without which the Marketplace takes it not up (listing guide)."""

LISTING_SCHEMA = "umbraco-marketplace-schema.json"
"""File name of the schema of ``umbraco-marketplace*.json``, as shipped."""

ObjectKind: TypeAlias = Literal[
    "listing", "author", "contributor", "related-package", "screenshot", "version-specific-package"
]
"""The objects of a listing: itself, ``AuthorDetails``, and the entries of its lists of objects."""

OBJECT_POINTERS: dict[ObjectKind, str] = {
    "listing": "",
    "author": "/AuthorDetails",
    "contributor": "/AuthorDetails/Contributors/0",
    "related-package": "/RelatedPackages/0",
    "screenshot": "/Screenshots/0",
    "version-specific-package": "/VersionSpecificPackageIds/0",
}
"""For each kind the JSON Pointer of one (for entries of a list: the first) such object."""

DEPRECATED_REPLACEMENTS: dict[str, str | None] = {
    "LicenseType": "LicenseTypes",
    "AlternatePackageNames": None,
}
"""The deprecated keys of a listing and what replaces them.

That they are deprecated is the schema's word (``deprecated: true``), that ``LicenseTypes`` replaces
``LicenseType`` is said in its descriptions. ``AlternatePackageNames`` has no successor: it left the listing
guide between spring 2023 and 2024.
"""

_INDEX = re.compile(r"0|[1-9][0-9]*", re.ASCII)


@cache
def listing_schema() -> dict[str, object]:
    """The published schema of a listing, as shipped. Shared by all callers: do not change it."""
    return load_schema(LISTING_SCHEMA)


def schema_address() -> str:
    """The address the schema is published at, which ``$schema`` of a listing names."""
    return _text(listing_schema()["$id"])


def categories() -> tuple[str, ...]:
    """What ``Category`` and ``AlternateCategory`` may be, in the schema's order."""
    return allowed_values("/Category")


@cache
def license_types() -> tuple[str, ...]:
    """What an entry of ``LicenseTypes`` may be, in the schema's order."""
    return allowed_values("/LicenseTypes/0")


def package_types() -> tuple[str, ...]:
    """What ``PackageType`` may be, in the schema's order."""
    return allowed_values("/PackageType")


def version_dependency_modes() -> tuple[str, ...]:
    """What ``VersionDependencyMode`` may be, in the schema's order."""
    return allowed_values("/VersionDependencyMode")


@cache
def url_pattern() -> str:
    """The pattern of URLs in a listing, in ECMAScript's dialect.

    It stands at every key of the listing itself that ends in ``Url``, in contributors and in screenshots, but
    not at the URLs of ``AuthorDetails``.
    """
    return _text(_child(_child(listing_schema(), "patternProperties"), "Url$")["pattern"])


def is_accepted_url(text: str) -> bool:
    """Whether the schema's pattern for URLs matches a text."""
    return finds(url_pattern(), text)


@cache
def known_keys(kind: ObjectKind) -> tuple[str, ...]:
    """The keys an object of this kind may have by name, in the schema's order."""
    return tuple(_child(_object_schema(kind), "properties"))


def required_keys(kind: ObjectKind) -> tuple[str, ...]:
    """The keys an object of this kind must have, in the schema's order."""
    return _texts(_object_schema(kind).get("required", []))


def deprecated_keys(kind: ObjectKind = "listing") -> frozenset[str]:
    """The keys of an object of this kind that the schema calls deprecated."""
    properties = _child(_object_schema(kind), "properties")
    return frozenset(key for key in properties if _child(properties, key).get("deprecated") is True)


def object_kind(pointer: str) -> ObjectKind | None:
    """The kind of object that stands at a JSON Pointer, or None if the schema has no object there."""
    wanted = _normal(pointer)
    for kind, known in OBJECT_POINTERS.items():
        if _normal(known) == wanted:
            return kind
    return None


def schema_at(pointer: str) -> dict[str, object] | None:
    """The part of the schema that describes one value of a listing.

    Args:
        pointer: JSON Pointer (RFC 6901) of the value, such as ``/Screenshots/2/ImageUrl``.

    Returns:
        The schema found through ``properties`` and ``items``, or None where the schema says nothing by name.
        What ``patternProperties`` add is not looked at.
    """
    schema = listing_schema()
    for token in pointer.split("/")[1:]:
        properties = schema.get("properties")
        items = schema.get("items")
        if isinstance(properties, dict):
            found = properties.get(token.replace("~1", "/").replace("~0", "~"))
        elif isinstance(items, dict) and _INDEX.fullmatch(token):
            found = items
        else:
            found = None
        if not isinstance(found, dict):
            return None
        schema = found
    return schema


def allowed_values(pointer: str) -> tuple[str, ...]:
    """The values the schema allows at a JSON Pointer; empty where it does not list any."""
    return _texts((schema_at(pointer) or {}).get("enum", []))


def max_length(pointer: str) -> int | None:
    """How many code points the text at a JSON Pointer may have, or None where the schema sets no limit."""
    limit = (schema_at(pointer) or {}).get("maxLength")
    return limit if isinstance(limit, int) else None


def expected_type(pointer: str) -> str | None:
    """The JSON Schema type wanted at a JSON Pointer, such as ``"string"``; None where it wants none."""
    wanted = (schema_at(pointer) or {}).get("type")
    return wanted if isinstance(wanted, str) else None


def _object_schema(kind: ObjectKind) -> dict[str, object]:
    found = schema_at(OBJECT_POINTERS[kind])
    if found is None:
        raise ValueError(f"the listing schema has no {kind}")
    return found


def _normal(pointer: str) -> list[str]:
    return ["0" if _INDEX.fullmatch(token) else token for token in pointer.split("/")]


def _child(schema: dict[str, object], key: str) -> dict[str, object]:
    found = schema[key]
    if not isinstance(found, dict):
        raise ValueError(f"{key} of the listing schema is not an object")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("the listing schema has another value where a text belongs")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("the listing schema has another value where a list belongs")
    return tuple(_text(item) for item in value)
