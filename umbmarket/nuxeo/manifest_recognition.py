"""Which files are Nuxeo's: told by the first tag of a `package.xml`, never by a name alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from umbmarket.check.marketplace import Recognised
from umbmarket.disk.files import read_start

MANIFEST_KIND = "Nuxeo package"
"""What a package is called in summaries and reports."""

_MANIFEST = "package.xml"
_HEAD = 65_536
"""Bytes in which the first tag of a manifest is looked for: some have a long licence in front."""

_FIRST_TAG = re.compile(
    r"\s*+(?:<\?(?:[^?]|\?(?!>))*+\?>\s*+|<!--(?:[^-]|-(?!->))*+-->\s*+|<!DOCTYPE[^\[>]*+(?:\[[^\]]*+\])?+[^>]*+>\s*+)*+"
    r"<(?P<name>[^\s/<>!?]++)(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)/?>"
)
_ATTRIBUTE = re.compile(r"\s(?P<name>[^\s=\"'<>/]++)\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)')")

Verdict = Literal["nuxeo", "foreign", "unknown"]

_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


class _Tag:
    """The first tag of a text, with what `foreign_product` asks of an element."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self._attributes = attributes
        self.children: tuple[_Tag, ...] = ()

    def get(self, attribute: str) -> str | None:
        return self._attributes.get(attribute)


def foreign_product(root: object) -> str | None:
    """Which other product a manifest with this root is of, as a noun; None where it may be Nuxeo's.

    Args:
        root: the root, a `MarkupElement`, or the first tag of a text.
    """
    name, get = getattr(root, "name", ""), getattr(root, "get", lambda _: None)
    if name == "umbPackage":
        return "an Umbraco package (<umbPackage>)"
    if name == "installation":
        return "an IzPack installer (<installation>)"
    if name != "package" or get("name") is not None:
        return None
    if "pear.php.net" in (get("xmlns") or "") or get("packagerversion") is not None:
        return "a PEAR package"
    children = {child.name for child in getattr(root, "children", ())}
    if get("format") is not None or "buildtool_depend" in children or "maintainer" in children:
        return "a ROS package"
    if children & {"channel", "summary", "release", "maintainers", "filelist"} and "name" in children:
        return "a PEAR package"
    if "metadata" in children:
        return "a NuGet package (<metadata>)"
    return None


def verdict_of(data: bytes) -> Verdict:
    """What the beginning of a `package.xml` says: Nuxeo's where its first tag is `package` with a `name`."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    match = _FIRST_TAG.match(text)
    if match is None:
        return "unknown"
    values = {
        each["name"]: each["double"] if each["double"] is not None else each["single"]
        for each in _ATTRIBUTE.finditer(match["rest"])
    }
    tag = _Tag(match["name"], values)
    if tag.name == "package" and tag.get("name") is not None and tag.get("format") is None:
        return "nuxeo"
    return "foreign" if foreign_product(tag) is not None or tag.name != "package" else "unknown"


def verdict_at(path: str) -> Verdict:
    """The same of the file at an absolute path. Never raises."""
    head = read_start(path, _HEAD)
    return "unknown" if head is None else verdict_of(head)


class NuxeoFiles:
    """Tells packages by the `package.xml` in their folder."""

    def recognises(self, folder: str, names: Sequence[str], *, is_explicit: bool = False) -> Iterator[Recognised]:
        """The manifest among the files of a folder. ZIPs are looked at only where they are named.

        Args:
            folder: absolute path.
            names: of all files in it.
            is_explicit: a manifest that may be Nuxeo's, but for a mistake in it, counts as well.
        """
        if _MANIFEST in names:
            # Late, and by hand: of a folder without a manifest nothing more is asked.
            import os

            verdict = verdict_at(os.path.join(folder, _MANIFEST))
            if verdict == "nuxeo" or (is_explicit and verdict == "unknown"):
                yield Recognised(_MANIFEST, MANIFEST_KIND)


NUXEO_FILES: Final = NuxeoFiles()
"""The one object of its kind: it holds nothing."""
