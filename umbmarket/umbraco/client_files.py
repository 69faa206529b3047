"""Whether a package brings something that people see: what it holds for the backoffice or the pages of a website."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from umbmarket.umbraco.package_document import PackageDocument

_FOLDERS = ("app_plugins/", "staticwebassets/")
"""Folders of files for a browser, in lower case: Umbraco's for extensions of the backoffice, the .NET SDK's for what a
Razor class library serves (Microsoft, "Reusable Razor UI in class libraries")."""

_ENDINGS = ("/umbraco-package.json", "/package.manifest", ".cshtml")
"""Manifests of backoffice extensions (Umbraco documentation, "Umbraco Package" and "Package Manifest"), and views."""


def has_something_to_show(package: PackageDocument) -> bool:
    """Whether `package` certainly holds an extension of the backoffice, files for a browser, or views."""
    return any(True for _ in package.files_where(_shows))


def _shows(path: str) -> bool:
    name = f"/{path}".lower()
    return name.endswith(_ENDINGS) or any(f"/{folder}" in name for folder in _FOLDERS)
