from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.web.addresses.repositories import (
    GitHubLocation,
    GitHubRepository,
    is_commit,
    parse_repository,
    raw_url,
    split_reference,
)

REPOSITORY = GitHubRepository("Owner", "Some.Repo-1")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Owner/Some.Repo-1",
        "https://github.com/Owner/Some.Repo-1/",
        "https://github.com/Owner/Some.Repo-1.git",
        "https://github.com/Owner/Some.Repo-1.git/",
        "http://www.github.com/Owner/Some.Repo-1",
        "HTTPS://GitHub.com/Owner/Some.Repo-1",
        "https://github.com//Owner//Some.Repo-1",
        "https://github.com/Owner/Some.Repo-1?tab=readme-ov-file#readme",
        "https://token@github.com/Owner/Some.Repo-1.git",
        "https://github.com:443/Owner/Some.Repo-1",
        "git://github.com/Owner/Some.Repo-1.git",
        "git+https://github.com/Owner/Some.Repo-1.git",
        "ssh://git@github.com/Owner/Some.Repo-1.git",
        "ssh://git@ssh.github.com:443/Owner/Some.Repo-1.git",
        "git+ssh://git@github.com/Owner/Some.Repo-1.git",
        "git@github.com:Owner/Some.Repo-1.git",
        "git@github.com:/Owner/Some.Repo-1",
        "github.com:Owner/Some.Repo-1.git",
    ],
)
def test_a_repository_in_all_its_spellings(url: str) -> None:
    assert parse_repository(url) == GitHubLocation(REPOSITORY)


@pytest.mark.parametrize(
    ("rest", "view", "reference"),
    [
        ("/tree/main", "tree", "main"),
        ("/tree/main/", "tree", "main"),
        ("/tree/main/src/My%20Package/", "tree", "main/src/My Package"),
        ("/blob/v13/main/src", "blob", "v13/main/src"),
        ("/raw/main/a.png?x", "raw", "main/a.png"),
        ("/Issues/12", "issues", "12"),
        ("/wiki", "wiki", ""),
    ],
)
def test_a_place_inside_a_repository(rest: str, view: str, reference: str) -> None:
    found = parse_repository("https://github.com/Owner/Some.Repo-1" + rest)
    assert found == GitHubLocation(REPOSITORY, view, reference)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "Owner/Repo",
        "https://github.com",
        "https://github.com/Owner",
        "https://github.com/orgs/Owner",
        "https://github.com/sponsors/Owner",
        "https://github.com/user-attachments/assets/1",
        "https://github.com/Owner/..",
        "https://github.com/Owner/.git",
        "https://github.com/-owner/repo",
        "https://github.com/Ow ner/repo",
        "https://github.com/Owner/re%20po",
        "https://github.com/" + "a" * 40 + "/repo",
        "https://gist.github.com/Owner/Repo",
        "https://github.com.example.org/Owner/Repo",
        "https://evil.org/github.com/Owner/Repo",
        "https://gitlab.com/Owner/Repo",
        "git@gitlab.com:Owner/Repo.git",
        "file:///github.com/Owner/Repo",
    ],
)
def test_anything_else_is_no_repository(url: str) -> None:
    assert parse_repository(url) is None


def test_letter_case_does_not_tell_repositories_apart() -> None:
    assert REPOSITORY.same_as(GitHubRepository("OWNER", "some.repo-1"))
    assert not REPOSITORY.same_as(GitHubRepository("Owner", "Some.Repo-2"))
    assert not REPOSITORY.same_as(GitHubRepository("Other", "Some.Repo-1"))


def test_the_address_of_a_repository_is_that_repository() -> None:
    assert REPOSITORY.url == "https://github.com/Owner/Some.Repo-1"
    assert parse_repository(REPOSITORY.url) == GitHubLocation(REPOSITORY)


@pytest.mark.parametrize(
    ("reference", "branches", "expected"),
    [
        ("main/src/a.png", (), ("main", "src/a.png")),
        ("main", (), ("main", "")),
        ("", (), ("", "")),
        ("v13/main/src", (), ("v13", "main/src")),
        ("v13/main/src", ("v13", "v13/main"), ("v13/main", "src")),
        ("v13/main", ("v13/main",), ("v13/main", "")),
        ("v13/mainly/src", ("v13/main",), ("v13", "mainly/src")),
        ("refs/heads/main/a", (), ("main", "a")),
        ("refs/tags/v1.0/a", (), ("v1.0", "a")),
        ("refs/heads/v17/develop/docs", ("v17/develop", ""), ("v17/develop", "docs")),
    ],
)
def test_branch_and_path(reference: str, branches: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert split_reference(reference, branches) == expected


def test_a_commit_is_told_by_its_form() -> None:
    assert is_commit("f5276adf2b9c52ca900692ca741c34e45cf9108d")
    assert not is_commit("f5276adf")
    assert not is_commit("main")
    assert not is_commit("f5276adf2b9c52ca900692ca741c34e45cf9108d\n")


def test_the_raw_address_encodes_what_must_be_encoded() -> None:
    assert (
        raw_url(REPOSITORY, "v13/main", "My Docs/ä#1.png")
        == "https://raw.githubusercontent.com/Owner/Some.Repo-1/v13/main/My%20Docs/%C3%A4%231.png"
    )


@given(st.text() | st.text("/.@:git%?#\\ab").map("https://github.com/".__add__))
def test_nothing_raises(url: str) -> None:
    found = parse_repository(url)
    if found is not None:
        assert "/" not in found.repository.owner + found.repository.name
