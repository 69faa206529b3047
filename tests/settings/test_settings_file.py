"""Settings files: which one is found, what it means, and what is said about one that cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.check.selection import resolve
from umbmarket.findings import Severity
from umbmarket.marketplaces import catalogues
from umbmarket.settings.file import (
    LARGEST_SETTINGS,
    MOST_KEY_PARTS,
    MOST_PROBLEMS,
    SETTINGS_NAME,
    find_settings,
    load_settings,
)
from umbmarket.settings.options import FailOn, Settings, SettingsError

TABLE = "[tool.umbmarket]\nfail-on = 'never'\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git working tree with a folder two levels down, below a folder that must not be looked into."""
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "nobody"))
    (tmp_path / "umbmarket.toml").write_text("")
    root = tmp_path / "repository"
    (root / "src" / "site").mkdir(parents=True)
    (root / ".git").mkdir()
    return root


def test_nothing_is_found_where_there_is_nothing_up_to_the_git_root(tree: Path) -> None:
    assert find_settings(tree / "src" / "site") is None
    (tree / ".git").rmdir()
    assert find_settings(tree / "src" / "site") == tree.parent / "umbmarket.toml"


def test_git_root_may_be_a_linked_working_tree(tree: Path) -> None:
    (tree / ".git").rmdir()
    (tree / ".git").write_text("gitdir: elsewhere\n")
    assert find_settings(tree) is None


def test_search_ends_at_home(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / ".git").rmdir()
    monkeypatch.setenv("HOME", str(tree))
    monkeypatch.setenv("USERPROFILE", str(tree))
    assert find_settings(tree / "src") is None
    (tree / "umbmarket.toml").write_text("")
    assert find_settings(tree / "src") == tree / "umbmarket.toml"


def test_nearest_folder_wins_whatever_the_file(tree: Path) -> None:
    (tree / "umbmarket.toml").write_text("")
    assert find_settings(tree / "src" / "site") == tree / "umbmarket.toml"
    (tree / "src" / "pyproject.toml").write_text(TABLE)
    assert find_settings(tree / "src" / "site") == tree / "src" / "pyproject.toml"
    (tree / "src" / "umbmarket.toml").write_text("")
    assert find_settings(tree / "src" / "site") == tree / "src" / "umbmarket.toml"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'x'\n",
        "[project]\nname = 'umbmarket'\n",
        "[tool.umbmarket2]\n",
        "[tool]\nruff = {}\n# [tool.umbmarket]\n",
        "tool = 'umbmarket'\n",
        "broken [ umbmarket\n",
        "\xff umbmarket",
    ],
)
def test_pyproject_without_the_table_is_passed_over(text: str, tree: Path) -> None:
    (tree / "umbmarket.toml").write_text("")
    (tree / "src" / "pyproject.toml").write_bytes(text.encode("latin-1"))
    assert find_settings(tree / "src") == tree / "umbmarket.toml"


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        "[tool.umbmarket.severity]\n",
        "[tool]\numbmarket = {}\n",
        "[tool]\numbmarket = 3\n",
        "[ tool . umbmarket ]\nbroken [\n",
        "\ufeff[tool.umbmarket]\n",
    ],
)
def test_pyproject_that_speaks_of_us_is_taken_even_when_broken(text: str, tree: Path) -> None:
    (tree / "src" / "pyproject.toml").write_text(text, "utf-8")
    assert find_settings(tree / "src") == tree / "src" / "pyproject.toml"


def test_folder_of_that_name_is_found_and_then_refused(tree: Path) -> None:
    (tree / "umbmarket.toml").mkdir()
    assert find_settings(tree) == tree / "umbmarket.toml"
    with pytest.raises(SettingsError, match=r"^umbmarket\.toml is a folder; name the settings file in it$"):
        load_settings(tree / "umbmarket.toml", "umbmarket.toml")


FULL = """
select = ["UMB1", "umb2", "trailing-comma"]
ignore = ["UMB212", { rule = "thin-listing", reason = "internal package" }, { rule = "UMB101" }]
fail-on = "warning"
min-severity = "error"
package-id = "My.Package"
exclude = ["samples/", "!samples\\\\good"]

[severity]
not-allowed-value = "info"
UMB10 = "warning"

[per-file-ignores]
"docs/**" = ["UMB2"]
'samples\\*.json' = ["ALL"]
"""


def test_every_key_means_something(tmp_path: Path) -> None:
    path = tmp_path / "umbmarket.toml"
    path.write_text(FULL)
    assert load_settings(path, "umbmarket.toml") == Settings(
        select=("UMB1", "umb2", "trailing-comma"),
        ignore={"UMB212": None, "thin-listing": "internal package", "UMB101": None},
        severity={"not-allowed-value": Severity.INFO, "UMB10": Severity.WARNING},
        per_file_ignores={"docs/**": ("UMB2",), "samples/*.json": ("ALL",)},
        exclude=("samples/", "!samples/good"),
        fail_on=FailOn.WARNING,
        package_id="My.Package",
        source="umbmarket.toml",
        min_severity=Severity.ERROR,
    )


def test_the_same_in_pyproject(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(
        "[tool.umbmarket]"
        + FULL.replace("[severity]", "[tool.umbmarket.severity]").replace(
            "[per-file-ignores]", "[tool.umbmarket.per-file-ignores]"
        )
    )
    own = tmp_path / "umbmarket.toml"
    own.write_text(FULL)
    assert load_settings(path, "x") == load_settings(own, "x")


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "\ufeff", "\ufefffail-on = 'error'\r\n"])
def test_empty_file_and_byte_order_mark_are_fine(text: str, tmp_path: Path) -> None:
    path = tmp_path / "umbmarket.toml"
    path.write_bytes(text.encode())
    assert load_settings(path, "umbmarket.toml") == Settings(source="umbmarket.toml")


def problem(text: str | bytes, tmp_path: Path, name: str = "umbmarket.toml") -> str:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as raised:
        resolve(load_settings(path, name), catalogues())
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fail-on error", "umbmarket.toml:1:9: not valid TOML: Expected '=' after a key in a key/value pair"),
        ("\n\nselect = [", "umbmarket.toml: not valid TOML: Invalid value (at end of document)"),
        (b"# caf\xe9\n", "umbmarket.toml:1: not UTF-8; save the file as UTF-8"),
        (b"# a\n\xff", "umbmarket.toml:2: not UTF-8; save the file as UTF-8"),
        (
            "fail-on = 'error'".encode("utf-16"),
            "umbmarket.toml is UTF-16, but TOML is UTF-8; save it as UTF-8",
        ),
        (b"#" * (LARGEST_SETTINGS + 1), "umbmarket.toml is larger than 1,048,576 bytes, which no settings file is"),
        ("a = " + "[" * 100_000, "umbmarket.toml: nested too deeply to be read"),
        ("a = " + "1" * 5_000, "umbmarket.toml: not valid TOML: a number has thousands of digits"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(text: str | bytes, said: str, tmp_path: Path) -> None:
    assert problem(text, tmp_path) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('slect = ["UMB1"]', 'umbmarket.toml:1: unknown key "slect"; did you mean "select"?'),
        ('fail_on = "error"', 'umbmarket.toml:1: unknown key "fail_on"; did you mean "fail-on"?'),
        ('# note\n\n"fail on" = "error"', 'umbmarket.toml:3: unknown key "fail on"; did you mean "fail-on"?'),
        ("[sevrity]\nUMB104 = 'info'", 'umbmarket.toml:1: unknown key "sevrity"; did you mean "severity"?'),
        ("zzzzzz = 1", 'umbmarket.toml:1: unknown key "zzzzzz"'),
        (
            'fail-on = "never!"',
            'umbmarket.toml:1: fail-on: unknown value "never!", did you mean "never"?',
        ),
        ("fail-on = true", "umbmarket.toml:1: fail-on: expected a string, found a boolean"),
        ('select = "UMB1"', "umbmarket.toml:1: select: expected an array, found a string"),
        ("select = [1]", "umbmarket.toml:1: select, item 1: expected a string, found a number"),
        ("select = [1979-05-27]", "umbmarket.toml:1: select, item 1: expected a string, found a date or time"),
        (
            'select = [\n  "UMB1",\n  "not-alowed-value",\n]',
            'umbmarket.toml:3: select, item 2: unknown rule "not-alowed-value"; did you mean "not-allowed-value"?',
        ),
        ("ignore = [3]", "umbmarket.toml:1: ignore, item 1: expected a string or a table, found a number"),
        (
            'ignore = [{ rul = "UMB101" }]',
            'umbmarket.toml:1: ignore, item 1: unknown key "rul"; did you mean "rule"?',
        ),
        ('ignore = [{ reason = "x" }]', 'umbmarket.toml:1: ignore, item 1: "rule" is missing'),
        (
            'ignore = [{ rule = "UMB101", reason = 3 }]',
            "umbmarket.toml:1: ignore, item 1, reason: expected a string, found a number",
        ),
        (
            'ignore = [\n  "UMB101",\n  { rule = "nonsense-here" },\n]',
            'umbmarket.toml:3: ignore, item 2, rule: unknown rule "nonsense-here"',
        ),
        ("[ignore]\nUMB101 = 'x'", "umbmarket.toml:1: ignore: expected an array, found a table"),
        (
            '[severity]\nUMB104 = "fatal"',
            'umbmarket.toml:2: severity.UMB104: unknown value "fatal", use one of "error", "warning", "info"',
        ),
        (
            '[severity]\nUMB104 = "info"\n"nonsense-here" = "info"',
            'umbmarket.toml:3: severity.nonsense-here: unknown rule "nonsense-here"',
        ),
        ('severity = "info"', "umbmarket.toml:1: severity: expected a table, found a string"),
        (
            '[per-file-ignores]\n"docs/**" = "UMB2"',
            'umbmarket.toml:2: per-file-ignores."docs/**": expected an array, found a string',
        ),
        (
            '[per-file-ignores]\n"docs/**" = ["UMB2", "nonsense-here"]',
            'umbmarket.toml:2: per-file-ignores."docs/**", item 2: unknown rule "nonsense-here"',
        ),
        ('[per-file-ignores]\n"" = ["UMB2"]', 'umbmarket.toml:2: per-file-ignores."": it is empty'),
        (
            'package-id = "my package"',
            "umbmarket.toml:1: package-id: it contains ' ', but an id consists of letters, digits, '_', '.' and '-'",
        ),
        ('exclude = ["a", ""]', "umbmarket.toml:1: exclude, item 2: it is empty"),
        (
            'exclude = ["#a"]',
            'umbmarket.toml:1: exclude, item 1: a pattern that begins with "#" would be a comment; write "[#]" for the'
            " character",
        ),
        ('exclude = ["a\\nb"]', "umbmarket.toml:1: exclude, item 1: a pattern is one line"),
        ('exclude = "a"', "umbmarket.toml:1: exclude: expected an array, found a string"),
        *(
            (
                text,
                f"umbmarket.toml:{line}: [tool.umbmarket] is for pyproject.toml; in this file the settings are at the"
                ' top level: remove the header, and "tool.umbmarket." from the names of other tables',
            )
            for text, line in (
                ('[tool.umbmarket]\nselect = ["UMB1"]', 1),
                ("fail-on = 'error'\n\n[tool.umbmarket.severity]\nUMB104 = 'info'", 3),
                ("tool.umbmarket.fail-on = 'error'", 1),
            )
        ),
        ("[tool.ruff]", 'umbmarket.toml:1: unknown key "tool"'),
        ('"\\u001b[31m" = 1', 'umbmarket.toml:1: unknown key "\\x1b[31m"'),
        (f"{'x' * 100} = 1", f'umbmarket.toml:1: unknown key "{"x" * 29}…{"x" * 30}"'),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    assert problem(text, tmp_path) == said


def test_several_problems_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = 'slect = []\n[severity]\nUMB104 = "bad"\n[per-file-ignores]\nx = 1\n'
    assert problem(text, tmp_path).splitlines() == [
        'umbmarket.toml:1: unknown key "slect"; did you mean "select"?',
        'umbmarket.toml:3: severity.UMB104: unknown value "bad", use one of "error", "warning", "info"',
        "umbmarket.toml:5: per-file-ignores.x: expected an array, found a number",
    ]


def test_lines_of_pyproject_are_those_of_the_whole_file(tmp_path: Path) -> None:
    text = '[project]\nselect = 1\n\n[tool.umbmarket]\nselect = ["nonsense-here"]\n'
    said = 'pyproject.toml:5: select, item 1: unknown rule "nonsense-here"'
    assert problem(text, tmp_path, "pyproject.toml") == said


def test_pyproject_named_without_the_table(tmp_path: Path) -> None:
    said = "pyproject.toml has no [tool.umbmarket] table; add it, or name another file"
    assert problem("[project]\n", tmp_path, "pyproject.toml") == said
    assert problem("tool = 3\n", tmp_path, "pyproject.toml") == said


def test_pyproject_whose_table_is_none(tmp_path: Path) -> None:
    said = "pyproject.toml: expected a table, found a number"
    assert problem("[tool]\numbmarket = 3\n", tmp_path, "pyproject.toml") == said


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^x\.toml cannot be read: there is no such file or folder$"):
        load_settings(tmp_path / "x.toml", "x.toml")


@pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX systems have")
def test_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "umbmarket.toml"
    path.write_text("")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("nothing is unreadable for this user")
    with pytest.raises(SettingsError, match=r"^umbmarket\.toml cannot be read: permission denied$"):
        load_settings(path, "umbmarket.toml")


TEXTS = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(str.encode),
    st.lists(
        st.sampled_from(
            [
                "select",
                "ignore",
                "fail-on",
                "severity",
                " = ",
                "[",
                "]",
                '"UMB1"',
                "'x'",
                "{",
                "}",
                ",",
                "\n",
                "1",
                "rule",
                ".",
            ]
        ),
        max_size=25,
    ).map(lambda parts: "".join(parts).encode()),
)


@settings(max_examples=300, deadline=None)
@given(data=TEXTS)
def test_any_bytes_are_settings_or_a_settings_error(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "random.toml"
    path.write_bytes(data)
    try:
        assert isinstance(load_settings(path), Settings)
    except SettingsError as error:
        for line in str(error).splitlines():
            assert "random.toml" in line
            assert line.isprintable()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / SETTINGS_NAME)
    found = find_settings(tmp_path)
    assert found is not None
    with pytest.raises(SettingsError) as refused:
        load_settings(found, SETTINGS_NAME)
    assert str(refused.value) == "umbmarket.toml cannot be read: it is a named pipe, not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_called_pyproject_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / "pyproject.toml")
    assert find_settings(tmp_path) is None


def test_of_very_many_problems_the_rest_is_counted(tmp_path: Path) -> None:
    path = tmp_path / SETTINGS_NAME
    path.write_text("".join(f"unknown{number} = 1\n" for number in range(2_000)), "utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(path, SETTINGS_NAME)
    lines = str(refused.value).split("\n")
    assert len(lines) == MOST_PROBLEMS + 1
    assert lines[0] == 'umbmarket.toml:1: unknown key "unknown0"'
    assert lines[-1] == "umbmarket.toml: and 1,900 more problems"


def test_a_key_without_end_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / SETTINGS_NAME
    parts = ["a"] * (MOST_KEY_PARTS + 1)
    path.write_text(f"select = []\n{'.'.join(parts)} = 1\n", "utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(path, SETTINGS_NAME)
    assert str(refused.value) == "umbmarket.toml:2: a key of more than 100 parts, which no setting has"
    path.write_text(f"select = []\n{'.'.join(parts[:-1])} = 1\n", "utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(path, SETTINGS_NAME)
    assert str(refused.value) == 'umbmarket.toml:2: unknown key "a"'


def test_a_pyproject_with_a_key_without_end_still_has_its_table(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.umbmarket]\n{'.'.join(['a'] * 200)} = 1\n", "utf-8")
    assert find_settings(tmp_path) == path
    path.write_text(f"[tool.other]\n# umbmarket\n{'.'.join(['a'] * 200)} = 1\n", "utf-8")
    assert find_settings(tmp_path) is None
