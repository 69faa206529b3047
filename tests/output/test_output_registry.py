from __future__ import annotations

import subprocess
import sys

import pytest

from umbmarket.output import Format, OutputOptions, render, renderer


def test_the_formats_are_those_of_the_command_line():
    assert [format.value for format in Format] == [
        "text",
        "concise",
        "msbuild",
        "json",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "markdown",
    ]


@pytest.mark.parametrize("format", Format)
def test_each_format_has_a_module_of_its_own(format):
    module = {Format.JSON: "json_v1"}.get(format, format.value)
    assert renderer(format).__module__ == f"umbmarket.output.{module}"


@pytest.mark.parametrize("format", Format)
def test_the_same_report_gives_the_same_text_with_lf_line_ends(format, sample_report):
    options = OutputOptions(statistics=True)
    text = render(sample_report, format, options)
    assert text == render(sample_report, format.value, options)
    assert text.endswith("\n")
    assert "\r" not in text
    assert not text.endswith("\n\n")


def test_an_unknown_format_is_refused(sample_report):
    with pytest.raises(ValueError, match="'yaml' is not a valid Format"):
        render(sample_report, "yaml")


def test_options_have_defaults_and_do_not_change():
    options = OutputOptions()
    assert (options.color, options.quiet, options.verbose, options.statistics) == (False,) * 4
    assert (options.width, options.uri_prefix, options.min_severity) == (None, "", None)
    with pytest.raises(AttributeError):
        options.color = True


COLD = """
import sys
from umbmarket.formats.source import SourceText
from umbmarket.findings import Finding, Severity, Span
from umbmarket.output import render
from umbmarket.check.report import CheckedFile, Report
source = SourceText(b'{"a": 1}')
finding = Finding("UMB101", "x", Severity.ERROR, "m", "a.json", None, "", source.region(Span(1, 4)), "w", "h", {}, ())
report = Report((CheckedFile("a.json", "listing", "strict", True),), (finding,), sources={"a.json": source})
before = set(sys.modules)
assert render(report, "text") and render(report, "concise") and render(report, "github")
print(*sorted(set(sys.modules) - before))
"""


def test_the_formats_for_people_import_nothing_slow():
    ran = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [
        "umbmarket.output.ansi",
        "umbmarket.output.concise",
        "umbmarket.output.excerpt",
        "umbmarket.output.github",
        "umbmarket.output.locations",
        "umbmarket.output.plain",
        "umbmarket.output.source_lines",
        "umbmarket.output.text",
        "umbmarket.output.wording",
    ]
