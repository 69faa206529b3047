"""The rules: one module per family of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from umbmarket.rules.catalogue import Rule

_FAMILIES = (
    "reading",
    "schema",
    "listing",
    "media",
    "package_archive",
    "package_metadata",
    "package_page",
    "package_license",
    "compatibility",
    "placement",
    "belonging",
    "published",
    "online",
)


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule of the product by code, in the order of the codes."""
    from umbmarket.rules import catalogue

    for family in _FAMILIES:
        import_module(f"umbmarket.rules.{family}")
    return dict(sorted(catalogue.entries().items()))
