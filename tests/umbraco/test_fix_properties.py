"""What holds of all fixes, over made listings: nothing more to find, done in one run, nothing else touched."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import umbmarket
from tests.fuzz.fixes import KEYS, NAME, VALUES, heavier
from tests.shared_corpus import CORPUS, listings, needs_corpus
from umbmarket.check.choosing import Choice, edited
from umbmarket.formats.json.tree import JsonTree
from umbmarket.formats.source import SourceText

values = st.recursive(
    st.sampled_from(VALUES) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
made_listings = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), values, max_size=6)
layouts = st.sampled_from([None, 2, "\t"])
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def data_of(value: object, layout: int | str | None) -> bytes:
    return json.dumps(value, indent=layout).encode()


@given(made_listings, layouts, st.booleans())
@example({"Category": "", "Tags": ["a", "A "], "videoUrl": "https://vimeo.com/1"}, 2, True)
@slow
def test_there_is_never_more_to_find_and_one_run_is_enough(
    value: object, layout: int | str | None, unsafe: bool
) -> None:
    data = data_of(value, layout)
    before = umbmarket.validate((), stdin=(NAME, data))
    fixing = umbmarket.fix((), stdin=(NAME, data), unsafe=unsafe)
    assert fixing.report.failures == ()
    after = next((change.after for change in fixing.changes), data)
    report = umbmarket.validate((), stdin=(NAME, after))
    assert report.findings == fixing.report.findings
    assert report.files[0].parsed == "strict"
    assert not any(now > then for now, then in zip(heavier(report), heavier(before), strict=True))
    assert umbmarket.fix((), stdin=(NAME, after), unsafe=unsafe).changes == ()


@given(made_listings, layouts, st.booleans())
@slow
def test_no_byte_outside_of_the_edits_is_touched(value: object, layout: int | str | None, unsafe: bool) -> None:
    """What one round makes of a file is the file with each of its edits in turn, and every edit is a finding's."""
    data = data_of(value, layout)
    source = SourceText(data)
    report = umbmarket.validate((), stdin=(NAME, data))
    choice = Choice({NAME: source}.get, unsafe=unsafe)
    for finding in report.findings:
        choice.add(finding)
    edits = sorted({edit for each in choice.chosen for edit in each.fix.edits})
    expected, moved = data, 0
    for edit in edits:
        text = edit.text.encode()
        expected = expected[: edit.start + moved] + text + expected[edit.end + moved :]
        moved += len(text) - (edit.end - edit.start)
    assert edited(source, choice.chosen) == expected


SYNTAX = (
    (",(?=\\s)", ""),
    ('(?<=[\\]}"])(?=\\s*[\\]}])', ","),
    ("\\n", " // a note\n"),
    ("\\n", "\n/* a note, */"),
    ('"([A-Z]\\w*)":', r"\1:"),
    ('"([A-Z]\\w*)"', r"'\1'"),
    (":", ""),
    (":", "="),
    (" ", "\u00a0"),
    ("\\Z", "\n}\n"),
)


@given(
    st.dictionaries(
        st.sampled_from(["Title", "Tags", "Category"]), st.lists(st.sampled_from("abc"), max_size=3) | st.just("x")
    ),
    st.lists(st.tuples(st.sampled_from(SYNTAX), st.integers(0, 20)), min_size=1, max_size=2),
)
@slow
def test_safe_fixes_of_the_syntax_keep_what_was_read(value: object, slips: list[tuple[tuple[str, str], int]]) -> None:
    text = json.dumps(value, indent=2)
    for (pattern, instead), number in slips:
        places = list(re.finditer(pattern, text))
        if places:
            found = places[number % len(places)]
            text = text[: found.start()] + found.expand(instead) + text[found.end() :]
    before = JsonTree(text)
    chosen = umbmarket.Settings(select=("UMB004", "UMB005", "UMB006"))
    fixing = umbmarket.fix((), stdin=(NAME, text.encode()), settings=chosen)
    after = JsonTree(next((change.after for change in fixing.changes), text.encode()).decode())
    if before.intact:
        assert after.value == before.value
    assert len(after.problems) <= len(before.problems)


@needs_corpus
@pytest.mark.parametrize("unsafe", [False, True])
def test_real_listings_are_mended(unsafe: bool) -> None:
    """The figures of docs/fixing.md: errors, files that are no JSON, files that the schema refuses."""
    files = [CORPUS / entry["file"] for entry in listings()]
    before = umbmarket.validate(files, root=CORPUS)
    fixing = umbmarket.fix(files, root=CORPUS, unsafe=unsafe)
    assert fixing.report.failures == ()

    def figures(report: umbmarket.Report) -> tuple[int, int, int]:
        return (
            report.summary.errors,
            sum(file.parsed != "strict" for file in report.files),
            sum(not file.schema_valid or file.parsed != "strict" for file in report.files),
        )

    assert figures(before) == (36, 7, 18)
    assert figures(fixing.report) == ((7, 0, 1) if unsafe else (9, 1, 3))
    codes = Counter(finding.code for finding in fixing.report.findings if finding.severity == "error")
    assert codes == {"UMB204": 4, "UMB202": 3} if unsafe else {"UMB204": 4, "UMB202": 3, "UMB007": 1, "UMB104": 1}
    again = umbmarket.fix((), stdin=(NAME, fixing.changes[0].after), unsafe=unsafe)
    assert again.changes == ()
