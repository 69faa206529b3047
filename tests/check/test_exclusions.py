"""What settings exclude: the same as git would ignore if the patterns stood in a `.gitignore` beside the settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from umbmarket.check.exclusions import Exclusions
from umbmarket.check.inputs import Sorted
from umbmarket.check.search import search
from umbmarket.git.repository import Repositories
from umbmarket.settings.options import Settings
from umbmarket.umbraco.marketplace import UMBRACO
from umbmarket.umbraco.recognition import UMBRACO_FILES

NAME = "umbraco-marketplace.json"
FOLDERS = ("", "a", "a/b", "a/b/c", "b", "b/a", "samples", "src/samples", "src/my samples")

PATTERNS = [
    ["samples"],
    ["/samples/"],
    ["samples/"],
    ["src/*"],
    ["src/**"],
    ["**/b"],
    ["a/**/c"],
    ["*.json"],
    ["/*.json"],
    ["*.json", "!a/*.json"],
    ["a", "!a/b"],
    ["a/*", "!a/b"],
    ["[ab]"],
    ["my samples"],
    ["nothing", "!samples"],
    [],
]


@pytest.fixture
def tree(repository: Path) -> Path:
    """A repository with a listing in each of the folders."""
    for folder in FOLDERS:
        (repository / folder).mkdir(parents=True, exist_ok=True)
        (repository / folder / NAME).write_text("{}")
    return repository


def found(top: Path, folder: Path, exclusions: Exclusions | None = None) -> list[str]:
    paths = search(str(folder), Repositories(), [UMBRACO_FILES], exclusions)
    return [Path(each.path).relative_to(top).as_posix() for each in paths]


@pytest.mark.parametrize("patterns", PATTERNS, ids=" ".join)
def test_a_search_finds_what_git_would_not_ignore(patterns: list[str], tree: Path) -> None:
    settings = Settings(exclude=tuple(patterns), folder=str(tree))
    left = found(tree, tree, Exclusions(settings, "/elsewhere"))
    (tree / ".gitignore").write_text("\n".join(patterns))
    assert left == found(tree, tree)


@pytest.mark.parametrize("patterns", PATTERNS, ids=" ".join)
def test_force_leaves_out_what_no_search_finds(patterns: list[str], tree: Path) -> None:
    exclusions = Exclusions(Settings(exclude=tuple(patterns)), str(tree))
    left = found(tree, tree, exclusions)
    named = [str(tree / folder / NAME) for folder in FOLDERS]
    handed = Sorted(named, [UMBRACO], exclusions, force_exclude=True)
    kept = sorted(Path(each.path).relative_to(tree).as_posix() for each in handed.files_of(UMBRACO))
    assert kept == sorted(left)
    assert handed.excluded == len(FOLDERS) - len(left)
    assert len(Sorted(named, [UMBRACO], exclusions).files_of(UMBRACO)) == len(FOLDERS)


def test_a_folder_that_is_named_is_searched_although_it_is_excluded(tree: Path) -> None:
    exclusions = Exclusions(Settings(exclude=("src",)), str(tree))
    assert found(tree, tree / "src", exclusions) == [f"src/my samples/{NAME}", f"src/samples/{NAME}"]
    forced = Sorted([str(tree / "src")], [UMBRACO], exclusions, force_exclude=True)
    assert (forced.files_of(UMBRACO), forced.excluded) == ((), 1)


def test_nothing_outside_of_the_settings_folder_is_excluded(tree: Path) -> None:
    exclusions = Exclusions(Settings(exclude=("*",), folder=str(tree / "a")), str(tree))
    left = found(tree, tree, exclusions)
    assert left == [path for path in found(tree, tree) if not path.startswith("a/")]


def test_the_root_of_the_disk_has_nothing_above_it() -> None:
    exclusions = Exclusions(Settings(exclude=("*",)), os.sep)
    assert not exclusions.anywhere(os.path.abspath(os.sep), is_folder=True)
    assert exclusions.anywhere(os.path.abspath(os.path.join(os.sep, "a", "b")), is_folder=False)


def test_names_that_are_no_text_can_be_excluded(tree: Path) -> None:
    name = os.fsdecode(b"b\xff")
    try:
        (tree / name).mkdir()
    except OSError:
        pytest.skip("this file system takes only text")
    (tree / name / NAME).write_text("{}")
    exclusions = Exclusions(Settings(exclude=("b?",)), str(tree))
    assert found(tree, tree, exclusions) == [path for path in found(tree, tree) if not path.startswith(name)]
