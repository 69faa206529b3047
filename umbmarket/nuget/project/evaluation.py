"""A project as MSBuild evaluates it: properties and items, each with the place of the element that won."""

from __future__ import annotations

import os
from typing import NamedTuple

from umbmarket.nuget.project.escaping import escape, split_list, unescape
from umbmarket.nuget.project.item_pass import SDK_FILE_KINDS, ItemPass
from umbmarket.nuget.project.items import Item, SourcePlace
from umbmarket.nuget.project.project_files import Element, ProjectFile, ProjectFiles, root_of
from umbmarket.nuget.project.property_pass import constructed
from umbmarket.nuget.project.response_files import set_by_response_file
from umbmarket.nuget.project.sdk_imports import SdkEvaluation
from umbmarket.nuget.project.unknown import Unknown

MOST_FRAMEWORKS = 40
"""Target frameworks of one project that are followed."""


class ProjectProblem(NamedTuple):
    """What MSBuild or NuGet refuses.

    Attributes:
        code: such as `MSB4019`.
        detail: what is wrong, as a clause without a full stop.
        place: where it stands.
    """

    code: str
    detail: str
    place: SourcePlace


class Evaluation:
    """One evaluation of a project; made by `evaluate`.

    Attributes:
        files: what was read, to be shared with other evaluations of the same run.
        project: the project's own file.
        whole: why nothing of it is known; None where something is.
        notes: what differs between Linux and Windows, in words.
    """

    def __init__(self, files: ProjectFiles, project: ProjectFile | Unknown, properties: dict[str, str]) -> None:
        """`properties` are global ones, as `-p:` sets them. Never raises."""
        self.files = files
        self.whole: Unknown | None = None
        self.notes: tuple[str, ...] = ()
        self._globals = {name.lower(): escape(value) for name, value in properties.items()}
        self._globals.setdefault("configuration", "Release")
        self._passes: dict[str, ItemPass] = {}
        self._lists: dict[str, tuple[Item, ...] | Unknown] = {}
        self._inner: dict[str, Evaluation] = {}
        self._problems: list[ProjectProblem] = []
        if isinstance(project, Unknown):
            self.project = ProjectFile("/", "", b"")
            self.whole = project
            self._pass = SdkEvaluation(files, self.project, self._globals)
            return
        self.project = project
        self._pass = SdkEvaluation(files, project, self._globals)
        self._pass.withhold(set_by_response_file(project.folder or "/", files))
        if project.root is None:
            if project.doubt is None:
                self._problems.append(
                    ProjectProblem("MSB4025", f"it is not well-formed: {project.problem}", SourcePlace(project))
                )
            self.whole = Unknown(f"{project.path} cannot be read: {project.problem}")
            return
        self._pass.evaluate(constructed(project))
        self.whole = self._pass.whole
        self.notes = tuple(self._pass.notes)
        for problem in self._pass.problems:
            place = SourcePlace(problem.file, problem.element)
            self._problems.append(ProjectProblem(problem.code, problem.detail, place))

    def value(self, name: str) -> str | Unknown:
        """A property at the end of the evaluation, decoded; empty when it is unset."""
        if self.whole is not None:
            return self.whole
        value = self._pass.property_value(name.lower(), name)
        return value if isinstance(value, Unknown) else unescape(value)

    def place_of(self, name: str) -> SourcePlace | None:
        """The element that gave the property its value; None where no file did."""
        origin = self._pass.origins.get(name.lower())
        return SourcePlace(*origin) if origin is not None else None

    def is_set(self, name: str) -> bool:
        """Whether a file gives the property a value, an unknown one included."""
        return name.lower() in self._pass.origins

    @property
    def imports(self) -> tuple[str, ...]:
        """The imported files in their order, relative to the root."""
        return tuple(file.path for file in self._pass.imports)

    @property
    def problems(self) -> tuple[ProjectProblem, ...]:
        """What MSBuild refuses: at most one, as it stops there."""
        if not self._problems and self.whole is None:
            self.items("PackageReference")
            self.items("PackageVersion")
        return tuple(self._problems)

    @property
    def frameworks(self) -> tuple[str, ...] | Unknown:
        """The target frameworks, as written."""
        several, single = self.value("TargetFrameworks"), self.value("TargetFramework")
        if isinstance(single, Unknown):
            return single
        if isinstance(several, Unknown):
            return several
        listed = list(dict.fromkeys(map(unescape, split_list(escape_free(several)))))
        single = single.strip()
        if not single:
            if len(listed) > MOST_FRAMEWORKS:
                return Unknown(f"there are more than {MOST_FRAMEWORKS} target frameworks")
            return tuple(listed)
        if listed and listed != [single]:
            return Unknown("TargetFramework and TargetFrameworks are both set, and they differ")
        return (single,)

    def within(self, framework: str | None) -> Evaluation:
        """The evaluation for one of several target frameworks; this one where there is only one."""
        single = self.value("TargetFramework")
        if framework is None or self.whole is not None or isinstance(single, Unknown):
            return self
        if single.strip().lower() == framework.lower():
            return self
        if framework not in self._inner:
            properties = {name: unescape(value) for name, value in self._globals.items()}
            self._inner[framework] = Evaluation(self.files, self.project, {**properties, "targetframework": framework})
        return self._inner[framework]

    def items(self, kind: str, framework: str | None = None) -> tuple[Item, ...] | Unknown:
        """The items of a kind, in their order: of the outer evaluation, or of one target framework's.

        A list is unknown as a whole where an item may or may not be in it; see `certain_items`.
        """
        if framework is not None:
            return self.within(framework).items(kind)
        key = kind.lower()
        if self.whole is not None:
            return self.whole
        if key in SDK_FILE_KINDS:
            return Unknown("the SDK makes items of the files in the project's folder")
        if key not in self._lists:
            self._lists[key] = self._made(key)
        return self._lists[key]

    def certain_items(self, kind: str, framework: str | None = None) -> tuple[Item, ...]:
        """The items that are in the list whatever is unknown of it."""
        if framework is not None:
            return self.within(framework).certain_items(kind)
        if self.whole is not None:
            return ()
        key = kind.lower()
        found = self._items(key)
        if key in found.unknown or "" in found.unknown or found.problem is not None:
            return ()
        return tuple(item.finished() for item in found.lists[key] if item.doubt is None)

    def possible_items(self, kind: str, *, every: bool = False) -> tuple[Item, ...]:
        """The items that may be in the list, doubtful ones included; with `every`, in that of any framework."""
        if self.whole is not None:
            return ()
        key = kind.lower()
        found = [item.finished() for item in self._items(key).lists.get(key, ())]
        frameworks = self.frameworks
        if every and isinstance(frameworks, tuple):
            for framework in frameworks:
                inner = self.within(framework)
                found += inner.possible_items(kind) if inner is not self else ()
        return tuple(found)

    def unmatched(self, kind: str) -> Unknown | None:
        """Why there may be more items of a kind once files are there that are named and not there yet; or None."""
        return self._items(kind.lower()).unmatched.get(kind.lower()) if self.whole is None else None

    def target_elements(self) -> tuple[Element, ...]:
        """The `<Target>` elements of all files: nothing of them is evaluated."""
        return tuple(element for _, element in self._pass.targets)

    def doubt_about(self, kind: str, framework: str | None = None) -> Unknown | None:
        """Why the list of a kind is not known for certain; None where it is."""
        if framework is not None:
            return self.within(framework).doubt_about(kind)
        if self.whole is not None:
            return self.whole
        key = kind.lower()
        found = self._items(key)
        if found.problem is not None:
            return Unknown(f"MSBuild refuses an item: {found.problem.detail} ({found.problem.code})")
        reason = found.unknown.get("") or found.unknown.get(key)
        return reason or next((item.doubt for item in found.lists[key] if item.doubt is not None), None)

    def _items(self, key: str) -> ItemPass:
        if key not in self._passes:
            together = {"packagereference", "packageversion", "projectreference"}
            wanted = together if key in together else {key}
            found = ItemPass(self._pass, wanted)
            for each in wanted:
                self._passes[each] = found
            if found.problem is not None and not self._problems:
                place = SourcePlace(found.problem.file, found.problem.element)
                self._problems.append(ProjectProblem(found.problem.code, found.problem.detail, place))
        return self._passes[key]

    def _made(self, key: str) -> tuple[Item, ...] | Unknown:
        reason = self.doubt_about(key)
        if reason is not None:
            return reason
        return tuple(item.finished() for item in self._items(key).lists[key])


def escape_free(text: str) -> str:
    """A decoded list again as one that can be split: only its `%` are escaped."""
    return text.replace("%", "%25")


def evaluate(
    path: str | os.PathLike[str],
    *,
    root: str | os.PathLike[str] | None = None,
    files: ProjectFiles | None = None,
    properties: dict[str, str] | None = None,
) -> Evaluation:
    """Evaluate a project file as `dotnet pack` would, from the files below a root alone.

    Args:
        path: the project file.
        root: the folder that imports stay inside; the repository's root when None.
        files: what was read before, by another evaluation with the same root; it saves reading again.
        properties: global properties, as `-p:` sets them.

    Returns:
        Always an evaluation; `whole` says where nothing is known.
    """
    if files is None:
        files = ProjectFiles(root if root is not None else root_of(os.fspath(path)))
    file = files.load(files.spelled(path))
    if file is None:
        return Evaluation(files, Unknown("there is no such file"), properties or {})
    return Evaluation(files, file, properties or {})
