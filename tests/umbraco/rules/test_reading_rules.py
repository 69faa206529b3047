"""A listing that cannot be read is never told to be fine."""

from __future__ import annotations

import pytest

import umbmarket
from tests.umbraco.listing_texts import applied, check_text, codes_of, fixes_of, told


@pytest.mark.parametrize("text", ["// only a comment", "/* only */ // comments\n", "\n//#region listing\n" * 3])
def test_comments_alone_are_no_listing(text: str) -> None:
    assert told(text) == [
        ("UMB004", "error", "the file has comments, but no JSON", "a listing is one JSON object, at least {}")
    ]
    assert check_text(text).files[0].parsed == "no"


@pytest.mark.parametrize("text", ["", " \r\n\t", "\ufeff"])
def test_an_empty_file_is_no_listing(text: str) -> None:
    assert ("UMB004", "error", "the file is empty", "a listing is one JSON object, at least {}") in told(text)


@pytest.mark.parametrize("harmless", ["// a comment\n", "[1,],"])
def test_what_is_tolerated_never_crowds_out_what_is_not(harmless: str) -> None:
    many = harmless * 60
    text = '{"Tags": [' + many + '"search"], "Title": "a" "Category": "Search"}'
    assert ("UMB004", "error", "missing comma", 'put "," between the two entries') in told(text)
    assert "UMB004" in codes_of(check_text('{"Category": "Search"}' + many), "error") or harmless.startswith("//")


def test_many_comments_alone_are_no_listing() -> None:
    assert "UMB004" in codes_of(check_text("// a comment\n" * 60), "error")


def test_a_text_that_is_read_in_part_is_not_fine() -> None:
    text = '{"Category": "Search"}\n' + "//\n" * 60_000 + "nonsense"
    assert "UMB004" in codes_of(check_text(text), "error")


LEADING = (
    "UMB005",
    "error",
    'comment before the opening "{"',
    "remove it: even .NET validators that skip comments elsewhere reject the file",
)


@pytest.mark.parametrize("text", ['// a\n{"Title": "b"}', '/* a */ {"Title": "b"}', '\ufeff\n//a\n{"Title": "b"}'])
def test_a_comment_before_the_opening_brace_is_an_error(text: str) -> None:
    assert told(text, "UMB005") == [LEADING]
    ((_, fix),) = [each for each in fixes_of(check_text(text)) if each[0].code == "UMB005"]
    report = check_text(applied(text.encode(), fix))
    assert codes_of(report) - {"UMB003", "UMB112", "UMB205", "UMB213"} == set()
    assert report.files[0].parsed == "strict"


@pytest.mark.parametrize("text", ['{// a\n"Title": "b"}', '{"Title": "b"} // a', '{"Title": /* a */ "b"}'])
def test_a_comment_after_it_is_a_warning(text: str) -> None:
    assert told(text, "UMB005") == [
        (
            "UMB005",
            "warning",
            "comments are not allowed in JSON",
            "remove it, or move it to the repository's documentation",
        )
    ]


def test_every_comment_before_the_brace_counts() -> None:
    assert told('// a\n/* b */\n{"Title": "c"}', "UMB005") == [LEADING, LEADING]


@pytest.mark.parametrize(
    "text",
    [
        "{'Title': 'a'}",
        '{Title: "a"}',
        '{"Title": "a\tb"}',
        '{"Title": "a\r\nb"}',
        '{\u00a0"Title": "a"}',
        '{"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 0x0D, "PackageId": "a"}]}',
    ],
)
def test_what_some_readers_of_net_take_stays_an_error_without_a_promise(text: str) -> None:
    findings = [each for each in check_text(text).findings if each.code == "UMB004"]
    assert findings
    assert {str(each.severity) for each in findings} == {"error"}
    assert {each.why for each in findings} == {
        "the file is not valid JSON, and a reader that rejects it imports nothing from it"
    }


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ('"Maps "', '"Maps"'),
        ('["maps", "maps", "forms"]', '["maps", "forms"]'),
        ('[{"Name": "A "}, {"Name": "A"}]', '[{"Name": "A"}]'),
    ],
)
def test_what_is_tidied_does_not_turn_the_same_value_into_a_lost_one(value: str, left: str) -> None:
    """The fix of UMB008 has to wait for that of UMB112, which inserts where it removes."""
    key = "Title" if value.startswith('"') else "Tags" if value.startswith('["') else "Contributors"
    inner = f'"{key}": {value}, "{key}": {value}'
    inside = f'{{"AuthorDetails": {{{inner}}}}}' if key == "Contributors" else f"{{{inner}}}"
    fixing = umbmarket.fix((), stdin=("umbraco-marketplace.json", inside.encode()))
    assert "UMB008" not in {each.code for each in fixing.report.findings}
    ((after,),) = [(change.after.decode(),) for change in fixing.changes]
    assert after.count(f'"{key}"') == 1
    assert f'"{key}": {left}' in after
