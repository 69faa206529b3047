"""`umbmarket rules`, `explain` and `schema`."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from umbmarket.disk.shipped_schemas import load_schema
from umbmarket.marketplaces import all_rules

KEYS = [
    "code",
    "name",
    "title",
    "family",
    "severity",
    "otherSeverities",
    "why",
    "fix",
    "online",
    "since",
    "docs",
]


def test_table_has_each_rule_on_one_line_when_piped(run) -> None:
    lines = run("rules").stdout.splitlines()
    assert lines[0].split() == ["code", "name", "severity", "fix", "finds"]
    assert [line.split()[0] for line in lines[1:]] == list(all_rules())
    for line, rule in zip(lines[1:], all_rules().values(), strict=True):
        assert line.split()[1] == rule.slug
        assert line.endswith(rule.page.title)


def test_list_for_programs(run) -> None:
    listed = json.loads(run("rules", "--format", "json").stdout)
    assert [rule["code"] for rule in listed] == list(all_rules())
    for rule in listed:
        assert list(rule) == KEYS
    by_code = {rule["code"]: rule for rule in listed}
    assert by_code["UMB104"]["name"] == "not-allowed-value"
    assert by_code["UMB104"]["severity"] == "error"
    assert by_code["UMB104"]["docs"] == "docs/rules.md#umb104"


@pytest.mark.parametrize("name", ["UMB104", "umb104", "not-allowed-value", " Not-Allowed-Value "])
def test_rule_is_explained_by_code_or_name(name: str, run) -> None:
    result = run("explain", name)
    rule = all_rules()["UMB104"]
    lines = result.stdout.splitlines()
    assert lines[0].startswith("UMB104 not-allowed-value (error, since 0.1.0, fix: ")
    assert lines[2] == rule.page.title
    for heading in ("Why it matters", "Bad", "Good"):
        assert heading in lines
    assert f"\nBad\n  {rule.page.bad.splitlines()[0]}\n" in result.stdout
    assert f"\nGood\n  {rule.page.good.splitlines()[0]}\n" in result.stdout
    assert (result.stderr, result.exit_code) == ("", 0)


@pytest.mark.parametrize("code", list(all_rules()))
def test_every_rule_can_be_explained_in_80_columns(code: str, run) -> None:
    result = run("explain", code)
    page = all_rules()[code].page
    prose = result.stdout.partition("\nBad\n")[0]
    assert max(map(len, prose.splitlines())) <= 80
    assert " ".join(page.matters.split()) in " ".join(prose.split())


def test_explanation_for_programs(run) -> None:
    explained = json.loads(run("explain", "not-allowed-value", "--format", "json").stdout)
    assert list(explained) == [*KEYS, "finds", "matters", "bad", "good"]
    page = all_rules()["UMB104"].page
    assert explained["matters"] == page.matters
    assert explained["bad"] == page.bad


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("UMB999", 'unknown rule "UMB999"; `umbmarket rules` lists all codes\n'),
        ("no-such-thing", 'unknown rule "no-such-thing"\n'),
        ("not-alowed-value", 'unknown rule "not-alowed-value"; did you mean "not-allowed-value"?'),
    ],
)
def test_what_is_no_rule_is_refused(name: str, said: str, run) -> None:
    result = run("explain", name)
    assert result.stderr.startswith(f"error: RULE: {said}")
    assert result.stderr.endswith("\nTry `umbmarket explain --help`.\n")
    assert (result.stdout, result.exit_code) == ("", 2)


@pytest.mark.parametrize("name", ["UMB", "umb1", "UMB10", "ALL"])
def test_the_beginning_of_codes_lists_rules_a_line_each(name: str, run) -> None:
    beginning = "" if name == "ALL" else name.upper()
    codes = [code for code in all_rules() if code.startswith(beginning)]
    result = run("explain", name)
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["code", *codes]
    assert lines[1].endswith(all_rules()[codes[0]].page.title)
    assert (result.stderr, result.exit_code) == ("", 0)
    for_programs = json.loads(run("explain", name, "--format", "json").stdout)
    assert [rule["code"] for rule in for_programs] == codes
    assert all(list(rule) == [*KEYS, "finds", "matters", "bad", "good"] for rule in for_programs)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("listing", "umbraco-marketplace-schema.json"),
        ("report", "report-v1.schema.json"),
        ("settings", "settings.schema.json"),
        ("Listing", "umbraco-marketplace-schema.json"),
    ],
)
def test_schemas_are_printed_as_shipped(name: str, file: str, run) -> None:
    result = run("schema", name)
    assert json.loads(result.stdout) == load_schema(file)
    assert (result.stderr, result.exit_code) == ("", 0)


@pytest.mark.parametrize(("name", "key"), [("github", "problemMatcher"), ("VSCode", "tasks")])
def test_matchers_are_printed_as_shipped(name: str, key: str, run) -> None:
    result = run("matcher", name)
    assert json.loads(result.stdout)[key]
    assert (result.stderr, result.exit_code) == ("", 0)
    assert run("matcher", "rider").stderr.startswith('error: NAME: unknown value "rider", use github or vscode')


def shown_on_a_terminal(columns: int) -> list[str]:
    """The lines of `umbmarket rules` on a terminal of so many columns, without colours."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "umbmarket", "rules", "--color", "never"],
        stdout=theirs,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        # Linux reports the end of a terminal as an error.
        pass
    finally:
        os.close(ours)
    assert process.wait(60) == 0
    return shown.decode().splitlines()


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize("columns", [60, 80, 100, 120])
def test_table_can_be_read_in_a_narrow_terminal(columns: int) -> None:
    lines = shown_on_a_terminal(columns)
    assert max(map(len, lines)) <= columns
    rules = list(all_rules().values())
    beginnings = [line.split()[:3] for line in lines[1:] if not line.startswith(" ")]
    assert beginnings == [[rule.code, rule.slug, rule.severity.value] for rule in rules]
    if columns == 60:
        # No room beside the names: each title stands below, and no word is cut.
        assert lines[0].split() == ["code", "name", "severity", "fix"]
        words = " ".join(line for line in lines[1:] if line.startswith(" ")).split()
        assert words == " ".join(rule.page.title for rule in rules).split()


def test_severities_have_the_colours_that_findings_have(run) -> None:
    lines = run("rules", "--color", "always").stdout.splitlines()
    assert lines[0].startswith("\x1b[1mcode  \x1b[0m  \x1b[1mname")
    for line, rule in zip(lines[1:], all_rules().values(), strict=True):
        colour = {"error": "1;31", "warning": "1;33", "info": "36"}[rule.severity.value]
        assert f"  \x1b[{colour}m{rule.severity.value.ljust(8)}\x1b[0m  " in line
