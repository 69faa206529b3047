"""Where packages are searched for, and which are taken for the user's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from umbmarket.check.search import search
from umbmarket.git.repository import Repositories
from umbmarket.nuget.package.build_folders import (
    DEEPEST_OUTPUT,
    MOST_OUTPUT_ENTRIES,
    MOST_OUTPUT_FOLDERS,
    is_own_package,
    packages_below,
)
from umbmarket.umbraco.marketplace import UMBRACO

NAME = "My.Package.1.2.3.nupkg"


def fill(top: Path, *paths: str, text: str = "") -> None:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")


def git_folder(top: Path, ignored: str) -> None:
    fill(top, ".git/HEAD", text="ref: refs/heads/main\n")
    fill(top, ".gitignore", text=ignored)


def find(folder: Path, kind: str = "package") -> list[str]:
    found = search(str(folder), Repositories(), [UMBRACO])
    return [os.path.relpath(each.path, folder).replace(os.sep, "/") for each in found if each.kind == kind]


def below(folder: Path) -> list[str]:
    return [os.path.relpath(path, folder).replace(os.sep, "/") for path in packages_below([str(folder)])]


def test_packages_lie_anywhere(tmp_path: Path) -> None:
    fill(tmp_path, NAME, f"out/{NAME}", f"src/A/bin/Release/{NAME}", "src/A/B.1.0.0.NUPKG", "umbraco.x.1.0.0.nupkg")
    assert find(tmp_path) == [
        NAME,
        f"out/{NAME}",
        "src/A/B.1.0.0.NUPKG",
        f"src/A/bin/Release/{NAME}",
        "umbraco.x.1.0.0.nupkg",
    ]


def test_names_that_are_no_packages(tmp_path: Path) -> None:
    fill(
        tmp_path,
        "a.nupkg.zip",
        "nupkg",
        "a.snupkg",
        "a.1.0.0.symbols.nupkg",
        "bin/b.1.0.0.symbols.nupkg",
        "bin/a.snupkg",
    )
    (tmp_path / "c.nupkg").mkdir()
    (tmp_path / "bin" / "c.nupkg").mkdir()
    assert find(tmp_path) == []


@pytest.mark.parametrize(
    "folder", ["obj", "OBJ", ".git", "node_modules", "src/obj/Release", "bin/obj", "artifacts/obj"]
)
def test_never_searched(tmp_path: Path, folder: str) -> None:
    git_folder(tmp_path, "artifacts/\n")
    fill(tmp_path, f"{folder}/{NAME}", f"bin/{NAME}")
    assert find(tmp_path) == [f"bin/{NAME}"]


def test_what_git_ignores_is_searched_for_packages_alone(tmp_path: Path) -> None:
    git_folder(tmp_path, "artifacts/\n*.nupkg\n[Bb]in/\n")
    listing = "umbraco-marketplace.json"
    fill(
        tmp_path, NAME, f"artifacts/package/release/{NAME}", f"src/Bin/Release/{NAME}", f"artifacts/{listing}", listing
    )
    fill(tmp_path, f"src/Bin/{listing}")
    assert find(tmp_path) == [NAME, f"artifacts/package/release/{NAME}", f"src/Bin/Release/{NAME}"]
    assert find(tmp_path, "listing") == [listing]


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        ("/x/artifacts", NAME, True),
        ("/x/1.2.3", NAME, True),
        ("/x/My.Package", NAME, True),
        ("/x/packages/My.Package.1.2.3", NAME, False),
        ("/x/packages/my.package.1.2.3", NAME, False),
        ("/x/my.package/1.2.3", "my.package.1.2.3.nupkg", False),
        ("/x/My.Package/1.2.3", NAME, False),
        ("/x/other/1.2.3", NAME, True),
        ("/x", "My.Package.1.2.3.symbols.nupkg", False),
        ("/", NAME, True),
    ],
)
def test_restored_packages_by_their_folders(folder: str, name: str, expected: bool) -> None:
    assert is_own_package(folder.replace("/", os.sep), name) is expected


@pytest.mark.parametrize("top", ["feed", "ignored/feed"])
def test_restored_packages_are_not_found(tmp_path: Path, top: str) -> None:
    git_folder(tmp_path, "ignored/\n")
    fill(tmp_path, f"{top}/a/1.0.0/a.1.0.0.nupkg", f"{top}/B.1.0.0/B.1.0.0.nupkg")
    fill(tmp_path, f"{top}/c/c.nupkg", f"{top}/c/.nupkg.metadata", f"{top}/d/d.nupkg")
    assert find(tmp_path) == [f"{top}/d/d.nupkg"]


def test_build_output_is_searched_to_a_depth(tmp_path: Path) -> None:
    deep = "/".join("abcdefg"[: DEEPEST_OUTPUT - 1])
    fill(tmp_path, f"{deep}/{NAME}", f"{deep}/x/{NAME}")
    assert below(tmp_path) == [f"{deep}/{NAME}"]


def test_the_upper_folders_come_first(tmp_path: Path) -> None:
    fill(tmp_path, f"a/b/{NAME}", f"z/{NAME}", "b.nupkg", "a.nupkg")
    assert below(tmp_path) == ["a.nupkg", "b.nupkg", f"z/{NAME}", f"a/b/{NAME}"]


@pytest.mark.parametrize(
    "name", ["net8.0", "NET8.0", "net48", "netstandard2.0", "netcoreapp3.1", "net8.0-windows10.0.19041"]
)
def test_folders_of_a_target_framework_are_passed_over(tmp_path: Path, name: str) -> None:
    fill(tmp_path, f"Release/{name}/{NAME}", f"network/{NAME}", f"net/{NAME}")
    assert below(tmp_path) == [f"net/{NAME}", f"network/{NAME}"]


def test_a_folder_with_many_folders_is_no_build_output(tmp_path: Path) -> None:
    fill(tmp_path, NAME, *(f"x{number}/{NAME}" for number in range(MOST_OUTPUT_FOLDERS)))
    assert len(below(tmp_path)) == MOST_OUTPUT_FOLDERS + 1
    fill(tmp_path, f"one-more/{NAME}")
    assert below(tmp_path) == [NAME]


def test_a_folder_with_very_many_files_costs_a_bounded_time(tmp_path: Path) -> None:
    # A folder of its own, so that the order in which the disk names the files does not matter.
    crowd = tmp_path / "a"
    fill(tmp_path, f"a/{NAME}", f"b/c/{NAME}")
    for number in range(MOST_OUTPUT_ENTRIES):
        os.close(os.open(crowd / str(number), os.O_CREAT))
    assert below(tmp_path) == []


def test_other_repositories_in_build_output_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, f"clone/{NAME}", "clone/.git/HEAD", f"other/{NAME}")
    assert below(tmp_path) == [f"other/{NAME}"]


@pytest.mark.usefixtures("symlinks")
def test_links(tmp_path: Path) -> None:
    fill(tmp_path, f"outside/{NAME}", f"top/bin/real/{NAME}")
    (tmp_path / "top" / "bin" / "way").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "top" / "bin" / "dead.nupkg").symlink_to("nothing")
    (tmp_path / "top" / "bin" / "file.nupkg").symlink_to(f"real/{NAME}")
    (tmp_path / "top" / "bin" / "folder.nupkg").mkdir()
    # A link that leads nowhere is found, so that it can be told.
    assert find(tmp_path / "top") == ["bin/dead.nupkg", "bin/file.nupkg", f"bin/real/{NAME}"]


def test_a_folder_that_is_not_there() -> None:
    assert list(packages_below(["/no/such/folder", "\0"])) == []


def test_readmes_and_misnamed_files(tmp_path: Path) -> None:
    readmes = ["umbraco-marketplace-README.md", "umbraco-marketplace-readme-a.md", "umbraco-marketplace-readme.md"]
    misnamed = ["umbraco-marketplace-a-readme.md", "umbraco-marketplate-readme.md", "umbraco_marketplace_readme.md"]
    fill(tmp_path, *readmes, *misnamed, "umbraco-marketplace.md", "umbraco-marketplace-guide.md", "readme.md")
    assert find(tmp_path, "readme") == readmes
    assert find(tmp_path, "misnamed") == misnamed
