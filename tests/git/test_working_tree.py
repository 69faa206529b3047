from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.git import working_tree
from umbmarket.git.relation import Lookup
from umbmarket.git.working_tree import (
    LONGEST_COMPARED,
    LONGEST_PATH,
    MOST_NAMESAKES,
    MOST_SEARCHED,
    MOST_SUGGESTIONS,
    WorkingTree,
)

NOT_THERE = Lookup(exact=False)


def fill(top: Path, *paths: str) -> WorkingTree:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text("")
    return WorkingTree(str(top))


@pytest.fixture
def case_blind(tmp_path: Path) -> bool:
    (tmp_path / "CaseProbe").write_text("")
    blind = (tmp_path / "caseprobe").exists()
    (tmp_path / "CaseProbe").unlink()
    return blind


@pytest.mark.parametrize("path", ["logo.png", "images/editor.png", "./images/./editor.png", "images/ä ö.png"])
def test_a_file_that_is_there(tmp_path: Path, path: str) -> None:
    tree = fill(tmp_path, "logo.png", "images/editor.png", "images/ä ö.png")
    assert tree.look_up(path) == Lookup(exact=True)


@pytest.mark.parametrize(
    ("path", "other_case"),
    [
        ("Logo.png", "logo.png"),
        ("logo.PNG", "logo.png"),
        ("images/Editor.png", "Images/editor.png"),
        ("images/editor.png", "Images/editor.png"),
        ("IMAGES/SUB/A.PNG", "Images/sub/a.png"),
    ],
)
def test_letter_case(tmp_path: Path, path: str, other_case: str) -> None:
    tree = fill(tmp_path, "logo.png", "Images/editor.png", "Images/sub/a.png")
    assert tree.look_up(path) == Lookup(exact=False, other_case=other_case)


def test_the_exact_file_is_found_among_names_that_differ_in_case(tmp_path: Path, case_blind: bool) -> None:
    if case_blind:
        pytest.skip("this disk does not tell upper and lower case apart")
    tree = fill(tmp_path, "A/b.png", "a/B.png", "a/x.png", "A/y.png", "c", "C/d.png")
    assert tree.look_up("a/B.png") == Lookup(exact=True)
    assert tree.look_up("A/b.png") == Lookup(exact=True)
    assert tree.look_up("a/b.png") == Lookup(exact=False, other_case="a/B.png")
    assert tree.look_up("A/x.png") == Lookup(exact=False, other_case="a/x.png")
    assert tree.look_up("c/D.png") == Lookup(exact=False, other_case="C/d.png")


def test_many_folders_that_differ_in_case_cost_little(tmp_path: Path, case_blind: bool) -> None:
    if case_blind:
        pytest.skip("this disk does not tell upper and lower case apart")
    for number in range(64):
        name = "".join(char.upper() if number >> index & 1 else char for index, char in enumerate("abcdef"))
        (tmp_path / name / "x").mkdir(parents=True)
    assert fill(tmp_path).look_up("/".join(["aBCdef", "x", *["a"] * 500])) == NOT_THERE


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "/",
        "/logo.png",
        "//logo.png",
        "images",
        "images/",
        "images//editor.png",
        "logo.png/",
        "logo.png/x",
        "../top/logo.png",
        "images/../logo.png",
        "..",
        "images\\editor.png",
        ".git/config",
        ".GIT/config",
        "a\0b",
        "\ud800",
        "C:/logo.png",
    ],
)
def test_what_is_no_file_of_the_tree(tmp_path: Path, path: str) -> None:
    tree = fill(tmp_path / "top", "logo.png", "images/editor.png", ".git/config")
    lookup = tree.look_up(path)
    assert (lookup.exact, lookup.other_case) == (False, None)


def test_absolute_paths(tmp_path: Path) -> None:
    tree = fill(tmp_path, "logo.png")
    assert not tree.look_up(str(tmp_path / "logo.png")).exact


@pytest.mark.usefixtures("symlinks")
def test_links(tmp_path: Path) -> None:
    tree = fill(tmp_path / "top", "real/a.png")
    fill(tmp_path / "outside", "secret.png")
    (tmp_path / "top" / "inner").symlink_to("real", target_is_directory=True)
    (tmp_path / "top" / "b.png").symlink_to("real/a.png")
    (tmp_path / "top" / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "top" / "out.png").symlink_to(tmp_path / "outside" / "secret.png")
    (tmp_path / "top" / "dangling.png").symlink_to("nothing")
    (tmp_path / "top" / "circle").symlink_to("circle")
    (tmp_path / "top" / "up").symlink_to("..", target_is_directory=True)
    (tmp_path / "top" / "self").symlink_to(".", target_is_directory=True)
    assert tree.look_up("inner/a.png").exact
    assert tree.look_up("b.png").exact
    assert tree.look_up("self/self/b.png").exact
    for path in ("out/secret.png", "out.png", "dangling.png", "circle", "circle/a", "up/outside/secret.png"):
        lookup = tree.look_up(path)
        assert (lookup.exact, lookup.other_case) == (False, None), path
        assert "secret" not in (lookup.similar or ""), path


@pytest.mark.usefixtures("symlinks")
def test_a_tree_that_is_reached_through_a_link(tmp_path: Path) -> None:
    fill(tmp_path / "top", "a.png")
    (tmp_path / "top" / "b.png").symlink_to("a.png")
    (tmp_path / "way").symlink_to("top", target_is_directory=True)
    tree = WorkingTree(str(tmp_path / "way"))
    assert tree.look_up("a.png").exact
    assert tree.look_up("b.png").exact


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert fill(tmp_path).look_up("pipe.png") == NOT_THERE


def test_what_lies_in_another_repository_is_not_in_this_one(tmp_path: Path) -> None:
    tree = fill(tmp_path, "sub/a.png", "sub/.git", "plain/b.png", ".git/HEAD")
    assert tree.look_up("sub/a.png") == NOT_THERE
    assert tree.look_up("plain/b.png").exact


@pytest.mark.usefixtures("not_root")
def test_a_folder_that_may_not_be_listed(tmp_path: Path) -> None:
    tree = fill(tmp_path, "closed/a.png")
    (tmp_path / "closed").chmod(0)
    try:
        assert tree.look_up("closed/a.png") == NOT_THERE
    finally:
        (tmp_path / "closed").chmod(0o700)


@pytest.mark.parametrize(
    ("path", "files", "similar"),
    [
        ("images/screen.png", ["docs/images/screen.png"], "docs/images/screen.png"),
        ("images/screen.png", ["SCREEN.PNG", "other/images/b.png"], "SCREEN.PNG"),
        ("images/scren.png", ["images/screen.png", "images/other.png"], "images/screen.png"),
        ("images/Scren.png", ["Images/screen.png"], "Images/screen.png"),
        ("images/screen.jpg", ["images/screen.png", "images/logo.jpg"], "images/screen.png"),
        ("image/screen.png", ["a/b/c/screen.png", "images/screen.png"], "images/screen.png"),
        ("images/screen.png", ["b/screen.png", "a/screen.png"], "a/screen.png"),
        ("images/screen.png", ["images/zzz.txt"], None),
        ("screen.png", ["node_modules/x/screen.png", "bin/screen.png", "Obj/screen.png"], None),
        ("screen.png", ["sub/.git/HEAD", "sub/screen.png"], None),
        ("missing/folder/screen.png", [], None),
    ],
)
def test_what_may_have_been_meant(tmp_path: Path, path: str, files: list[str], similar: str | None) -> None:
    assert fill(tmp_path, *files).look_up(path) == Lookup(exact=False, similar=similar)


def test_nothing_is_suggested_for_paths_that_no_file_has(tmp_path: Path) -> None:
    tree = fill(tmp_path, "a.png")
    assert tree.look_up("x" * (LONGEST_COMPARED - 6) + "/a.png") == Lookup(exact=False, similar="a.png")
    assert tree.look_up("x" * (LONGEST_COMPARED - 5) + "/a.png") == NOT_THERE
    assert tree.look_up("a.png" + "/" * LONGEST_PATH) == NOT_THERE


def test_suggestions_end(tmp_path: Path) -> None:
    tree = fill(tmp_path, "docs/a.png")
    for number in range(MOST_SUGGESTIONS):
        assert tree.look_up(f"{number}/a.png").similar == "docs/a.png"
    assert tree.look_up("another/a.png") == NOT_THERE
    assert tree.look_up("0/a.png").similar == "docs/a.png"
    assert tree.look_up("docs/a.png").exact


def test_only_the_first_namesakes_are_compared(tmp_path: Path) -> None:
    tree = fill(tmp_path, *(f"{number:02}/a.png" for number in range(MOST_NAMESAKES)), "zz/a.png")
    assert tree.look_up("zz0/a.png").similar != "zz/a.png"
    assert tree.look_up("zz/b.png").similar == "zz/a.png"


def test_only_so_much_is_searched(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for number in range(MOST_SEARCHED):
        (tmp_path / "a" / str(number)).touch()
    tree = fill(tmp_path, "b.png", "z/deep/c.png")
    assert tree.look_up("x/b.png").similar == "b.png"
    assert tree.look_up("x/c.png").similar is None


def test_a_hostile_listing_takes_bounded_time(tmp_path: Path) -> None:
    names = [f"{number:04}{'screenshot' * 14}.png" for number in range(1000)]
    tree = fill(tmp_path, *(f"images/{name}" for name in names))
    started = time.process_time()
    for number in range(5000):
        tree.look_up(f"images/{number}{'screenshut' * 14}.png")
    tree.look_up("images/" + "x" * 1_000_000)
    assert time.process_time() - started < 15


def test_each_folder_is_listed_once(tmp_path: Path) -> None:
    tree = fill(tmp_path, "images/a.png")
    assert tree.look_up("images/a.png").exact
    (tmp_path / "images" / "b.png").touch()
    assert not tree.look_up("images/b.png").exact


def test_names_are_compared_as_git_composes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decomposed, composed = "u\u0308.png", "\u00fc.png"
    fill(tmp_path, decomposed)
    if composed in os.listdir(tmp_path):
        pytest.skip("this disk composes names itself")
    assert not WorkingTree(str(tmp_path)).look_up(composed).exact
    monkeypatch.setattr(working_tree, "_IS_MAC", True)
    assert WorkingTree(str(tmp_path)).look_up(composed).exact


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(max_size=30), st.lists(st.sampled_from(["a", "A", "..", ".", "", "b.png", "\0"])).map("/".join))
)
def test_nothing_is_raised_and_nothing_is_found_outside(tmp_path: Path, path: str) -> None:
    fill(tmp_path / "a", "b.png")
    fill(tmp_path / "top", "a/a/b.png")
    lookup = WorkingTree(str(tmp_path / "top")).look_up(path)
    plain = [part for part in path.split("/") if part != "."]
    assert lookup.exact == (plain == ["a", "a", "b.png"])
    assert lookup.other_case in (None, "a/a/b.png")
    assert lookup.similar in (None, "a/a/b.png")
