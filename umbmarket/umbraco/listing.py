"""A listing: one `umbraco-marketplace*.json` file, read tolerantly, with a position for everything in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, Literal

from umbmarket.findings import JsonValue, Place, Region, Span
from umbmarket.formats.guarded import guarded
from umbmarket.formats.json.edits import JsonEdits
from umbmarket.formats.json.tree import JsonTree, join, unescape
from umbmarket.formats.source import SourceText
from umbmarket.umbraco.file_names import LISTING_STEM

LARGEST_LISTING = 1024 * 1024
"""Bytes: the longest text the schema allows is some 30,000 characters, so 1 MiB is far beyond any listing."""

_CONTAINERS = (dict, list)

_SUFFIXED = re.compile(rf"{LISTING_STEM}-(?P<id>.+)\.json", re.IGNORECASE)


@lru_cache(maxsize=256)
def _tokens(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])


class Absent:
    """The one value that no JSON has: nothing is there."""

    def __bool__(self) -> bool:
        return False


ABSENT: Final = Absent()


class Listing:
    """One listing file.

    Attributes:
        path: as shown to the user.
        file_name: the last part of the path, in the letter case of the disk.
        source: the text; empty when `unreadable`.
        tree: its reading.
        unreadable: why the bytes could not be had, in words; None when they could.
        parsed: how well it could be read: as JSON in UTF-8, by guessing what was meant, or not at all.
        is_object: the root is an object, so that there are keys to look at.
        value: the root object; empty when the root is something else.
        symbols: for a listing in the source of a `dotnet new` template what the template engine replaces in it; None
            for any other. Texts that hold one are nobody's texts yet, and no rule is shown them.
    """

    kind: Literal["listing"] = "listing"

    def __init__(
        self, path: str, data: bytes, *, unreadable: str | None = None, symbols: tuple[str, ...] | None = None
    ) -> None:
        """`path` uses forward slashes; `data` is the file as it lies on disk. Never raises."""
        self.path = path
        self.symbols = symbols
        self.file_name = path.rpartition("/")[2]
        self.unreadable = unreadable
        if unreadable is None and len(data) > LARGEST_LISTING:
            # How long it is, the caller knows at most: it need not read more than is too much.
            self.unreadable = f"it is longer than the limit of {LARGEST_LISTING:,} bytes"
            data = b""
        self.source = SourceText(data)
        self.tree = JsonTree(self.source.text if self.source.readable else "")
        self.parsed = self._parsed()
        root = self.tree.value
        self.is_object = self.parsed != "no" and isinstance(root, dict)
        self.value: dict[str, JsonValue] = root if self.is_object and isinstance(root, dict) else {}
        self._texts: dict[tuple[str, ...], Sequence[tuple[str, str]]] = {}

    def _parsed(self) -> Literal["strict", "tolerant", "no"]:
        if self.unreadable is not None or not self.source.readable:
            return "no"
        if self.source.problem is not None and self.tree.parsed == "strict":
            return "tolerant"
        return self.tree.parsed

    @property
    def faults(self) -> int:
        """How many things make it no JSON object in UTF-8, as far as they are counted."""
        return len(self.tree.problems) + (self.source.problem is not None) + (not self.is_object)

    @property
    def intact(self) -> bool:
        """What `value` lacks is really absent from the file: the tolerant reader passed over nothing."""
        return self.is_object and self.tree.intact and self.tree.deep_at is None

    @property
    def has_listing_keys(self) -> bool:
        """It is an object with a key that a listing may have: what a file of any other name needs to be taken for one.

        Such keys are spelled `Title`, while other JSON files begin theirs in lower case.
        """
        from umbmarket.umbraco.vocabulary import known_keys

        # Files of many kinds name their schema.
        return not (set(known_keys("listing")) - {"$schema"}).isdisjoint(self.value)

    @property
    def is_schema(self) -> bool:
        """It is a JSON schema, such as a copy of the published one, and no listing."""
        has_types = isinstance(self.value.get("properties"), dict) or "$defs" in self.value
        return has_types and not self.has_listing_keys

    def is_symbolic(self, text: str) -> bool:
        """Whether the template engine will replace a part of a text of this file."""
        return self.symbols is not None and any(symbol in text for symbol in self.symbols)

    @property
    def suffix(self) -> str | None:
        """The package id in the file name, `my.package` of `umbraco-marketplace-my.package.json`, or None."""
        match = _SUFFIXED.fullmatch(self.file_name)
        return match["id"] if match and not self.is_symbolic(match["id"]) else None

    @cached_property
    def edits(self) -> JsonEdits:
        """Makes byte-range edits of this file."""
        return JsonEdits(self.source, self.tree)

    def member_of(self, place: Place) -> str | None:
        """None: a file is no archive."""
        return None

    def source_of(self, place: Place) -> SourceText | None:
        """The text of the file."""
        return self.source

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of `place`; None when there is nothing there."""
        if self.unreadable is not None:
            return None
        span = self.tree.span(place)
        return self.source.region(span) if span is not None else None

    def get(self, pointer: str) -> JsonValue | Absent:
        """The value at a plain pointer (no escapes), or `ABSENT`."""
        value: JsonValue | Absent = self.value
        for token in _tokens(pointer):
            if isinstance(value, dict):
                value = value.get(token, ABSENT)
            elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
                value = value[int(token)]
            else:
                return ABSENT
        return value

    def at(self, pointer: str) -> JsonValue:
        """The value at a JSON Pointer of the tree, escapes included; None also when there is none."""
        value = self.tree.value
        for token in pointer.split("/")[1:]:
            key = unescape(token)
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
                value = value[int(key)]
            else:
                return None
        return value

    @property
    def opening(self) -> Place:
        """The brace that opens the listing: where a finding stands that is about the listing as a whole."""
        root = self.tree.member("")
        start = root.start if root else 0
        return Place(span=Span(start, start + 1))

    def each(self, pattern: str) -> Iterator[tuple[str, JsonValue]]:
        """Pointer and value of everything that `pattern` names; `*` stands for every item of a list.

        `/Screenshots/*/ImageUrl` gives the image address of each screenshot that has one.
        """
        found: list[tuple[str, JsonValue]] = [("", self.value)]
        for token in _tokens(pattern):
            below: list[tuple[str, JsonValue]] = []
            for pointer, value in found:
                if token == "*":
                    if isinstance(value, list):
                        below.extend((join(pointer, number), item) for number, item in enumerate(value))
                elif isinstance(value, dict) and token in value:
                    below.append((join(pointer, token), value[token]))
            if not below:
                return
            found = below
        yield from found

    @cached_property
    def all_texts(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Every text in the listing by its pattern (`*` for the index of a list): pointers and texts, in file order."""
        found: dict[str, list[tuple[str, str]]] = {}
        waiting: list[tuple[str, str, JsonValue]] = [("", "", self.value)]
        while waiting:
            pattern, pointer, value = waiting.pop()
            below: list[tuple[str, str, JsonValue]] = []
            if isinstance(value, dict):
                in_list = pattern is not pointer
                for key, child in value.items():
                    token = "/" + key if key.isalnum() else join("", key)
                    path = pattern + token
                    if isinstance(child, str):
                        if in_list:
                            found.setdefault(path, []).append((pointer + token, child))
                        else:
                            found[path] = [(path, child)]
                    elif isinstance(child, _CONTAINERS):
                        below.append((path, pointer + token if in_list else path, child))
            elif isinstance(value, list):
                items = pattern + "/*"
                texts = []
                for number, child in enumerate(value):
                    if isinstance(child, str):
                        texts.append((f"{pointer}/{number}", child))
                    elif isinstance(child, _CONTAINERS):
                        below.append((items, f"{pointer}/{number}", child))
                if texts:
                    found.setdefault(items, []).extend(texts)
            if below:
                below.reverse()
                waiting += below
        return found if not self.symbols else self._without_symbols(found)

    def _without_symbols(self, found: dict[str, list[tuple[str, str]]]) -> dict[str, list[tuple[str, str]]]:
        kept = {
            pattern: [(pointer, text) for pointer, text in texts if not self.is_symbolic(text)]
            for pattern, texts in found.items()
        }
        return {pattern: texts for pattern, texts in kept.items() if texts}

    def texts(self, *patterns: str) -> Sequence[tuple[str, str]]:
        """Pointer and text of every string that one of `patterns` names, pattern by pattern; see `each`."""
        found = self._texts.get(patterns)
        if found is None:
            known = self.all_texts
            found = [each for pattern in patterns if pattern in known for each in known[pattern]]
            # Several rules ask for the same.
            self._texts[patterns] = found
        return found

    @cached_property
    def odd_texts(self) -> Sequence[tuple[str, str]]:
        """Pointer and text of every string that has white space at an end, other characters than ASCII, or nothing.

        Nearly all strings have none of it, so that rules about characters need not look at them.
        """
        return [
            each
            for texts in self.all_texts.values()
            for each in texts
            if not ((text := each[1]) and text.isascii() and text.strip() == text)
        ]


def read_listing(
    path: str, data: bytes, problem: str | None = None, *, symbols: tuple[str, ...] | None = None
) -> Listing:
    """The listing in a file or an answer; where a reader of ours breaks on it, one that cannot be read.

    Args:
        path: as shown to the user.
        data: the bytes.
        problem: why there are none, in words; None where they were read.
        symbols: as for `Listing`.
    """
    return guarded(
        lambda: Listing(path, data, unreadable=problem, symbols=symbols),
        lambda reason: Listing(path, b"", unreadable=reason),
    )
