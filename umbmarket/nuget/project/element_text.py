"""What an element says, as MSBuild takes it: text without comments, or the markup in it as text.

Source: dotnet/msbuild, Utilities.GetXmlNodeInnerContents; vectors prop-22 to prop-25.
"""

from __future__ import annotations

from umbmarket.formats.xml.elements import attributes_of
from umbmarket.formats.xml.white_space import is_blank
from umbmarket.formats.xml.writing import escaped, quoted
from umbmarket.nuget.project.project_files import Element, ProjectFile


def content(element: Element, file: ProjectFile) -> str:
    """What an element says: its text without comments, or the markup in it as text."""
    text = element.text
    if not len(element):
        if text is None or is_blank(text):
            return ""
        return file.text_of(element) if file.has_cdata else str(text)
    if any(isinstance(child.tag, str) for child in element):
        return _inner_markup(element)
    if file.has_cdata:
        return file.text_of(element)
    parts = [text, *(child.tail for child in element)]
    return "".join(part for part in parts if part is not None and not is_blank(part))


def _inner_markup(element: Element) -> str:
    """The markup inside an element as .NET's `XmlNode.InnerXml` writes it."""
    pieces = [escaped(element.text)] if element.text and not is_blank(element.text) else []
    waiting: list[Element | str] = list(reversed(element))
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        tail = escaped(node.tail) if node.tail and not is_blank(node.tail) else ""
        if not isinstance(node.tag, str):
            comment = str(node).strip()
            pieces.append(comment + tail)
            continue
        name = node.tag.rpartition("}")[2]
        attributes = "".join(f" {key}={quoted(value)}" for key, value in attributes_of(node))
        text = escaped(node.text) if node.text and not is_blank(node.text) else ""
        if not len(node) and not text:
            pieces.append(f"<{name}{attributes} />{tail}")
            continue
        pieces.append(f"<{name}{attributes}>{text}")
        waiting.append(f"</{name}>{tail}")
        waiting.extend(reversed(node))
    return "".join(pieces)
