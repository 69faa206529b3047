from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.check.marketplace import CLOSED
from umbmarket.check.search import Found, search
from umbmarket.git.repository import Repositories
from umbmarket.umbraco.marketplace import UMBRACO

Git = Callable[..., str]
NAME = "umbraco-marketplace.json"


def fill(top: Path, *paths: str, text: str = "{}") -> None:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")


def find(folder: Path, kind: str = "listing") -> list[str]:
    """What a search finds of one kind, relative to the folder."""
    found = search(str(folder), Repositories(), [UMBRACO])
    return [os.path.relpath(each.path, folder).replace(os.sep, "/") for each in found if each.kind == kind]


def test_names(tmp_path: Path) -> None:
    listings = [
        "Umbraco-Marketplace.json",
        "a/UMBRACO-MARKETPLACE-My.Package.JSON",
        "a/umbraco-marketplace-my.package.json",
        "a/umbraco-marketplace-schema.json",
        "a/umbraco-marketplace-schema.org.json",
        "a/umbraco-marketplace.schema.json",
        "b/umbraco-marketplace.json",
        "b/umbraco-marketplaces.json",
        "c/umbraco-marketplace.en.json",
    ]
    misnamed = [
        "m/Umbraco_Marketplace.json",
        "m/mubraco-marketplace.json",
        "m/umbraco-mar\u212aetplace.json",
        "m/umbraco-market-place.json",
        "m/umbraco-marketplace.json.txt",
        "m/umbraco-marketplace.jsonc",
        "m/umbraco-marketplate-a.json",
        "m/umbraco-marketplate.json",
        "m/umbraco_marketplace-a.json",
    ]
    others = [
        "n/marketplace.json",
        "n/my-umbraco-marketplace.json",
        "n/umbraco-marketplace-readme.md",
        "n/umbraco-marketplace.json.bak",
        "n/umbraco.json",
        "n/umbraco-package.json",
    ]
    fill(tmp_path, *listings, *misnamed, *others)
    assert find(tmp_path) == listings
    assert find(tmp_path, "misnamed") == sorted(misnamed)
    assert find(tmp_path, "closed folder") == []


def test_what_is_found_is_absolute(tmp_path: Path) -> None:
    fill(tmp_path, NAME)
    assert search(str(tmp_path), Repositories(), [UMBRACO]) == [Found(str(tmp_path / NAME), "listing")]


def test_the_order_is_that_of_the_names(tmp_path: Path) -> None:
    paths = [f"a/{NAME}", f"a/b/{NAME}", f"a-b/{NAME}", f"z/{NAME}", NAME, "umbraco-marketplace-a.json", f"x/{NAME}"]
    fill(tmp_path, *paths)
    assert find(tmp_path) == sorted(paths, key=lambda path: path.split("/"))


def test_folders_that_are_never_searched(tmp_path: Path) -> None:
    skipped = [".git", "node_modules", "NODE_MODULES", "bin", "Bin", "obj", "OBJ"]
    fill(tmp_path, *(f"x/{folder}/deep/{NAME}" for folder in skipped))
    fill(tmp_path, f"binary/{NAME}", f".hidden/{NAME}", f".venv/{NAME}", f"packages/{NAME}")
    assert find(tmp_path) == [f".hidden/{NAME}", f".venv/{NAME}", f"binary/{NAME}", f"packages/{NAME}"]


def test_such_a_folder_is_searched_when_it_is_named(tmp_path: Path) -> None:
    fill(tmp_path, f"bin/{NAME}", f"bin/bin/{NAME}")
    assert find(tmp_path / "bin") == [NAME]


def test_a_folder_called_like_a_listing(tmp_path: Path) -> None:
    fill(tmp_path, f"{NAME}/{NAME}")
    assert find(tmp_path) == [f"{NAME}/{NAME}"]


@pytest.mark.usefixtures("symlinks")
def test_links(tmp_path: Path) -> None:
    fill(tmp_path / "outside", NAME)
    fill(tmp_path / "top", f"real/{NAME}")
    top = tmp_path / "top"
    (top / "around").symlink_to("..", target_is_directory=True)
    (top / "circle").symlink_to("circle")
    (top / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (top / "umbraco-marketplace-a.json").symlink_to(f"real/{NAME}")
    (top / "umbraco-marketplace-b.json").symlink_to("nothing")
    (top / "umbraco-marketplace-c.json").symlink_to("real", target_is_directory=True)
    expected = [f"real/{NAME}", "umbraco-marketplace-a.json", "umbraco-marketplace-b.json"]
    assert find(top) == expected
    (tmp_path / "way").symlink_to("top", target_is_directory=True)
    assert find(tmp_path / "way") == expected


def test_nothing_there(tmp_path: Path) -> None:
    assert find(tmp_path) == []
    missing = str(tmp_path / "missing")
    assert search(missing, Repositories(), [UMBRACO]) == [
        Found(missing, CLOSED, problem="there is no such file or folder"),
    ]


@pytest.mark.usefixtures("not_root")
def test_a_folder_that_may_not_be_listed_is_told(tmp_path: Path) -> None:
    fill(tmp_path, f"a/{NAME}", f"closed/{NAME}", f"z/{NAME}")
    (tmp_path / "closed").chmod(0)
    try:
        found = search(str(tmp_path), Repositories(), [UMBRACO])
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert found == [
        Found(str(tmp_path / "a" / NAME), "listing"),
        Found(str(tmp_path / "closed"), CLOSED, problem="permission denied; nothing in this folder was looked at"),
        Found(str(tmp_path / "z" / NAME), "listing"),
    ]


def test_a_deep_folder(tmp_path: Path) -> None:
    folder = "/".join(["folder-with-a-name"] * 12)
    fill(tmp_path, f"{folder}/{NAME}")
    assert find(tmp_path) == [f"{folder}/{NAME}"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    try:
        os.mkdir(folder)
    except OSError:
        pytest.skip("this disk takes UTF-8 only")
    (Path(os.fsdecode(folder)) / NAME).write_text("{}")
    assert find(tmp_path) == [f"\udcff\udcfe/{NAME}"]


def test_outside_of_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    fill(tmp_path, f"a/{NAME}")
    fill(tmp_path, ".gitignore", text="a/\n*.json\n")
    assert find(tmp_path) == [f"a/{NAME}"]


def test_ignore_files_from_the_top_down(repository: Path) -> None:
    fill(repository, *(f"{folder}/{NAME}" for folder in ("a", "b", "b/c", "b/d", "e/a", "f")))
    fill(repository, ".gitignore", text="/a/\nf/*.json\n")
    fill(repository, "b/.gitignore", text="c\n")
    assert find(repository) == [f"b/d/{NAME}", f"b/{NAME}", f"e/a/{NAME}"]
    assert find(repository / "b") == [f"d/{NAME}", NAME]
    assert find(repository / "e") == [f"a/{NAME}"]


def test_files_are_taken_back_but_not_out_of_ignored_folders(repository: Path) -> None:
    fill(repository, f"a/{NAME}", "a/umbraco-marketplace-x.json", f"dist/{NAME}")
    fill(repository, ".gitignore", text=f"*.json\ndist/\n!{NAME}\n")
    fill(repository, "a/.gitignore", text="!*-x.json\n")
    assert find(repository) == ["a/umbraco-marketplace-x.json", f"a/{NAME}"]


def test_the_excludes_of_the_repository_and_of_the_user(repository: Path, own_settings: Path) -> None:
    fill(repository, *(f"{folder}/{NAME}" for folder in ("a", "b", "c", "d")))
    fill(repository, ".git/info/exclude", text="a/\n!c/\n")
    fill(own_settings, ".config/git/ignore", text="b/\nc/\n")
    assert find(repository) == [f"c/{NAME}", f"d/{NAME}"]
    fill(own_settings, "mine", text="d/\n")
    fill(own_settings, ".gitconfig", text="[core]\nexcludesFile = ~/mine\n")
    assert find(repository) == [f"b/{NAME}", f"c/{NAME}"]
    fill(own_settings, ".gitconfig", text="[core]\nexcludesFile =\n")
    assert find(repository) == [f"b/{NAME}", f"c/{NAME}", f"d/{NAME}"]


def test_excludes_below_xdg(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(repository, f"a/{NAME}", f"b/{NAME}")
    fill(tmp_path, "settings/git/ignore", text="b/\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    assert find(repository) == [f"a/{NAME}"]


@pytest.mark.parametrize(("value", "expected"), [("true", []), ("false", [f"Dist/{NAME}"])])
def test_letter_case_as_the_repository_says(repository: Path, git: Git, value: str, expected: list[str]) -> None:
    fill(repository, f"Dist/{NAME}")
    fill(repository, ".gitignore", text="dist/\n")
    git(repository, "config", "core.ignoreCase", value)
    assert find(repository) == expected


@pytest.mark.parametrize("pattern", ["artifacts/", "/artifacts", "art*"])
def test_an_ignored_folder_is_searched_when_it_is_named(repository: Path, pattern: str) -> None:
    fill(repository, f"artifacts/a/{NAME}", f"artifacts/b/{NAME}")
    fill(repository, ".gitignore", text=f"{pattern}\n")
    fill(repository, "artifacts/a/.gitignore", text="*.json\n")
    assert find(repository) == []
    assert find(repository / "artifacts") == [f"b/{NAME}"]
    assert find(repository / "artifacts" / "b") == [NAME]


def test_what_git_tracks_it_does_not_ignore(repository: Path, git: Git) -> None:
    fill(repository, f"packages/a/{NAME}", f"packages/b/{NAME}", f"packages/bin/{NAME}", f"src/{NAME}")
    fill(repository, "packages/a/umbraco_marketplace.json", "packages/a/gone/umbraco-marketplace.json")
    fill(repository, ".gitignore", text="packages/*\n")
    assert find(repository) == [f"src/{NAME}"]
    git(repository, "add", "--force", "packages/a", "packages/bin")
    (repository / "packages/a/gone/umbraco-marketplace.json").unlink()
    assert find(repository) == [f"packages/a/{NAME}", f"src/{NAME}"]
    assert find(repository, "misnamed") == ["packages/a/umbraco_marketplace.json"]
    assert find(repository / "packages") == [f"a/{NAME}"]
    assert find(repository / "src") == [NAME]


@pytest.mark.parametrize("way", ["../elsewhere", "a/../../elsewhere", "link"])
def test_an_index_leads_to_nothing_outside(way: str, repository: Path) -> None:
    """Git itself writes no such path; who hands in a folder with its `.git` may have."""
    fill(repository.parent / "elsewhere", NAME)
    fill(repository, f"a/{NAME}", f"b/{NAME}")
    fill(repository, ".gitignore", text="b/\n")
    if way == "link":
        (repository / "link").symlink_to(Path("..", "elsewhere"))
    assert (repository / way / NAME).is_file()
    entries = b""
    for path in (f"b/{NAME}", f"{way}/{NAME}"):
        entry = bytes(60) + struct.pack(">H", 0) + path.encode()
        entries += entry + bytes(8 - len(entry) % 8)
    (repository / ".git" / "index").write_bytes(b"DIRC" + struct.pack(">II", 2, 2) + entries)
    assert find(repository) == [f"a/{NAME}", f"b/{NAME}"]


def test_a_broken_index_changes_nothing(repository: Path) -> None:
    fill(repository, f"a/{NAME}", f"b/{NAME}")
    fill(repository, ".gitignore", text="b/\n")
    (repository / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\0\0\0\1nonsense")
    assert find(repository) == [f"a/{NAME}"]


def test_a_repository_within_another_has_its_own_rules(repository: Path, git: Git) -> None:
    fill(repository, f"a/{NAME}", f"vendor/{NAME}")
    fill(repository, ".gitignore", text="a/\nvendor/\n")
    git(repository, "init", "-q", "inner")
    fill(repository, f"inner/a/{NAME}", f"inner/b/{NAME}", f"inner/c/{NAME}", f"inner/d/{NAME}")
    fill(repository, "inner/.gitignore", text="/b/\nd/\n")
    fill(repository, "inner/.git/info/exclude", text="c/\n")
    git(repository / "inner", "add", "--force", "d")
    git(repository, "init", "-q", "vendor")
    assert find(repository) == [f"inner/a/{NAME}", f"inner/d/{NAME}"]


def test_a_submodule_is_searched(repository: Path, tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "source")
    fill(tmp_path / "source", f"src/{NAME}", f"out/{NAME}")
    git(tmp_path / "source", "add", "src")
    git(tmp_path / "source", "commit", "-q", "-m", "first")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "source"), "sub")
    fill(repository, f"sub/out/{NAME}")
    fill(repository, ".git/modules/sub/info/exclude", text="out/\n")
    assert find(repository) == [f"sub/src/{NAME}"]


def test_a_linked_worktree_shares_the_excludes(repository: Path, tmp_path: Path, git: Git) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"))
    fill(repository, ".git/info/exclude", text="a/\nb/\n")
    fill(tmp_path / "linked", f"a/{NAME}", f"b/{NAME}", f"c/{NAME}")
    git(tmp_path / "linked", "add", "--force", "b")
    assert find(tmp_path / "linked") == [f"b/{NAME}", f"c/{NAME}"]


FOLDERS = ["", "src", "src/App", "src/App/docs", "docs", "artifacts", "artifacts/src"]
lines = st.lists(
    st.sampled_from(
        [
            "src/",
            "/src",
            "docs",
            "!docs",
            "App/",
            "**/docs/",
            "*.json",
            "!umbraco-marketplace.json",
            "artifacts/*",
            "!artifacts/src/",
            "/docs/*.json",
            "src/**",
            "!src/App",
            "[dD]ocs",
            "*-a.*",
            "# docs",
            "",
        ]
    ),
    max_size=4,
).map("\n".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FOLDERS), lines, max_size=3), lines, lines, st.sampled_from(FOLDERS))
def test_finds_what_git_does_not_ignore(
    repository: Path, git: Git, own_settings: Path, files: dict[str, str], exclude: str, user: str, start: str
) -> None:
    names = [NAME, "umbraco-marketplace-a.json"]
    fill(repository, *(os.path.join(folder, name) for folder in FOLDERS for name in names))
    for folder in FOLDERS:
        fill(repository, os.path.join(folder, ".gitignore"), text=files.get(folder, ""))
    fill(repository, ".git/info/exclude", text=exclude)
    fill(own_settings, ".config/git/ignore", text=user)
    every = [path for path in git(repository, "ls-files", "--others", "-z").split("\0") if path.endswith(".json")]
    ignored = set(git(repository, "check-ignore", "-z", "--stdin", given="\0".join(every)).split("\0"))
    assert find(repository) == sorted((path for path in every if path not in ignored), key=lambda path: path.split("/"))
    if start and not git(repository, "check-ignore", start):
        below = [path for path in every if path not in ignored and path.startswith(start + "/")]
        expected = sorted((path[len(start) + 1 :] for path in below), key=lambda path: path.split("/"))
        assert find(repository / start) == expected
