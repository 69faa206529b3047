"""What stands in a project file, read once into plain values; what MSBuild refuses in its structure.

Source: dotnet/msbuild, ProjectParser, XMakeElements, XMakeAttributes and Utilities.GetXmlNodeInnerContents; vectors
prop-22 to prop-25, prop-33 to prop-37, prop-51 to prop-53, prop-59, item-06, item-39, choose-08 and import-36.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from umbmarket.formats.xml.elements import attributes_of
from umbmarket.formats.xml.white_space import is_blank
from umbmarket.nuget.project.element_text import content
from umbmarket.nuget.project.project_files import Element, ProjectFile
from umbmarket.nuget.project.unknown import ProjectRefused

NAMESPACE = "http://schemas.microsoft.com/developer/msbuild/2003"
"""The only namespace beside none (MSB4041)."""

_PREFIX = f"{{{NAMESPACE}}}"
_GROUP_ATTRIBUTES = frozenset({"Condition", "Label"})
_IMPORT_ATTRIBUTES = frozenset({"Project", "Condition", "Label", "Sdk", "Version", "MinimumVersion"})
_ITEM_ATTRIBUTES = frozenset(
    {
        "Include",
        "Exclude",
        "Remove",
        "Update",
        "Condition",
        "Label",
        "KeepMetadata",
        "RemoveMetadata",
        "KeepDuplicates",
        "MatchOnMetadata",
        "MatchOnMetadataOptions",
    }
)
_NOT_METADATA = {name.lower() for name in _ITEM_ATTRIBUTES}
_IGNORED = frozenset({"ProjectExtensions", "UsingTask"})
_RESERVED_ELEMENTS = frozenset(
    {
        "VisualStudioProject",
        "Target",
        "PropertyGroup",
        "Output",
        "ItemGroup",
        "UsingTask",
        "ProjectExtensions",
        "OnError",
        "ImportGroup",
        "Choose",
        "When",
        "Otherwise",
    }
)
RESERVED_PROPERTIES = frozenset(
    f"msbuild{name}"
    for name in (
        "projectdirectory",
        "projectdirectorynoroot",
        "projectfile",
        "projectfullpath",
        "projectextension",
        "projectname",
        "thisfile",
        "thisfiledirectory",
        "thisfiledirectorynoroot",
        "thisfilefullpath",
        "thisfileextension",
        "thisfilename",
        "projectdefaulttargets",
        "binpath",
        "startupdirectory",
        "nodecount",
        "lasttaskresult",
        "assemblyversion",
        "version",
        "interactive",
        "disablefeaturesfromversion",
    )
)
"""Properties that no file may set (MSB4004; ReservedPropertyNames)."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Property(NamedTuple):
    """`<Name Condition="...">value</Name>`; `key` is the name in lower case."""

    key: str
    name: str
    value: str
    condition: str
    element: Element


class Metadata(NamedTuple):
    """One metadata value of an item, from an attribute or a child element."""

    key: str
    name: str
    value: str
    condition: str
    element: Element


class ItemElement(NamedTuple):
    """One element of an item group; `key` is its kind in lower case.

    Attributes:
        plain: what it includes, where that is one item and nothing in the element has to be evaluated; else empty.
    """

    key: str
    kind: str
    include: str
    exclude: str
    remove: str
    update: str
    condition: str
    metadata: tuple[Metadata, ...]
    special: bool
    plain: str
    element: Element


class PropertyGroup(NamedTuple):
    """`<PropertyGroup>`."""

    condition: str
    properties: list[Property]
    element: Element


class ItemGroup(NamedTuple):
    """`<ItemGroup>`, or `<ItemDefinitionGroup>` when `definitions`."""

    condition: str
    items: list[ItemElement]
    definitions: bool
    element: Element


class Import(NamedTuple):
    """`<Import>`; `sdk` where the file is one of an SDK's."""

    project: str
    sdk: str
    condition: str
    element: Element


class ImportGroup(NamedTuple):
    """`<ImportGroup>`."""

    condition: str
    imports: list[Import]
    element: Element


class Branch(NamedTuple):
    """`<When>`, or `<Otherwise>` with an empty condition."""

    condition: str
    statements: list[Statement]
    element: Element


class Choose(NamedTuple):
    """`<Choose>`."""

    branches: list[Branch]
    element: Element


Statement = PropertyGroup | ItemGroup | Import | ImportGroup | Choose


class Construction(NamedTuple):
    """What a file says.

    Attributes:
        sdks: from the `Sdk` attribute of the project and `<Sdk>` elements.
        statements: in their order.
        targets: the `<Target>` elements, which nothing is evaluated of.
        local_properties: names, in lower case, that may override global properties (`TreatAsLocalProperty`).
        refusal: the first thing that MSBuild refuses, and where; None when it refuses nothing.
    """

    sdks: tuple[str, ...]
    statements: list[Statement]
    targets: list[Element]
    local_properties: frozenset[str]
    refusal: tuple[ProjectRefused, Element] | None


class _Stop(Exception):
    def __init__(self, code: str, detail: str, element: Element) -> None:
        super().__init__(code)
        self.refusal = ProjectRefused(code, detail), element


def construct(file: ProjectFile) -> Construction:
    """Read a file that is well-formed; never raises."""
    root: Element = file.root
    sdks: list[str] = []
    statements: list[Statement] = []
    targets: list[Element] = []
    refusal = None
    local: frozenset[str] = frozenset()
    try:
        tag = root.tag
        if tag.rpartition("}")[2] != "Project":
            raise _Stop("MSB4068", f"the element <{tag.rpartition('}')[2][:60]}> is not <Project>", root)
        if tag[0] == "{" and not tag.startswith(_PREFIX):
            raise _Stop("MSB4041", f"the namespace is not {NAMESPACE}", root)
        attributes = root.attrib
        sdks += [part for text in attributes.get("Sdk", "").split(";") if (part := text.strip())]
        if attributes.get("TreatAsLocalProperty"):
            local = frozenset(name.strip().lower() for name in attributes["TreatAsLocalProperty"].split(";"))
        _read_project(file, root, sdks, statements, targets)
    except _Stop as stop:
        refusal = stop.refusal
    return Construction(tuple(sdks), statements, targets, local, refusal)


def _children(parent: Element) -> list[tuple[str, Element]]:
    """Child elements with their names; text between them is refused."""
    found = []
    text = parent.text
    stray = text is not None and not is_blank(text)
    for child in parent:
        tag = child.tag
        if type(tag) is str:
            found.append((_local(tag, child) if tag[0] == "{" else tag, child))
        tail = child.tail
        if tail is not None and not is_blank(tail):
            stray = True
    if stray:
        raise _Stop("MSB4067", f"text is not allowed in <{parent.tag.rpartition('}')[2]}>", parent)
    return found


def _local(tag: str, child: Element) -> str:
    """The name without MSBuild's namespace; another one is refused."""
    if not tag.startswith(_PREFIX):
        raise _Stop("MSB4067", f"the namespace of <{tag.rpartition('}')[2][:60]}> is not MSBuild's", child)
    return tag[len(_PREFIX) :]


def _condition(element: Element, name: str, allowed: frozenset[str] = _GROUP_ATTRIBUTES) -> str:
    """The condition of an element that may have these attributes alone."""
    condition = ""
    for attribute, value in attributes_of(element):
        if attribute == "Condition":
            condition = value
        elif attribute not in allowed:
            raise _Stop("MSB4066", f"the attribute {attribute[:60]} of <{name[:60]}> is not known", element)
    return condition


def _read_project(
    file: ProjectFile, root: Element, sdks: list[str], statements: list[Statement], targets: list[Element]
) -> None:
    for name, child in _children(root):
        if name == "Target":
            if not child.get("Name"):
                raise _Stop("MSB4035", "a <Target> has no Name", child)
            targets.append(child)
        elif name == "Sdk":
            if not child.get("Name"):
                raise _Stop("MSB4035", "an <Sdk> has no Name", child)
            version = child.get("Version")
            sdks.append(f"{child.get('Name')}/{version}" if version else child.get("Name"))
        elif name == "ItemDefinitionGroup":
            statements.append(_item_group(child, name, file))
        elif name not in _IGNORED:
            statements.append(_statement(name, child, root, file))


def _statement(name: str, child: Element, parent: Element, file: ProjectFile, depth: int = 0) -> Statement:
    if name == "PropertyGroup":
        return PropertyGroup(_condition(child, name), _properties(child, file), child)
    if name == "ItemGroup":
        return _item_group(child, name, file)
    if name == "Choose":
        return _choose(child, file, depth)
    if name == "Import" and not depth:
        return _import(child)
    if name == "ImportGroup" and not depth:
        imports = []
        for inner_name, inner in _children(child):
            if inner_name != "Import":
                raise _unrecognized(inner_name, inner, child)
            imports.append(_import(inner))
        return ImportGroup(_condition(child, name), imports, child)
    raise _unrecognized(name, child, parent)


def _unrecognized(name: str, child: Element, parent: Element) -> _Stop:
    beneath = parent.tag.rpartition("}")[2]
    return _Stop("MSB4067", f"the element <{name[:60]}> in <{beneath[:60]}> is not known", child)


def _properties(group: Element, file: ProjectFile) -> list[Property]:
    found = []
    has_cdata = file.has_cdata
    for name, child in _children(group):
        key = _KEYS.get(name) or _key(name, child)
        text = child.text
        if has_cdata or len(child):
            text = content(child, file)
        elif text is None or is_blank(text):
            text = ""
        condition = _condition(child, name) if child.keys() else ""
        found.append(made(Property, (key, name, text, condition, child)))
    return found


made = tuple.__new__
"""Makes a named tuple of its values. Calling the class does the same in three times the time, and a project is made of
little else."""


_KEYS: dict[str, str] = {}
"""Names of properties that were found to be allowed, with their lower-case form: projects have the same ones."""

_MOST_KEYS = 5_000


def _key(name: str, element: Element) -> str:
    """The lower-case name of a property that may be set; another one is refused."""
    key = name.lower()
    if key in RESERVED_PROPERTIES or name in _RESERVED_ELEMENTS:
        raise _Stop("MSB4004", f"the property {name[:60]} is reserved", element)
    if not _NAME.fullmatch(name):
        raise _Stop("MSB5016", f"the name {name[:60]} has a character that is not allowed in names", element)
    if len(_KEYS) < _MOST_KEYS and len(name) < 100:
        _KEYS[name] = key
    return key


def _item_group(group: Element, name: str, file: ProjectFile) -> ItemGroup:
    definitions = name == "ItemDefinitionGroup"
    condition = _condition(group, name)
    return ItemGroup(
        condition, [_item(kind, child, definitions, file) for kind, child in _children(group)], definitions, group
    )


def _item(kind: str, element: Element, is_definition: bool, file: ProjectFile) -> ItemElement:
    include = update = remove = None
    exclude = condition = unknown = ""
    metadata: list[Metadata] = []
    special = False
    is_plain = True
    for name, value in attributes_of(element):
        if name == "Include":
            include = value
        elif name == "Condition":
            condition = value
        elif name == "Update":
            update = value
        elif name == "Remove":
            remove = value
        elif name == "Exclude":
            exclude = value
        elif name in _ITEM_ATTRIBUTES:
            special = special or name != "Label"
        elif (key := name.lower()) not in _NOT_METADATA or is_definition:
            metadata.append(made(Metadata, (key, name, value, "", element)))
            is_plain = is_plain and "(" not in value
        else:
            unknown = unknown or name
    if unknown:
        if unknown.lower() in ("include", "update", "remove") and include is update is remove is None:
            raise _Stop("MSB4232", f"<{kind[:60]}> has neither Include nor Update nor Remove", element)
        raise _Stop("MSB4066", f"the attribute {unknown[:60]} of <{kind[:60]}> is not known", element)
    includes_alone = include and update is remove is None
    if not is_definition and not includes_alone:
        _check_operation(kind, include, update, remove, exclude, element)
    text = element.text
    if len(element) or (text is not None and not is_blank(text)):
        for name, child in _children(element):
            value, metadata_condition = content(child, file), _condition(child, name)
            metadata.append(Metadata(name.lower(), name, value, metadata_condition, child))
            is_plain = is_plain and not metadata_condition and "(" not in value
    plain = ""
    if include and includes_alone and is_plain and not (exclude or condition or special):
        is_set_once = len(metadata) < 2 or len({each.key for each in metadata}) == len(metadata)
        plain = _one_item(include) if is_set_once else ""
    values = include or "", exclude, remove or "", update or "", condition, tuple(metadata), special, plain, element
    return made(ItemElement, (kind.lower(), kind, *values))


def _one_item(include: str) -> str:
    """What is included, where that is one item by its name; else empty."""
    if "(" in include or ";" in include or "*" in include or "?" in include:
        return ""
    return include.strip().replace("\\", "/")


def _check_operation(
    kind: str, include: str | None, update: str | None, remove: str | None, exclude: str, element: Element
) -> None:
    """Refuse an item that has none of the three operations, more than one, or an empty one."""
    written = {"Include": include, "Update": update, "Remove": remove}
    given = {name: text for name, text in written.items() if text is not None}
    if len(given) > 1:
        raise _Stop("MSB4111", f"<{kind[:60]}> has more than one of Include, Update and Remove", element)
    if not given:
        raise _Stop("MSB4232", f"<{kind[:60]}> has neither Include nor Update nor Remove", element)
    for name, text in given.items():
        if not text:
            raise _Stop("MSB4035", f"the {name} of <{kind[:60]}> is empty", element)
    if exclude and include is None:
        raise _Stop("MSB4066", f"the attribute Exclude of <{kind[:60]}> needs Include", element)


def _import(element: Element) -> Import:
    condition = _condition(element, "Import", _IMPORT_ATTRIBUTES)
    attributes = element.attrib
    project = attributes.get("Project")
    if not project:
        raise _Stop("MSB4035", "an <Import> has no Project", element)
    return Import(project, attributes.get("Sdk", ""), condition, element)


def _choose(element: Element, file: ProjectFile, depth: int) -> Choose:
    if depth > 40:
        raise _Stop("MSB4114", "<Choose> elements are nested too deeply", element)
    for attribute in element.attrib:
        if attribute != "Label":
            raise _Stop("MSB4066", f"the attribute {attribute[:60]} of <Choose> is not known", element)
    branches: list[Branch] = []
    for name, child in _children(element):
        if name not in ("When", "Otherwise"):
            raise _unrecognized(name, child, element)
        condition = ""
        if name == "When":
            condition = _condition(child, name)
            if not condition:
                raise _Stop("MSB4035", "a <When> has no Condition", child)
        inner = [_statement(each, grandchild, child, file, depth + 1) for each, grandchild in _children(child)]
        branches.append(Branch(condition, inner, child))
    return Choose(branches, element)
