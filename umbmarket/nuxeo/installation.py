"""What installing a package does: each command's faults, and which file of the package goes where.

Follows `validate` and `run` of the commands in nuxeo/nuxeo (branch 2023) without doing anything. What depends on the
server is taken from a `Server`, which is an empty one unless it is told otherwise.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from umbmarket.nuxeo.commands import COPYING
from umbmarket.nuxeo.file_references import FileReference, NoFolder
from umbmarket.nuxeo.guards import Guard, GuardFault, InvalidGuard, UnreadGuard
from umbmarket.nuxeo.manifest import is_true
from umbmarket.nuxeo.package_tree import PackageTree
from umbmarket.nuxeo.script import Command, InstallScript
from umbmarket.nuxeo.steps import ROOT, Fault, Installed, JarName, Server, Step
from umbmarket.nuxeo.variables import expand

MOST_INSTALLED = 100_000
"""Files that all commands together are followed for: each of many commands can name the whole package."""

_MISSING: Final = {
    "update": "Cannot execute command in installer. Invalid update syntax: file or todir was not specified.",
    "copy": "Cannot execute command in installer. Invalid copy syntax: file, dir, tofile or todir was not specified.",
    "config": (
        "Cannot execute command in installer. Invalid config syntax: neither addtemplate, rmtemplate or set was"
        " specified."
    ),
    "delete": "Invalid delete syntax: No file specified",
    "rollback": "Cannot execute command in installer. Invalid rollback syntax: key was not specified.",
    "install": "Invalid install syntax: No file specified",
    "uninstall": "Invalid uninstall syntax: No file specified",
}


class Installation:
    """What the commands of a script do with the files of a package.

    Attributes:
        steps: one for each command that Nuxeo knows.
        is_complete: every command was followed to its end, see `MOST_INSTALLED`.
        unknown: the commands before the first one that Nuxeo does not know are read, and then it stops; these are
            unknown, in their order.
    """

    def __init__(
        self,
        script: InstallScript,
        tree: PackageTree,
        *,
        package: Mapping[str, str] | None = None,
        server: Server = Server(),  # noqa: B008 - an immutable value
    ) -> None:
        """Work out what is done.

        Args:
            script: the commands.
            tree: the files of the package.
            package: its `id`, `name` and `version`, for variables of these names.
            server: the server.
        """
        self.unknown = tuple(command for command in script.commands if not command.is_known)
        self._tree = tree
        self._server = server
        self._variables = server.variables(package or {})
        self._left = MOST_INSTALLED
        self.steps = tuple(self._step(command) for command in script.commands if command.is_known)
        self.is_complete = self._left > 0

    @property
    def installed(self) -> Iterator[Installed]:
        """What comes to the server, as far as guards let it or might let it."""
        for step in self.steps:
            if step.runs is not False:
                yield from step.installs

    def _step(self, command: Command) -> Step:
        runs, guard_faults = self._guards(command)
        work = _Work(command, self._tree, self._server, lambda text: expand(text, self._variables), self._left)
        work.do()
        self._left = max(0, self._left - len(work.installs) - len(work.skipped))
        return Step(
            command,
            runs,
            work.source,
            work.target,
            tuple(work.installs),
            tuple(work.skipped),
            (*guard_faults, *work.faults),
            tuple(work.run_faults),
        )

    def _guards(self, command: Command) -> tuple[bool | None, list[Fault]]:
        faults: list[Fault] = []
        failing = self._guard(command, "fail", faults)
        if failing:
            fail = expand(command.get("fail") or "", self._variables)
            faults.append(Fault("guard-fails", f"Guard failed for command {command.id}: {fail}", "fail"))
        # `if` takes the place of `ignore` (AbstractCommand.initialize).
        if command.get("if") is not None:
            return self._guard(command, "if", faults), faults
        if command.get("ignore") is not None:
            ignored = self._guard(command, "ignore", faults)
            return None if ignored is None else not ignored, faults
        return True, faults

    def _guard(self, command: Command, attribute: str, faults: list[Fault]) -> bool | None:
        text = command.get(attribute)
        if text is None:
            return None
        try:
            # `if` is negated before it is evaluated, and null counts as false in a larger expression.
            guard = Guard(expand(text, self._variables))
            if attribute == "if":
                ignored = Guard(f"!({guard.text})").value(self._server.scope)
                return None if ignored is None else not ignored
            return guard.value(self._server.scope)
        except UnreadGuard:
            return None
        except InvalidGuard as error:
            faults.append(Fault("guard-syntax", str(error), attribute))
        except GuardFault as error:
            faults.append(Fault("guard-value", str(error), attribute))
        return None


class _Work:
    """Follows one command."""

    def __init__(
        self, command: Command, tree: PackageTree, server: Server, expanded: Callable[[str], str], most: int
    ) -> None:
        self.source: str | None = None
        self.target: str | None = None
        self.installs: list[Installed] = []
        self.skipped: list[str] = []
        self.faults: list[Fault] = []
        self.run_faults: list[Fault] = []
        self._command = command
        self._tree = tree
        self._server = server
        self._expanded = expanded
        self._most = most

    def do(self) -> None:
        command = self._command.id
        if command in COPYING:
            self._copy()
        elif command == "update":
            self._update()
        elif command == "config":
            self._config()
        elif command == "delete":
            self._delete()
        elif command == "rollback":
            if self._get("key") is None:
                self._missing("rollback")
        elif command in ("install", "uninstall"):
            if self._get("file") is None:
                self._missing(command)
        elif command in ("deploy", "undeploy") and self._get("file") is None:
            self.run_faults.append(Fault("crash", 'a NullPointerException: "this.file" is null'))

    def _get(self, name: str) -> str | None:
        value = self._command.get(name)
        return None if value is None else self._expanded(value)

    def _missing(self, command: str) -> None:
        self.faults.append(Fault("missing-attribute", _MISSING[command]))

    def _source_path(self) -> tuple[str | None, bool]:
        """The source as Java's `File` has it, and whether `file` names it."""
        folder, file = self._get("dir"), self._get("file")
        if file is None:
            return (None if folder is None else _java_path(folder)), False
        return _java_path(file if folder is None else f"{folder}/{file}"), True

    def _copy(self) -> None:
        source, is_file = self._source_path()
        todir, tofile = self._get("todir"), self._get("tofile")
        if source is None or (todir is None and tofile is None):
            self._missing("copy")
            return
        if todir is not None:
            target = _java_path(f"{todir}/{posixpath.basename(source)}" if is_file else todir)
        else:
            resolved = self._resolved(tofile or "", "tofile")
            if resolved is None:
                return
            target = resolved
        self.target = _absolute(target)
        self._take(source)
        overwrites = is_true(self._get("overwrite")) or is_true(self._get("append")) or self._command.id == "append"
        if self.target in self._server.files and not overwrites:
            self.faults.append(
                Fault("target-exists", f"Cannot overwrite existing file: {posixpath.basename(self.target)}")
            )
            self.run_faults.append(Fault("target-exists", "the destination file exists, and overwrite is not set"))
        if self.source is None:
            return
        if self._tree.is_file(self.source):
            self.installs.append(Installed(self.source, self._place_for(self.target, self.source)))
        elif self._tree.is_folder(self.source):
            before = f"{self.source}/" if self.source else ""
            self.installs += [
                Installed(name, posixpath.join(self.target, name.removeprefix(before)))
                for name in islice(self._tree.files_below(self.source), self._most)
            ]

    def _place_for(self, target: str, source: str) -> str:
        return posixpath.join(target, posixpath.basename(source)) if self._server.is_folder(target) else target

    def _update(self) -> None:
        source, _ = self._source_path()
        todir = self._get("todir")
        if source is None or todir is None:
            self._missing("update")
            return
        self.target = _absolute(_java_path(todir))
        if self.target in self._server.files:
            self.faults.append(
                Fault(
                    "target-exists",
                    "Cannot execute command in installer. Invalid update command: todir should be a directory!",
                    "todir",
                )
            )
        self._take(source)
        if self.source is None:
            return
        name = posixpath.basename(source)
        if self._tree.is_file(self.source):
            if JarName.parse(name) is None:
                self.faults.append(
                    Fault(
                        "not-a-jar",
                        "Cannot execute command in installer. Cannot use 'update' command for non versioned files!."
                        f" File name must contain a version: {name}",
                    )
                )
            else:
                self.installs.append(Installed(self.source, posixpath.join(self.target, name)))
        elif self._tree.is_folder(self.source):
            self._update_from(self.source, self.target)

    def _update_from(self, folder: str, target: str) -> None:
        """JARs directly in the folder; everything else is passed over."""
        before = f"{folder}/" if folder else ""
        for name in islice(self._tree.files_below(folder), self._most):
            inner = name.removeprefix(before)
            if "/" not in inner and JarName.parse(inner) is not None:
                self.installs.append(Installed(name, posixpath.join(target, inner)))
            else:
                self.skipped.append(name)

    def _take(self, source: str) -> None:
        """Find the source in the package. Of one that is missing Nuxeo only warns."""
        inside = _in_package(source)
        if inside is None:
            if self._command.id == "update":
                self._warn_of(source)
            return
        self.source = inside
        if not self._tree.is_file(inside) and not self._tree.is_folder(inside):
            self._warn_of(source)

    def _warn_of(self, source: str) -> None:
        name = posixpath.basename(source)
        if self._command.id == "update":
            message = f"Ignored command in installer. Source file not found! {name}"
        else:
            # Nuxeo says this in its log alone, when the command runs.
            message = f"Can't copy a non existing file: {source}"
            self.run_faults.append(Fault("source-missing", message))
            return
        self.faults.append(Fault("source-missing", message))

    def _resolved(self, text: str, attribute: str) -> str | None:
        """A file on the server, which a pattern may name; None where that is not known, or is a fault."""
        try:
            return FileReference.parse(text).resolve(self._server.files)
        except NoFolder:
            self.faults.append(Fault("crash", "a NullPointerException: the pattern is in no folder", attribute))
        return None

    def _config(self) -> None:
        added, removed, given = self._get("addtemplate"), self._get("rmtemplate"), self._get("set")
        if added is None and removed is None and given is None:
            self._missing("config")
        if given is not None and "=" not in given:
            self.faults.append(Fault("bad-property", f"Invalid config syntax: badly-formed property {given}", "set"))

    def _delete(self) -> None:
        file = self._get("file")
        if file is None:
            self._missing("delete")
            return
        resolved = self._resolved(file, "file")
        if resolved is None:
            return
        self.target = _absolute(resolved)
        if self._server.is_folder(self.target):
            self.faults.append(
                Fault("deletes-folder", f"Cannot delete directories: {posixpath.basename(self.target)}", "file")
            )


def _java_path(text: str) -> str:
    """What `java.io.File` makes of a path: single slashes, none at the end."""
    return FileReference.parse(text).path


def _absolute(path: str) -> str:
    """A relative path lies in the working folder of the server's process, whichever that is."""
    return posixpath.normpath(path if path.startswith("/") else f"<working folder>/{path}")


def _in_package(path: str) -> str | None:
    """The name in the package that an absolute path leads to; empty for its root, None for what lies elsewhere."""
    normal = posixpath.normpath(path) if path else ""
    if normal == ROOT:
        return ""
    return normal[len(ROOT) + 1 :] if normal.startswith(f"{ROOT}/") else None
