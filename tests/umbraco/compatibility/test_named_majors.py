"""Which majors of Umbraco a text names, and which it claims to be for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.umbraco.compatibility.named_majors import MOST_MENTIONS, mentions_of_majors, overlap
from umbmarket.umbraco.compatibility.spans import MajorSpan


@pytest.mark.parametrize(
    ("text", "named", "majors"),
    [
        ("A picker for Umbraco 17.", "Umbraco 17", [(17, 17)]),
        ("Requires Umbraco CMS 17.0.0+", "Umbraco CMS 17.0.0+", [(17, None)]),
        ("Built for Umbraco v17+.", "Umbraco v17+", [(17, None)]),
        ("Works with Umbraco 13 or later", "Umbraco 13 or later", [(13, None)]),
        ("For Umbraco 13 and upwards", "Umbraco 13 and upwards", [(13, None)]),
        ("For Umbraco versions 10-13", "Umbraco versions 10-13", [(10, 13)]),
        ("for Umbraco 13 \u2013 17.", "Umbraco 13 \u2013 17", [(13, 17)]),
        ("for Umbraco 10 to 13", "Umbraco 10 to 13", [(10, 13)]),
        ("for Umbraco 15/16/17 (.NET 9/10)", "Umbraco 15/16/17", [(15, 15), (16, 16), (17, 17)]),
        ("for Umbraco 8, 9 and Umbraco 10", "Umbraco 8, 9 and Umbraco 10", [(8, 8), (9, 9), (10, 10)]),
        ("on the Umbraco 17 backoffice", "Umbraco 17", [(17, 17)]),
        ("Supports UMBRACO 13.x & 14", "UMBRACO 13.x & 14", [(13, 13), (14, 14)]),
    ],
)
def test_a_plain_statement_is_a_claim(text: str, named: str, majors: list[tuple[int, int | None]]) -> None:
    (mention,) = mentions_of_majors(text)
    assert text[mention.span.start : mention.span.end] == named
    assert mention.majors == tuple(MajorSpan(*each) for each in majors)
    assert mention.is_claim


@pytest.mark.parametrize(
    "text",
    [
        "Anaximapper is an Umbraco 9+ port of Umbraco Mapper",
        "A package for Umbraco 18+ that migrates content",
        "Use v5.x for Umbraco 8, use v3.15 for Umbraco 7.",
        "makes Umbraco 10 developers invincible!",
        "## Umbraco 17 (LTS)",
        "For Umbraco 8 see the branch v8",
        "Not for Umbraco 8.",
        "It doesn't work with Umbraco 8.",
        "Tested with Umbraco 13",
        "The repo comes with test sites for both Umbraco 11 and Umbraco 12.",
        "There is another package for Umbraco 13",
    ],
)
def test_what_may_be_meant_otherwise_is_no_claim(text: str) -> None:
    mentions = list(mentions_of_majors(text))
    assert mentions
    assert not any(mention.is_claim for mention in mentions)


@pytest.mark.parametrize(
    "text",
    [
        "for 24days in Umbraco 2021",
        "for Umbraco 6",
        "for Umbraco 99",
        "for Umbraco 100%",
        "for Our.Umbraco 17",
        "for Umbraco Forms 17",
        "for UmbracoCms 17",
        "for Umbraco.Cms 17",
        "for Umbraco",
        "",
    ],
)
def test_other_numbers_are_no_majors(text: str) -> None:
    assert list(mentions_of_majors(text)) == []


def test_a_title_needs_no_preposition() -> None:
    assert [each.is_claim for each in mentions_of_majors("Colour picker (Umbraco 17)", is_title=True)] == [True]
    assert [each.is_claim for each in mentions_of_majors("Migrator from Umbraco 8", is_title=True)] == [False]


def test_only_the_sentence_counts() -> None:
    text = "Migrated from the old days. For Umbraco 17. Not for children."
    assert [each.is_claim for each in mentions_of_majors(text)] == [True]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((13, 13), (13, 17), True),
        ((13, 13), (14, 17), False),
        ((13, None), (17, 17), True),
        ((17, 17), (13, None), True),
        ((18, None), (13, 17), False),
        ((13, None), (17, None), True),
    ],
)
def test_overlap(one: tuple[int, int | None], other: tuple[int, int | None], expected: bool) -> None:
    assert overlap(MajorSpan(*one), MajorSpan(*other)) is expected
    assert overlap(MajorSpan(*other), MajorSpan(*one)) is expected


@given(st.text(st.sampled_from("Umbraco 1234567890.,-/&+vx\n") | st.characters(), max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    for mention in mentions_of_majors(f"for Umbraco 13{text}"):
        assert mention.majors
        assert all(each.last is None or each.first <= each.last for each in mention.majors)


@pytest.mark.parametrize("text", ["for Umbraco 17, ", "Umbraco 17. " + "x" * 500, "Umbraco 8, 9, 10, 11, " * 3])
def test_a_long_text_is_cut(text: str) -> None:
    assert len(list(mentions_of_majors(text * 20_000))) <= MOST_MENTIONS
