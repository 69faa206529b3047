"""What is odd about a project file as such: names that only Windows reads, metadata that gets lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from umbmarket.nuget.project.evaluation import Evaluation
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.project_files import SHARED_FILES, ProjectFile

_METADATA = (
    "PackageId",
    "PackageVersion",
    "Version",
    "VersionPrefix",
    "Title",
    "Authors",
    "Description",
    "PackageDescription",
    "PackageTags",
    "PackageProjectUrl",
    "RepositoryUrl",
    "PackageIcon",
    "PackageReadmeFile",
    "PackageLicenseExpression",
    "PackageLicenseFile",
    "PackageReleaseNotes",
)
"""Properties of the package that are read without a target framework."""


class Misnamed(NamedTuple):
    """A file that is read on Windows and macOS alone.

    Attributes:
        expected: what it must be called to be read everywhere.
        root: its root element.
    """

    expected: str
    root: SourcePlace


class LostMetadata(NamedTuple):
    """A property of the package that is set for a target framework alone.

    Attributes:
        name: of the property.
        framework: the target framework.
        value: what is set for it.
        kept: what gets into the package.
        source: the element.
    """

    name: str
    framework: str
    value: str
    kept: str
    source: SourcePlace


def misnamed_files(evaluation: Evaluation) -> Iterator[Misnamed]:
    """The files that MSBuild would read for a project if their names had another letter case."""
    for name in SHARED_FILES if evaluation.notes else ():
        above = evaluation.files.above(name, evaluation.project.folder)
        if above is not None and above[1] != name:
            file = evaluation.files.load(f"{above[0].rstrip('/')}/{above[1]}")
            if isinstance(file, ProjectFile):
                yield Misnamed(name, SourcePlace(file, file.root))


def lost_metadata(evaluation: Evaluation) -> list[LostMetadata]:
    """Properties of the package that are set for some of several target frameworks alone, each place once."""
    frameworks = evaluation.frameworks
    found: dict[SourcePlace, LostMetadata] = {}
    for framework in frameworks if isinstance(frameworks, tuple) else ():
        inner = evaluation.within(framework)
        for name in _METADATA if inner is not evaluation else ():
            kept, value, source = evaluation.value(name), inner.value(name), inner.place_of(name)
            if not isinstance(kept, str) or not isinstance(value, str) or source is None:
                continue
            if value.strip() and value.strip() != kept.strip() and source != evaluation.place_of(name):
                found.setdefault(source, LostMetadata(name, framework, value.strip(), kept.strip(), source))
    return list(found.values())
