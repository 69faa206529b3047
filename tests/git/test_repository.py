from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.git.relation import Lookup, Repository
from umbmarket.git.repository import GitRepository, Repositories, repository_of

Git = Callable[..., str]


def found(folder: Path) -> GitRepository:
    repository = repository_of(folder)
    assert repository is not None
    return repository


def by_hand(top: Path, config: str = "", head: str = "ref: refs/heads/main\n", **references: str) -> GitRepository:
    """A repository made without git."""
    (top / ".git").mkdir(parents=True)
    (top / ".git" / "config").write_text(config)
    (top / ".git" / "HEAD").write_text(head)
    for remote, target in references.items():
        folder = top / ".git" / "refs" / "remotes" / remote
        folder.mkdir(parents=True)
        (folder / "HEAD").write_text(target)
    return found(top)


def github(url: str) -> str:
    return f'[remote "origin"]\n\turl = {url}\n'


def test_no_repository(tmp_path: Path) -> None:
    assert repository_of(tmp_path) is None
    assert repository_of(tmp_path / "not" / "there") is None
    assert repository_of(tmp_path / "a\0b") is None


def test_a_fresh_repository_knows_its_branch_alone(repository: Path) -> None:
    fresh = found(repository)
    assert (fresh.branch, fresh.default_branch, fresh.owner, fresh.name) == ("main", None, None, None)
    assert (fresh.root, fresh.folder) == (str(repository), str(repository / ".git"))


def test_it_is_what_rules_ask(repository: Path) -> None:
    asked: Repository = found(repository)
    assert asked.look_up("missing.png") == Lookup(exact=False)


def test_it_is_found_from_below_and_from_where_nothing_is(repository: Path) -> None:
    (repository / "src" / "deep").mkdir(parents=True)
    for folder in (repository / "src" / "deep", repository / "src", repository / "not" / "there"):
        assert found(folder).root == str(repository)


def test_a_clone_knows_the_default_branch(repository: Path, tmp_path: Path, git: Git) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "branch", "dev/next")
    git(tmp_path, "clone", "-q", str(repository), "clone")
    git(tmp_path / "clone", "switch", "-q", "dev/next")
    clone = found(tmp_path / "clone")
    assert (clone.branch, clone.default_branch, clone.remote) == ("dev/next", "main", "origin")
    assert (clone.owner, clone.name) == (None, None)
    git(tmp_path / "clone", "remote", "set-url", "origin", "git@github.com:umbraco/Package.git")
    git(tmp_path / "clone", "remote", "set-head", "origin", "dev/next")
    git(tmp_path / "clone", "pack-refs", "--all")
    clone = found(tmp_path / "clone")
    assert (clone.default_branch, clone.owner, clone.name) == ("dev/next", "umbraco", "Package")


def test_a_detached_head(repository: Path, git: Git) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "switch", "-q", "--detach")
    assert found(repository).branch is None


def test_a_linked_worktree(repository: Path, tmp_path: Path, git: Git) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "remote", "add", "origin", "https://github.com/owner/name")
    git(repository, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    (tmp_path / "linked" / "src").mkdir()
    linked = found(tmp_path / "linked" / "src")
    assert linked.root == str(tmp_path / "linked")
    assert (linked.branch, linked.owner, linked.name) == ("other", "owner", "name")
    assert Path(linked.shared_folder).samefile(repository / ".git")


def test_a_submodule(repository: Path, tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "--initial-branch=trunk", "inner")
    git(tmp_path / "inner", "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "inner"), "sub")
    git(repository / "sub", "remote", "set-url", "origin", "https://github.com/owner/inner.git")
    inner = found(repository / "sub")
    assert inner.root == str(repository / "sub")
    assert (inner.branch, inner.default_branch, inner.name) == ("trunk", "trunk", "inner")
    assert found(repository).name is None


def test_no_program_is_needed(repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/owner/name")
    monkeypatch.setenv("PATH", "")
    assert (found(repository).branch, found(repository).name) == ("main", "name")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Owner/The.Name",
        "https://github.com/Owner/The.Name.git",
        "https://github.com/Owner/The.Name/",
        "https://www.github.com/Owner/The.Name.git",
        "https://user@github.com/Owner/The.Name.git",
        "https://x-access-token:secret@github.com/Owner/The.Name",
        "https://GitHub.com:443/Owner/The.Name.git",
        "http://github.com/Owner/The.Name",
        "git://github.com/Owner/The.Name.git",
        "ssh://git@github.com/Owner/The.Name.git",
        "ssh://git@github.com:22/Owner/The.Name.git",
        "ssh://git@ssh.github.com:443/Owner/The.Name.git",
        "git+ssh://git@github.com/Owner/The.Name.git",
        "git@github.com:Owner/The.Name.git",
        "git@github.com:/Owner/The.Name.git/",
        "org-123@github.com:Owner/The.Name",
        "github.com:Owner/The.Name.git",
        '"git@github.com:Owner/The.Name.git"  ; a comment',
    ],
)
def test_addresses_of_github(tmp_path: Path, url: str) -> None:
    repository = by_hand(tmp_path, github(url))
    assert (repository.owner, repository.name) == ("Owner", "The.Name")


@pytest.mark.parametrize(
    "url",
    [
        "https://gitlab.com/owner/name.git",
        "https://github.com.evil.example/owner/name",
        "https://gist.github.com/owner/1234",
        "https://dev.azure.com/owner/project/_git/name",
        "https://github.com/owner",
        "https://github.com/owner/name/tree/main",
        "https://github.com/../name",
        "../name.git",
        "/srv/git/name.git",
        r"C:\\git\\name",
        "git@github.com",
        "",
    ],
)
def test_other_addresses(tmp_path: Path, url: str) -> None:
    repository = by_hand(tmp_path, github(url))
    assert (repository.owner, repository.name) == (None, None)


@pytest.mark.parametrize(
    ("remotes", "expected"),
    [
        ({"upstream": "u", "origin": "o", "x": "x"}, "origin"),
        ({"upstream": "u", "mine": "m", "x": "x"}, "mine"),
        ({"x": "x"}, "x"),
        ({"x": "x", "upstream": "u"}, "upstream"),
        ({"x": "x", "y": "y"}, None),
        ({"origin": "", "x": "x"}, "x"),
        ({}, None),
    ],
)
def test_which_remote_counts(tmp_path: Path, remotes: dict[str, str], expected: str | None) -> None:
    text = '[branch "main"]\nremote = mine\n' + "".join(
        f'[remote "{name}"]\nurl = https://github.com/{owner}/n\n' if owner else f'[remote "{name}"]\nurl =\n'
        for name, owner in remotes.items()
    )
    repository = by_hand(tmp_path, text)
    assert repository.remote == expected
    assert repository.owner == (remotes[expected] if expected else None)


def test_the_first_of_several_addresses_counts(tmp_path: Path) -> None:
    text = '[remote "origin"]\nurl = https://github.com/first/n\nurl = https://github.com/second/n\n'
    assert by_hand(tmp_path, text).owner == "first"


def test_the_address_is_rewritten_as_the_user_told_git(tmp_path: Path, own_settings: Path) -> None:
    (own_settings / ".gitconfig").write_text('[url "https://github.com/"]\ninsteadOf = gh:\n')
    text = github("gh:o/name") + '[url "https://github.com/owner/"]\ninsteadOf = gh:o/\n'
    assert by_hand(tmp_path, text).owner == "owner"
    assert by_hand(tmp_path / "other", github("gh:o/name")).owner == "o"


@pytest.mark.parametrize(
    ("head", "branch"),
    [
        ("ref: refs/heads/main\n", "main"),
        ("ref: refs/heads/dev/17\r\n", "dev/17"),
        ("ref:refs/heads/ä", "ä"),
        ("ref: refs/heads/.invalid\n", None),
        ("ref: refs/heads/\n", None),
        ("ref: refs/heads/a//b\n", None),
        ("ref: refs/heads/a b\n", None),
        ("ref: refs/tags/v1\n", None),
        ("refs/heads/main\n", None),
        ("1f" * 20 + "\n", None),
        ("", None),
        ("\0\0\0", None),
        ("ref: refs/heads/" + "x" * 100_000, "x" * (8192 - 16)),
    ],
)
def test_heads(tmp_path: Path, head: str, branch: str | None) -> None:
    assert by_hand(tmp_path, head=head).branch == branch


@pytest.mark.usefixtures("symlinks")
def test_a_head_that_is_a_link(tmp_path: Path) -> None:
    repository = by_hand(tmp_path)
    (tmp_path / ".git" / "HEAD").unlink()
    (tmp_path / ".git" / "HEAD").symlink_to("refs/heads/old")
    assert repository.branch == "old"
    assert found(tmp_path).root == str(tmp_path)


@pytest.mark.parametrize(
    ("target", "default"),
    [
        ("ref: refs/remotes/origin/main\n", "main"),
        ("ref: refs/remotes/origin/v17/dev", "v17/dev"),
        ("ref: refs/remotes/other/main\n", None),
        ("ref: refs/heads/main\n", None),
        ("1f" * 20, None),
        ("", None),
    ],
)
def test_default_branches(tmp_path: Path, target: str, default: str | None) -> None:
    assert by_hand(tmp_path, github("https://github.com/o/n"), origin=target).default_branch == default


@pytest.mark.parametrize("remote", ["..", "../../x", ".hidden", "a//b"])
def test_a_remote_whose_name_leads_elsewhere(tmp_path: Path, remote: str) -> None:
    assert by_hand(tmp_path, f'[remote "{remote}"]\nurl = https://github.com/o/n\n').default_branch is None


def test_a_folder_called_git_that_is_none(tmp_path: Path) -> None:
    by_hand(tmp_path)
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    assert found(tmp_path / "inner").root == str(tmp_path)


@pytest.mark.parametrize("text", ["", "nonsense", "\n\n", "gitdi: x"])
def test_a_file_called_git_that_is_none(tmp_path: Path, text: str) -> None:
    by_hand(tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / ".git").write_text(text)
    assert found(tmp_path / "inner").root == str(tmp_path)


def test_a_file_called_git_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /no/such/folder\n")
    (tmp_path / "a.png").write_text("")
    lost = found(tmp_path)
    assert (lost.branch, lost.default_branch, lost.owner, lost.name) == (None, None, None, None)
    assert lost.look_up("a.png") == Lookup(exact=True)


def test_a_huge_configuration_and_head(tmp_path: Path) -> None:
    repository = by_hand(tmp_path, github("https://github.com/o/n"))
    for name in ("config", "HEAD"):
        with (tmp_path / ".git" / name).open("r+b") as file:
            file.truncate(3_000_000_000)
    assert (repository.owner, repository.branch) == ("o", "main")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_in_place_of_files_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in ("HEAD", "config", "commondir", "index"):
        os.mkfifo(tmp_path / ".git" / name)
    repository = found(tmp_path)
    assert (repository.branch, repository.owner, repository.default_branch) == (None, None, None)
    (tmp_path / "other").mkdir()
    os.mkfifo(tmp_path / "other" / ".git")
    assert found(tmp_path / "other").root == str(tmp_path)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80), st.binary(max_size=30), st.binary(max_size=30), st.booleans())
def test_whatever_stands_in_the_files(tmp_path: Path, config: bytes, head: bytes, common: bytes, linked: bool) -> None:
    top = tmp_path / "top"
    shutil.rmtree(top, ignore_errors=True)
    (top / ".git").mkdir(parents=True)
    (top / ".git" / "config").write_bytes(b'[remote "origin"]\nurl = ' + config)
    (top / ".git" / "HEAD").write_bytes(b"ref: refs/heads/" + head)
    if linked:
        (top / ".git" / "commondir").write_bytes(common)
    repository = found(top)
    for value in (repository.branch, repository.default_branch, repository.owner, repository.name):
        assert value is None or value


def test_each_folder_is_asked_once(tmp_path: Path) -> None:
    by_hand(tmp_path / "a")
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    repositories = Repositories()
    first = repositories.of(str(tmp_path / "a" / "b" / "c"))
    shutil.rmtree(tmp_path / "a" / ".git")
    assert first is not None
    assert repositories.of(str(tmp_path / "a" / "b")) is first
    assert repositories.of(str(tmp_path / "a" / "d")) is first
    assert repositories.of(str(tmp_path)) is None
