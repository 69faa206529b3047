from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from umbmarket import home
from umbmarket._version import __version__
from umbmarket.findings import Edit, Fix, Region, Related, Severity, Span
from umbmarket.output import OutputOptions, render
from umbmarket.output.locations import from_root
from umbmarket.output.sarif import LARGEST_PLACED, SNIPPET_LIMIT
from umbmarket.umbraco.rules import all_rules

OWN_SCHEMA = Path(__file__).parent / "sarif_subset.schema.json"
FULL_SCHEMA = "SARIF_SCHEMA"
"""Environment variable with the path of OASIS's own schema, where somebody has it at hand."""


@pytest.fixture(scope="module")
def validators():
    schemas = [json.loads(OWN_SCHEMA.read_text(encoding="utf-8"))]
    if full := os.environ.get(FULL_SCHEMA):
        schemas.append(json.loads(Path(full).read_text(encoding="utf-8")))
    return [Draft202012Validator(schema, format_checker=FormatChecker()) for schema in schemas]


@pytest.fixture(scope="module")
def sarif(validators):
    """The one run of a report's log, which is valid."""

    def run(report, **options):
        log = json.loads(render(report, "sarif", OutputOptions(**options)))
        for validator in validators:
            assert [error.message for error in validator.iter_errors(log)] == []
        assert list(log) == ["$schema", "version", "runs"]
        return log["runs"][0]

    return run


def uri(result):
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def fingerprint(result):
    return result["partialFingerprints"]["umbmarket/v1"]


def test_the_sample(sarif, sample_report):
    run = sarif(sample_report)
    assert run["tool"]["driver"]["name"] == "umbmarket"
    assert run["tool"]["driver"]["version"] == __version__
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"description": {"text": "The root of the git working tree."}}}
    assert [(result["ruleId"], result["level"], uri(result)) for result in run["results"]] == [
        ("UMB207", "note", "src/S%C3%B8k/umbraco-marketplace.json"),
        ("UMB104", "error", "src/S%C3%B8k/umbraco-marketplace.json"),
        ("UMB107", "warning", "src/S%C3%B8k/umbraco-marketplace.json"),
        ("UMB101", "error", "src/S%C3%B8k/umbraco-marketplace.json"),
        ("UMB101", "error", "src/S%C3%B8k/umbraco-marketplace.json"),
        ("UMB001", "error", "broken.json"),
        ("UMB301", "warning", "dist/Search.1.0.0.nupkg"),
    ]


def test_results_point_to_their_rules_which_are_sorted(sarif, sample_report):
    run = sarif(sample_report)
    codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert codes == ["UMB001", "UMB101", "UMB104", "UMB107", "UMB207", "UMB301"]
    assert all(codes[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_a_result_in_full(sarif, book):
    report = (
        book()
        .file("a.json", '{"Name": "ø"}')
        .finding(
            '"ø"', path="a.json", message='"ø" is not allowed', help="use another", pointer="/Name", args={"value": "ø"}
        )
    )
    (result,) = sarif(report.report())["results"]
    fingerprints = result.pop("partialFingerprints")
    assert list(fingerprints) == ["umbmarket/v1"]
    assert result == {
        "ruleId": "UMB104",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": '"ø" is not allowed. Use another.'},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a.json", "uriBaseId": "%SRCROOT%"},
                    "region": {
                        "startLine": 1,
                        "startColumn": 10,
                        "endLine": 1,
                        "endColumn": 13,
                        "byteOffset": 9,
                        "byteLength": 4,
                        "snippet": {"text": '"ø"'},
                    },
                },
                "logicalLocations": [{"fullyQualifiedName": "/Name"}],
            }
        ],
        "properties": {"args": {"value": "ø"}},
    }


@pytest.mark.parametrize("code", list(all_rules()))
def test_every_rule_of_the_catalogue_is_described(sarif, book, code):
    rule = all_rules()[code]
    report = book().file(text="{}").finding("{", code=code, name=rule.slug, severity=rule.severity).report()
    (described,) = sarif(report)["tool"]["driver"]["rules"]
    assert (described["id"], described["name"]) == (code, rule.slug)
    assert described["shortDescription"] == {"text": rule.page.title}
    assert described["properties"] == {
        "tags": [rule.family.tag],
        "since": rule.since,
        "docs": f"docs/rules.md#{code.lower()}",
    }
    assert "helpUri" not in described
    assert described["help"]["markdown"].startswith(f"**{code} {rule.slug}**\n\n")


def test_a_rule_in_full(sarif, book):
    """UMB205 stands for all: short, with an example of each kind."""
    rule = all_rules()["UMB205"]
    report = book().file(text="{}").finding("{", code="UMB205", name=rule.slug, severity=Severity.WARNING).report()
    (described,) = sarif(report)["tool"]["driver"]["rules"]
    assert described["defaultConfiguration"] == {"level": "warning"}
    assert described["help"]["text"].startswith("Visitors who browse by category do not find the package")
    assert f"Bad:\n\n```\n{rule.page.bad}\n```\n\nGood:\n\n```\n{rule.page.good}\n```" in described["help"]["markdown"]


def test_a_code_outside_the_catalogue_is_described_by_its_finding(sarif, book):
    report = book().file(text="{}").finding("{", code="XYZ001", name="odd-one", why="it is odd").report()
    assert sarif(report)["tool"]["driver"]["rules"] == [
        {
            "id": "XYZ001",
            "name": "odd-one",
            "shortDescription": {"text": "odd one"},
            "fullDescription": {"text": "It is odd."},
            "help": {"text": "It is odd."},
            "defaultConfiguration": {"level": "error"},
        }
    ]


def test_nothing_found(sarif, book):
    run = sarif(book().file(text="{}").report())
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert run["invocations"] == [
        {
            "executionSuccessful": True,
            "exitCode": 0,
            "toolExecutionNotifications": [],
            "toolConfigurationNotifications": [],
        }
    ]


def test_broken_rules_and_remarks(sarif, book):
    report = book().file(text="{}").report(failures=("UMB104 broke",), notes=("an ignore can go",))
    assert sarif(report)["invocations"] == [
        {
            "executionSuccessful": False,
            "exitCode": 4,
            "toolExecutionNotifications": [{"level": "error", "message": {"text": "UMB104 broke"}}],
            "toolConfigurationNotifications": [{"level": "note", "message": {"text": "an ignore can go"}}],
        }
    ]


@pytest.mark.parametrize(
    ("path", "prefix", "location"),
    [
        ("a.json", "", {"uri": "a.json", "uriBaseId": "%SRCROOT%"}),
        ("a.json", "src/My App", {"uri": "src/My%20App/a.json", "uriBaseId": "%SRCROOT%"}),
        ("./b/../a.json", "src", {"uri": "src/a.json", "uriBaseId": "%SRCROOT%"}),
        ("../a.json", "src/App", {"uri": "src/a.json", "uriBaseId": "%SRCROOT%"}),
        ("../../a.json", "src", {"uri": "../a.json"}),
        ("a:b#c?d%.json", "", {"uri": "a%3Ab%23c%3Fd%25.json", "uriBaseId": "%SRCROOT%"}),
        ("包\\x.json", "", {"uri": "%E5%8C%85%5Cx.json", "uriBaseId": "%SRCROOT%"}),
        ("caf\udce9.json", "", {"uri": "caf%E9.json", "uriBaseId": "%SRCROOT%"}),
        ("\ud800.json", "", {"uri": "%5Cud800.json", "uriBaseId": "%SRCROOT%"}),
        ("/home/ø/a.json", "src", {"uri": "file:///home/%C3%B8/a.json"}),
        ("C:/My Files/a.json", "src", {"uri": "file:///C:/My%20Files/a.json"}),
        ("//server/share/a.json", "", {"uri": "file://server/share/a.json"}),
    ],
)
def test_where_files_lie(sarif, book, path, prefix, location):
    report = book().file(path).finding(None, path=path).report()
    (result,) = sarif(report, uri_prefix=prefix)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == location


def test_a_finding_about_a_file_as_a_whole_has_the_region_that_services_want(sarif, book):
    (result,) = sarif(book().file("a.json").finding(None, path="a.json").report())["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a.json", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
            }
        }
    ]


def test_a_place_in_an_archive_is_the_archive(sarif, book):
    one = book().file("a!/b.nupkg", kind="package")
    one.finding(Region(7, 3, 7, 5, 90, 92), path="a!/b.nupkg!/c/d.nuspec", pointer="/metadata/id")
    (result,) = sarif(one.report())["results"]
    assert uri(result) == "a%21/b.nupkg"
    assert result["message"] == {"text": "It is not allowed (in c/d.nuspec, line 7)."}
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "/metadata/id"}]


def test_a_long_place_and_one_of_several_lines_are_not_quoted(sarif, book):
    one = book().file(text='{\n"' + "x" * SNIPPET_LIMIT + '"}')
    one.finding("{\n").finding("x" * SNIPPET_LIMIT).finding('"' + "x" * SNIPPET_LIMIT)
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in sarif(one.report())["results"]]
    assert ["snippet" in region for region in regions] == [False, True, False]


@pytest.mark.parametrize(
    ("message", "help", "text"),
    [
        ("it is wrong", "", "It is wrong."),
        ("it is wrong", 'did you mean "x"?', 'It is wrong. Did you mean "x"?'),
        ("see [here](http://evil.example)", "", "See [here] (http://evil.example)."),
        ("a {0} b", "", "A {0} b."),
        ("a\x1b[0m##[error]", "", "A\\x1b[0m\\x23#[error]."),
    ],
)
def test_messages_are_sentences_without_links(sarif, book, message, help, text):
    (result,) = sarif(book().file(text="{}").finding("{", message=message, help=help).report())["results"]
    assert result["message"] == {"text": text}


class TestFingerprints:
    def of(self, sarif, book, text, *places, **more):
        one = book().file(text=text)
        for place in places:
            one.finding(place, **more)
        return [fingerprint(result) for result in sarif(one.report())["results"]]

    def test_lines_added_above_change_nothing(self, sarif, book):
        before = self.of(sarif, book, '{"A": "b"}', '"b"', pointer="/A")
        after = self.of(sarif, book, '{\n\n  "Z": 1,\n  "A":   "b"}', '"b"', pointer="/A")
        assert before == after

    def test_moving_within_a_list_changes_nothing(self, sarif, book):
        before = self.of(sarif, book, '{"A": ["b"]}', '"b"', pointer="/A/0")
        after = self.of(sarif, book, '{"A": ["x", "b"]}', '"b"', pointer="/A/1")
        assert before == after

    def test_white_space_within_changes_nothing(self, sarif, book):
        before = self.of(sarif, book, "[1, 2]", "[1, 2]")
        assert before == self.of(sarif, book, "[1,  2]", "[1,  2]")

    @pytest.mark.parametrize("other", [{"pointer": "/B"}, {"code": "UMB105"}, {"place": '"A"'}, {"path": "b.json"}])
    def test_everything_else_does(self, sarif, book, other):
        one = book().file("a.json", '{"A": "b"}').file("b.json", '{"A": "b"}')
        one.finding('"b"', path="a.json", pointer="/A")
        facts = {"path": "a.json", "pointer": "/A", **other}
        one.finding(facts.pop("place", '"b"'), **facts)
        first, second = (fingerprint(result) for result in sarif(one.report())["results"])
        assert first.partition(":")[0] != second.partition(":")[0]

    def test_equal_ones_are_counted(self, sarif, book):
        found = self.of(sarif, book, '{"A": "b"}', '"b"', '"b"', '"b"')
        assert {mark.partition(":")[0] for mark in found} == {found[0].partition(":")[0]}
        assert [mark.partition(":")[2] for mark in found] == ["1", "2", "3"]


def replaced(data: bytes, replacements) -> bytes:
    """What the file becomes, going by the byte regions."""
    import base64

    for replacement in sorted(replacements, key=lambda one: -one["deletedRegion"]["byteOffset"]):
        region, content = replacement["deletedRegion"], replacement["insertedContent"]
        new = content["text"].encode() if "text" in content else base64.b64decode(content["binary"])
        start = region["byteOffset"]
        data = data[:start] + new + data[start + region["byteLength"] :]
    return data


class TestFixes:
    def fixes(self, sarif, book, data, *fixes, at='"ø"'):
        one = book().file("a.json", data).finding(at, path="a.json", fixes=fixes)
        (result,) = sarif(one.report())["results"]
        return result.get("fixes")

    def test_a_fix_in_full(self, sarif, book):
        fix = Fix("write o", "safe", (Edit(6, 10, '"o"'),))
        assert self.fixes(sarif, book, '{"A": "ø"}', fix) == [
            {
                "description": {"text": "write o"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "a.json", "uriBaseId": "%SRCROOT%"},
                        "replacements": [
                            {
                                "deletedRegion": {
                                    "startLine": 1,
                                    "startColumn": 7,
                                    "endLine": 1,
                                    "endColumn": 10,
                                    "byteOffset": 6,
                                    "byteLength": 4,
                                },
                                "insertedContent": {"text": '"o"'},
                            }
                        ],
                    }
                ],
                "properties": {"safety": "safe"},
            }
        ]

    def test_edits_elsewhere_have_their_own_lines_and_columns(self, sarif, book):
        data = '{"ø": "ø",\n "ø": 1}'
        fix = Fix("remove it", "unsafe", (Edit(11, 21, ""), Edit(0, 0, "[")))
        (written,) = self.fixes(sarif, book, data, fix)
        replacements = written["artifactChanges"][0]["replacements"]
        assert replaced(data.encode(), replacements) == b'[{"\xc3\xb8": "\xc3\xb8"}'
        assert replacements[0]["deletedRegion"] == {
            "startLine": 1,
            "startColumn": 10,
            "endLine": 2,
            "endColumn": 8,
            "byteOffset": 11,
            "byteLength": 10,
        }

    def test_a_byte_order_mark_is_removed_as_bytes(self, sarif, book):
        fix = Fix("remove it", "safe", (Edit(0, 3, ""),))
        (written,) = self.fixes(sarif, book, b'\xef\xbb\xbf{"A": "\xc3\xb8"}', fix)
        assert written["artifactChanges"][0]["replacements"] == [
            {"deletedRegion": {"byteOffset": 0, "byteLength": 3}, "insertedContent": {"binary": ""}}
        ]

    def test_in_a_large_file_edits_are_bytes(self, sarif, book):
        data = '{"A": "ø"}' + " " * LARGEST_PLACED
        (written,) = self.fixes(sarif, book, data, Fix("f", "safe", (Edit(0, 1, "["), Edit(6, 10, "ø"))))
        replacements = written["artifactChanges"][0]["replacements"]
        assert [list(replacement["insertedContent"]) for replacement in replacements] == [["binary"], ["text"]]
        assert replaced(data.encode(), replacements) == data.replace("{", "[").replace('"ø"', "ø").encode()

    def test_the_same_fix_twice_is_one(self, sarif, book):
        fix = Fix("f", "safe", (Edit(0, 1, "["),))
        assert len(self.fixes(sarif, book, '{"A": "ø"}', fix, fix)) == 1

    def test_a_fix_without_edits_is_none(self, sarif, book):
        assert self.fixes(sarif, book, '{"A": "ø"}', Fix("f", "safe", ())) is None

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
    def test_a_file_that_is_not_utf8_gets_none(self, sarif, book, encoding):
        fix = Fix("f", "safe", (Edit(0, 1, "["),))
        assert self.fixes(sarif, book, '{"A": "ø"}'.encode(encoding), fix) is None

    def test_a_file_whose_text_is_not_at_hand_gets_none(self, sarif, book):
        one = book().file("a.json").finding(None, path="a.json", fixes=(Fix("f", "safe", (Edit(0, 1, ""),)),))
        (result,) = sarif(one.report())["results"]
        assert "fixes" not in result


def test_hostile_strings(sarif, hostile_report):
    run = sarif(hostile_report)
    assert len(run["results"]) == 3
    text = render(hostile_report, "sarif")
    assert text.isascii()
    assert "##[" not in text
    assert "##vso[" not in text


def test_related_locations_and_estimates(sarif, book):
    one = book().file("a.nupkg", kind="package", schema_valid=None).file("b.json", '{"A": 1}')
    related = (
        Related("b.json", None, one.sources["b.json"].region(Span(1, 4)), "the listing says so"),
        Related("a.nupkg", "a.nuspec", None, "the package"),
    )
    (result,) = sarif(one.finding(None, path="a.nupkg", related=related, estimate=True).report())["results"]
    assert result["properties"] == {"estimate": True}
    region = {"startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 5, "byteOffset": 1, "byteLength": 3}
    whole = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
    assert result["locations"] == [
        {
            "message": {"text": "The listing says so."},
            "physicalLocation": {"artifactLocation": {"uri": "b.json", "uriBaseId": "%SRCROOT%"}, "region": region},
        }
    ]
    assert result["relatedLocations"] == [
        {
            "id": 1,
            "message": {"text": "The package."},
            "physicalLocation": {"artifactLocation": {"uri": "a.nupkg", "uriBaseId": "%SRCROOT%"}, "region": whole},
        },
        {
            "id": 2,
            "message": {"text": "The package (in a.nuspec)."},
            "physicalLocation": {"artifactLocation": {"uri": "a.nupkg", "uriBaseId": "%SRCROOT%"}, "region": whole},
        },
    ]


@pytest.mark.parametrize(
    ("path", "related", "shown"),
    [
        ("a.nupkg!/a.nuspec", [("a.nupkg", None), ("c.nupkg", None), ("b.json", None)], "b.json"),
        ("a.nupkg", [("x.zip", "b.json"), ("/elsewhere/b.json", None), ("../../b.json", None)], "a.nupkg"),
        ("a.nupkg", [("../b.json", None)], "../b.json"),
        ("a.nupkg", [], "a.nupkg"),
        ("b.json", [("d.json", None)], "b.json"),
    ],
)
def test_a_finding_in_a_package_is_shown_in_the_repository_if_it_names_a_place_there(sarif, book, path, related, shown):
    one = book().file("a.nupkg", kind="package", schema_valid=None).file("c.nupkg", kind="package", schema_valid=None)
    one.file("b.json", '{"A": 1}')
    places = tuple(Related(file, member, None, "it says so") for file, member in related)
    (result,) = sarif(one.finding(None, path=path, related=places).report(), uri_prefix="src")["results"]
    assert uri(result) == from_root(shown, "src")
    named = {each["physicalLocation"]["artifactLocation"]["uri"] for each in result.get("relatedLocations", [])}
    assert (from_root("a.nupkg", "src") in named) is (path != shown and "nupkg" in path and bool(related))


def test_addresses_are_named_only_where_there_is_one(sarif, book, monkeypatch):
    one = book().file(text='{"A": 1}').finding('"A"').report()
    driver = sarif(one)["tool"]["driver"]
    assert "informationUri" not in driver
    assert "helpUri" not in driver["rules"][0]
    assert driver["rules"][0]["properties"]["docs"] == "docs/rules.md#umb104"
    monkeypatch.setattr(home, "HOME", "https://github.com/example/umbmarket")
    driver = sarif(one)["tool"]["driver"]
    assert driver["informationUri"] == "https://github.com/example/umbmarket"
    assert driver["rules"][0]["helpUri"] == "https://github.com/example/umbmarket/blob/main/docs/rules.md#umb104"
    assert "docs" not in driver["rules"][0]["properties"]


def test_a_fix_of_another_file_names_that_file(sarif, book):
    fix = Fix("write it into the listing", "safe", (Edit(1, 4, '"B"'),), "b.json")
    one = book().file("a.nupkg", kind="package", schema_valid=None).file("b.json", '{"A": 1}')
    (result,) = sarif(one.finding(None, path="a.nupkg!/a.nuspec", fixes=(fix,)).report())["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "b.json", "uriBaseId": "%SRCROOT%"}
    unknown = fix._replace(file="c.json")
    (result,) = sarif(book().file("a.json", "{}").finding("{", path="a.json", fixes=(unknown,)).report())["results"]
    assert "fixes" not in result
