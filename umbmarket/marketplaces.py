"""Which marketplaces there are."""

from __future__ import annotations

from umbmarket.check.catalogue import Catalogue
from umbmarket.umbraco.rules import CATALOGUE as UMBRACO


def catalogues() -> tuple[Catalogue, ...]:
    """The rules of every marketplace of the product."""
    return (UMBRACO,)
