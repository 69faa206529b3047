"""The code blocks of README and docs, each with the comment above it that says how it is checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.shared_corpus import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "samples/README.md", *ROOT.glob("docs/**/*.md")])
GENERATED = re.compile(r"docs/(rules|usage|commands)\b.*\.md$")
"""Pages that are written from the code: their examples are checked where they come from."""

BLOCK = re.compile(
    r"(?:^<!-- (?P<kind>[a-z][a-z ]*?)(?:: (?P<argument>[^\n]*?))? -->\n)?"
    r"^(?P<fence>```+)(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A code block: where it stands, its language, and what the comment above it says; `kind` is empty without one."""

    page: Path
    line: int
    language: str
    kind: str
    argument: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(kind: str | None = None) -> list[Block]:
    """All code blocks of the pages that are written by hand, or those of a kind."""
    found = []
    for page in PAGES:
        if GENERATED.search(page.as_posix()):
            continue
        text = page.read_text("utf-8")
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start("fence")) + 1
            told = (match["language"], match["kind"] or "", match["argument"] or "", match["text"])
            found.append(Block(page, line, *told))
    return [block for block in found if kind is None or block.kind == kind]
