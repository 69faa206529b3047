"""The second pass over a project: items, which see the final value of every property.

Source: dotnet/msbuild, LazyItemEvaluator and ItemSpec; vectors item, cpm and tfm. Only the kinds that are asked for are
evaluated, and those that they are made of.
"""

from __future__ import annotations

import re

from umbmarket.nuget.project.conditions import holds
from umbmarket.nuget.project.construction import ItemElement, ItemGroup, Metadata
from umbmarket.nuget.project.escaping import escape, split_list, unescape
from umbmarket.nuget.project.expressions import SHORT, Spending, expand
from umbmarket.nuget.project.globs import is_build_output, matching_files, named_files, relative
from umbmarket.nuget.project.implicit_items import add_global_references, framework_packages
from umbmarket.nuget.project.items import (
    BUILT_IN_METADATA,
    METADATA,
    SourcePlace,
    Specification,
    WorkingItem,
    metadata_refusal,
    source_of,
)
from umbmarket.nuget.project.project_files import Element, ProjectFile, normalized
from umbmarket.nuget.project.property_pass import PropertyPass
from umbmarket.nuget.project.recorded import Fog, ImplicitItems, Problem, Recorded, RecordedGroup
from umbmarket.nuget.project.unknown import ProjectRefused, Unknown

MOST_ITEMS = 50_000
"""Items of all kinds together."""

MOST_COMPARISONS = 150_000
"""Items that `Update` and `Remove` are compared with."""

MOST_RUNS = 100
"""Times that the items are evaluated anew because others are made of items of one more kind."""

LARGEST_METADATA = 2_000_000
"""Code points of all metadata together."""

SDK_FILE_KINDS = frozenset({"none", "content", "embeddedresource", "compile"})
"""Kinds that the SDK fills with the files of the project's folder."""

_FRAGMENT = re.compile(r"@\(\s*(?P<kind>[A-Za-z_][A-Za-z0-9_-]*)\s*(?:->\s*'(?P<transform>[^']*)'\s*)?\)")
_ANY_KIND = re.compile(r"@\(\s*([A-Za-z_][A-Za-z0-9_-]*)")
_EVALUATED_METADATA = frozenset({"identity", "filename", "extension", "relativedir", "recursivedir", "fullpath"})


class ItemPass:
    """The items of some kinds. It is also what their conditions are evaluated in.

    Attributes:
        lists: items by lower-case kind; a kind that a run meets is there from the next run on.
        unknown: why the list of a kind is not known, by lower-case kind; `""` for all kinds.
        unmatched: a pattern or name that stands for no file that is there, by lower-case kind.
        problem: what MSBuild refuses, or None.
    """

    def __init__(self, properties: PropertyPass, kinds: set[str]) -> None:
        """Evaluate the items of `kinds` (lower-case)."""
        self.properties = properties
        self.property_value = properties.property_value
        self.file_above = properties.file_above
        self.full_path = properties.full_path
        self.file_text = properties.file_text
        self.is_there = properties.is_there
        self.exists = properties.exists
        self.spend = Spending(properties.spending).spend
        self.problem: Problem | None = None
        self.lists: dict[str, list[WorkingItem]] = {}
        self.unknown: dict[str, Unknown] = {}
        self.unmatched: dict[str, Unknown] = {}
        self._kinds = set(kinds) | ({"globalpackagereference"} & _implied(kinds))
        self._definitions: dict[str, list[tuple[Metadata, SourcePlace, Unknown | None]]] = {}
        self._subject: WorkingItem | None = None
        self._subject_kind = ""
        self._made = self._compared = self._size = 0
        # Definitions count for all items, wherever they stand.
        self._recorded = sorted(properties.recorded, key=_is_no_definition)
        for _ in range(MOST_RUNS):
            self.problem = None  # It may have been for want of a kind that was not evaluated yet.
            if self._run():
                return
        self.unknown[""] = Unknown("items are made of items of too many kinds")
        self.lists = {kind: [] for kind in self._kinds}

    def _run(self) -> bool:
        """One pass; False when it met a kind that has to be evaluated, too."""
        self.lists = {kind: [] for kind in self._kinds}
        self.unknown, self.unmatched, self._definitions = {}, {}, {}
        self._made = self._compared = self._size = 0
        known = len(self._kinds)
        before = self.properties.current
        for recorded in self._recorded:
            if isinstance(recorded, Fog):
                self.unknown[""] = recorded.reason
            elif isinstance(recorded, ImplicitItems):
                self._implicit(recorded.rule)
            else:
                self.properties.current = recorded.file
                self._group(recorded.group, recorded.file, recorded.doubt)
            if self.problem is not None:
                break
        self.properties.current = before
        return len(self._kinds) == known

    def expand_items(self, text: str) -> str | Unknown:
        """See `ConditionScope`: lists of items, and the metadata of the item whose metadata is being set."""
        if "@(" in text:
            for kind in {name.lower() for name in _ANY_KIND.findall(text)}:
                found = self._list(kind)
                if isinstance(found, Unknown):
                    return found
            expanded = self._lists_as_text(text)
            if isinstance(expanded, Unknown):
                return expanded
            text = expanded
        if "%(" not in text:
            return text
        if self._subject is None:
            raise metadata_refusal(text)
        return self._with_metadata(text, self._subject)

    def _lists_as_text(self, text: str) -> str | Unknown:
        pieces: list[str] = []
        position = 0
        for match in _FRAGMENT.finditer(text):
            members = self._members(match)
            if isinstance(members, Unknown):
                return members
            pieces += [text[position : match.start()], ";".join(member.include for member in members)]
            position = match.end()
        rest = text[position:]
        if "@(" in rest:
            return Unknown("a reference to items is not evaluated")
        expanded = "".join([*pieces, rest])
        return (self.spend(len(expanded)) if len(expanded) > SHORT else None) or expanded

    def _list(self, kind: str) -> list[WorkingItem] | Unknown:
        """The items of another kind as far as they were made."""
        if kind in SDK_FILE_KINDS:
            return Unknown("the SDK makes items of the files in the project's folder")
        self._kinds.add(kind)
        reason = self.unknown.get(kind) or self.unknown.get("")
        if reason is not None:
            return reason
        found = self.lists.get(kind, [])
        if self._is_too_much(kind, len(found)):
            return self.unknown[kind]
        return next((item.doubt for item in found if item.doubt is not None), found)

    def _members(self, match: re.Match[str]) -> list[WorkingItem] | Unknown:
        """The items that `@(Kind)` or `@(Kind->'...')` stands for."""
        found = self._list(match["kind"].lower())
        transform = match["transform"]
        if isinstance(found, Unknown) or transform is None:
            return found
        made = []
        for item in found:
            include = self._with_metadata(transform, item, match["kind"])
            if isinstance(include, Unknown):
                return include
            copied = item.copy(item.file, item.element, None)
            copied.include = include
            made.append(copied)
        return made

    def _with_metadata(self, text: str, item: WorkingItem, kind: str | None = None) -> str | Unknown:
        """`%(Name)` replaced by the item's own metadata; that of another kind is empty here."""
        pieces: list[str] = []
        position = 0
        for match in METADATA.finditer(text):
            value: str | Unknown = ""
            if match["kind"] is None or match["kind"].lower() == (kind or self._subject_kind).lower():
                value = self._metadata_of(item, match["name"].lower())
            if isinstance(value, Unknown):
                return value
            pieces += [text[position : match.start()], value]
            position = match.end()
        return "".join([*pieces, text[position:]])

    def _metadata_of(self, item: WorkingItem, key: str) -> str | Unknown:
        if key in item.metadata:
            return item.metadata[key][1]
        if key in BUILT_IN_METADATA - _EVALUATED_METADATA:
            return Unknown(f"%({key}) is not evaluated")
        path = item.include.replace("\\", "/")
        folder, slash, name = path.rpartition("/")
        stem, dot, extension = name.rpartition(".")
        return {
            "identity": item.include,
            "filename": stem if dot else name,
            "extension": f".{extension}" if dot else "",
            "relativedir": folder + slash,
            "recursivedir": item.recursive_dir
            if isinstance(item.recursive_dir, Unknown)
            else escape(item.recursive_dir),
            "fullpath": escape(normalized(unescape(path), self.properties.project.folder)),
        }.get(key, "")

    def _refuse(self, refused: ProjectRefused, file: ProjectFile, element: Element, doubt: Unknown | None) -> None:
        if doubt is None and self.problem is None:
            self.problem = Problem(refused.code, refused.detail, file, element)

    def _group(self, group: ItemGroup, file: ProjectFile, doubt: Unknown | None) -> None:
        wanted = [item for item in group.items if item.key in self.lists]
        if not wanted and not (group.condition and group.items):
            return
        folder = self.properties.project.folder
        if group.condition:
            try:
                outcome = holds(group.condition, self, folder)
            except ProjectRefused as refused:
                self._refuse(refused, file, group.element, doubt)
                return
            if outcome is False:
                return
            doubt = doubt or (outcome if isinstance(outcome, Unknown) else None)
        is_definition, definitions = group.definitions, self._definitions
        for item in wanted:
            if item.plain and not is_definition and item.key not in definitions and self._made < MOST_ITEMS:
                self.lists[item.key].append(WorkingItem(item.plain, file, item.element, doubt, item.metadata))
                self._made += 1
                continue
            try:
                if is_definition:
                    self._definition(item, file, doubt)
                else:
                    self._item(item, file, doubt)
            except ProjectRefused as refused:
                self._refuse(refused, file, item.element, doubt)
            if self.problem is not None:
                return

    def _definition(self, item: ItemElement, file: ProjectFile, doubt: Unknown | None) -> None:
        outcome = holds(item.condition, self, self.properties.project.folder)
        if outcome is False:
            return
        doubt = doubt or (outcome if isinstance(outcome, Unknown) else None)
        if item.key in SDK_FILE_KINDS:
            self.unmatched.setdefault(item.key, Unknown("an item definition applies to files of the project's folder"))
        found = self._definitions.setdefault(item.key, [])
        found.extend((each, source_of(each, item.element, file), doubt) for each in item.metadata)

    def _item(self, item: ItemElement, file: ProjectFile, doubt: Unknown | None) -> None:
        if item.condition:
            outcome = holds(item.condition, self, self.properties.project.folder)
            if outcome is False:
                return
            doubt = doubt or (outcome if isinstance(outcome, Unknown) else None)
        kind = item.key
        written = item.include or item.update or item.remove
        value = expand(written, self) if "$(" in written else written
        if item.special and not isinstance(value, Unknown):
            value = Unknown("an item with KeepMetadata or its like is not evaluated")
        if isinstance(value, Unknown):
            self.unknown.setdefault(kind, value)
            return
        self._subject_kind = item.kind
        entries = split_list(value)
        if item.include:
            self._include(item, entries, file, doubt)
        elif entries:
            named = self._specification(kind, entries)
            if named is None:
                return
            if item.update:
                self._sdk_files(kind, entries, file, item, doubt)
                self._update(item, named, file, doubt)
            else:
                self._remove(kind, named, doubt)

    def _specification(self, kind: str, entries: list[str]) -> Specification | None:
        """What `Update` and `Remove` name; None where that is not known, which taints the kind."""
        literal: list[str] = []
        for entry in entries:
            match = _FRAGMENT.fullmatch(entry)
            if match is None and "@(" in entry:
                self.unknown.setdefault(kind, Unknown("a reference to items is not evaluated"))
                return None
            if match is None:
                literal.append(entry)
                continue
            members = self._members(match)
            if isinstance(members, Unknown):
                self.unknown.setdefault(kind, members)
                return None
            literal.extend(member.include for member in members)
        return Specification(literal, self.properties.project.folder)

    def _include(self, item: ItemElement, entries: list[str], file: ProjectFile, doubt: Unknown | None) -> None:
        kind = item.key
        excluded: Specification | None = None
        if item.exclude:
            value = expand(item.exclude, self)
            if isinstance(value, Unknown):
                self.unknown.setdefault(kind, value)
                return
            excluded = self._specification(kind, split_list(value))
            if excluded is None:
                return
        made: list[WorkingItem] = []
        for entry in entries:
            match = _FRAGMENT.fullmatch(entry) if "@(" in entry else None
            if match is not None:
                members = self._members(match)
                if isinstance(members, Unknown):
                    self.unknown.setdefault(kind, members)
                    return
                made.extend(member.copy(file, item.element, doubt) for member in members)
            elif "@(" in entry:
                self.unknown.setdefault(kind, Unknown("a reference to items is not evaluated"))
                return
            elif "*" in entry or "?" in entry:
                if not self._glob(entry, item, file, doubt, made):
                    return
            else:
                include = entry.replace("\\", "/") if "\\" in entry else entry
                made.append(WorkingItem(include, file, item.element, doubt))
            self._made += len(made)
            if self._made > MOST_ITEMS:
                self.unknown[""] = Unknown(f"there are more than {MOST_ITEMS:,} items")
                return
        definitions = self._definitions.get(kind, ())
        for each in made:
            if excluded is not None and each.include in excluded:
                continue
            own = frozenset(each.metadata) if definitions else frozenset()
            for definition, source, reason in definitions:
                if definition.key not in own:
                    self._set(each, definition, source, reason)
            for metadata in item.metadata:
                self._set(each, metadata, source_of(metadata, item.element, file), None)
            self.lists[kind].append(each)

    def _glob(
        self, entry: str, item: ItemElement, file: ProjectFile, doubt: Unknown | None, made: list[WorkingItem]
    ) -> bool:
        found = named_files(unescape(entry), self.properties.project.folder, self.properties.files)
        if isinstance(found, Unknown):
            self.unknown.setdefault(item.key, found)
            return False
        if not found:
            self._unmatched(item.key, entry)
        for include, recursive_dir in found:
            made.append(WorkingItem(escape(include), file, item.element, doubt))
            made[-1].recursive_dir = recursive_dir
        return True

    def _unmatched(self, kind: str, entry: str) -> None:
        self.unmatched.setdefault(kind, Unknown(f"no file is there for {entry[:100]}"))

    def _sdk_files(
        self, kind: str, entries: list[str], file: ProjectFile, item: ItemElement, doubt: Unknown | None
    ) -> None:
        """Files that the SDK has made items of, as far as an `Update` names them."""
        if kind not in ("none", "content", "embeddedresource"):
            return
        folder = self.properties.project.folder
        present = {normalized(unescape(each.include), folder).lower() for each in self.lists[kind]}
        for entry in entries:
            if "@(" in entry:
                continue
            found = matching_files(unescape(entry), folder, self.properties.files)
            if isinstance(found, Unknown) or not found:
                self._unmatched(kind, entry)
                continue
            for path in found:
                inside = path.startswith(f"{folder}/")
                if inside and path.lower() not in present and not is_build_output(path, folder):
                    self.lists[kind].append(WorkingItem(escape(relative(path, folder)), file, item.element, doubt))

    def _update(self, item: ItemElement, named: Specification, file: ProjectFile, doubt: Unknown | None) -> None:
        items = self.lists[item.key]
        if self._is_too_much(item.key, len(items)):
            return
        for each in items:
            if each.include in named:
                for metadata in item.metadata:
                    self._set(each, metadata, source_of(metadata, item.element, file), doubt)

    def _remove(self, kind: str, named: Specification, doubt: Unknown | None) -> None:
        items = self.lists[kind]
        if self._is_too_much(kind, len(items)):
            return
        if doubt is None:
            self.lists[kind] = [each for each in items if each.include not in named]
            return
        for each in items:
            if each.include in named:
                each.doubt = each.doubt or doubt

    def _is_too_much(self, kind: str, count: int) -> bool:
        self._compared += count
        if self._compared > MOST_COMPARISONS:
            self.unknown.setdefault(kind.lower(), Unknown("there are too many items"))
        return self._compared > MOST_COMPARISONS

    def _set(self, item: WorkingItem, metadata: Metadata, source: SourcePlace, doubt: Unknown | None) -> None:
        text = metadata.value
        if doubt is None and not metadata.condition and "(" not in text:
            # Nothing in it is expanded.
            known = item.metadata.get(metadata.key)
            item.metadata[metadata.key] = (metadata.name if known is None else known[0], text)
            item.sources[metadata.key] = source
            return
        self._subject = item
        try:
            if metadata.condition:
                outcome = holds(metadata.condition, self, self.properties.project.folder)
                if outcome is False:
                    return
                doubt = doubt or (outcome if isinstance(outcome, Unknown) else None)
            value: str | Unknown = text
            if "%(" in text and "@(" not in text:
                # Metadata come before properties: a function may be about them.
                value = self.expand_items(text)
            if isinstance(value, str) and "$(" in value:
                value = expand(value, self)
            if isinstance(value, str) and "@(" in value:
                value = self.expand_items(value)
        finally:
            self._subject = None
        if not isinstance(value, Unknown):
            self._size += len(value)
            if self._size > LARGEST_METADATA:
                value = Unknown(f"the metadata have more than {LARGEST_METADATA:,} characters together")
        if doubt is not None:
            if item.metadata.get(metadata.key, ("", ""))[1] == value:
                return
            value = doubt
        name = item.metadata[metadata.key][0] if metadata.key in item.metadata else metadata.name
        item.metadata[metadata.key] = (name, value)
        item.sources[metadata.key] = source

    def _implicit(self, rule: str) -> None:
        if rule == "global package references":
            add_global_references(self.lists, self.properties)
        elif "packagereference" in self.lists:
            self.lists["packagereference"] += framework_packages(self.properties)


def _is_no_definition(recorded: Recorded) -> bool:
    return not (isinstance(recorded, RecordedGroup) and recorded.group.definitions)


def _implied(kinds: set[str]) -> set[str]:
    return {"globalpackagereference"} if kinds & {"packagereference", "packageversion"} else set()
