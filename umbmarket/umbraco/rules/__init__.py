"""The rules: one module per family of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from umbmarket.check.catalogue import Rule

_FAMILIES = (
    "reading",
    "schema_keys",
    "schema_values",
    "listing_content",
    "listing_entries",
    "listing_wording",
    "media",
    "package_archive",
    "package_metadata",
    "package_page",
    "readmes",
    "package_license",
    "umbraco_versions",
    "project_url",
    "listing_and_package",
    "published_package",
    "fetched_links",
)


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule of the product by code, in the order of the codes."""
    from umbmarket.check import catalogue

    for family in _FAMILIES:
        import_module(f"umbmarket.umbraco.rules.{family}")
    return dict(sorted(catalogue.entries().items()))
