"""Files on a server that a command names by a pattern: `tofile` of `copy`, `file` of `delete`.

The rules are those of `FileRef` and `FileMatcher` (nuxeo-common): where the last part of a path holds a `{`, it is
looked for among the files of its folder, as `prefix{name:regular expression}suffix`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from typing import NamedTuple

_PATTERN = re.compile(r"(?P<before>[^{]*)\{(?P<key>[^:}]*):(?P<inner>.*)\}(?P<after>[^}]*)", re.DOTALL)


class NoFolder(ValueError):
    """A pattern without a folder in front of it: Nuxeo ends with a NullPointerException."""


class FileReference(NamedTuple):
    """A path that a command names.

    Attributes:
        path: as Java's `File` has it: single slashes, none at the end.
    """

    path: str

    @classmethod
    def parse(cls, text: str) -> FileReference:
        """What `java.io.File` makes of a path."""
        return cls(re.sub(r"/+", "/", text).rstrip("/") or ("/" if text.startswith("/") else ""))

    @property
    def is_pattern(self) -> bool:
        """Its last part is looked for."""
        return "{" in posixpath.basename(self.path)

    def resolve(self, files: Collection[str]) -> str | None:
        """The file that is meant; None where no file matches the pattern.

        Args:
            files: absolute paths of the files that are there.

        Raises:
            NoFolder: it is a pattern in no folder.
        """
        if not self.is_pattern:
            return self.path
        folder, name = posixpath.split(self.path)
        if not folder:
            raise NoFolder(self.path)
        found = _PATTERN.fullmatch(name)
        if found is None:
            return None
        try:
            matcher = re.compile(f"{found['before']}({found['inner']}){found['after']}")
        except re.error:
            # Java may read it.
            return None
        inside = (each for each in sorted(files) if posixpath.dirname(each) == folder)
        return next((each for each in inside if matcher.fullmatch(posixpath.basename(each))), None)
