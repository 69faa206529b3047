"""The guide to the command line names every option, exit code and environment variable that there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from umbmarket.check.report import ExitCode
from umbmarket.cli.app import program
from umbmarket.cli.exit_codes import EXIT_CODES, exit_codes_of
from umbmarket.cli.usage_page import ENVIRONMENT, all_commands, command_pages, usage_page
from umbmarket.umbraco.publication import StatusCode
from umbmarket.umbraco.syncing import SyncCode

ROOT = Path(__file__).resolve().parents[2]
PAGE = usage_page()
COMMANDS = {context.command_path: command for command, context in all_commands()}
PAGES = command_pages()
LEAVES = [name for name, command in COMMANDS.items() if not isinstance(command, click.Group)]


def section(title: str) -> str:
    return re.split(r"^## ", PAGE.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def page_of(name: str) -> str:
    return PAGES[f"docs/commands/{name.removeprefix('umbmarket ').replace(' ', '-')}.md"]


@pytest.mark.parametrize("name", ["umbmarket", *LEAVES])
def test_every_parameter_of_a_command_is_on_its_page(name: str) -> None:
    command, text = COMMANDS[name], page_of(name)
    for parameter in command.params:
        shown = parameter.opts if isinstance(parameter, click.Option) else [parameter.human_readable_name]
        for word in shown:
            assert re.search(rf"^\| `([^`]*[ ,])?{re.escape(word)}[ `,]", text, re.MULTILINE), (name, word)
        if isinstance(parameter, click.Option) and isinstance(parameter.envvar, str):
            assert parameter.envvar in ENVIRONMENT
            assert f"| `{parameter.envvar}` |" in text


@pytest.mark.parametrize("name", LEAVES)
def test_a_page_has_the_exit_codes_of_its_command(name: str) -> None:
    text = page_of(name)
    codes = exit_codes_of(name.removeprefix("umbmarket "), COMMANDS[name].epilog)
    for code, meaning in codes.items():
        assert "| {} | {} |\n".format(code, meaning.replace("|", "\\|")) in text


def test_a_page_has_the_environment_of_its_command_and_no_other() -> None:
    assert "| `UMBMARKET_SYNC_URL` |" in page_of("umbmarket sync")
    assert "| `UMBMARKET_SYNC_URL` |" not in page_of("umbmarket validate")
    assert "| `UMBMARKET_VIMEO_OEMBED` |" in page_of("umbmarket validate")
    assert "| `UMBMARKET_NUXEO_TOKEN` |" in page_of("umbmarket nuxeo upload")
    assert "| `NO_COLOR` |" in page_of("umbmarket rules")
    assert "| `HTTPS_PROXY` |" not in page_of("umbmarket rules")


def test_every_command_is_there() -> None:
    group = program(())
    names = {f"umbmarket {name}" for name in group.list_commands(click.Context(group))}
    assert {"umbmarket", "umbmarket nuxeo init", *names} <= set(COMMANDS)
    assert re.findall(r"^\| \[(umbmarket.*?)\]\(commands/.*\.md\) \|", PAGE, re.MULTILINE) == ["umbmarket", *LEAVES]
    assert "| `-h, --help` |" in page_of("umbmarket")


def test_every_command_has_its_exit_codes_in_one_table() -> None:
    assert set(EXIT_CODES["validate"]) == set(ExitCode)
    assert set(EXIT_CODES["status"]) == set(StatusCode) | {ExitCode.USAGE}
    assert set(EXIT_CODES["sync"]) == set(SyncCode) | {ExitCode.USAGE}
    assert {f"umbmarket {name}" for name in EXIT_CODES} <= set(LEAVES)
    rows = re.findall(r"^\| (?:`(.+?)`|every command) \| ([0-9]+) \| (.+) \|$", section("Exit codes"), re.MULTILINE)
    told = {name: {int(code): meaning for own, code, meaning in rows if own == name} for name, _, _ in rows}
    assert told.pop("") == {130: "interrupted by Ctrl-C"}
    assert [f"umbmarket {name}" for name in told] == LEAVES
    for name, codes in told.items():
        assert {0, 2} <= set(codes), name
        assert codes == EXIT_CODES.get(name, codes)


def test_exit_codes_may_stand_on_the_help_page_alone() -> None:
    page = "\nExamples:\n  0  nothing\n\nExit codes:\n  0  made\n  12  too late | lost\n"
    assert exit_codes_of("no such", page) == {0: "made", 12: "too late | lost"}
    assert exit_codes_of("no such") == {}


def test_every_key_of_the_settings_is_explained() -> None:
    from umbmarket.settings.file_model import keys_at

    assert re.findall(r"^\| `([a-z-]+)` \|", section("Settings file"), re.MULTILINE) == keys_at("root")


READS = {"environ", "environment", "variables"}
"""What mappings of environment variables are called in the code."""


def names_read() -> Iterator[str]:
    """The names of environment variables that the code reads, by a text or by a constant that is one."""
    for path in (ROOT / "umbmarket").rglob("*.py"):
        tree = ast.parse(path.read_bytes())
        constants = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
                of = node.func.value
                name = of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
                if name in READS and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield str(first.value)
                    elif isinstance(first, ast.Name) and first.id in constants:
                        yield str(constants[first.id])
            elif isinstance(node, ast.Constant) and re.fullmatch(r"_?UMBMARKET_[A-Z_]+", str(node.value)):
                yield str(node.value)


def test_every_environment_variable_is_explained() -> None:
    found = set(names_read())
    assert {"UMBMARKET_FORMAT", "NO_COLOR", "UMBMARKET_SYNC_URL", "GIT_CONFIG_GLOBAL"} <= found
    # Of some variables the code puts the end together with what they begin with.
    assert {
        name for name in found if not any(each == name or each.startswith(f"{name}_") for each in ENVIRONMENT)
    } == set()
    for name in ENVIRONMENT:
        assert f"| `{name}` |" in section("Environment variables")


def test_the_page_has_no_broken_table() -> None:
    for block in re.findall(r"(?:^\|.*\n)+", "".join([PAGE, *PAGES.values()]), re.MULTILINE):
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in block.strip().split("\n")}
        assert len(columns) == 1, block
