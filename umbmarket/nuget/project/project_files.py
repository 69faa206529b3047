"""The files of a repository as an evaluation sees them: only those below one folder, each read once.

Names are compared letter for letter, as on Linux, whatever the file system does; where only the letter case differs
the answer is unknown, as Windows and macOS give another one. Links are followed only to what lies in the root.
"""

from __future__ import annotations

import os
import posixpath
from functools import cached_property
from typing import Any

from umbmarket.disk.files import is_link, read_file
from umbmarket.disk.real_path import real_path
from umbmarket.findings import Place, Region, Span
from umbmarket.formats.source import SourceText
from umbmarket.formats.xml.elements import XmlRefused, leading_space, parse_xml
from umbmarket.formats.xml.encoding import decode_xml
from umbmarket.formats.xml.positions import XmlPlaces
from umbmarket.nuget.project.unknown import Unknown

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes of one file; the largest of 963 real ones has some 60,000."""

LONGEST_PATH = 32_767
"""Characters of the longest path that any system has, which is Windows; Linux allows 4,096 bytes."""

BUILD_OUTPUT = frozenset({"bin", "obj", "dist", "node_modules", "artifacts", "wwwroot"})
"""Folders whose content a build makes: whether something is there now tells nothing."""

SHARED_FILES = ("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props")
"""What MSBuild looks for in the folders above a project."""

_SHARED = frozenset(name.lower() for name in SHARED_FILES)

OUTSIDE = "it is outside of the repository"

Element = Any
"""An element of lxml, which has no types."""


class ProjectFile:
    """One XML file that MSBuild reads.

    Attributes:
        real_path: absolute, with forward slashes.
        path: relative to the root, with forward slashes; what a person is shown.
        folder: absolute folder that it lies in, without a slash at the end.
        source: its text.
        root: its root element; None where it could not be read.
        problem: why it could not be read, as a clause; None where it could.
        problem_span: where in the text.
        construction: what the evaluation made of it, kept for the next one.
        doubt: why MSBuild may read it all the same, which skips a DOCTYPE; None where it does not.
    """

    def __init__(self, real_path: str, path: str, data: bytes) -> None:
        """Read `data`; never raises."""
        self.real_path = real_path
        self.path = path
        self.folder, _, self.name = real_path.rpartition("/")
        decoded = decode_xml(data)
        self.source: SourceText = decoded.source
        self.root: Element | None = None
        self.problem: str | None = None
        self.problem_span = Span(0, 0)
        self.doubt: str | None = None
        self.construction: Any = None
        if decoded.problem is not None and decoded.problem.refused:
            self.problem, self.problem_span = decoded.problem.detail, decoded.problem.span
            self.doubt = self.problem
            return
        skipped = leading_space(self.source.text)
        try:
            self.root = parse_xml(self.source.text[skipped:] if skipped else self.source.text, blank_text=False)
        except XmlRefused as refused:
            at = refused.offset + skipped
            self.doubt = None if refused.kind == "not-well-formed" else refused.detail
            self.problem = refused.detail
            self.problem_span = Span(at, min(at + 1, len(self.source.text)))

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of `place`; None for the file as a whole."""
        if place.span is not None:
            return self.source.region(place.span)
        if self.root is None or not place.pointer:
            return None
        span = self._places.span(place)
        return self.source.region(span) if span is not None else None

    def start_tag(self, element: Element) -> Span | None:
        """Where the start tag of an element stands."""
        return self._places.start_tag(self._numbers.get(element, -1))

    @cached_property
    def has_cdata(self) -> bool:
        """Whether a CDATA section stands anywhere in it: the parser does not tell which text comes from one."""
        return "<![CDATA[" in self.source.text

    def text_of(self, element: Element) -> str:
        """The text of an element without child elements, where white space beside a CDATA section does not count."""
        number = self._numbers.get(element)
        return self._places.text_of(number) if number is not None else ""

    @cached_property
    def _numbers(self) -> dict[Element, int]:
        return {element: number for number, element in enumerate(self.root.iter("*"))} if self.root is not None else {}

    @cached_property
    def _places(self) -> XmlPlaces:
        return XmlPlaces(self.source.text)

    def pointer(self, element: Element) -> str:
        """The path of an element, such as `/PropertyGroup[2]/Title[1]`; empty for the root."""
        steps: list[str] = []
        while element is not None:
            parent = element.getparent()
            if parent is None:
                break
            name = local_name(element)
            number = 1 + sum(1 for other in element.itersiblings(preceding=True) if local_name(other) == name)
            steps.append(f"{name}[{number}]")
            element = parent
        return "".join(f"/{step}" for step in reversed(steps))


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class ProjectFiles:
    """The files below one root, each listed and read once; to be shared by the evaluations of one run.

    Attributes:
        root: absolute real path, with forward slashes and none at the end.
        plans: the packages of referenced projects, by path, kept for the next that refers to them.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        """`root` may be any folder; nothing is read yet."""
        self.root = _forward(real_path(root)).rstrip("/") or "/"
        self._prefix = self.root if self.root == "/" else f"{self.root}/"
        self.plans: dict[str, object] = {}
        self._names: dict[str, dict[str, bool] | None] = {}
        self._found: dict[str, str | Unknown] = {self.root: self.root}
        self._folded: dict[str, frozenset[str]] = {}
        self._shared: dict[str, dict[str, tuple[str, str]]] = {}
        self._files: dict[str, ProjectFile | Unknown | None] = {}

    def spelled(self, path: str | os.PathLike[str]) -> str:
        """A path as it is named here: absolute, with forward slashes, below the root where it lies there."""
        absolute = _forward(os.path.abspath(path))
        return absolute if self.contains(absolute) else _forward(real_path(path))

    def shown(self, path: str) -> str:
        """`path` relative to the root."""
        return path.removeprefix(self._prefix)

    def contains(self, path: str) -> bool:
        """Whether an absolute, normalized path lies in the root, by its spelling."""
        return path.startswith(self._prefix) or path == self.root

    def names(self, folder: str) -> dict[str, bool] | None:
        """The names in a folder, each with whether it is a link; None where it cannot be listed."""
        if folder not in self._names:
            self._names[folder] = _listed(folder)
        return self._names[folder]

    def other_case(self, folder: str, name: str) -> str | None:
        """An entry whose name differs from `name` in letter case alone, or None."""
        names = self.names(folder)
        if not names:
            return None
        folded = self._folded.get(folder)
        if folded is None:
            folded = self._folded[folder] = frozenset(map(str.lower, names))
        wanted = name.lower()
        if wanted not in folded:
            return None
        return next((entry for entry in sorted(names) if entry.lower() == wanted and entry != name), None)

    def find(self, path: str) -> str | Unknown | None:
        """The real path of what is called `path` (absolute, normalized); None when there is nothing."""
        known = self._found.get(path)
        if known is not None:
            return known
        if not path.startswith(self._prefix):
            return Unknown(f"{OUTSIDE}: {path}")
        folder, _, name = path.rpartition("/")
        above = self._found.get(folder)
        if above is None:
            # Step by step from the root: a path may have any number of folders.
            at = self.root
            above = self._found[at]
            for step in folder[len(self._prefix) :].split("/"):
                if not isinstance(above, str):
                    return above
                at = f"{at.rstrip('/')}/{step}"
                above = self._found.get(at) or self._step(at, above, step)
        return self._step(path, above, name) if isinstance(above, str) else above

    def _step(self, path: str, folder: str, name: str) -> str | Unknown | None:
        """The real path of `path`, which is the entry `name` of the folder whose real path is given."""
        names = self.names(folder)
        linked = names.get(name) if names is not None else None
        real = f"{folder.rstrip('/')}/{name}"
        found: str | Unknown = real
        if linked is None:
            other = self.other_case(folder, name)
            if other is None:
                return None
            found = Unknown(f"{self.shown(real)} is called {other}, which is the same file on Windows and macOS")
        elif linked:
            target = _forward(real_path(real))
            outside = Unknown(f"{self.shown(real)} is a link that leads out of the repository")
            found = target if self.contains(target) else outside
        self._found[path] = found
        return found

    def exists(self, path: str) -> bool | Unknown:
        """Whether there is a file or folder; unknown below folders that a build fills."""
        if self.contains(path) and any(step.lower() in BUILD_OUTPUT for step in self.shown(path).split("/")):
            return Unknown(f"{self.shown(path)} is made by a build")
        found = self.find(path)
        return found if isinstance(found, Unknown) else found is not None

    def load(self, path: str) -> ProjectFile | Unknown | None:
        """The XML file at an absolute path; None when there is none."""
        if path in self._files:
            return self._files[path]
        found = self.find(path)
        file: ProjectFile | Unknown | None
        if found is None or isinstance(found, Unknown):
            file = found
        else:
            content = read_file(found, LARGEST_FILE)
            if content.problem is not None:
                file = Unknown(f"{self.shown(path)} cannot be read: {content.problem}")
            elif len(content.data) > LARGEST_FILE:
                file = Unknown(f"{self.shown(path)} has more than {LARGEST_FILE:,} bytes")
            else:
                file = ProjectFile(path, self.shown(path), content.data)
        self._files[path] = file
        return file

    def data(self, path: str) -> bytes | Unknown | None:
        """The bytes of a file; None when there is none."""
        found = self.find(path)
        if found is None or isinstance(found, Unknown):
            return found
        content = read_file(found, LARGEST_FILE)
        if content.problem is not None or len(content.data) > LARGEST_FILE:
            return Unknown(f"{self.shown(path)} cannot be read: {content.problem or 'it is too long'}")
        return content.data

    def text(self, path: str) -> str | Unknown | None:
        """The text of a file; None when there is none."""
        data = self.data(path)
        if data is None or isinstance(data, Unknown):
            return data
        source = SourceText(data)
        return source.text if source.readable else Unknown(f"{self.shown(path)} is no text")

    def above(self, name: str, start: str) -> tuple[str, str] | None:
        """The nearest folder from `start` up to the root that holds `name`, and the entry's own name.

        The entry's name may differ from `name` in letter case, where none has exactly this one.
        """
        folder = _possible(start)
        if name in SHARED_FILES:
            return self._shared_above(folder).get(name)
        while self.contains(folder):
            entry = self._entry(folder, name)
            if entry is not None:
                return folder, entry
            if folder == self.root:
                break
            folder = folder.rpartition("/")[0] or "/"
        return None

    def above_path(self, path: str, start: str) -> str | Unknown:
        """The nearest folder from `start` up to the root below which a file has this relative path; empty for none."""
        folder = _possible(start)
        while self.contains(folder):
            found = self.find(normalized(path, folder)) if self.names(folder) is not None else None
            if isinstance(found, Unknown):
                return found
            if found is not None and not os.path.isdir(found):
                return folder
            if folder == self.root:
                break
            folder = folder.rpartition("/")[0] or "/"
        return ""

    def _entry(self, folder: str, name: str) -> str | None:
        names = self.names(folder)
        return name if names is not None and name in names else self.other_case(folder, name)

    def _shared_above(self, start: str) -> dict[str, tuple[str, str]]:
        """What `above` says of each of the `SHARED_FILES`."""
        folder, waiting = start, []
        while (found := self._shared.get(folder)) is None and self.contains(folder):
            waiting.append(folder)
            if folder == self.root:
                break
            folder = folder.rpartition("/")[0] or "/"
        found = found or {}
        for folder in reversed(waiting):
            names = self.names(folder)
            if names and not _SHARED.isdisjoint(map(str.lower, names)):
                entries = {name: self._entry(folder, name) for name in SHARED_FILES}
                found = {**found, **{name: (folder, entry) for name, entry in entries.items() if entry is not None}}
            self._shared[folder] = found
        return found


def _possible(folder: str) -> str:
    """The part of a path that can exist: no longer one does, and each step up would copy it."""
    return folder if len(folder) <= LONGEST_PATH else folder[:LONGEST_PATH].rpartition("/")[0]


def normalized(path: str, base: str) -> str:
    """`path` made absolute from `base`: forward slashes, no `.`, no `..`."""
    path = path.replace("\\", "/")
    joined = posixpath.normpath(posixpath.join(base, path))
    # Two leading slashes mean something on Windows alone.
    return f"/{joined.lstrip('/')}" if joined.startswith("//") else joined


def root_of(project: str) -> str:
    """The folder that the imports of a project stay inside when nobody names one.

    That is the repository's root; without a repository the topmost folder above the project that holds one of the
    `SHARED_FILES`, else the project's own.
    """
    folder = best = os.path.dirname(real_path(project))
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        if any(os.path.lexists(os.path.join(folder, name)) for name in SHARED_FILES):
            best = folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return best
        folder = parent


def _listed(folder: str) -> dict[str, bool] | None:
    try:
        # The kind of an entry comes with its name, without asking the disk for each.
        with os.scandir(folder) as entries:
            if os.name == "nt":
                return {entry.name: is_link(entry) for entry in entries}
            return {entry.name: entry.is_symlink() for entry in entries}
    except (OSError, ValueError):
        return None


def _forward(path: str) -> str:
    return path.replace("\\", "/") if os.sep == "\\" else path
