"""What a file that the user named is taken for, by its name; and what a solution stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from umbmarket.check.marketplace import Listed

_PACKAGE_ENDINGS = (".nupkg", ".snupkg")
_PROJECT_ENDINGS = (".csproj", ".fsproj", ".vbproj", ".nuspec")
"""Of what `plan` reads; a nuspec only where it is named: it is packed by itself, or by a project that is found."""

_SOLUTION_ENDINGS = (".sln", ".slnx", ".slnf")
"""As `nuget.project.solution` has them, which a listing alone must not pay for."""

LISTED_PROJECT = "project of a solution"


def classify(path: str) -> Literal["listing", "package", "project"]:
    """What a named file is taken for, by its name.

    A package for `.nupkg` and `.snupkg`, a project for `.csproj`, `.fsproj`, `.vbproj`, `.nuspec` and for solutions,
    else a listing.
    """
    lower = path.lower()
    if lower.endswith(_PACKAGE_ENDINGS):
        return "package"
    return "project" if lower.endswith(_PROJECT_ENDINGS) or is_solution(lower) else "listing"


def is_solution(path: str) -> bool:
    """Whether a file is a solution by its name: it stands for the projects that it lists."""
    return path.lower().endswith(_SOLUTION_ENDINGS)


def listed_in(path: str) -> Sequence[Listed] | None:
    """The projects that a solution lists, as far as `dotnet pack` may pack them.

    None where `path` is no solution, and where the solution cannot be read.
    """
    if not is_solution(path):
        return None
    # Late: few runs name a solution.
    from umbmarket.nuget.project.solution import projects_of
    from umbmarket.nuget.project.unknown import Unknown
    from umbmarket.umbraco.recognition import PROJECT_ENDINGS

    projects = projects_of(path)
    if isinstance(projects, Unknown):
        return None
    wanted = (each for each in projects if each.path.lower().endswith(PROJECT_ENDINGS))
    return tuple(Listed(each.path, LISTED_PROJECT, each.problem) for each in wanted)
