"""The first pass over a project: properties, imports and choices in the order of the documents.

Sources: dotnet/msbuild, Evaluator; vectors prop, cond, choose, import and exists. What stands under a condition that
nobody can tell is evaluated all the same: a property keeps its value where both outcomes agree, else it is unknown.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Mapping

from umbmarket.nuget.project.conditions import holds
from umbmarket.nuget.project.construction import (
    Choose,
    Construction,
    Import,
    ImportGroup,
    ItemGroup,
    PropertyGroup,
    Statement,
    construct,
    made,
)
from umbmarket.nuget.project.escaping import escape, split_list, unescape
from umbmarket.nuget.project.expressions import Spending, expand
from umbmarket.nuget.project.items import metadata_refusal
from umbmarket.nuget.project.outside_names import outside
from umbmarket.nuget.project.project_files import (
    BUILD_OUTPUT,
    OUTSIDE,
    Element,
    ProjectFile,
    ProjectFiles,
    normalized,
)
from umbmarket.nuget.project.recorded import Fog, Problem, Recorded, RecordedGroup
from umbmarket.nuget.project.unknown import ProjectRefused, Unknown

MOST_IMPORTS = 2_000
"""Files that one project may import; the most of 621 real ones is 6."""

DEEPEST_IMPORT = 100
"""Imports inside each other."""

LARGEST_EVALUATION = 5_000_000
"""Code points of all values together; a file that doubles values over and over comes to an end here."""

MOST_STATEMENTS = 200_000
"""Elements that are evaluated."""

_WILDCARD = re.compile(r"[*?]")


class Halted(Exception):
    """The evaluation ends here: MSBuild refuses the project."""


class PropertyPass:
    """The state of one evaluation. It is also what expressions and conditions are evaluated in.

    Attributes:
        files: what may be read.
        project: the project's file.
        values: escaped values by lower-case name.
        origins: the file and element that won, for what a file has set.
        recorded: what the item pass has to do, in order.
        imports: the files that were certainly imported, in order, the project not among them.
        targets: `<Target>` elements with their files.
        problems: what MSBuild refuses; at most one.
        notes: what differs between Linux and Windows, in words.
        whole: why nothing of the project is known; None where something is.
    """

    def __init__(self, files: ProjectFiles, project: ProjectFile, global_properties: dict[str, str]) -> None:
        """`global_properties` are escaped values by lower-case name, as `-p:` sets them. Nothing is evaluated yet."""
        self.files = files
        self.project = project
        self.globals = dict(global_properties)
        self.values: dict[str, str | Unknown] = dict(global_properties)
        self.origins: dict[str, tuple[ProjectFile, Element]] = {}
        self.recorded: list[Recorded] = []
        self.imports: list[ProjectFile] = []
        self.targets: list[tuple[ProjectFile, Element]] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.whole: Unknown | None = None
        self.current = project
        self._fixed: set[str] = set()
        self._seen = {project.real_path}
        self._doubtful: dict[str, Unknown] = {}
        self._imported = 0
        self._fog: Unknown | None = None
        self._doubt: Unknown | None = None
        self._depth = 0
        self._size = 0
        self.spending = Spending()
        self.spend = self.spending.spend
        self._count = 0
        stem, dot, extension = project.name.rpartition(".")
        for key, value in (
            ("msbuildprojectdirectory", project.folder or "/"),
            ("msbuildprojectdirectorynoroot", project.folder.lstrip("/")),
            ("msbuildprojectfile", project.name),
            ("msbuildprojectfullpath", project.real_path),
            ("msbuildprojectname", stem if dot else project.name),
            ("msbuildprojectextension", f".{extension}" if dot else ""),
        ):
            self.values[key] = escape(value)
            self._fixed.add(key)

    def withhold(self, doubtful: Mapping[str, Unknown]) -> None:
        """Take properties, by lower-case name, for global ones whose values are not known, unless they are known."""
        for key, reason in doubtful.items():
            if key not in self.globals:
                self.globals[key] = ""
                self.values[key] = reason

    def property_value(self, key: str, name: str) -> str | Unknown:
        """See `Scope`."""
        value = self.values.get(key)
        if value is not None:
            return value
        if key.startswith("msbuildthisfile"):
            return self._of_this_file(key)
        if self._fog is not None:
            return self._fog
        reason = outside(key, name)
        return Unknown(reason) if reason is not None else ""

    def _of_this_file(self, key: str) -> str:
        file = self.current
        stem, dot, extension = file.name.rpartition(".")
        found = {
            "msbuildthisfile": file.name,
            "msbuildthisfiledirectory": f"{file.folder}/",
            "msbuildthisfiledirectorynoroot": f"{file.folder}/".lstrip("/"),
            "msbuildthisfilefullpath": file.real_path,
            "msbuildthisfilename": stem if dot else file.name,
            "msbuildthisfileextension": f".{extension}" if dot else "",
        }.get(key, "")
        return escape(found)

    def file_above(self, name: str, start: str | None) -> str | Unknown:
        """See `Surroundings`."""
        folder = normalized(start, self.project.folder) if start else self.current.folder
        if not name.strip():
            return ""
        if not self.files.contains(folder):
            return Unknown(f"{OUTSIDE}: {folder}")
        if "/" in name or "\\" in name:
            return self.files.above_path(name, folder)
        while (found := self.files.above(name, folder)) is not None:
            if found[1] != name:
                return Unknown(f"{name} is called {found[1]}, which is the same file on Windows and macOS")
            if not os.path.isdir(f"{found[0]}/{name}"):
                return found[0]
            if found[0] == self.files.root:
                break
            folder = found[0].rpartition("/")[0] or "/"
        return ""

    def full_path(self, path: str) -> str:
        """See `Surroundings`."""
        return normalized(path, self.project.folder)

    def file_text(self, path: str) -> str | Unknown | None:
        """See `Surroundings`."""
        return self.files.text(normalized(path.strip(), self.project.folder))

    def is_there(self, path: str, *, folder: bool) -> bool | Unknown:
        """See `Surroundings`."""
        there = self.exists(path, self.project.folder)
        if there is not True:
            return there
        return os.path.isdir(self.full_path(path.strip())) is folder

    def exists(self, path: str, base: str) -> bool | Unknown:
        """See `ConditionScope`."""
        path = path.strip()
        return self.files.exists(normalized(path, base)) if path else False

    def expand_items(self, text: str) -> str | Unknown:
        """See `ConditionScope`: items are not known in this pass."""
        if "@(" in text:
            raise ProjectRefused("MSB4099", "items are not allowed in the condition of a property")
        raise metadata_refusal(text)

    # What files do.

    def run(self, construction_of_project: Construction) -> None:
        """Evaluate the statements of the project itself."""
        self._file(self.project, construction_of_project)

    def _file(self, file: ProjectFile, read: Construction) -> None:
        before, self.current = self.current, file
        if read.refusal is not None:
            refused, element = read.refusal
            self.refuse(refused, element)
        if read.local_properties:
            for key in read.local_properties & self.globals.keys():
                del self.globals[key]
        self.targets.extend((file, target) for target in read.targets)
        self._statements(read.statements)
        self.current = before

    def refuse(self, refused: ProjectRefused, element: Element | None) -> None:
        """Note what MSBuild refuses and end; under a doubtful condition nobody knows whether it does."""
        if self._doubt is not None:
            self.become_unknown(Unknown(f"{refused.detail} ({refused.code}), if {self._doubt.reason}"))
            return
        self.problems.append(Problem(refused.code, refused.detail, self.current, element))
        raise Halted

    def _statements(self, statements: list[Statement]) -> None:
        for statement in statements:
            if isinstance(statement, PropertyGroup):
                outcome = self._holds(statement.condition, self.current.folder, statement.element)
                if outcome is not False:
                    self._properties(statement, outcome)
            elif isinstance(statement, ItemGroup):
                self.recorded.append(made(RecordedGroup, (statement, self.current, self._doubt)))
            elif isinstance(statement, Import):
                self._import(statement)
            elif isinstance(statement, ImportGroup):
                outcome = self._holds(statement.condition, self.current.folder, statement.element)
                if outcome is not False:
                    before = self._doubting(outcome)
                    for each in statement.imports:
                        self._import(each)
                    self._doubt = before
            else:
                self._choose(statement)

    def _holds(self, condition: str, base: str, element: Element) -> bool | Unknown:
        if not condition:
            return True
        try:
            return holds(condition, self, base)
        except ProjectRefused as refused:
            self.refuse(refused, element)
            return Unknown(refused.detail)

    def _doubting(self, outcome: bool | Unknown) -> Unknown | None:
        """Enter what stands under a condition; gives back the doubt that was there before."""
        before = self._doubt
        if isinstance(outcome, Unknown) and before is None:
            self._doubt = outcome
        return before

    def _properties(self, group: PropertyGroup, outcome: bool | Unknown) -> None:
        before = self._doubting(outcome)
        folder = self.project.folder
        self._count += len(group.properties)
        if self._count > MOST_STATEMENTS:
            self.become_unknown(Unknown(f"there are more than {MOST_STATEMENTS:,} elements"))
            return
        for key, _, text, condition, element in group.properties:
            if key in self.globals:
                continue
            holding = self._holds(condition, folder, element) if condition else True
            if holding is False:
                continue
            value: str | Unknown = text
            if "$(" in text:
                try:
                    value = expand(text, self)
                except ProjectRefused as refused:
                    self.refuse(refused, element)
                    value = Unknown(refused.detail)
                if isinstance(value, str):
                    self._size += len(value)
                    if self._size > LARGEST_EVALUATION:
                        value = Unknown(f"the values have more than {LARGEST_EVALUATION:,} characters together")
            doubt = self._doubt or (holding if isinstance(holding, Unknown) else None)
            self.set(key, value, element, doubt)
        self._doubt = before

    def set(self, key: str, value: str | Unknown, element: Element | None, doubt: Unknown | None = None) -> None:
        """Give a property a value; under a doubt it is unknown unless it has this value already."""
        if doubt is not None:
            if self.property_value(key, key) == value:
                return
            value = Unknown(doubt.reason)
        self.values[key] = value
        if element is not None:
            self.origins[key] = (self.current, element)
        else:
            self.origins.pop(key, None)

    def default(self, key: str, value: str | Unknown) -> None:
        """What SDK and NuGet do to most properties: set it where it is empty."""
        if self.values.get(key, "") == "" and key not in self.globals:
            self.values[key] = value if self._fog is None or key in self.values else self._fog
            self.origins.pop(key, None)

    def become_unknown(self, reason: Unknown) -> None:
        """An import may have set anything: whatever was known so far is not known any more."""
        reason = self._fog = self._fog or reason
        for key in self.values:
            if key not in self._fixed and key not in self.globals:
                self.values[key] = reason
        self.recorded.append(Fog(reason))

    def _choose(self, choose: Choose) -> None:
        before = self._doubt
        for branch in choose.branches:
            outcome = self._holds(branch.condition, self.project.folder, branch.element)
            if outcome is False:
                continue
            self._doubting(outcome)
            self._statements(branch.statements)
            if outcome is True:
                break
        self._doubt = before

    def _import(self, statement: Import) -> None:
        outcome = self._holds(statement.condition, self.current.folder, statement.element)
        if outcome is False:
            return
        before = self._doubting(outcome)
        try:
            if statement.sdk:
                self.import_sdk(statement)
            else:
                value = expand(statement.project, self)
                if isinstance(value, Unknown):
                    self.become_unknown(Unknown(f"an import is not known: {value.reason}"))
                else:
                    self._import_paths(value, statement)
        except ProjectRefused as refused:
            self.refuse(refused, statement.element)
        self._doubt = before

    def import_sdk(self, statement: Import) -> None:
        """`<Import Sdk="..." Project="Sdk.props">`; what an SDK does is told by `sdk_defaults`."""
        raise NotImplementedError

    def _import_paths(self, value: str, statement: Import) -> None:
        paths = split_list(value)
        if not paths:
            raise ProjectRefused("MSB4020", f"the import {statement.project[:100]} names no file")
        for path in paths:
            full = normalized(unescape(path), self.current.folder)
            if not _WILDCARD.search(path):
                self.import_file(full, statement.element)
                continue
            folder, _, pattern = full.rpartition("/")
            if _WILDCARD.search(folder) or not self.files.contains(folder):
                self.become_unknown(Unknown(f"an import is not followed: {path[:100]}"))
                continue
            found = self.files.find(folder)
            names = self.files.names(found) if isinstance(found, str) else None
            expression = re.compile(fnmatch.translate(pattern.replace("[", "[[]")), re.IGNORECASE)
            # In capitals, as .NET compares without letter case: `_` comes after the letters.
            for name in sorted(names or (), key=str.upper):
                if expression.match(name):
                    self.import_file(f"{folder}/{name}", statement.element)

    def import_file(self, path: str, element: Element | None) -> None:
        """Evaluate the file at an absolute path here, unless it was imported before.

        Where nobody knows whether it was, nobody knows whether it counts here.
        """
        before = self._doubt
        if path in self._seen:
            reason = self._doubtful.get(path)
            if reason is None:
                return
            self._doubting(reason)
        try:
            self._import_once(path, element, before)
        finally:
            self._doubt = before

    def _import_once(self, path: str, element: Element | None, doubt: Unknown | None) -> None:
        """Evaluate a file; `doubt` says why nobody knows whether the import itself is reached."""
        file = self.files.load(path)
        if file is None:
            if any(step.lower() in BUILD_OUTPUT for step in self.files.shown(path).split("/")[:-1]):
                self.become_unknown(Unknown(f"{self.files.shown(path)} is made by a build"))
                return
            raise ProjectRefused("MSB4019", f"the imported file {self.files.shown(path)} does not exist")
        if isinstance(file, Unknown):
            self.become_unknown(file)
            return
        self._seen.add(path)
        # Until it is read to its end, an import of it is that of a circle.
        self._doubtful.pop(path, None)
        self._imported += 1
        if self._imported > MOST_IMPORTS or self._depth >= DEEPEST_IMPORT:
            self.become_unknown(Unknown("there are too many imports"))
            return
        if doubt is None:
            self.imports.append(file)
        if file.root is None:
            if file.doubt is not None:
                self.become_unknown(Unknown(f"{file.path} is not read: {file.doubt}"))
                return
            before, self.current = self.current, file
            self.refuse(ProjectRefused("MSB4024", f"{file.path} cannot be loaded: {file.problem}"), None)
            self.current = before
            return
        self._depth += 1
        self._file(file, constructed(file))
        self._depth -= 1
        if doubt is not None:
            self._doubtful[path] = doubt

    def import_nearest(self, name: str, start: str) -> None:
        """Import the nearest file called `name` above a folder.

        Where its name differs in letter case it is read on Windows and macOS alone: what it changes is unknown.
        """
        found = self.files.above(name, start)
        if found is None:
            return
        folder, entry = found
        path = f"{folder.rstrip('/')}/{entry}"
        if entry == name:
            self.import_file(path, None)
            return
        note = (
            f"{self.files.shown(path)} is read on Windows and macOS, and not on Linux, where it must be called {name}"
        )
        self.notes.append(note)
        before = self._doubting(Unknown(note))
        self.import_file(path, None)
        self._doubt = before


def constructed(file: ProjectFile) -> Construction:
    """What `file` says, read once for all evaluations."""
    if file.construction is None:
        file.construction = construct(file)
    read: Construction = file.construction
    return read
