"""Whether a package brings something that people see: what it holds for the backoffice or the pages of a website."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from umbmarket.nuget.package.nupkg import NuGetPackage

_FOLDERS = ("app_plugins/", "staticwebassets/")
"""Folders of files for a browser, in lower case: Umbraco's for extensions of the backoffice, the .NET SDK's for what a
Razor class library serves (Microsoft, "Reusable Razor UI in class libraries")."""

_ENDINGS = ("/umbraco-package.json", "/package.manifest", ".cshtml")
"""Manifests of backoffice extensions (Umbraco documentation, "Umbraco Package" and "Package Manifest"), and views."""


def has_something_to_show(package: NuGetPackage) -> bool:
    """Whether `package` holds an extension of the backoffice, files for a browser, or views."""
    names = (f"/{entry.name}".replace("\\", "/").lower() for entry in package.archive.entries)
    return any(name.endswith(_ENDINGS) or any(f"/{folder}" in name for folder in _FOLDERS) for name in names)
