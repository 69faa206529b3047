from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from umbmarket.findings import Region, Related, Severity, Span
from umbmarket.output import OutputOptions, render

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent / "gitlab_code_quality.schema.json").read_text(encoding="utf-8"))
)


def gitlab(report, **options):
    """The findings, of which all is as GitLab's documentation has it."""
    found = json.loads(render(report, "gitlab", OutputOptions(**options)))
    assert [error.message for error in SCHEMA.iter_errors(found)] == []
    marks = [each["fingerprint"] for each in found]
    assert len(set(marks)) == len(marks)
    return found


def test_the_whole(sample_report, matches_snapshot):
    gitlab(sample_report)
    matches_snapshot("gitlab.json", render(sample_report, "gitlab"))


def test_hostile_strings(hostile_report, matches_snapshot):
    gitlab(hostile_report)
    matches_snapshot("gitlab-hostile.json", render(hostile_report, "gitlab"))


def test_nothing_found_is_an_empty_report(book):
    assert render(book().file(text="{}").report(), "gitlab") == "[]\n"
    assert render(book().report(), "gitlab") == "[]\n"


def test_a_finding(book):
    one = book().file("a.json", '{\n"A": [\n1]}').finding(Span(7, 12), path="a.json", help="mend it")
    one.finding(None, path="a.json", severity=Severity.WARNING).finding(None, path="a.json", severity=Severity.INFO)
    first, second, third = gitlab(one.report(), uri_prefix="src/App")
    assert first | {"fingerprint": ""} == {
        "description": "it is not allowed (mend it)",
        "check_name": "UMB104",
        "fingerprint": "",
        "severity": "major",
        "location": {"path": "src/App/a.json", "lines": {"begin": 2, "end": 3}},
    }
    assert second["location"]["lines"] == {"begin": 1, "end": 1}
    assert [each["severity"] for each in (second, third)] == ["minor", "info"]
    assert second["description"] == "it is not allowed"


def test_fingerprints_stay_when_lines_move(book):
    before = book().file("a.json", '{"A": 1, "B": 2}').finding('"A"', path="a.json").finding('"B"', path="a.json")
    after = (
        book().file("a.json", '{\n\n  "A": 1,\n "B": 2}').finding('"A"', path="a.json").finding('"B"', path="a.json")
    )
    marks = [each["fingerprint"] for each in gitlab(before.report())]
    assert [each["fingerprint"] for each in gitlab(after.report())] == marks
    assert [each["fingerprint"] for each in gitlab(before.report(), uri_prefix="src")] != marks
    other = book().file("a.json", '{"C": 1}').finding('"C"', path="a.json")
    assert gitlab(other.report())[0]["fingerprint"] not in marks


def test_a_finding_in_a_package_is_shown_in_the_repository_if_it_names_a_place_there(book):
    one = book().file("out/a.nupkg", kind="package", schema_valid=None).file("b.csproj", "<Project />", kind="project")
    place = Related("b.csproj", None, one.sources["b.csproj"].region(Span(1, 8)), "here it is written")
    one.finding(Region(4, 9, 4, 15, 120, 126), path="out/a.nupkg!/a.nuspec", related=(place,))
    one.finding(Region(4, 9, 4, 15, 120, 126), path="out/a.nupkg!/a.nuspec", code="UMB301")
    first, second = gitlab(one.report())
    assert first["location"] == {"path": "b.csproj", "lines": {"begin": 1, "end": 1}}
    assert first["description"] == "it is not allowed (in a.nuspec, line 4)"
    assert second["location"] == {"path": "out/a.nupkg", "lines": {"begin": 1, "end": 1}}
