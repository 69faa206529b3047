"""The rules about Nuxeo packages: their catalogue, and one module per part of a family."""

from __future__ import annotations

from typing import Final

from umbmarket.check.catalogue import Catalogue, Family

_PACKAGE = ("NuxeoFacts",)

CATALOGUE: Final = Catalogue(
    "NXP",
    {
        "0": Family("nuxeo-reading", "Nuxeo: reading a package"),
        "1": Family("nuxeo-manifest", "Nuxeo: the manifest"),
        "2": Family("nuxeo-platforms", "Nuxeo: platforms and dependencies"),
        "3": Family("nuxeo-content", "Nuxeo: what is in the ZIP"),
        "4": Family("nuxeo-install", "Nuxeo: installation commands"),
        "5": Family("nuxeo-publishing", "Nuxeo: publishing"),
    },
    modules={
        f"{__name__}.{module}": _PACKAGE
        for module in (
            "package_reading",
            "manifest_identity",
            "manifest_texts",
            "manifest_elements",
            "servers",
            "package_lists",
            "zip_entries",
            "shipped_files",
            "script_reading",
            "script_attributes",
            "script_paths",
            "script_effects",
        )
    },
)
"""Every rule about Nuxeo packages."""
