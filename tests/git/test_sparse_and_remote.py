"""What git knows beyond the files at hand: what a sparse checkout leaves out, and the branches of the remote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from umbmarket.git.relation import Lookup
from umbmarket.git.repository import GitRepository, repository_of

Git = Callable[..., str]


def found(folder: Path) -> GitRepository:
    repository = repository_of(folder)
    assert repository is not None
    return repository


@pytest.fixture
def filled(repository: Path, git: Git) -> Path:
    """A repository with files in two folders, committed."""
    for name in ("umbraco-marketplace.json", "images/a.png", "images/deep/b.png", "src/c.cs"):
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text("x")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "x")
    return repository


@pytest.mark.parametrize("how", [["--cone"], ["--cone", "--sparse-index"], ["--no-cone"]])
def test_what_a_sparse_checkout_leaves_out_is_there_all_the_same(filled: Path, git: Git, how: list[str]) -> None:
    git(filled, "sparse-checkout", "set", *how, "src" if how[0] == "--cone" else "/src/")
    assert not (filled / "images").exists()
    tree = found(filled)
    assert tree.look_up("images/a.png") == Lookup(exact=True)
    assert tree.look_up("./images/deep/b.png") == Lookup(exact=True)
    assert tree.look_up("src/c.cs") == Lookup(exact=True)
    assert tree.look_up_folder("images") == Lookup(exact=True)
    assert tree.look_up_folder("images/deep/") == Lookup(exact=True)
    assert tree.look_up("other/a.png").exact is False
    assert tree.look_up_folder("other") == Lookup(exact=False)


def test_letter_case_counts_in_a_sparse_checkout_too(filled: Path, git: Git) -> None:
    git(filled, "sparse-checkout", "set", "--no-cone", "/src/")
    assert found(filled).look_up("Images/A.png") == Lookup(exact=False, other_case="images/a.png")


def test_a_deleted_file_is_not_there_although_git_tracks_it(filled: Path) -> None:
    (filled / "images" / "a.png").unlink()
    assert found(filled).look_up("images/a.png").exact is False


def test_folders(filled: Path) -> None:
    tree = found(filled)
    assert tree.look_up_folder("images/deep") == Lookup(exact=True)
    assert tree.look_up_folder("") == Lookup(exact=True)
    assert tree.look_up_folder("Images/Deep") == Lookup(exact=False, other_case="images/deep")
    assert tree.look_up_folder("images/a.png") == Lookup(exact=False)
    assert tree.look_up_folder("../images") == Lookup(exact=False)


@pytest.fixture
def clone(filled: Path, git: Git, tmp_path: Path) -> Path:
    """A clone of a repository with the branches `main` and `v8/main` and the tag `release/1.0`."""
    git(filled, "branch", "v8/main")
    git(filled, "tag", "release/1.0")
    git(tmp_path, "clone", "-q", filled.as_uri(), str(tmp_path / "clone"))
    return tmp_path / "clone"


def test_a_clone_knows_what_the_remote_lacks(clone: Path) -> None:
    tree = found(clone)
    assert tree.branches == ("main", "v8/main")
    for there in ("main", "main/a.png", "v8/main/a.png", "release/1.0", "release/1.0/a.png", "HEAD/a.png"):
        assert not tree.lacks(there)
    for missing in ("master", "master/a.png", "v8/dev/a.png", "v8", "release/2.0/a.png", "mainly/a.png"):
        assert tree.lacks(missing)


def test_packed_references_count(clone: Path, git: Git) -> None:
    git(clone, "pack-refs", "--all")
    assert not found(clone).lacks("release/1.0/a.png")
    assert found(clone).lacks("master/a.png")


@pytest.mark.parametrize("how", [["--depth", "1"], ["--single-branch"], ["--depth", "1", "--no-single-branch"]])
def test_a_partial_clone_does_not(filled: Path, git: Git, tmp_path: Path, how: list[str]) -> None:
    git(tmp_path, "clone", "-q", *how, filled.as_uri(), str(tmp_path / "partial"))
    assert not found(tmp_path / "partial").lacks("master/a.png")


def test_the_checkout_of_a_build_server_does_not(filled: Path, git: Git, tmp_path: Path) -> None:
    top = tmp_path / "built"
    git(tmp_path, "init", "-q", str(top))
    git(top, "remote", "add", "origin", filled.as_uri())
    git(top, "fetch", "-q", "origin", "main:refs/remotes/origin/main")
    git(top, "checkout", "-q", "--detach", "origin/main")
    assert not found(top).lacks("master/a.png")
