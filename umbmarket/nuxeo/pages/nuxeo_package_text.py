"""An inspection of a Nuxeo package as a page that a person reads at a glance, with or without colour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from umbmarket.findings import shortened
from umbmarket.output.ansi import Palette, palette
from umbmarket.output.columns import GAP, padded, wrapped
from umbmarket.output.plain import plain, plain_path
from umbmarket.output.wording import counted

if TYPE_CHECKING:
    from umbmarket.nuxeo.actions.inspect import CommandEffect, NuxeoInspection

PAGE_WIDTH = 80
"""Cells of a line."""

LONGEST_VALUE = 240
"""Code points of a value that are shown."""

MOST_FILES = 20
"""Files of one command, and files that nobody installs, that the page shows; the JSON has all."""

MOST_COMMANDS = 200
"""Commands that the page shows."""

_INDENT = "  "
_LABEL_WIDTH = 12
_LOG_COMMAND_START = re.compile(r"^([ \t]*):(?=:)", re.MULTILINE)
"""What GitHub's runner would read as a command: a wrapped line may start with anything."""


def render(inspection: NuxeoInspection, *, color: bool = False, width: int = PAGE_WIDTH) -> str:
    """The page as text with LF line ends.

    Args:
        inspection: what was found.
        color: style it for a terminal.
        width: cells of a line.
    """
    lines = list(_Page(inspection, palette(color), width).lines())
    return _LOG_COMMAND_START.sub(r"\1\\x3a", "\n".join(lines)) + "\n"


def _cut(text: str) -> str:
    return plain(shortened(text, LONGEST_VALUE))


class _Page:
    def __init__(self, inspection: NuxeoInspection, colors: Palette, width: int) -> None:
        self._found = inspection
        self._colors = colors
        self._width = width

    def lines(self) -> Iterator[str]:
        """All lines of the page."""
        yield from self._identity()
        yield ""
        yield from self._servers()
        yield ""
        yield from self._lists()
        yield ""
        yield from self._commands()
        yield from self._left_over()

    def _pair(self, label: str, text: str) -> Iterator[str]:
        lead = f"{_INDENT}{padded(label, _LABEL_WIDTH)}{GAP}"
        for number, line in enumerate(wrapped(text, self._width - len(lead))):
            yield f"{lead if not number else ' ' * len(lead)}{line}".rstrip()

    def _note(self, text: str, indent: int = 2) -> Iterator[str]:
        for number, line in enumerate(wrapped(_cut(text), self._width - indent - 2)):
            yield f"{' ' * indent}{'-' if not number else ' '} {line}"

    def _identity(self) -> Iterator[str]:
        found = self._found
        manifest = found.manifest
        yield self._colors.label(_cut(found.id) or "no id")
        yield from self._pair("Package", plain_path(found.package.path))
        yield from self._pair("Name", _cut(manifest.name or "none: the id begins with null"))
        yield from self._pair("Version", self._version())
        yield from self._pair("Type", manifest.package_type or "none that Nuxeo knows")
        for label, name in (("Title", "title"), ("Vendor", "vendor"), ("Description", "description")):
            yield from self._pair(label, _cut(" ".join((manifest.text(name) or "none").split())))
        licence = [text for text in (manifest.text("license"), manifest.text("license-url")) if text]
        yield from self._pair("Licence", _cut(", ".join(licence) or "none"))
        for name in ("installer", "uninstaller"):
            task = manifest.task(name)
            if task is not None and (task.class_name or task.restart):
                restart = "asks for a restart" if task.restart else "no restart"
                yield from self._pair(name.capitalize(), _cut(f"{task.class_name or 'Nuxeo'}: {restart}"))

    def _version(self) -> str:
        found = self._found
        written, version = found.manifest.version_text, found.manifest.version
        if version is None:
            return "none" if written is None else f"{_cut(written)}, which Nuxeo cannot read"
        kind = "a snapshot: an upload replaces it" if found.is_snapshot else "a release: it can be uploaded once"
        as_written = "" if written == str(version) else f', written "{_cut(written or "")}"'
        return f"{_cut(str(version))} ({kind}{as_written})"

    def _servers(self) -> Iterator[str]:
        found = self._found
        yield self._colors.label("Servers")
        yield from self._pair("For", _cut(found.platforms))
        if found.platform is not None:
            yield from self._pair(_cut(found.platform), "yes" if found.is_compatible else "no")

    def _lists(self) -> Iterator[str]:
        manifest = self._found.manifest
        yield self._colors.label("Other packages")
        needed = [str(each) for each in manifest.dependencies_read]
        yield from self._pair("Needs", _cut(", ".join(needed) or "none"))
        for label, name in (
            ("Optional", "optional-dependencies"),
            ("Conflicts", "conflicts"),
            ("Provides", "provides"),
        ):
            entries = [str(each.dependency) for each in manifest.entries(name) if each.dependency is not None]
            if entries:
                yield from self._pair(label, _cut(", ".join(entries)))

    def _commands(self) -> Iterator[str]:
        found = self._found
        yield self._colors.label("Installation")
        if found.script_problem is not None:
            yield from self._note(f"Nothing is installed: {found.script_problem}")
            return
        for name in found.unknown_commands[:MOST_FILES]:
            yield from self._note(f"<{name}> is not a command, so installing fails")
        effects = list(found.effects())
        for effect in effects[:MOST_COMMANDS]:
            yield from self._command(effect)
        if len(effects) > MOST_COMMANDS:
            yield f"{_INDENT}and {counted(len(effects) - MOST_COMMANDS, 'more command')}; --format json has all"
        if not effects and not found.unknown_commands:
            yield from self._note("The script has no commands, so nothing is installed.")

    def _command(self, effect: CommandEffect) -> Iterator[str]:
        attributes = " ".join(f'{name}="{value}"' for name, value in effect.attributes)
        lines = wrapped(_cut(f"{effect.command} {attributes}".strip()), self._width - 6)
        for number, line in enumerate(lines):
            yield f"{_INDENT if not number else ' ' * 6}{line}"
        if effect.runs != "always":
            yield f"{_INDENT * 2}{'never runs' if effect.runs == 'never' else 'runs where its guard says so'}"
        yield from _some([f"{each.source} -> {each.target}" for each in effect.files], _INDENT * 2)
        yield from _some([f"{each} is passed over" for each in effect.skipped], _INDENT * 2)
        for problem in effect.problems:
            yield from self._note(problem, 4)

    def _left_over(self) -> Iterator[str]:
        names = self._found.package.not_installed
        if names and self._found.script_problem is None:
            yield ""
            yield self._colors.label("Files that no command installs")
            yield from _some(names, _INDENT)


def _some(names: Sequence[str], indent: str) -> Iterator[str]:
    for name in names[:MOST_FILES]:
        yield f"{indent}{_cut(name)}"
    if len(names) > MOST_FILES:
        yield f"{indent}and {len(names) - MOST_FILES} more; --format json has all"
