import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from umbmarket.git.config import (
    LARGEST_CONFIG,
    Entry,
    GitConfig,
    parse,
    read,
    user_entries,
    user_folders,
)


def values(text: str) -> list[tuple[str, str | None]]:
    """Names as `git config --list` prints them, with their values."""
    return [
        (".".join(part for part in (entry.section, entry.subsection) if part) + "." + entry.key, entry.value)
        for entry in parse(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[core]\nbare = false\n", [("core.bare", "false")]),
        ("[core] bare=false", [("core.bare", "false")]),
        ("[a] [b] x = 1", [("b.x", "1")]),
        ("\ufeff[core]\r\n\tbare = false\r\n", [("core.bare", "false")]),
        ("[CORE]\nBare = False", [("core.bare", "False")]),
        ('[remote "Origin"]\nURL = x', [("remote.Origin.url", "x")]),
        ('[remote   "a b"]\nurl = x', [("remote.a b.url", "x")]),
        ('[remote "a\\"b\\\\c\\d]"]\nurl = x', [('remote.a"b\\cd].url', "x")]),
        ("[Branch.Main]\nremote = x", [("branch.main.remote", "x")]),
        ("[a]\nx", [("a.x", None)]),
        ("[a]\nx =", [("a.x", "")]),
        ("[a]\nx = b  c \t ", [("a.x", "b  c")]),
        ("[a]\nx = b # c\ny = d;e\nz = #", [("a.x", "b"), ("a.y", "d"), ("a.z", "")]),
        ('[a]\nx = "b # c" ; d', [("a.x", "b # c")]),
        ('[a]\nx = " b "c" " ', [("a.x", " b c ")]),
        ('[a]\nx = "b\\n\\t\\"\\\\"', [("a.x", 'b\n\t"\\')]),
        ("[a]\nx = b\\\n  c\ny = d", [("a.x", "b  c"), ("a.y", "d")]),
        ('[a]\nx = "b\\\n c"', [("a.x", "b c")]),
        ("[a]\nx = b \\", [("a.x", "b ")]),
        ("[a]\nx = b ; c \\\ny = d", [("a.x", "b"), ("a.y", "d")]),
        ("# c\n; d\n\n[a] # e\nx = 1", [("a.x", "1")]),
        ("[a]\nx = 1\nx = 2", [("a.x", "1"), ("a.x", "2")]),
    ],
)
def test_the_syntax(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\n[a]\ny = 2", [("a.y", "2")]),
        ("[a\nx = 1\n[b]\ny = 2", [("b.y", "2")]),
        ('[a "b]\nx = 1\n[c]\ny = 2', [("c.y", "2")]),
        ("[a]\n1x = 1\ny = 2", [("a.y", "2")]),
        ("[a]\nx y = 1\ny = 2", [("a.y", "2")]),
        ('[a]\nx = "open\ny = 2', [("a.y", "2")]),
        ("[a]\nx = \\q\ny = 2", [("a.y", "2")]),
        ("[a]\nx # no\ny = 2", [("a.y", "2")]),
        ("<<<<<<< HEAD\n[a]\n=======\ny = 2\n>>>>>>> x", [("a.y", "2")]),
        ("[]\nx = 1", []),
        ("", []),
    ],
)
def test_what_git_would_refuse_is_passed_over(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert values(text) == expected


words = st.text("abC1-. \"'\\;#=[]é", max_size=6)
lines = st.one_of(
    st.builds("[{}]".format, st.sampled_from(["core", "a-b", "a.B", "X"])),
    st.builds(
        '[s "{}"]'.format, st.text("aB .]é\\\\", min_size=1, max_size=4).map(lambda text: text.replace("\\", "\\\\"))
    ),
    st.builds("{}{}{}".format, st.sampled_from(["k", "Key", "a-1"]), st.sampled_from(["=", " = ", "  ="]), words),
    st.builds('k = "{}" {}'.format, st.text("ab #;", max_size=5), words),
    st.builds("k = {}\\".format, st.text("ab ", max_size=4)),
    st.sampled_from(["flag", "# c", "; c \\", "", "   "]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(lines, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_what_git_accepts_is_read_as_git_reads_it(text: list[str], line_break: str) -> None:
    whole = line_break.join(["[first]", *text])
    try:
        done = subprocess.run(
            ["git", "config", "--file", "-", "--list", "-z"], input=whole.encode(), capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("git is not installed")
    assume(done.returncode == 0)
    listed = [each.partition("\n") for each in done.stdout.decode().split("\0") if each]
    assert values(whole) == [(name, value if equals else None) for name, equals, value in listed]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.text('[]"\\=\n a#;'), st.lists(lines).map("\n".join)))
def test_nothing_is_raised(text: str) -> None:
    for entry in parse(text):
        assert entry.section
        assert entry.key == entry.key.lower()


@pytest.mark.parametrize("part", ["[a]", '[a "', "[a]\nx = \\\n", "x = 1\n", '"', "[a] x = \\", "[" * 10])
def test_the_time_does_not_grow_with_the_square_of_the_length(part: str) -> None:
    text = "[s]\nx = " + part * (LARGEST_CONFIG // len(part))
    started = time.process_time()
    list(parse(text))
    assert time.process_time() - started < 15


CONFIG = GitConfig(
    [
        Entry("core", "", "ignorecase", "true"),
        Entry("remote", "b", "url", "one"),
        Entry("remote", "a", "url", "two"),
        Entry("remote", "b", "url", "three"),
        Entry("remote", "c", "fetch", "x"),
        Entry("url", "https://github.com/", "insteadof", "gh:"),
        Entry("url", "https://github.com/owner/", "insteadof", "gh:o/"),
        Entry("url", "never", "insteadof", ""),
    ]
)


def test_the_last_value_counts_and_all_can_be_had() -> None:
    assert CONFIG.all("remote", "b", "url") == ["one", "three"]
    assert CONFIG.last("remote", "b", "url") == "three"
    assert CONFIG.last("remote", "B", "url") is None
    assert CONFIG.subsections("remote", "url") == ["b", "a"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("gh:x/y", "https://github.com/x/y"),
        ("gh:o/y", "https://github.com/owner/y"),
        ("git@github.com:x/y", "git@github.com:x/y"),
        ("", ""),
    ],
)
def test_instead_of(url: str, expected: str) -> None:
    assert CONFIG.rewritten(url) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        ("YES", True),
        ("on", True),
        ("1", True),
        (None, True),
        ("9" * 10_000, True),
        ("false", False),
        ("0", False),
        ("", False),
        ("no", False),
        ("nonsense", False),
    ],
)
def test_switches(value: str | None, expected: bool) -> None:
    config = GitConfig([Entry("core", "", "x", "true"), Entry("core", "", "x", value)])
    assert config.is_true("core", "x") is expected
    assert not config.is_true("core", "y")


def test_only_the_beginning_of_a_huge_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config"
    with file.open("wb") as opened:
        opened.write(b"[a]\nx = 1\n")
        opened.seek(2_000_000_000)
        opened.write(b"\n[a]\nx = 2\n")
    assert read(str(file)) == (Entry("a", "", "x", "1"),)


def test_bytes_that_are_not_utf_8_survive(tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(b"[a]\nx = \xff\n")
    assert read(str(tmp_path / "config")) == (Entry("a", "", "x", "\udcff"),)
    assert read(str(tmp_path / "missing")) == ()


def test_the_files_of_the_user(own_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user_folders() == (str(own_settings), str(own_settings / ".config" / "git"))
    assert user_entries() == ()
    (own_settings / ".config" / "git").mkdir(parents=True)
    (own_settings / ".config" / "git" / "config").write_text("[a]\nx = 1\n")
    (own_settings / ".gitconfig").write_text("[a]\nx = 2\n")
    assert [entry.value for entry in user_entries()] == ["1", "2"]
    (tmp_path / "git").mkdir()
    (tmp_path / "git" / "config").write_text("[a]\nx = 3\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert [entry.value for entry in user_entries()] == ["3", "2"]
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "git" / "config"))
    assert [entry.value for entry in user_entries()] == ["3"]
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "")
    assert user_entries() == ()
