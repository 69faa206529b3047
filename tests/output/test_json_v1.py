from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from umbmarket._version import __version__
from umbmarket.findings import Edit, Fix, Related, Severity, Span
from umbmarket.output import OutputOptions, render
from umbmarket.output.json_text import DEEPEST, json_data
from umbmarket.output.json_v1 import generated_files, report_schema, report_v1
from umbmarket.umbraco.rules import all_rules

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schemas" / "report-v1.schema.json"


@pytest.fixture(scope="module")
def written():
    """The report as a program reads it; it fits the schema that is shipped."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))

    def read(report, **options):
        document = json.loads(render(report, "json", OutputOptions(**options)))
        assert [error.message for error in validator.iter_errors(document)] == []
        return document

    return read


def test_the_contract(written, book):
    fix = Fix("write Search", "safe", (Edit(301, 325, '"Search"'),))
    one = book().file("src/a.json", '{\n  "Category": "Serch"\n}', schema_valid=False)
    one.finding('"Serch"', path="src/a.json", pointer="/Category", args={"value": "Serch"}, help="use it", fixes=(fix,))
    document = written(one.report(suppressed=2))
    assert document == {
        "version": 1,
        "tool": {"name": "umbmarket", "version": __version__},
        "files": [{"path": "src/a.json", "kind": "listing", "parsed": "strict", "schemaValid": False}],
        "findings": [
            {
                "code": "UMB104",
                "name": "not-allowed-value",
                "severity": "error",
                "message": "it is not allowed",
                "path": "src/a.json",
                "pointer": "/Category",
                "line": 2,
                "column": 15,
                "endLine": 2,
                "endColumn": 22,
                "args": {"value": "Serch"},
                "help": "use it",
                "fixes": [
                    {
                        "title": "write Search",
                        "safety": "safe",
                        "edits": [{"start": 301, "end": 325, "text": '"Search"'}],
                    }
                ],
                "docs": "docs/rules.md#umb104",
            }
        ],
        "summary": {"errors": 1, "warnings": 0, "infos": 0, "suppressed": 2, "files": 1},
    }
    assert list(document) == ["version", "tool", "files", "findings", "summary"]
    assert list(document["files"][0]) == ["path", "kind", "parsed", "schemaValid"]
    assert list(document["findings"][0]) == [
        *("code", "name", "severity", "message", "path", "pointer", "line", "column", "endLine", "endColumn"),
        *("args", "help", "fixes", "docs"),
    ]
    assert list(document["findings"][0]["fixes"][0]) == ["title", "safety", "edits"]
    assert list(document["summary"]) == ["errors", "warnings", "infos", "suppressed", "files"]


def test_the_sample(written, sample_report):
    document = written(sample_report)
    assert document["summary"] == {"errors": 4, "warnings": 2, "infos": 1, "suppressed": 2, "files": 4}
    assert [file["schemaValid"] for file in document["files"]] == [False, None, True, None]
    whole_file = next(finding for finding in document["findings"] if finding["code"] == "UMB001")
    assert [whole_file[key] for key in ("line", "column", "endLine", "endColumn")] == [None] * 4
    assert whole_file["fixes"] == []


def test_options_change_nothing(sample_report):
    every = OutputOptions(color=True, quiet=True, verbose=True, statistics=True, width=20, uri_prefix="x")
    assert render(sample_report, "json", every) == render(sample_report, "json")


def test_each_finding_is_one_line_of_ascii(sample_report):
    text = render(sample_report, "json")
    assert text.isascii()
    assert sum('"code": "UMB' in line for line in text.splitlines()) == 7
    assert text.startswith('{\n  "version": 1,\n  "tool": {\n')


def test_nothing_at_all(written, book):
    document = written(book().report())
    assert (document["files"], document["findings"]) == ([], [])


def test_docs_are_those_of_the_catalogue(written, book):
    one = book().file(text="{}")
    for code in (*all_rules(), "XYZ001"):
        one.finding("{", code=code)
    docs = [finding["docs"] for finding in written(one.report())["findings"]]
    assert docs == [*(rule.docs for rule in all_rules().values()), "docs/rules.md"]


def test_lone_surrogates_and_control_characters(written, hostile_report, hostile):
    document = written(hostile_report)
    finding = document["findings"][0]
    shown = hostile.replace("\ud800", "\\ud800")
    assert finding["pointer"] == f"/{shown}"
    assert finding["args"] == {shown: [shown, {shown: shown}]}
    assert finding["message"] == (
        "a\\x1b[31mred\\x07\\r\\n::error::gotcha\\u202e\\u2066##[add-mask]x ##vso[task.x]\\ud800\\x7f\\x85\\u2028"
        '[bold]<b>&"]]>%0A'
    )
    text = render(hostile_report, "json")
    assert text.isascii()
    assert not set(text) & {chr(code) for code in (*range(10), *range(11, 32), 127)}
    assert "##[" not in text
    assert "##vso[" not in text


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"a": [1, 2.5, True, None, "x"]}, {"a": [1, 2.5, True, None, "x"]}),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (2**53 + 1, 2**53 + 1),
        (10**1000, 10**1000),
        (16**1024, "0x1" + "0" * 1024),
        (-(16**5000), "-0x1" + "0" * 5000),
        (Severity.ERROR, "error"),
        ((1, 2), [1, 2]),
        ({1: 2}, {"1": 2}),
        (b"x", "b'x'"),
        ("a\ud800b", "a\\ud800b"),
        ({"\udfff": 1}, {"\\udfff": 1}),
    ],
    # pytest would write such integers in decimal digits, which Python refuses.
    ids=lambda _: "",
)
def test_whatever_a_finding_carries_becomes_json(written, book, value, data):
    report = book().file(text="{}").finding("{", args={"it": value}).report()
    assert written(report)["findings"][0]["args"] == {"it": data}


def test_data_without_end_is_cut():
    value: list[object] = []
    value.append(value)
    written = json.dumps(json_data(value))
    assert written == "[" * DEEPEST + '"..."' + "]" * DEEPEST


def test_a_report_does_not_change(book):
    report = report_v1(book().file(text="{}").report())
    with pytest.raises(ValidationError, match="frozen"):
        report.version = 2


def test_related_places_estimates_and_fixes_of_other_files(written, book):
    one = book().file("a.nupkg", kind="package", schema_valid=None).file("b.json", '{"A": 1}')
    fix = Fix("write it into the listing", "safe", (Edit(1, 4, '"B"'),), "b.json")
    related = (
        Related("b.json", None, one.sources["b.json"].region(Span(1, 4)), "the listing says so"),
        Related("a.nupkg", "a.nuspec", None, "the package"),
    )
    one.finding(None, path="a.nupkg!/a.nuspec", fixes=(fix,), related=related, estimate=True)
    document = written(one.report(capped=3))
    finding = document["findings"][0]
    assert finding["path"] == "a.nupkg!/a.nuspec"
    assert finding["estimate"] is True
    assert finding["fixes"][0]["path"] == "b.json"
    assert finding["related"] == [
        {"path": "b.json", "line": 1, "column": 2, "endLine": 1, "endColumn": 5, "message": "the listing says so"},
        {
            "path": "a.nupkg!/a.nuspec",
            "line": None,
            "column": None,
            "endLine": None,
            "endColumn": None,
            "message": "the package",
        },
    ]
    assert document["summary"]["capped"] == 3


def test_what_says_nothing_is_absent(written, book):
    fix = Fix("write it", "safe", (Edit(1, 4, '"B"'),), "a.json")
    document = written(book().file("a.json", '{"A": 1}').finding('"A"', path="a.json", fixes=(fix,)).report())
    assert not {"related", "estimate"} & set(document["findings"][0])
    assert not {"path", "also"} & set(document["findings"][0]["fixes"][0])
    assert not {"capped", "hidden", "remarks"} & set(document["summary"])


class TestSchema:
    def test_the_shipped_file_is_what_the_types_say(self):
        assert list(generated_files()) == ["schemas/report-v1.schema.json"]
        for name, text in generated_files().items():
            shipped = (ROOT / name).read_text(encoding="utf-8")
            assert shipped == text, f"{name} is stale; python docs/generate.py --write brings it up to date"

    def test_it_is_a_schema(self):
        Draft202012Validator.check_schema(report_schema())
        assert report_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert report_schema()["title"] == "umbmarket report, version 1"

    def test_everything_is_open_and_described_and_what_may_be_absent_is_known(self):
        schema = report_schema()
        optional = {
            "Finding": ["related", "estimate"],
            "Fix": ["path", "also", "encoding"],
            "Summary": ["capped", "hidden", "remarks", "fixed"],
            "Report": ["fixed"],
        }
        for name, definition in {**schema["$defs"], "Report": schema}.items():
            if name == "JsonValue":
                continue
            assert "additionalProperties" not in definition, name
            assert definition["required"] + optional.get(name, []) == list(definition["properties"]), name
            assert definition["description"], name
            for member, said in definition["properties"].items():
                assert "description" in said or "$ref" in said, (name, member)

    @pytest.mark.parametrize(
        "change",
        [
            {"version": 2},
            {"summary": {"errors": -1, "warnings": 0, "infos": 0, "suppressed": 0, "files": 0}},
            {"files": [{"path": "a", "kind": "listing", "parsed": "perhaps", "schemaValid": None}]},
            {"tool": {"name": "umbmarket"}},
        ],
    )
    def test_it_refuses_what_is_no_report(self, book, change):
        document = json.loads(render(book().file(text="{}").report(), "json")) | change
        assert not Draft202012Validator(report_schema()).is_valid(document)

    @pytest.mark.parametrize(
        "change",
        [{"extra": 1}, {"files": [{"path": "a", "kind": "other", "parsed": "no", "schemaValid": None, "size": 1}]}],
    )
    def test_it_takes_what_later_versions_may_add(self, book, change):
        document = json.loads(render(book().file(text="{}").report(), "json")) | change
        assert Draft202012Validator(report_schema()).is_valid(document)
