"""Wrong use: one clear line, a hint where to look, exit code 2, and nothing on standard output."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
            f"error: --package-id: it holds ' '; an id is letters, digits and '_', separated by '.' or '-'\n{VALIDATE}",
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
            "error: RULE: it has to be given\nTry `umbmarket explain --help`.\n",
        ),
        (["validate", "--format"], f"error: --format: a value is missing\n{VALIDATE}"),
        (["validate", "-o"], f"error: -o: a value is missing\n{VALIDATE}"),
        (["validate", "--fix=yes"], f"error: --fix: it takes no value\n{VALIDATE}"),
        (["nuxeo", "pack", "a", "-o"], "error: -o: a value is missing\nTry `umbmarket nuxeo pack --help`.\n"),
        (
            ["explain", "UMB104", "UMB105"],
            "error: Got unexpected extra argument (UMB105)\nTry `umbmarket explain --help`.\n",
        ),
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


def test_a_working_folder_that_is_gone_is_wrong_use(project: Path, run) -> None:
    try:
        project.joinpath(".git").rmdir()
        project.rmdir()
    except OSError:
        pytest.skip("this system keeps the working folder")
    result = run("validate")
    assert result.stderr == f"error: PATH: the working folder is no longer there\n{VALIDATE}"
    assert result.exit_code == 2


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
