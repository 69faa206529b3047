"""The action behind `umbmarket inspect`: what the Marketplace will make of one package."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import get_args

from umbmarket.disk.files import in_words, kind_in_words
from umbmarket.disk.shown_path import shown
from umbmarket.findings import Place, Region
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.nuget.package.nuspec_model import NuspecProblem
from umbmarket.umbraco.compatibility.estimate import VersionMode
from umbmarket.umbraco.facts import MARKETPLACE_TAG, compatibility_of
from umbmarket.umbraco.inspection import Inspection, ModeSource
from umbmarket.umbraco.listing_page import PackageMetadata, preview
from umbmarket.umbraco.package_listing import (
    PackageListing,
    judged,
    read_listing,
    readme_beside,
    surroundings_of,
)


class CannotRead(Exception):
    """A file that was named is not there or cannot be read.

    Attributes:
        path: as shown to the user.
        reason: in words, without a full stop.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PackageProblem:
    """One thing that keeps NuGet from reading a package.

    Attributes:
        code: the rule that `umbmarket validate` reports it by.
        path: of the package, with the member after `!/`.
        region: where it stands in that member, or None.
        message: one line, without a full stop.
    """

    code: str
    path: str
    region: Region | None
    message: str

    def __str__(self) -> str:
        """As a finding's first line: `path:line:column error[CODE] message`."""
        place = f":{self.region.line}:{self.region.column}" if self.region is not None else ""
        return f"{self.path}{place} error[{self.code}] {self.message}"


class BrokenPackage(Exception):
    """NuGet itself cannot read the package, so there is nothing to show.

    Attributes:
        problems: why, at least one.
    """

    def __init__(self, problems: tuple[PackageProblem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def inspect_package(
    path: str | Path,
    listing: str | Path | None = None,
    mode: VersionMode | None = None,
    *,
    root: Path | None = None,
) -> Inspection:
    """Show what the Marketplace will read from a package. Offline: no socket is opened.

    Args:
        path: the `.nupkg` file.
        listing: its listing file. Without it, the listing is looked for where the project URL leads, if that
            is the working tree the package lies in, and then in the folder of the package.
        mode: what counts instead of the listing's `VersionDependencyMode`.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        CannotRead: a file that was named is not there, is no file, or the system refuses it.
        BrokenPackage: NuGet cannot read the package.
        ValueError: `mode` is neither "Default" nor "SemVer".
    """
    if mode is not None and mode not in get_args(VersionMode):
        raise ValueError(f"{mode!r} is no mode; there are {' and '.join(get_args(VersionMode))}")
    top = PurePath(os.path.abspath(root if root is not None else "."))
    absolute = _existing(os.fspath(path), top)
    named = _existing(os.fspath(listing), top) if listing is not None else None
    package = NuGetPackage.open(Path(absolute), _shown(absolute, top))
    problems = tuple(_problems(package))
    if problems:
        raise BrokenPackage(problems)
    metadata = _metadata(package)
    around = surroundings_of(os.path.dirname(absolute), metadata.id, package.project_url)
    found = around.listing if named is None else named
    readme = around.readme if named is None else readme_beside(named, metadata.id)
    shown_readme = _shown(readme, top) if readme is not None else None
    belonging = PackageListing(readme=shown_readme)
    if found is not None:
        origin = around.origin if named is None and around.origin is not None else "named"
        belonging = judged(read_listing(found, _shown(found, top)), origin, shown_readme)
    decided, source = _mode(mode, belonging)
    return Inspection(
        path=package.path,
        package=package,
        metadata=metadata,
        tagged=package.has_tag(MARKETPLACE_TAG),
        compatibility=compatibility_of(package, decided),
        mode_source=source,
        placement=around.placement,
        listing=belonging,
        fields=preview(belonging.value, metadata, marketplace_readme=shown_readme),
    )


def _existing(path: str, top: PurePath) -> str:
    """The absolute path of a regular file."""
    try:
        absolute = os.path.abspath(path)
        status = os.stat(absolute)
    except (OSError, ValueError) as error:
        raise CannotRead(path, in_words(error, path)) from None
    if not stat.S_ISREG(status.st_mode):
        raise CannotRead(_shown(absolute, top), kind_in_words(status.st_mode))
    return absolute


def _shown(path: str, top: PurePath) -> str:
    return shown(PurePath(path), top)


def _mode(wanted: VersionMode | None, listing: PackageListing) -> tuple[VersionMode, ModeSource]:
    if wanted is not None:
        return wanted, "option"
    match listing.value.get("VersionDependencyMode"):
        case "SemVer":
            return "SemVer", "listing"
        case "Default":
            return "Default", "listing"
    return "Default", "default"


def _metadata(package: NuGetPackage) -> PackageMetadata:
    return PackageMetadata(
        id=package.id or "",
        title=package.title,
        description=package.description,
        authors=", ".join(package.authors) or None,
        project_url=package.project_url,
        repository_url=package.repository.url if package.repository is not None else None,
        icon=package.icon.declared if package.icon is not None else package.icon_url,
        readme=package.readme.declared if package.readme is not None else None,
    )


def _problems(package: NuGetPackage) -> Iterator[PackageProblem]:
    """What keeps NuGet from reading the package."""
    unusable = package.unusable
    if unusable is not None and unusable.kind == "unreadable":
        raise CannotRead(package.path, unusable.detail.removeprefix("it cannot be read: "))
    if unusable is not None:
        yield PackageProblem("UMB301", _at(package, unusable.member), None, unusable.detail)
        return
    if len(package.nuspec_entries) != 1:
        yield PackageProblem("UMB303", package.path, None, _nuspec_count(package))
        return
    if package.nuspec is None:
        problem = package.nuspec_problem
        detail = problem.detail if problem is not None else "it cannot be read"
        yield PackageProblem("UMB304", _at(package, package.nuspec_name), None, detail)
        return
    for refused in package.nuspec.problems:
        if refused.refused_by == "client":
            yield _nuspec_problem(package, refused)


def _nuspec_problem(package: NuGetPackage, problem: NuspecProblem) -> PackageProblem:
    # A place without pointer and span is the root of the nuspec; there is no line to name.
    region = package.locate(problem.place) if problem.place != Place() else None
    return PackageProblem("UMB304", _at(package, package.nuspec_name), region, problem.detail)


def _nuspec_count(package: NuGetPackage) -> str:
    if package.nuspec_entries:
        names = " and ".join(entry.name for entry in package.nuspec_entries[:2])
        return f"it has {len(package.nuspec_entries)} nuspec files in its root, such as {names}; NuGet takes one"
    below = f"; {package.other_nuspecs[0].name} is not in the root" if package.other_nuspecs else ""
    return f"it has no nuspec file in its root, so it is no NuGet package{below}"


def _at(package: NuGetPackage, member: str | None) -> str:
    return f"{package.path}!/{member}" if member else package.path
