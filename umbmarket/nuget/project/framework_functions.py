"""`[MSBuild]::GetTargetFrameworkIdentifier` and its sisters.

Source: dotnet/msbuild, IntrinsicFunctions and NuGetFrameworkWrapper, which ask NuGet.Frameworks; vectors func-07 and
tfm-18.
"""

from __future__ import annotations

from functools import lru_cache

from umbmarket.nuget import TargetFramework
from umbmarket.nuget.project.unknown import Unknown

_NET_STANDARD = {
    # Which .NET Standard the older frameworks reach: NuGet.Frameworks, DefaultFrameworkMappings.
    ".NETFramework": (((4, 6, 1), (2, 0)), ((4, 6), (1, 3)), ((4, 5, 1), (1, 2)), ((4, 5), (1, 1))),
    ".NETCoreApp": (((3, 0), (2, 1)), ((2, 0), (2, 0)), ((1, 0), (1, 6))),
}


def framework_function(name: str, given: list[str]) -> str | bool | Unknown | None:
    """The value of the function with this lower-case name; None when it is none of these."""
    if name == "istargetframeworkcompatible" and len(given) == 2:
        return _is_compatible(*map(TargetFramework.parse, given))
    if name not in ("gettargetframeworkidentifier", "gettargetframeworkversion", "gettargetplatformidentifier"):
        return None
    if not given or len(given) > 2:
        return None
    framework = TargetFramework.parse(given[0])
    if not framework.is_known or framework.is_any:
        return Unknown("the target framework is not known")
    if name == "gettargetframeworkidentifier":
        return framework.identifier
    if name == "gettargetplatformidentifier":
        return framework.platform
    least = 2
    if len(given) == 2:
        if given[1] not in ("2", "3", "4"):
            return None
        least = int(given[1])
    return version_text(framework, least)


@lru_cache(maxsize=256)
def target_framework(text: str) -> TargetFramework:
    """A target framework as a project spells it."""
    return TargetFramework.parse(text.strip())


@lru_cache(maxsize=256)
def version_text(framework: TargetFramework, least: int = 2) -> str:
    """The numbers of a framework's version, without zeros at the end beyond the first `least`."""
    count = max([least, *(position for position, number in enumerate(framework.version, 1) if number)])
    return ".".join(map(str, framework.version[:count]))


def _is_compatible(target: TargetFramework, candidate: TargetFramework) -> bool | Unknown:
    if any(not each.is_known or each.is_any or each.profile for each in (target, candidate)):
        return Unknown("the target framework is not known")
    if target.identifier == candidate.identifier:
        if candidate.version > target.version:
            return False
        if not candidate.platform:
            return True
        same = candidate.platform.lower() == target.platform.lower()
        return same and candidate.platform_version <= target.platform_version
    if candidate.identifier == ".NETStandard" and target.identifier in _NET_STANDARD:
        for lowest, reached in _NET_STANDARD[target.identifier]:
            if target.version >= (*lowest, *([0] * (4 - len(lowest)))):
                return candidate.version <= (*reached, 0, 0)
        return False
    if {target.identifier, candidate.identifier} <= {".NETStandard", ".NETFramework", ".NETCoreApp"}:
        return False
    return Unknown("the compatibility of these target frameworks is not evaluated")
