import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.git.ignore_rules import (
    LARGEST_IGNORE_FILE,
    MOST_PATTERNS,
    IgnoreRules,
    IgnoreStack,
    load,
)


def verdict(patterns: str, path: str, *, ignore_case: bool = False) -> bool | None:
    """A path with a slash at its end is a folder."""
    rules = IgnoreRules(patterns.encode(), ignore_case=ignore_case)
    return rules.verdict(os.fsencode(path.removesuffix("/")), is_folder=path.endswith("/"))


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        ("a", "a", True),
        ("a", "b/a", True),
        ("a", "b/a/", True),
        ("a", "ab", None),
        ("a/", "a", None),
        ("a/", "a/", True),
        ("a/", "b/a/", True),
        ("/a", "a", True),
        ("/a", "b/a", None),
        ("b/a", "b/a", True),
        ("b/a", "c/b/a", None),
        ("b/a/", "b/a/", True),
        ("b/a/", "b/a", None),
        ("*.json", "b/x.json", True),
        ("*.json", "x.jsonc", None),
        ("*", "anything", True),
        ("x?", "xy", True),
        ("x?", "x", None),
        ("/b/*", "b/a", True),
        ("/b/*", "b/a/c", None),
        ("b/**", "b/a/c", True),
        ("b/**", "b/", None),
        ("**/a", "a", True),
        ("**/a", "b/c/a", True),
        ("**/a", "b/ca", None),
        ("b/**/a", "b/a", True),
        ("b/**/a", "b/c/d/a", True),
        ("b/**/a", "ba", None),
        ("b/**/*.x/**/a", "b/1.x/a", True),
        ("b/**/*.x/**/a", "b/2/1.x/3/4/a", True),
        ("b/**/*.x/**/a", "b/2/1.y/a", None),
        ("[Bb]in", "Bin", True),
        ("[Bb]in", "BIN", None),
        ("[!a-c]x", "dx", True),
        ("[^a-c]x", "bx", None),
        ("[[:digit:]]x", "1x", True),
        ("[[:digit:]]x", ":x", None),
        ("[]-]x", "-x", True),
        ("[a", "[a", None),
        ("a\\", "a\\", None),
        ("[[:word:]]", "a", None),
        ("\\#a", "#a", True),
        ("\\!a", "!a", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", None),
        ("# a", "# a", None),
        ("a  ", "a", True),
        ("a\\ ", "a ", True),
        ("a\\\\ ", "a\\", True),
        ("a\t", "a", None),
        ("a\r\nb\r\n", "a", True),
        ("\ufeffa", "a", True),
        ("a\0b", "a", True),
        ("", "a", None),
        ("/", "a/", None),
        ("é?", "éa", True),
        ("?", "é", None),
        ("??", "é", True),
        ("*.json\n!x.json", "x.json", False),
        ("!x.json\n*.json", "x.json", True),
        ("x/\n!x", "x/", False),
        ("x\n!x/", "x", True),
        ("*.a\n!?.a\nb.a", "b.a", True),
        ("*.a\n!?.a\nb.a", "c.a", False),
        ("*.a\n!?.a\nb.a", "cc.a", True),
        ("lib**/x", "libx", True),
    ],
)
def test_patterns(patterns: str, path: str, expected: bool | None) -> None:
    assert verdict(patterns, path) is expected


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        ("Bin", "bIN", True),
        ("*.JSON", "a.json", True),
        ("/A/*/b", "a/x/B", True),
        ("[a-c]", "B", True),
        ("[A-C]", "b", True),
        ("[[:upper:]]", "b", True),
        ("É", "é", None),
        ("Bin", "bib", None),
    ],
)
def test_letter_case_is_ignored_where_git_ignores_it(patterns: str, path: str, expected: bool | None) -> None:
    assert verdict(patterns, path, ignore_case=True) is expected
    assert verdict(patterns, path) is None


def test_the_inner_file_goes_before_the_outer() -> None:
    outer = IgnoreStack().inside(b"", IgnoreRules(b"*.json\n!keep.json\n/b/x"))
    inner = outer.inside(b"b", IgnoreRules(b"!a.json\n/keep.json"))
    assert outer.ignores(b"a.json", is_folder=False)
    assert not inner.ignores(b"b/a.json", is_folder=False)
    assert inner.ignores(b"b/keep.json", is_folder=False)
    assert not inner.ignores(b"b/c/keep.json", is_folder=False)
    assert inner.ignores(b"b/x", is_folder=True)
    assert inner.ignores(b"b/c.json", is_folder=False)


def test_a_file_without_patterns_adds_nothing() -> None:
    stack = IgnoreStack()
    assert stack.inside(b"", IgnoreRules(b"# nothing\n\n   \n")) is stack
    assert not stack
    assert stack.inside(b"", IgnoreRules(b"a"))


def test_only_so_many_patterns_count() -> None:
    last = f"name{MOST_PATTERNS - 1}"
    rules = "\n".join(f"name{number}" for number in range(MOST_PATTERNS + 1))
    assert verdict(rules, last) is True
    assert verdict(rules, f"name{MOST_PATTERNS}") is None


def test_only_the_beginning_of_a_huge_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".gitignore"
    with file.open("wb") as opened:
        opened.write(b"a\n")
        opened.seek(2_000_000_000)
        opened.write(b"\nb\n")
    rules = load(str(file), ignore_case=False)
    assert rules.verdict(b"a", is_folder=False) is True
    assert rules.verdict(b"b", is_folder=False) is None


@pytest.mark.usefixtures("symlinks")
def test_a_linked_ignore_file_counts_only_outside_the_tree(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("a")
    (tmp_path / ".gitignore").symlink_to("real")
    assert not load(str(tmp_path / ".gitignore"), ignore_case=False)
    assert load(str(tmp_path / ".gitignore"), ignore_case=False, is_shared=True)
    assert not load(str(tmp_path / "missing"), ignore_case=False)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 40 + "b", "a" * 255),
        ("?*" * 40 + "b", "a" * 255),
        ("**/" * 40 + "b", "a/" * 2000 + "a"),
        ("**/a" * 40 + "/b", "a/" * 2000 + "a"),
        ("/**/*a*a*a*a*a/b", "/".join(["a" * 200] * 20)),
        ("a*/" * 40 + "b", "a/" * 2000 + "a"),
    ],
)
def test_hostile_patterns_take_no_time(pattern: str, path: str) -> None:
    started = time.process_time()
    assert verdict(pattern, path) is None
    assert time.process_time() - started < 5


@pytest.mark.slow
def test_a_file_full_of_expensive_patterns_takes_bounded_time() -> None:
    text = "\n".join(f"[a-z]{number}*[!b-y]?**/x[[:alpha:]]*" for number in range(10_000))[:LARGEST_IGNORE_FILE]
    started = time.process_time()
    assert verdict(text, "a/b/c") is None
    assert time.process_time() - started < 30


NAMES = ["a", "b", "ab", "foo.json", "Bar", "bar", "x y", "é", "[a]", "b.c", ".h", " lead"]
SIMPLE = ["a", "b", "ab", "foo", "*", "**", "?", "/", ".json", "*.json", "bar", "Bar", ".c", "é", "-", "x y", " "]
SPECIAL = ["[ab]", "[!a]", "[^b]", "[a-f]", "[[:alpha:]]", "[[:upper:]]", "[B]", "[A-C]", "[]a]", "[a-]", "[\\]]"]
BROKEN = ["\\*", "\\ ", "\\B", "[", "**/", "/**", "a/", "!", "#", "***", "[[:x:]]", "\\"]
pattern = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "", "!"]),
    st.sampled_from(["", "", "/", "**/"]),
    st.lists(st.sampled_from(SIMPLE + SIMPLE + SPECIAL + BROKEN), min_size=1, max_size=4).map("".join),
    st.sampled_from(["", "", "/", "/**"]),
)
ignore_file = st.lists(pattern, min_size=1, max_size=4).map("\n".join)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A repository with many names as files and folders on three levels; a folder's path precedes its content's."""
    top = tmp_path_factory.mktemp("tree")
    try:
        subprocess.run(["git", "init", "-q", str(top)], check=True)
    except FileNotFoundError:
        pytest.skip("git is not installed")
    paths = []
    for first, name in enumerate(NAMES):
        paths.append(name)
        if first % 3 == 0:
            (top / name).write_text("")
            continue
        for second, inner in enumerate(NAMES):
            (top / name).mkdir(exist_ok=True)
            paths.append(f"{name}/{inner}")
            if (first + second) % 3:
                (top / name / inner).write_text("")
                continue
            for innermost in NAMES[second % 4 :: 4]:
                (top / name / inner).mkdir(exist_ok=True)
                (top / name / inner / innermost).write_text("")
                paths.append(f"{name}/{inner}/{innermost}")
    return top, paths


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["", "b", "bar/a", "x y"]), ignore_file, min_size=1, max_size=3), st.booleans())
def test_agrees_with_git(tree: tuple[Path, list[str]], files: dict[str, str], ignore_case: bool) -> None:
    top, paths = tree
    for old in top.rglob(".gitignore"):
        old.unlink()
    for folder, text in files.items():
        if (top / folder).is_dir():
            (top / folder / ".gitignore").write_text(text, encoding="utf-8")
    setting = f"core.ignoreCase={str(ignore_case).lower()}"
    done = subprocess.run(
        ["git", "-C", str(top), "-c", setting, "check-ignore", "--no-index", "-z", "--stdin"],
        input="\0".join(paths).encode(),
        capture_output=True,
    )
    assert done.returncode in (0, 1), done.stderr
    expected = {path for path in done.stdout.decode().split("\0") if path}
    assert ignored(top, paths, ignore_case) == expected


def ignored(top: Path, paths: list[str], ignore_case: bool) -> set[str]:
    stacks = {"": IgnoreStack().inside(b"", load(str(top / ".gitignore"), ignore_case=ignore_case))}
    found: set[str] = set()
    for path in paths:
        above = path.rpartition("/")[0]
        is_folder = (top / path).is_dir()
        if above in found or stacks[above].ignores(os.fsencode(path), is_folder=is_folder):
            found.add(path)
        if is_folder:
            rules = load(str(top / path / ".gitignore"), ignore_case=ignore_case)
            stacks[path] = stacks[above].inside(os.fsencode(path), rules)
    return found


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=20).filter(lambda path: b"\0" not in path), st.booleans())
def test_nothing_is_raised(data: bytes, path: bytes, is_folder: bool) -> None:
    for ignore_case in (False, True):
        assert IgnoreRules(data, ignore_case=ignore_case).verdict(path, is_folder=is_folder) in (True, False, None)
