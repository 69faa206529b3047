from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from umbmarket.git.refs import MOST_LOOSE, branches
from umbmarket.git.relation import relation
from umbmarket.git.repository import GitRepository, repository_of
from umbmarket.web.addresses.repositories import GitHubRepository

Git = Callable[..., str]


def fill(top: Path, **files: str) -> None:
    for path, text in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)


def test_real_branches(repository: Path, git: Git) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "branch", "v13/main")
    git(repository, "branch", "v14/main")
    git(repository, "update-ref", "refs/remotes/origin/release/one", "HEAD")
    git(repository, "update-ref", "refs/remotes/other/nothing", "HEAD")
    git(repository, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/release/one")
    git(repository, "tag", "v1.0.0")
    git(repository, "remote", "add", "origin", "https://github.com/owner/name")
    git(repository, "remote", "add", "other", "https://github.com/other/name")
    expected = ("main", "release/one", "v13/main", "v14/main")
    found = repository_of(repository)
    assert found is not None
    assert found.branches == expected
    git(repository, "pack-refs", "--all")
    git(repository, "branch", "after")
    again = repository_of(repository)
    assert again is not None
    assert again.branches == ("after", *expected)


def test_nothing_there(tmp_path: Path) -> None:
    assert branches(str(tmp_path / "no"), "origin") == ()


def test_broken_references(tmp_path: Path) -> None:
    fill(tmp_path, **{"packed-refs": "# pack-refs\n\nnonsense\n^peeled\nabc refs/heads/a\r\nabc refs/headsx/b\n"})
    fill(tmp_path, **{"refs/heads/x.lock": "", "refs/heads/b/c": ""})
    assert branches(str(tmp_path), None) == ("a", "b/c")


def test_very_many_references_are_not_all_read(tmp_path: Path) -> None:
    folder = tmp_path / "refs" / "heads"
    folder.mkdir(parents=True)
    for number in range(MOST_LOOSE + 10):
        (folder / str(number)).touch()
    assert len(branches(str(tmp_path), None)) == MOST_LOOSE


@pytest.mark.parametrize(
    ("remotes", "named", "expected"),
    [
        ({"origin": "https://github.com/Jane/Package.git"}, ("jane", "package"), "same"),
        ({"origin": "https://github.com/john/package"}, ("jane", "package"), "fork"),
        (
            {"origin": "https://github.com/john/x", "upstream": "git@github.com:jane/package"},
            ("jane", "package"),
            "fork",
        ),
        ({"origin": "https://github.com/jane/other"}, ("jane", "package"), "other"),
        ({"origin": "https://gitlab.com/jane/package"}, ("jane", "package"), "unknown"),
        ({}, ("jane", "package"), "unknown"),
    ],
)
def test_relation(tmp_path: Path, remotes: dict[str, str], named: tuple[str, str], expected: str) -> None:
    config = "".join(f'[remote "{name}"]\n\turl = {url}\n' for name, url in remotes.items())
    fill(tmp_path, **{".git/HEAD": "ref: refs/heads/main\n", ".git/config": config})
    repository = GitRepository(str(tmp_path), str(tmp_path / ".git"))
    assert relation(repository, GitHubRepository(*named)) == expected


def test_holding_a_file(tmp_path: Path) -> None:
    fill(tmp_path, **{".git/HEAD": "ref: refs/heads/main\n", "a/B/c.json": "", "inner/.git/HEAD": "", "inner/x": ""})
    repository = GitRepository(str(tmp_path), str(tmp_path / ".git"))
    there = ["a/B/c.json", "./a/B/c.json"]
    missing = [
        "a/b/c.json",
        "a/B/C.json",
        "a/B",
        "a",
        "",
        ".",
        "..",
        "a/../a/B/c.json",
        "/a/B/c.json",
        "inner/x",
        "x" * 5000,
    ]
    assert [path for path in [*there, *missing] if repository.holds(path)] == there
    assert [path for path in [*there, *missing] if repository.look_up(path).exact] == there
