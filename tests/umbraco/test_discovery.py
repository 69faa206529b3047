from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.umbraco.finding import find
from umbmarket.disk.letter_case import names_on_disk
from umbmarket.umbraco.discovery import classify
from umbmarket.umbraco.listing import LARGEST_LISTING, Listing

Git = Callable[..., str]
NAME = "umbraco-marketplace.json"
NO_FILE = "there is no such file or folder"


def fill(top: Path, *paths: str, text: str = "{}") -> None:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")


def listings(root: Path, *paths: str | Path) -> list[Listing]:
    return [facts.document for facts in find([Path(path) for path in paths], root=root).listings]


def shown(root: Path, *paths: str | Path) -> list[str]:
    return [listing.path for listing in listings(root, *paths)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_file_is_read(here: Path) -> None:
    fill(here, "src/" + NAME, text='{"Category": "Search"}')
    (listing,) = listings(here, "src/" + NAME)
    assert (listing.path, listing.file_name, listing.unreadable) == ("src/" + NAME, NAME, None)
    assert listing.value == {"Category": "Search"}


@pytest.mark.parametrize(
    "name", ["anything.txt", "noextension", "UMBRACO-MARKETPLACE.JSON", "umbraco_marketplace.json"]
)
def test_a_named_file_is_a_listing_whatever_it_is_called(here: Path, name: str) -> None:
    fill(here, name)
    workspace = find([Path(name)], root=here)
    assert [facts.document.path for facts in workspace.listings] == [name]
    assert workspace.listings[0].document.unreadable is None
    assert workspace.misnamed == ()


def test_a_named_file_is_read_although_git_ignores_it(repository: Path) -> None:
    fill(repository, "dist/" + NAME)
    fill(repository, ".gitignore", text="dist/\n*.json\n")
    assert shown(repository, repository / "dist" / NAME) == ["dist/" + NAME]
    assert shown(repository, repository) == []


def test_a_folder_is_searched(here: Path) -> None:
    fill(here, NAME, "b/" + NAME, "a/umbraco-marketplace-x.json", "a/Umbraco-Marketplace.json", "a/other.json")
    assert shown(here, ".") == ["a/Umbraco-Marketplace.json", "a/umbraco-marketplace-x.json", "b/" + NAME, NAME]


def test_names_that_are_nearly_right_are_told_apart(here: Path) -> None:
    fill(here, NAME, "a/umbraco_marketplace.json", "c/umbraco-marketplate.json")
    fill(here, "d/umbraco-marketplace.jsonc", "d/umbraco-marketplce.json", text='["Title"]')
    fill(here, "e/umbraco-marketplce.json", text='{"title": "x"}')
    fill(here, "b/umbraco-marketplate-x.json", text='{"Title": "x",}')
    workspace = find([Path("b"), Path(".")], root=here)
    assert [facts.document.path for facts in workspace.listings] == [NAME]
    assert workspace.misnamed == ("b/umbraco-marketplate-x.json", "a/umbraco_marketplace.json")
    workspace = find([Path("."), Path("a/umbraco_marketplace.json")], root=here)
    assert [facts.document.path for facts in workspace.listings] == [NAME, "a/umbraco_marketplace.json"]


def test_the_order_is_that_of_the_arguments(here: Path) -> None:
    fill(here, "a/" + NAME, "b/" + NAME, "c.json")
    assert shown(here, "c.json", "b", "a") == ["c.json", "b/" + NAME, "a/" + NAME]


def test_each_file_counts_once(here: Path) -> None:
    fill(here, "a/" + NAME, "b/" + NAME)
    spellings = ["a/" + NAME, "./a/" + NAME, "b/../a/" + NAME, here / "a" / NAME, "a", ".", "a/../b", "../here/b"]
    assert shown(here, *spellings) == ["a/" + NAME, "b/" + NAME]


@pytest.mark.usefixtures("symlinks")
def test_a_file_that_is_reached_through_links_counts_once(here: Path) -> None:
    fill(here, "a/" + NAME)
    (here / "umbraco-marketplace-x.json").symlink_to("a/" + NAME)
    (here / "way").symlink_to("a", target_is_directory=True)
    assert shown(here, ".") == ["a/" + NAME]
    assert shown(here, "umbraco-marketplace-x.json", "way", "a") == ["umbraco-marketplace-x.json"]
    assert shown(here, "way") == ["way/" + NAME]


def test_a_hard_link_is_another_file(here: Path) -> None:
    fill(here, NAME)
    try:
        os.link(here / NAME, here / "umbraco-marketplace-x.json")
    except OSError:
        pytest.skip("this disk has no hard links")
    assert shown(here, ".") == ["umbraco-marketplace-x.json", NAME]


@pytest.mark.usefixtures("symlinks")
def test_what_stands_before_two_dots_may_be_a_link(here: Path) -> None:
    fill(here.parent, "elsewhere/deep/x", "elsewhere/a.json")
    fill(here, "deep/x", "a.json")
    (here / "way").symlink_to(here.parent / "elsewhere" / "deep", target_is_directory=True)
    assert shown(here, "way/../a.json", "way/..") == [(here.parent / "elsewhere" / "a.json").as_posix()]
    assert shown(here, "deep/../a.json") == ["a.json"]


def test_paths_outside_the_root_are_absolute(here: Path) -> None:
    fill(here, "inner/a.json")
    fill(here.parent, "b.json", "here2/c.json")
    outside = [(here.parent / name).as_posix() for name in ("b.json", "here2/c.json")]
    assert shown(here, "inner/a.json", "../b.json", here.parent / "here2" / "c.json") == ["inner/a.json", *outside]
    assert shown(here / "inner", "inner/a.json") == ["a.json"]


@pytest.mark.usefixtures("symlinks")
def test_a_root_that_is_reached_through_a_link(here: Path) -> None:
    fill(here, "src/a.json")
    (here.parent / "way").symlink_to("here", target_is_directory=True)
    assert shown(here, here.parent / "way" / "src" / "a.json") == ["src/a.json"]
    assert shown(here.parent / "way", here / "src" / "a.json") == ["src/a.json"]


@pytest.mark.parametrize("path", ["missing.json", "missing/a.json", "a.json/b.json"])
def test_nothing_there(here: Path, path: str) -> None:
    fill(here, "a.json")
    (listing,) = listings(here, path, path, "./" + path)
    assert (listing.path, listing.unreadable, listing.parsed) == (path, NO_FILE, "no")


@pytest.mark.parametrize("path", ["a\0b.json", "folder/\0"])
def test_a_name_that_no_file_can_have(here: Path, path: str) -> None:
    (listing,) = listings(here, path)
    assert listing.unreadable == "no file can have such a name"


@pytest.mark.skipif(os.name == "nt", reason="Windows takes such names")
def test_a_name_with_half_a_character(here: Path) -> None:
    (listing,) = listings(here, "\ud800.json")
    assert (listing.path, listing.unreadable) == ("\ud800.json", "no file can have such a name")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_devices(here: Path) -> None:
    os.mkfifo(here / NAME)
    pipe, device = listings(here, ".", "/dev/null")
    assert (pipe.path, pipe.unreadable) == (NAME, "it is a named pipe, not a file")
    assert (device.path, device.unreadable) == ("/dev/null", "it is a device, not a file")


@pytest.mark.usefixtures("symlinks")
def test_a_link_to_nothing(here: Path) -> None:
    (here / NAME).symlink_to("nothing")
    (listing,) = listings(here, ".")
    assert (listing.path, listing.unreadable) == (NAME, "it is a link to something that does not exist")


@pytest.mark.usefixtures("not_root")
def test_permissions(here: Path) -> None:
    fill(here, "a.json", "closed/" + NAME)
    (here / "a.json").chmod(0)
    (here / "closed").chmod(0)
    try:
        found = [(each.path, each.unreadable) for each in listings(here, "a.json", "closed", "closed/" + NAME, ".")]
    finally:
        (here / "closed").chmod(0o700)
    assert found == [
        ("a.json", "permission denied"),
        ("closed", "permission denied; nothing in this folder was looked at"),
        ("closed/" + NAME, "permission denied"),
    ]


@pytest.mark.usefixtures("not_root")
def test_the_root_itself_may_be_closed(here: Path) -> None:
    here.chmod(0o100)
    try:
        (listing,) = listings(here, ".")
    finally:
        here.chmod(0o700)
    assert (listing.path, listing.unreadable) == (".", "permission denied; nothing in this folder was looked at")


@pytest.mark.parametrize(
    ("size", "problem"),
    [
        (LARGEST_LISTING, None),
        (LARGEST_LISTING + 1, "it is 1,048,577 bytes long, more than the limit of 1,048,576"),
        (3_000_000_000, "it is 3,000,000,000 bytes long, more than the limit of 1,048,576"),
    ],
)
def test_large_files(here: Path, size: int, problem: str | None) -> None:
    with (here / NAME).open("wb") as file:
        file.write(b"{}")
        file.seek(size - 1)
        file.write(b" ")
    (listing,) = listings(here, NAME)
    assert listing.unreadable == problem
    assert len(listing.source.data) == (0 if problem else size)


@pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="there is no /proc")
def test_a_file_whose_size_nobody_knows(here: Path) -> None:
    (listing,) = listings(here, "/proc/self/status")
    assert listing.unreadable is None
    assert listing.source.data.startswith(b"Name:")


@pytest.mark.parametrize("name", ["My.Package.1.0.0.nupkg", "A.NUPKG", "a.snupkg"])
def test_packages_are_told_apart(here: Path, name: str) -> None:
    fill(here, name)
    assert classify(name) == "package"
    workspace = find([Path(name)], root=here)
    assert workspace.listings == ()
    assert [(facts.document.path, facts.named) for facts in workspace.packages] == [(name, True)]


@pytest.mark.parametrize("name", [NAME, "nupkg", "a.nupkg.json", "folder.nupkg/a.json"])
def test_everything_else_is_taken_for_a_listing(name: str) -> None:
    assert classify(name) == "listing"


def test_a_folder_called_like_a_package_is_a_folder(here: Path) -> None:
    fill(here, "a.nupkg/" + NAME)
    assert shown(here, "a.nupkg") == ["a.nupkg/" + NAME]


def test_what_is_handed_in(here: Path) -> None:
    fill(here, "a.json")
    workspace = find([Path("a.json")], root=here, given=("<stdin>", b'{"Category": "x"}'))
    first, second = (facts.document for facts in workspace.listings)
    assert (first.path, second.path, second.value) == ("a.json", "<stdin>", {"Category": "x"})
    assert workspace.listings[1].repository is None


@pytest.mark.parametrize("name", ["src/a.json", "./src/a.json", "src/../src/a.json", "{here}/src/a.json"])
def test_what_is_handed_in_stands_for_the_file(here: Path, name: str) -> None:
    fill(here, "src/a.json", "src/b.json")
    given = (name.format(here=here), b"[]")
    workspace = find([Path("src/a.json"), Path("src/b.json")], root=here, given=given)
    assert [facts.document.path for facts in workspace.listings] == ["src/b.json", "src/a.json"]
    assert workspace.listings[1].document.source.data == b"[]"


def test_what_is_handed_in_belongs_to_the_repository_of_its_folder(repository: Path) -> None:
    (repository / "src").mkdir()
    (facts,) = find([], root=repository, given=("src/" + NAME, b"{}")).listings
    assert facts.repository is not None
    assert (facts.repository.branch, facts.folder) == ("main", "src")


@pytest.mark.parametrize("name", ["", "\0", "..", "/", "\ud800", "no/such/folder/x.json", "a\nb"])
def test_any_name_will_do(here: Path, name: str) -> None:
    (facts,) = find([], root=here, given=(name, b"{}")).listings
    assert facts.document.unreadable is None


def test_too_much_is_handed_in(here: Path) -> None:
    (facts,) = find([], root=here, given=(NAME, b" " * (LARGEST_LISTING + 1))).listings
    assert facts.document.unreadable == "it is longer than the limit of 1,048,576 bytes"


def test_the_surroundings_of_a_listing(repository: Path, tmp_path: Path, git: Git) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/owner/name")
    fill(repository, NAME, "src/Pkg/" + NAME)
    fill(tmp_path, "outside.json")
    paths = [repository / NAME, repository / "src" / "Pkg" / NAME, tmp_path / "outside.json"]
    top, deep, outside = find(paths, root=tmp_path).listings
    assert top.repository is not None
    assert top.repository is deep.repository
    assert (top.repository.owner, top.repository.name) == ("owner", "name")
    assert (top.folder, deep.folder) == ("", "src/Pkg")
    assert deep.repository is not None
    assert deep.repository.look_up("src/Pkg/" + NAME).exact
    assert (outside.repository, outside.folder) == (None, None)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        (NAME, None, None),
        (NAME, "My.Package", "My.Package"),
        ("umbraco-marketplace-my.package.json", None, "my.package"),
        ("umbraco-marketplace-my.package.json", "My.Package", "My.Package"),
        ("umbraco-marketplace-my.package.json", "Other", "my.package"),
    ],
)
def test_the_package_of_a_listing(here: Path, name: str, known: str | None, expected: str | None) -> None:
    fill(here, name)
    (facts,) = find([Path(name)], root=here, package_id=known).listings
    assert facts.package_id == expected


def test_nothing_is_named(here: Path) -> None:
    assert find([], root=here).listings == ()


def test_the_name_is_spelled_as_on_disk(here: Path) -> None:
    fill(here, NAME)
    if not (here / NAME.upper()).exists():
        pytest.skip("this disk tells upper and lower case apart")
    assert shown(here, NAME.upper(), NAME) == [NAME]


def test_names_that_differ_in_case_alone_are_files_of_their_own(here: Path) -> None:
    fill(here, NAME, text="{}")
    if (here / NAME.upper()).exists():
        pytest.skip("this disk does not tell upper and lower case apart")
    fill(here, NAME.upper(), text="[]")
    assert [(each.path, each.value == {}) for each in listings(here, NAME, NAME.upper())] == [
        (NAME, True),
        (NAME.upper(), True),
    ]
    assert shown(here, NAME) == [NAME]


def test_names_by_their_spelling_on_disk() -> None:
    assert names_on_disk(["A.json", "b.JSON"]) == {"a.json": "A.json", "b.json": "b.JSON"}
    assert names_on_disk(["A.json", "a.json"]) is None


def test_one_file_pays_for_nothing_else(here: Path) -> None:
    fill(here, NAME)
    code = (
        f"import sys, umbmarket; umbmarket.validate([{NAME!r}]);"
        "late = {'httpx', 'lxml', 'zipfile', 'zlib', 'umbmarket.nuget.package.nupkg',"
        "'umbmarket.umbraco.belonging', 'difflib', 'pathspec', 'subprocess', 'umbmarket.git.config',"
        "'umbmarket.check.search', 'umbmarket.git.working_tree'};"
        "print(sorted(late & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.text(max_size=10), st.sampled_from(["a.json", ".", "..", "a.json/..", "x/../a.json"])), max_size=4
    ),
    st.one_of(st.none(), st.tuples(st.text(max_size=10), st.binary(max_size=10))),
)
def test_nothing_is_raised(here: Path, paths: list[str], given: tuple[str, bytes] | None) -> None:
    fill(here, "a.json")
    # `..` would search the folders of the other tests.
    named = [Path(path) for path in paths if not path.endswith("..") and not path.startswith("/")]
    workspace = find(named, root=here, given=given)
    for facts in workspace.listings:
        assert facts.document.path
        assert facts.document.parsed in ("strict", "tolerant", "no")


def test_a_pattern_that_no_shell_expanded_names_its_files(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"umbraco-marketplace-{name}.json").write_bytes(b"{}")
    found = find([tmp_path / "umbraco-marketplace-*.json"], root=tmp_path)
    assert [facts.document.path for facts in found.listings] == [
        "umbraco-marketplace-a.json",
        "umbraco-marketplace-b.json",
    ]
    nothing = find([tmp_path / "no-*.json"], root=tmp_path)
    assert [facts.document.unreadable for facts in nothing.listings] == ["there is no such file or folder"]


def test_a_nuspec_in_an_encoding_that_nobody_has_does_not_end_the_run(
    tmp_path: Path, nupkg: Callable[..., bytes]
) -> None:
    nuspec = b'<?xml version="1.0" encoding="iso-8859-12"?><package><metadata>Caf' + b"\xe9</metadata></package>"
    (tmp_path / "a.nupkg").write_bytes(nupkg(nuspec=nuspec))
    (tmp_path / "b.nupkg").write_bytes(nupkg())
    found = find([tmp_path / "a.nupkg", tmp_path / "b.nupkg"], root=tmp_path)
    assert [facts.document.id for facts in found.packages] == [None, "My.Package"]
