"""The action behind `umbmarket inspect`: what the Marketplace will make of packages."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, cast, get_args

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
    from umbmarket.umbraco.found import Found, ListingOrigin
    from umbmarket.umbraco.planned_document import PlannedDocument
    from umbmarket.umbraco.project_facts import ProjectFacts
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


class CannotShow(CannotRead):
    """A solution that was named lists nothing to show, or too much."""

    def __init__(self, path: str, reason: str) -> None:
        Exception.__init__(self, f"{path} {reason}")
        self.path = path
        self.reason = reason


class BrokenPackage(Exception):
    """NuGet itself cannot read the package, or the project cannot be packed, so there is nothing to show.

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
        path: the `.nupkg` file; or a project (`.csproj`, `.fsproj`, `.vbproj`, `.nuspec`), of which the package is
            shown that `dotnet pack` would write; or a solution with one project that is packed.
        listing: its listing file. Without it, the listing is taken that `umbmarket validate` takes, see
            `umbmarket.umbraco.belonging`.
        mode: what counts instead of the listing's `VersionDependencyMode`.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        CannotRead: a file that was named is not there, is no file, or the system refuses it; or a solution lists
            no project that is packed, or several.
        BrokenPackage: NuGet cannot read the package, or MSBuild or NuGet refuse the project.
        ValueError: `mode` is neither "Default" nor "SemVer".
    """
    found = inspect_packages((path,), listing, mode, root=root)
    if found.problems:
        raise BrokenPackage(found.problems)
    if len(found.packages) > 1:
        raise CannotShow(os.fspath(path), "contains several packages; use inspect_packages")
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
        paths: the `.nupkg` files or projects, see `inspect_package`, or patterns such as `artifacts/*.nupkg`; one
            that is named twice counts once. A solution stands for those of its projects that are packed.
        listing: the listing file of all of them; see `inspect_package`.
        mode: what counts instead of the listing's `VersionDependencyMode`.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        CannotRead: a file that was named is not there, is no file, or the system refuses it; or solutions list no
            project that is packed.
        ValueError: `mode` is neither "Default" nor "SemVer".
    """
    if mode is not None and mode not in get_args(VersionMode):
        raise ValueError(f"{mode!r} is not a mode; there are {' and '.join(get_args(VersionMode))}")
    top = Path(os.path.abspath(root if root is not None else "."))
    files = [_existing(file, top) for path in paths for file in matching(os.fspath(path))]
    named = _existing(os.fspath(listing), top) if listing is not None else None
    found = read_packages(files, root=top)
    _refuse_empty(files, found, top)
    if named is not None:
        given = ListingFacts(found.tree.listing_at(named, named=True).document, checked=False)
    packages: list[Inspection] = []
    problems: list[PackageProblem] = []
    found, places = _all_of(found, [_shown(file, top) for file in files])
    workspace = gather(found)
    packed = {id(each.document): each for each in found.packed}
    about = {id(each.planned): each for each in workspace.projects}
    for facts in sorted(workspace.packages, key=lambda each: places[id(each.document)]):
        document = facts.document
        package = packed.get(id(document))
        refused = _refusal_of(package) if package is not None else _refusal_of_project(about[id(document)], facts)
        if refused:
            problems.extend(refused)
            continue
        if named is None:
            belonging = _taken(facts.listing, facts.origin, facts.readme_file)
        else:
            beside = readme_beside(found.tree, os.path.dirname(named), document.id)
            belonging = _taken(given, "named", beside)
        if package is not None:
            packages.append(_inspection(facts, package.document, belonging, mode))
        else:
            packages.append(_planned_inspection(facts, cast("PlannedDocument", document), belonging, mode))
    return Inspections(tuple(packages), tuple(problems), len(workspace.packages), len(about), found.skipped)


def _refuse_empty(files: Sequence[str], found: Found, top: PurePath) -> None:
    """Raise `CannotShow` for a solution of which there is nothing to show."""
    if not found.packed and not found.projects and files:
        why = "".join(f"; {path} was not read: {problem}" for path, problem in found.skipped[:1])
        raise CannotShow(_shown(files[0], top), f"lists no project that dotnet pack packs{why}")


def _all_of(found: Found, named: Sequence[str]) -> tuple[Found, dict[int, int]]:
    """The documents of a run with every project among its packages, and the places of the packages in the order."""
    if found.projects:
        # Late: whoever inspects packages alone must not pay for projects.
        from umbmarket.umbraco.run_packages import RunPackage

        packed = [RunPackage(*each) for each in found.packed]
        planned = [RunPackage(each.document, each.folder, each.named, planned=True) for each in found.projects]
        found = found._replace(packages=(*packed, *planned))
    last = len(named)
    order = {path: number for number, path in reversed(list(enumerate(named)))}
    return found, {id(each.document): order.get(each.document.path, last) for each in found.packages}


def _refusal_of(package: PackedPackage) -> tuple[PackageProblem, ...]:
    """What keeps NuGet from reading a package; empty where it can be shown."""
    document = package.document
    if document.unusable is not None and document.unusable.kind == "unreadable":
        raise CannotRead(document.path, document.unusable.detail.removeprefix("it cannot be read: "))
    return tuple(problems_of(package)) if is_broken(document) else ()


def _refusal_of_project(project: ProjectFacts, facts: PackageFacts) -> tuple[PackageProblem, ...]:
    """What keeps a project from being packed, or from being known at all; empty where it can be shown."""
    from umbmarket.umbraco.project_refusals import refusals_of

    return tuple(refusals_of(project, facts))


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


def _planned_inspection(
    facts: PackageFacts, document: PlannedDocument, listing: PackageListing, wanted: VersionMode | None
) -> Inspection:
    # Late: a package that was packed needs nothing of it.
    from umbmarket.umbraco import planned_inspection as planning

    metadata = planning.planned_metadata(document)
    mode, source = _mode(wanted, listing)
    fields = preview(listing.value, metadata, marketplace_readme=listing.readme)
    planned = planning.planned_of(document, metadata, fields)
    found = compatibility_of(document, mode)
    doubt = planning.versions_doubt(document, planned)
    return Inspection(
        path=document.path,
        package=document,
        metadata=metadata,
        tagged=facts.tagged,
        compatibility=planning.without_unknown_versions(found, planned) if doubt is not None else found,
        mode_source=source,
        placement=facts.placement,
        listing=listing,
        fields=planning.as_far_as_known(fields, planned),
        way=facts.way,
        planned=replace(planned, versions_doubt=doubt),
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
