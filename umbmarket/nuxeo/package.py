"""A Nuxeo package: a ZIP, a folder, or one of its files alone. Nothing is extracted.

What Nuxeo does with a ZIP follows `PackagePersistence` and `LocalPackageImpl` (nuxeo/nuxeo, branch 2023): it unpacks
it, so that of two entries with one name the last counts, and the manifest must lie at its root.
"""

from __future__ import annotations

import os
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

from umbmarket.disk.files import LEADS_OUT, is_below, is_link, read_file
from umbmarket.disk.real_path import real_path
from umbmarket.findings import Place, Region
from umbmarket.formats.source import SourceText
from umbmarket.formats.zip.archive import Archive, ArchiveEntry, ArchiveProblem
from umbmarket.formats.zip.directory import Stated
from umbmarket.nuxeo.documents import LARGEST_XML, PackageFile, XmlFile, manifest_file, script_file
from umbmarket.nuxeo.installation import Installation
from umbmarket.nuxeo.manifest import Manifest
from umbmarket.nuxeo.package_tree import PackageTree, unpacked
from umbmarket.nuxeo.script import InstallScript
from umbmarket.nuxeo.variables import tokens, without_comments

MANIFEST = "package.xml"
"""Name of the manifest, letter case included."""

SCRIPT = "install.xml"
"""Name of the script that installs the package."""

LICENSE = "license.txt"
"""Name of the licence's text."""

TERMS = "terms-and-conditions.txt"
"""Name of the text that is to be accepted."""

SPECIAL_FILES = (
    MANIFEST,
    SCRIPT,
    "uninstall.xml",
    LICENSE,
    TERMS,
    "install.properties",
    "forms/install.xml",
    "forms/uninstall.xml",
    "forms/validation.xml",
)
"""Files with a meaning of their own (`LocalPackage`)."""

PAGE_FILES = ("content.html", "studio-registries.json")
"""Files that servers of Nuxeo's read, not those that a package is installed on."""

BACKUP = "backup"
"""The folder that the installer makes."""

LARGEST_TEXT = 1_048_576
"""Bytes of another text file that are read."""

MOST_FILES = 20_000
"""Files of a folder that are looked at."""

_NEVER_PACKED = frozenset((".git", ".hg", ".svn"))
"""Lower-case names of folders that no ZIP of a package should hold, and that may have very many files."""

Kind = Literal["zip", "folder", "manifest", "script"]
Form = Literal["built", "source"]
"""Whether it is what a server gets, or what a build makes that of."""


class NuxeoPackage:
    """A package, as far as it is there.

    Attributes:
        path: of the ZIP, the folder's `package.xml`, or the file, as shown to the user.
        kind: `zip`; `folder`: `package.xml` and what lies beside it; `manifest` or `script`: one file alone.
        form: `built` for a ZIP, else `source`, unless the user says otherwise.
        archive: the ZIP; None for none.
        problem: why the file cannot be read, in words; None where it can.
    """

    def __init__(
        self,
        path: str,
        kind: Kind,
        form: Form,
        *,
        archive: Archive | None = None,
        folder: str | None = None,
        within: str | None = None,
        data: bytes = b"",
        problem: str | None = None,
    ) -> None:
        """Use `open_zip`, `zip_of`, `open_folder` or `open_file`. Never raises."""
        self.path = path
        self.kind = kind
        self.form = form
        self.archive = archive
        self.problem = problem
        self._folder = folder
        self._within = folder if within is None else within
        self._data = data
        self._files: dict[str, PackageFile | None] = {}
        self._unread: dict[str, str] = {}

    @classmethod
    def open_zip(cls, path: Path, shown: str, form: Form = "built") -> NuxeoPackage:
        """The package in a ZIP, called `shown`."""
        return cls(shown, "zip", form, archive=Archive.open(path))

    @classmethod
    def zip_of(cls, shown: str, data: bytes, form: Form = "built") -> NuxeoPackage:
        """The package in a ZIP that is in memory."""
        return cls(shown, "zip", form, archive=Archive.from_bytes(data))

    @classmethod
    def open_folder(cls, path: Path, shown: str, form: Form = "source", *, within: str | None = None) -> NuxeoPackage:
        """The package whose files lie in a folder.

        Args:
            path: of the folder.
            shown: of its `package.xml`.
            form: what the folder holds.
            within: the folder that links beside the manifest may lead into; the package's own when None. A link out
                of it is not read: whoever can change a repository could let it point at any file of the disk.
        """
        content = read_file(os.fspath(path / MANIFEST), LARGEST_XML)
        return cls(
            shown, "folder", form, folder=os.fspath(path), within=within, data=content.data, problem=content.problem
        )

    @classmethod
    def open_file(cls, path: Path, shown: str, form: Form = "source") -> NuxeoPackage:
        """One file alone: a script where it is called `install.xml`, else a manifest."""
        content = read_file(os.fspath(path), LARGEST_XML)
        kind: Kind = "script" if path.name == SCRIPT else "manifest"
        return cls(shown, kind, form, data=content.data, problem=content.problem)

    @classmethod
    def file_of(cls, shown: str, data: bytes, form: Form = "source") -> NuxeoPackage:
        """The same for a file that is in memory."""
        kind: Kind = "script" if shown.replace("\\", "/").rpartition("/")[2] == SCRIPT else "manifest"
        return cls(shown, kind, form, data=data)

    @property
    def is_whole(self) -> bool:
        """It is more than one file, so that what is missing in it is missing."""
        return self.kind in ("zip", "folder")

    @property
    def unusable(self) -> ArchiveProblem | None:
        """Why its ZIP cannot be opened; None where it can, or is none."""
        return None if self.archive is None else self.archive.unusable

    @cached_property
    def entries(self) -> tuple[tuple[str, ArchiveEntry | None], ...]:
        """The raw names of what is in the package, with the ZIP's entries; those of a folder end with a slash."""
        if self.archive is not None:
            return tuple((entry.raw.raw_name, entry) for entry in self.archive.entries)
        if self._folder is not None:
            names = _names_below(self._folder, self._within or self._folder)
            return tuple((name, None) for name in islice(names, MOST_FILES))
        return ()

    @property
    def is_cut(self) -> bool:
        """It has more files than are looked at, so that nothing can be said to be missing."""
        return self._folder is not None and len(self.entries) == MOST_FILES

    @cached_property
    def _by_name(self) -> dict[str, ArchiveEntry]:
        """Where an entry lands to the last entry that lands there."""
        return {
            inside: entry
            for name, entry in self.entries
            if entry is not None and not name.endswith("/") and (inside := unpacked(name)) is not None
        }

    @cached_property
    def tree(self) -> PackageTree:
        """Its files and folders."""
        return PackageTree(name for name, _ in self.entries)

    def has(self, name: str) -> bool:
        """Whether there is a file of this name. Asks the disk alone where the package is a folder."""
        if self._folder is not None:
            return unpacked(name) == name and os.path.isfile(os.path.join(self._folder, *name.split("/")))
        return name in self._by_name

    def read(self, name: str, limit: int) -> tuple[bytes, str | None]:
        """The bytes of a file of the package, at most one more than `limit`, and why they cannot be had.

        Args:
            name: as it is unpacked.
            limit: bytes.
        """
        if self._folder is not None:
            path = os.path.join(self._folder, *name.split("/"))
            if not self._stays_within(path):
                return b"", LEADS_OUT
            content = read_file(path, limit)
            return content.data, content.problem
        entry = self._by_name.get(name)
        if entry is None or self.archive is None:
            return b"", "there is no such file"
        data, problem = self.archive.read(entry, limit)
        is_whole = problem is None or (problem.kind in ("size-lie", "checksum") and len(data) <= entry.size)
        if not is_whole and problem is not None:
            return data, problem.detail
        return data, _damage(data, self.archive.stated_locally(entry), problem)

    def _stays_within(self, path: str) -> bool:
        """Whether no link on the way to a file of the folder leads out of where links may lead."""
        return is_below(real_path(path), real_path(self._within or ""))

    def _shown(self, name: str) -> tuple[str, str | None]:
        """Path and member of a file of the package."""
        if self.archive is not None:
            entry = self._by_name.get(name)
            return self.path, name if entry is None else entry.raw.raw_name
        folder, slash, _ = self.path.rpartition("/")
        return f"{folder}{slash}{name}", None

    @cached_property
    def manifest(self) -> Manifest | None:
        """The manifest; None where there is none, or it cannot be read from the disk or the ZIP."""
        if self.kind == "script" or self.problem is not None:
            return None
        if self.archive is None:
            return Manifest(manifest_file(self.path, None, self._data))
        data = self._xml(MANIFEST)
        return None if data is None else Manifest(manifest_file(*self._shown(MANIFEST), data))

    @cached_property
    def script(self) -> InstallScript | None:
        """The script that installs it; None where there is none, or it cannot be read from the disk or the ZIP."""
        if self.kind == "script":
            return None if self.problem is not None else InstallScript(script_file(self.path, None, self._data))
        data = self._xml(SCRIPT) if self.is_whole else None
        return None if data is None else InstallScript(script_file(*self._shown(SCRIPT), data))

    def _xml(self, name: str) -> bytes | None:
        """The bytes of an XML file of the package; None where it is not there, or not to be had."""
        if not self.has(name):
            return None
        data, problem = self.read(name, LARGEST_XML)
        # Of one that is too long its document says so.
        if problem is not None and len(data) <= LARGEST_XML:
            self._unread[name] = problem
            return None
        return data

    @property
    def unread(self) -> Mapping[str, str]:
        """Which of the `SPECIAL_FILES` are there and cannot be read, and why, as a clause about "it"."""
        _ = self.manifest, self.script
        for name in SPECIAL_FILES if self.is_whole else ():
            if name not in (MANIFEST, SCRIPT):
                self.text_file(name)
        return self._unread

    @cached_property
    def installation(self) -> Installation | None:
        """What its script does with its files, on a server of which nothing is known."""
        return None if self.script is None else Installation(self.script, self.tree, package=self.names)

    @property
    def not_installed(self) -> tuple[str, ...]:
        """Its files that no command brings to a server, but for those with a meaning of their own.

        Empty where the script has more to install than is followed, see `Installation.is_complete`.
        """
        installation = self.installation
        if installation is not None and not installation.is_complete:
            return ()
        steps = installation.steps if installation is not None else ()
        installed = {each.source for step in steps for each in step.installs}
        return tuple(
            name
            for name in self.tree.files
            if name not in installed and name not in SPECIAL_FILES and name not in PAGE_FILES
        )

    @property
    def names(self) -> dict[str, str]:
        """Its id, name and version, for the variables of these names."""
        manifest = self.manifest
        if manifest is None:
            return {}
        found = {"id": manifest.id, "name": manifest.name, "version": manifest.version}
        return {key: str(value) for key, value in found.items() if value is not None}

    def unread_file(self, name: str) -> PackageFile:
        """Stands for one of the files that cannot be read, where something is said about it."""
        return PackageFile(*self._shown(name), SourceText(b""))

    def text_file(self, name: str) -> PackageFile | None:
        """A text of the package as a document; None where it is not there or cannot be read."""
        if name not in self._files:
            data, problem = self.read(name, LARGEST_TEXT) if self.has(name) else (b"", "")
            # One that is merely too long for the rules is no problem of Nuxeo's.
            if problem and len(data) <= LARGEST_TEXT:
                self._unread[name] = problem
            document = None if problem is not None else PackageFile(*self._shown(name), SourceText(data))
            self._files[name] = document
        return self._files[name]

    @property
    def files_with_tokens(self) -> Iterator[XmlFile]:
        """Manifest and script where a build has left something to replace."""
        for document, in_script in (
            (self.manifest.file if self.manifest is not None else None, False),
            (self.script.file if self.script is not None else None, True),
        ):
            if document is not None:
                text = without_comments(document.source.text)
                if next(tokens(text, in_script=in_script), None) is not None:
                    yield document

    def member_of(self, place: Place) -> str | None:
        """The entry that `place` names."""
        return place.member

    def source_of(self, place: Place) -> SourceText | None:
        """None: places in its files are places of these."""
        return None

    def locate(self, place: Place) -> Region | None:
        """None: an entry as a whole, or the package."""
        return None


def _damage(data: bytes, stated: Stated | None, problem: ArchiveProblem | None) -> str | None:
    """Why Java refuses content that was read to its end, as a clause about "it"; None where it does not.

    Its `ZipInputStream` compares the content with what is said in front of it, or behind it, and never looks into the
    table of contents, which is taken here for what is behind.
    """
    if stated is None:
        return None if problem is None else problem.detail
    if zlib.crc32(data) != stated.checksum:
        return "its content does not match its checksum"
    return None if len(data) == stated.size else "its declared length is not that of its content"


def _names_below(folder: str, within: str) -> Iterator[str]:
    """Names of files and folders below a folder, those of folders with a slash at the end, the upper ones first.

    Links to folders are followed, as `zip` does, unless they lead out of `within` or go round in a circle.
    """
    limit = real_path(within)
    waiting: deque[tuple[str, str, tuple[str, ...]]] = deque([("", folder, (real_path(folder),))])
    while waiting:
        start, path, above = waiting.popleft()
        folders, files, links = _names_in(path)
        yield from (f"{start}{name}" for name in (*(f"{each}/" for each in folders), *files))
        for name in folders:
            inside = os.path.join(path, name)
            # Only a link has to be followed to know where it leads.
            real = real_path(inside) if name in links else os.path.join(above[-1], name)
            if name not in links or (real not in above and is_below(real, limit)):
                waiting.append((f"{start}{name}/", inside, (*above, real)))


def _names_in(folder: str) -> tuple[list[str], list[str], set[str]]:
    """The folders and the files in a folder, sorted, and which are links; none where it cannot be listed."""
    folders: list[str] = []
    files: list[str] = []
    links: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.lower() in _NEVER_PACKED:
                    continue
                is_folder, leads_on = _kind_of(entry)
                (folders if is_folder else files).append(entry.name)
                if leads_on:
                    links.add(entry.name)
    except (OSError, ValueError):
        pass
    return sorted(folders), sorted(files), links


def _kind_of(entry: os.DirEntry[str]) -> tuple[bool, bool]:
    """Whether something is a folder, and whether it is a link."""
    try:
        return entry.is_dir(), is_link(entry)
    except OSError:
        # A link that goes round in a circle.
        return False, True
