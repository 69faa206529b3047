"""A NuGet package: its archive, its nuspec, and the files that the nuspec names. Nothing is extracted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal

from umbmarket.findings import Place, Region
from umbmarket.formats.source import SourceText
from umbmarket.formats.zip.archive import Archive, ArchiveEntry, ArchiveProblem
from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.package.nuspec import LARGEST_NUSPEC, Nuspec
from umbmarket.nuget.package.nuspec_model import (
    Dependency,
    DependencyGroup,
    License,
    NuspecProblem,
    PackageType,
    SourceRepository,
    Tag,
)
from umbmarket.nuget.package.packed_file import PackedFile

LARGEST_PACKAGE = 262_144_000
"""Bytes that nuget.org takes (NuGetGallery, Web.config: 250 MiB)."""

SYMBOLS_EXTENSION = ".snupkg"
"""Symbol packages have this ending; nuget.org lists none of them."""

_NUSPEC_EXTENSION = ".nuspec"

_CLIENT_FOLDERS = ("content/", "contentfiles/", "staticwebassets/")
"""Where a package holds files for a website, in lower case."""


class NuGetPackage:
    """One package. What its metadata says is None or empty where there is no nuspec that can be read.

    Attributes:
        path: as shown to the user.
        is_nuspec: False; how its metadata was written is not known.
        file_name: the last part of the path. Id and version are never taken from it.
        archive: what the package lists.
        nuspec_entries: the entries in the root that end with `.nuspec`; NuGet wants exactly one.
        other_nuspecs: further ones below the root, which nuget.org refuses and NuGet does not look at.
    """

    kind: Literal["package"] = "package"
    is_nuspec: Literal[False] = False

    def __init__(self, path: str, archive: Archive) -> None:
        """`path` uses forward slashes. Use `open` or `from_bytes`. Never raises."""
        self.path = path
        self.file_name = path.rpartition("/")[2]
        self.archive = archive
        self._opened: dict[str, PackedFile] = {}
        named = [entry for entry in archive.entries if entry.name.lower().endswith(_NUSPEC_EXTENSION)]
        self.nuspec_entries = tuple(entry for entry in named if _is_in_root(entry.name))
        self.other_nuspecs = tuple(entry for entry in named if not _is_in_root(entry.name))

    @classmethod
    def open(cls, path: Path, shown: str) -> NuGetPackage:
        """The package in the file `path`, called `shown`; a file that cannot be read is a problem."""
        return cls(shown, Archive.open(path))

    @classmethod
    def from_bytes(cls, shown: str, data: bytes) -> NuGetPackage:
        """The package that `data` is."""
        return cls(shown, Archive.from_bytes(data))

    @property
    def unusable(self) -> ArchiveProblem | None:
        """Why NuGet cannot open or extract it: not a ZIP, truncated, damaged, encrypted; None when it can."""
        return self.archive.unusable

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.archive.size

    @property
    def is_oversize(self) -> bool:
        """It is longer than `LARGEST_PACKAGE`."""
        return self.archive.size > LARGEST_PACKAGE

    @property
    def signed(self) -> bool:
        """It carries a signature; nuget.org adds one to what it serves. It is not verified."""
        return self.archive.is_signed

    @cached_property
    def _nuspec(self) -> tuple[Nuspec | None, ArchiveProblem | None]:
        # Of several, NuGet takes none. The first still tells what the package is about.
        if not self.nuspec_entries:
            return None, None
        entry = self.nuspec_entries[0]
        data, problem = self.archive.read(entry, LARGEST_NUSPEC)
        # Content that is whole and merely not as declared is read all the same.
        is_whole = problem is None or (problem.kind in ("size-lie", "checksum") and len(data) <= entry.size)
        return (Nuspec(entry.name, data) if is_whole else None), problem

    @property
    def nuspec(self) -> Nuspec | None:
        """The metadata; None where the root has no nuspec or it cannot be read from the archive."""
        return self._nuspec[0]

    @property
    def sound_nuspec(self) -> Nuspec | None:
        """The metadata that NuGet would take; None where it does not open the package or finds none in it."""
        if self.unusable is not None or self.is_symbols or len(self.nuspec_entries) != 1:
            return None
        return self.nuspec if self.nuspec is not None and self.nuspec.readable else None

    @property
    def is_sound(self) -> bool:
        """Whether NuGet would take the metadata."""
        return self.sound_nuspec is not None

    def knows(self, element: str) -> bool:
        """True: what was packed is certain."""
        return True

    @property
    def nuspec_problem(self) -> ArchiveProblem | None:
        """What is wrong with the nuspec as an entry of the archive, such as `too-large`."""
        return self._nuspec[1]

    @property
    def nuspec_name(self) -> str | None:
        """Name of the nuspec in the archive, or None where the root has none."""
        return self.nuspec_entries[0].name if self.nuspec_entries else None

    @property
    def problems(self) -> tuple[ArchiveProblem | NuspecProblem, ...]:
        """All that is wrong with archive and nuspec; icon, readme and licence each have their own."""
        nuspec, problem = self._nuspec
        own = (problem,) if problem is not None else ()
        return (
            *self.archive.problems,
            *own,
            *(nuspec.problems + self.push_problems if nuspec is not None else ()),
        )

    @property
    def id(self) -> str | None:
        """The package id."""
        return self.nuspec.id if self.nuspec is not None else None

    @property
    def version_text(self) -> str | None:
        """The version as written."""
        return self.nuspec.version_text if self.nuspec is not None else None

    @property
    def version(self) -> NuGetVersion | None:
        """The version; None also where NuGet cannot read it."""
        return self.nuspec.version if self.nuspec is not None else None

    @property
    def title(self) -> str | None:
        """The title."""
        return self.nuspec.title if self.nuspec is not None else None

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors, else the owners."""
        return self.nuspec.authors if self.nuspec is not None else ()

    @property
    def description(self) -> str | None:
        """The description."""
        return self.nuspec.description if self.nuspec is not None else None

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags as nuget.org splits them."""
        return self.nuspec.tags if self.nuspec is not None else ()

    def has_tag(self, tag: str) -> bool:
        """Whether nuget.org finds it by this tag, letter case ignored."""
        return self.nuspec is not None and self.nuspec.has_tag(tag)

    @property
    def project_url(self) -> str | None:
        """The project URL as written."""
        return self.nuspec.project_url if self.nuspec is not None else None

    @property
    def dropped_project_url(self) -> str | None:
        """None: what pack has dropped is not known any more."""
        return None

    @property
    def icon_url(self) -> str | None:
        """The deprecated icon URL as written."""
        return self.nuspec.icon_url if self.nuspec is not None else None

    @property
    def repository(self) -> SourceRepository | None:
        """Where its source is."""
        return self.nuspec.repository if self.nuspec is not None else None

    @property
    def license(self) -> License | None:
        """Its licence: an expression, a file or an address."""
        return self.nuspec.license if self.nuspec is not None else None

    @property
    def package_types(self) -> tuple[PackageType, ...]:
        """Empty means an ordinary package (`Dependency`)."""
        return self.nuspec.package_types if self.nuspec is not None else ()

    @property
    def dependency_groups(self) -> tuple[DependencyGroup, ...]:
        """Its dependencies by target framework."""
        return self.nuspec.dependency_groups if self.nuspec is not None else ()

    def knows_range(self, dependency: Dependency) -> bool:
        """True: what was packed is certain."""
        return True

    @property
    def withheld(self) -> tuple[()]:
        """None: which references did not become dependencies is not known any more."""
        return ()

    @property
    def refusals(self) -> tuple[()]:
        """None: it was packed."""
        return ()

    @cached_property
    def push_problems(self) -> tuple[NuspecProblem, ...]:
        """What nuget.org refuses in the metadata, see `push_rules`."""
        # Late: only who asks for it pays for the rules of nuget.org.
        from umbmarket.nuget.package.push_rules import push_problems

        return push_problems(self.nuspec) if self.nuspec is not None else ()

    @property
    def is_symbols(self) -> bool:
        """It holds symbols: its ending or its only package type says so."""
        name = self.file_name.lower()
        by_name = name.endswith((SYMBOLS_EXTENSION, f".symbols{_PACKAGE_EXTENSION}"))
        return by_name or (self.nuspec is not None and self.nuspec.is_symbols)

    @cached_property
    def icon(self) -> PackedFile | None:
        """The file that `<icon>` names; None where it names none."""
        return self._packed(self.nuspec.icon) if self.nuspec is not None else None

    @cached_property
    def readme(self) -> PackedFile | None:
        """The file that `<readme>` names; None where it names none."""
        return self._packed(self.nuspec.readme) if self.nuspec is not None else None

    @cached_property
    def license_file(self) -> PackedFile | None:
        """The file that `<license type="file">` names; None for any other licence."""
        return self._packed(self.license.value) if self.license is not None and self.license.kind == "file" else None

    def _packed(self, declared: str | None) -> PackedFile | None:
        return PackedFile(self.archive, declared) if declared else None

    def file_at(self, entry: ArchiveEntry) -> PackedFile:
        """A file of the package that its metadata does not name; places in it can be located from then on."""
        return self._opened.setdefault(entry.name, PackedFile(self.archive, entry.name))

    def files_where(self, wanted: Callable[[str], bool]) -> Iterator[PackedFile]:
        """The files whose paths, with forward slashes, are wanted, in the order of the archive."""
        return (self.file_at(entry) for entry in self.archive.entries if wanted(entry.name.replace("\\", "/")))

    @property
    def is_client_side(self) -> bool:
        """It holds files for a website and no library."""
        names = [entry.name.replace("\\", "/").lower() for entry in self.archive.entries]
        has_files = any(name.startswith(_CLIENT_FOLDERS) for name in names)
        return has_files and not any(name.startswith("lib/") and name.endswith(".dll") for name in names)

    def source(self, member: str | None) -> SourceText | None:
        """The text that positions in `member` refer to: None and the nuspec's name mean the nuspec.

        None for what is neither that nor one of the readme, the licence file and those that `file_at` has given.
        """
        if member is None or member == self.nuspec_name:
            return self.nuspec.source if self.nuspec is not None else None
        for file in (self.readme, self.license_file, self._opened.get(member)):
            if file is not None and file.entry is not None and member == file.entry.name:
                return file.source
        return None

    def member_of(self, place: Place) -> str | None:
        """The member that `place` is in: one without a member but with a pointer or a span is in the nuspec."""
        if place.member is None and (place.pointer or place.span is not None):
            return self.nuspec_name
        return place.member

    def source_of(self, place: Place) -> SourceText | None:
        """The text of the member that `place` is in; None for the package as a whole."""
        member = self.member_of(place)
        return self.source(member) if member is not None else None

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of `place` in the text of its member; None when there is nothing there.

        Without a member the place is in the nuspec; a place there without pointer and span is the whole
        package. In other files a place has a span.
        """
        if place.member is None or place.member == self.nuspec_name:
            if self.nuspec is None or not (place.pointer or place.span is not None):
                return None
            return self.nuspec.locate(place)
        source = self.source(place.member)
        return source.region(place.span) if source is not None and place.span is not None else None


_PACKAGE_EXTENSION = ".nupkg"


def _is_in_root(name: str) -> bool:
    return "/" not in name and "\\" not in name
