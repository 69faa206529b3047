"""What cannot be read as what it should be is an error, whatever is selected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.umbraco.rules.odd_archives import odd_archive
from umbmarket.cli.app import program


def codes(*arguments: str) -> tuple[set[str], int]:
    """The codes of the findings, and the exit code."""
    result = CliRunner().invoke(program(), ["validate", "--format", "json", *arguments])
    return {finding["code"] for finding in json.loads(result.stdout)["findings"]}, result.exit_code


def write(project: Path) -> None:
    deep = '{"Tags": ' + "[" * 70 + "]" * 70 + "}"
    for name, data in {
        "notes.txt": b"some notes",
        "comment.json": b"// only a comment",
        "broken.json": b'{"Category": "Search" "Tags": []}',
        "latin.json": '{"Title": "Café"}'.encode("cp1252"),
        "list.json": b'[{"Category": "Search"}]',
        "deep.json": deep.encode(),
        "leading.json": b'// a note\n{"Category": "Search"}',
        "choices.json": b'{"LookingForContributors": true|false}',
        "text.nupkg": b"some notes",
        "no-nuspec.1.0.0.nupkg": odd_archive({"readme.md": b"a"}, {}),
        "broken-nuspec.1.0.0.nupkg": odd_archive({"a.nuspec": b"<package><metadata>"}, {}),
    }.items():
        (project / name).write_bytes(data)


UNREADABLE = [
    ("nosuch.json", "UMB001"),
    ("nosuch", "UMB001"),
    ("nosuch/*.json", "UMB001"),
    ("notes.txt", "UMB004"),
    ("comment.json", "UMB004"),
    ("broken.json", "UMB004"),
    ("latin.json", "UMB002"),
    ("list.json", "UMB009"),
    ("deep.json", "UMB010"),
    ("leading.json", "UMB005"),
    ("choices.json", "UMB007"),
    ("nosuch.nupkg", "UMB301"),
    ("nosuch/*.nupkg", "UMB301"),
    ("text.nupkg", "UMB301"),
    ("no-nuspec.1.0.0.nupkg", "UMB303"),
    ("broken-nuspec.1.0.0.nupkg", "UMB304"),
]


@pytest.mark.parametrize(("path", "code"), UNREADABLE)
@pytest.mark.parametrize("selected", ["UMB104", "UMB1", "UMB6", "thin-listing"])
def test_it_is_told_whatever_is_selected(project: Path, path: str, code: str, selected: str) -> None:
    write(project)
    found, exit_code = codes(path, "--select", selected)
    assert code in found
    assert exit_code == 1


@pytest.mark.parametrize(("path", "code"), UNREADABLE)
def test_the_settings_select_nothing_away(project: Path, path: str, code: str) -> None:
    write(project)
    (project / "umbmarket.toml").write_text('select = ["UMB1"]\n', "utf-8")
    found, exit_code = codes(path)
    assert code in found
    assert exit_code == 1


@pytest.mark.parametrize(("path", "code"), UNREADABLE)
@pytest.mark.parametrize("wide", [False, True])
def test_an_ignore_that_covers_it_silences_it(project: Path, path: str, code: str, wide: bool) -> None:
    write(project)
    found, exit_code = codes(path, "--select", "UMB106", "--ignore", code[:4] if wide else code)
    assert (found, exit_code) == (set(), 0)


def test_a_healthy_listing_has_none_of_it(healthy: Path) -> None:
    assert codes("umbraco-marketplace.json", "--select", "UMB104") == (set(), 0)
    assert codes(".", "--select", "UMB104") == (set(), 0)


def test_other_rules_run_only_where_they_are_selected(broken: Path) -> None:
    assert codes("umbraco-marketplace.json", "--select", "UMB106") == (set(), 0)
    assert codes("umbraco-marketplace.json", "--select", "UMB104") == ({"UMB104"}, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"Category": "Search" // one of eleven\n}', "UMB005"),
        ('{"Title": "Your Package"}', "UMB007"),
        ('{"VideoUrl": "https://www.youtube.com/embed/{videoId}"}', "UMB007"),
    ],
)
def test_the_same_rules_say_more_only_where_they_are_selected(text: str, code: str, project: Path) -> None:
    (project / "umbraco-marketplace.json").write_text(text, "utf-8")
    assert codes(".", "--select", "UMB104") == (set(), 0)
    assert codes(".", "--select", code)[0] == {code}
