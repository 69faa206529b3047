"""Files on a server that a command names by a pattern: `tofile` of `copy`, `file` of `delete`.

The rules are those of `FileRef` and `FileMatcher` (nuxeo-common): where the last part of a path holds a `{`, it is
looked for among the files of its folder, as `prefix{name:regular expression}suffix`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from typing import NamedTuple

LONGEST_NAME = 4_096
"""Letters of a name that is looked at: no file system has longer ones."""


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
        inside = [each for each in sorted(files) if posixpath.dirname(each) == folder]
        parts = _parts(name) if inside and len(name) <= LONGEST_NAME else None
        if parts is None:
            # Without a variable in it, it is an ordinary name.
            return next((each for each in inside if posixpath.basename(each) == name), None)
        before, pattern, after = parts
        try:
            matcher = re.compile(f"{before}({pattern}){after}")
        except re.error:
            # Java may read it.
            return None
        return next((each for each in inside if matcher.fullmatch(posixpath.basename(each))), None)


def _parts(name: str) -> tuple[str, str, str] | None:
    """What stands before the braces, the expression in them, and what stands behind: each as far right as it can."""
    end = name.rfind("}")
    start = name.rfind("{", 0, end) if end > 0 else -1
    while start >= 0:
        colon = name.rfind(":", start + 2, end - 1)
        if colon > 0:
            return name[:start], name[colon + 1 : end].strip(), name[end + 1 :]
        start = name.rfind("{", 0, start)
    return None
