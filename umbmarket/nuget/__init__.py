"""NuGet's own rules about versions, ranges, package ids and target frameworks, usable alone.

Nothing here reads files or knows Umbraco. The behaviour follows NuGet.Client and, where it says so,
nuget.org. The names are loaded when they are first used: who asks about an id does not pay for ranges.
"""

from __future__ import annotations

# As type checkers know it; `typing` would cost more than the whole room.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from umbmarket.nuget.errors import InvalidRange, InvalidVersion
    from umbmarket.nuget.floating import FloatBehavior, FloatRange
    from umbmarket.nuget.frameworks import ANY_FRAMEWORK, TargetFramework
    from umbmarket.nuget.identifiers import (
        MAX_DEPENDENCY_ID_LENGTH,
        MAX_PACKAGE_ID_LENGTH,
        dependency_id_problem,
        is_client_id,
        is_gallery_id,
        package_id_problem,
    )
    from umbmarket.nuget.range_union import RangeUnion
    from umbmarket.nuget.ranges import ALL_VERSIONS, NO_VERSIONS, VersionRange
    from umbmarket.nuget.versions import NuGetVersion

__all__ = [
    "ALL_VERSIONS",
    "ANY_FRAMEWORK",
    "MAX_DEPENDENCY_ID_LENGTH",
    "MAX_PACKAGE_ID_LENGTH",
    "NO_VERSIONS",
    "FloatBehavior",
    "FloatRange",
    "InvalidRange",
    "InvalidVersion",
    "NuGetVersion",
    "RangeUnion",
    "TargetFramework",
    "VersionRange",
    "dependency_id_problem",
    "is_client_id",
    "is_gallery_id",
    "package_id_problem",
]

_HOMES = {
    "ALL_VERSIONS": "umbmarket.nuget.ranges",
    "ANY_FRAMEWORK": "umbmarket.nuget.frameworks",
    "MAX_DEPENDENCY_ID_LENGTH": "umbmarket.nuget.identifiers",
    "MAX_PACKAGE_ID_LENGTH": "umbmarket.nuget.identifiers",
    "NO_VERSIONS": "umbmarket.nuget.ranges",
    "FloatBehavior": "umbmarket.nuget.floating",
    "FloatRange": "umbmarket.nuget.floating",
    "InvalidRange": "umbmarket.nuget.errors",
    "InvalidVersion": "umbmarket.nuget.errors",
    "NuGetVersion": "umbmarket.nuget.versions",
    "RangeUnion": "umbmarket.nuget.range_union",
    "TargetFramework": "umbmarket.nuget.frameworks",
    "VersionRange": "umbmarket.nuget.ranges",
    "dependency_id_problem": "umbmarket.nuget.identifiers",
    "is_client_id": "umbmarket.nuget.identifiers",
    "is_gallery_id": "umbmarket.nuget.identifiers",
    "package_id_problem": "umbmarket.nuget.identifiers",
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
