"""Where files are linked to: only what a build service really sets goes into links."""

from __future__ import annotations

import pytest

from umbmarket.cli.repository_address import blob_address

GITHUB = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "example/my.site",
    "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.example.com:8443/group/sub/site", "CI_COMMIT_SHA": "0123abc"}


def test_github_and_gitlab() -> None:
    assert blob_address(GITHUB) == f"https://github.com/example/my.site/blob/{GITHUB['GITHUB_SHA']}"
    assert blob_address(GITLAB) == "https://gitlab.example.com:8443/group/sub/site/-/blob/0123abc"
    assert blob_address({**GITLAB, **GITHUB}) == blob_address(GITHUB)
    assert blob_address({}) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_SERVER_URL", ""),
        ("GITHUB_SERVER_URL", "javascript:alert(1)//"),
        ("GITHUB_SERVER_URL", "https://github.com/)[x](https://evil.example"),
        ("GITHUB_REPOSITORY", "example"),
        ("GITHUB_REPOSITORY", "example/site) [x](y"),
        ("GITHUB_SHA", "main"),
        ("GITHUB_SHA", "0123abc\n"),
    ],
)
def test_what_is_missing_or_odd_gives_no_links(name: str, value: str) -> None:
    assert blob_address({**GITHUB, name: value}) == ""


@pytest.mark.parametrize(("name", "value"), [("CI_PROJECT_URL", "gitlab.com/x"), ("CI_COMMIT_SHA", "v1")])
def test_nor_on_gitlab(name: str, value: str) -> None:
    assert blob_address({**GITLAB, name: value}) == ""
