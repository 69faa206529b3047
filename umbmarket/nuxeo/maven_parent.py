"""The `pom.xml` of a Maven project with modules: what a new module takes from it, and how it is named there.

The file is other people's, so only the bytes of the one `<module>` are added, wherever they have to stand. A DTD is
refused, so that no entity can grow.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

LARGEST_POM = 4 * 1024 * 1024
"""Bytes of a `pom.xml` that are read; the largest real ones have some hundred kilobytes."""

_EMPTY_TAG = re.compile(rb"<[^<>]*/>")
_ASCII_LIKE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


class InvalidPom(ValueError):
    """The text is no `pom.xml` that can be used; the text says why, as a clause about "it"."""


class Coordinates(NamedTuple):
    """What Maven calls a project.

    Attributes:
        group: its `groupId`.
        artifact: its `artifactId`.
        version: its `version`.
    """

    group: str
    artifact: str
    version: str


class ParentPom:
    """A `pom.xml` that may have modules.

    Attributes:
        coordinates: of the project; group and version may be those of its own parent.
        packaging: `jar` where it does not say.
        organization: the name of the organisation; empty where it does not say.
        modules: the modules that it names outside of profiles.
        has_nuxeo_parent: it, or its parent, is one of Nuxeo's, which know the plugin that builds packages.
    """

    def __init__(self, data: bytes) -> None:
        """Read the file.

        Raises:
            InvalidPom: it cannot be used.
        """
        self._data = data
        self._reader = _Reader(data)
        texts = self._reader.texts
        if self._reader.root != "project":
            raise InvalidPom("its root element is not <project>")
        group = texts.get("groupId") or texts.get("parent/groupId", "")
        version = texts.get("version") or texts.get("parent/version", "")
        artifact = texts.get("artifactId", "")
        if not (group and artifact and version):
            raise InvalidPom("it does not say its groupId, artifactId and version")
        self.coordinates = Coordinates(group, artifact, version)
        self.packaging = texts.get("packaging") or "jar"
        self.organization = texts.get("organization/name", "")
        self.modules = tuple(self._reader.modules)
        self.has_nuxeo_parent = any(
            each == "org.nuxeo" or each.startswith("org.nuxeo.") for each in (group, texts.get("parent/groupId", ""))
        )

    @property
    def is_aggregator(self) -> bool:
        """Whether it can have modules."""
        return self.packaging == "pom"

    def with_module(self, name: str) -> bytes:
        """The file with one more module, the last one; as it is where it has that module already.

        Args:
            name: the module's folder; ASCII.
        """
        if name in self.modules:
            return self._data
        reader, data = self._reader, self._data
        line_end = b"\r\n" if b"\r\n" in data else b"\n"
        element = b"<module>" + name.encode("ascii") + b"</module>"
        if reader.last_module is not None:
            start, end = reader.last_module
            indent = _indent_before(data, start)
            return data[:end] + (b"" if indent is None else line_end + indent) + element + data[end:]
        if reader.modules_element is not None:
            start, end, is_empty_tag = reader.modules_element
            outer = _indent_before(data, start) or b""
            inner = outer + (_unit(data))
            if is_empty_tag:
                block = b"<modules>" + line_end + inner + element + line_end + outer + b"</modules>"
                return data[:start] + block + data[end:]
            line = _line_start(data, end)
            if line is not None:
                return data[:line] + inner + element + line_end + data[line:]
            return data[:end] + line_end + inner + element + line_end + outer + data[end:]
        end = reader.project_end
        unit = _unit(data)
        lines = (b"<modules>", unit + element, b"</modules>")
        block = b"".join(unit + line + line_end for line in lines)
        line = _line_start(data, end)
        return data[:end] + line_end + block + data[end:] if line is None else data[:line] + block + data[line:]


class _Reader:
    """One pass of expat, which knows the byte that each tag begins at."""

    def __init__(self, data: bytes) -> None:
        if _ASCII_LIKE.match(data) is None:
            raise InvalidPom("it is not XML in an encoding such as UTF-8")
        self.root = ""
        self.texts: dict[str, str] = {}
        self.modules: list[str] = []
        self.last_module: tuple[int, int] | None = None
        self.modules_element: tuple[int, int, bool] | None = None
        self.project_end = len(data)
        self._data = data
        self._path: list[str] = []
        self._starts: list[int] = []
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append
        self._parser.StartDoctypeDeclHandler = self._refuse
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise InvalidPom(f"it is not well-formed XML (line {error.lineno})") from None
        except InvalidPom:
            raise
        except (LookupError, ValueError):
            raise InvalidPom("it is in an encoding that is not read") from None

    def _refuse(self, *_: object) -> None:
        raise InvalidPom("it has a DOCTYPE, which is not read")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._path:
            self.root = name
        self._path.append(name)
        self._starts.append(self._parser.CurrentByteIndex)
        self._text.clear()

    def _end(self, name: str) -> None:
        path = "/".join(self._path[1:])
        start, end = self._starts.pop(), self._parser.CurrentByteIndex
        text = "".join(self._text).strip()
        self._text.clear()
        if path == "modules/module":
            self.modules.append(text)
            self.last_module = start, self._after(start, end)[0]
        elif path == "modules" and self.modules_element is None:
            after, is_empty_tag = self._after(start, end)
            self.modules_element = start, (after if is_empty_tag else end), is_empty_tag
        elif not path:
            self.project_end = end
        elif path.count("/") <= 1:
            self.texts.setdefault(path, text)
        self._path.pop()

    def _after(self, start: int, end: int) -> tuple[int, bool]:
        """Where an element ends, and whether it is a single tag, after which expat says that its end tag begins."""
        empty = _EMPTY_TAG.match(self._data, start)
        return (empty.end(), True) if empty is not None else (self._data.index(b">", end) + 1, False)


def _line_start(data: bytes, at: int) -> int | None:
    """Where the line of `at` begins, if nothing but white space stands before it; else None."""
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    return start if not data[start:at].strip(b" \t") and start > 0 else None


def _indent_before(data: bytes, at: int) -> bytes | None:
    start = _line_start(data, at)
    return None if start is None else data[start:at]


def _unit(data: bytes) -> bytes:
    """What one level is indented by: as the first indented line."""
    found = re.search(rb"[\r\n]([ \t]+)<", data)
    return found[1] if found is not None else b"  "
