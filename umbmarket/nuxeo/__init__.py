"""What Nuxeo makes of packages: versions, ids, dependencies, platforms, manifests and installation, usable alone.

Nothing here asks the network. The behaviour follows Nuxeo's released classes, to their oddities; where it is safer not
to (external entities, foreign roots), the modules say so. The names are loaded when they are first used.
"""

from __future__ import annotations

# As type checkers know it; `typing` would cost more than it is worth here.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from umbmarket.nuxeo.guards import Guard, GuardScope
    from umbmarket.nuxeo.identity import Dependency, PackageId
    from umbmarket.nuxeo.installation import Installation
    from umbmarket.nuxeo.manifest import Manifest
    from umbmarket.nuxeo.package import NuxeoPackage
    from umbmarket.nuxeo.platforms import (
        InvalidPlatformRange,
        InvalidPlatformVersion,
        PlatformId,
        PlatformRange,
        PlatformVersion,
        is_compatible,
    )
    from umbmarket.nuxeo.script import InstallScript
    from umbmarket.nuxeo.steps import Server
    from umbmarket.nuxeo.versions import InvalidVersion, Version

__all__ = [
    "Dependency",
    "Guard",
    "GuardScope",
    "InstallScript",
    "Installation",
    "InvalidPlatformRange",
    "InvalidPlatformVersion",
    "InvalidVersion",
    "Manifest",
    "NuxeoPackage",
    "PackageId",
    "PlatformId",
    "PlatformRange",
    "PlatformVersion",
    "Server",
    "Version",
    "is_compatible",
]

_HOMES = {
    "Dependency": "umbmarket.nuxeo.identity",
    "Guard": "umbmarket.nuxeo.guards",
    "GuardScope": "umbmarket.nuxeo.guards",
    "InstallScript": "umbmarket.nuxeo.script",
    "Installation": "umbmarket.nuxeo.installation",
    "InvalidPlatformRange": "umbmarket.nuxeo.platforms",
    "InvalidPlatformVersion": "umbmarket.nuxeo.platforms",
    "InvalidVersion": "umbmarket.nuxeo.versions",
    "Manifest": "umbmarket.nuxeo.manifest",
    "NuxeoPackage": "umbmarket.nuxeo.package",
    "PackageId": "umbmarket.nuxeo.identity",
    "PlatformId": "umbmarket.nuxeo.platforms",
    "PlatformRange": "umbmarket.nuxeo.platforms",
    "PlatformVersion": "umbmarket.nuxeo.platforms",
    "Server": "umbmarket.nuxeo.steps",
    "Version": "umbmarket.nuxeo.versions",
    "is_compatible": "umbmarket.nuxeo.platforms",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module it lives in (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, whether they are loaded or not."""
    return sorted({*globals(), *__all__})
