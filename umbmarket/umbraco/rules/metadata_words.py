"""How a help speaks of the metadata: in the properties of a project, or in the elements of a nuspec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from umbmarket.findings import visible

if TYPE_CHECKING:
    from umbmarket.umbraco.facts import PackageFacts

_PROPERTIES = {
    "authors": "Authors",
    "description": "Description",
    "icon": "PackageIcon",
    "projectUrl": "PackageProjectUrl",
    "readme": "PackageReadmeFile",
    "tags": "PackageTags",
    "title": "Title",
}


def element_to_set(facts: PackageFacts, element: str) -> str:
    """What to set where: `<Title> in the project`, or `<title> in the nuspec`."""
    if facts.document.is_nuspec:
        return f"<{element}> in the nuspec"
    return f"<{_PROPERTIES[element]}> in the project"


def element_to_add(facts: PackageFacts, element: str, value: str) -> str:
    """What to add to what: an element with its value."""
    if facts.document.is_nuspec:
        return f"<{element}>{value}</{element}> to the nuspec"
    name = _PROPERTIES[element]
    return f"<{name}>{value}</{name}> to the project"


def file_to_add(facts: PackageFacts, element: str, name: str) -> str:
    """What to add to what, so that a file is packed into the root and named by an element."""
    if facts.document.is_nuspec:
        return f'<{element}>{name}</{element}> and <file src="path/to/{name}" target="" /> to the nuspec'
    property_ = _PROPERTIES[element]
    return f"<{property_}>{name}</{property_}> and {packing(name)} to the project"


def packing(path: str) -> str:
    """The item that packs a file to a path of the package; where the file lies nobody knows."""
    folder, slash, name = visible(path.strip().replace("\\", "/")).rpartition("/")
    return f'<None Include="path/to/{name}" Pack="true" PackagePath="{folder}{slash}" />'
