"""What the shell offers at the tab key."""

from __future__ import annotations

import pytest

from umbmarket.cli.choices import complete_rules
from umbmarket.cli.schema import SCHEMAS
from umbmarket.umbraco.rules import all_rules


def offered(run, words: str) -> list[str]:
    """What bash offers for the last of `words`."""
    result = run(_UMBMARKET_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(len(words.split(" ")) - 1))
    assert (result.stderr, result.exit_code) == ("", 0)
    return result.stdout.split()


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("umbmarket ", ["validate", "inspect", "sync", "status", "rules", "explain", "schema"]),
        ("umbmarket v", ["validate"]),
        ("umbmarket validate --fo", ["--format"]),
        ("umbmarket validate --format s", ["sarif"]),
        ("umbmarket validate --color a", ["auto", "always"]),
        ("umbmarket validate --fail-on ", ["error", "warning", "info", "never"]),
        ("umbmarket schema ", list(SCHEMAS)),
        ("umbmarket explain UMB004", ["UMB004"]),
        ("umbmarket explain not-al", ["not-allowed-value"]),
        ("umbmarket validate --ignore UMB2,UMB004", ["UMB2,UMB004"]),
        ("umbmarket explain zzz", []),
    ],
)
def test_words_are_completed(words: str, offers: list[str], run) -> None:
    assert offered(run, words) == offers


def test_every_code_is_offered(run) -> None:
    assert offered(run, "umbmarket validate --select ") == list(all_rules())


def test_codes_come_with_names_and_names_with_codes() -> None:
    assert complete_rules("UMB104") == [("UMB104", "not-allowed-value")]
    assert complete_rules("UMB1,not-al") == [("UMB1,not-allowed-value", "UMB104")]


def test_powershell_gets_descriptions(run) -> None:
    result = run(
        _UMBMARKET_COMPLETE="complete_powershell",
        _TYPER_COMPLETE_ARGS="umbmarket explain UMB104",
        _TYPER_COMPLETE_WORD_TO_COMPLETE="UMB104",
    )
    assert result.stdout.strip() == "UMB104:::not-allowed-value"


def test_script_for_a_shell(run) -> None:
    result = run(_UMBMARKET_COMPLETE="source_fish")
    assert result.stdout.startswith("complete --command umbmarket --no-files")
