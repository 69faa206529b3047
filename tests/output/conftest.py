"""Reports made in memory, with real source texts, and the snapshots that outputs are compared with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.snapshots import assert_matches
from umbmarket.check.report import CheckedFile, Report
from umbmarket.findings import Finding, Fix, JsonValue, Region, Related, Severity, Span
from umbmarket.formats.source import SourceText
from umbmarket.settings.options import FailOn
from umbmarket.umbraco.rules import CATALOGUE

SNAPSHOTS = Path(__file__).parent / "snapshots"


class Book:
    """Collects files and findings, and makes a report of them."""

    def __init__(self) -> None:
        self.files: list[CheckedFile] = []
        self.findings: list[Finding] = []
        self.sources: dict[str, SourceText] = {}

    def file(
        self,
        path: str = "umbraco-marketplace.json",
        text: str | bytes | None = None,
        kind: Any = "listing",
        parsed: Any = "strict",
        schema_valid: bool | None = True,
    ) -> Book:
        self.files.append(CheckedFile(path, kind, parsed, schema_valid))
        if text is not None:
            self.sources[path] = SourceText(text.encode() if isinstance(text, str) else text)
        return self

    def finding(
        self,
        at: str | Span | Region | None = None,
        *,
        path: str = "umbraco-marketplace.json",
        code: str = "UMB104",
        name: str = "not-allowed-value",
        severity: Severity = Severity.ERROR,
        message: str = "it is not allowed",
        why: str = "",
        help: str = "",
        pointer: str = "",
        args: dict[str, JsonValue] | None = None,
        fixes: tuple[Fix, ...] = (),
        related: tuple[Related, ...] = (),
        estimate: bool = False,
    ) -> Book:
        """Add a finding.

        Args:
            at: the text that is meant (its first occurrence), or a span, or a region, or None for the whole file.
            path: of the file; a member may follow after `!/`.
        """
        if isinstance(at, str):
            start = self.sources[path].text.index(at)
            at = Span(start, start + len(at))
        region = self.sources[path].region(at) if isinstance(at, Span) else at
        file, mark, member = path.rpartition("!/")
        self.findings.append(
            Finding(
                code,
                name,
                severity,
                message,
                file if mark else path,
                member if mark else None,
                pointer,
                region,
                why,
                help,
                args or {},
                fixes,
                related,
                estimate,
            )
        )
        return self

    def report(
        self,
        suppressed: int = 0,
        fail_on: FailOn = FailOn.ERROR,
        notes: tuple[str, ...] = (),
        failures: tuple[str, ...] = (),
        capped: int = 0,
    ) -> Report:
        rules = {
            finding.code: CATALOGUE.rules[finding.code] for finding in self.findings if finding.code in CATALOGUE.rules
        }
        return Report(
            tuple(self.files),
            tuple(self.findings),
            suppressed,
            fail_on,
            notes,
            failures,
            dict(self.sources),
            rules,
            capped,
        )


@pytest.fixture(scope="session")
def book() -> type[Book]:
    return Book


@pytest.fixture(scope="session")
def matches_snapshot() -> Callable[[str, str], None]:
    """Compare text with the file of that name; with UPDATE_SNAPSHOTS=1 in the environment write the file instead."""

    return lambda name, text: assert_matches(SNAPSHOTS / name, text)


HOSTILE = (
    'a\x1b[31mred\x07\r\n::error::gotcha\u202e\u2066##[add-mask]x ##vso[task.x]\ud800\x7f\x85\u2028[bold]<b>&"]]>%0A'
)
"""What a listing may hold to act on its reader's terminal or build."""


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE


@pytest.fixture(scope="session")
def hostile_report() -> Report:
    """Each string of the report holds what no reader should obey."""
    path = f"::warning::{HOSTILE}.json"
    book = Book().file(path, f'{{"Title": "{HOSTILE}"}}'.encode("utf-8", "surrogatepass"))
    book.sources[path] = SourceText(f'{{"a": "{HOSTILE}"}}'.replace("\ud800", "").encode())
    book.finding(
        '"a"',
        path=path,
        code="UMB999",
        name=HOSTILE,
        message=HOSTILE,
        why=HOSTILE,
        help=HOSTILE,
        pointer=f"/{HOSTILE}",
        args={HOSTILE: [HOSTILE, {HOSTILE: HOSTILE}]},
    )
    book.finding("::error", path=path, code="UMB999", name=HOSTILE, message=HOSTILE, severity=Severity.INFO)
    book.finding(None, path=path, code=HOSTILE, name=HOSTILE, message=HOSTILE, severity=Severity.WARNING)
    return book.report(suppressed=1, notes=(HOSTILE,), failures=(HOSTILE,))


@pytest.fixture(scope="session")
def sample_report() -> Report:
    """A listing with findings of each kind, one that cannot be read, a clean one and a package."""
    listing = (
        "{\n"
        '  "Title": "Søk og finn 包裹 👩‍👩‍👧",\n'
        '\t"Category": "PIM & DAM",\n'
        '  "Tags": [\n'
        '    "search",\n'
        '    "search"\n'
        "  ],\n"
        f'  "Description": "{"A long description. " * 12}", "Colour": "blue"\n'
        "}\n"
    )
    book = Book().file("src/Søk/umbraco-marketplace.json", listing, schema_valid=False)
    where = "src/Søk/umbraco-marketplace.json"
    why = "a listing that breaks the published schema is ignored whole"
    book.finding(
        '包裹 👩‍👩‍👧"',
        path=where,
        code="UMB207",
        name="surrounding-whitespace",
        severity=Severity.INFO,
        message="white space where none belongs",
        pointer="/Title",
    )
    book.finding(
        '"PIM & DAM"',
        path=where,
        message='"PIM & DAM" is not among the categories',
        why=why,
        help='use "Content Management"',
        pointer="/Category",
        args={"value": "PIM & DAM", "allowed": ["Search"]},
    )
    book.finding(
        '[\n    "search",\n    "search"\n  ]',
        path=where,
        code="UMB107",
        name="duplicate-items",
        severity=Severity.WARNING,
        message='"search" is there twice',
        why="the listing page shows the duplicate too",
        help="remove one",
        pointer="/Tags",
    )
    book.finding(
        '"Colour"',
        path=where,
        code="UMB101",
        name="unknown-key",
        message='"Colour" is no key',
        why=why,
        pointer="/Colour",
    )
    book.finding('"Description"', path=where, code="UMB101", name="unknown-key", message="no key either", why=why)
    book.file("broken.json", parsed="no", schema_valid=None)
    book.finding(
        None,
        path="broken.json",
        code="UMB001",
        name="unreadable-file",
        message="cannot be opened: permission denied",
        why="what cannot be read cannot be checked",
        help="check the permissions",
    )
    book.file("clean.json", "{}")
    book.file("dist/Search.1.0.0.nupkg", kind="package", schema_valid=None)
    book.finding(
        Region(4, 9, 4, 15, 120, 126),
        path="dist/Search.1.0.0.nupkg!/Search.nuspec",
        code="UMB301",
        name="missing-tag",
        severity=Severity.WARNING,
        message="the tag is missing",
        pointer="/metadata/tags",
    )
    return book.report(suppressed=2)
