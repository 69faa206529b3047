from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.shared_corpus import CORPUS, listings, needs_corpus
from tests.umbraco.actions.built_packages import PROJECT_URL, repository
from umbmarket.umbraco.listing import LARGEST_LISTING, Listing
from umbmarket.umbraco.package_listing import (
    PackageListing,
    Surroundings,
    judged,
    read_listing,
    readme_beside,
    surroundings_of,
)


def of(text: str | bytes) -> PackageListing:
    return judged(Listing("a.json", text.encode() if isinstance(text, str) else text), "named", None)


def write(path: Path, text: str = "{}") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def around(folder: Path, url: str | None = PROJECT_URL) -> Surroundings:
    return surroundings_of(str(folder), "My.Package", url)


def test_the_suffixed_file_comes_before_the_plain_one(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree")
    bin_ = root / "src" / "bin"
    bin_.mkdir(parents=True)
    plain = write(root / "umbraco-marketplace.json")
    readme = write(root / "umbraco-marketplace-readme.md")
    found = around(bin_)
    assert (found.listing, found.origin, found.readme) == (plain, "repository", readme)
    own = write(root / "umbraco-marketplace-my.package.json")
    own_readme = write(root / "umbraco-marketplace-readme-my.package.md")
    found = around(bin_)
    assert (found.listing, found.readme) == (own, own_readme)
    assert (found.placement.branch, found.placement.kind) == ("main", "github")


def test_letter_case_counts(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree")
    write(root / "umbraco-marketplace-My.Package.json")
    write(root / "Umbraco-Marketplace.json")
    assert around(root).listing is None


def test_a_branch_with_a_slash_is_told_from_a_folder(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree")
    (root / ".git" / "HEAD").write_text("ref: refs/heads/v17/main\n")
    deep = write(root / "src" / "umbraco-marketplace.json")
    assert around(root, f"{PROJECT_URL}/tree/v17/main/src").listing == deep


def test_a_project_url_elsewhere_leaves_only_what_lies_beside(tmp_path: Path) -> None:
    root = repository(tmp_path / "tree")
    write(root / "umbraco-marketplace.json")
    (root / "bin").mkdir()
    for url in ("https://example.com/", None, "https://github.com/joe/other"):
        assert around(root / "bin", url).listing is None
        found = around(root, url)
        assert (found.listing, found.origin) == (str(root / "umbraco-marketplace.json"), "beside")


def test_a_folder_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    found = around(tmp_path / "none")
    assert (found.listing, found.origin, found.readme) == (None, None, None)


def test_a_readme_lies_beside_its_listing(tmp_path: Path) -> None:
    path = write(tmp_path / "umbraco-marketplace.json")
    assert readme_beside(path, "My.Package") is None
    readme = write(tmp_path / "umbraco-marketplace-readme.md")
    assert readme_beside(path, "My.Package") == readme


def test_reading_is_bounded(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", " " * (LARGEST_LISTING + 10))
    document = read_listing(path, "a.json")
    assert document.unreadable is not None
    found = judged(document, "named", None)
    assert found.refusals[0].startswith("it cannot be read: it is ")
    assert not found.counts


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in the file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    document = read_listing(str(tmp_path / "a.json"), "a.json")
    assert document.unreadable == "it is a named pipe, not a file"


@pytest.mark.parametrize(
    ("text", "refusals"),
    [
        ("{}", ()),
        ('{"Title": "T",}', ()),
        ('{"Title": "T"} // https://marketplace.umbraco.com/', ()),
        ("", ("it is not valid JSON, first at line 1, column 1",)),
        ("null", ("it is not a JSON object",)),
        ('{"Tags": ["a"\n"b"]}', ("it is not valid JSON, first at line 1, column 14",)),
        ('{"PackageType": ""}', ("it breaks the published schema at /PackageType",)),
        ('{"VideoUrl": ""}', ()),
        ('{"BugsUrl": ""}', ("it breaks the published schema at /BugsUrl",)),
        ('{"VideoUrl": "x"}', ("it breaks the published schema at /VideoUrl",)),
        ('{"AuthorDetails": {"Url": ""}}', ()),
        ('{"Screenshots": [{"ImageUrl": ""}]}', ("it breaks the published schema at /Screenshots/0/ImageUrl",)),
        (b'{"Title": "\xff"}', ("it is not UTF-8 but Windows-1252",)),
    ],
)
def test_what_the_marketplace_ignores(text: str | bytes, refusals: tuple[str, ...]) -> None:
    found = of(text)
    assert found.refusals == refusals
    assert found.counts is not bool(refusals)


def test_no_listing_says_nothing() -> None:
    assert (PackageListing().counts, PackageListing().value) == (False, {})


@needs_corpus
def test_real_listings_are_refused_where_an_independent_validator_refuses_them() -> None:
    for entry in listings():
        path = CORPUS / entry["file"]
        found = judged(read_listing(str(path), path.name), "named", None)
        if entry["verdict"] == "schema-valid":
            assert found.counts, entry["file"]
        elif entry["verdict"] == "schema-invalid":
            assert found.refusals or found.empty_urls, entry["file"]
        elif entry["verdict"] == "not-utf8":
            assert found.refusals[0].startswith("it is not UTF-8"), entry["file"]
        elif found.counts:
            # Comments and trailing commas alone are overlooked.
            assert found.document is not None
            assert {problem.kind for problem in found.document.tree.problems} <= {"comment", "trailing-comma"}
