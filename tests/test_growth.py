"""Hostile input of a size that is allowed: twice of it takes about twice the time, in every reader."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

import umbmarket
from tests.conftest import build_nuspec
from tests.effort import TWICE, growth
from umbmarket.formats.json.edits import JsonEdits
from umbmarket.formats.json.tree import JsonTree
from umbmarket.formats.markdown.anchors import has_anchor
from umbmarket.formats.source import SourceText
from umbmarket.formats.xml.elements import attributes_of, parse_xml, read_xml
from umbmarket.formats.xml.markup import read_markup
from umbmarket.git.config import GitConfig, parse
from umbmarket.git.ignore_rules import IgnoreRules
from umbmarket.git.index import tracked_paths
from umbmarket.git.repository import GitRepository
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.nuget.package.push_rules import push_problems
from umbmarket.nuget.project.construction import construct
from umbmarket.nuget.project.project_files import ProjectFile
from umbmarket.output.display import lay_out
from umbmarket.settings.file import load_settings, settings_in
from umbmarket.settings.options import SettingsError

Work = Callable[[], object]


def listing(data: bytes) -> Work:
    return lambda: umbmarket.validate((), stdin=("umbraco-marketplace.json", data))


def repeated_tags(size: int) -> Work:
    return listing(json.dumps({"Tags": ["forms"] * size}).encode())


def repeated_names(size: int) -> Work:
    return listing(json.dumps({"AlternatePackageNames": ["My.Package"] * size}).encode())


def repeated_keys(size: int) -> Work:
    return listing(b'{"Title": 1' + b', "Title": 1' * size + b"}")


def quotes_after_a_comment(size: int) -> Work:
    return listing(b'// c\n["' + b'\\"' * size)


def comments_without_end(size: int) -> Work:
    return listing(b"// c\n[" + b"/*" * size)


def line_breaks_in_a_string(size: int) -> Work:
    return listing(b'{"Title": "' + b"\n" * size + b'x"}')


def brackets_closed_by_braces(size: int) -> Work:
    return listing(b"[" * size + b"}" * size)


def strings_without_end(size: int) -> Work:
    return listing(b'{"Tags": [' + b'"b\n' * size)


def values_without_end(size: int) -> Work:
    return listing(b"{" + b'"b": "c\n"d": 1\n' * size)


def comments_between_keys_without_quotes(size: int) -> Work:
    return listing(b"{" + b"/*" * size)


def blanks_in_a_value_without_quotes(size: int) -> Work:
    return listing(b'{"Title": x' + b" " * size + b"y}")


def slashes_where_a_comma_is_missing(size: int) -> Work:
    text = '{"a": 1 ' + "//" * size + '\n"b": 2}'
    edits = JsonEdits(SourceText(text.encode()), JsonTree(text))
    return lambda: edits.remove("/a")


def comments_where_a_comma_is_missing(size: int) -> Work:
    text = '{"a": 1 ' + "/**/ " * size + '\n"b": 2}'
    edits = JsonEdits(SourceText(text.encode()), JsonTree(text))
    return lambda: edits.remove("/a")


def digits_in_an_anchor(size: int) -> Work:
    return lambda: has_anchor(frozenset(), "#" + "1" * size + "a")


def comments_and_commas(size: int) -> Work:
    return listing(b'{"Tags": ["a"' + b' /* c */, "b"' * size + b",]}")


def unknown_keys(size: int) -> Work:
    return listing(json.dumps({f"Kategory{number}": "" for number in range(size)}).encode())


def places_in_other_characters(size: int) -> Work:
    text = "\u00e9" * size
    source = SourceText(text.encode())
    return lambda: [source.byte_offset(at) for at in range(size)]


def keys_of_one_object(size: int) -> Work:
    tree = JsonTree(json.dumps({f"k{number}": 1 for number in range(size)}))
    return lambda: [tree.member(f"/k{number}") for number in range(size)]


def wrong_items(size: int) -> Work:
    return listing(json.dumps({"Tags": [1] * size, "Screenshots": ["x"] * size}).encode())


def nuspec(data: bytes) -> Work:
    def read() -> None:
        found = Nuspec("a.nuspec", data)
        for problem in found.problems + push_problems(found):
            found.locate(problem.place)

    return read


def dependencies(size: int) -> Work:
    groups = {"net8.0": {f"My.Dependency{number}": "1.0.0" for number in range(size)}}
    return nuspec(build_nuspec({"id": "A", "version": "1.0.0"}, groups).encode())


def wrong_dependencies(size: int) -> Work:
    groups = {"net8.0": {f"My Dependency{number}": "[1" for number in range(size)}}
    return nuspec(build_nuspec({"id": "A", "version": "1.0.0"}, groups).encode())


def attributes(size: int) -> Work:
    text = "<a " + " ".join(f'b{number}="1"' for number in range(size)) + "/>"
    return lambda: read_xml(text)


def attributes_in_a_project(size: int) -> Work:
    many = " ".join(f'b{number}="1"' for number in range(size))
    text = f"<Project><ItemGroup><A Include='x' {many}/></ItemGroup></Project>"
    file = ProjectFile("/nowhere/a.csproj", "a.csproj", text.encode())
    return lambda: construct(file)


def test_attributes_are_read_alike_be_they_few_or_many() -> None:
    for size in (3, 99, 100, 300):
        text = "<a xmlns:p='q' p:z='1' " + " ".join(f'b{number}="&amp;{number}"' for number in range(size)) + "/>"
        element = parse_xml(text)
        assert list(attributes_of(element)) == element.items()


def index_of_one_long_number(size: int) -> Work:
    data = b"DIRC" + struct.pack(">II", 4, 1) + bytes(62) + b"\xff" * size
    return lambda: list(tracked_paths(data))


def remotes(size: int) -> Work:
    entries = list(parse("".join(f'[remote "r{n}"]\nurl = https://github.com/a/b{n}\n' for n in range(size))))

    def read() -> None:
        repository = GitRepository("/nowhere", "/nowhere/.git")
        repository.__dict__["config"] = GitConfig(entries)
        assert repository.remote is None
        assert len(repository.github_remotes) == size

    return read


def rewritten_remotes(size: int) -> Work:
    text = "".join(f'[url "https://github.com/{n}/"]\ninsteadOf = gh{n}:\n' for n in range(size))
    text += "".join(f'[remote "r{n}"]\nurl = gh{n}:b\n' for n in range(size))
    entries = list(parse(text))

    def read() -> None:
        repository = GitRepository("/nowhere", "/nowhere/.git")
        repository.__dict__["config"] = GitConfig(entries)
        assert len(repository.github_remotes) == size

    return read


def a_long_pattern_of_wildcards(size: int) -> Work:
    return lambda: IgnoreRules(b"?" * size)


def prefixes(size: int) -> Work:
    declared = " ".join(f'xmlns:a{number}="u"' for number in range(size))
    text = f"<r {declared}>" + "<a xmlns:b='u'/>" * size + "</r>"
    return lambda: read_markup(text)


def joined_emoji(size: int) -> Work:
    return lambda: lay_out("\N{WOMAN}\N{ZERO WIDTH JOINER}" * size)


def settings_file(tmp_path: Path, text: str) -> Work:
    path = tmp_path / "umbmarket.toml"

    def read() -> None:
        path.write_text(text, "utf-8")
        with pytest.raises(SettingsError):
            load_settings(path)

    return read


SIZES = {
    repeated_tags: 5_000,
    repeated_names: 5_000,
    repeated_keys: 10_000,
    quotes_after_a_comment: 20_000,
    comments_without_end: 20_000,
    comments_and_commas: 3_000,
    digits_in_an_anchor: 10_000,
    line_breaks_in_a_string: 10_000,
    brackets_closed_by_braces: 10_000,
    strings_without_end: 10_000,
    values_without_end: 5_000,
    blanks_in_a_value_without_quotes: 20_000,
    comments_between_keys_without_quotes: 10_000,
    slashes_where_a_comma_is_missing: 50_000,
    comments_where_a_comma_is_missing: 10_000,
    unknown_keys: 1_500,
    places_in_other_characters: 40_000,
    keys_of_one_object: 3_000,
    wrong_items: 3_000,
    dependencies: 3_000,
    wrong_dependencies: 2_000,
    attributes: 20_000,
    attributes_in_a_project: 10_000,
    index_of_one_long_number: 400_000,
    remotes: 2_000,
    rewritten_remotes: 1_000,
    a_long_pattern_of_wildcards: 60_000,
    prefixes: 4_000,
    joined_emoji: 40_000,
}


@pytest.mark.parametrize("prepare", SIZES, ids=lambda prepare: prepare.__name__)
def test_twice_the_input_takes_about_twice_the_time(prepare: Callable[[int], Work]) -> None:
    assert growth(prepare, SIZES[prepare]) < TWICE


SETTINGS: dict[str, tuple[int, Callable[[int], str]]] = {
    "unknown keys": (300, lambda size: "".join(f"unknown{number} = 1\n" for number in range(size))),
    "wrong items": (500, lambda size: "select = [\n" + "1,\n" * size + "]\n"),
    "wrong severities": (500, lambda size: "[severity]\n" + "".join(f'UMB{n} = "x"\n' for n in range(size))),
    "a dotted key": (4_000, lambda size: ".".join("a" * size) + " = 1\n"),
    "a dotted key in a table": (4_000, lambda size: "x = { " + ".".join("a" * size) + " = 1 }\n"),
    "blanks": (300, lambda size: f"unknown = 1\n{' ' * size}\n"),
    "blanks before a word": (300, lambda size: f"select = [\n{' ' * size}'x', 1]\nunknown = 1"),
    "blanks in quotes": (300, lambda size: f"select = ['''\n{' ' * size}x\n''', 1]\nunknown = 1"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_broken_settings_file_takes_no_longer_for_being_twice_as_broken(name: str, tmp_path: Path) -> None:
    size, text = SETTINGS[name]
    assert growth(lambda size: settings_file(tmp_path, text(size)), size) < TWICE


def test_a_broken_pyproject_of_empty_lines_is_passed_over_at_once(tmp_path: Path) -> None:
    def prepare(size: int) -> Work:
        (tmp_path / "pyproject.toml").write_text("# umbmarket\nbroken\n" + "\n" * size, "utf-8")
        return lambda: settings_in(str(tmp_path))

    assert growth(prepare, 10_000) < TWICE
