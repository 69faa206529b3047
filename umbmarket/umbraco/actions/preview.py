"""The action behind `umbmarket preview`: one page of HTML of what the Marketplace should show of a package."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.check.engine import run
from umbmarket.check.exclusions import Exclusions
from umbmarket.check.inputs import Sorted as SortedPaths
from umbmarket.check.marketplace import Inputs
from umbmarket.check.policies import Policies
from umbmarket.disk.files import in_words, kind_in_words
from umbmarket.findings import quote, visible
from umbmarket.git.repository import repository_of
from umbmarket.settings.options import Settings
from umbmarket.umbraco.discovery import read_inputs
from umbmarket.umbraco.facts import Run
from umbmarket.umbraco.file_names import kind_of_name
from umbmarket.umbraco.gathering import gather
from umbmarket.umbraco.marketplace import UMBRACO, gathered
from umbmarket.umbraco.preview.building import Building
from umbmarket.umbraco.preview.rendering import render_page
from umbmarket.umbraco.preview.subject import Subject, subjects

if TYPE_CHECKING:
    from umbmarket.settings.options import SettingsSource
    from umbmarket.umbraco.facts import PackageFacts
    from umbmarket.umbraco.found import Found
    from umbmarket.umbraco.inspection import PackageProblem
    from umbmarket.umbraco.readme import MarketplaceReadme
    from umbmarket.umbraco.workspace import Workspace


class CannotPreview(Exception):
    """There is no page to be made; the text says why."""


class NothingToPreview(CannotPreview):
    """There is no listing, no package and no project under the path."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A page, and what to tell about it.

    Attributes:
        html: the file.
        name: what it is a preview of.
        version: of the package; empty where it is not known.
        counts: how many findings of each severity stand in it, as words and numbers.
        embedded: pictures that lie in it.
        named: pictures that are named by their addresses instead.
        elsewhere: findings of the same run that are about other files.
        read: absolute paths of the files that it was made from.
        broken: what keeps NuGet from reading the package, so that the page shows nothing of it.
        failures: rules that broke, one line each.
    """

    html: str
    name: str
    version: str
    counts: tuple[tuple[str, int], ...]
    embedded: int
    named: int
    elsewhere: int
    read: tuple[str, ...]
    broken: tuple[PackageProblem, ...]
    failures: tuple[str, ...]


def preview(
    path: str | Path = ".",
    *,
    package: str | None = None,
    package_file: str | Path | None = None,
    readme: str | Path | None = None,
    remote_images: bool = False,
    settings: SettingsSource | None = None,
    root: Path | None = None,
) -> Preview:
    """Make a page of what the Marketplace should show. Offline: no socket is opened.

    Args:
        path: a listing, a project, a package, or a folder to search. For a listing, its working tree is searched for
            the project or the package that it belongs to.
        package: the id of the package that is meant, where there are several.
        package_file: the package that is meant.
        readme: what to show as the Marketplace readme instead of what belongs to the package.
        remote_images: let the browser fetch the pictures that do not lie in the working tree.
        settings: which rules count, everywhere or in which folder; the defaults when None.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        CannotPreview: a file that was named is not there or cannot be read, there is nothing to show, or several
            packages might be meant.
        SettingsError: a selector in `settings` names no rule.
    """
    top = Path(os.path.abspath(root if root is not None else "."))
    wanted = settings or Settings()
    if package is not None and isinstance(wanted, Settings):
        wanted = replace(wanted, package_id=package)
    for named in (path, package_file, readme):
        if named is not None:
            _refuse_missing(os.fspath(named), may_be_folder=named is path)
    around = _tree_around(os.fspath(path)) if package_file is None else None
    files = [os.fspath(each) for each in (path, package_file, around) if each is not None]
    found, workspace, policies = _gather(files, wanted, str(top))
    if readme is not None:
        own = found.tree.readme_at(os.path.abspath(readme), named=True)
        if own.unreadable is not None:
            raise CannotPreview(f"{own.path} cannot be read: {own.unreadable}")
        workspace = _with_readme(workspace, own)
    candidates = subjects(found, workspace)
    if around is not None:
        candidates = tuple(each for each in candidates if _is_of_listing(each, os.fspath(path), top))
    subject = _chosen(found, candidates, package, package_file, top)
    if readme is not None:
        subject = replace(subject, readme=own)
    if around is not None:
        workspace = _only(workspace, subject)
    if subject.readme is not None and subject.readme not in workspace.readmes:
        workspace = workspace._replace(readmes=(*workspace.readmes, subject.readme))
    facts = subject.package
    broken = _broken(found, facts) if facts is not None else ()
    building = Building(subject, found.tree, str(top), broken, remote_images=remote_images)
    report = run([gathered(workspace)], policies)
    page = building.page(report)
    building.pictures.close()
    return Preview(
        render_page(page),
        page.name,
        page.version,
        page.counts,
        building.pictures.embedded,
        building.pictures.named,
        len(report.findings) - len(building.findings),
        tuple(os.path.join(top, file) for file in building.files),
        broken,
        report.failures,
    )


def _refuse_missing(path: str, *, may_be_folder: bool) -> None:
    """Raise `CannotPreview` for what is not there, or is neither a file nor, where that may be, a folder."""
    try:
        status = os.stat(path)
        if may_be_folder and stat.S_ISDIR(status.st_mode):
            os.scandir(path).close()
    except (OSError, ValueError) as error:
        raise CannotPreview(f"{path} cannot be read: {in_words(error, path)}") from None
    if not stat.S_ISREG(status.st_mode) and not (may_be_folder and stat.S_ISDIR(status.st_mode)):
        raise CannotPreview(f"{path} cannot be read: {kind_in_words(status.st_mode)}")


def _broken(found: Found, facts: PackageFacts) -> tuple[PackageProblem, ...]:
    """What keeps NuGet from reading a package; empty where it can, and for what is not packed yet."""
    packed = next((each for each in found.packed if each.document is facts.document), None)
    if packed is None:
        return ()
    # Late: a listing alone must not pay for what is known of packages.
    from umbmarket.umbraco.actions.inspect import is_broken, problems_of

    return tuple(problems_of(packed)) if is_broken(packed.document) else ()


def _tree_around(path: str) -> str | None:
    """The working tree of a listing that was named, where the project or the package that it belongs to may lie."""
    if kind_of_name(os.path.basename(path)) != "listing" or os.path.isdir(path):
        return None
    repository = repository_of(os.path.dirname(os.path.abspath(path)))
    # Who keeps settings in a repository of the home folder does not mean all that lies below.
    return repository.root if repository is not None and repository.root != os.path.expanduser("~") else None


def _is_of_listing(subject: Subject, path: str, top: Path) -> bool:
    return subject.listing is not None and _is_same(subject.listing.document.path, path, top)


def _is_same(shown_path: str, path: str, top: Path) -> bool:
    """Whether a path that is shown to the user is that of a file."""
    try:
        return os.path.samefile(top / shown_path, path)
    except (OSError, ValueError):
        return False


def _gather(files: Sequence[str], settings: SettingsSource, top: str) -> tuple[Found, Workspace, Policies]:
    """What the marketplace makes of the files, as `umbmarket validate` has it, and which settings hold for each."""
    policies = Policies(settings, [UMBRACO.catalogue], top)
    paths = SortedPaths(files, [UMBRACO], Exclusions(settings, top))
    policies.look_up(paths.folders_of_files)
    handed = paths.files_of(UMBRACO)
    found = read_inputs(
        Inputs(top, paths.folders, handed, None, paths.repositories, settings, policies.selection, None)
    )
    return found, gather(found), policies


def _only(workspace: Workspace, subject: Subject) -> Workspace:
    """What is about one listing and its package, of a working tree that nobody asked to be checked."""
    package = subject.package.document if subject.package is not None else None
    return workspace._replace(
        listings=tuple(each for each in workspace.listings if each is subject.listing),
        packages=tuple(each for each in workspace.packages if each is subject.package),
        archives=tuple(each for each in workspace.archives if each.document is package),
        projects=tuple(each for each in workspace.projects if package in (each.planned, each.packed)),
        readmes=(),
        misnamed=(),
    )


def _with_readme(workspace: Workspace, readme: MarketplaceReadme) -> Workspace:
    """The same with another readme for every package."""
    run = Run(lambda run: tuple(replace(each, readme_file=readme, together=run) for each in workspace.packages))
    return workspace._replace(packages=run.packages)


def _chosen(
    found: Found, candidates: Sequence[Subject], package: str | None, package_file: str | Path | None, top: Path
) -> Subject:
    """The one that is meant.

    Raises:
        CannotPreview: there is none, or several.
    """
    if package_file is not None:
        candidates = [
            each
            for each in candidates
            if each.package is not None and _is_same(each.package.document.path, os.fspath(package_file), top)
        ]
        if not candidates:
            raise CannotPreview(f"{os.fspath(package_file)} is not a package (.nupkg)")
    if package is not None:
        named = [each for each in candidates if each.id is not None and each.id.lower() == package.lower()]
        if not named and candidates:
            raise CannotPreview(f"nothing here is for the package {quote(package)}; there is {_listed(candidates)}")
        candidates = named
    # A package that nobody can open stands back behind whatever else there is.
    sound = [each for each in candidates if each.package is None or not _broken(found, each.package)]
    meant = [each for each in sound or candidates if each.is_meant] or sound or candidates
    if not meant:
        raise NothingToPreview("there is nothing to preview")
    with_package = [each for each in meant if each.package is not None] if package is not None else []
    meant = with_package or meant
    if len(meant) > 1:
        raise CannotPreview(f"several packages are here; name one {_ways_to_name(meant, by_id=package is None)}")
    return meant[0]


def _ways_to_name(meant: Sequence[Subject], *, by_id: bool) -> str:
    """How each can be named: by its id where it has one of its own, else by the path of its file."""
    ids = Counter(each.id.lower() for each in meant if each.id is not None)
    identified = [each for each in meant if by_id and each.id is not None and ids[each.id.lower()] == 1]
    others = [each for each in meant if each not in identified]
    ways = []
    if identified:
        ways.append(f"with --package: {_listed(identified)}")
    if others:
        ways.append(f"by its path: {_joined([each.path for each in others])}")
    return ", or ".join(ways)


def _listed(candidates: Sequence[Subject]) -> str:
    return _joined([each.name for each in candidates])


def _joined(texts: Sequence[str]) -> str:
    names = list(dict.fromkeys(visible(each) for each in texts))
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


_MOST_NAMED = 10
