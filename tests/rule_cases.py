"""What the cases of all rules have in common: `tests/cases/<CODE>/{ok,bad}/<case>/`, with `expected.txt` if bad."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tests.shared_corpus import ROOT
from umbmarket.findings import Finding

CASES = ROOT / "tests" / "cases"


def case_folders(prefix: str, kind: str) -> list[Path]:
    """The cases of a kind (`ok`, `bad`, `fixed`) of the rules whose codes begin so."""
    return sorted(folder for folder in CASES.glob(f"{prefix}*/{kind}/*") if folder.is_dir())


def case_name(folder: Path) -> str:
    return "-".join(folder.relative_to(CASES).parts)


def code_of(folder: Path) -> str:
    return folder.relative_to(CASES).parts[0]


def as_line(finding: Finding) -> str:
    region = finding.region
    where = f"{region.line}:{region.column}-{region.end_line}:{region.end_column}" if region else "-"
    return f"{finding.path} {where} {finding.severity} {finding.message}"


def assert_told(findings: Sequence[Finding], folder: Path) -> None:
    """Compare findings with the `expected.txt` of a bad case, which is written first where that is wanted."""
    told = "".join(as_line(finding) + "\n" for finding in findings)
    expected = folder / "expected.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        expected.write_text(told, "utf-8", newline="\n")
    assert told == expected.read_text("utf-8")
    assert findings
