"""Where a finding stands, as services that know a whole repository want to hear it."""

from __future__ import annotations

import re

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Related, visible

_DRIVE = re.compile(r"[A-Za-z]:/")


class Places:
    """Where the findings of a report stand in the repository, as far as that is known.

    A service that knows a repository shows nothing for a package: it was built, and is not in there. A finding in one
    is shown where its listing or its project stands, if it names such a place, and else at the package.

    Args:
        report: what a run found.
        prefix: the working folder within the root of the git working tree; empty when it is the root.
    """

    def __init__(self, report: Report, prefix: str) -> None:
        self._packages = {file.path for file in report.files if file.kind == "package"}
        self._packages.update(finding.file for finding in report.findings if finding.member is not None)
        self._prefix = prefix

    def instead(self, finding: Finding) -> Related | None:
        """The place that stands for a finding's own; None where its own is good, or no better one is known."""
        if finding.member is None and finding.file not in self._packages:
            return None
        return next((each for each in finding.related if self.is_in_repository(each.file, each.member)), None)

    def is_in_repository(self, file: str, member: str | None) -> bool:
        """Whether a place is one that the service can show.

        Args:
            file: path of the file, as shown.
            member: name of the member that the place is in, or None.
        """
        path = from_root(file, self._prefix)
        is_inside = not is_absolute(path) and not path.startswith("../") and path != ".."
        return is_inside and member is None and file not in self._packages


def message_of(finding: Finding) -> str:
    """The finding's message; for a place inside an archive it says where, as services know no such places."""
    if finding.member is None:
        return finding.message
    line = f", line {finding.region.line}" if finding.region else ""
    return f"{finding.message} (in {finding.member}{line})"


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
