"""Package ids: what the clients read, what nuget.org takes, and what is said about the rest."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget import (
    MAX_DEPENDENCY_ID_LENGTH,
    MAX_PACKAGE_ID_LENGTH,
    dependency_id_problem,
    is_client_id,
    is_gallery_id,
    package_id_problem,
)

GOOD = [
    "a",
    "_",
    "1",
    "Umbraco.Cms",
    "Umbraco.Community.Block_Preview",
    "a.b-c.d",
    "7zip-x64",
    "__.__",
    "A-B",
]
OLD = ["Ünïcode.Package", "Пакет", "包-裹", "a\u0301", "a\u203fb", "\u0661"]
"""Letters of any script, combining marks, connectors and decimal digits: `\\w` of .NET."""


@pytest.mark.parametrize("text", GOOD)
def test_good_ids(text: str) -> None:
    assert is_gallery_id(text)
    assert is_client_id(text)
    assert package_id_problem(text) is None
    assert dependency_id_problem(text) is None


@pytest.mark.parametrize("text", OLD)
def test_ids_that_only_old_packages_have(text: str) -> None:
    assert is_client_id(text)
    assert not is_gallery_id(text)
    assert dependency_id_problem(text) is None
    character = next(each for each in text if ord(each) > 127)
    assert package_id_problem(text) == (
        f"it contains {character!r}, but nuget.org accepts only ASCII letters in the id of a new package"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("$id$", "it is the placeholder '$id$' of a nuspec template"),
        (".Umbraco", "it starts with '.'"),
        ("-Umbraco", "it starts with '-'"),
        ("Umbraco.", "it ends with '.'"),
        ("Umbraco-", "it ends with '-'"),
        ("-", "it starts with '-'"),
        (
            "a..b",
            "it has two separators in a row, but '.' and '-' must be single, between letters, digits or '_'",
        ),
        (
            "a.-b",
            "it has two separators in a row, but '.' and '-' must be single, between letters, digits or '_'",
        ),
        (
            "a--b",
            "it has two separators in a row, but '.' and '-' must be single, between letters, digits or '_'",
        ),
        (
            "Ü..b",
            "it has two separators in a row, but '.' and '-' must be single, between letters, digits or '_'",
        ),
        ("My Package", "it contains ' ', but an id consists of letters, digits, '_', '.' and '-'"),
        (" Umbraco", "it contains ' ', but an id consists of letters, digits, '_', '.' and '-'"),
        ("Umbraco.Cms\n", "it contains '\\n', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a/b", "it contains '/', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a\\b", "it contains '\\\\', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a+b", "it contains '+', but an id consists of letters, digits, '_', '.' and '-'"),
        ("https://a", "it contains ':', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a\u00bd", "it contains '\u00bd', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a\u2160", "it contains '\u2160', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a\u200d", "it contains '\\u200d', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a\U0001d49c", "it contains '\U0001d49c', but an id consists of letters, digits, '_', '.' and '-'"),
        ("a\ud800", "it contains '\\ud800', but an id consists of letters, digits, '_', '.' and '-'"),
    ],
)
def test_what_is_wrong(text: str, problem: str) -> None:
    assert not is_client_id(text)
    assert not is_gallery_id(text)
    assert package_id_problem(text) == problem
    assert dependency_id_problem(text) == problem


def test_lengths() -> None:
    assert (MAX_PACKAGE_ID_LENGTH, MAX_DEPENDENCY_ID_LENGTH) == (100, 128)
    assert package_id_problem("a" * 100) is None
    assert package_id_problem("a" * 101) == "it has 101 characters, but nuget.org accepts at most 100"
    assert dependency_id_problem("a" * 128) is None
    assert dependency_id_problem("a" * 129) == "it has 129 characters, but nuget.org accepts at most 128"
    assert is_client_id("a" * 1000)
    assert is_gallery_id("a" * 1000)


@settings(max_examples=200)
@given(st.text(max_size=20) | st.text(alphabet="aZ09_.-ü ", max_size=12))
def test_the_words_agree_with_the_patterns(text: str) -> None:
    assert (dependency_id_problem(text) is None) is is_client_id(text)
    assert (package_id_problem(text) is None) is is_gallery_id(text)
    assert is_client_id(text) or not is_gallery_id(text)
    for problem in (package_id_problem(text), dependency_id_problem(text)):
        assert problem is None or problem.startswith("it ")


HUGE_TEXTS = {
    "letters": "a" * 100_000,
    "letters and a blank": "a" * 100_000 + " ",
    "pairs": "a." * 50_000,
    "umlauts": "ü" * 100_000 + "-",
    "dots": "." * 100_000,
}


@pytest.mark.parametrize("text", HUGE_TEXTS.values(), ids=HUGE_TEXTS)
def test_a_huge_text_is_judged_quickly_and_briefly(text: str) -> None:
    started = time.process_time()
    problem = package_id_problem(text)
    assert problem is not None
    assert len(problem) < 200
    assert dependency_id_problem(text) is not None
    assert time.process_time() - started < 2
