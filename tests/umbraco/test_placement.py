from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.umbraco.placement import Address, Placement, listing_names, place, readme_names
from umbmarket.web.addresses.repositories import GitHubRepository

RAW = "https://raw.githubusercontent.com/Owner/Repo"
REPOSITORY = GitHubRepository("Owner", "Repo")


def test_the_names_in_order() -> None:
    assert listing_names("My.Package") == ("umbraco-marketplace-my.package.json", "umbraco-marketplace.json")
    assert readme_names("My.Package") == (
        "umbraco-marketplace-readme-my.package.md",
        "umbraco-marketplace-readme.md",
    )
    assert listing_names(None) == ("umbraco-marketplace.json",)
    assert readme_names("") == ("umbraco-marketplace-readme.md",)


def test_a_repository_of_which_nothing_else_is_known() -> None:
    assert place("https://github.com/Owner/Repo", "My.Package") == Placement(
        (
            Address(
                f"{RAW}/HEAD/umbraco-marketplace-my.package.json",
                "umbraco-marketplace-my.package.json",
                "umbraco-marketplace-my.package.json",
            ),
            Address(f"{RAW}/HEAD/umbraco-marketplace.json", "umbraco-marketplace.json", "umbraco-marketplace.json"),
        ),
        (
            Address(
                f"{RAW}/HEAD/umbraco-marketplace-readme-my.package.md",
                "umbraco-marketplace-readme-my.package.md",
                "umbraco-marketplace-readme-my.package.md",
            ),
            Address(
                f"{RAW}/HEAD/umbraco-marketplace-readme.md",
                "umbraco-marketplace-readme.md",
                "umbraco-marketplace-readme.md",
            ),
        ),
        "github",
        REPOSITORY,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Owner/Repo",
        "https://github.com/Owner/Repo/",
        "https://github.com/Owner/Repo.git",
        "https://www.github.com/Owner/Repo",
        "http://github.com/Owner/Repo#readme",
        " https://GITHUB.com/Owner/Repo ",
    ],
)
def test_the_spellings_of_a_repository_mean_the_same(url: str) -> None:
    assert place(url, "P", default_branch="main") == place("https://github.com/Owner/Repo", "P", default_branch="main")


@pytest.mark.parametrize(
    ("rest", "options", "branch", "directory", "url"),
    [
        ("", {"default_branch": "v13/main"}, "v13/main", "", f"{RAW}/v13/main/umbraco-marketplace.json"),
        ("/tree/main", {}, "main", "", f"{RAW}/main/umbraco-marketplace.json"),
        ("/tree/dev", {"default_branch": "main"}, "dev", "", f"{RAW}/dev/umbraco-marketplace.json"),
        (
            "/tree/main/src/My.Pkg/",
            {},
            "main",
            "src/My.Pkg",
            f"{RAW}/main/src/My.Pkg/umbraco-marketplace.json",
        ),
        ("/blob/main/src", {}, "main", "src", f"{RAW}/main/src/umbraco-marketplace.json"),
        ("/tree/v13/main/src", {}, "v13", "main/src", f"{RAW}/v13/main/src/umbraco-marketplace.json"),
        (
            "/tree/v13/main/src",
            {"branches": ("v13/main",)},
            "v13/main",
            "src",
            f"{RAW}/v13/main/src/umbraco-marketplace.json",
        ),
        (
            "/tree/v13/main/src",
            {"default_branch": "v13/main"},
            "v13/main",
            "src",
            f"{RAW}/v13/main/src/umbraco-marketplace.json",
        ),
        ("/tree/main/My%20Docs", {}, "main", "My Docs", f"{RAW}/main/My%20Docs/umbraco-marketplace.json"),
        ("/tree", {}, None, "", f"{RAW}/HEAD/umbraco-marketplace.json"),
    ],
)
def test_a_branch_and_a_folder(
    rest: str, options: dict[str, object], branch: str | None, directory: str, url: str
) -> None:
    found = place("https://github.com/Owner/Repo" + rest, **options)
    assert (found.kind, found.repository, found.branch, found.directory) == (
        "github",
        REPOSITORY,
        branch,
        directory,
    )
    prefix = f"{directory}/" if directory else ""
    assert found.listing == (Address(url, "umbraco-marketplace.json", f"{prefix}umbraco-marketplace.json"),)
    assert found.reason == ""


def test_another_page_of_a_repository_counts_for_its_root() -> None:
    found = place("https://github.com/Owner/Repo/wiki")
    assert (found.kind, found.directory) == ("github", "")
    assert found.reason == (
        "The project URL is the repository's /wiki page; the Marketplace probably looks in the root of the repository."
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mypackage.com", "https://mypackage.com/umbraco-marketplace-p.json"),
        ("https://mycompany.com/mypackage", "https://mycompany.com/mypackage/umbraco-marketplace-p.json"),
        (
            "https://mycompany.com/mypackage/?a#b",
            "https://mycompany.com/mypackage/umbraco-marketplace-p.json",
        ),
        ("http://MyCompany.com:8080/My", "http://mycompany.com:8080/My/umbraco-marketplace-p.json"),
        ("https://owner.github.io/repo/", "https://owner.github.io/repo/umbraco-marketplace-p.json"),
    ],
)
def test_a_website_is_asked_literally(url: str, expected: str) -> None:
    found = place(url, "P")
    assert (found.kind, found.repository, found.branch, found.reason) == ("website", None, None, "")
    assert found.listing[0] == Address(expected, "umbraco-marketplace-p.json", None)


def test_a_name_is_encoded_in_an_address() -> None:
    assert place("https://a.com", "Ä B/..").listing[0].url == "https://a.com/umbraco-marketplace-%C3%A4%20b/...json"


def test_the_host_of_github_files() -> None:
    found = place(f"{RAW}/v13/main/src", branches=("v13/main",))
    assert (found.kind, found.repository, found.branch, found.directory) == (
        "website",
        REPOSITORY,
        "v13/main",
        "src",
    )
    assert found.listing == (
        Address(
            f"{RAW}/v13/main/src/umbraco-marketplace.json",
            "umbraco-marketplace.json",
            "src/umbraco-marketplace.json",
        ),
    )
    assert found.reason == ("The project URL is on GitHub's host for raw files, which shows no page to visitors.")
    assert place("https://raw.githubusercontent.com/Owner").repository is None


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://gitlab.com/o/r", "GitLab"),
        ("https://gitlab.example.com/o/r", "GitLab"),
        ("https://dev.azure.com/o/p/_git/r", "Azure DevOps"),
        ("https://o.visualstudio.com/p", "Azure DevOps"),
        ("https://www.nuget.org/packages/P", "nuget.org"),
        ("https://bitbucket.org/o/r", "Bitbucket"),
        ("http://project.codeplex.com", "CodePlex"),
        ("https://github.com/Owner", "GitHub"),
        ("https://gist.github.com/o/1", "GitHub Gist"),
    ],
)
def test_a_site_that_cannot_serve(url: str, site: str) -> None:
    found = place(url, "P")
    assert found.kind == "cannot-serve"
    assert found.reason == f"{site} does not serve files below this URL, where the Marketplace looks for the listing."
    assert found.listing[0].url == f"{url}/umbraco-marketplace-p.json"


@pytest.mark.parametrize(
    "url",
    [
        "https://notgitlab.com/x",
        "https://o.gitlab.io/r",
        "https://azure.com/x",
        "https://bitbucket.org.example/",
    ],
)
def test_a_site_that_only_resembles_one_is_a_website(url: str) -> None:
    assert place(url).kind == "website"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (None, "The package has no project URL."),
        ("  ", "The package has no project URL."),
        ("git@github.com:o/r.git", "The project URL is not a URL that begins with https:// or http://."),
        ("ftp://a.com", "The project URL is not a URL that begins with https:// or http://."),
        ("mypackage.com", "The project URL is not a URL that begins with https:// or http://."),
    ],
)
def test_nowhere_to_look(url: str | None, reason: str) -> None:
    assert place(url, "P") == Placement((), (), "none", reason=reason)


@pytest.mark.parametrize("folder", ["..", "a/../..", "%2e%2e/x", "..%2f..", "a%5c..", "C:/x", "a%00"])
def test_a_folder_outside_its_repository_is_not_followed(folder: str) -> None:
    found = place(f"https://github.com/Owner/Repo/tree/main/{folder}", "P")
    assert (found.kind, found.listing, found.readme) == ("none", (), ())
    assert found.reason == "The path of the project URL leaves the repository."


@given(
    st.text() | st.text("/.%?#:\\treblob2e").map("https://github.com/o/r/tree/".__add__),
    st.none() | st.text(max_size=20),
)
def test_nothing_raises_and_addresses_come_in_pairs(url: str, package_id: str | None) -> None:
    found = place(url, package_id, default_branch="main")
    assert len(found.listing) == len(found.readme)
    assert len(found.listing) == (0 if found.kind == "none" else 2 if package_id else 1)
    for address in (*found.listing, *found.readme):
        assert address.url.startswith(("https://", "http://"))


@pytest.mark.parametrize(
    ("url", "is_file"),
    [
        ("https://github.com/o/r/blob/main/README.md", True),
        ("https://github.com/o/r/tree/main/docs/Readme.MD/", True),
        ("https://github.com/o/r/blob/main/src/My.Package", False),
        ("https://github.com/o/r", False),
        ("https://github.com/o/r.md", False),
        ("https://example.com/a/index.html", True),
        ("https://example.com/a/index.html?x=1", True),
        ("https://example.com/", False),
        ("https://example.md", False),
        ("https://example.com/my.package", False),
        ("", False),
    ],
)
def test_a_file_has_nothing_below_it(url: str, is_file: bool) -> None:
    assert place(url, "My.Package").names_file is is_file
