from __future__ import annotations

import pytest

from umbmarket.output.plain import plain, plain_path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ('The "Title" is [bold] & plain', 'The "Title" is [bold] & plain'),
        ("Søk 包裹 👩‍👩‍👧", "Søk 包裹 👩‍👩‍👧"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("a\u202eb\ud800\x7f", r"a\u202eb\ud800\x7f"),
        ("see ##[error]x", r"see \x23#[error]x"),
        ("##vso[task.complete]", r"\x23#vso[task.complete]"),
        ("##teamcity[message]", r"\x23#teamcity[message]"),
        ("###[group]", r"#\x23#[group]"),
        ("## Heading [link]", "## Heading [link]"),
        ("#[not] and ##", "#[not] and ##"),
        ("::error::x", "::error::x"),
    ],
)
def test_nothing_that_is_acted_on_is_left(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("src/umbraco-marketplace.json", "src/umbraco-marketplace.json"),
        ("::error::x.json", "./::error::x.json"),
        ("  ::add-mask::x.json", "./  ::add-mask::x.json"),
        ("\u3000::debug::x.json", "./\u3000::debug::x.json"),
        ("a::b.json", "a::b.json"),
        (":one.json", ":one.json"),
        ("\n::error::x", r"\n::error::x"),
    ],
)
def test_a_path_that_looks_like_a_workflow_command_does_not_start_the_line(path, shown):
    assert plain_path(path) == shown
