from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.formats.pictures import Content
from umbmarket.umbraco.image_hosts import (
    AUTHOR_IMAGE_EXTENSIONS,
    IMAGE_EXTENSIONS,
    NOT_IMAGES,
    OTHER_IMAGES,
    SHOWN_IMAGES,
    Image,
    RepositoryFile,
    classify_image,
    repository_reference,
)
from umbmarket.web.addresses.repositories import GitHubRepository

REPOSITORY = GitHubRepository("o", "r")
COMMIT = "f5276adf2b9c52ca900692ca741c34e45cf9108d"


@pytest.mark.parametrize(
    ("url", "kind", "extension"),
    [
        ("https://example.com/a/logo.png", "file", "png"),
        ("https://example.com/a/logo.JPG?width=50", "file", "jpg"),
        ("https://example.com/a/logo%2ewebp", "file", "webp"),
        ("https://example.com/a.b/logo", "file", None),
        ("https://example.com/image.ashx?id=1", "file", "ashx"),
        ("https://example.com/v1.0", "file", None),
        ("https://example.com/.png", "file", None),
        ("https://example.com", "file", None),
        ("https://i.imgur.com/85mNhdL.png", "file", "png"),
        ("https://imgur.com/85mNhdL.png", "file", "png"),
        ("https://github.com/o/r/releases/download/v1/a.png", "file", "png"),
        ("https://github.com/o/r/releases/latest/download/a.png", "file", "png"),
        ("https://github.com/o/r/wiki/images/a.png", "file", "png"),
        ("https://raw.githubusercontent.com/wiki/o/r/images/a.png", "file", "png"),
        ("https://raw.githubusercontent.com/wiki/o/raw/blob/images/a.png", "file", "png"),
        ("https://github.com/identicons/octocat.png", "file", "png"),
        ("https://github.com/images/error/octocat_happy.gif", "file", "gif"),
        ("https://github.com/o/r/actions/workflows/ci.yml/badge.svg", "file", "svg"),
        ("https://raw.githubusercontent.com/o/r/main/docs/a.gif", "repository-file", "gif"),
        ("https://raw.githubusercontent.com/o/r/refs/heads/main/a", "repository-file", None),
        ("https://raw.github.com/o/r/main/a.png", "repository-file", "png"),
        ("https://github.com/o/r/raw/main/a.png", "repository-file", "png"),
        ("https://github.com/o/r/blob/main/a.png?raw=true", "repository-file", "png"),
        ("https://github.com/octocat.png", "github-avatar", "png"),
        ("https://avatars.githubusercontent.com/u/1379024?s=200&v=4", "github-avatar", None),
        ("https://user-images.githubusercontent.com/1/2-a.PNG", "user-image", "png"),
        ("https://gist.githubusercontent.com/o/1/raw/a.png", "file", "png"),
        ("https://gitlab.com/o/r/-/raw/main/a.png", "file", "png"),
        ("https://www.dropbox.com/s/x/a.png?raw=1", "file", "png"),
    ],
)
def test_an_image_with_nothing_against_it(url: str, kind: str, extension: str | None) -> None:
    image = classify_image(url)
    assert (image.kind, image.extension, image.image_url, image.reason) == (kind, extension, None, "")
    assert image.kind not in NOT_IMAGES


@pytest.mark.parametrize(
    ("url", "kind", "reason"),
    [
        (
            "https://github.com/user-attachments/assets/1-2",
            "user-attachment",
            "It is an issue attachment, which redirects to a new URL each time, which expires within minutes.",
        ),
        (
            "https://github.com/o/r/assets/1/2-3",
            "user-attachment",
            "It is an issue attachment, which redirects to a new URL each time, which expires within minutes.",
        ),
        (
            "https://private-user-images.githubusercontent.com/1/a.png?jwt=x",
            "private-attachment",
            "It is an issue attachment, and its URL expires within minutes.",
        ),
        (
            "https://camo.githubusercontent.com/abc/def",
            "camo",
            "It is GitHub's cached copy of an image from elsewhere, and its URL changes without notice.",
        ),
        (
            "https://imgur.com/7Zx0bOD",
            "imgur-page",
            "It links to imgur's page about the image; the image itself is on i.imgur.com.",
        ),
        (
            "https://imgur.com/a/7Zx0bOD.png",
            "imgur-page",
            "It links to imgur's page about the image; the image itself is on i.imgur.com.",
        ),
        ("https://github.com/o/r", "github-page", "It links to a page on GitHub."),
        ("https://github.com/o/r/wiki/Screenshots", "github-page", "It links to a page on GitHub."),
        ("https://github.com/o/r/releases/latest", "github-page", "It links to a page on GitHub."),
        ("https://github.com/o/r/releases/latest/download", "github-page", "It links to a page on GitHub."),
        ("https://github.com/octocat", "github-page", "It links to a page on GitHub."),
        ("https://github.com/o/r/tree/main/docs", "github-page", "It links to a page on GitHub."),
        (
            "https://gitlab.com/o/r/-/blob/main/a.png",
            "host-page",
            "It links to GitLab's page about the file; the file itself has /-/raw/ in its URL.",
        ),
        (
            "https://bitbucket.org/o/r/src/main/a.png",
            "host-page",
            "It links to Bitbucket's page about the file; the file itself has /raw/ in its URL.",
        ),
        (
            "https://drive.google.com/file/d/1/view",
            "host-page",
            "It links to Google Drive's page about the file.",
        ),
        (
            "https://www.dropbox.com/s/x/a.png?dl=0",
            "host-page",
            "It links to Dropbox's page about the file; the file itself has ?raw=1 in its URL.",
        ),
    ],
)
def test_what_gives_no_image(url: str, kind: str, reason: str) -> None:
    image = classify_image(url)
    assert (image.kind, image.image_url, image.reason) == (kind, None, reason)
    assert image.kind in NOT_IMAGES


def test_the_page_of_a_file_on_github_leads_to_the_file() -> None:
    file = RepositoryFile(REPOSITORY, "main", "docs/my pic.png", "main/docs/my pic.png")
    assert classify_image("https://github.com/o/r/blob/main/docs/my%20pic.png#x") == Image(
        "github-blob-page",
        "github.com",
        "png",
        file,
        "https://raw.githubusercontent.com/o/r/main/docs/my%20pic.png",
        "It links to GitHub's page about the file.",
    )
    raw_is_not_asked_for = classify_image("https://github.com/o/r/blob/main/docs/a.png?raw=false")
    assert raw_is_not_asked_for.kind == "github-blob-page"
    without_a_path = classify_image("https://github.com/o/r/blob/main")
    assert (without_a_path.kind, without_a_path.image_url) == ("github-blob-page", None)


@pytest.mark.parametrize("url", ["./images/a.png", "images/a.png", "/a.png", "a.png", r"images\a.png"])
def test_a_relative_path(url: str) -> None:
    assert classify_image(url) == Image(
        "relative-path", None, reason="It is a relative path; the Marketplace needs a full URL."
    )


@pytest.mark.parametrize(
    "url", ["", "logo", "www.example.com/a.png", "data:image/png;base64,AAAA", "ftp://a.com/b.png"]
)
def test_no_address(url: str) -> None:
    assert classify_image(url) == Image("not-an-address", None, reason="It is not a URL.")


@pytest.mark.parametrize(
    ("url", "ref", "path"),
    [
        ("https://raw.githubusercontent.com/o/r/main/a/b.png", "main", "a/b.png"),
        ("https://raw.githubusercontent.com/o/r/refs/heads/main/a/b.png", "main", "a/b.png"),
        ("https://raw.githubusercontent.com/o/r/refs/tags/v1/b.png", "v1", "b.png"),
        (f"https://raw.githubusercontent.com/o/r/{COMMIT}/b%20c.png?x#y", COMMIT, "b c.png"),
        ("https://raw.githubusercontent.com/o/r/HEAD/%C3%A4.png", "HEAD", "ä.png"),
        ("https://raw.github.com/o/r/main/b.png", "main", "b.png"),
        ("https://github.com/o/r/raw/main/b.png", "main", "b.png"),
        ("https://github.com/o/r/raw/refs/heads/main/b.png", "main", "b.png"),
        ("https://www.github.com/o/r/blob/main/b.png?raw=true", "main", "b.png"),
        ("https://github.com/o/r/blob/main/b.png", "main", "b.png"),
        ("https://raw.githubusercontent.com/o/r/main//a//b.png", "main", "a/b.png"),
    ],
)
def test_a_file_of_a_repository(url: str, ref: str, path: str) -> None:
    assert repository_reference(url) == RepositoryFile(REPOSITORY, ref, path, f"{ref}/{path}")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.com/o/r/main/a.png",
        "https://raw.githubusercontent.com",
        "https://raw.githubusercontent.com/o/r/main",
        "https://raw.githubusercontent.com/o/r/main/",
        "https://raw.githubusercontent.com/o/r/main/../secret.png",
        "https://raw.githubusercontent.com/o/r/main/%2e%2e/secret.png",
        "https://raw.githubusercontent.com/o/r/main/..%2fsecret.png",
        "https://raw.githubusercontent.com/o/r/main/..%5csecret.png",
        "https://raw.githubusercontent.com/o/r/main/C:/secret.png",
        "https://raw.githubusercontent.com/o/r/main/a%00.png",
        "https://raw.githubusercontent.com/o/r/main/%ff.png",
        "https://raw.githubusercontent.com/../r/main/a.png",
        "https://raw.githubusercontent.com:8080/o/r/main/a.png",
        "https://github.com/o/r/tree/main/a.png",
        "https://github.com/o/r",
        "https://github.com/o/r/raw",
        "https://github.com/octocat.png",
    ],
)
def test_no_file_of_a_repository(url: str) -> None:
    assert repository_reference(url) is None


def test_a_branch_with_slashes_is_told_by_its_name() -> None:
    file = repository_reference("https://raw.githubusercontent.com/o/r/refs/heads/v17/develop/docs/a.png")
    assert file is not None
    assert (file.ref, file.path) == ("v17", "develop/docs/a.png")
    assert file.split_at("v17/develop") == RepositoryFile(
        REPOSITORY, "v17/develop", "docs/a.png", "v17/develop/docs/a.png"
    )
    assert file.split_at("v17") == file
    assert file.split_at("main") is None
    assert file.split_at("v17/dev") is None
    assert file.split_at("v17/develop/docs/a.png") is None


def test_a_commit_pins_a_file() -> None:
    pinned = repository_reference(f"https://raw.githubusercontent.com/o/r/{COMMIT}/a.png")
    moving = repository_reference("https://raw.githubusercontent.com/o/r/main/a.png")
    assert pinned is not None
    assert moving is not None
    assert (pinned.is_pinned, moving.is_pinned) == (True, False)


def test_the_endings() -> None:
    assert {"png", "jpg", "jpeg", "gif", "webp"} == IMAGE_EXTENSIONS
    assert {"png", "jpg", "jpeg"} == AUTHOR_IMAGE_EXTENSIONS


@given(
    st.text()
    | st.text("/.%?=#\\ormain2e").map("https://github.com/o/r/".__add__)
    | st.text("/.%?=#\\ormain2e").map("https://raw.githubusercontent.com/o/r/".__add__)
)
def test_nothing_raises_and_no_path_leaves_its_repository(url: str) -> None:
    image = classify_image(url)
    assert (image.reason != "") == (image.kind in {*NOT_IMAGES, "relative-path", "not-an-address"})
    if image.file is not None:
        assert ".." not in image.file.path.split("/")
        assert "\\" not in image.file.path


def test_each_picture_that_is_recognised_is_known_to_show_or_not() -> None:
    pictures = {"PNG", "JPEG", "GIF", "WebP", "SVG", "AVIF", "HEIC", "BMP", "ICO", "TIFF"}
    assert pictures <= set(get_args(Content))
    assert pictures == SHOWN_IMAGES | OTHER_IMAGES
    assert SHOWN_IMAGES.isdisjoint(OTHER_IMAGES)


@pytest.mark.parametrize("detour", ["blob", "raw", "tree"])
@pytest.mark.parametrize("host", ["raw.githubusercontent.com", "raw.github.com"])
def test_the_host_of_files_has_no_pages(host: str, detour: str) -> None:
    image = classify_image(f"https://{host}/o/r/{detour}/main/docs/a%20b.png")
    assert (image.kind, image.extension) == ("github-raw-detour", "png")
    assert image.image_url == "https://raw.githubusercontent.com/o/r/main/docs/a%20b.png"
    assert image.file is not None
    assert (image.file.ref, image.file.path) == ("main", "docs/a b.png")
    assert image.kind in NOT_IMAGES


@pytest.mark.parametrize("path", ["blob/a.png", "main/blob/main/a.png", "blobs/main/a.png", "main/tree/a.png"])
def test_a_branch_or_folder_may_be_called_so(path: str) -> None:
    image = classify_image(f"https://raw.githubusercontent.com/o/r/{path}")
    assert (image.kind, image.reason) == ("repository-file", "")


@pytest.mark.parametrize(
    ("query", "own"),
    [
        ("?url=https%3A%2F%2Fexample.org%2Fa.png&width=300", "https://example.org/a.png"),
        ("?width=300", None),
        ("?url=a.png", None),
        ("", None),
    ],
)
def test_gitbook_copies(query: str, own: str | None) -> None:
    image = classify_image(f"https://docs.example.org/x/~gitbook/image{query}")
    assert (image.kind, image.image_url) == ("gitbook-proxy", own)
