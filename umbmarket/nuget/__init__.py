"""NuGet's own rules about versions, ranges, package ids and target frameworks, usable alone.

Nothing here reads files or knows Umbraco. The behaviour follows NuGet.Client and, where it says so,
nuget.org.
"""

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
