"""The pages about the commands: `docs/usage.md`, and one in `docs/commands/` for each, made from the commands.

Pure: commands in, text out. A test compares the pages with what click knows, so that nothing is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import click

from umbmarket.cli.app import program
from umbmarket.cli.exit_codes import FOR_ALL, exit_codes_of
from umbmarket.cli.program import NAME, command_of
from umbmarket.findings import JsonValue
from umbmarket.settings.file import settings_schema

USAGE_PAGE = "docs/usage.md"
"""Where the page about all commands lies in the source tree."""

COMMAND_PAGES = "docs/commands"
"""The folder of the pages about single commands."""

_GENERATED = "<!-- Generated from the commands by docs/generate.py. To change a text, change it in umbmarket/cli. -->\n"

_ALL = "all"
_VALIDATING: Final = "validate, nuxeo validate"
_PUBLISHING: Final = "nuxeo upload, nuxeo delete"
_ONLINE: Final = f"validate --online, sync, status, {_PUBLISHING}"

ENVIRONMENT: Final[Mapping[str, tuple[str, str]]] = {
    "UMBMARKET_FORMAT": (_VALIDATING, "the format if `--format` is not given"),
    "UMBMARKET_MIN_SEVERITY": (_VALIDATING, "the lowest severity to show if `--min-severity` is not given"),
    "UMBMARKET_TRACEBACK": (_ALL, "if `1`, an error in umbmarket itself is shown with its traceback"),
    "NO_COLOR": (_ALL, "set and not empty: no colours ([no-color.org](https://no-color.org))"),
    "FORCE_COLOR": (_ALL, "set and not empty: colours even without a terminal; `NO_COLOR` overrides it"),
    "TERM": (_ALL, "`dumb` switches off colours and progress lines"),
    "COLUMNS": (_ALL, "the width of the terminal, instead of the detected one"),
    "SHELL": ("`--show-completion`, `--install-completion`", "your shell, if none is named"),
    "_UMBMARKET_COMPLETE": ("completion", "set by the completion script when the shell asks for completions"),
    "UMBMARKET_NUGET_SOURCE": (
        "validate --online, sync, status",
        "the service index of the NuGet V3 feed, or `NAME=URL`; default: nuget.org",
    ),
    "NuGetPackageSourceCredentials_NAME": (
        "validate --online, sync, status",
        "user name and token for the feed called `NAME`: `Username=...;Password=...`, as in NuGet",
    ),
    "UMBMARKET_MARKETPLACE_API": ("sync, status", "base URL of the Marketplace's package API"),
    "UMBMARKET_SYNC_URL": ("sync", "URL of the Marketplace's sync function"),
    "UMBMARKET_YOUTUBE_OEMBED": ("validate --online", "the URL of YouTube's oEmbed service"),
    "UMBMARKET_VIMEO_OEMBED": ("validate --online", "the URL of Vimeo's oEmbed service"),
    "UMBMARKET_LISTING_SCHEMA": ("validate --online", "where the listing's schema is published"),
    "UMBMARKET_NUXEO_LOGIN": (_PUBLISHING, "user name for the Nuxeo Marketplace"),
    "UMBMARKET_NUXEO_TOKEN": (_PUBLISHING, "the token of that user"),
    "UMBMARKET_NUXEO_PREPROD_LOGIN": (_PUBLISHING, "user name for its preproduction"),
    "UMBMARKET_NUXEO_PREPROD_TOKEN": (_PUBLISHING, "the token of that user"),
    "UMBMARKET_NUXEO_CUSTOM_URL": (
        _PUBLISHING,
        "the URL of another server to publish to, for which the next two are",
    ),
    "UMBMARKET_NUXEO_CUSTOM_LOGIN": (_PUBLISHING, "user name for that URL"),
    "UMBMARKET_NUXEO_CUSTOM_TOKEN": (_PUBLISHING, "the token of that user"),
    "HTTPS_PROXY": (_ONLINE, "the proxy for `https` URLs"),
    "HTTP_PROXY": (_ONLINE, "the proxy for `http` URLs"),
    "ALL_PROXY": (_ONLINE, "the proxy for all others"),
    "NO_PROXY": (_ONLINE, "hosts that are reached without a proxy"),
    "SSL_CERT_FILE": (_ONLINE, "a file of certificates to trust instead of the usual ones"),
    "SSL_CERT_DIR": (_ONLINE, "a folder of certificates to trust instead of the usual ones"),
    "GITHUB_SERVER_URL": (_VALIDATING, "with the next two, the target of the links in the format `markdown` on GitHub"),
    "GITHUB_REPOSITORY": (_VALIDATING, "see above"),
    "GITHUB_SHA": (_VALIDATING, "see above"),
    "CI_PROJECT_URL": (_VALIDATING, "with the next one, the target of the links in the format `markdown` on GitLab"),
    "CI_COMMIT_SHA": (_VALIDATING, "see above"),
    "HOME": (_ALL, "your home folder (on Windows `USERPROFILE`): no settings are looked for above it"),
    "XDG_CACHE_HOME": ("validate --online, sync, status", "where documents of the feed are cached (Linux)"),
    "XDG_STATE_HOME": ("sync", "where the time of the last request for each id is kept (Linux)"),
    "XDG_CONFIG_HOME": (
        "validate, inspect, nuxeo init",
        "the folder of git's settings, which are read for ignored files and for your name",
    ),
    "GIT_CONFIG_GLOBAL": ("validate, inspect, nuxeo init", "a file to read in place of git's own settings"),
}
"""Every environment variable that is read: the commands that do, and what it means."""

_INTRODUCTION = f"""\
# Commands, exit codes, settings

{_GENERATED}
`umbmarket COMMAND --help` shows the page of a command in the terminal.
"""

_SETTINGS = """\

## Settings file

Settings are in `umbmarket.toml`, or in the table `[tool.umbmarket]` of `pyproject.toml`. Each file that is checked
uses the nearest settings: those in its own folder, else those in the folder above, and so on up to the root of the
git working tree (without one, up to your home folder or the root of the disk). If a folder has both files,
`umbmarket.toml` is used.

- Settings files are not merged: one in `src/MyPackage` replaces the one in the root for everything below
  `src/MyPackage`.
- A settings file outside the repository is never read, nor is a link that leads out of it. A file without settings of
  its own (a package in another folder, a submodule) uses those of the working folder.
- All settings but `min-severity` come from the nearest file. Each file's findings count by its own `fail-on`, and the
  exit code is the highest. `min-severity`, which concerns the output, comes from the settings of the working folder.
- `--config FILE` uses one file for everything, `--no-config` none. Options on the command line apply to all files.
- If a nearest settings file cannot be read or is wrong, the run ends with exit code 2, and the message names the
  file.

Patterns are relative to the folder of the settings file. `exclude` works like a `.gitignore` beside the settings file
(`samples/`, `*.template.json`, `!samples/good`), and applies only when a folder is searched: a file or folder that is
named on the command line is checked anyway. Tools that pass the changed files, such as pre-commit, add
`--force-exclude`; of the projects among them only those for the Marketplace are then checked, and if nothing is left,
the exit code is 0.
"""


def usage_page() -> str:
    """The whole page."""
    commands = list(all_commands())
    return "".join(
        [
            _INTRODUCTION,
            "\n## Commands\n",
            _table(("command", "what it does"), _links(commands)),
            _exit_codes(commands),
            _SETTINGS,
            _table(("key", "meaning"), _keys()),
            "\n## Environment variables\n",
            _table(("variable", "read by", "meaning"), _environment(ENVIRONMENT)),
        ]
    )


def command_pages() -> Mapping[str, str]:
    """The pages about single commands: path in the source tree to text."""
    return {
        f"{COMMAND_PAGES}/{_file_name(context)}": _command_page(command, context)
        for command, context in all_commands()
        if not isinstance(command, click.Group) or context.parent is None
    }


def all_commands() -> Iterator[tuple[click.Command, click.Context]]:
    """Every command in the order of the help pages, each with its context; the program itself first."""
    group = program(())
    yield from _with_those_below(group, click.Context(group, info_name=NAME, **group.context_settings))


def _with_those_below(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _with_those_below(below, click.Context(below, info_name=name, parent=context))


def generated_files() -> Mapping[str, str]:
    """The file that is generated here: path in the source tree to text."""
    return {USAGE_PAGE: usage_page(), **command_pages()}


def _file_name(context: click.Context) -> str:
    return f"{command_of(context).replace(' ', '-') or NAME}.md"


def _links(commands: Iterable[tuple[click.Command, click.Context]]) -> Iterator[tuple[str, str]]:
    for command, context in commands:
        if not isinstance(command, click.Group) or context.parent is None:
            link = f"[{context.command_path}](commands/{_file_name(context)})"
            yield link, command.get_short_help_str(limit=200)


def _reads(command: str, readers: str) -> bool:
    """Whether the variables that `readers` read are read by a command."""
    named = {reader.strip("`").partition(" --")[0] for reader in readers.split(", ")}
    return readers == _ALL or command in named


def _exit_codes(commands: Iterable[tuple[click.Command, click.Context]]) -> str:
    rows = [("every command", str(code), meaning) for code, meaning in FOR_ALL.items()]
    for command, context in commands:
        name = command_of(context)
        codes = exit_codes_of(name, command.epilog)
        rows += [(f"`{name}`", str(code), meaning) for code, meaning in codes.items()]
    return f"\n## Exit codes\n{_table(('command', 'exit code', 'meaning'), rows)}"


def _command_page(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"# {context.command_path}\n\n{_GENERATED}\n{command.help}\n\n```text\n{usage}\n```\n"]
    groups: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Argument):
            required = " Required." if parameter.required else ""
            shown = f"{parameter.help or ''}{required}"
            groups.setdefault("Arguments", []).append((f"`{parameter.human_readable_name}`", shown))
        elif (record := parameter.get_help_record(context)) is not None:
            groups.setdefault(getattr(parameter, "heading", None) or "Options", []).append(
                (f"`{record[0]}`", record[1])
            )
    for heading, records in sorted(groups.items(), key=lambda group: (group[0] != "Arguments", group[0] == "Options")):
        parts.append(_table((heading.lower(), "meaning"), records))
    name = command_of(context)
    codes = {**exit_codes_of(name, command.epilog), **FOR_ALL}
    parts.append(_table(("exit code", "meaning"), ((str(code), meaning) for code, meaning in codes.items())))
    text = (command.epilog or "").partition("Exit codes:")[0].strip("\n")
    if text:
        parts.append(f"\n```text\n{text}\n```\n")
    read = {variable: told for variable, told in ENVIRONMENT.items() if _reads(name, told[0])}
    rows = [(variable, meaning) for variable, _, meaning in _environment(read)]
    parts.append(_table(("environment variable", "meaning"), rows))
    parts.append("\n[All commands, exit codes and settings](../usage.md)\n")
    return "".join(parts)


def _keys() -> Iterator[tuple[str, str]]:
    properties = settings_schema(list[JsonValue]())["properties"]
    if isinstance(properties, Mapping):
        for name, schema in properties.items():
            yield f"`{name}`", schema["description"]


def _environment(variables: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(f"`{name}`", commands, meaning) for name, (commands, meaning) in variables.items()]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table with an empty line before it."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n" + "".join("|" + "".join(f" {cell} |" if cell else " |" for cell in line) + "\n" for line in lines)
