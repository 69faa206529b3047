"""What becomes of a listing, and what lies beside a package."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.shared_corpus import CORPUS, listings, needs_corpus
from tests.umbraco.actions.built_packages import PROJECT_URL, repository
from tests.umbraco.finding import read
from umbmarket.umbraco.belonging import Belonging, Seeker, Seeking, readme_beside
from umbmarket.umbraco.discovery import tree_of
from umbmarket.umbraco.listing import LARGEST_LISTING, Listing
from umbmarket.umbraco.verdict import NO_LISTING, Verdict, verdict_on


def of(text: str | bytes) -> Verdict:
    return verdict_on(Listing("a.json", text.encode() if isinstance(text, str) else text))


def write(path: Path, text: str = "{}") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def around(folder: Path, url: str | None = PROJECT_URL) -> Belonging:
    here = tree_of(folder)
    seeker = Seeker("My.Package", url, str(folder), named=True, tagged=True)
    return Seeking(here.listings, here.repositories, here.tree).belonging_of(seeker)


def listing_of(found: Belonging) -> str | None:
    if found.listing is None:
        return None
    return os.path.join(found.listing.location, found.listing.document.file_name)


def test_the_suffixed_file_comes_before_the_plain_one(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree")
    bin_ = root / "src" / "bin"
    bin_.mkdir(parents=True)
    plain = write(root / "umbraco-marketplace.json")
    write(root / "umbraco-marketplace-readme.md")
    found = around(bin_)
    assert (listing_of(found), found.origin) == (plain, "repository")
    assert found.readme is not None
    assert found.readme.file_name == "umbraco-marketplace-readme.md"
    own = write(root / "umbraco-marketplace-my.package.json")
    write(root / "umbraco-marketplace-readme-my.package.md")
    found = around(bin_)
    assert listing_of(found) == own
    assert found.readme is not None
    assert found.readme.file_name == "umbraco-marketplace-readme-my.package.md"
    assert (found.placement.branch, found.placement.kind) == ("main", "github")


def test_letter_case_counts_where_the_project_url_leads(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree")
    write(root / "umbraco-marketplace-My.Package.json")
    write(root / "Umbraco-Marketplace.json")
    assert not around(root).at_placement


def test_a_branch_with_a_slash_is_told_from_a_folder(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree")
    write(root / ".git" / "refs" / "heads" / "v17" / "main", "abc\n")
    deep = write(root / "src" / "umbraco-marketplace.json")
    found = around(root, f"{PROJECT_URL}/tree/v17/main/src")
    assert (listing_of(found), found.origin) == (deep, "repository")


@pytest.mark.parametrize("url", ["https://example.com/", None, "https://github.com/joe/other"])
def test_a_project_url_elsewhere_leaves_what_is_meant(tmp_path: Path, url: str | None) -> None:
    root = repository(tmp_path / "tree")
    plain = write(root / "umbraco-marketplace.json")
    (root / "bin").mkdir()
    found = around(root / "bin", url)
    assert (listing_of(found), found.origin) == (plain, "meant")


def test_without_a_repository_what_lies_beside_is_left(tmp_path: Path) -> None:
    plain = write(tmp_path / "umbraco-marketplace.json")
    (tmp_path / "bin").mkdir()
    found = around(tmp_path)
    assert (listing_of(found), found.origin) == (plain, "beside")
    assert listing_of(around(tmp_path / "bin")) is None


def test_a_folder_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    found = around(tmp_path / "none")
    assert (found.listing, found.origin, found.readme) == (None, None, None)


def test_a_readme_lies_beside_its_listing(tmp_path: Path) -> None:
    write(tmp_path / "umbraco-marketplace.json")
    assert around(tmp_path).readme is None
    write(tmp_path / "umbraco-marketplace-readme.md")
    found = readme_beside(tree_of(tmp_path).tree, str(tmp_path), "My.Package")
    assert found is not None
    assert found.file_name == "umbraco-marketplace-readme.md"
    assert around(tmp_path).readme is not None


def test_reading_is_bounded(tmp_path: Path) -> None:
    write(tmp_path / "a.json", " " * (LARGEST_LISTING + 10))
    (found,) = read([tmp_path / "a.json"], root=tmp_path).listings
    assert found.document.unreadable is not None
    verdict = verdict_on(found.document)
    assert verdict.refusals[0].startswith("it cannot be read: it is ")
    assert not verdict.counts


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in the file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "umbraco-marketplace.json")
    assert tree_of(tmp_path).tree.listing_at(str(tmp_path / "umbraco-marketplace.json")).document.unreadable == (
        "it is a named pipe, not a file"
    )


@pytest.mark.parametrize(
    ("text", "refusals"),
    [
        ("{}", ()),
        ('{"Title": "T",}', ()),
        ('{"Title": "T"} // https://marketplace.umbraco.com/', ()),
        ("", ("it is not valid JSON, first at line 1, column 1",)),
        ("null", ("it is not a JSON object",)),
        ('{"Tags": ["a"\n"b"]}', ("it is not valid JSON, first at line 1, column 14",)),
        ('{"PackageType": ""}', ("it does not match the published schema at /PackageType",)),
        ('{"VideoUrl": ""}', ()),
        ('{"BugsUrl": ""}', ("it does not match the published schema at /BugsUrl",)),
        ('{"VideoUrl": "x"}', ("it does not match the published schema at /VideoUrl",)),
        ('{"AuthorDetails": {"Url": ""}}', ()),
        ('{"Screenshots": [{"ImageUrl": ""}]}', ("it does not match the published schema at /Screenshots/0/ImageUrl",)),
        ('// mine\n{"Title": "T"}', ("it has a comment before its first brace, at line 1, column 1",)),
        ('{"Title": "T"} // mine', ()),
        (
            '{"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 13.0, "PackageId": "a"}]}',
            ("its number at /VersionSpecificPackageIds/0/UmbracoMajorVersion is not an integer for .NET",),
        ),
        ('{"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 13, "PackageId": "a"}]}', ()),
        (b'{"Title": "\xff"}', ("it is not UTF-8 but Windows-1252",)),
    ],
)
def test_what_the_marketplace_ignores(text: str | bytes, refusals: tuple[str, ...]) -> None:
    found = of(text)
    assert found.refusals == refusals
    assert found.counts is not bool(refusals)


def test_no_listing_says_nothing() -> None:
    assert (NO_LISTING.read, NO_LISTING.value, NO_LISTING.mode, NO_LISTING.wanted_mode) == (False, {}, "Default", None)


@needs_corpus
def test_real_listings_are_refused_where_an_independent_validator_refuses_them() -> None:
    for entry in listings():
        path = CORPUS / entry["file"]
        document = Listing(path.name, path.read_bytes())
        found = verdict_on(document)
        if entry["verdict"] == "schema-valid":
            assert found.counts, entry["file"]
        elif entry["verdict"] == "schema-invalid":
            assert found.refusals or found.empty_urls, entry["file"]
        elif entry["verdict"] == "not-utf8":
            assert found.refusals[0].startswith("it is not UTF-8"), entry["file"]
        elif found.counts:
            # Comments and trailing commas alone are overlooked.
            assert {problem.kind for problem in document.tree.problems} <= {"comment", "trailing-comma"}
