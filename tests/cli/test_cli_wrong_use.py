"""Wrong use: one clear line, a hint where to look, exit code 2, and nothing on standard output."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import HEALTHY
from umbmarket.cli.app import program
from umbmarket.cli.exit_codes import EXIT_CODES

VALIDATE = "Try `umbmarket validate --help`.\n"
PROGRAM = "Try `umbmarket --help`.\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["validate", "--slect", "UMB1"], f"error: unknown option --slect, did you mean --select?\n{VALIDATE}"),
        (["validate", "--zzz"], f"error: unknown option --zzz\n{VALIDATE}"),
        (["vlidate"], f'error: unknown command "vlidate", did you mean "validate"?\n{PROGRAM}'),
        (["zzz"], f'error: unknown command "zzz"\n{PROGRAM}'),
        (
            ["umbraco-marketplace.json"],
            "error: umbraco-marketplace.json is not a command; "
            f"did you mean `umbmarket validate umbraco-marketplace.json`?\n{PROGRAM}",
        ),
        (["."], f"error: . is not a command; did you mean `umbmarket validate .`?\n{PROGRAM}"),
        (
            ["validate", "--format", "jsn"],
            f'error: --format: unknown value "jsn", did you mean "json"?\n{VALIDATE}',
        ),
        (
            ["validate", "--color", "allways"],
            f'error: --color: unknown value "allways", did you mean "always"?\n{VALIDATE}',
        ),
        (
            ["validate", "--fail-on", "warn"],
            f'error: --fail-on: unknown value "warn", did you mean "warning"?\n{VALIDATE}',
        ),
        (
            ["validate", "--select", "UMB1,not-alowed-value"],
            f'error: --select: unknown rule "not-alowed-value"; did you mean "not-allowed-value"?\n{VALIDATE}',
        ),
        (
            ["validate", "--ignore", "UMB104", "--ignore", "nonsense-here"],
            f'error: --ignore: unknown rule "nonsense-here"\n{VALIDATE}',
        ),
        (
            ["validate", "--select", " , "],
            f"error: --select: name a rule, such as UMB104 or not-allowed-value\n{VALIDATE}",
        ),
        (
            ["validate", "-q", "-v"],
            f"error: --quiet: it does not go together with --verbose\n{VALIDATE}",
        ),
        (
            ["validate", "--config", "x.toml", "--no-config"],
            f"error: --config: it does not go together with --no-config\n{VALIDATE}",
        ),
        (
            ["validate", "--stdin-filename", "x.json"],
            f'error: --stdin-filename: it needs "-" among the paths\n{VALIDATE}',
        ),
        (
            ["validate", "--package-id", "my package"],
            "error: --package-id: it contains ' ', but an id consists of letters, digits, '_', '.' and '-'\n"
            + VALIDATE,
        ),
        (["validate", "--package-id", ""], f"error: --package-id: it is empty\n{VALIDATE}"),
        (["validate", ""], f'error: PATH: it is empty; the working folder is "."\n{VALIDATE}'),
        (["validate", ".", "--output", ""], f"error: --output: it is empty\n{VALIDATE}"),
        (["validate", "--config", ""], f"error: --config: it is empty\n{VALIDATE}"),
        (
            ["validate", "https://user:secret@example.com/umbraco-marketplace.json"],
            "error: PATH: an address, where the path of a file is needed; download the file and name that, pipe it in"
            " (curl -fsSL ADDRESS | umbmarket validate -), or, if the package is published, see"
            f" `umbmarket status PACKAGE_ID`\n{VALIDATE}",
        ),
        (
            ["inspect", "HTTP://example.com/a.nupkg"],
            "error: PACKAGE.nupkg...: an address, where the path of a file is needed; download the file first, and name"
            " that\nTry `umbmarket inspect --help`.\n",
        ),
        *(
            (
                ["validate", "--statistics", "--format", name],
                "error: --statistics: it goes with --format text, concise, msbuild or markdown,"
                f" not with {name}\n{VALIDATE}",
            )
            for name in ("json", "sarif", "github", "gitlab", "junit")
        ),
        (
            ["explain"],
            "error: RULE: it is required (the rule's code or name, or the beginning of codes)\n"
            "Try `umbmarket explain --help`.\n",
        ),
        (
            ["nuxeo", "inspect"],
            "error: PACKAGE.zip...: it is required (ZIPs, or folders with a package.xml)\n"
            "Try `umbmarket nuxeo inspect --help`.\n",
        ),
        (
            ["nuxeo", "upload", "a.zip"],
            "error: --org: it is required (the organisation that will own the package)\n"
            "Try `umbmarket nuxeo upload --help`.\n",
        ),
        (
            ["validate", "--format"],
            "error: --format: a value is missing, use text, concise, msbuild, json, sarif, github, gitlab, junit or"
            f" markdown\n{VALIDATE}",
        ),
        (["validate", "-o"], f"error: -o: a value is missing; write -o FILE\n{VALIDATE}"),
        (["validate", "-qo"], f"error: -o: a value is missing; write -o FILE\n{VALIDATE}"),
        (["validate", "--also"], f"error: --also: a value is missing; write --also FORMAT=FILE\n{VALIDATE}"),
        (["validate", "--fix=yes"], f"error: --fix: it takes no value\n{VALIDATE}"),
        (["validate", "-q=1"], f"error: -q: it takes no value\n{VALIDATE}"),
        (["validate", "-o="], f"error: --output: it is empty\n{VALIDATE}"),
        (["--version=3"], f"error: --version: it takes no value\n{PROGRAM}"),
        (
            ["nuxeo", "pack", "a", "-o"],
            "error: -o: a value is missing; write -o FILE\nTry `umbmarket nuxeo pack --help`.\n",
        ),
        # What click would take for a file that is called --fix, or for -o with the file "utput".
        (
            ["validate", "--output", "--fix"],
            f"error: --output: a value is missing before --fix; write --output FILE\n{VALIDATE}",
        ),
        (["validate", "-o", "-q", "x"], f"error: -o: a value is missing before -q; write -o FILE\n{VALIDATE}"),
        (
            ["rules", "--format", "--color", "never"],
            "error: --format: a value is missing before --color, use text or json\nTry `umbmarket rules --help`.\n",
        ),
        (["validate", "-output", "x"], f"error: unknown option -output, did you mean --output?\n{VALIDATE}"),
        (["validate", "-fix"], f"error: unknown option -fix, did you mean --fix?\n{VALIDATE}"),
        (["validate", "-z"], f"error: unknown option -z\n{VALIDATE}"),
        (
            ["validate", "--for", "json"],
            f"error: unknown option --for, did you mean --force-exclude or --format?\n{VALIDATE}",
        ),
        (["validate", "--no-fix"], f"error: unknown option --no-fix, did you mean --fix?\n{VALIDATE}"),
        (["--comple"], f"error: unknown option --comple, did you mean --show-completion?\n{PROGRAM}"),
        (
            ["explain", "UMB104", "UMB105"],
            'error: unexpected argument "UMB105": umbmarket explain takes one RULE\nTry `umbmarket explain --help`.\n',
        ),
        (
            ["preview", "My", "Package", "--open"],
            'error: unexpected argument "Package": umbmarket preview takes one PATH; put a path that has spaces in'
            " quotes\nTry `umbmarket preview --help`.\n",
        ),
        (
            ["nuxeo", "pack", "a", "b", "c", "d", "e", "f"],
            'error: unexpected arguments "b", "c", "d" and 2 more: umbmarket nuxeo pack takes one FOLDER; put a path'
            " that has spaces in quotes\nTry `umbmarket nuxeo pack --help`.\n",
        ),
        (
            ["init", "my.package"],
            'error: unexpected argument "my.package": umbmarket init takes no arguments\n'
            "Try `umbmarket init --help`.\n",
        ),
        (["help"], f'error: unknown command "help", did you mean `umbmarket --help`?\n{PROGRAM}'),
        (
            ["help", "validate", "x"],
            f'error: unknown command "help", did you mean `umbmarket validate --help`?\n{PROGRAM}',
        ),
        (
            ["nuxeo", "help", "pack"],
            'error: unknown command "help", did you mean `umbmarket nuxeo pack --help`?\n'
            "Try `umbmarket nuxeo --help`.\n",
        ),
        (["version"], f'error: unknown command "version", did you mean `umbmarket --version`?\n{PROGRAM}'),
        (["nuxeo", "version"], 'error: unknown command "version"\nTry `umbmarket nuxeo --help`.\n'),
        (
            ["schema", "setings"],
            'error: NAME: unknown value "setings", did you mean "settings"?\nTry `umbmarket schema --help`.\n',
        ),
        (
            ["rules", "--format", "yaml"],
            'error: --format: unknown value "yaml", use text or json\nTry `umbmarket rules --help`.\n',
        ),
    ],
)
def test_wrong_use_is_said_in_one_line(args: list[str], said: str, healthy: Path, run) -> None:
    result = run(*args)
    assert result.stderr == said
    assert result.stderr.count("\n") == 2
    assert result.stdout == ""
    assert result.exit_code == 2


COMMANDS = tuple(dict.fromkeys((*EXIT_CODES, "preview")))
"""Every command, as it is typed."""

SAID_BY_CLICK = ("Got ", "Missing ", "No such ", "Option '", "Invalid ", "Error", "Usage:", "Did you mean", "requires")


def parameters(command: str) -> list[click.Parameter]:
    found: click.Command = program()
    for word in command.split():
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), word) or pytest.fail(word)
    return found.params


def slips(command: str) -> Iterator[list[str]]:
    """Command lines of one command that are wrong, each in a way that click has words of its own for."""
    words, params = command.split(), parameters(command)
    arguments = [each for each in params if isinstance(each, click.Argument)]
    if any(each.required for each in arguments):
        yield words
    if all(each.nargs == 1 for each in arguments):
        yield [*words, *("github" for _ in arguments), "one", "more"]
    yield [*words, "--no-such-option"]
    yield [*words, "-\u00fc"]
    for each in params:
        for name in each.opts if isinstance(each, click.Option) else ():
            if each.is_flag and name.startswith("--"):
                yield [*words, f"{name}=yes"]
            elif not each.is_flag:
                yield [*words, name]
                yield [*words, name, "--help"]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_wrong_use_is_said_in_the_words_of_click(command: str, healthy: Path, run) -> None:
    for args in slips(command):
        result = run(*args)
        first, second = result.stderr.splitlines()
        assert first.startswith("error: ")
        assert not any(words in first for words in SAID_BY_CLICK), first
        assert second == f"Try `umbmarket {command} --help`."
        assert (result.exit_code, result.stdout) == (2, "")


def test_a_value_that_looks_like_an_option_can_be_given_all_the_same(healthy: Path, run) -> None:
    assert run("validate", "--output=--fix").exit_code == 0
    assert run("validate", "-o-q").exit_code == 0
    assert run("validate", "--output", "-other").exit_code == 0
    assert run("validate", "--", "umbraco-marketplace.json").exit_code == 0
    assert {"--fix", "-q", "-other"} <= {path.name for path in healthy.iterdir()}


def test_an_equals_sign_may_stand_behind_a_short_option_too(healthy: Path, run) -> None:
    assert run("validate", "-o=report.json", "-f=json", "-q").exit_code == 0
    assert json.loads((healthy / "report.json").read_text("utf-8"))["version"] == 1
    # Behind a value, and behind two dashes, nothing is an option.
    assert run("validate", "--output", "-f=x").exit_code == 0
    assert (healthy / "-f=x").exists()
    assert run("validate", "--", "-f=x").exit_code == 1


def test_paths_that_begin_with_a_dash_stand_behind_two_dashes(healthy: Path, run) -> None:
    (healthy / "-output").mkdir()
    (healthy / "-output" / "umbraco-marketplace.json").write_text(HEALTHY, "utf-8")
    assert run("validate", "--", "-output").exit_code == 0
    assert run("validate", "-output").exit_code == 2


@pytest.mark.parametrize(
    "path",
    ["Directory.Build.props", "src/Directory.Packages.PROPS", "a.targets", "src/packages.config", "A.csproj.user"],
)
def test_parts_of_projects_are_neither_listings_nor_packages(path: str, healthy: Path, run) -> None:
    (healthy / "src").mkdir()
    (healthy / path).write_text("<Project />")
    name = path.rpartition("/")[2]
    for command, argument, others in (
        ("validate", "PATH", ", a solution or a folder"),
        ("preview", "PATH", ", a solution or a folder"),
        ("inspect", "PACKAGE", " or a solution"),
    ):
        result = run(command, path)
        assert (result.stdout, result.exit_code) == ("", 2)
        said = f'{argument}: "{name}" is not a project; name a project (.csproj){others}'
        assert result.stderr == f"error: {said}\nTry `umbmarket {command} --help`.\n"


def test_a_folder_that_is_called_so_is_searched(healthy: Path, run) -> None:
    (healthy / "build.targets").mkdir()
    (healthy / "umbraco-marketplace.json").rename(healthy / "build.targets" / "umbraco-marketplace.json")
    assert run("validate", "build.targets").exit_code == 0


def test_the_same_options_spelled_right_are_taken(healthy: Path, run) -> None:
    args = ["--format", "JSON", "--color", "Always", "--fail-on", "WARNING", "--package-id", "My.Package"]
    assert run("validate", *args, "--select", "umb1, Not-Allowed-Value ,", "-q").exit_code == 0


def test_wrong_format_of_the_environment_is_named_as_such(healthy: Path, run) -> None:
    result = run("validate", UMBMARKET_FORMAT="xml")
    assert result.stderr.startswith('error: UMBMARKET_FORMAT: unknown value "xml", use ')
    assert result.exit_code == 2


def test_what_the_user_typed_cannot_steer_the_terminal(healthy: Path, run) -> None:
    result = run("validate", "--select", "\x1b[31mUMB\n##[error]x")
    assert "\x1b" not in result.stderr
    assert "##[" not in result.stderr
    assert result.stderr.count("\n") == 2


BROKEN_LINE = "new\nline"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "args",
    [
        ["validate", BROKEN_LINE],
        ["validate", "--config", BROKEN_LINE],
        ["validate", "--output", f"{BROKEN_LINE}/x"],
        ["validate", "--also", f"json={BROKEN_LINE}/umbmarket.toml/x"],
        ["validate", "--output", f"{BROKEN_LINE}.txt"],
        ["validate", "--also", f"json={BROKEN_LINE}.json"],
        ["validate", "--diff", "--output", f"{BROKEN_LINE}.diff"],
        ["preview", BROKEN_LINE],
        ["preview", "--package-file", BROKEN_LINE],
        ["preview", "--readme", BROKEN_LINE],
        ["preview", "--output", f"{BROKEN_LINE}/umbmarket.toml"],
        ["inspect", BROKEN_LINE],
        ["inspect", "--listing", BROKEN_LINE, BROKEN_LINE],
        ["sync", BROKEN_LINE],
        ["sync", "--from", BROKEN_LINE],
        ["status", BROKEN_LINE],
        ["explain", BROKEN_LINE],
        ["schema", BROKEN_LINE],
        ["init", BROKEN_LINE],
        ["init", "--package-id", BROKEN_LINE],
        ["init", "--category", BROKEN_LINE],
        ["nuxeo", "init", BROKEN_LINE],
        ["nuxeo", "init", "a", "--platform", BROKEN_LINE],
        ["nuxeo", "validate", BROKEN_LINE],
        ["nuxeo", "validate", "--platform", BROKEN_LINE],
        ["nuxeo", "inspect", BROKEN_LINE],
        ["nuxeo", "pack", BROKEN_LINE],
        ["nuxeo", "upload", BROKEN_LINE, "--org", "x", "--dry-run"],
        ["nuxeo", "upload", "x.zip", "--org", "x", "--target", BROKEN_LINE],
        ["nuxeo", "delete", f"{BROKEN_LINE}.zip"],
        ["nuxeo", "delete", BROKEN_LINE],
        [BROKEN_LINE],
    ],
    ids=lambda args: " ".join(args).replace("\n", "_"),
)
def test_a_line_break_in_what_was_typed_breaks_no_line(args: list[str], healthy: Path, run) -> None:
    if any(f"{BROKEN_LINE}/" in word for word in args):
        (healthy / BROKEN_LINE).mkdir()
        (healthy / BROKEN_LINE / "umbmarket.toml").write_text("")
    result = run(*args)
    assert result.exit_code in (0, 1, 2, 3)
    assert BROKEN_LINE not in result.output
    # What would be the rest of the name stands at the start of no line.
    assert not any(line.startswith(("line", "error: line", "note: line")) for line in result.output.splitlines())


@pytest.mark.parametrize(
    "args",
    [
        ["validate"],
        ["validate", "-o", "x", "--also", "json=y"],
        ["validate", "--fix", "--config", "x"],
        ["validate", "-"],
        ["preview", "-o", "x"],
        ["inspect", "x"],
        ["sync", "--from", "x.nupkg"],
        ["sync", "--from", "*.nupkg"],
        ["init", "--category", "Search", "--license-type", "Free"],
        ["nuxeo", "init", "x"],
        ["nuxeo", "pack", "x", "-o", "y"],
        ["nuxeo", "validate", "-o", "x"],
        ["nuxeo", "inspect", "x"],
    ],
    ids=" ".join,
)
def test_a_working_folder_that_is_gone_is_wrong_use(args: list[str], project: Path, run) -> None:
    try:
        project.joinpath(".git").rmdir()
        project.rmdir()
    except OSError:
        pytest.skip("this system keeps the working folder")
    result = run(*args)
    command = " ".join(args[:2] if args[0] == "nuxeo" else args[:1])
    assert result.stderr == f"error: PATH: the working folder no longer exists\nTry `umbmarket {command} --help`.\n"
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("args", [["validate"], ["nuxeo", "inspect"], ["sync", "--from"]], ids=" ".join)
def test_a_pattern_of_very_many_folders_matches_nothing(args: list[str], project: Path, run) -> None:
    result = run(*args, "*/" * 2_000)
    assert result.exit_code in (1, 2)
    assert "broke" not in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="no file of Windows can have such a name")
def test_a_link_to_nothing_whose_name_is_a_pattern_is_itself_meant(project: Path, run) -> None:
    (project / "*").symlink_to("nowhere")
    (project / "a.json").write_text("{}", "utf-8")
    result = run("validate", "*", "--format", "concise", "--quiet")
    assert result.stdout == ("*:1:1: error: UMB001 cannot be read: it is a link to something that does not exist\n")
    assert result.exit_code == 1


WORDS = st.one_of(
    st.sampled_from(
        [
            *("validate", "rules", "explain", "schema", "settings", "UMB104", "UMB1,thin-listing", "json", "github"),
            *("--format", "-f", "--select", "--ignore", "--fail-on", "--color", "never", "info", "-q", "-v", "-"),
            *("--statistics", "--package-id", "My.Package", "--config", "--no-config", "--stdin-filename", "--", "."),
            *("umbraco-marketplace.json", "--format=sarif", "-qf", "--help", "--version", "x\x1b[31m", "\udcff"),
        ]
    ),
    st.text(max_size=4),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(args=st.lists(WORDS, max_size=6))
def test_whatever_is_typed_ends_in_a_documented_way(args: list[str], healthy: Path, run) -> None:
    result = run(*args, stdin=b"{}")
    assert result.exit_code in (0, 1, 2, 3)
    assert "Traceback" not in result.output
    assert "broke" not in result.stderr
    assert "\x1b[31m" not in result.stderr
