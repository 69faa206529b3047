"""The projects of a run: which of them are packages to be, and how they go together with packages that were packed."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from umbmarket.disk.files import is_below
from umbmarket.formats.guarded import guarded
from umbmarket.nuget.project.plan import plan
from umbmarket.nuget.project.planned_package import PlannedPackage
from umbmarket.nuget.project.project_files import ProjectFiles, root_of
from umbmarket.nuget.project.solution import projects_of
from umbmarket.nuget.project.unknown import Unknown
from umbmarket.umbraco.named_files import is_solution
from umbmarket.umbraco.package_differences import Differences, differences_of
from umbmarket.umbraco.planned_document import PlannedDocument
from umbmarket.umbraco.planned_places import Shown, SourceFiles
from umbmarket.umbraco.project_oddities import misnamed_files
from umbmarket.umbraco.run_packages import PackageFile, PackedPackage, RunPackage
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

if TYPE_CHECKING:
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.umbraco.package_document import PackageDocument

_MARK = MARKETPLACE_TAG.encode("ascii")

_TEST_FRAMEWORK = re.compile(r"(?:xunit\.v3|tunit|mstest|nunit)(?:\..*)?", re.DOTALL)
"""Packages, in lower case, that can run tests without `Microsoft.NET.Test.Sdk`: what their props set is not known."""


@dataclass(frozen=True, eq=False)
class RunProject:
    """A project of the run.

    Attributes:
        document: what it would be packed to.
        folder: absolute path of the folder that it lies in.
        named: the user named it; False when it was found in a folder.
        packed: the package of the same id that was packed, or None.
        differences: what the two say differently; None without such a package.
        counts: the rules look at this, and not at `packed`.
    """

    document: PlannedDocument
    folder: str
    named: bool
    packed: NuGetPackage | None = None
    differences: Differences | None = None
    counts: bool = True

    @property
    def is_package(self) -> bool:
        """It is certainly packed, or may be and says itself that it is for the Marketplace."""
        packable = self.document.plan.packable
        if packable is False or not self.document.is_sound:
            return False
        if packable is True and not self._may_be_test:
            return True
        return self.is_tagged and self._says_tag

    @cached_property
    def _may_be_test(self) -> bool:
        """It refers to a test framework whose own props may make it a test project, which is not packed."""
        evaluation = self.document.plan.evaluation
        if evaluation is None or evaluation.is_set("IsPackable"):
            return False
        references = evaluation.possible_items("PackageReference", every=True)
        return any(_TEST_FRAMEWORK.fullmatch(item.include.lower()) for item in references)

    @cached_property
    def _says_tag(self) -> bool:
        """The Marketplace's tag stands in the text of its own file."""
        file = self.document.file
        return file is not None and _MARK in file.source.data.lower()

    @property
    def counted(self) -> PackageDocument:
        """What the rules look at: what it would be packed to, or what was packed."""
        return self.document if self.counts or self.packed is None else self.packed

    @property
    def is_tagged(self) -> bool:
        """It has the Marketplace's tag."""
        return self.document.has_tag(MARKETPLACE_TAG)

    @property
    def is_unclear(self) -> bool:
        """Nobody knows whether it is packed with the Marketplace's tag, which stands in it."""
        is_known = self.is_package and self.document.knows("tags")
        return not is_known and self.document.plan.packable is not False and self.holds_tag

    @property
    def holds_tag(self) -> bool:
        """The Marketplace's tag stands somewhere in the text of its file, or of one that only Windows reads with it."""
        if self._says_tag:
            return True
        evaluation = self.document.plan.evaluation
        misnamed = misnamed_files(evaluation) if evaluation is not None else ()
        return any(_MARK in each.root.file.source.data.lower() for each in misnamed)

    @property
    def is_noted(self) -> bool:
        """There is something to say of it: it is a package, was named, or nobody knows what it is though it matters."""
        return self.is_package or self.named or self.is_unclear


class Projects:
    """Plans the packages of projects, each once."""

    def __init__(self, shown: Shown, root: Callable[[str], str | None]) -> None:
        """Nothing is read yet.

        Args:
            shown: an absolute path as the user is shown it.
            root: the folder around a folder that imports stay inside, or None.
        """
        self._files = SourceFiles(shown)
        self._root = root
        self._by_root: dict[str, ProjectFiles] = {}
        self._documents: dict[str, PlannedDocument] = {}

    def of(self, path: str) -> PlannedDocument:
        """The package that the project, or the nuspec, at an absolute path would be packed to."""
        above = root_of(path)
        root = self._root(os.path.dirname(path)) or above
        # Files that projects share may lie above the folders that were named.
        root = above if is_below(root, above) else root
        files = self._by_root.setdefault(root, ProjectFiles(root))
        return self._planned(files.spelled(path), files)

    def _planned(self, spelled: str, files: ProjectFiles) -> PlannedDocument:
        if spelled not in self._documents:

            def read() -> PlannedDocument:
                if is_solution(spelled):
                    # It was read before, and nothing that it may list was found out.
                    reason = projects_of(spelled)
                    return unreadable(reason.reason if isinstance(reason, Unknown) else "it has changed during the run")
                document = self._document(plan(spelled, files=files), spelled, files)
                # It would be worked out when it is first asked for, which may be anywhere. What only projects for the
                # Marketplace are asked is left for then: of a hundred projects one or two are.
                if document.plan.packable is not False and document.has_tag(MARKETPLACE_TAG):
                    _ = document.plan.problems, document.unknowns, document.dependency_groups, document.sound_nuspec
                return document

            def unreadable(reason: str) -> PlannedDocument:
                nothing = PlannedPackage(files.shown(spelled), None, None, files, Unknown(reason))
                return self._document(nothing, spelled, files)

            self._documents[spelled] = guarded(read, unreadable)
        return self._documents[spelled]

    def _document(self, planned: PlannedPackage, spelled: str, files: ProjectFiles) -> PlannedDocument:
        return PlannedDocument(planned, spelled, self._files, lambda path: self._planned(path, files))


def run_projects(projects: Projects, files: Iterable[PackageFile]) -> list[RunProject]:
    """The projects that there is something to say of, in their order."""
    found = (RunProject(projects.of(file.path), os.path.dirname(file.path), file.named) for file in files)
    return [each for each in found if each.is_noted]


def matched(projects: Iterable[RunProject], packages: Iterable[PackedPackage]) -> list[RunProject]:
    """The projects with the packages of the same ids, and whether these count.

    What was packed counts. A package that was merely found does not where it is older than the project. Several
    projects make one id where each is for another Umbraco (3 of 159 real repositories): then a package is that of the
    project with its version, else of the one below which it lies.
    """
    by_id: dict[str, list[PackedPackage]] = {}
    for package in packages:
        if package.document.id and package.document.is_sound:
            by_id.setdefault(package.document.id.lower(), []).append(package)
    projects = list(projects)
    makers = Counter(_key(each) for each in projects if each.is_package)
    found = []
    for project in projects:
        own = by_id.get(_key(project), []) if project.is_package else []
        if makers[_key(project)] > 1:
            version = project.document.version
            same = [each for each in own if version is not None and each.document.version == version]
            own = same or [each for each in own if is_below(each.folder, project.folder)]
        packed = own[0] if own else None
        if packed is None:
            found.append(project)
            continue
        differences = differences_of(packed.document, project.document, MARKETPLACE_TAG)
        counts = not packed.named and differences.is_older
        found.append(replace(project, packed=packed.document, differences=differences, counts=counts))
    return found


def _key(project: RunProject) -> str:
    return (project.document.id or "").lower()


def counting(packages: Iterable[PackedPackage], projects: Iterable[RunProject]) -> Iterator[RunPackage]:
    """The packages that the rules look at, those that were packed first."""
    projects = list(projects)
    outdated = {id(each.packed) for each in projects if each.counts}
    for package in packages:
        if id(package.document) not in outdated:
            yield RunPackage(package.document, package.folder, package.named)
    for project in projects:
        if project.counts and project.is_package:
            yield RunPackage(project.document, project.folder, project.named, planned=True)
