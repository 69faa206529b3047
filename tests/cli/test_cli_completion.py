"""What the shell offers at the tab key, and how it gets to know."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from umbmarket.cli.completion import SHELLS
from umbmarket.cli.schema import SCHEMAS
from umbmarket.marketplaces import all_rules


def answer(run, shell: str, words: str) -> list[str]:
    """What the script of a shell is told to offer for the last of `words`, line by line."""
    variables = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    if shell == "fish":
        variables["COMP_CWORD"] = words.rpartition(" ")[2]
    result = run(_UMBMARKET_COMPLETE=f"{shell}_complete", **variables)
    assert (result.stderr, result.exit_code) == ("", 0)
    return result.stdout.splitlines()


COMMANDS = [
    "init",
    "validate",
    "inspect",
    "preview",
    "sync",
    "status",
    "nuxeo",
    "rules",
    "explain",
    "schema",
    "matcher",
]


def offered(run, words: str) -> list[str]:
    """What bash offers for the last of `words`."""
    return [line.removeprefix("plain,") for line in answer(run, "bash", words) if line]


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("umbmarket ", COMMANDS),
        ("umbmarket v", ["validate"]),
        ("umbmarket --show-completion ", list(SHELLS)),
        ("umbmarket --install-completion f", ["fish"]),
        ("umbmarket validate --form", ["--format"]),
        ("umbmarket validate --format s", ["sarif"]),
        ("umbmarket validate --also s", ["sarif="]),
        ("umbmarket validate --color a", ["auto", "always"]),
        ("umbmarket validate --fail-on ", ["error", "warning", "info", "never"]),
        ("umbmarket inspect --mode s", ["SemVer"]),
        ("umbmarket schema ", list(SCHEMAS)),
        ("umbmarket explain UMB004", ["UMB004"]),
        ("umbmarket explain not-al", ["not-allowed-value"]),
        ("umbmarket validate --ignore UMB2,UMB004", ["UMB2,UMB004"]),
        ("umbmarket explain zzz", []),
        # Nothing is done or said while a word is completed.
        (
            "umbmarket --version ",
            COMMANDS,
        ),
        ("umbmarket . ", COMMANDS),
    ],
)
def test_words_are_completed(words: str, offers: list[str], run) -> None:
    assert offered(run, words) == offers


@pytest.mark.parametrize(
    "words",
    [
        "umbmarket validate art",
        "umbmarket validate --config art",
        "umbmarket validate --output art",
        "umbmarket inspect art",
        "umbmarket inspect --listing art",
        "umbmarket sync --from art",
    ],
)
def test_files_are_completed_by_the_shell(words: str, run) -> None:
    assert answer(run, "bash", words) == ["file,art"]


def test_every_code_is_offered(run) -> None:
    assert offered(run, "umbmarket validate --select ") == list(all_rules())


def test_codes_come_with_names_and_names_with_codes(run) -> None:
    assert answer(run, "zsh", "umbmarket explain UMB104") == ["plain", "UMB104", "not-allowed-value"]
    assert answer(run, "powershell", "umbmarket explain UMB104") == ["plain", "UMB104", "not-allowed-value"]
    assert answer(run, "fish", "umbmarket validate --select UMB1,not-al") == [
        "plain,UMB1,not-allowed-value\tUMB104",
    ]


BEGINNINGS = {
    "bash": "_umbmarket_completion() {\n    local IFS=$'\\n'\n",
    "zsh": "#compdef umbmarket\n",
    "fish": "function _umbmarket_completion;\n",
    "powershell": "Register-ArgumentCompleter -Native -CommandName umbmarket -ScriptBlock {\n",
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("joint", [" ", "="])
def test_the_script_is_that_of_the_named_shell(shell: str, joint: str, run) -> None:
    own = "bash" if shell != "bash" else "zsh"
    result = run(*f"--show-completion{joint}{shell}".split(" "), SHELL=f"/bin/{own}")
    assert result.stdout.startswith(BEGINNINGS[shell])
    assert f"_UMBMARKET_COMPLETE={shell}_complete" in result.stdout.replace(" = '", "=")
    assert (result.stderr, result.exit_code) == ("", 0)


def test_powershell_has_another_name(run) -> None:
    assert run("--show-completion", "pwsh").stdout == run("--show-completion", "powershell").stdout


def test_without_a_name_it_is_the_users_own_shell(run) -> None:
    assert run("--show-completion", SHELL="/usr/local/bin/fish").stdout.startswith(BEGINNINGS["fish"])
    assert run("--show-completion", SHELL="/bin/zsh").stdout.startswith(BEGINNINGS["zsh"])


@pytest.mark.parametrize("option", ["--show-completion", "--install-completion"])
def test_other_shells_are_refused(option: str, run) -> None:
    result = run(option, "tcsh", SHELL="/bin/bash")
    assert result.stderr == (
        f'error: {option}: unknown value "tcsh", use bash, zsh, fish or powershell\nTry `umbmarket --help`.\n'
    )
    assert (result.stdout, result.exit_code) == ("", 2)
    result = run(option, SHELL="/bin/tcsh")
    assert result.stderr == (
        f"error: {option}: SHELL names no shell that umbmarket knows: name one, such as bash\nTry `umbmarket --help`.\n"
    )
    assert (result.stdout, result.exit_code) == ("", 2)


posix = pytest.mark.skipif(os.name == "nt", reason="these shells keep their files in a POSIX home")


@posix
@pytest.mark.parametrize(
    ("shell", "script", "start", "line"),
    [
        ("bash", ".bash_completions/umbmarket.sh", ".bashrc", "source '{home}/.bash_completions/umbmarket.sh'"),
        ("zsh", ".zfunc/_umbmarket", ".zshrc", "fpath+=~/.zfunc; autoload -Uz compinit; compinit"),
    ],
)
def test_the_script_is_installed_and_read_at_the_start(
    shell: str, script: str, start: str, line: str, tmp_path: Path, run
) -> None:
    (tmp_path / start).write_bytes(b"alias ll='ls -l' # \xff")
    for _ in range(2):
        result = run("--install-completion", shell, HOME=str(tmp_path))
        assert result.stdout == (
            f"{shell} completion installed in {tmp_path / script}\nIt takes effect in the next terminal you open.\n"
        )
        assert (result.stderr, result.exit_code) == ("", 0)
    assert (tmp_path / script).read_text("utf-8") == run("--show-completion", shell).stdout
    added = line.format(home=tmp_path).encode()
    # Once, however often it is installed, and what stood there stands.
    assert (tmp_path / start).read_bytes() == b"alias ll='ls -l' # \xff\n" + added + b"\n"


@posix
def test_fish_reads_its_folder_by_itself(tmp_path: Path, run) -> None:
    assert run("--install-completion", "fish", HOME=str(tmp_path)).exit_code == 0
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [".config/fish/completions/umbmarket.fish"]


def test_powershell_is_told_what_to_add(tmp_path: Path, run) -> None:
    result = run("--install-completion", "powershell", HOME=str(tmp_path))
    assert result.stdout == (
        "Add this line to the file that $PROFILE names, and restart PowerShell:\n"
        "  umbmarket --show-completion powershell | Out-String | Invoke-Expression\n"
    )
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_home_that_takes_no_files_is_said(tmp_path: Path, run) -> None:
    (tmp_path / ".config").write_text("in the way")
    result = run("--install-completion", "fish", HOME=str(tmp_path))
    folder = tmp_path / ".config" / "fish" / "completions"
    assert result.stderr == f"error: {folder} cannot be created: {tmp_path / '.config'} is a file, not a folder\n"
    assert (result.stdout, result.exit_code) == ("", 2)


@posix
def test_no_shell_is_told_to_read_a_script_that_is_not_there(tmp_path: Path, run) -> None:
    (tmp_path / ".bash_completions").write_text("in the way")
    assert run("--install-completion", "bash", HOME=str(tmp_path)).exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == [".bash_completions"]


@pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        (["umbmarket", "validate", "--format", "s"], ["sarif"]),
        (["umbmarket", "explain", "UMB10"], [f"UMB10{digit}" for digit in range(1, 10)]),
    ],
)
def test_bash_itself_completes(typed: list[str], offers: list[str], tmp_path: Path, run) -> None:
    program = tmp_path / "umbmarket"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m umbmarket "$@"\n')
    program.chmod(0o755)
    script = tmp_path / "script.sh"
    script.write_text(run("--show-completion", "bash").stdout)
    words = " ".join(f"'{word}'" for word in typed)
    command = (
        f"source '{script}'; COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; "
        "_umbmarket_completion umbmarket; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "--norc", "-c", command],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stderr == ""
    assert result.stdout.split() == offers


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_home_folder_may_have_an_apostrophe_in_its_name(tmp_path: Path, run) -> None:
    home = tmp_path / "o'brien"
    home.mkdir()
    for _ in range(2):
        assert run("--install-completion", "bash", HOME=str(home)).exit_code == 0
    assert (home / ".bashrc").read_text("utf-8").count("\n") == 1
    shell = subprocess.run(
        ["bash", "-c", f'source "{home}/.bashrc" && complete -p umbmarket'],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (shell.stderr, shell.returncode) == ("", 0)
