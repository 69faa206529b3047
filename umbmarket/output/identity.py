"""What makes a finding the same one in another run, for services that follow findings over time."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

from umbmarket.findings import Finding, Region, Source
from umbmarket.output.source_lines import SourceLines

_NUMBER_IN_POINTER = re.compile(r"/[0-9]+(?=/|$)")


class Identities:
    """Gives each finding of a report a fingerprint that no other one of it has.

    It stays when lines are added above the finding, or entries move within a list.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, finding: Finding, place: str, snippet: str | None) -> str:
        """The fingerprint of the next finding.

        Args:
            finding: the finding.
            place: where its file lies, as the service is told.
            snippet: the text that is meant, or None.
        """
        pointer = _NUMBER_IN_POINTER.sub("/*", finding.pointer)
        quoted = " ".join((snippet or "").split())
        facts = (finding.code, place, finding.member or "", pointer, quoted)
        identity = sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._seen[identity] += 1
        return f"{identity}:{self._seen[identity]}"


def snippet_of(region: Region | None, source: Source | None, lines: SourceLines) -> str | None:
    """The text of a region that lies on one line; None of any other."""
    if region is None or source is None or region.line != region.end_line:
        return None
    return lines.get(source, region.line)[region.column - 1 : region.end_column - 1]
