"""Writes the workflows that README and docs print into a folder, so that linters can read them.

python docs/recipes.py FOLDER
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The root of the source tree."""

WORKFLOW = re.compile(r"^<!-- workflow: (?P<name>[\w.-]+) -->\n```yaml\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
"""A block of YAML below a comment that calls it a workflow."""


def write_workflows(folder: Path) -> list[Path]:
    """Writes every workflow of README and docs, each under the name of its page and its own, and returns the files."""
    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]:
        for match in WORKFLOW.finditer(page.read_text("utf-8")):
            file = folder / f"{page.stem}-{match['name']}"
            file.write_text(match["text"], "utf-8", newline="\n")
            written.append(file)
    return written


if __name__ == "__main__":
    sys.exit(0 if write_workflows(Path(sys.argv[1])) else "no page holds a workflow")
