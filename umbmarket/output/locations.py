"""Where a finding stands, as services that know a whole repository want to hear it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from umbmarket.findings import Finding, visible

MEMBER_MARK = "!/"
"""What stands between the path of an archive and the name of a member in it."""

_DRIVE = re.compile(r"[A-Za-z]:/")


class FilePlace(NamedTuple):
    """A file, and for a finding inside an archive the member's name."""

    file: str
    member: str | None


def file_place(path: str, files: Collection[str]) -> FilePlace:
    """Take the shown path of a finding apart.

    Args:
        path: as in `Finding.path`.
        files: the paths of the files that were looked at: a folder's name may end in `!`, so only they tell.
    """
    if path not in files:
        at = path.find(MEMBER_MARK)
        while at >= 0:
            if path[:at] in files:
                return FilePlace(path[:at], path[at + len(MEMBER_MARK) :])
            at = path.find(MEMBER_MARK, at + 1)
    return FilePlace(path, None)


def message_of(finding: Finding, place: FilePlace) -> str:
    """The finding's message; for a place inside an archive it says where, as services know no such places."""
    if place.member is None:
        return finding.message
    line = f", line {finding.region.line}" if finding.region else ""
    return f"{finding.message} (in {place.member}{line})"


def is_absolute(path: str) -> bool:
    """Whether a shown path starts at a root or a drive, as it does outside the working folder."""
    return path.startswith("/") or _DRIVE.match(path) is not None


def from_root(path: str, prefix: str) -> str:
    """A shown path, made relative to the root of the git working tree.

    Args:
        path: relative to the working folder, with forward slashes; an absolute one comes back as it is.
        prefix: the working folder within the root, such as `src/Site`; empty when it is the root.

    Returns:
        The path without `.` and `..`, save for leading `..` that lead out of the root.
    """
    if is_absolute(path):
        return path
    parts: list[str] = []
    for part in f"{prefix}/{path}".split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def uri_of(path: str) -> str:
    """A path as a URI reference (RFC 3986): relative as it is, an absolute one as a `file:` URI.

    Bytes of a file name that are no UTF-8 are percent-encoded as the bytes they are.
    """
    from urllib.parse import quote

    try:
        octets = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        octets = visible(path).encode()
    encoded = quote(octets, safe="/")
    if path.startswith("//"):
        return f"file:{encoded}"
    if path.startswith("/"):
        return f"file://{encoded}"
    return f"file:///{path[0]}:{encoded[4:]}" if _DRIVE.match(path) else encoded
