"""The action behind `umbmarket inspect`: what the Marketplace will make of packages."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, get_args

from umbmarket.check.inputs import matching
from umbmarket.disk.files import in_words, kind_in_words
from umbmarket.disk.shown_path import shown
from umbmarket.settings.options import Settings
from umbmarket.umbraco.archive_facts import ArchiveFacts
from umbmarket.umbraco.belonging import readme_beside
from umbmarket.umbraco.compatibility.estimate import VersionMode
from umbmarket.umbraco.discovery import read_packages
from umbmarket.umbraco.facts import ListingFacts, PackageFacts, compatibility_of
from umbmarket.umbraco.gathering import gather
from umbmarket.umbraco.inspection import Inspection, Inspections, ModeSource, PackageListing, PackageProblem
from umbmarket.umbraco.listing_page import metadata_of, preview
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.workspace import Workspace

if TYPE_CHECKING:
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.umbraco.found import ListingOrigin
    from umbmarket.umbraco.readme import MarketplaceReadme
    from umbmarket.umbraco.run_packages import PackedPackage

_READING_RULES = ("UMB301", "UMB302", "UMB303", "UMB304")
"""The rules that tell why a package cannot be read."""


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
        listing: its listing file. Without it, the listing is taken that `umbmarket validate` takes, see
            `umbmarket.umbraco.belonging`.
        mode: what counts instead of the listing's `VersionDependencyMode`.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        CannotRead: a file that was named is not there, is no file, or the system refuses it.
        BrokenPackage: NuGet cannot read the package.
        ValueError: `mode` is neither "Default" nor "SemVer".
    """
    found = inspect_packages((path,), listing, mode, root=root)
    if found.problems:
        raise BrokenPackage(found.problems)
    return found.packages[0]


def inspect_packages(
    paths: Sequence[str | Path],
    listing: str | Path | None = None,
    mode: VersionMode | None = None,
    *,
    root: Path | None = None,
) -> Inspections:
    """Show what the Marketplace will read from several packages of one run. Offline: no socket is opened.

    Args:
        paths: the `.nupkg` files, or patterns such as `artifacts/*.nupkg`; one that is named twice counts once.
        listing: the listing file of all of them; see `inspect_package`.
        mode: what counts instead of the listing's `VersionDependencyMode`.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        CannotRead: a file that was named is not there, is no file, or the system refuses it.
        ValueError: `mode` is neither "Default" nor "SemVer".
    """
    if mode is not None and mode not in get_args(VersionMode):
        raise ValueError(f"{mode!r} is not a mode; there are {' and '.join(get_args(VersionMode))}")
    top = Path(os.path.abspath(root if root is not None else "."))
    files = [_existing(file, top) for path in paths for file in matching(os.fspath(path))]
    named = _existing(os.fspath(listing), top) if listing is not None else None
    found = read_packages(files, root=top)
    if named is not None:
        given = ListingFacts(found.tree.listing_at(named, named=True).document, checked=False)
    packages: list[Inspection] = []
    problems: list[PackageProblem] = []
    together = gather(found).packages
    for facts, package in zip(together, found.packed, strict=True):
        document = package.document
        if document.unusable is not None and document.unusable.kind == "unreadable":
            raise CannotRead(document.path, document.unusable.detail.removeprefix("it cannot be read: "))
        if is_broken(document):
            problems.extend(problems_of(package))
            continue
        if named is None:
            belonging = _taken(facts.listing, facts.origin, facts.readme_file)
        else:
            beside = readme_beside(found.tree, os.path.dirname(named), document.id)
            belonging = _taken(given, "named", beside)
        packages.append(_inspection(facts, document, belonging, mode))
    return Inspections(tuple(packages), tuple(problems), len(together))


def _taken(
    listing: ListingFacts | None, origin: ListingOrigin | None, readme: MarketplaceReadme | None
) -> PackageListing:
    path = readme.path if readme is not None else None
    if listing is None:
        return PackageListing(readme=path)
    return PackageListing(listing.document, origin, listing.verdict, path)


def _inspection(
    facts: PackageFacts, package: NuGetPackage, listing: PackageListing, wanted: VersionMode | None
) -> Inspection:
    metadata = metadata_of(package)
    mode, source = _mode(wanted, listing)
    return Inspection(
        path=package.path,
        package=package,
        metadata=metadata,
        tagged=facts.tagged,
        compatibility=compatibility_of(package, mode),
        mode_source=source,
        placement=facts.placement,
        listing=listing,
        fields=preview(listing.value, metadata, marketplace_readme=listing.readme),
        way=facts.way,
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
    says_so = listing.counts and listing.verdict.wanted_mode is not None
    return listing.mode, "listing" if says_so else "default"


def is_broken(package: NuGetPackage) -> bool:
    """Whether NuGet itself cannot read the package; what nuget.org alone refuses can still be shown."""
    if package.unusable is not None or len(package.nuspec_entries) != 1 or package.nuspec is None:
        return True
    return any(problem.refused_by == "client" for problem in package.nuspec.problems)


def problems_of(package: PackedPackage) -> Iterator[PackageProblem]:
    """What the rules say of a package that cannot be read."""
    # Late: a package that can be read needs no rule.
    from umbmarket.check.engine import run

    for finding in run(
        [gathered(Workspace(archives=(ArchiveFacts(package.document),)))], Settings(select=_READING_RULES)
    ).findings:
        yield PackageProblem(finding.code, finding.path, finding.region, finding.message, finding.severity)
