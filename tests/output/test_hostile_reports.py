"""Whatever strings a report holds, no output lets them act on a reader's terminal, log or parser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from unicodedata import category
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from umbmarket.check.report import CheckedFile, Report
from umbmarket.findings import Edit, Finding, Fix, Related, Severity, Span
from umbmarket.formats.source import SourceText
from umbmarket.output import Format, OutputOptions, render
from umbmarket.settings.options import FailOn

HERE = Path(__file__).parent
REPORT_SCHEMA = Draft202012Validator(
    json.loads((HERE.parents[1] / "schemas" / "report-v1.schema.json").read_text(encoding="utf-8"))
)
SARIF_SCHEMA = Draft202012Validator(json.loads((HERE / "sarif_subset.schema.json").read_text(encoding="utf-8")))
GITLAB_SCHEMA = Draft202012Validator(json.loads((HERE / "gitlab_code_quality.schema.json").read_text(encoding="utf-8")))

TEXTS = st.one_of(
    st.text(
        st.one_of(
            st.sampled_from(
                "ab ::##[]%\r\n\t\x00\x1b\x7f\x85\u2028\u202e\u200d\ufeff\ud800\udfff\uffff包é\u0301👩<&>\"'!/.,"
            ),
            st.characters(exclude_categories=()),
        ),
        max_size=12,
    ),
    st.sampled_from(
        [
            "::error::x",
            " ::add-mask::x",
            "##[error]x",
            "##vso[task]x",
            "\x1b]0;x\x07",
            "]]>",
            "[a](b)",
            "C:/a",
            "/a",
            "../a",
        ]
    ),
)
PATHS = TEXTS.filter(bool)
"""Also for what a rule always says: codes, names, messages, titles."""
ARGS = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
        max_leaves=4,
    ),
    max_size=2,
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    paths = draw(st.lists(PATHS, min_size=1, max_size=2, unique=True))
    sources = {
        path: SourceText(draw(TEXTS).encode(draw(st.sampled_from(["utf-8", "utf-16"])), "replace")) for path in paths
    }
    findings = []
    for _ in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(paths))
        source = sources[path]
        region = None
        if draw(st.booleans()):
            start = draw(st.integers(0, len(source.text)))
            region = source.region(Span(start, draw(st.integers(start, len(source.text)))))
        member = draw(st.none() | TEXTS)
        size = len(source.data)
        fixes = (
            Fix(draw(PATHS), "safe", (Edit(0, draw(st.integers(0, size)), draw(TEXTS)),), draw(st.none() | PATHS)),
        )
        findings.append(
            Finding(
                draw(st.sampled_from(["UMB104", "UMB999"]) | PATHS),
                draw(PATHS),
                draw(st.sampled_from(Severity)),
                draw(PATHS),
                path,
                member,
                draw(TEXTS),
                region,
                draw(TEXTS),
                draw(TEXTS),
                draw(ARGS),
                fixes[: draw(st.integers(0, 1))],
                tuple(draw(st.lists(st.builds(Related, PATHS, st.none() | TEXTS, st.just(region), PATHS), max_size=1))),
                draw(st.booleans()),
            )
        )
    return Report(
        tuple(CheckedFile(path, "listing", "strict", True) for path in paths),
        tuple(findings),
        draw(st.integers(0, 3)),
        draw(st.sampled_from(FailOn)),
        tuple(draw(st.lists(PATHS, max_size=1))),
        tuple(draw(st.lists(PATHS, max_size=1))),
        sources,
    )


OPTIONS = st.builds(
    OutputOptions,
    color=st.just(False),
    quiet=st.booleans(),
    verbose=st.booleans(),
    statistics=st.booleans(),
    width=st.none() | st.integers(1, 120),
    uri_prefix=st.sampled_from(["", "src", "src/My App"]),
    link_base=st.sampled_from(["", "https://github.com/example/site/blob/0123abc"]),
    min_severity=st.none() | st.sampled_from(Severity),
)

ACTS = {"Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"}
"""Categories of characters that do not print: controls, direction overrides, surrogates, separators of lines."""


def acting(text: str) -> list[str]:
    return [char for char in text if category(char) in ACTS and char not in "\n\u200d"]


@settings(max_examples=200, deadline=None)
@given(reports(), OPTIONS)
def test_no_output_acts_on_its_reader(report, options):
    for format in Format:
        text = render(report, format, options)
        assert acting(text) == [], format
        assert not re.search(r"##[A-Za-z]*\[", text), format
        assert not text or text.endswith("\n"), format
        if format is not Format.GITHUB:
            assert not [line for line in text.split("\n") if line.lstrip().startswith("::")], format


@settings(max_examples=100, deadline=None)
@given(reports(), st.booleans())
def test_the_only_escape_sequences_are_our_own(report, quiet):
    for format in (Format.TEXT, Format.CONCISE):
        options = OutputOptions(color=True, quiet=quiet, statistics=True)
        bare = re.sub("\x1b\\[(0|1|36|94|1;31|1;33)m", "", render(report, format, options))
        assert bare == render(report, format, OutputOptions(quiet=quiet, statistics=True))


@settings(max_examples=100, deadline=None)
@given(reports(), OPTIONS)
def test_each_finding_is_one_command_for_github_and_one_concise_line(report, options):
    options = options._replace(quiet=True, min_severity=Severity.INFO)
    lines = render(report, "github", options).splitlines()
    assert len(lines) == len(report.findings)
    assert all(re.match("::(error|warning|notice) file=[^:,]*,", line) for line in lines)
    for format in ("concise", "msbuild"):
        lines = render(report, format, OutputOptions(quiet=True, min_severity=Severity.INFO))
        assert lines.count("\n") == len(report.findings)


@settings(max_examples=100, deadline=None)
@given(reports(), OPTIONS)
def test_programs_can_read_what_is_for_them(report, options):
    document = json.loads(render(report, "json", options))
    assert [error.message for error in REPORT_SCHEMA.iter_errors(document)] == []
    left_out = document["summary"].get("hidden", 0)
    assert len(document["findings"]) + left_out == len(report.findings)
    assert not left_out or options.min_severity not in (None, Severity.INFO)
    log = json.loads(render(report, "sarif", options))
    assert [error.message for error in SARIF_SCHEMA.iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) + left_out == len(report.findings)
    marks = [result["partialFingerprints"]["umbmarket/v1"] for result in log["runs"][0]["results"]]
    assert len(set(marks)) == len(marks)
    quality = json.loads(render(report, "gitlab", options))
    assert [error.message for error in GITLAB_SCHEMA.iter_errors(quality)] == []
    assert len({each["fingerprint"] for each in quality}) == len(quality)
    suites = ElementTree.fromstring(render(report, "junit", options))
    assert len(suites.findall("testsuite/testcase")) >= max(len(report.findings) - left_out, len(report.files))
